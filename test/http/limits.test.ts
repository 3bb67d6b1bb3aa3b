/** Limits (R10): nobody takes the service from the others, and nobody reaches strangers through it. */
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { createMemoryStore } from '../../src/cache/store.js'
import type { Terminal } from '../../src/cli/terminal.js'
import { tokenCommand } from '../../src/cli/token.js'
import { ConfigError, readConfig } from '../../src/config.js'
import type { DomainChecker } from '../../src/discovery/check-domain.js'
import { ColdGate, OverloadedError } from '../../src/discovery/cold-gate.js'
import { createDiscoveryService } from '../../src/discovery/discovery-service.js'
import { RATE_WINDOW_MS, RateWindows } from '../../src/domain/rate-window.js'
import type { SourceOutcome } from '../../src/domain/source.js'
import { buildApp } from '../../src/http/app.js'
import type { AppParts } from '../../src/http/app-parts.js'
import { clientKey } from '../../src/http/limits/client-key.js'
import { ClientLimits } from '../../src/http/limits/client-limits.js'
import {
  makeToken,
  readTokenLines,
  type TokenEntry,
  tokenDigest,
  tokenLine,
} from '../../src/http/limits/token-lines.js'
import { openTokenFile } from '../../src/token-file.js'
import { type Deferred, deferred, settled } from '../fakes/deferred.js'
import { FakeCounters } from '../fakes/fake-counters.js'
import { FakeProber } from '../fakes/fake-prober.js'
import { FakeSource } from '../fakes/fake-source.js'

const ABSENT: SourceOutcome = { outcome: 'absent', ttlSeconds: 900 }
const MANY = { requests: 1_000_000, cold: 1_000_000, gate: new ColdGate({ places: 1000 }) }

interface Setting {
  readonly limits?: AppParts['limits']
  readonly trustProxy?: AppParts['trustProxy']
  /** Holds every lookup until it resolves. */
  readonly hold?: Deferred<SourceOutcome>
  readonly checker?: DomainChecker
  readonly clock?: { now: number }
}

/** A service whose one source finds nothing: an answer is 404, a kept one too. */
function build({ limits = MANY, trustProxy, hold, checker, clock = { now: 1_000_000 } }: Setting) {
  const source = new FakeSource('srv', hold ? () => hold.promise : ABSENT)
  const service = createDiscoveryService({
    sources: [source],
    prober: new FakeProber(),
    budgetMs: 5000,
    now: () => clock.now,
    store: createMemoryStore({ maxBytes: 1_000_000 }),
    allowSpecialUseNames: true,
    suggest: () => [],
    onBug: (_, error) => {
      throw error
    },
  })
  const app = buildApp({
    service,
    isOwnDomain: () => false,
    now: () => clock.now,
    version: '0',
    limits,
    publicUrl: 'https://config.example.de',
    ...(trustProxy === undefined ? {} : { trustProxy }),
    ...(checker ? { checker } : {}),
  })
  const ask = (domain: string, remoteAddress = '192.0.2.1', more: Partial<InjectOptions> = {}) =>
    app.inject({ url: `/v1/discover?email=ann@${domain}`, remoteAddress, ...more })
  return { app, service, source, clock, ask }
}

t.test('ten thousand requests of one client, and the other is served', async (t) => {
  const { app, clock, ask } = build({ limits: { ...MANY, requests: 600 } })
  await ask('warm.test', '192.0.2.200')
  const statuses = new Map<number, number>()
  let slowest = 0
  for (let i = 0; i < 10_000; i += 1) {
    const { statusCode } = await ask('warm.test')
    statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
    if (i % 500 !== 0) continue
    const before = performance.now()
    t.equal((await ask('warm.test', '192.0.2.2')).statusCode, 404, 'the other client has its answer')
    slowest = Math.max(slowest, performance.now() - before)
  }
  t.same(Object.fromEntries(statuses), { 404: 600, 429: 9400 })
  t.comment(`slowest answer for the other client: ${slowest.toFixed(1)} ms`)

  const refused = await ask('warm.test')
  t.equal(refused.json<{ code: string }>().code, 'RATE_LIMITED')
  t.equal(refused.headers['content-type'], 'application/problem+json; charset=utf-8')
  t.equal(refused.headers['retry-after'], '60')
  t.equal(refused.headers['ratelimit'], '"requests";r=0;t=60')
  t.equal(refused.headers['ratelimit-policy'], '"requests";q=600;w=60, "lookups";q=1000000;w=60')
  for (const url of ['/healthz', '/readyz']) {
    const { statusCode, headers } = await app.inject({ url, remoteAddress: '192.0.2.1' })
    t.equal(statusCode, 200, `${url} is not limited`)
    t.notOk(headers['ratelimit'])
  }
  t.equal((await app.inject({ url: '/nowhere', remoteAddress: '192.0.2.1' })).statusCode, 429)

  clock.now += 59_000
  t.equal((await ask('warm.test')).headers['retry-after'], '1')
  clock.now += 1000
  const again = await ask('warm.test')
  t.equal(again.statusCode, 404, 'a minute later there is a new budget')
  t.equal(again.headers['ratelimit'], '"requests";r=599;t=60')
})

t.test('cold lookups have a budget of their own; kept answers and joiners do not touch it', async (t) => {
  const hold = deferred<SourceOutcome>()
  const { ask, source } = build({ limits: { ...MANY, cold: 2 }, hold })
  const both = [ask('a.test'), ask('a.test')]
  await settled()
  hold.resolve(ABSENT)
  const [first, joined] = await Promise.all(both)
  t.equal(first?.headers['ratelimit'], '"requests";r=999999;t=60, "lookups";r=1;t=60')
  t.notMatch(joined?.headers['ratelimit'], /lookups/, 'who joins pays nothing')
  t.notMatch((await ask('a.test')).headers['ratelimit'], /lookups/, 'a kept answer costs nothing')
  t.equal((await ask('b.test')).statusCode, 404)
  const refused = await ask('c.test')
  t.equal(refused.statusCode, 429)
  t.equal(refused.headers['ratelimit'], '"requests";r=999995;t=60, "lookups";r=0;t=60')
  t.equal(refused.headers['retry-after'], '60')
  t.equal(source.queries.length, 2, 'nobody was asked for the third')
  t.equal((await ask('a.test&refresh=true')).statusCode, 429, 'asking anew is a cold lookup')
  t.equal((await ask('d.test&sendAddress=true')).statusCode, 429, 'so is one that is not shared')
  t.equal((await ask('a.test')).statusCode, 404, 'kept answers are still served')
  t.equal((await ask('c.test', '192.0.2.2')).statusCode, 404, 'others have their own')
})

t.test('every way of asking passes the turnstile', async (t) => {
  const checked: boolean[] = []
  const checker: DomainChecker = {
    check({ domain, turnstile }) {
      checked.push(turnstile !== undefined)
      turnstile?.admit()
      return Promise.resolve({ kind: 'failed', domain })
    },
  }
  const { app, source } = build({ limits: { ...MANY, cold: 1 }, checker })
  const statusOf = async (options: InjectOptions) => (await app.inject(options)).statusCode
  t.equal(await statusOf({ url: '/v1/domains/first.test' }), 404)
  for (const path of [
    '/v1/discover?email=a@x.test',
    '/v1/domains/x.test',
    '/v1/domains/x.test/zone',
    '/v1/domains/x.test/check',
    '/v1/mobileconfig?email=a@x.test',
    '/v1/qr.svg?email=a@x.test',
    '/v1/guides/thunderbird?email=a@x.test',
    '/mail/config-v1.1.xml?emailaddress=a@x.test',
    '/v1.1/x.test',
  ]) {
    t.equal(await statusOf({ url: path }), 429, path)
  }
  t.equal(await statusOf({ method: 'POST', url: '/', payload: { email: 'a@x.test' } }), 429, 'the page')
  const events = await app.inject('/v1/discover/events?email=a@x.test')
  t.match(events.body, /event: problem\ndata: .*"code":"RATE_LIMITED"/)
  t.same(checked, [true])
  t.equal(source.queries.length, 1)
})

t.test('a batch counts each of its addresses', async (t) => {
  const { app } = build({ limits: { ...MANY, requests: 10, cold: 2 } })
  const batch = (emails: string[]) =>
    app.inject({ method: 'POST', url: '/v1/discover/batch', payload: { emails } })
  const cold = await batch(['a@a.test', 'a@b.test', 'a@c.test', 'a@d.test'])
  const codes = cold.body
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { body: { code: string } }).body.code)
  t.same(codes.sort(), ['NOTHING_FOUND', 'NOTHING_FOUND', 'RATE_LIMITED', 'RATE_LIMITED'])
  t.match(cold.headers['ratelimit'], /^"requests";r=6;t=60/)
  t.notOk(cold.headers['retry-after'], 'the answer as a whole is none to repeat')
  const tooMany = await batch(Array.from({ length: 7 }, (_, i) => `a${i}@a.test`))
  t.equal(tooMany.statusCode, 429)
  t.equal((await batch(['a@a.test', 'b@a.test'])).statusCode, 200, 'a smaller one still fits')
})

t.test('too many lookups at a time: OVERLOADED, and it recovers', async (t) => {
  const hold = deferred<SourceOutcome>()
  const { ask, app } = build({ limits: { ...MANY, gate: new ColdGate({ places: 2 }) }, hold })
  // Two are under way, 64 wait, the 67th finds no room.
  const waiting = Array.from({ length: 66 }, (_, i) => ask(`d${i}.test`, `192.0.2.${i}`))
  await settled(20)
  const refused = await ask('late.test')
  t.equal(refused.statusCode, 503)
  t.equal(refused.json<{ code: string }>().code, 'OVERLOADED')
  t.match(refused.headers['retry-after'], /^\d+$/)
  t.equal((await app.inject('/healthz')).statusCode, 200)
  hold.resolve(ABSENT)
  t.same(new Set((await Promise.all(waiting)).map(({ statusCode }) => statusCode)), new Set([404]))
  t.equal((await ask('late.test')).statusCode, 404)
})

t.test('the gate', async (t) => {
  const never = new AbortController().signal
  const gate = new ColdGate({ places: 1, maxWaiting: 2, maxWaitMs: 20 })
  const leave = await gate.enter(never)
  await t.rejects(gate.enter(never), OverloadedError, 'waiting ends')
  await t.rejects(gate.enter(AbortSignal.abort(new Error('gone'))), { message: 'gone' })
  const controller = new AbortController()
  const impatient = gate.enter(controller.signal)
  const patient = gate.enter(never)
  await t.rejects(gate.enter(never), OverloadedError, 'the queue is full')
  controller.abort(new Error('gone'))
  await t.rejects(impatient, { message: 'gone' })
  leave()
  leave()
  const next = await patient
  const third = gate.enter(never)
  next()
  ;(await third)()
  t.type(await gate.enter(never), 'function', 'leaving twice gives one place back')
  await t.rejects(gate.enter(never), OverloadedError)
})

t.test('one client has a quarter of the places at most', async (t) => {
  const never = new AbortController().signal
  const gate = new ColdGate({ places: 8, maxWaitMs: 60_000 })
  const order: string[] = []
  const enter = async (client: string, name: string) => {
    const leave = await gate.enter(never, client)
    order.push(name)
    return leave
  }
  const greedy = await Promise.all([enter('greedy', 'g1'), enter('greedy', 'g2')])
  const third = enter('greedy', 'g3')
  await settled()
  t.equal(gate.running, 2, 'places are free, but not for him')
  const crowd = await Promise.all(['a', 'b', 'c', 'd'].map((client) => enter(client, client)))
  const calm = await Promise.all([enter('calm', 'c1'), enter('other', 'o1')])
  const later = enter('calm', 'c2')
  await settled()
  t.strictSame([gate.running, gate.waiting], [8, 2])
  calm[1]()
  await later
  t.strictSame(
    order,
    ['g1', 'g2', 'a', 'b', 'c', 'd', 'c1', 'o1', 'c2'],
    'who has his share is passed over in the queue',
  )
  greedy[0]()
  await third
  t.equal(gate.waiting, 0)
  for (const leave of [greedy[1], calm[0], await later, await third, ...crowd]) leave()
  t.equal(gate.running, 0)
})

t.test('a place is kept until the background work has ended', async (t) => {
  const late = deferred<SourceOutcome>()
  const operator: SourceOutcome = { outcome: 'absent', noMail: true }
  const service = createDiscoveryService({
    sources: [new FakeSource('operator', operator), new FakeSource('guess', late.promise)],
    prober: new FakeProber(),
    budgetMs: 5000,
    now: () => 0,
    store: createMemoryStore({ maxBytes: 1_000_000 }),
    allowSpecialUseNames: true,
    suggest: () => [],
    onBug: () => undefined,
  })
  let inside = 0
  const turnstile = {
    admit: () => undefined,
    enter: () => {
      inside += 1
      return Promise.resolve(() => {
        inside -= 1
      })
    },
  }
  const { signal } = new AbortController()
  const domain = 'a.test' as Parameters<typeof service.discover>[0]['domain']
  const answer = service.discover({ domain, signal, turnstile })
  await settled()
  t.equal(inside, 1)
  late.resolve(ABSENT)
  await answer
  await service.idle()
  t.equal(inside, 0)
  const controller = new AbortController()
  const gone = service.discover({ domain, signal: controller.signal, turnstile, refresh: true })
  controller.abort(new Error('gone'))
  await t.rejects(gone, { message: 'gone' })
  await settled()
  t.equal(inside, 0, 'a lookup that is called off gives its place back')
})

t.test('who a client is', (t) => {
  t.equal(clientKey('192.0.2.1'), '192.0.2.1')
  t.equal(clientKey('::ffff:192.0.2.1'), '192.0.2.1')
  t.equal(clientKey('192.0.2.1:4711'), '192.0.2.1')
  t.equal(clientKey('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64')
  t.equal(clientKey('[2001:db8:1:2::9]:443'), '2001:db8:1:2::/64')
  t.equal(clientKey('2001:0DB8:0001:0002:ffff::'), '2001:db8:1:2::/64')
  t.not(clientKey('2001:db8:1:3::'), '2001:db8:1:2::/64')
  for (const text of ['', 'x', '_hidden', '127.1', '0x7f000001', '999.1.1.1', 'x'.repeat(10_000)]) {
    t.equal(clientKey(text), 'unknown', text.slice(0, 20))
  }
  t.end()
})

t.test('IPv6 counts by /64', async (t) => {
  const { ask } = build({ limits: { ...MANY, requests: 2 } })
  t.equal((await ask('a.test', '2001:db8:1:1::1')).statusCode, 404)
  t.equal((await ask('a.test', '2001:db8:1:1:ffff::2')).statusCode, 404)
  t.equal((await ask('a.test', '2001:db8:1:1:1234:5678:9abc:def0')).statusCode, 429)
  t.equal((await ask('a.test', '2001:db8:1:2::1')).statusCode, 404)
})

t.test('X-Forwarded-For is believed of a trusted proxy alone', async (t) => {
  const from = (client: string) => ({ headers: { 'x-forwarded-for': client } })
  const limits = { ...MANY, requests: 1 }
  const second = async ({ ask }: { ask: ReturnType<typeof build>['ask'] }, peer: string) => {
    await ask('a.test', peer, from('198.51.100.1'))
    return (await ask('a.test', peer, from('198.51.100.2'))).statusCode
  }
  t.equal(await second(build({ limits }), '10.0.0.1'), 429, 'off: the header means nothing')
  t.equal(await second(build({ limits, trustProxy: ['10.0.0.0/8'] }), '10.0.0.1'), 404)
  t.equal(
    await second(build({ limits, trustProxy: ['10.0.0.0/8'] }), '192.0.2.9'),
    429,
    'a stranger’s header',
  )
  t.equal(await second(build({ limits, trustProxy: 1 }), '192.0.2.9'), 404, 'one hop')
  const chain = build({ limits, trustProxy: ['10.0.0.0/8'] })
  await chain.ask('a.test', '10.0.0.1', from('1.1.1.1, 198.51.100.1'))
  const forged = await chain.ask('a.test', '10.0.0.1', from('2.2.2.2, 198.51.100.1'))
  t.equal(forged.statusCode, 429, 'what the client itself wrote in front does not count')
})

t.test('several processes count together', async (t) => {
  // Ten seconds into a minute of the wall clock, which is everybody's window.
  const clock = { now: 20 * RATE_WINDOW_MS + 10_000 }
  const hub = new FakeCounters(() => clock.now)
  const processOf = () => {
    const shared = hub.join()
    const service = build({ limits: { ...MANY, requests: 10, cold: 3, shared }, clock })
    return { ...service, shared }
  }
  const [one, two] = [processOf(), processOf()]
  t.equal((await one.ask('a.test')).headers['ratelimit'], '"requests";r=9;t=50, "lookups";r=2;t=50')
  t.match(
    (await two.ask('b.test')).headers['ratelimit'],
    /"lookups";r=1;t=50/,
    'a lookup waits for the count',
  )
  t.equal((await one.ask('c.test')).statusCode, 404)
  t.equal((await two.ask('d.test')).statusCode, 429, 'the fourth of three')
  t.equal(two.source.queries.length, 1, 'nobody was asked for it')
  t.equal((await two.ask('e.test', '192.0.2.2')).statusCode, 404, 'another client')

  for (let i = 0; i < 6; i += 1) t.equal((await one.ask('a.test')).statusCode, 404)
  await Promise.all([one.shared.sync(), two.shared.sync()])
  t.equal((await two.ask('b.test')).statusCode, 429, 'eight and two of ten')
  clock.now += 50_000
  hub.isAway = true
  const alone = await two.ask('f.test')
  t.equal(alone.statusCode, 404, 'who hears of nobody counts for himself')
  t.match(alone.headers['ratelimit'], /^"requests";r=9;t=60, "lookups";r=2;t=60$/)
})

t.test('many addresses do not grow memory', (t) => {
  let now = 0
  const limits = new ClientLimits({ now: () => now, maxClients: 100 })
  const budgets = { requests: 5, cold: 5 }
  for (let i = 0; i < 10_000; i += 1) limits.takeRequests({ key: `10.0.${i >> 8}.${i & 255}`, budgets })
  t.equal(limits.size, 100)

  const windows = new RateWindows({ now: () => now, maxKeys: 2 })
  t.same(windows.peek('a', 2), { allowed: true, remaining: 2, resetSeconds: 60 })
  t.equal(windows.size, 0, 'looking takes no memory')
  t.same(windows.take('a', 2), { allowed: true, remaining: 1, resetSeconds: 60 })
  t.same(windows.take('a', 2, 2), { allowed: false, remaining: 1, resetSeconds: 60 })
  t.same(windows.take('a', 2), { allowed: true, remaining: 0, resetSeconds: 60 })
  t.same(windows.peek('a', 2), { allowed: false, remaining: 0, resetSeconds: 60 })
  now += RATE_WINDOW_MS - 1
  t.same(windows.take('a', 2), { allowed: false, remaining: 0, resetSeconds: 1 })
  windows.take('b', 2)
  now += 1
  t.ok(windows.take('a', 2).allowed)
  windows.take('c', 2)
  t.equal(windows.peek('b', 2).remaining, 2, 'the oldest window goes first')
  t.equal(windows.peek('a', 2).remaining, 1)
  t.end()
})

t.test('a clock that is set back shuts nobody out', (t) => {
  let now = 10 * RATE_WINDOW_MS
  const windows = new RateWindows({ now: () => now })
  t.ok(windows.take('a', 1).allowed)
  now -= 1000
  t.match(windows.take('a', 1), { allowed: true }, 'the window of before has no end that can be told')
  t.match(windows.take('a', 1), { allowed: false, resetSeconds: 60 })
  now -= 24 * 3600 * 1000
  t.match(windows.peek('a', 1), { allowed: true, resetSeconds: 60 })
  t.ok(windows.take('a', 1).allowed)
  t.end()
})

t.test('another mailscout is told to ask for itself, before any lookup', async (t) => {
  const { ask, app, source } = build({})
  const headers = { 'user-agent': 'mailscout/0.1.0 (+https://github.com/mailscout/mailscout)' }
  const refused = await ask('loop.test', '192.0.2.1', { headers })
  t.equal(refused.statusCode, 400)
  t.match(refused.json(), { code: 'QUERY_INVALID', detail: /another mailscout/ })
  for (const url of ['/mail/config-v1.1.xml?emailaddress=a@loop.test', '/v1.1/loop.test']) {
    t.equal((await app.inject({ url, headers })).statusCode, 400, url)
  }
  t.equal(source.queries.length, 0)
  t.equal((await app.inject({ url: '/healthz', headers })).statusCode, 200)
  t.equal(
    (await ask('loop.test', '192.0.2.1', { headers: { 'user-agent': 'not-mailscout/1' } })).statusCode,
    404,
  )
})

t.test('settings', (t) => {
  t.match(readConfig({}), {
    MAILSCOUT_RATE_LIMIT_MAX: 600,
    MAILSCOUT_RATE_LIMIT_COLD_MAX: 30,
    MAILSCOUT_MAX_COLD_LOOKUPS: 16,
  })
  const proxy = (value: string) => readConfig({ MAILSCOUT_TRUST_PROXY: value }).MAILSCOUT_TRUST_PROXY
  t.equal(readConfig({}).MAILSCOUT_TRUST_PROXY, undefined)
  t.equal(proxy('2'), 2)
  t.same(proxy('loopback, 10.0.0.0/8,2001:db8::1'), ['loopback', '10.0.0.0/8', '2001:db8::1'])
  for (const value of ['true', '*', '10.0.0.0/99', 'proxy.example.de', '0', ',']) {
    t.throws(() => proxy(value), ConfigError, value)
  }
  t.throws(() => readConfig({ MAILSCOUT_MAX_COLD_LOOKUPS: '0' }), ConfigError)
  t.end()
})

t.test('bearer tokens', async (t) => {
  const token = makeToken()
  const entry = {
    name: 'partner',
    digest: tokenDigest(token),
    budgets: { requests: 1000, cold: 5 },
    refresh: true,
  }
  let entries: readonly TokenEntry[] = [
    entry,
    { ...entry, name: 'plain', digest: tokenDigest('x'), refresh: false },
  ]
  const { ask, app, source } = build({ limits: { ...MANY, requests: 4, cold: 1, tokens: () => entries } })
  const bearing = (text: string) => ({ headers: { authorization: `Bearer ${text}` } })
  const mine = await ask('a.test', '192.0.2.1', bearing(token))
  t.equal(mine.headers['ratelimit-policy'], '"requests";q=1000;w=60, "lookups";q=5;w=60')
  t.equal(mine.headers['ratelimit'], '"requests";r=999;t=60, "lookups";r=4;t=60')
  const elsewhere = await ask('a.test&refresh=true', '192.0.2.2', bearing(token))
  t.equal(
    elsewhere.headers['ratelimit'],
    '"requests";r=998;t=60, "lookups";r=3;t=60',
    'the holder is one client',
  )
  t.equal(source.queries.length, 2)

  const stranger = await ask('a.test', '192.0.2.3')
  t.match(stranger.headers['ratelimit-policy'], /^"requests";q=4;/)
  const refused = await ask('a.test&refresh=true', '192.0.2.3')
  t.equal(refused.statusCode, 400, 'never 401 (R43)')
  t.match(refused.json(), { code: 'QUERY_INVALID', detail: /bearer token/ })
  const unknown = await ask('a.test', '192.0.2.3', bearing(makeToken()))
  t.match(unknown.json(), { code: 'QUERY_INVALID', detail: /not known/ })
  t.match(unknown.headers['ratelimit'], /^"requests";r=1;/, 'counted to the address')
  t.equal((await ask('a.test', '192.0.2.3', bearing('short'))).statusCode, 400)
  t.equal((await ask('a.test', '192.0.2.3', bearing(makeToken()))).statusCode, 429, 'guessing has an end')
  t.equal(source.queries.length, 2, 'nobody was asked for any of them')

  const headers = { authorization: `Bearer ${token}` }
  for (const url of [
    '/v1.1/a.test',
    '/mail/config-v1.1.xml?emailaddress=a@a.test',
    '/v1/mobileconfig?email=a@a.test',
  ]) {
    const { headers: told } = await app.inject({ url, headers, remoteAddress: '192.0.2.4' })
    t.match(told['ratelimit-policy'], /q=4;/, `R5: ${url} does not look at it`)
  }
  t.equal((await app.inject({ url: '/v1.1/a.test', ...bearing('rubbish') })).statusCode, 404)
  const basic = { headers: { authorization: 'Basic YW5uOnNlY3JldA==' } }
  t.equal((await ask('a.test', '192.0.2.5', basic)).statusCode, 404, 'a password is nothing to us')
  const batch = await app.inject({
    method: 'POST',
    url: '/v1/discover/batch',
    headers,
    payload: { emails: ['a@a.test', 'b@a.test', 'c@a.test'] },
  })
  t.match(batch.headers['ratelimit'], /^"requests";r=995;/, 'each address of a batch')
  entries = []
  t.equal((await ask('a.test', '192.0.2.6', bearing(token))).statusCode, 400, 'taken away')
})

t.test('the tokens file', (t) => {
  const path = join(t.testdir({}), 'tokens')
  const digest = tokenDigest(makeToken())
  const line = tokenLine({ name: 'partner', digest, budgets: { cold: 5 }, refresh: true })
  t.match(line, /^partner sha256:[\da-f]{64} cold=5 refresh$/)
  t.same(readTokenLines(`# ours\n\n${line}\n`), [
    { name: 'partner', digest, budgets: { cold: 5 }, refresh: true },
  ])
  for (const [text, reason] of [
    ['a', /^line 1: .*sha256/],
    [`${line}\n${line}`, /^line 2: the name stands there twice/],
    [`${line}\n${line.replace('partner', 'b')}`, /^line 2: the token/],
    [line.replace('cold=5', 'cold=0'), /^line 1: may only hold/],
    [line.replace('partner', 'pärtner'), /^line 1: the name must/],
  ] as const) {
    t.match(readTokenLines(text), reason)
  }
  const config = readConfig({ MAILSCOUT_TOKENS_FILE: path })
  const told: (number | string)[] = []
  let change: () => void = () => undefined
  const open = () =>
    openTokenFile(config, {
      onChange: (tokens) => told.push(tokens),
      onRefused: (reason) => told.push(reason),
      surveillance: ({ directories, hasChanged, onChange }) => {
        t.same(directories(), [dirname(path)])
        change = () => {
          if (hasChanged()) onChange()
        }
        return () => undefined
      },
    })
  t.equal(openTokenFile(readConfig({}), { onChange: () => 0, onRefused: () => 0 }), null)
  t.throws(open, { message: 'MAILSCOUT_TOKENS_FILE: cannot be read (ENOENT)' })
  writeFileSync(path, 'secret-by-mistake')
  t.throws(open, { name: 'ConfigError', message: /^MAILSCOUT_TOKENS_FILE: line 1: [^\n]*$/ })
  writeFileSync(path, `${line}\n`)
  const file = open()
  t.equal(file?.entries().length, 1)
  change()
  writeFileSync(path, `${line}\nrubbish here`)
  change()
  t.match(told, [/^MAILSCOUT_TOKENS_FILE: line 2/], 'refused, once')
  t.equal(file?.entries().length, 1, 'the last good one')
  writeFileSync(path, '')
  file?.reread()
  t.same([told.at(-1), file?.entries()], [0, []])
  file?.close()

  const outputs = { out: '', err: '' }
  const terminal = {
    out: (text: string) => (outputs.out += text),
    err: (text: string) => (outputs.err += text),
  }
  const run = (args: readonly string[]) => tokenCommand(args, { terminal: terminal as unknown as Terminal })
  t.equal(run(['partner', '--cold', '300', '--refresh']), 0)
  const [made] = readTokenLines(outputs.out)
  t.match(made, { name: 'partner', budgets: { cold: 300 }, refresh: true })
  t.same((made as TokenEntry).digest, tokenDigest(outputs.err.trim()))
  for (const args of [[], ['a', 'b'], ['ä'], ['a', '--requests', '0']])
    t.throws(() => run(args), { name: 'UsageError' })
  t.end()
})
