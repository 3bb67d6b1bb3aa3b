import fc from 'fast-check'
import assert from 'node:assert/strict'
import t from 'tap'
import { createMemoryStore } from '../../src/cache/store.js'
import { ColdGate } from '../../src/discovery/cold-gate.js'
import { createDiscoveryService } from '../../src/discovery/discovery-service.js'
import { lookUp, type LookupRequest } from '../../src/discovery/lookup.js'
import { probeOnce } from '../../src/discovery/probe-once.js'
import type { Discovery, SourceReport } from '../../src/domain/discovery.js'
import { parseEmailAddress } from '../../src/domain/email-address.js'
import type { Hostname } from '../../src/domain/hostname.js'
import { type DeclaredServer, type SourceName } from '../../src/domain/mail-settings.js'
import type { Finding, ProbeResult, ProbeTarget, Source, SourceOutcome } from '../../src/domain/source.js'
import type { Channel } from '../../src/domain/trust.js'
import { type Deferred, deferred, never, settled } from '../fakes/deferred.js'
import { FakeProber, probeAbsent, probeFailed, type ProbeTable, probeVerified } from '../fakes/fake-prober.js'
import { FakeSource, type SourceAnswer } from '../fakes/fake-source.js'

const DOMAIN = 'kunde.de' as Hostname
const NOW = Date.parse('2026-11-23T00:00:00Z')
/** Longer than any test runs; what is to end by the budget says so with a short one. */
const LONG_MS = 30_000
const ORDER: readonly SourceName[] = ['operator', 'autoconfig', 'provider-db', 'ispdb', 'mx', 'srv', 'guess']
const ABSENT: SourceOutcome = { outcome: 'absent', ttlSeconds: 120 }
const TIMEOUT: SourceOutcome = { outcome: 'failed', failure: { code: 'timeout', detail: 'silence' } }

/** `imap imap.kunde.de:993 tls` as a source would declare it. */
function declared(text: string): DeclaredServer {
  const [protocol, place = '', security = 'tls'] = text.split(' ')
  const [hostname, port] = place.split(':')
  return {
    protocol: protocol as DeclaredServer['protocol'],
    hostname: hostname as Hostname,
    port: Number(port),
    security: security as DeclaredServer['security'],
    username: null,
    authentication: [],
    declaredOrder: 0,
  }
}
function found(channel: Channel, servers: readonly string[], change: Partial<Finding> = {}): SourceOutcome {
  const evidence = { where: 'somewhere', channel: 'https' } as const
  const finding = { channel, evidence, servers: servers.map(declared), ...change }
  return { outcome: 'found', findings: [finding], ttlSeconds: 600 }
}
const both = (host: string) => [`imap ${host}:993 tls`, `smtp ${host}:465 tls`]

type World = Partial<Record<SourceName, SourceAnswer>>

/** What a test leaves running must not hold up the end of the file. */
const open = new Set<AbortController>()
t.teardown(() => {
  for (const controller of open) controller.abort(new Error('the tests are over'))
})

/** Sources that are not named have nothing. */
function start(
  world: World,
  options: {
    probes?: ProbeTable
    otherwise?: ProbeResult | Promise<ProbeResult>
    budgetMs?: number
    graceMs?: number
    speculation?: boolean
  } & Partial<LookupRequest> = {},
) {
  const {
    probes = {},
    otherwise = probeVerified(),
    budgetMs = LONG_MS,
    graceMs = LONG_MS,
    speculation = true,
    ...request
  } = options
  const sources = ORDER.map((name) => new FakeSource(name, world[name] ?? ABSENT))
  const prober = new FakeProber(probes, otherwise)
  const bugs: [string, unknown][] = []
  const onBug = (where: string, error: unknown) => bugs.push([where, error])
  const controller = new AbortController()
  open.add(controller)
  const result = lookUp(
    { sources, prober, budgetMs, graceMs, speculation, now: () => NOW, onBug },
    { domain: DOMAIN, verify: 'auto', signal: controller.signal, ...request },
  )
  result.first.catch(() => undefined)
  return { ...result, sources, prober, bugs }
}
const firstOf = (discovery: Discovery, protocol: 'imap' | 'pop3' | 'smtp' = 'imap') => {
  const server = discovery.servers[protocol][0]
  return (
    server &&
    `${server.hostname}:${server.port} ${server.security} ${server.trust} ${server.verification.status}`
  )
}
const reportOf = (discovery: Discovery, source: SourceName) =>
  discovery.sources.find((report) => report.source === source)
/** Whether the promise has its value once everything that can run has run. */
async function isReady(promise: Promise<unknown>): Promise<boolean> {
  let ready = false
  promise.then(
    () => (ready = true),
    () => undefined,
  )
  await settled()
  return ready
}

void t.test('when the answer leaves', async (t) => {
  await t.test('all sources start at once, each with a signal of its own', async (t) => {
    const { sources, first } = start({ autoconfig: found('authenticated', both('a.kunde.de')) })
    t.strictSame(
      sources.map((source) => source.queries.length),
      sources.map(() => 1),
    )
    t.equal(new Set(sources.map((source) => source.queries[0]?.signal)).size, sources.length)
    t.notOk(sources[0]?.queries[0]?.sendAddress)
    t.strictSame(
      (await first).sources.map((report) => report.source),
      ORDER,
    )
  })

  await t.test('rank decides, not arrival', async (t) => {
    const autoconfig = deferred<SourceOutcome>()
    const { first } = start({ autoconfig: autoconfig.promise, ispdb: found('curated', both('b.kunde.de')) })
    t.notOk(await isReady(first))
    autoconfig.resolve(found('authenticated', both('a.kunde.de')))
    t.equal(firstOf(await first), 'a.kunde.de:993 tls authenticated verified')
  })

  await t.test('what ranks lower is not waited for', async (t) => {
    const { first, final } = start({
      autoconfig: found('authenticated', both('a.kunde.de')),
      srv: never(),
      guess: never(),
    })
    const answer = await first
    t.match(reportOf(answer, 'srv'), { outcome: 'skipped', detail: /settled/ })
    t.notOk(answer.degraded)
    t.notOk(await isReady(final), 'the rest goes on in the background')
  })

  await t.test('the MX is waited for, because it may name a known provider (R27)', async (t) => {
    const mx = deferred<SourceOutcome>()
    const { first } = start({ autoconfig: found('authenticated', both('a.kunde.de')), mx: mx.promise })
    t.notOk(await isReady(first))
    mx.resolve(found('known-provider', both('imap.provider.net'), { deliversHere: true }))
    const answer = await first
    t.equal(firstOf(answer), 'imap.provider.net:993 tls corroborated verified')
    t.ok(answer.conflicts.length > 0)
  })

  await t.test('R27 holds for a panel that names many servers', async (t) => {
    const panel = [
      'imap a.kunde.de:993 tls',
      'imap a.kunde.de:143 starttls',
      'imap b.kunde.de:993 tls',
      'smtp a.kunde.de:465 tls',
    ]
    const { first } = start({
      autoconfig: found('authenticated', panel),
      mx: found('known-provider', both('imap.provider.net'), { deliversHere: true }),
    })
    t.equal(firstOf(await first), 'imap.provider.net:993 tls corroborated verified')
  })

  await t.test('a domain with nothing but POP3 waits for whoever may know of IMAP', async (t) => {
    const srv = deferred<SourceOutcome>()
    const pop3 = found('authenticated', ['pop3 a.kunde.de:995 tls', 'smtp a.kunde.de:465 tls'])
    const { first } = start({ autoconfig: pop3, srv: srv.promise })
    t.notOk(await isReady(first))
    srv.resolve(found('insecure', ['imap a.kunde.de:993 tls']))
    t.equal(firstOf(await first), 'a.kunde.de:993 tls corroborated verified')
  })

  await t.test('the budget ends it, and the answer says what is missing (R24)', async (t) => {
    const { first, final } = start(
      {
        autoconfig: never(),
        ispdb: found('curated', ['imap b.kunde.de:143 starttls', 'smtp b.kunde.de:465 tls']),
        guess: never(),
      },
      { budgetMs: 20 },
    )
    const answer = await first
    t.equal(firstOf(answer), 'b.kunde.de:143 starttls curated verified')
    t.ok(answer.degraded)
    t.strictSame(answer.warnings.at(-1), { code: 'degraded', params: { sources: 'autoconfig' } })
    t.match(reportOf(answer, 'autoconfig'), { outcome: 'failed', failure: { code: 'timeout' } })
    t.equal(reportOf(answer, 'guess')?.outcome, 'skipped')
    t.equal(answer.ttlSeconds, 30)
    t.equal(firstOf(await final), firstOf(answer))
    const beside = start({ ispdb: found('curated', both('b.kunde.de')), srv: never() }, { budgetMs: 20 })
    t.equal(reportOf(await beside.first, 'srv')?.outcome, 'skipped', 'it was not waited for')
    const whole = await beside.final
    t.match(reportOf(whole, 'srv'), { outcome: 'failed', failure: { code: 'timeout' } }, 'R37: now it was')
    t.strictSame([whole.degraded, whole.ttlSeconds], [false, 300], 'and will be asked again soon')
    const empty = await start({ srv: never() }, { budgetMs: 20 }).first
    t.strictSame([empty.kind, empty.degraded, empty.ttlSeconds], ['failed', true, 10])
  })

  await t.test('what a source missed beside what it found degrades the answer', async (t) => {
    const failure = { code: 'timeout', detail: 'no _imaps' } as const
    const srv = {
      ...found('insecure', ['imap a.kunde.de:143 starttls', 'smtp a.kunde.de:465 tls']),
      missed: failure,
    }
    const answer = await start({ srv: srv }).first
    t.ok(answer.degraded)
    t.match(reportOf(answer, 'srv'), { outcome: 'found', failure })
    t.strictSame(answer.warnings.at(-1), { code: 'degraded', params: { sources: 'srv' } })
    const better = await start({
      srv: srv,
      autoconfig: found('authenticated', both('a.kunde.de')),
    }).first
    t.notOk(better.degraded, 'where another source decides, it does not matter')
  })
})

void t.test('the grace of the silent', async (t) => {
  await t.test('is over soon, the answer names them, and they are heard for the final one', async (t) => {
    const autoconfig = deferred<SourceOutcome>()
    const { first, final } = start(
      { autoconfig: autoconfig.promise, ispdb: found('curated', both('b.kunde.de')), guess: never() },
      { graceMs: 0 },
    )
    const answer = await first
    t.equal(firstOf(answer), 'b.kunde.de:993 tls curated verified')
    t.strictSame(answer.warnings.at(-1), { code: 'degraded', params: { sources: 'autoconfig' } }, 'R24')
    t.match(reportOf(answer, 'autoconfig'), { outcome: 'failed', failure: { code: 'timeout' } })
    t.ok((reportOf(answer, 'autoconfig')?.durationMs ?? LONG_MS) < LONG_MS / 2)
    t.equal(answer.ttlSeconds, 30)
    autoconfig.resolve(found('authenticated', both('a.kunde.de')))
    const better = await final
    t.equal(firstOf(better), 'a.kunde.de:993 tls authenticated verified')
    t.notOk(better.degraded)
  })

  await t.test('does not begin with a mere hint, nor with what failed its check (R26)', async (t) => {
    const unchecked = start(
      { autoconfig: never(), srv: found('insecure', both('s.kunde.de')) },
      { graceMs: 0, otherwise: never<ProbeResult>() },
    )
    t.notOk(await isReady(unchecked.first))
    const refuted = start(
      { autoconfig: never(), ispdb: found('curated', both('b.kunde.de')) },
      { graceMs: 0, otherwise: probeFailed('certificate') },
    )
    t.notOk(await isReady(refuted.first))
  })

  await t.test('holds for the check of POP3 beside IMAP as well', async (t) => {
    const servers = [...both('a.kunde.de'), 'pop3 a.kunde.de:995 tls']
    const { first } = start(
      { autoconfig: found('authenticated', servers), pacc: never(), operator: never() },
      { graceMs: 0, probes: { 'pop3 a.kunde.de:995': never<ProbeResult>() } },
    )
    const answer = await first
    t.equal(firstOf(answer), 'a.kunde.de:993 tls authenticated verified')
    t.equal(firstOf(answer, 'pop3'), 'a.kunde.de:995 tls authenticated unchecked')
  })

  await t.test('is all they have where the MX names a known provider (R27)', async (t) => {
    const mx = found('known-provider', both('imap.provider.net'), { deliversHere: true })
    const autoconfig = deferred<SourceOutcome>()
    const world = { mx, autoconfig: autoconfig.promise }
    t.notOk(await isReady(start(world).first), 'what would contradict it is heard')
    const { first, final } = start(world, { graceMs: 0 })
    const answer = await first
    t.equal(firstOf(answer), 'imap.provider.net:993 tls corroborated verified')
    t.notOk(answer.degraded, 'nothing that is silent could go before it')
    autoconfig.resolve(found('authenticated', both('mail.kunde.de')))
    t.ok((await final).conflicts.length > 0, 'but the quarrel is reported when it is known')
    const pop3 = found(
      'known-provider',
      ['pop3 pop.provider.net:995 tls', 'smtp smtp.provider.net:465 tls'],
      {
        deliversHere: true,
      },
    )
    t.ok(
      (await start({ mx: pop3, autoconfig: never() }, { graceMs: 0 }).first).degraded,
      'IMAP may be elsewhere (R40)',
    )
  })

  await t.test('a preview tells once what the checks on their way will confirm', async (t) => {
    const imap = deferred<ProbeResult>()
    const previews: Discovery[] = []
    const { first } = start(
      { srv: found('insecure', both('s.kunde.de')) },
      { probes: { 'imap s.kunde.de:993': imap.promise }, onPreview: (preview) => previews.push(preview) },
    )
    t.notOk(await isReady(first))
    t.strictSame(
      previews.map((preview) => firstOf(preview)),
      ['s.kunde.de:993 tls unconfirmed unchecked'],
    )
    imap.resolve(probeVerified())
    t.equal(firstOf(await first), 's.kunde.de:993 tls corroborated verified')
    t.equal(previews.length, 1)
    const early: Discovery[] = []
    const open = start(
      { autoconfig: never(), srv: found('insecure', both('s.kunde.de')) },
      { onPreview: (preview) => early.push(preview) },
    )
    t.notOk(await isReady(open.first))
    t.strictSame(early, [], 'none while a better source may speak')
  })
})

void t.test('guessing', async (t) => {
  const GUESS = ORDER.indexOf('guess')
  await t.test('without speculation begins when all others have said nothing', async (t) => {
    const srv = deferred<SourceOutcome>()
    const guess = found('insecure', both('mail.kunde.de'))
    const { first, sources } = start({ srv: srv.promise, guess }, { speculation: false })
    await settled()
    t.equal(sources[GUESS]?.queries.length, 0)
    srv.resolve(ABSENT)
    t.equal(firstOf(await first), 'mail.kunde.de:993 tls corroborated verified')
    t.equal(sources[GUESS]?.queries.length, 1)
    const known = start(
      { autoconfig: found('authenticated', both('a.kunde.de')), guess },
      { speculation: false },
    )
    t.equal(reportOf(await known.final, 'guess')?.outcome, 'skipped')
    t.equal(known.sources[GUESS]?.queries.length, 0, 'and never where another has named servers')
    const alone = await start({ guess, mx: never() }, { speculation: false, budgetMs: 20 }).first
    t.equal(reportOf(alone, 'guess')?.outcome, 'failed', 'the budget may be over before')
  })

  await t.test('ends as soon as servers of a trusted source stand the check', async (t) => {
    const { first, sources } = start({
      ispdb: found('curated', both('b.kunde.de')),
      autoconfig: never(),
      guess: never(),
    })
    t.notOk(await isReady(first), 'a better source may speak')
    t.ok(sources[GUESS]?.queries[0]?.signal.aborted)
  })
})

void t.test('curated answers', async (t) => {
  const entry = found('curated', both('a.kunde.de'))

  await t.test('leave at once and are checked in the background', async (t) => {
    const imap = deferred<ProbeResult>()
    const { first, final } = start(
      { 'provider-db': entry, autoconfig: never(), mx: never() },
      {
        probes: { 'imap a.kunde.de:993': imap.promise },
        budgetMs: 50,
      },
    )
    t.equal(firstOf(await first), 'a.kunde.de:993 tls curated unchecked')
    imap.resolve(probeVerified())
    t.equal(firstOf(await final), 'a.kunde.de:993 tls curated verified')
  })

  await t.test('a check that told nothing leaves them first, one that disproved them does not', async (t) => {
    const world = { 'provider-db': entry, ispdb: found('curated', both('b.kunde.de')) }
    const after = async (a: ProbeResult, b: ProbeResult) =>
      firstOf(await start(world, { probes: { 'imap a.kunde.de:993': a, 'imap b.kunde.de:993': b } }).final)
    for (const code of ['timeout', 'dns', 'unreachable'] as const) {
      t.equal(
        await after(probeFailed(code), probeFailed('timeout')),
        'a.kunde.de:993 tls curated failed',
        code,
      )
      t.equal(await after(probeFailed(code), probeVerified()), 'b.kunde.de:993 tls curated verified', code)
    }
    t.equal(await after(probeAbsent(), probeAbsent()), 'a.kunde.de:993 tls curated failed')
    t.equal(
      await after(probeFailed('certificate'), probeFailed('timeout')),
      'b.kunde.de:993 tls curated failed',
    )
  })

  await t.test('verify=always waits for the check, verify=never makes none', async (t) => {
    const imap = deferred<ProbeResult>()
    const always = start(
      { 'provider-db': entry },
      { verify: 'always', probes: { 'imap a.kunde.de:993': imap.promise } },
    )
    t.notOk(await isReady(always.first))
    imap.resolve(probeVerified())
    t.equal(firstOf(await always.first), 'a.kunde.de:993 tls curated verified')
    const unasked = start(
      { 'provider-db': entry, srv: found('insecure', both('s.kunde.de')) },
      { verify: 'never' },
    )
    t.equal(firstOf(await unasked.final), 'a.kunde.de:993 tls curated unchecked')
    t.strictSame(unasked.prober.asked, [])
    const hint = start({ srv: found('insecure', both('s.kunde.de')) }, { verify: 'never' })
    t.equal(firstOf(await hint.first), 's.kunde.de:993 tls unconfirmed unchecked')
  })

  await t.test('an entry without access ends the search', async (t) => {
    const closed: SourceOutcome = { outcome: 'absent', noAccess: true, notices: [{ code: 'no-access' }] }
    const answer = await start({ 'provider-db': closed, srv: never(), autoconfig: TIMEOUT, guess: never() })
      .first
    t.strictSame([answer.kind, answer.notices], ['absent', [{ code: 'no-access' }]])
  })
})

void t.test('live checks', async (t) => {
  await t.test('a better server whose check takes longer still wins', async (t) => {
    const tls = deferred<ProbeResult>()
    const servers = ['imap a.kunde.de:993 tls', 'imap a.kunde.de:143 starttls', 'smtp a.kunde.de:465 tls']
    const { first } = start(
      { srv: found('insecure', servers) },
      { probes: { 'imap a.kunde.de:993': tls.promise } },
    )
    t.notOk(await isReady(first))
    tls.resolve(probeVerified())
    t.equal(firstOf(await first), 'a.kunde.de:993 tls corroborated verified')
  })

  await t.test('the next steps in for one that fails', async (t) => {
    const hosts = ['a', 'b', 'c', 'd', 'e'].map((name) => `imap ${name}.kunde.de:993 tls`)
    const { first, prober } = start(
      { autoconfig: found('authenticated', [...hosts, 'smtp a.kunde.de:465 tls']) },
      {
        probes: { 'imap c.kunde.de:993': probeVerified(), 'smtp a.kunde.de:465': probeVerified() },
        otherwise: probeFailed('certificate'),
      },
    )
    t.equal(firstOf(await first), 'c.kunde.de:993 tls authenticated verified')
    t.ok(prober.asked.filter((target) => target.startsWith('imap')).length <= 4)
  })

  await t.test('R10: no more than four a protocol', async (t) => {
    const hosts = Array.from({ length: 8 }, (_, index) => `imap h${index}.kunde.de:993 tls`)
    const { final, prober } = start(
      { autoconfig: found('authenticated', hosts) },
      { otherwise: probeFailed('certificate') },
    )
    await final
    t.equal(prober.asked.length, 4)
  })

  await t.test('a failed first choice waits for whoever may name a better one', async (t) => {
    const srv = deferred<SourceOutcome>()
    const { first } = start(
      { autoconfig: found('authenticated', both('a.kunde.de')), srv: srv.promise },
      {
        probes: { 'imap a.kunde.de:993': probeFailed('certificate') },
      },
    )
    t.notOk(await isReady(first))
    srv.resolve(found('insecure', both('s.kunde.de')))
    t.equal(firstOf(await first), 's.kunde.de:993 tls corroborated verified')
  })

  await t.test('only declared ports of trusted sources may be dialled as such (R9)', async (t) => {
    const { final, prober } = start({
      autoconfig: found('authenticated', ['imap a.kunde.de:9930 tls', 'smtp a.kunde.de:465 tls']),
      srv: found('insecure', ['pop3 s.kunde.de:9950 tls']),
    })
    await final
    const allowed = new Map(prober.targets.map((target) => [target.port, target.declaredPort]))
    t.strictSame([allowed.get(9930), allowed.get(9950)], [true, false])
  })

  await t.test('one connection for guessing and checking (R34)', async (t) => {
    const target = {
      protocol: 'imap',
      hostname: 'a.kunde.de' as Hostname,
      port: 993,
      security: 'tls',
    } as const
    const guess = async (query: {
      prober: { probe: (t: ProbeTarget, s: AbortSignal) => Promise<ProbeResult> }
      signal: AbortSignal
    }) => {
      await query.prober.probe(target, query.signal)
      return found('insecure', both('a.kunde.de'))
    }
    const { final, prober } = start({ guess, srv: found('insecure', both('a.kunde.de')) })
    await final
    t.equal(prober.asked.filter((asked) => asked === 'imap a.kunde.de:993').length, 1)
  })

  await t.test('a prober that throws breaks nothing', async (t) => {
    const broken = Promise.reject<ProbeResult>(new TypeError('bug'))
    broken.catch(() => undefined)
    const { first, bugs } = start(
      { srv: found('insecure', both('a.kunde.de')) },
      { probes: { 'imap a.kunde.de:993': broken } },
    )
    t.equal(firstOf(await first), 'a.kunde.de:993 tls unconfirmed failed')
    t.match(bugs, [['verify', TypeError]])
  })
})

void t.test('one port in two dialogues', async (t) => {
  const { signal } = new AbortController()
  const at993 = (security: 'tls' | 'starttls', protocol: 'imap' | 'pop3' = 'imap') =>
    ({ protocol, hostname: 'a.kunde.de' as Hostname, port: 993, security }) as const
  const ask = async (answers: (target: ProbeTarget) => ProbeResult) => {
    const inner = new FakeProber({ 'imap a.kunde.de:993': answers, 'pop3 a.kunde.de:993': answers })
    const prober = probeOnce(inner, signal)
    const targets = [at993('starttls'), at993('tls'), at993('tls'), at993('tls', 'pop3')]
    const results = await Promise.all(targets.map((target) => prober.probe(target, signal)))
    const told = results.map((result) => (result.kind === 'verified' ? 'verified' : result.failure.code))
    return [told.join(' '), inner.targets.length]
  }
  const onlyTls = (target: ProbeTarget) =>
    target.security === 'tls' && target.protocol === 'imap' ? probeVerified() : probeFailed('protocol')
  t.strictSame(await ask(onlyTls), ['protocol verified verified protocol', 2])
  t.strictSame(await ask(() => probeVerified()), ['verified protocol protocol protocol', 1])
  t.strictSame(await ask(() => probeAbsent()), ['unreachable unreachable unreachable unreachable', 1])
  t.strictSame(await ask(() => probeFailed('timeout')), ['timeout timeout timeout timeout', 1])

  const waiting = probeOnce(new FakeProber({}, never()), signal)
  const reason = new Error('enough')
  await t.rejects(waiting.probe(at993('tls'), AbortSignal.abort(reason)), reason)
})

void t.test('sources that misbehave', async (t) => {
  const good = found('curated', both('b.kunde.de'))
  const outcomeOf = async (answer: SourceAnswer | Source['find']) => {
    const sources: Source[] = [
      {
        name: 'autoconfig',
        find: typeof answer === 'function' ? answer : () => Promise.resolve(answer),
      },
      new FakeSource('ispdb', good),
    ]
    const bugs: unknown[] = []
    const { first } = lookUp(
      {
        sources,
        prober: new FakeProber({}, probeVerified()),
        budgetMs: 50,
        now: () => NOW,
        onBug: (...bug) => bugs.push(bug),
      },
      { domain: DOMAIN, verify: 'auto', signal: new AbortController().signal },
    )
    return { answer: await first, bugs }
  }
  const rejecting = await outcomeOf(() => Promise.reject(new TypeError('bug')))
  const throwing = await outcomeOf(() => {
    throw new TypeError('bug')
  })
  for (const { answer, bugs } of [rejecting, throwing]) {
    t.equal(firstOf(answer), 'b.kunde.de:993 tls curated verified')
    t.match(reportOf(answer, 'autoconfig'), {
      outcome: 'failed',
      failure: { detail: 'internal error: TypeError' },
    })
    t.match(bugs, [['autoconfig', TypeError]])
    t.ok(answer.degraded)
  }
  // Libraries do throw such things.
  const thrown: unknown = 'not an error'
  const nameless = await outcomeOf(() => {
    throw thrown
  })
  t.match(reportOf(nameless.answer, 'autoconfig')?.failure?.detail, 'internal error: unknown')
  const hanging = await outcomeOf(() => never())
  t.equal(firstOf(hanging.answer), 'b.kunde.de:993 tls curated verified')
  t.strictSame(hanging.bugs, [])
})

void t.test('the end of a lookup', async (t) => {
  const reason = new Error('nobody waits')
  const controller = new AbortController()
  const { first, final, sources } = start({ srv: never() }, { signal: controller.signal })
  await settled()
  controller.abort(reason)
  await t.rejects(first, reason)
  await t.rejects(final, reason)
  t.ok(sources[5]?.queries[0]?.signal.aborted, 'the sources are called off')

  const done = start({ autoconfig: found('authenticated', both('a.kunde.de')), guess: never(), srv: ABSENT })
  t.equal(reportOf(await done.final, 'guess')?.detail, 'settled by a better source')
  t.ok(done.sources[6]?.queries[0]?.signal.aborted)

  const noMail: SourceOutcome = { outcome: 'absent', noMail: true }
  t.equal((await start({ mx: noMail }).first).kind, 'no-mail')
  t.equal((await start({}).first).kind, 'absent')
  t.equal((await start({ srv: TIMEOUT }).first).kind, 'failed')
})

/* The service */

function service(
  world: World,
  options: {
    budgetMs?: number
    prober?: FakeProber
    places?: number
  } = {},
) {
  const clock = { now: NOW }
  const sources = ORDER.map((name) => new FakeSource(name, world[name] ?? ABSENT))
  const { places = 100 } = options
  const gate = new ColdGate({ places })
  const reports: SourceReport[] = []
  const lookups: Discovery[] = []
  const parts = {
    sources,
    prober: options.prober ?? new FakeProber({}, probeVerified()),
    budgetMs: options.budgetMs ?? LONG_MS,
    graceMs: LONG_MS,
    now: () => clock.now,
    onBug: (_: string, error: unknown) => {
      throw error
    },
    store: createMemoryStore<Discovery>({ maxBytes: 1e6, now: () => clock.now }),
    gate,
    allowSpecialUseNames: false,
    isOwnDomain: (domain: Hostname) => domain === 'own.internal',
    suggest: (domain: Hostname) => (domain === 'gmial.com' ? ['gmail.com'] : []),
    onReport: (report: SourceReport) => reports.push(report),
    onLookup: (discovery: Discovery) => lookups.push(discovery),
  }
  const made = createDiscoveryService(parts)
  const discover = (change: Partial<Parameters<typeof made.discover>[0]> = {}) =>
    made.discover({ domain: DOMAIN, signal: new AbortController().signal, ...change })
  const idle = () => made.idle()
  const forget = () => {
    made.forget()
  }
  return {
    idle,
    forget,
    discover,
    kept: () => made.kept(DOMAIN),
    gate,
    clock,
    reports,
    lookups,
    asked: () => sources[1]?.queries.length ?? 0,
    sources,
  }
}

/** One answer after the other, the last one from then on. */
function inTurn(answers: readonly (SourceOutcome | Promise<SourceOutcome>)[]): SourceAnswer {
  let asked = 0
  return async () => (await answers[Math.min(asked++, answers.length - 1)]) ?? ABSENT
}

void t.test('the cache', async (t) => {
  const entry = { 'provider-db': found('curated', both('a.kunde.de')) }

  await t.test('the next answer carries the result of the check', async (t) => {
    const { discover, idle, asked, lookups } = service(entry)
    t.equal(firstOf(await discover()), 'a.kunde.de:993 tls curated unchecked')
    await idle()
    t.equal(firstOf(await discover()), 'a.kunde.de:993 tls curated verified')
    t.equal(asked(), 1)
    t.equal(lookups.length, 1)
  })

  await t.test('each kind has its time to live', async (t) => {
    const lives = async (world: World, seconds: number, domain = DOMAIN) => {
      const { discover, idle, asked, clock } = service(world)
      await discover({ domain })
      await idle()
      clock.now += seconds * 1000 - 1
      await discover({ domain })
      const before = asked()
      clock.now += 2
      await discover({ domain })
      await idle()
      return [before, asked()]
    }
    t.strictSame(await lives(entry, 600), [1, 2], 'found: what its source says')
    t.strictSame(await lives({}, 120), [1, 2], 'absent')
    t.strictSame(await lives({ srv: TIMEOUT }, 10), [1, 2], 'failed')
  })

  await t.test('past its time it leaves at once while one new lookup runs behind', async (t) => {
    const answers: (SourceOutcome | Promise<SourceOutcome>)[] = [entry['provider-db']]
    const { discover, kept, idle, asked, clock, gate } = service(
      { 'provider-db': inTurn(answers) },
      { places: 1 },
    )
    await discover()
    await idle()
    const old = kept()
    clock.now += 601_000
    const renewal = deferred<SourceOutcome>()
    answers.push(renewal.promise)
    t.equal(firstOf(await discover()), 'a.kunde.de:993 tls curated verified', 'nobody waits')
    t.equal(kept()?.stamp, old?.stamp)
    await settled()
    t.equal(asked(), 2, 'one lookup for all that ask')
    t.equal(gate.tryEnter(), undefined, 'it takes a place of the cold lookups')
    renewal.resolve(found('curated', both('b.kunde.de')))
    await idle()
    t.not(kept()?.stamp, old?.stamp)
    t.equal(firstOf(await discover()), 'b.kunde.de:993 tls curated verified')
    clock.now += 1_201_000
    t.equal(kept(), undefined, 'too old to leave')
  })

  await t.test('a renewal needs a free place, and one that fails is not repeated at once', async (t) => {
    const answers: (SourceOutcome | Promise<SourceOutcome>)[] = [entry['provider-db']]
    const { discover, kept, idle, asked, clock, gate } = service(
      { 'provider-db': inTurn(answers) },
      { places: 1 },
    )
    await discover()
    await idle()
    clock.now += 601_000
    const leave = gate.tryEnter()
    kept()
    await settled()
    t.equal(asked(), 1, 'all places are taken')
    leave?.()
    answers.push(TIMEOUT)
    kept()
    await idle()
    t.equal(asked(), 2)
    t.equal(firstOf(await discover()), 'a.kunde.de:993 tls curated verified', 'the good one stays')
    await idle()
    t.equal(asked(), 2)
    clock.now += 10_000
    kept()
    await idle()
    t.equal(asked(), 3, 'but tried again')
  })

  await t.test('busy answers are renewed ahead of their end', async (t) => {
    const { discover, kept, idle, asked, clock } = service(entry)
    await discover()
    await idle()
    clock.now += 541_000
    for (let use = 0; use < 9; use += 1) kept()
    await settled()
    t.equal(asked(), 1)
    kept()
    await idle()
    t.equal(asked(), 2)
    clock.now += 539_000
    t.ok(kept(), 'the new one has a whole life')
  })

  await t.test('failed, degraded and absent answers are never served past their time', async (t) => {
    const gone = async (world: World, seconds: number) => {
      const { discover, kept, idle, clock } = service(world)
      await discover()
      await idle()
      clock.now += seconds * 1000 - 1
      const before = kept() !== undefined
      clock.now += 2
      return [before, kept() !== undefined]
    }
    t.strictSame(await gone({ srv: TIMEOUT }, 10), [true, false])
    t.strictSame(await gone({}, 120), [true, false])
    const degraded = { autoconfig: TIMEOUT, srv: found('insecure', both('s.kunde.de')) }
    t.strictSame(await gone(degraded, 30), [true, false])
    const checked = service(entry)
    await checked.discover({ verify: 'always' })
    await checked.idle()
    checked.clock.now += 601_000
    await checked.discover({ verify: 'always' })
    t.equal(checked.asked(), 2, 'nor are those with a check of their own')
    await checked.idle()
  })

  await t.test('refresh asks anew, verification modes are kept apart, forget drops all', async (t) => {
    const { discover, idle, asked, forget } = service(entry)
    await discover()
    await idle()
    await discover({ refresh: true })
    await idle()
    t.equal(asked(), 2)
    await discover({ verify: 'never' })
    t.equal(asked(), 3)
    await idle()
    forget()
    await discover()
    t.equal(asked(), 4)
    await idle()
  })

  await t.test('R13: with the address neither shared nor kept', async (t) => {
    const { discover, idle, asked, sources } = service(entry)
    const address = parseEmailAddress(`ann@${DOMAIN}`)
    assert.ok(address.ok)
    await Promise.all([discover({ sendAddress: address.value }), discover({ sendAddress: address.value })])
    t.equal(asked(), 2)
    t.equal(sources[1]?.queries[0]?.sendAddress?.localPart, 'ann')
    await idle()
    t.equal(firstOf(await discover()), 'a.kunde.de:993 tls curated unchecked')
    t.notOk(sources[1]?.queries[2]?.sendAddress)
    await idle()
  })

  await t.test('kept answers tell their sources as well', async (t) => {
    const { discover, idle, reports } = service(entry)
    await discover()
    await idle()
    const heard: SourceReport[] = []
    await discover({ onReport: (report) => heard.push(report) })
    t.same(new Set(heard.map((report) => report.source)), new Set(ORDER))
    t.equal(reports.length, ORDER.length, 'but the metrics count each once')
  })
})

void t.test('one lookup at a time per domain', async (t) => {
  const autoconfig = deferred<SourceOutcome>()
  const { discover, asked, idle } = service({
    autoconfig: autoconfig.promise,
    srv: found('insecure', both('s.kunde.de')),
  })
  const heard: SourceReport[] = []
  const callers = [discover(), discover({ onReport: (report) => heard.push(report) })]
  const impatient = new AbortController()
  const third = discover({ signal: impatient.signal })
  await settled()
  t.ok(
    heard.some((report) => report.source === 'srv'),
    'who joins hears what was told before',
  )
  impatient.abort(new Error('too slow'))
  await t.rejects(third, { message: 'too slow' })
  autoconfig.resolve(found('authenticated', both('a.kunde.de')))
  const [one, two] = await Promise.all(callers)
  t.equal(one, two)
  t.equal(asked(), 1)
  await idle()

  const lonely = service({ srv: never() })
  const controllers = [new AbortController(), new AbortController()]
  const waiting = controllers.map(({ signal }) => lonely.discover({ signal }))
  await settled()
  const signal = lonely.sources[5]?.queries[0]?.signal
  controllers[0]?.abort(new Error('gone'))
  await t.rejects(waiting[0] as Promise<unknown>, { message: 'gone' })
  await settled()
  t.equal(signal?.aborted, false, 'another still waits')
  controllers[1]?.abort(new Error('gone too'))
  await t.rejects(waiting[1] as Promise<unknown>, { message: 'gone too' })
  await settled()
  t.equal(signal?.aborted, true)
  await t.rejects(lonely.discover({ signal: AbortSignal.abort(new Error('late')) }), { message: 'late' })
})

void t.test('R3: reserved names ask nobody', async (t) => {
  const { discover, asked, sources } = service({})
  for (const domain of ['example.com', 'a.test', 'co.uk', 'github.io', 'mail.home.arpa']) {
    const answer = await discover({ domain: domain as Hostname })
    t.strictSame([answer.kind, answer.sources, answer.suggestions], ['reserved', [], []], domain)
  }
  t.equal(asked(), 0)
  const own = await discover({ domain: 'own.internal' as Hostname })
  t.strictSame(
    [own.kind, sources[0]?.queries.length, asked()],
    ['absent', 1, 0],
    'but for the operator’s own file',
  )
})

void t.test('R53: a suggestion only when nothing was found, and never applied', async (t) => {
  const domain = 'gmial.com' as Hostname
  const slip = await service({}).discover({ domain })
  t.strictSame(
    [slip.kind, slip.suggestions, slip.domain, slip.servers.imap],
    ['absent', ['gmail.com'], domain, []],
  )
  const real = await service({ autoconfig: found('authenticated', both('mail.gmial.com')) }).discover({
    domain,
  })
  t.strictSame([real.kind, real.suggestions], ['found', []])
})

/* Properties over worlds */

const CHANNELS: Partial<Record<SourceName, readonly Channel[]>> = {
  autoconfig: ['authenticated', 'insecure'],
  'provider-db': ['curated'],
  ispdb: ['curated'],
  mx: ['known-provider', 'insecure'],
  srv: ['insecure', 'authenticated'],
}
/** Two hosts and two transports: no protocol has more endpoints than one lookup may check. */
const serversArb = fc.uniqueArray(
  fc.constantFrom(
    ...['a.kunde.de', 'b.hoster.net'].flatMap((host) => [
      `imap ${host}:993 tls`,
      `imap ${host}:143 starttls`,
      `smtp ${host}:465 tls`,
      `smtp ${host}:587 starttls`,
      `pop3 ${host}:995 tls`,
    ]),
  ),
  { maxLength: 4 },
)
const outcomeArb = (source: SourceName): fc.Arbitrary<SourceOutcome> =>
  fc.oneof(
    fc.constant(ABSENT),
    fc
      .record({
        channel: fc.constantFrom(...(CHANNELS[source] ?? (['insecure'] as const))),
        servers: serversArb.filter((servers) => servers.length > 0),
        deliversHere: fc.boolean(),
        stale: fc.boolean(),
      })
      .map(({ channel, servers, deliversHere, stale }) =>
        found(channel, servers, { stale, deliversHere: channel === 'known-provider' && deliversHere }),
      ),
  )
const names = Object.keys(CHANNELS) as SourceName[]
const worldArb = fc
  .tuple(...names.map((name) => outcomeArb(name).map((outcome) => [name, outcome] as const)))
  .map((entries) => Object.fromEntries(entries) as Partial<Record<SourceName, SourceOutcome>>)
const probesArb = fc
  .array(
    fc.constantFrom(
      probeVerified(),
      probeVerified(),
      probeFailed('certificate'),
      probeFailed('timeout'),
      probeAbsent(),
    ),
    {
      minLength: 10,
      maxLength: 10,
    },
  )
  .map((results): ProbeTable => {
    const keys = ['a.kunde.de', 'b.hoster.net'].flatMap((host) =>
      ['imap 993', 'imap 143', 'smtp 465', 'smtp 587', 'pop3 995'].map((text) => {
        const [protocol, port] = text.split(' ')
        return `${protocol} ${host}:${port}`
      }),
    )
    return Object.fromEntries(keys.map((key, index) => [key, results[index] ?? probeAbsent()]))
  })
/** The way in and the way out that would be recommended. */
const choice = (discovery: Discovery) =>
  [discovery.servers.imap[0] ?? discovery.servers.pop3[0], discovery.servers.smtp[0]] as const
const isVouched = (world: Partial<Record<SourceName, SourceOutcome>>) => {
  const entry = world['provider-db']
  return entry?.outcome === 'found' && entry.findings[0]?.stale !== true
}

void t.test('the order of arrival changes no first choice', async (t) => {
  await fc.assert(
    fc.asyncProperty(worldArb, probesArb, fc.infiniteStream(fc.nat(1000)), async (world, probes, stream) => {
      const expected = await start(world, { probes }).final

      const open: (() => void)[] = []
      const gate = <T>(value: T): Promise<T> => {
        const waiting: Deferred<T> = deferred<T>()
        open.push(() => {
          waiting.resolve(value)
        })
        return waiting.promise
      }
      const slowWorld = Object.fromEntries(names.map((name) => [name, gate(world[name] ?? ABSENT)]))
      const sources = ORDER.map((name) => new FakeSource(name, slowWorld[name] ?? ABSENT))
      const prober = {
        probe: (target: ProbeTarget) =>
          gate(probes[`${target.protocol} ${target.hostname}:${target.port}`] as ProbeResult),
      }
      const lookup = lookUp(
        {
          sources,
          prober,
          budgetMs: LONG_MS,
          graceMs: LONG_MS,
          now: () => NOW,
          onBug: (where, error) => assert.fail(`${where}: ${String(error)}`),
        },
        { domain: DOMAIN, verify: 'auto', signal: new AbortController().signal },
      )
      const state = { over: false }
      void lookup.final.finally(() => (state.over = true))
      while (!state.over) {
        const [next] = open.splice((stream.next().value as number) % Math.max(1, open.length), 1)
        next?.()
        await settled(1)
      }
      const [first, final] = [await lookup.first, await lookup.final]
      const shown = (discovery: Discovery) =>
        choice(discovery).map((server) => server && { ...server, declaredOrder: 0 })
      assert.deepEqual(shown(final), shown(expected))
      // A source not waited for may still vouch for the server that was chosen without it.
      const place = (discovery: Discovery) =>
        choice(discovery).map((server) => server && `${server.hostname}:${server.port} ${server.security}`)
      // An entry for the domain leaves at once, before it is checked and before others are heard.
      if (!isVouched(world)) assert.deepEqual(place(first), place(expected))
    }),
    { numRuns: 100 },
  )
  t.pass()
})

void t.test(
  'R24: the grace raises nothing weaker unnoticed, and costs the final answer nothing',
  async (t) => {
    await fc.assert(
      fc.asyncProperty(worldArb, probesArb, fc.subarray(names), async (world, probes, slow) => {
        const late = slow.filter((name) => name !== 'provider-db')
        const gates = new Map(late.map((name) => [name, deferred<SourceOutcome>()]))
        const slowWorld = {
          ...world,
          ...Object.fromEntries([...gates].map(([name, { promise }]) => [name, promise])),
        }
        const expected = start(world, { probes })
        const hurried = start(slowWorld, { probes, graceMs: 0 })
        await Promise.race([hurried.first, settled()])
        for (const [name, gate] of gates) gate.resolve(world[name] ?? ABSENT)
        const [first, final] = [await hurried.first, await hurried.final]
        const place = (discovery: Discovery) =>
          choice(discovery).map((server) => server && `${server.hostname}:${server.port} ${server.security}`)
        assert.deepEqual(place(final), place(await expected.final))
        if (
          JSON.stringify(place(first)) === JSON.stringify(place(final)) ||
          isVouched(world) ||
          first.degraded
        )
          return
        // Of the provider to which the MX delivers, others may lift another server; never one that is more secure.
        const delivered =
          world.mx?.outcome === 'found' ? world.mx.findings.filter((one) => one.deliversHere) : []
        const his = delivered.flatMap((one) => one.servers).map(({ hostname }) => hostname)
        for (const server of choice(first)) {
          assert.ok(server?.security === 'tls' && his.includes(server.hostname), place(first).join())
        }
      }),
      { numRuns: 200 },
    )
    t.pass()
  },
)

void t.test('R24: no source that times out makes a less secure first choice unnoticed', async (t) => {
  // The database is in the process: it is never silent.
  const missingArb = fc.subarray(
    names.filter((name) => name !== 'provider-db'),
    { minLength: 1 },
  )
  const weakness = (server: ReturnType<typeof choice>[number]) => {
    if (!server) return 0
    return (server.trust === 'unconfirmed' ? 2 : 0) + (server.security === 'tls' ? 0 : 1)
  }
  await fc.assert(
    fc.asyncProperty(worldArb, probesArb, missingArb, async (world, probes, missing) => {
      const poorer = { ...world, ...Object.fromEntries(missing.map((name) => [name, TIMEOUT])) }
      const full = start(world, { probes })
      const poor = start(poorer, { probes })
      // An entry for the domain leaves before others are heard, silent or not.
      for (const answer of isVouched(world) ? (['final'] as const) : (['first', 'final'] as const)) {
        const [best, rest] = [await full[answer], await poor[answer]]
        const [bestChoice, restChoice] = [choice(best), choice(rest)]
        const weaker = restChoice.some((server, index) => weakness(server) > weakness(bestChoice[index]))
        if (bestChoice.some((server) => !server) || !weaker) continue
        assert.ok(rest.degraded, `${answer}: ${JSON.stringify(restChoice)} without ${missing.join()}`)
        const named =
          rest.warnings.find((warning) => warning.code === 'degraded')?.params?.['sources']?.split(', ') ?? []
        assert.ok(
          named.length > 0 && named.every((name) => (missing as string[]).includes(name)),
          named.join(),
        )
      }
    }),
    { numRuns: 200 },
  )
  t.pass()
})
