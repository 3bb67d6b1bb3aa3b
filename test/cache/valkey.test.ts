import t from 'tap'
import { CircuitBreaker } from '../../src/cache/circuit-breaker.js'
import { createMemoryStore } from '../../src/cache/store.js'
import { openValkey, type Valkey } from '../../src/cache/valkey.js'
import { ValkeyCounters } from '../../src/cache/valkey-counters.js'
import { createValkeyStore } from '../../src/cache/valkey-store.js'
import { createDiscoveryService } from '../../src/discovery/discovery-service.js'
import type { Discovery } from '../../src/domain/discovery.js'
import type { Hostname } from '../../src/domain/hostname.js'
import type { SourceOutcome } from '../../src/domain/source.js'
import { type Deferred, deferred, settled } from '../fakes/deferred.js'
import { FakeProber, probeVerified } from '../fakes/fake-prober.js'
import { FakeSource } from '../fakes/fake-source.js'
import { findValkey, TroubledWay, ValkeyServer } from '../fakes/valkey-server.js'
import { sampleDiscovery } from '../formats/sample-discovery.js'

const signal = new AbortController().signal
const DOMAIN = 'kunde.de' as Hostname
const FOUND: SourceOutcome = {
  outcome: 'found',
  findings: [
    {
      channel: 'authenticated',
      evidence: { where: 'somewhere', channel: 'https' },
      servers: [
        {
          protocol: 'imap',
          hostname: 'imap.kunde.de' as Hostname,
          port: 993,
          security: 'tls',
          username: null,
          authentication: [],
          declaredOrder: 0,
        },
      ],
    },
  ],
  ttlSeconds: 600,
}
const TIMEOUT: SourceOutcome = { outcome: 'failed', failure: { code: 'timeout', detail: 'silence' } }

void t.test('the circuit breaker', (t) => {
  const clock = { now: 0 }
  const changes: boolean[] = []
  const breaker = new CircuitBreaker({ now: () => clock.now, onChange: (isClosed) => changes.push(isClosed) })
  for (const isGood of [false, false, true, false, false]) breaker.report(isGood)
  t.ok(breaker.admits(), 'three in a row, no less')
  breaker.report(false)
  t.notOk(breaker.admits())
  clock.now = 1000
  t.strictSame([breaker.admits(), breaker.admits()], [true, false], 'one tries')
  breaker.report(false)
  t.notOk(breaker.admits())
  clock.now = 2000
  t.ok(breaker.admits())
  breaker.report(true)
  t.ok(breaker.admits() && breaker.admits())
  t.strictSame(changes, [false, true])
  t.end()
})

const program = findValkey()
void t.test(
  'with a real engine',
  { skip: program === undefined && 'neither valkey-server nor redis-server is installed' },
  async (t) => {
    const server = await ValkeyServer.start(program ?? '')
    t.teardown(() => server.kill())
    const way = await TroubledWay.to(server.port)
    t.teardown(() => {
      way.close()
    })
    const open = (url = server.url) => {
      const changes: boolean[] = []
      const valkey = openValkey({
        url,
        onChange: (isThere) => changes.push(isThere),
        // Only where slowness is the point may a busy machine be too slow.
        ...(url === server.url ? { deadlineMs: 2000 } : {}),
      })
      t.teardown(() => valkey.close())
      return { valkey, changes }
    }
    let origins = 0
    /** Processes with the same origin, each with a memory and a connection of its own. */
    const fleet = async (size: number, url = server.url) => {
      origins += 1
      const origin = `test-${origins}`
      const made = Array.from({ length: size }, () => {
        const { valkey, changes } = open(url)
        return { ...processOf(valkey, origin), valkey, changes }
      })
      for (const { valkey } of made) await there(valkey)
      return made as [(typeof made)[0], ...typeof made]
    }

    await t.test('one lookup for all processes, and all get its answer', async (t) => {
      const [one, two, three] = await fleet(3)
      const first = one.discover()
      await until(() => one.asked() === 1)
      const second = two?.discover()
      await settled()
      one.answer.resolve(FOUND)
      t.equal((await first).servers.imap[0]?.hostname, 'imap.kunde.de')
      t.same((await second)?.servers, (await first).servers)
      await one.service.idle()
      t.same((await three?.discover())?.servers, (await first).servers)
      t.strictSame([two?.asked(), three?.asked()], [0, 0])
      t.equal(three?.admitted.count, 0, 'what another process keeps is no cold lookup')
      t.ok(three?.service.kept(DOMAIN), 'kept here as well from now on')
      const heard: string[] = []
      await two?.discover({ onReport: ({ source }) => heard.push(source) })
      t.strictSame(heard, ['autoconfig'])
    })

    await t.test('asking anew asks anew, whatever others keep', async (t) => {
      const [one, two] = await fleet(2)
      one.answer.resolve(FOUND)
      two?.answer.resolve(FOUND)
      await one.discover()
      await one.service.idle()
      await two?.discover({ refresh: true })
      t.equal(two?.asked(), 1)
      await two?.service.idle()
    })

    await t.test('files that changed are another origin', async (t) => {
      const { valkey } = open()
      await there(valkey)
      const origin = { name: 'before' }
      const store = createValkeyStore<Discovery>({ valkey, origin: () => origin.name, lockMs: 1000 })
      store.set('kunde.de', sampleDiscovery(), { ttlSeconds: 60, weak: false })
      t.same((await store.find('kunde.de'))?.value, sampleDiscovery())
      origin.name = 'after'
      t.equal(await store.find('kunde.de'), undefined)
    })

    await t.test('failures are shared with those who wait, and take no good answer away', async (t) => {
      const [one, two] = await fleet(2)
      one.answer.resolve(FOUND)
      await one.discover()
      await one.service.idle()
      two?.answer.resolve(TIMEOUT)
      t.equal((await two?.discover({ refresh: true }))?.kind, 'failed')
      await two?.service.idle()
      one.service.forget()
      t.equal((await one.discover()).kind, 'found', 'the good one is still shared')
    })

    await t.test('the lock of a process that died ends, and only its owner may open it', async (t) => {
      const { valkey } = open()
      await there(valkey)
      const store = createValkeyStore<Discovery>({ valkey, origin: () => 'locks', lockMs: 1500 })
      const dead = await store.claim('kunde.de', { signal })
      t.equal(dead.kind, 'mine')
      const heir = await store.claim('kunde.de', { signal })
      t.equal(heir.kind, 'mine')
      if (dead.kind === 'mine') dead.release()
      const gone = AbortSignal.timeout(30)
      await t.rejects(
        store.claim('kunde.de', { signal: gone }),
        'the heir still has it, and who goes does not wait',
      )
      if (heir.kind === 'mine') heir.release()
      t.equal((await store.claim('kunde.de', { signal })).kind, 'mine')
    })

    await t.test('a renewal takes what another process has renewed', async (t) => {
      const { valkey } = open()
      await there(valkey)
      const store = createValkeyStore<Discovery>({ valkey, origin: () => 'renewals', lockMs: 1000 })
      store.set('kunde.de', sampleDiscovery(), { ttlSeconds: 60, weak: false })
      const same = await store.claim('kunde.de', { signal, olderThanMs: 60_000 })
      t.equal(same.kind, 'mine', 'that is what the asker has himself')
      if (same.kind === 'mine') same.release()
      t.match(await store.claim('kunde.de', { signal, olderThanMs: 5000 }), { kind: 'kept' })
    })

    await t.test('what is not ours is not read', async (t) => {
      const { valkey } = open()
      await there(valkey)
      const store = createValkeyStore<Discovery>({ valkey, origin: () => 'strange', lockMs: 1000 })
      store.set('kunde.de', sampleDiscovery(), { ttlSeconds: 60, weak: false })
      const [name = ''] = (await valkey.ask((client) => client.keys('*strange*'))) ?? []
      t.match(name, /^mailscout:[\w-]+:strange:\{kunde\.de\}$/)
      const format = /mailscout:([\w-]+):/.exec(name)?.[1] ?? ''
      for (const text of ['rubbish', `${format}\nrubbish`]) {
        await valkey.ask((client) => client.set(name, text, 'PX', 60_000))
        t.equal(await store.find('kunde.de'), undefined)
        t.equal((await store.claim('kunde.de', { signal })).kind, 'mine')
      }
    })

    await t.test('counts of all processes, by minute', async (t) => {
      const clock = { now: 60_000_000 }
      const both = [open(), open()].map(({ valkey }) => ({
        valkey,
        counters: new ValkeyCounters({ valkey, now: () => clock.now }),
      }))
      for (const { valkey } of both) await there(valkey)
      const [one, two] = both.map(({ counters }) => counters) as [ValkeyCounters, ValkeyCounters]
      one.add('192.0.2.1', 3)
      await one.sync()
      two.add('192.0.2.1', 1)
      two.add('192.0.2.1', 1)
      two.add('192.0.2.2', 5)
      await two.sync()
      t.strictSame([two.others('192.0.2.1'), two.others('192.0.2.2')], [3, 0])
      one.add('192.0.2.1', 1)
      await one.sync()
      t.equal(one.others('192.0.2.1'), 2)
      const keys = (await both[0]?.valkey.ask((client) => client.keys('mailscout:count:*'))) ?? []
      t.equal(keys.length, 2)
      t.notOk(
        keys.some((key) => key.includes('192.0.2')),
        'no address in a key',
      )
      two.add('192.0.2.1', 40)
      const before = performance.now()
      await until(() => two.others('192.0.2.1') === 4)
      t.ok(performance.now() - before < 90, 'so much is told at once')
      clock.now += 60_000
      t.equal(one.others('192.0.2.1'), 0, 'another minute')
      await one.sync()
    })

    await t.test(
      'slow or silent: a few milliseconds, no error, and back again without a restart',
      async (t) => {
        const [one] = await fleet(1, way.url)
        for (const delayMs of [50, Infinity]) {
          way.delayMs = delayMs
          const costs: number[] = []
          for (let ask = 0; ask < 20; ask += 1) {
            const before = performance.now()
            t.equal(await one.valkey.ask((client) => client.ping()), undefined)
            costs.push(performance.now() - before)
          }
          // The machine may be busy with other things; that it waited for nothing longer shows in the shortest wait.
          const waits = costs.filter((cost) => cost > 2)
          t.ok(Math.min(...waits, Infinity) < 12, `${Math.min(...waits).toFixed(1)} ms`)
          t.ok(waits.length <= 8, `${waits.length} of 20 waited at all`)
          t.equal(one.changes.at(-1), false)
          // A new connection meanwhile hears nothing either, and must not wait for it for ever.
          const before = way.connections
          while (way.connections === before) {
            await one.valkey.ask((client) => client.ping())
            await settled()
          }
          way.delayMs = 0
          await there(one.valkey)
          t.equal(one.changes.at(-1), true)
        }
      },
    )

    await t.test('killed under load: every request is answered, and a new one is used', async (t) => {
      const [one, two] = await fleet(2)
      for (const member of [one, two]) member?.answer.resolve(FOUND)
      const kinds: string[] = []
      const load = async (from: number) => {
        for (let number = from; number < from + 40; number += 1) {
          const { kind } = await one.discover({ domain: `kunde-${number}.de` as Hostname })
          kinds.push(kind)
          if (number === from + 10) await server.kill()
        }
      }
      await Promise.all([load(0), load(1000), load(2000)])
      t.strictSame([new Set(kinds), kinds.length], [new Set(['found']), 120])
      await server.start()
      for (const member of [one, two]) await there(member?.valkey)
      await one.discover({ domain: 'nachher.de' as Hostname })
      await one.service.idle()
      await two?.discover({ domain: 'nachher.de' as Hostname })
      t.equal(two?.asked(), 0, 'shared again')
    })
  },
)

void t.test('without an engine a question costs nothing', async (t) => {
  const valkey = openValkey({ url: 'redis://127.0.0.1:9' })
  const { discover, answer } = processOf(valkey, 'nobody')
  answer.resolve(FOUND)
  t.equal((await discover()).kind, 'found')
  const counters = new ValkeyCounters({ valkey, now: () => 0 })
  counters.add('192.0.2.1', 1)
  await counters.sync()
  t.equal(counters.others('192.0.2.1'), 0)
  await valkey.close()
})

/** One process of several, whose only source answers when the test lets it. */
function processOf(valkey: Valkey, origin: string) {
  const answer: Deferred<SourceOutcome> = deferred()
  const source = new FakeSource('autoconfig', answer.promise)
  const admitted = { count: 0 }
  const service = createDiscoveryService({
    sources: [source],
    prober: new FakeProber({}, probeVerified()),
    budgetMs: 30_000,
    now: Date.now,
    store: createMemoryStore<Discovery>({ maxBytes: 1e6 }),
    shared: createValkeyStore<Discovery>({ valkey, origin: () => origin, lockMs: 30_000 }),
    allowSpecialUseNames: false,
    suggest: () => [],
    onBug: (_, error) => {
      throw error
    },
  })
  const turnstile = {
    admit: () => {
      admitted.count += 1
    },
    enter: () => Promise.resolve(() => undefined),
  }
  const discover = (change: Partial<Parameters<typeof service.discover>[0]> = {}) =>
    service.discover({ domain: DOMAIN, signal, turnstile, ...change })
  return { service, discover, answer, admitted, asked: () => source.queries.length }
}

/** Until the engine answers; the time limit of the test ends what never comes true. */
async function there(valkey: Valkey | undefined): Promise<void> {
  while ((await valkey?.ask((client) => client.ping())) === undefined) await settled()
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await settled()
}
