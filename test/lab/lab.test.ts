import dgram from 'node:dgram'
import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import tls from 'node:tls'
import {
  AUTHENTIC_DATA,
  type DecodedPacket,
  decode,
  encode,
  type Packet,
  RECURSION_DESIRED,
  type RecordType,
  streamEncode,
} from 'dns-packet'
import t from 'tap'
import { loadProviders } from '../../src/providers/load.js'
import { createLabCa } from './ca.js'
import { type Lab, startLab } from './lab.js'
import { IMAP, IMAPS, POP3, SIEVE, SUBMISSION, worldOf } from './world.js'

t.test('the CA issues certificates that a TLS client accepts for their names only', async (t) => {
  const ca = await createLabCa()
  const good = await ca.issue({ names: ['mail.test', '*.mail.test'] })
  t.equal(await ca.issue({ names: ['mail.test', '*.mail.test'] }), good, 'kept by request')
  const expired = await ca.issue({ names: ['mail.test'], notAfter: new Date(Date.now() - 1000) })
  const own = await ca.issue({ names: ['mail.test'], selfSigned: true })

  async function attempt(certificate: { key: string; cert: string }, servername: string) {
    const server = tls.createServer(certificate).listen(0, '127.0.0.1')
    server.on('tlsClientError', () => undefined)
    server.on('secureConnection', (socket) => socket.on('error', () => undefined))
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const socket = tls.connect({ port, host: '127.0.0.1', servername, ca: ca.pem })
    const outcome = await handshake(socket)
    socket.destroy()
    server.close()
    return outcome
  }
  t.equal(await attempt(good, 'mail.test'), 'ok')
  t.equal(await attempt(good, 'imap.mail.test'), 'ok')
  t.equal(await attempt(good, 'other.test'), 'ERR_TLS_CERT_ALTNAME_INVALID')
  t.equal(await attempt(expired, 'mail.test'), 'CERT_HAS_EXPIRED')
  t.equal(await attempt(own, 'mail.test'), 'DEPTH_ZERO_SELF_SIGNED_CERT')
})

t.test('the name server keeps found, absent and failed apart', async (t) => {
  const lab = await startLab()
  t.teardown(() => lab.close())

  const srv = await ask(lab, '_imaps._tcp.srv.test', 'SRV')
  t.match(srv.answers, [{ data: { priority: 0, weight: 1, port: 993, target: 'reading.srv.test' } }])
  t.match((await ask(lab, 'reading.srv.test', 'A')).answers, [{ data: lab.addressOf('reading.srv.test') }])
  t.match((await ask(lab, 'srv.test', 'MX')).answers, [{ data: { exchange: 'mx.srv.test' } }])
  t.match((await ask(lab, 'nomail.test', 'MX')).answers, [{ data: { preference: 0, exchange: '.' } }])
  t.match((await ask(lab, '_imap._tcp.noimap.test', 'SRV')).answers, [{ data: { target: '.' } }])

  const nothing = await ask(lab, 'nowhere.srv.test', 'A')
  t.match(nothing, { rcode: 'NXDOMAIN', answers: [], authorities: [{ type: 'SOA', name: 'srv.test' }] })
  t.match(await ask(lab, 'no-such-domain.test', 'A'), { rcode: 'NXDOMAIN' })
  const noData = await ask(lab, 'reading.srv.test', 'AAAA')
  t.match(noData, { rcode: 'NOERROR', answers: [], authorities: [{ type: 'SOA', ttl: 60 }] })
  t.match(await ask(lab, '_tcp.srv.test', 'SRV'), { rcode: 'NOERROR', answers: [] }, 'an empty non-terminal')
  t.match(await ask(lab, '_imaps._tcp.dnsfail.test', 'SRV'), { rcode: 'SERVFAIL' })

  const wild = await ask(lab, 'some.thing.wildcard.test', 'A')
  t.match(wild.answers, [{ name: 'some.thing.wildcard.test', data: lab.addressOf('*.wildcard.test') }])
  t.match(await ask(lab, '_imaps._tcp.wildcard.test', 'SRV'), { rcode: 'NOERROR', answers: [] })

  t.equal((await ask(lab, '_imaps._tcp.srv-signed.test', 'SRV')).flag_ad, true)
  t.equal((await ask(lab, '_imaps._tcp.srv.test', 'SRV')).flag_ad, false)

  const cut = await ask(lab, '_imaps._tcp.dnstcp.test', 'SRV')
  t.match(cut, { flag_tc: true, answers: [] })
  t.match((await askTcp(lab, '_imaps._tcp.dnstcp.test', 'SRV')).answers, [{ data: { port: 993 } }])
  t.match(lab.log.dns.at(-1), { name: '_imaps._tcp.dnstcp.test', type: 'SRV', transport: 'tcp' })

  const message = encode({ type: 'query', id: 7, flags: 256, questions: [{ type: 'MX', name: 'srv.test' }] })
  const overHttps = await get(lab, `https://dns.lab.test/dns-query?dns=${message.toString('base64url')}`)
  t.match(decode(overHttps.octets).answers, [{ data: { exchange: 'mx.srv.test' } }])
})

t.test('a silent name stays silent, a long answer is cut, an alias is followed', async (t) => {
  const world = worldOf({
    'silent.test': { records: { 'silent.test': { fault: 'silent' } } },
    'long.test': {
      records: { 'long.test': { TXT: Array.from({ length: 20 }, (_, i) => `${i}`.repeat(200)) } },
    },
    'alias.test': {
      records: { 'alias.test': { CNAME: 'long.test' }, 'lost.alias.test': { CNAME: 'gone.test' } },
    },
  })
  const lab = await startLab({ world })
  t.teardown(() => lab.close())
  // The answer to the second question proves that the first one was read and passed over.
  const socket = dgram.createSocket('udp4')
  t.teardown(() => socket.close())
  const [host = '', port = ''] = lab.dnsServer.split(':')
  for (const [id, name] of ['silent.test', 'long.test'].entries()) {
    socket.send(encode({ type: 'query', id, questions: [{ type: 'TXT', name }] }), Number(port), host)
  }
  const [wire] = (await once(socket, 'message')) as [Buffer]
  t.match(decode(wire), { id: 1, flag_tc: true, answers: [] })
  t.strictSame(
    lab.log.dns.map(({ name }) => name),
    ['silent.test', 'long.test'],
  )
  const whole = await askTcp(lab, 'alias.test', 'TXT')
  t.match(whole.answers?.[0], { type: 'CNAME', data: 'long.test' })
  t.equal(whole.answers?.length, 21)
  t.match(await ask(lab, 'lost.alias.test', 'A'), { rcode: 'NXDOMAIN', answers: [{ type: 'CNAME' }] })
})

t.test('domains made up when they are asked live on one machine, also at a real port', async (t) => {
  const world = worldOf({
    test: {
      furniture: true,
      madeUp: (name, addressOf) => (/^www\.d\d+\.test$/.test(name) ? { A: [addressOf('web.test')] } : null),
    },
    'hosts.test': {
      hosts: { 'web.test': { https: { '*': { body: 'hello' } }, certificate: 'any-name' } },
    },
  })
  const lab = await startLab({ world })
  t.teardown(() => lab.close())
  const address = lab.addressOf('web.test') ?? ''
  t.match((await ask(lab, 'www.d1.test', 'A')).answers, [{ data: address }])
  t.match((await ask(lab, 'www.d234567.test', 'A')).answers, [{ data: address }])
  t.match(await ask(lab, 'www.d1.test', 'MX'), { rcode: 'NOERROR', answers: [] })
  t.match(await ask(lab, 'www.other.test', 'A'), { rcode: 'NXDOMAIN', answers: [] })

  const port = await lab.wire.open(`${address} 443`)
  for (const servername of ['www.d1.test', 'www.d2.test']) {
    const socket = tls.connect({ port, host: '127.0.0.1', servername, ca: lab.caPem })
    t.equal(await handshake(socket), 'ok', servername)
    socket.destroy()
  }
})

t.test('web hosts answer over TLS, each with its own fault', async (t) => {
  const lab = await startLab()
  t.teardown(() => lab.close())
  const path = '/mail/config-v1.1.xml?emailaddress=%25EMAILADDRESS%25'

  const file = await get(lab, `https://autoconfig.autoconfig.test${path}`)
  t.match(file, { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' } })
  t.match(file.body, /<hostname>reading\.autoconfig\.test<\/hostname>/)
  t.match(lab.log.http, [{ host: 'autoconfig.autoconfig.test', secure: true, method: 'GET', path }])
  t.match(await get(lab, 'https://autoconfig.autoconfig.test/other'), { status: 404 })
  t.match(await get(lab, `http://autoconfig.httphint.test${path}`), { status: 200 })
  t.match(await get(lab, 'https://ispdb.lab.test/v1.1/ispdb.test'), { status: 200, body: /clientConfig/ })
  t.match(await get(lab, 'https://ispdb.lab.test/v1.1/srv.test'), { status: 404 })
  t.match(await get(lab, 'https://any.wildcard.test/x'), { status: 200, body: /parked/ })
  t.match(await get(lab, `https://autoconfig.redirect-out.test${path}`), {
    status: 302,
    headers: { location: 'https://files.elsewhere.test/redirect-out.xml' },
  })

  lab.log.clear()
  const posted = await get(
    lab,
    'https://autodiscover.autodiscover.test/Autodiscover/Autodiscover.xml',
    '<a/>',
  )
  t.match(posted, { status: 200, body: /<Type>IMAP<\/Type>/ })
  t.match(lab.log.http, [{ method: 'POST', body: '<a/>' }])
  t.match(await get(lab, 'https://autodiscover.exchange-401.test/autodiscover/autodiscover.xml', '<a/>'), {
    status: 401,
  })

  const expectCode = (code: string) => ({ code })
  await t.rejects(
    get(lab, `https://autoconfig.webcert.test${path}`),
    expectCode('ERR_TLS_CERT_ALTNAME_INVALID'),
  )
  await t.rejects(get(lab, `http://autoconfig.autoconfig.test${path}`), expectCode('ECONNREFUSED'))

  const big = lab.dial(lab.addressOf('autoconfig.bigfile.test')!, 443)
  const secured = tls.connect({ socket: big, servername: 'autoconfig.bigfile.test', ca: lab.caPem })
  secured.write('GET /mail/config-v1.1.xml HTTP/1.1\r\nhost: autoconfig.bigfile.test\r\n\r\n')
  let octets = 0
  for await (const chunk of secured) {
    octets += (chunk as Buffer).length
    if (octets > 1_000_000) break
  }
  t.ok(octets > 1_000_000, 'goes on until the client has enough')

  const slow = lab.dial(lab.addressOf('autoconfig.slow-autoconfig.test')!, 443)
  const waiting = tls.connect({ socket: slow, servername: 'autoconfig.slow-autoconfig.test', ca: lab.caPem })
  waiting.write('GET / HTTP/1.1\r\nhost: slow\r\n\r\n')
  while (!lab.log.paths('slow').includes('/')) await new Promise((done) => setImmediate(done))
  t.equal(waiting.bytesRead, 0, 'asked and not answered')
  waiting.destroy()
})

t.test('a web reply can stop half-way or hang up', async (t) => {
  const routes = { '/half': { body: '0123456789', fault: 'half' }, '/close': { fault: 'close' } } as const
  const lab = await startLab({ world: worldOf({ 'w.test': { hosts: { 'w.test': { http: routes } } } }) })
  t.teardown(() => lab.close())
  await t.rejects(get(lab, 'http://w.test/close'), { code: 'ECONNRESET' })
  const socket = lab.dial(lab.addressOf('w.test')!, 80)
  socket.write('GET /half HTTP/1.1\r\nhost: w.test\r\n\r\n')
  const seen = await readUntil(socket, /\r\n\r\n01234$/)
  t.match(seen, /content-length: 10\r\n/)
  socket.destroy()
})

t.test('the network refuses, swallows, and keeps count', async (t) => {
  const lab = await startLab()
  t.teardown(() => lab.close())
  const closed = lab.dial('10.0.0.1', 443)
  t.equal(closed.connecting, true)
  const [error] = (await once(closed, 'error')) as [NodeJS.ErrnoException]
  t.equal(error.code, 'ECONNREFUSED')
  t.match(lab.log.dials, [{ address: '10.0.0.1', port: 443, host: null }])

  const lost = lab.dial(lab.addressOf('imap.blackhole.test')!, 993)
  lost.on('error', (error) => t.fail(error.message)).on('connect', () => t.fail('connected'))
  const reached = lab.dial(lab.addressOf('imap.guess.test')!, 993)
  await once(reached, 'connect')
  t.equal(lost.connecting, true, 'still in the air when a later dial is through')
  lost.destroy()
  reached.destroy()
  t.equal(lab.log.connections('imap.blackhole.test'), 1)
  t.equal(lab.log.connections('imap.guess.test', 993), 1)
  t.equal(lab.log.connections('imap.guess.test', 143), 0)

  const gone = lab.dial(lab.addressOf('imap.guess.test')!, 143)
  gone.destroy()
  await once(gone, 'close')
})

t.test('mail servers speak their protocol up to TLS and after it', async (t) => {
  const lab = await startLab()
  t.teardown(() => lab.close())

  const imap = await connectTls(lab, 'reading.srv.test', 993)
  t.match(
    await readUntil(imap, /\r\n$/),
    /^\* OK \[CAPABILITY IMAP4rev1 IDLE UIDPLUS AUTH=PLAIN AUTH=LOGIN\]/,
  )
  imap.write('a CAPABILITY\r\nb NOOP\r\nc LOGIN ann secret\r\nd STARTTLS\r\ne LOGOUT\r\n')
  const talk = await readToEnd(imap)
  t.match(talk, /a OK[^]*b OK[^]*c BAD[^]*d BAD[^]*\* BYE[^]*e OK/)
  t.strictSame(lab.log.lines('reading.srv.test', 993).slice(0, 2), ['a CAPABILITY', 'b NOOP'])

  for (const [port, service, ask, ready, after] of [
    [143, 'imap', 'a STARTTLS', /^a OK/m, ['a CAPABILITY', /AUTH=PLAIN[^]*a OK/]],
    [110, 'pop3', 'STLS', /^\+OK begin/m, ['CAPA', /SASL PLAIN LOGIN[^]*\r\n\.\r\n$/]],
  ] as const) {
    const plain = lab.dial(lab.addressOf('reading.srv.test')!, port)
    await readUntil(plain, /\r\n$/)
    plain.write(port === 143 ? 'x CAPABILITY\r\n' : 'CAPA\r\n')
    t.match(
      await readUntil(plain, /(x OK.*|\.)\r\n$/),
      /STARTTLS LOGINDISABLED|STLS/,
      `${service} offers TLS`,
    )
    plain.write(`${ask}\r\n`)
    t.match(await readUntil(plain, ready), ready)
    const secured = tls.connect({ socket: plain, servername: 'reading.srv.test', ca: lab.caPem })
    t.equal(await handshake(secured), 'ok')
    secured.write(`${after[0]}\r\n`)
    t.match(await readUntil(secured, after[1]), after[1])
    secured.write(port === 143 ? 'z LOGOUT\r\n' : 'QUIT\r\n')
    await readToEnd(secured)
    t.match(lab.log.mail.at(-1), { port, protocol: service, secure: true })
  }

  const smtp = lab.dial(lab.addressOf('sending.srv.test')!, 587)
  await readUntil(smtp, /^220 .*\r\n/)
  smtp.write('EHLO lab\r\n')
  t.match(await readUntil(smtp, /^250 .*\r\n/m), /250 STARTTLS\r\n$/)
  smtp.write('MAIL FROM:<>\r\nNOOP\r\nQUIT\r\n')
  t.match(await readToEnd(smtp), /502[^]*250[^]*221/)

  const sieve = lab.dial(lab.addressOf('filters.sieve.test')!, 4190)
  t.match(await readUntil(sieve, /^OK/m), /"STARTTLS"/)
  sieve.write('CAPABILITY\r\nPUTSCRIPT\r\nSTARTTLS\r\n')
  await readUntil(sieve, /begin TLS"\r\n/)
  const filters = tls.connect({ socket: sieve, servername: 'filters.sieve.test', ca: lab.caPem })
  t.match(await readUntil(filters, /^OK/m), /"SASL" "PLAIN LOGIN"/, 'capabilities again, unasked')
  filters.write('STARTTLS\r\nLOGOUT\r\n')
  t.match(await readToEnd(filters), /NO[^]*OK/)
})

t.test('mail servers show the faults they are given', async (t) => {
  const faults = {
    'injection.w.test': {
      mail: { 143: { ...IMAP, fault: 'injection' }, 587: { ...SUBMISSION, fault: 'injection' } },
    },
    'refused.w.test': {
      mail: {
        143: { ...IMAP, fault: 'starttls-refused' },
        110: { ...POP3, fault: 'starttls-refused' },
        587: { ...SUBMISSION, fault: 'starttls-refused' },
        4190: { ...SIEVE, fault: 'starttls-refused' },
      },
    },
    'plain.w.test': { mail: { 143: { ...IMAP, mode: 'plain' }, 993: { ...IMAPS, fault: 'no-tls' } } },
    'mute.w.test': { mail: { 143: { ...IMAP, fault: 'silent' }, 110: { ...POP3, fault: 'deaf' } } },
    'rude.w.test': {
      mail: {
        143: { ...IMAP, fault: 'close' },
        110: { ...POP3, fault: 'busy' },
        587: { ...SUBMISSION, fault: 'endless-greeting' },
        993: { ...IMAPS, fault: 'garbage' },
        995: { ...IMAPS, fault: 'long-line' },
      },
    },
    'hang.w.test': { mail: { 143: { ...IMAP, fault: 'starttls-hang' } } },
    'old.w.test': { mail: { 993: IMAPS }, certificate: 'tls1.1' },
    'expired.w.test': { mail: { 993: IMAPS }, certificate: 'expired' },
    'wrong.w.test': { mail: { 993: IMAPS }, certificate: 'wrong-name' },
    'own.w.test': { mail: { 993: { ...IMAPS, certificate: 'self-signed' } } },
  } as const
  const lab = await startLab({ world: worldOf({ 'w.test': { hosts: faults } }) })
  t.teardown(() => lab.close())
  const plain = (host: string, port: number) => lab.dial(lab.addressOf(`${host}.w.test`)!, port)
  const attempt = async (host: string) => {
    const socket = tls.connect({ socket: plain(host, 993), servername: `${host}.w.test`, ca: lab.caPem })
    const outcome = await handshake(socket)
    socket.destroy()
    return outcome
  }

  const injected = plain('injection', 143)
  injected.write('a STARTTLS\r\n')
  t.match(await readUntil(injected, /INJECTED/), /a OK begin TLS\r\n\* CAPABILITY/)
  for (const [port, command, answer] of [
    [143, 'a STARTTLS', /^a NO/m],
    [110, 'STLS', /^-ERR/m],
    [587, 'STARTTLS', /^454/m],
    [4190, 'STARTTLS', /^NO/m],
  ] as const) {
    const refused = plain('refused', port)
    refused.write(`${command}\r\n`)
    t.match(await readUntil(refused, answer), answer)
    refused.destroy()
  }
  t.notMatch(await readUntil(plain('plain', 143), /\r\n/), /STARTTLS/)
  t.equal(await attempt('plain'), 'ERR_SSL_WRONG_VERSION_NUMBER')

  const hanging = plain('hang', 143)
  hanging.write('a STARTTLS\r\n')
  await readUntil(hanging, /a OK/)
  const deaf = plain('mute', 110)
  await readUntil(deaf, /\+OK/)
  deaf.write('CAPA\r\n')
  const silent = plain('mute', 143)
  await once(silent, 'connect')
  while (lab.log.lines('mute.w.test').length === 0) await new Promise((done) => setImmediate(done))
  t.equal(silent.bytesRead, 0)
  for (const socket of [hanging, deaf, silent]) socket.destroy()

  t.equal(await readToEnd(plain('rude', 143)), '')
  t.match(await readToEnd(plain('rude', 110)), /^-ERR/)
  const endless = plain('rude', 587)
  let octets = 0
  for await (const chunk of endless) {
    octets += (chunk as Buffer).length
    if (octets > 100_000) break
  }
  t.ok(octets > 100_000)
  const garbage = await connectTls(lab, 'rude.w.test', 993)
  t.match(await readUntil(garbage, /\r\n/), /[^\x20-\x7e\r\n]/)
  const long = await connectTls(lab, 'rude.w.test', 995)
  t.equal((await readUntil(long, /^A{1048576}$/)).length, 1024 * 1024)
  for (const socket of [injected, endless, garbage, long]) socket.destroy()

  t.match(await attempt('old'), /ERR_SSL_(UNSUPPORTED_PROTOCOL|TLSV1_ALERT_PROTOCOL_VERSION)/)
  t.equal(await attempt('expired'), 'CERT_HAS_EXPIRED')
  t.equal(await attempt('wrong'), 'ERR_TLS_CERT_ALTNAME_INVALID')
  t.equal(await attempt('own'), 'DEPTH_ZERO_SELF_SIGNED_CERT')
})

t.test('a round trip costs what it is set to', async (t) => {
  const rttMs = 40
  const lab = await startLab({ rttMs })
  t.teardown(() => lab.close())
  const took = async (work: () => Promise<unknown>) => {
    const start = performance.now()
    await work()
    return Math.round(performance.now() - start)
  }
  t.ok((await took(() => ask(lab, 'srv.test', 'MX'))) >= rttMs - 1, 'a DNS question: one')
  const address = lab.addressOf('reading.srv.test')!
  const refused = await took(() => once(lab.dial(address, 25), 'error'))
  t.ok(refused >= rttMs - 1, 'a refusal: one')
  const greeting = await took(async () => {
    const socket = lab.dial(address, 143)
    await readUntil(socket, /\r\n/)
    socket.write('a LOGOUT\r\n')
    await readToEnd(socket)
  })
  // Connect, the greeting on its half way, command and reply.
  t.ok(greeting >= 2.5 * rttMs - 3, `TCP, greeting, one command: ${greeting} ms`)
  const page = await took(async () => {
    t.match(await get(lab, 'https://wellknown.test/x'), { status: 404 })
  })
  // Connect, handshake of TLS 1.3, request.
  t.ok(page >= 3 * rttMs - 3, `https: ${page} ms`)
})

t.test('the world is described, and its settings fit the service', async (t) => {
  const start = performance.now()
  const lab = await startLab()
  t.teardown(() => lab.close())
  t.comment(`${lab.domains.length} domains in ${(performance.now() - start).toFixed(0)} ms`)
  for (const { name, description, shows } of lab.domains) {
    t.match(`${description}|${shows}`, /^[^\n|]{10,120}\|[^\n|]{10,160}$/, name)
  }
  t.match(lab.environment, {
    MAILSCOUT_DNS_SERVERS: /^127\.0\.0\.1:\d+$/,
    MAILSCOUT_ALLOW_NETWORKS: '127.0.0.0/8',
  })
  t.strictSame(
    loadProviders(lab.environment['MAILSCOUT_PROVIDERS_DIR']!).map(({ id }) => id),
    ['operator-lab'],
  )
  t.strictSame(
    loadProviders(lab.providersDirectory).map(({ id }) => id),
    ['bigmail', 'lab-filter', 'providerdb-lab'],
  )
  t.notMatch(lab.log.everything(), /ann/)
})

/* Hands of the test: clients as plain as can be */

function question(name: string, type: RecordType): Packet {
  return {
    type: 'query',
    id: 4711,
    flags: RECURSION_DESIRED | AUTHENTIC_DATA,
    questions: [{ type, name, class: 'IN' }],
  }
}

async function ask(lab: Lab, name: string, type: RecordType): Promise<DecodedPacket> {
  const socket = dgram.createSocket('udp4')
  const [host = '', port = ''] = lab.dnsServer.split(':')
  socket.send(encode(question(name, type)), Number(port), host)
  const [wire] = (await once(socket, 'message')) as [Buffer]
  socket.close()
  return decode(wire)
}

async function askTcp(lab: Lab, name: string, type: RecordType): Promise<DecodedPacket> {
  const { connect } = await import('node:net')
  const [host = '', port = ''] = lab.dnsServer.split(':')
  const socket = connect({ host, port: Number(port) })
  socket.write(streamEncode(question(name, type)))
  let wire = Buffer.alloc(0)
  for await (const chunk of socket) {
    wire = Buffer.concat([wire, chunk as Buffer])
    if (wire.length >= 2 && wire.length >= 2 + wire.readUInt16BE(0)) break
  }
  return decode(wire.subarray(2))
}

interface Page {
  status: number
  headers: Record<string, string>
  body: string
  octets: Buffer
}

async function get(lab: Lab, address: string, post?: string): Promise<Page> {
  const url = new URL(address)
  const answers = await ask(lab, url.hostname, 'A')
  const answer = answers.answers?.[0]
  const raw = lab.dial(answer?.type === 'A' ? answer.data : 'unknown', url.protocol === 'https:' ? 443 : 80)
  const socket =
    url.protocol === 'https:' ? tls.connect({ socket: raw, servername: url.hostname, ca: lab.caPem }) : raw
  return new Promise((resolve, reject) => {
    raw.on('error', reject)
    const client = request(
      {
        host: url.hostname,
        path: url.pathname + url.search,
        method: post === undefined ? 'GET' : 'POST',
        createConnection: () => socket,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const octets = Buffer.concat(chunks)
          const headers = response.headers as Record<string, string>
          socket.destroy()
          resolve({ status: response.statusCode ?? 0, headers, body: octets.toString(), octets })
        })
      },
    )
    client.on('error', reject)
    client.end(post)
  })
}

async function connectTls(lab: Lab, host: string, port: number): Promise<tls.TLSSocket> {
  const socket = tls.connect({
    socket: lab.dial(lab.addressOf(host)!, port),
    servername: host,
    ca: lab.caPem,
  })
  await once(socket, 'secureConnect')
  return socket
}

function handshake(socket: tls.TLSSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('secureConnect', () => {
      resolve('ok')
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(String(error.code))
    })
  })
}

/** Reads until the text fits; the stream stays open. */
function readUntil(stream: Socket, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const onData = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (!pattern.test(text)) return
      stream.off('data', onData).off('close', onClose)
      resolve(text)
    }
    const onClose = () => {
      reject(new Error(`closed after ${JSON.stringify(text.slice(0, 200))}`))
    }
    stream.on('data', onData).once('close', onClose)
  })
}

async function readToEnd(stream: Socket): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += (chunk as Buffer).toString('latin1')
  return text
}
