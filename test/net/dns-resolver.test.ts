import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createSecureServer as createHttp2Server } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Server as TlsServer } from 'node:tls'
import { type Answer, encode } from 'dns-packet'
import t from 'tap'
import { failure } from '../../src/domain/errors.js'
import { parseHostname } from '../../src/domain/hostname.js'
import { askServers } from '../../src/net/dns-exchange.js'
import { DnsPanel, PanelServer } from '../../src/net/dns-panel.js'
import type { DnsTransport, Exchanged } from '../../src/net/dns-transport.js'
import { createDnsResolver, type DnsResolverOptions, systemServers } from '../../src/net/dns-resolver.js'
import { createLabCa, type LabCertificate } from '../lab/ca.js'
import {
  a,
  AD,
  answers,
  type Asked,
  cname,
  describe,
  only,
  type Reply,
  reply,
  type Script,
  soa,
  startScriptedDns,
  TC,
} from './scripted-dns.js'

const server = await startScriptedDns()
const second = await startScriptedDns()
t.teardown(() => Promise.all([server.close(), second.close()]))
const never = new AbortController().signal

function setup(script: Script, options: Partial<DnsResolverOptions> = {}) {
  server.script = script
  server.asked.length = 0
  second.asked.length = 0
  return createDnsResolver({ servers: [server.address], attemptTimeoutMs: 200, ...options })
}

/** UDP sockets of the process, those of the scripted servers included. */
function udpSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith('UDP')).length
}
const idleSockets = udpSockets()
const leaking: string[] = []
t.afterEach(async (t) => {
  // Closing is reported one turn of the event loop later.
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  if (udpSockets() !== idleSockets) leaking.push(t.name)
})

/* Records */

t.test('MX records come typed, in lower case, without trailing dot', async (t) => {
  const resolver = setup(
    answers(
      { type: 'MX', name: 'lab.test', ttl: 90, data: { preference: 10, exchange: 'MX1.Lab.test' } },
      { type: 'MX', name: 'LAB.test', ttl: 70, data: { preference: 0, exchange: '.' } },
    ),
  )
  t.same(await resolver.mx('Lab.Test.', never), {
    kind: 'found',
    value: [
      { preference: 10, exchange: 'mx1.lab.test' },
      { preference: 0, exchange: '' },
    ],
    ttlSeconds: 70,
    authenticated: false,
  })
})

t.test(
  'SRV: the target "." is the empty text, odd targets pass through without their odd characters',
  async (t) => {
    const name = '_imaps._tcp.lab.test'
    const data = { priority: 1, weight: 2, port: 993 }
    const resolver = setup(
      answers(
        { type: 'SRV', name, ttl: 60, data: { ...data, target: '.' } },
        { type: 'SRV', name, ttl: 60, data: { ...data, target: 'bad name!.test' } },
        { type: 'SRV', name, ttl: 60, data: { ...data, target: 'a\u001b[2J\u202eä.b_c-d.test' } },
        { type: 'MX', name, ttl: 60, data: { preference: 1, exchange: 'mx\r\n<b>.test' } },
      ),
    )
    const found = await resolver.srv(name, never)
    t.match(found, {
      kind: 'found',
      value: [{ ...data, target: '' }, { target: 'bad?name?.test' }, { target: 'a??2j??.b_c-d.test' }],
    })
    const shown = found.kind === 'found' ? found.value.slice(1).map(({ target }) => target) : []
    t.same(shown.map(parseHostname), [null, null], 'they are no host names afterwards either')
    t.match(await resolver.mx(name, never), { value: [{ exchange: 'mx???b?.test' }] })
  },
)

t.test('TXT: character-strings are joined, records are not', async (t) => {
  const resolver = setup(
    answers(
      { type: 'TXT', name: 'lab.test', ttl: 60, data: ['v=UAAC1; ', 'a=sha256'] },
      { type: 'TXT', name: 'lab.test', ttl: 60, data: 'grün' },
    ),
  )
  t.match(await resolver.txt('lab.test', never), { value: ['v=UAAC1; a=sha256', 'grün'] })
})

t.test('the question carries recursion, EDNS with 1232 octets, random case, id and port', async (t) => {
  const resolver = setup(only('MX', answers()))
  const name = 'abcdefghijklmnopqrstuvwxyz.lab.test'
  for (let i = 0; i < 8; i++) await resolver.mx(name, never)
  const [first] = server.asked
  t.ok(first?.query.flag_rd)
  t.notOk(first?.query.flag_ad)
  t.match(first?.query.additionals, [{ type: 'OPT', udpPayloadSize: 1232 }])
  const spellings = server.asked.map((asked) => asked.query.questions![0]!.name)
  t.ok(
    spellings.every((spelling) => spelling.toLowerCase() === name),
    'only the case differs',
  )
  t.equal(new Set(spellings).size, 8)
  t.ok(new Set(server.asked.map((asked) => asked.query.id)).size > 4)
  t.ok(new Set(server.asked.map((asked) => asked.port)).size > 4)
})

/* Addresses */

t.test('addresses', async (t) => {
  const aaaa: Answer = { type: 'AAAA', name: 'host.lab.test', data: '2001:db8::7', ttl: 50 }
  const cases: [string, Script, unknown][] = [
    [
      'both families',
      (asked) => reply(asked, { answers: [asked.type === 'A' ? a('host.lab.test', '192.0.2.7') : aaaa] }),
      { kind: 'found', value: ['2001:db8::7', '192.0.2.7'], ttlSeconds: 50 },
    ],
    [
      'one family',
      only('A', answers(a('host.lab.test', '192.0.2.7'))),
      { kind: 'found', value: ['192.0.2.7'], ttlSeconds: 300 },
    ],
    [
      'one family fails',
      (asked) =>
        asked.type === 'A'
          ? reply(asked, { answers: [a('host.lab.test', '192.0.2.7')] })
          : reply(asked, { rcode: 'SERVFAIL' }),
      { kind: 'found', value: ['192.0.2.7'] },
    ],
    [
      'one fails, the other is empty',
      (asked) =>
        asked.type === 'A' ? reply(asked, { authorities: [soa(9, 9)] }) : reply(asked, { rcode: 'SERVFAIL' }),
      { kind: 'failed', failure: { code: 'dns', detail: /SERVFAIL/ } },
    ],
    [
      'neither',
      (asked) => reply(asked, { authorities: [soa(asked.type === 'A' ? 20 : 30, 500)] }),
      { kind: 'absent', ttlSeconds: 20, authenticated: false },
    ],
  ]
  for (const [name, script, expected] of cases) {
    t.match(await setup(script).addresses('host.lab.test', never), expected, name)
  }
})

t.test('a silent AAAA holds up the A for a moment only', async (t) => {
  const resolver = setup(
    (asked) => (asked.type === 'A' ? reply(asked, { answers: [a('host.lab.test', '192.0.2.7')] }) : []),
    { attemptTimeoutMs: 2000 },
  )
  const start = performance.now()
  t.match(await resolver.addresses('host.lab.test', never), { kind: 'found', value: ['192.0.2.7'] })
  t.ok(performance.now() - start < 1000)
})

/* Aliases */

t.test('aliases', async (t) => {
  const chain = (length: number): Answer[] => [
    ...Array.from({ length }, (_, i) => cname(`n${i}.lab.test`, `n${i + 1}.lab.test`, 100 - i)),
    a(`n${length}.lab.test`, '192.0.2.1'),
  ]
  const cases: [string, Script, unknown][] = [
    ['a chain in one reply', answers(...chain(3)), { kind: 'found', value: ['192.0.2.1'], ttlSeconds: 98 }],
    ['eight links', answers(...chain(8)), { kind: 'found' }],
    ['nine links', answers(...chain(9)), { kind: 'failed', failure: { code: 'dns', detail: /too long/ } }],
    [
      'a loop in one reply',
      answers(cname('n0.lab.test', 'n1.lab.test'), cname('n1.lab.test', 'N0.lab.test')),
      { kind: 'failed', failure: { detail: /alias of itself/ } },
    ],
    [
      'the target is asked for when the reply stops at it',
      (asked) =>
        reply(asked, {
          answers: [
            asked.name === 'n0.lab.test'
              ? cname('n0.lab.test', 'n1.lab.test', 10)
              : a('n1.lab.test', '192.0.2.1'),
          ],
        }),
      { kind: 'found', value: ['192.0.2.1'], ttlSeconds: 10 },
    ],
    [
      'a loop over several replies',
      (asked) =>
        reply(asked, {
          answers: [
            asked.name === 'n0.lab.test'
              ? cname('n0.lab.test', 'n1.lab.test')
              : cname('n1.lab.test', 'n0.lab.test'),
          ],
        }),
      { kind: 'failed', failure: { detail: /alias of itself/ } },
    ],
    [
      'an endless chain over several replies',
      (asked) => {
        const n = Number(/^n(\d+)/.exec(asked.name)?.[1])
        return reply(asked, { answers: [cname(asked.name, `n${n + 1}.lab.test`)] })
      },
      { kind: 'failed', failure: { detail: /too long/ } },
    ],
    [
      'an alias to a name that does not exist',
      (asked) =>
        reply(asked, {
          rcode: 'NXDOMAIN',
          answers: [cname('n0.lab.test', 'n1.lab.test')],
          authorities: [soa(40, 30)],
        }),
      { kind: 'absent', ttlSeconds: 30 },
    ],
    [
      'an alias to nonsense',
      answers(cname('n0.lab.test', 'not a name')),
      { kind: 'failed', failure: { detail: /no name/ } },
    ],
    ['an alias to the root', answers(cname('n0.lab.test', '.')), { kind: 'failed' }],
    ['records of other names do not count', answers(a('other.lab.test', '192.0.2.66')), { kind: 'absent' }],
  ]
  for (const [name, script, expected] of cases) {
    t.match(await setup(only('A', script)).addresses('n0.lab.test', never), expected, name)
  }
})

/* Negative answers and failures */

t.test('absent, with the TTL of RFC 2308', async (t) => {
  const cases: [string, Script, number][] = [
    ['NXDOMAIN', (asked) => reply(asked, { rcode: 'NXDOMAIN', authorities: [soa(900, 120)] }), 120],
    ['the TTL of the SOA is smaller', (asked) => reply(asked, { authorities: [soa(15, 120)] }), 15],
    ['capped at an hour', (asked) => reply(asked, { authorities: [soa(86400, 86400)] }), 3600],
    ['no SOA', (asked) => reply(asked, { rcode: 'NXDOMAIN' }), 60],
    ['a TTL with the top bit set', (asked) => reply(asked, { authorities: [soa(0x80000001, 5)] }), 0],
  ]
  for (const [name, script, ttlSeconds] of cases) {
    t.same(
      await setup(script).mx('lab.test', never),
      { kind: 'absent', ttlSeconds, authenticated: false },
      name,
    )
  }
})

t.test('a positive TTL is capped at a day', async (t) => {
  const record: Answer = { type: 'TXT', name: 'lab.test', ttl: 604800, data: 'x' }
  t.match(await setup(answers(record)).txt('lab.test', never), { ttlSeconds: 86400 })
})

t.test('failed, never absent', async (t) => {
  const ns: Answer = { type: 'NS', name: 'lab.test', ttl: 1, data: 'ns.lab.test' }
  const badVersion: Answer = {
    type: 'OPT',
    name: '.',
    udpPayloadSize: 512,
    extendedRcode: 1,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  }
  const cases: [string, Script, RegExp][] = [
    ['SERVFAIL', (asked) => reply(asked, { rcode: 'SERVFAIL' }), /SERVFAIL/],
    ['REFUSED', (asked) => reply(asked, { rcode: 'REFUSED' }), /REFUSED/],
    ['an extended code', (asked) => reply(asked, { additionals: [badVersion] }), /RCODE16/],
    ['a referral', (asked) => reply(asked, { authorities: [ns] }), /does not resolve/],
  ]
  for (const [name, script, detail] of cases) {
    t.match(
      await setup(script).mx('lab.test', never),
      { kind: 'failed', failure: { code: 'dns', detail } },
      name,
    )
  }
})

t.test('silence is a time-out after two rounds', async (t) => {
  const resolver = setup(() => [], { attemptTimeoutMs: 20 })
  t.match(await resolver.mx('lab.test', never), { kind: 'failed', failure: { code: 'timeout' } })
  t.equal(server.asked.length, 2)
})

t.test('nobody listens', async (t) => {
  const gone = await startScriptedDns()
  await gone.close()
  const resolver = createDnsResolver({ servers: [gone.address] })
  const expected = { kind: 'failed', failure: { code: 'dns', detail: /could not be reached/ } }
  t.match(await Promise.all([resolver.mx('lab.test', never), resolver.txt('lab.test', never)]), [
    expected,
    expected,
  ])
  t.match(await createDnsResolver({ servers: ['[::1]:1'] }).mx('lab.test', never), { kind: 'failed' }, 'IPv6')
})

t.test('names that cannot be asked for are refused without a question', async (t) => {
  const resolver = setup(() => [])
  const names = [
    '',
    '.',
    'a..b',
    'a b.test',
    'ä.test',
    '-a.test',
    'a_b.test',
    `${'a'.repeat(64)}.test`,
    'a\0.test',
  ]
  for (const name of [...names, 'abcdefghi.'.repeat(26)]) {
    t.match(await resolver.mx(name, never), { kind: 'failed', failure: { code: 'dns' } }, name)
  }
  t.equal(server.asked.length, 0)
})

/* Forgery and garbage */

t.test('what is not the reply is ignored, and the true reply still counts', async (t) => {
  const truth = (asked: Asked) => reply(asked, { answers: [a('lab.test', '192.0.2.1')] })
  const forged = (asked: Asked) => reply(asked, { answers: [a('lab.test', '192.0.2.66')] })
  const loop = (asked: Asked) => {
    // One answer whose name is a compression pointer to itself.
    const head = encode(reply(asked))
    head.writeUInt16BE(1, 6)
    const pointer = Buffer.alloc(16)
    pointer.writeUInt16BE(0xc000 | head.length, 0)
    return Buffer.concat([head, pointer])
  }
  const counting = (asked: Asked) => {
    const head = encode(reply(asked))
    head.writeUInt16BE(0xffff, 6)
    return head
  }
  const cases: [string, (asked: Asked) => Reply][] = [
    ['another id', (asked) => ({ ...forged(asked), id: (asked.query.id! + 1) & 0xffff })],
    ['another name', (asked) => ({ ...forged(asked), questions: [{ name: 'evil.test', type: 'A' }] })],
    [
      'another type',
      (asked) => ({ ...forged(asked), questions: [{ ...asked.query.questions![0]!, type: 'TXT' }] }),
    ],
    ['no question', (asked) => ({ ...forged(asked), questions: [] })],
    ['our own query', (asked) => asked.raw],
    ['noise', () => Buffer.from('not a DNS message at all')],
    ['one octet', () => Buffer.from([0])],
    ['nothing', () => Buffer.alloc(0)],
    ['cut off', (asked) => encode(forged(asked)).subarray(0, -2)],
    ['a compression loop', loop],
    ['65535 answers announced', counting],
  ]
  for (const [name, bad] of cases) {
    const resolver = setup(only('A', (asked) => [bad(asked), truth(asked)]))
    t.match(await resolver.addresses('lab.test', never), { kind: 'found', value: ['192.0.2.1'] }, name)
    t.ok(
      server.asked.every((asked) => asked.over === 'udp'),
      `${name}: asked once`,
    )
  }
})

t.test('a reply in the wrong letter case is not believed: TCP decides', async (t) => {
  const resolver = setup((asked) => {
    const [question] = asked.query.questions!
    const flipped = question!.name.replace(/[a-z]/gi, (c) => (c < 'a' ? c.toLowerCase() : c.toUpperCase()))
    const data = asked.over === 'udp' ? 'forged' : 'true'
    const questions = asked.over === 'udp' ? [{ ...question!, name: flipped }] : [question!]
    return reply(asked, { questions, answers: [{ type: 'TXT', name: 'lab.test', ttl: 1, data }] })
  })
  t.match(await resolver.txt('lab.test', never), { kind: 'found', value: ['true'] })
})

/* TCP */

const truncated = (over: Script): Script => {
  return (asked) => (asked.over === 'udp' ? reply(asked, { flags: TC }) : over(asked))
}

t.test('a cut-off reply is asked for again over TCP', async (t) => {
  const data = Array.from({ length: 250 }, (_, i) => `${i}`.padStart(200, 'x'))
  const big = answers(...data.map((text): Answer => ({ type: 'TXT', name: 'lab.test', ttl: 60, data: text })))
  const resolver = setup(truncated(big))
  const found = await resolver.txt('lab.test', never)
  t.same(found.kind === 'found' && found.value, data)
  t.same(
    server.asked.map((asked) => asked.over),
    ['udp', 'tcp'],
  )
})

t.test('trouble over TCP is a failure', async (t) => {
  const cases: [string, Script][] = [
    ['noise', () => Buffer.alloc(64_000, 0xc0)],
    ['another id', (asked) => ({ ...reply(asked), id: (asked.query.id! + 1) & 0xffff })],
    ['cut off', (asked) => encode(reply(asked, { answers: [a('lab.test', '192.0.2.1')] })).subarray(0, -1)],
    ['empty', () => Buffer.alloc(0)],
  ]
  for (const [name, script] of cases) {
    const expected = { kind: 'failed', failure: { code: 'dns', detail: /malformed/ } }
    t.match(await setup(truncated(script)).mx('lab.test', never), expected, name)
  }
})

t.test('an abort while TCP is silent closes the connection', async (t) => {
  const controller = new AbortController()
  const resolver = setup(
    truncated(() => {
      controller.abort(new Error('enough'))
      return []
    }),
  )
  await t.rejects(resolver.mx('lab.test', controller.signal), { message: 'enough' })
})

/* Several servers, aborts, load */

t.test('the second server helps when the first fails or is slow', async (t) => {
  const good = answers({ type: 'TXT', name: 'lab.test', ttl: 1, data: 'second' })
  second.script = good
  const both = { servers: [server.address, second.address], attemptTimeoutMs: 2000 }
  const failing = setup((asked) => reply(asked, { rcode: 'SERVFAIL' }), both)
  t.match(await failing.txt('lab.test', never), { value: ['second'] })
  const start = performance.now()
  t.match(await setup(() => [], both).txt('lab.test', never), { value: ['second'] })
  t.ok(performance.now() - start < 1000, 'hedged, not timed out')
  const fine = setup(answers({ type: 'TXT', name: 'lab.test', ttl: 1, data: 'first' }), both)
  t.match(await fine.txt('lab.test', never), { value: ['first'] })
  t.equal(second.asked.length, 0, 'not asked without need')
})

t.test('who does not answer is asked last for a while', async (t) => {
  const good = answers({ type: 'TXT', name: 'lab.test', ttl: 1, data: 'second' })
  second.script = good
  const resolver = setup(() => [], { servers: [server.address, second.address], attemptTimeoutMs: 2000 })
  for (let count = 0; count < 3; count += 1) await resolver.txt('lab.test', never)
  t.equal(server.asked.length, 3)
  t.match(await resolver.txt('lab.test', never), { value: ['second'] })
  t.equal(server.asked.length, 3, 'spared, and nobody waited for it')
  second.script = () => []
  server.script = answers({ type: 'TXT', name: 'lab.test', ttl: 1, data: 'first' })
  t.match(await resolver.txt('lab.test', never), { value: ['first'] }, 'but not given up')
})

t.test('how long the next server waits follows the times of the first', (t) => {
  const one = new PanelServer({ send: () => () => undefined })
  t.equal(one.hedgeMs, 300, 'nothing is known')
  for (let count = 0; count < 20; count += 1) one.answered(2)
  t.equal(one.hedgeMs, 30, 'never so soon that a moment of load asks twice')
  for (let count = 0; count < 40; count += 1) one.answered(count % 2 === 0 ? 20 : 60)
  t.ok(one.hedgeMs > 60 && one.hedgeMs < 200, 'later than nearly all its answers')
  for (let count = 0; count < 60; count += 1) one.outrun(one.hedgeMs + 5, count)
  t.equal(one.hedgeMs, 300, 'who is always outrun is waited for longer, not asked in vain')
  t.equal(one.isResting(100), true, 'and in the end others go first')
  t.equal(one.isResting(60 + 10_000), false)
  t.end()
})

t.test('a failure told by one server outweighs the silence of another', async (t) => {
  second.script = (asked) => reply(asked, { rcode: 'REFUSED' })
  const resolver = setup(() => [], { servers: [server.address, second.address], attemptTimeoutMs: 20 })
  t.match(await resolver.mx('lab.test', never), {
    kind: 'failed',
    failure: { code: 'dns', detail: /REFUSED/ },
  })
})

t.test('an abort rejects with its reason and stops every question', async (t) => {
  const controller = new AbortController()
  const reason = new Error('the client is gone')
  const resolver = setup(() => {
    controller.abort(reason)
    return []
  })
  await t.rejects(resolver.addresses('lab.test', controller.signal), reason)
  const before = server.asked.length
  await t.rejects(resolver.mx('lab.test', controller.signal), reason, 'already aborted')
  await t.rejects(resolver.addresses('lab.test', controller.signal), reason)
  t.equal(server.asked.length, before)
})

t.test('two hundred questions at once share few sockets', async (t) => {
  const script: Script = (asked) =>
    reply(asked, { answers: [{ type: 'TXT', name: asked.name, ttl: 1, data: asked.name }] })
  const resolver = setup(script, { attemptTimeoutMs: 1500 })
  const names = Array.from({ length: 200 }, (_, i) => `n${i}.lab.test`)
  const found = await Promise.all(names.map((name) => resolver.txt(name, never)))
  t.same(
    found.map((lookup) => lookup.kind === 'found' && lookup.value[0]),
    names,
  )
  const ports = new Set(server.asked.map((asked) => asked.port)).size
  t.ok(ports >= 4 && ports <= 12, `${ports} ports`)
})

t.test('asking: the limit for everything, a bug on the way, whatever comes too late', async (t) => {
  const question = { name: 'lab.test', type: 'MX', wantsAd: false } as const
  let gaveUp = 0
  const transport = (exchanged?: Exchanged): DnsTransport => ({
    send(_question, done) {
      if (exchanged)
        queueMicrotask(() => {
          done(exchanged)
        })
      return () => gaveUp++
    },
  })
  const ask = (servers: DnsTransport[], timeoutMs: number) =>
    askServers({ panel: new DnsPanel(servers), question, attemptTimeoutMs: 1000, timeoutMs }, never)

  t.match(await ask([transport(), transport()], 20), { code: 'timeout' })
  t.equal(gaveUp, 1, 'the second was not asked yet')
  const bug = new TypeError('x is not a function')
  await t.rejects(ask([transport({ bug })], 1000), bug)
  const refused = { failure: failure('dns', 'refused') }
  t.match(await ask([transport(refused), transport()], 20), refused.failure, 'better than "in time"')
})

/* DNSSEC */

t.test('AD is asked for and believed only when the operator says so', async (t) => {
  const script: Script = (asked) =>
    reply(asked, {
      flags: asked.name === 'plain.lab.test' ? 0 : AD,
      answers:
        asked.type === 'A' && asked.name === 'alias.lab.test'
          ? [cname('alias.lab.test', 'plain.lab.test')]
          : [{ type: 'TXT', name: asked.name, ttl: 1, data: 'x' }, a(asked.name, '192.0.2.1')],
    })
  t.match(await setup(script).txt('lab.test', never), { authenticated: false })
  const trusting = setup(script, { trustAd: true })
  t.match(await trusting.txt('lab.test', never), { kind: 'found', authenticated: true })
  t.ok(server.asked[0]?.query.flag_ad)
  t.match(await trusting.txt('plain.lab.test', never), { authenticated: false })
  t.match(await trusting.addresses('lab.test', never), { authenticated: true })
  t.match(await trusting.addresses('alias.lab.test', never), { authenticated: false }, 'ANDed over the chain')
  t.match(await trusting.mx('lab.test', never), { kind: 'absent', authenticated: true })
})

/* How servers are written */

t.test('servers are read or refused by name', (t) => {
  for (const good of [
    '9.9.9.9',
    '9.9.9.9:5353',
    '2620:fe::fe',
    '[2620:fe::fe]:53',
    '[::1]',
    'https://dns.lab.test/q',
  ]) {
    t.doesNotThrow(() => createDnsResolver({ servers: [good] }), good)
  }
  for (const bad of [
    '',
    'dns.lab.test',
    '9.9.9.9:0',
    '9.9.9.9:65536',
    '1.2.3',
    '[9.9.9.9]:53',
    'http://x/',
    'https://',
  ]) {
    t.throws(
      () => createDnsResolver({ servers: [bad] }),
      new RegExp(`"${bad.replace(/[[\]]/g, '\\$&')}" is no DNS server`),
    )
  }
  t.throws(() => createDnsResolver({ servers: [] }), /no DNS server/)
  t.type(systemServers(), Array)
  t.end()
})

/* DNS over HTTPS */

/** Unbound speaks HTTP/2 alone, which RFC 8484 section 5.2 recommends; plain servers know nothing of it. */
const DOH_SERVERS: Readonly<Record<string, (keys: LabCertificate, listener: RequestListener) => TlsServer>> =
  {
    'HTTP/1.1': (keys, listener) => createHttpsServer(keys, listener),
    'HTTP/2 alone': (keys, listener) =>
      createHttp2Server(keys, (request, response) => {
        // Node's compatibility layer: what both have is all that is used.
        listener(request as unknown as IncomingMessage, response as unknown as ServerResponse)
      }),
  }

for (const [version, serve] of Object.entries(DOH_SERVERS))
  t.test(`https: RFC 8484 with POST, ${version}`, async (t) => {
    const ca = await createLabCa()
    const { key, cert } = await ca.issue({ names: ['localhost'] })
    const asked: Asked[] = []
    let behave: (asked: Asked) => { status?: number; body?: Buffer } | null = () => null
    const https = serve({ key, cert }, (request, response) => {
      t.match(request, {
        method: 'POST',
        url: '/dns-query?x=1',
        headers: { 'content-type': 'application/dns-message' },
      })
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const question = describe(Buffer.concat(chunks), 'doh', 0)
        asked.push(question)
        const reaction = behave(question)
        if (reaction === null) return
        response.writeHead(reaction.status ?? 200, { 'content-type': 'application/dns-message' })
        response.end(reaction.body)
      })
    })
    const open = new Set<Socket>()
    https.on('secureConnection', (socket) => open.add(socket))
    await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve))
    t.teardown(() => {
      for (const socket of open) socket.destroy()
      https.close()
    })
    const url = `https://localhost:${(https.address() as AddressInfo).port}/dns-query?x=1`
    const resolver = createDnsResolver({ servers: [url], doh: { ca: [ca.pem] } })
    const found = (question: Asked) => ({
      body: encode(reply(question, { answers: [{ type: 'TXT', name: 'lab.test', ttl: 1, data: 'x' }] })),
    })

    behave = found
    t.match(await resolver.txt('lab.test', never), { kind: 'found', value: ['x'] })
    t.equal(asked[0]?.query.id, 0)
    t.match(await resolver.mx('lab.test', never), { kind: 'absent' })

    const failures: [string, typeof behave][] = [
      ['status', () => ({ status: 503 })],
      ['noise', () => ({ body: Buffer.from('<html>') })],
      ['huge', () => ({ body: Buffer.alloc(100_000) })],
      [
        'another question',
        (q) => ({ body: encode({ ...reply(q), questions: [{ name: 'evil.test', type: 'MX' }] }) }),
      ],
      ['SERVFAIL', (q) => ({ body: encode(reply(q, { rcode: 'SERVFAIL' })) })],
    ]
    for (const [name, behaviour] of failures) {
      behave = behaviour
      t.match(await resolver.mx('lab.test', never), { kind: 'failed', failure: { code: 'dns' } }, name)
    }

    const controller = new AbortController()
    behave = () => {
      controller.abort(new Error('enough'))
      return null
    }
    await t.rejects(resolver.mx('lab.test', controller.signal), { message: 'enough' })

    const distrusting = createDnsResolver({ servers: [url] })
    t.match(await distrusting.mx('lab.test', never), {
      kind: 'failed',
      failure: { code: 'dns', detail: /certificate/ },
    })
  })

t.test('no test has left a socket open', (t) => {
  t.equal(idleSockets, 2)
  t.same(leaking, [])
  t.end()
})
