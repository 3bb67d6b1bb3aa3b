import { connect, createServer } from 'node:net'
import t from 'tap'
import { ALLOWED_PORTS, createAddressPolicy, isIpLiteral, portAllowed } from '../../src/net/address-policy.js'
import { classifyError, NetError, TIMED_OUT, UNREACHABLE } from '../../src/net/classify-error.js'
import { failure } from '../../src/domain/errors.js'

/** First and last address of each range, and its public neighbours, written from the IANA registries (R8). */
const REFUSED: Record<string, readonly string[]> = {
  'this network': ['0.0.0.0', '0.255.255.255'],
  private: ['10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.0', '192.168.255.255'],
  'carrier-grade NAT': ['100.64.0.0', '100.127.255.255', '100.100.100.200'],
  loopback: ['127.0.0.1', '127.0.0.0', '127.255.255.255', '::1'],
  'link-local': ['169.254.0.0', '169.254.255.255', 'fe80::', 'fe80::1', 'febf:ffff::1'],
  metadata: ['169.254.169.254', 'fd00:ec2::254', '168.63.129.16', '192.0.0.192'],
  'protocol assignments': [
    '192.0.0.0',
    '192.0.0.8',
    '192.0.0.255',
    '2001::',
    '2001:1::1',
    '2001:1ff:ffff::1',
  ],
  documentation: [
    '192.0.2.0',
    '192.0.2.255',
    '198.51.100.7',
    '203.0.113.7',
    '2001:db8::1',
    '3fff::1',
    '3fff:fff::1',
  ],
  AS112: ['192.31.196.1', '192.175.48.255', '2620:4f:8000::1', '2001:4:112::1'],
  AMT: ['192.52.193.1', '2001:3::1'],
  '6to4 relay': ['192.88.99.0', '192.88.99.255'],
  benchmarking: ['198.18.0.0', '198.19.255.255', '2001:2::1'],
  multicast: ['224.0.0.0', '224.0.0.251', '239.255.255.255', 'ff00::', 'ff02::1', 'ffff::1'],
  reserved: ['240.0.0.0', '255.255.255.254', '4000::1', '8000::1', 'e000::1', '1fff:ffff::1'],
  broadcast: ['255.255.255.255'],
  unspecified: ['::', '0:0:0:0:0:0:0:0'],
  'unique local': ['fc00::1', 'fdff:ffff::1'],
  'site-local': ['fec0::1', 'feff::1'],
  discard: ['100::1', '100:0:0:1::1'],
  ORCHID: ['2001:10::1', '2001:20::1', '2001:30::1'],
  SRv6: ['5f00::1'],
  '6bone': ['3ffe::1'],
  'IPv4-mapped, even of public addresses': [
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::FFFF:0808:0808',
    '::ffff:0:8.8.8.8',
  ],
  'IPv4-compatible': ['::127.0.0.1', '::8.8.8.8', '::808:808'],
  '6to4': ['2002:7f00:1::', '2002:808:808::1'],
  Teredo: ['2001:0:7f00:1::', '2001:0:ffff::1'],
  NAT64: ['64:ff9b::8.8.8.8', '64:ff9b::7f00:1', '64:ff9b:1::1', '64:ff9b:1:ffff::a00:1'],
  ISATAP: ['2600::5efe:127.0.0.1', '2600::200:5efe:8.8.8.8', '2a00:1450::0:5efe:a00:1'],
  'zone ids': ['fe80::1%eth0', '2606:4700::1%1'],
  'no plain address': [
    '',
    'localhost',
    '127.1',
    '2130706433',
    '0x7f000001',
    '017700000001',
    '0177.0.0.1',
    '8.8.8.8 ',
    '[::1]',
    '8.8.8',
    '1.1.1.1.',
    '::g',
  ],
}

const ALLOWED = [
  ...['1.0.0.0', '1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0'],
  ...['126.255.255.255', '128.0.0.1', '168.63.129.15', '168.63.129.17', '169.253.255.255', '169.255.0.0'],
  ...[
    '172.15.255.255',
    '172.32.0.0',
    '191.255.255.255',
    '192.0.1.0',
    '192.0.3.0',
    '192.88.98.1',
    '192.88.100.1',
  ],
  ...[
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '198.51.99.1',
    '203.0.114.1',
    '223.255.255.255',
  ],
  ...[
    '2000::1',
    '2001:200::1',
    '2001:db7::1',
    '2001:db9::1',
    '2003::1',
    '2400:cb00::1',
    '2606:4700:4700::1111',
  ],
  ...[
    '2620:4f:7fff::1',
    '2620:4f:8001::1',
    '2a00:1450:4001::1b',
    '3ffd::1',
    '2600::5eff:1:1',
    '2600::100:5efe:1:1',
  ],
]

t.test('every special range is refused, its neighbours are not', (t) => {
  const policy = createAddressPolicy({ allowNetworks: [] })
  for (const [range, addresses] of Object.entries(REFUSED)) {
    for (const address of addresses) t.notOk(policy.allows(address), `${range}: ${address}`)
  }
  for (const address of ALLOWED) t.ok(policy.allows(address), address)
  t.end()
})

t.test('networks the operator allows are added, nothing else', (t) => {
  const policy = createAddressPolicy({ allowNetworks: ['127.0.0.0/8', 'fd12::/16', '10.1.2.3/32'] })
  for (const good of ['127.0.0.1', '127.9.9.9', 'fd12::1', '10.1.2.3', '8.8.8.8'])
    t.ok(policy.allows(good), good)
  for (const bad of ['10.1.2.4', 'fd13::1', '::1', '::ffff:127.0.0.1', '127.1', 'fd12::1%lo']) {
    t.notOk(policy.allows(bad), bad)
  }
  t.throws(() => createAddressPolicy({ allowNetworks: ['127.0.0.1'] }))
  t.throws(() => createAddressPolicy({ allowNetworks: ['lab/8'] }))
  t.end()
})

t.test('IP literals in every spelling', (t) => {
  const dotted = [
    '127.0.0.1',
    '127.0.0.1.',
    '127.1',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '127.0.0.0x1',
    '8.8.8.8',
    '1.2.3.4.5',
  ]
  const numbers = ['2130706433', '0x7f000001', '0X7F000001', '017700000001', '0', '0x', '999999999999']
  const unicode = ['１２７.0.0.1', '127。0。0。1', '127．0．0．1', '①②⑦.0.0.1']
  const v6 = ['::1', '[::1]', '[::ffff:127.0.0.1]', 'fe80::1%eth0', '[fe80::1%25eth0]', '[127.0.0.1]', '1::']
  for (const host of [...dotted, ...numbers, ...unicode, ...v6]) t.ok(isIpLiteral(host), host)
  for (const host of [
    'example.de',
    '1.example.de',
    '127.0.0.1.example.de',
    '0x7f.de',
    'imap.1und1.de',
    'a.0xg',
    'localhost',
    '',
  ]) {
    t.notOk(isIpLiteral(host), host)
  }
  t.end()
})

t.test('ports (R9)', (t) => {
  for (const port of [443, 143, 993, 110, 995, 587, 465, 4190]) t.ok(portAllowed(port), `${port}`)
  t.equal(ALLOWED_PORTS.size, 8)
  for (const port of [80, 25, 22, 21, 53, 8080, 6379, 0, -1, 65536, 1.5, NaN])
    t.notOk(portAllowed(port), `${port}`)
  t.ok(portAllowed(80, { httpHint: true }))
  t.notOk(portAllowed(80, { declared: true }))
  t.notOk(portAllowed(8080, { httpHint: true }))
  t.ok(portAllowed(1993, { declared: true }))
  t.notOk(portAllowed(65536, { declared: true }))
  t.notOk(portAllowed(25, { declared: true, httpHint: true }), 'never')
  t.end()
})

/* classify-error */

const coded = (code: string, message = 'secret 10.0.0.1') => Object.assign(new Error(message), { code })

t.test('blocked, refused, reset, closed and unreachable read alike (R11)', (t) => {
  for (const code of [
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'UND_ERR_SOCKET',
  ]) {
    t.equal(classifyError(coded(code)), UNREACHABLE, code)
  }
  // What this machine lacks says nothing about the server: not asked is failed, never absent (R37).
  for (const code of ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL', 'EADDRINUSE', 'ENETDOWN']) {
    t.match(classifyError(coded(code)), { code: 'timeout', detail: /^not asked/ }, code)
  }
  t.equal(classifyError(Object.assign(coded('EODD'), { syscall: 'connect' })), UNREACHABLE)
  t.equal(UNREACHABLE.code, 'unreachable')
  t.end()
})

t.test('other network errors get their code, and never the text of the error', (t) => {
  const cases: [string, string, RegExp][] = [
    ['ETIMEDOUT', 'timeout', /in time/],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout', /in time/],
    ['ENOTFOUND', 'dns', /looked up/],
    ['CERT_HAS_EXPIRED', 'certificate', /expired/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate', /self-signed/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate', /not valid for the host name/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate', /trusted authority/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', /wrong version number/],
    ['EPROTO', 'tls', /protocol error/],
    ['ERR_TLS_HANDSHAKE_TIMEOUT', 'tls', /handshake timeout/],
    ['UND_ERR_HEADERS_OVERFLOW', 'too-large', /header/],
    ['HPE_INVALID_CONSTANT', 'protocol', /protocol/],
  ]
  for (const [code, expected, detail] of cases) {
    const found = classifyError(coded(code))
    t.match(found, { code: expected, detail }, code)
    t.notMatch(found.detail, /secret/)
  }
  const own = failure('redirect', 'a loop')
  t.equal(classifyError(new NetError(own)), own)
  t.equal(new NetError(TIMED_OUT).message, TIMED_OUT.detail)
  t.end()
})

t.test('bugs and aborts are rethrown', (t) => {
  const abort = new DOMException('stop', 'AbortError')
  for (const error of [
    new TypeError('x is not a function'),
    new Error('?'),
    coded('toString'),
    abort,
    'text',
    null,
  ]) {
    try {
      classifyError(error)
      t.fail('not rethrown')
    } catch (thrown) {
      t.equal(thrown, error)
    }
  }
  t.end()
})

t.test('a real refusal of the system is unreachable', async (t) => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  const error = await new Promise((resolve) => connect(port, '127.0.0.1').once('error', resolve))
  t.equal(classifyError(error), UNREACHABLE)
})
