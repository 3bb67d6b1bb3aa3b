import { randomBytes } from 'node:crypto'
import t from 'tap'
import { ByteStore } from '../../src/cache/byte-store.js'
import { cachingResolver } from '../../src/cache/caching-resolver.js'
import { pack, PACK_FORMAT, unpack } from '../../src/cache/pack.js'
import { SingleFlight } from '../../src/cache/single-flight.js'
import { createMemoryStore } from '../../src/cache/store.js'
import { deferred, never, settled } from '../fakes/deferred.js'
import { sampleDiscovery } from '../formats/sample-discovery.js'
import { dnsAbsent, dnsFound, dnsTimeout, type DnsTable, FakeResolver } from '../fakes/fake-resolver.js'

/** Text that does not compress to nothing. */
const noise = (length: number) => randomBytes(length / 2).toString('hex')

const live = () => new AbortController().signal

void t.test('the store keeps for its time and within its size', (t) => {
  const clock = { now: 1000 }
  const store = createMemoryStore<{ text: string }>({ maxBytes: 10_000, now: () => clock.now })
  store.set('a', { text: 'one' }, { ttlSeconds: 10 })
  clock.now += 9999
  t.same(store.get('a'), { text: 'one' })
  clock.now += 2
  t.equal(store.get('a'), undefined)
  store.set('zero', { text: 'gone at once' }, { ttlSeconds: 0 })
  clock.now += 2
  t.equal(store.get('zero'), undefined)

  store.set('b', { text: 'first' }, { ttlSeconds: 10 })
  const before = store.peek('b')
  t.same(before?.value(), { text: 'first' })
  t.equal(store.peek('b')?.stamp, before?.stamp, 'the same answer, the same stamp')
  store.set('b', { text: 'two' }, { ttlSeconds: 10 })
  t.not(store.peek('b')?.stamp, before?.stamp, 'another answer, another stamp')
  t.equal(store.peek('never'), undefined)
  store.delete('b')
  t.equal(store.get('b'), undefined)
  store.set('c', { text: 'three' }, { ttlSeconds: 10 })
  store.forget()
  t.equal(store.get('c'), undefined)

  for (let index = 0; index < 100; index += 1)
    store.set(`k${index}`, { text: noise(500) }, { ttlSeconds: 10 })
  const kept = Array.from({ length: 100 }, (_, index) => store.get(`k${index}`)).filter(Boolean)
  t.ok(kept.length > 0 && kept.length * 250 < 10_000, `${kept.length} kept: bounded by bytes`)
  t.ok(store.get('k99'), 'the newest stay')
  store.set('huge', { text: noise(20_000) }, { ttlSeconds: 10 })
  t.equal(store.get('huge'), undefined, 'what never fits is not kept')
  t.end()
})

void t.test('past its time, and busy near its end', (t) => {
  const clock = { now: 0 }
  const store = createMemoryStore<{ text: string }>({ maxBytes: 10_000, now: () => clock.now })
  const lifetime = { ttlSeconds: 100, staleSeconds: 50, ahead: true }
  store.set('a', { text: 'one' }, lifetime)
  clock.now = 95_000
  t.equal(store.peek('a')?.isDue, false, 'few ask for it')
  for (let use = 0; use < 10; use += 1) store.peek('a')
  t.match(store.peek('a'), { isDue: true, freshForMs: 5000 }, 'many do')
  store.set('a', { text: 'one' }, lifetime)
  t.equal(store.peek('a')?.isDue, false, 'what is new counts from the beginning')
  clock.now += 100_000
  t.match(store.peek('a'), { isDue: true, freshForMs: 0 }, 'over, but good enough to leave')
  t.same(store.get('a'), { text: 'one' })
  store.postpone('a', 10)
  t.equal(store.peek('a')?.isDue, false)
  clock.now += 10_000
  t.equal(store.peek('a')?.isDue, true)
  clock.now += 40_000
  t.equal(store.peek('a'), undefined, 'the stale time is bounded')
  store.postpone('a', 10)
  store.set('plain', { text: 'two' }, { ttlSeconds: 100 })
  for (let use = 0; use < 20; use += 1) store.peek('plain')
  clock.now += 99_000
  t.equal(store.peek('plain')?.isDue, false, 'ahead of its end only where that is wanted')
  t.end()
})

void t.test('within the bound, what is used stays and the rest goes, oldest first', (t) => {
  const clock = { now: 0 }
  const bytes = new ByteStore({ maxBytes: 64 * 1024, now: () => clock.now })
  const forever = { freshUntil: 1e9, goneAt: 1e9, dueAt: 1e9 }
  const value = (number: number) => Buffer.alloc(100, number % 251)
  const held = (key: string) => {
    const place = bytes.find(key)
    return place && Buffer.from(place.segment.bytes(place.at))
  }
  const use = (key: string) => {
    const place = bytes.find(key)
    place?.segment.use(place.at)
  }
  bytes.set('gone.de', value(1), { freshUntil: 1, goneAt: 2, dueAt: 1 })
  const early = bytes.find('gone.de')
  clock.now = 3
  t.equal(bytes.find('gone.de'), undefined)
  for (let number = 0; number < 5000; number += 1) {
    bytes.set(`d${number}.de`, value(number), forever)
    if (number % 50 === 0) {
      use('d7.de')
      bytes.set('replaced.de', value(number), forever)
    }
    if (bytes.weight > 64 * 1024) t.fail(`${bytes.weight} bytes after ${number}`)
  }
  t.same(held('d7.de'), value(7), 'used all along')
  t.same(held('replaced.de'), value(4950))
  t.same(held('d4999.de'), value(4999))
  t.equal(held('d8.de'), undefined)
  const kept = [...bytes.entries()]
  t.equal(kept.length, bytes.size)
  t.ok(kept.length > 150, `${kept.length} kept`)
  t.same(
    kept.map(({ key, bytes: packed }) => [key, Buffer.from(packed)]),
    kept.map(({ key }) => [key, held(key)]),
  )
  t.same(early?.segment.bytes(early.at), value(1), 'who holds a place can still read it')
  for (const { key } of kept) use(key)
  for (let number = 0; number < 400; number += 1) bytes.set(`e${number}.de`, value(number), forever)
  t.ok(held('e399.de'), 'where all is in use, what is new finds room as well')
  bytes.clear()
  t.strictSame([bytes.size, bytes.weight, held('e399.de')], [0, 0, undefined])
  t.end()
})

void t.test('answers are packed small and come back whole', (t) => {
  const answer = sampleDiscovery()
  t.same(unpack(pack(answer)), answer)
  const plain = JSON.stringify(answer).length
  const packed = pack(answer).length
  t.ok(packed < plain / 4, `${packed} of ${plain} bytes`)
  t.throws(() => unpack(Buffer.from('not packed')))
  t.match(PACK_FORMAT, /^\d+-[\da-f]{8}$/)
  t.end()
})

void t.test('a resolver that remembers', async (t) => {
  const asking = (table: DnsTable) => {
    const clock = { now: 1000 }
    const inner = new FakeResolver(table)
    return { clock, inner, resolver: cachingResolver(inner, { now: () => clock.now }) }
  }

  await t.test('TTLs are obeyed, negative ones too, up to an hour', async (t) => {
    const table = {
      'addresses a.de': dnsFound(['9.9.9.9'], { ttlSeconds: 10 }),
      'mx a.de': dnsAbsent({ ttlSeconds: 10 }),
      'txt a.de': dnsFound(['x'], { ttlSeconds: 86_400 }),
      'srv a.de': dnsFound([], { ttlSeconds: 0 }),
    }
    for (const [method, seconds] of [
      ['addresses', 10],
      ['mx', 10],
      ['txt', 3600],
    ] as const) {
      const { clock, inner, resolver } = asking(table)
      t.same(await resolver[method]('a.de', live()), table[`${method} a.de`])
      await resolver[method]('A.de', live())
      clock.now += seconds * 1000 - 1
      await resolver[method]('a.de', live())
      t.equal(inner.questions.length, 1, method)
      clock.now += 2
      await resolver[method]('a.de', live())
      t.equal(inner.questions.length, 2, method)
      resolver.forget('b.de')
      await resolver[method]('a.de', live())
      t.equal(inner.questions.length, 2, 'another domain is another matter')
      resolver.forget('a.de')
      await resolver[method]('a.de', live())
      t.equal(inner.questions.length, 3, 'forgotten is asked anew')
    }
    const { inner, resolver } = asking(table)
    await resolver.srv('a.de', live())
    await resolver.srv('a.de', live())
    t.equal(inner.questions.length, 2, 'a TTL of 0 is not kept')
  })

  await t.test('a kept answer hands out what is left of its TTL', async (t) => {
    const { clock, resolver } = asking({
      'mx a.de': dnsFound([], { ttlSeconds: 100 }),
      'txt a.de': dnsAbsent({ ttlSeconds: 86_400 }),
    })
    const left = async (method: 'mx' | 'txt') => {
      const answer = await resolver[method]('a.de', live())
      return answer.kind === 'failed' ? null : answer.ttlSeconds
    }
    t.strictSame([await left('mx'), await left('txt')], [100, 86_400])
    clock.now += 39_500
    t.strictSame([await left('mx'), await left('txt')], [60, 86_360], 'never longer than it was given')
    t.strictSame([await left('mx'), await left('txt')], [60, 86_360], 'asking does not shorten it')
    clock.now += 60_400
    t.equal(await left('mx'), 0)
  })

  await t.test(
    'answers are bounded by bytes: a huge one is not kept, many large ones push each other out',
    async (t) => {
      const text = (length: number) => dnsFound(['x'.repeat(length)])
      const names = Array.from({ length: 2500 }, (_, index) => `n${index}.de`)
      const table = Object.fromEntries(names.map((name) => [`txt ${name}`, text(7000)]))
      const { inner, resolver } = asking({ ...table, 'txt huge.de': text(9000) })
      const asked = async (name: string) => {
        const before = inner.questions.length
        await resolver.txt(name, live())
        return inner.questions.length - before
      }
      await asked('huge.de')
      t.equal(await asked('huge.de'), 1)
      for (const name of names) await asked(name)
      t.equal(await asked('n2499.de'), 0, 'the newest stay')
      t.equal(await asked('n0.de'), 1)
    },
  )

  await t.test('failures are not remembered (R37)', async (t) => {
    const { inner, resolver } = asking({ 'mx a.de': dnsTimeout() })
    t.equal((await resolver.mx('a.de', live())).kind, 'failed')
    await resolver.mx('a.de', live())
    t.equal(inner.questions.length, 2)
  })

  await t.test('one question at a time; who leaves does not take it from the others', async (t) => {
    const answer = deferred<ReturnType<typeof dnsAbsent>>()
    const { inner, resolver } = asking({ 'mx a.de': answer.promise })
    const controller = new AbortController()
    const [one, two] = [resolver.mx('a.de', controller.signal), resolver.mx('a.de', live())]
    controller.abort(new Error('gone'))
    await t.rejects(one, { message: 'gone' })
    answer.resolve(dnsAbsent())
    t.equal((await two).kind, 'absent')
    t.equal(inner.questions.length, 1)
    t.equal((await resolver.mx('a.de', live())).kind, 'absent', 'kept')
  })
})

void t.test('single flight', async (t) => {
  await t.test('joins by key and tells what was said before', async (t) => {
    const flights = new SingleFlight<string, number>()
    const value = deferred<number>()
    let started = 0
    let say: (event: string) => void = () => undefined
    const start = ({ emit }: { emit: (event: string) => void }) => {
      started += 1
      say = emit
      emit('started')
      return value.promise
    }
    const heard: string[][] = [[], []]
    const join = (index: number) =>
      flights.run('key', start, { signal: live(), onEvent: (event) => heard[index]?.push(event) })
    const one = join(0)
    say('half')
    const two = join(1)
    const other = flights.run('other', () => Promise.resolve(7), { signal: live() })
    say('nearly')
    value.resolve(42)
    t.strictSame(await Promise.all([one, two, other]), [42, 42, 7])
    t.strictSame(heard, [
      ['started', 'half', 'nearly'],
      ['started', 'half', 'nearly'],
    ])
    t.equal(started, 1)
    say('late')
    t.equal(heard[0]?.length, 3, 'nobody listens any more')
    t.equal(await join(0), 42)
    t.equal(started, 2, 'what has ended is not joined')
  })

  await t.test('the work lives until the last caller has gone', async (t) => {
    const flights = new SingleFlight<never, number>()
    let signal: AbortSignal | undefined
    const start = (work: { signal: AbortSignal }) => {
      signal = work.signal
      return never<number>()
    }
    const callers = [new AbortController(), new AbortController()]
    const waiting = callers.map((caller) => flights.run('key', start, { signal: caller.signal }))
    callers[0]?.abort(new Error('first gone'))
    await t.rejects(waiting[0] as Promise<number>, { message: 'first gone' })
    t.equal(signal?.aborted, false)
    callers[1]?.abort(new Error('second gone'))
    await t.rejects(waiting[1] as Promise<number>, { message: 'second gone' })
    await settled()
    t.equal(signal?.aborted, true)
    t.equal(await flights.run('key', () => Promise.resolve(1), { signal: live() }), 1, 'a new one can start')
  })

  await t.test('a failure reaches all callers and is not kept', async (t) => {
    const flights = new SingleFlight<never, number>()
    const value = deferred<number>()
    const waiting = [1, 2].map(() => flights.run('key', () => value.promise, { signal: live() }))
    value.reject(new Error('broken'))
    for (const caller of waiting) await t.rejects(caller, { message: 'broken' })
    t.equal(await flights.run('key', () => Promise.resolve(1), { signal: live() }), 1)
    const late = flights.run('key', () => Promise.resolve(1), {
      signal: AbortSignal.abort(new Error('late')),
    })
    await t.rejects(late, { message: 'late' })
  })
})
