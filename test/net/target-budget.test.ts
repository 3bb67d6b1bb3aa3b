/** Nobody is burdened or scanned through us (R10), and we never ask ourselves. */
import { once } from 'node:events'
import { createServer, type Server, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import t from 'tap'
import type { Hostname } from '../../src/domain/hostname.js'
import type { MailProber, ProbeResult, ProbeTarget, Resolver } from '../../src/domain/source.js'
import { createNetworkMatcher } from '../../src/net/address-policy.js'
import { budgetedResolver, MAX_QUESTIONS } from '../../src/net/dns-budget.js'
import { createGuardedConnector } from '../../src/net/guarded-connect.js'
import { createHttpClient } from '../../src/net/http-client.js'
import { createMailProber } from '../../src/net/mail-prober.js'
import { rememberingProber } from '../../src/net/remembering-prober.js'
import {
  createTargetBudget,
  MAX_PER_KNOWN_TARGET,
  MAX_PER_ODD_PORTS,
  MAX_PER_TARGET,
  NOT_ASKED,
} from '../../src/net/target-budget.js'
import { probeFailed, probeVerified } from '../fakes/fake-prober.js'
import { createLabCa } from '../lab/ca.js'
import { createLoopback } from './loopback.js'

const signal = new AbortController().signal
const host = (name: string) => name as Hostname

/** A connector whose every dial is refused at once, and what it dialled. */
function world(addresses: (name: string) => readonly string[]) {
  const clock = { now: 0 }
  const dialled: string[] = []
  const resolver = {
    addresses: (name: string) =>
      Promise.resolve({ kind: 'found', value: addresses(name), ttlSeconds: 60, authenticated: false }),
  } as unknown as Resolver
  const connector = createGuardedConnector({
    resolver,
    policy: { allows: () => true },
    budget: createTargetBudget({
      isOwn: createNetworkMatcher(['10.0.0.0/8']),
      isKnown: (domain) => domain === 'gmail.com',
      now: () => clock.now,
    }),
    dial(address) {
      dialled.push(address)
      const socket = new Socket()
      process.nextTick(() => socket.destroy(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })))
      return socket
    },
  })
  const knock = async (hostname: string, port = 993) => {
    const target = { hostname, port, tls: false, signal, declaredPort: true }
    const error: unknown = await connector.connect(target).catch((reason: unknown) => reason)
    return (error as { failure: unknown }).failure === NOT_ASKED ? 'not asked' : 'knocked'
  }
  const knocks = async (times: number, hostname: (i: number) => string, port?: number) => {
    let count = 0
    for (let i = 0; i < times; i += 1) if ((await knock(hostname(i), port)) === 'knocked') count += 1
    return count
  }
  return { clock, dialled, connector, knock, knocks }
}

t.test('one address, under however many names', async (t) => {
  const { clock, dialled, knock, knocks } = world(() => ['192.0.2.1'])
  t.equal(await knocks(MAX_PER_TARGET + 50, (i) => `mx.evil${i}.example`), MAX_PER_TARGET)
  t.equal(dialled.length, MAX_PER_TARGET, 'nothing more left the process')
  t.equal(
    await knock('imap.gmail.com'),
    'knocked',
    'a known host is not starved by others that name its address',
  )
  clock.now += 60_000
  t.equal(await knock('mx.evil0.example'), 'knocked', 'a minute later')
  t.equal(NOT_ASKED.code, 'timeout', 'inconclusive, never absent')
})

t.test('one domain, with however many addresses', async (t) => {
  const { knock, knocks } = world((name) => [`192.0.${name.length}.${name.charCodeAt(1)}`])
  t.equal(await knocks(MAX_PER_TARGET + 50, (i) => `h${'x'.repeat(i % 40)}.evil.example`), MAX_PER_TARGET)
  t.equal(await knock('h.good.example'), 'knocked')
})

t.test('known providers and own networks', async (t) => {
  const known = world(() => ['192.0.2.1', '192.0.2.2'])
  t.equal(await known.knocks(MAX_PER_TARGET * 4, () => 'imap.gmail.com'), MAX_PER_TARGET * 4)
  t.ok(MAX_PER_KNOWN_TARGET >= MAX_PER_TARGET * 10)
  const own = world(() => ['10.1.2.3'])
  t.equal(await own.knocks(MAX_PER_TARGET * 2, () => 'mail.intranet.example'), MAX_PER_TARGET * 2)
})

t.test('an address that had enough is left out, its neighbour is dialled', async (t) => {
  const { dialled, knock, knocks } = world((name) =>
    name.startsWith('both') ? ['192.0.2.1', '192.0.2.2'] : ['192.0.2.1'],
  )
  await knocks(MAX_PER_TARGET, (i) => `mx.evil${i}.example`)
  dialled.length = 0
  t.equal(await knock('both.good.example'), 'knocked')
  t.same(dialled, ['192.0.2.2'])
})

t.test('ports that are none of mail’s are few', async (t) => {
  const { knock, knocks } = world(() => ['192.0.2.1'])
  t.equal(await knocks(40, (i) => `victim${i}.example`, 6379), MAX_PER_ODD_PORTS)
  t.equal(await knock('victim.example', 22), 'not asked')
  t.equal(await knock('victim.example', 993), 'knocked')
})

t.test('a port scanner learns nothing: neither from words nor from time', async (t) => {
  const [ca, strangers] = await Promise.all([createLabCa(), createLabCa()])
  const certificate = await strangers.issue({ names: ['victim.test'] })
  const silent = createServer(() => undefined)
  const banner = createServer((socket) => socket.write('SSH-2.0-OpenSSH_9.9\r\n'))
  const hangsUp = createServer((socket) => socket.end())
  const imap = createServer((socket) => socket.write('* OK without STARTTLS\r\n'))
  const untrusted = createTlsServer(certificate, (socket) => socket.write('* OK\r\n'))
  for (const server of [silent, banner, hangsUp, imap, untrusted]) {
    server.on('connection', (socket: Socket) => socket.on('error', () => undefined))
    server.on('tlsClientError', () => undefined)
  }
  const servers: Record<number, Server> = {
    1022: silent,
    1023: banner,
    1024: hangsUp,
    1025: imap,
    1026: untrusted,
  }
  const loopback = createLoopback(ca.pem)
  await loopback.serve(t, servers)
  const total = 300
  const prober = createMailProber({
    connector: loopback.connector,
    stepTimeoutMs: 100,
    totalTimeoutMs: total,
  })
  const results = await Promise.all(
    ['tls', 'starttls'].flatMap((security) =>
      [1021, ...Object.keys(servers).map(Number)].map(async (port) => {
        const target = { protocol: 'imap', hostname: host('victim.test'), port, security, declaredPort: true }
        const before = performance.now()
        const result = await prober.probe(target as ProbeTarget, signal)
        return { result, early: performance.now() - before < total - 20 }
      }),
    ),
  )
  const alike = {
    kind: 'absent',
    failure: { code: 'unreachable', detail: 'the server could not be reached' },
  }
  for (const { result, early } of results) {
    t.same(result, alike)
    t.notOk(early, 'told only when the time of a probe is over')
  }
  const controller = new AbortController()
  const target = { protocol: 'imap', hostname: host('victim.test'), port: 1021, security: 'tls' } as const
  const called = createMailProber({ connector: loopback.connector }).probe(
    { ...target, declaredPort: true },
    controller.signal,
  )
  controller.abort(new Error('gone'))
  await t.rejects(called, { message: 'gone' })
})

t.test('what was verified a moment ago stands in for what may not be asked now', async (t) => {
  let answer: ProbeResult = probeVerified()
  let now = 0
  const inner: MailProber = { probe: () => Promise.resolve(answer) }
  const prober = rememberingProber(inner, { now: () => now, maxServers: 2 })
  const ask = async (name: string) => {
    const target = { protocol: 'imap', hostname: host(name), port: 993, security: 'tls' } as const
    return (await prober.probe(target, signal)).kind
  }
  const blocked: ProbeResult = { kind: 'failed', failure: NOT_ASKED }
  await ask('a.test')
  answer = blocked
  t.equal(await ask('a.test'), 'verified')
  t.equal(await ask('b.test'), 'failed')
  now += 600_000
  t.equal(await ask('a.test'), 'failed', 'too long ago')
  answer = probeVerified()
  await ask('a.test')
  answer = probeFailed('certificate')
  t.equal(await ask('a.test'), 'failed')
  answer = blocked
  t.equal(await ask('a.test'), 'failed', 'a failure is the newer news')
  answer = probeVerified()
  for (const name of ['a.test', 'b.test', 'c.test']) await ask(name)
  answer = blocked
  t.equal(await ask('a.test'), 'failed', 'only so many are remembered')
  t.equal(await ask('c.test'), 'verified')
})

t.test('redirects and requests that lead to ourselves are refused', async (t) => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.end(
        'HTTP/1.1 302 Found\r\nlocation: http://config.example.de/v1.1/a.test\r\ncontent-length: 0\r\n\r\n',
      )
    })
  })
  const loopback = createLoopback((await createLabCa()).pem)
  const { dialled } = await loopback.serve(t, { 80: server })
  const http = createHttpClient({ connector: loopback.connector, ownHost: host('config.example.de') })
  const get = async (url: string) => http.request({ url, signal, allowHttp: true })
  const refused = { kind: 'failed', failure: { code: 'unreachable' } }
  t.match(await get('http://config.example.de/mail/config-v1.1.xml'), refused)
  t.match(await get('https://config.example.de/mail/config-v1.1.xml'), refused)
  t.same(dialled, [])
  t.match(await get('http://autoconfig.a.test/'), refused)
  t.same(dialled, [80], 'the first hop alone')
  if (server.listening) {
    server.close()
    await once(server, 'close')
  }
})

t.test('name servers are not burdened either: so many questions below one domain', async (t) => {
  const clock = { now: 0 }
  const asked: string[] = []
  const answer = (name: string) => {
    asked.push(name)
    return Promise.resolve({ kind: 'absent', ttlSeconds: 60, authenticated: false } as const)
  }
  const resolver = budgetedResolver(
    { mx: answer, srv: answer, txt: answer, addresses: answer },
    { isKnown: (domain) => domain === 'gmail.com', now: () => clock.now },
  )
  // Each name is new, as an attacker's are; a question about hosts is two.
  for (let number = 0; number < MAX_QUESTIONS / 4; number += 1) {
    await resolver.mx(`n${number}.victim.co.uk`, signal)
    await resolver.srv(`_imaps._tcp.n${number}.Victim.co.uk`, signal)
    await resolver.addresses(`imap.n${number}.victim.co.uk`, signal)
  }
  const before = asked.length
  t.match(await resolver.txt('new.victim.co.uk', signal), { kind: 'failed', failure: { code: 'timeout' } })
  t.equal(asked.length, before, 'it did not leave')
  t.match(await resolver.mx('other.co.uk', signal), { kind: 'absent' }, 'a neighbour has his own')
  for (let number = 0; number < MAX_QUESTIONS * 2; number += 1)
    await resolver.mx(`n${number}.gmail.com`, signal)
  t.match(await resolver.mx('gmail.com', signal), { kind: 'absent' }, 'many lookups lead to a known provider')
  clock.now += 60_000
  t.match(await resolver.txt('new.victim.co.uk', signal), { kind: 'absent' })
})
