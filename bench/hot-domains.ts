/**
 * What a kept answer costs with 10 to 100,000 domains in the cache (1,000,000 with `--large`), every domain asked for as
 * often as any other: CPU microseconds per answer through the whole HTTP application, first with room for all ready
 * bytes, then with none, when each answer is unpacked and rendered anew. Exits 1 when the cost grows with the domains.
 */
import { createShelf } from '../src/cache/shelf.js'
import { createMemoryStore } from '../src/cache/store.js'
import { createDiscoveryService } from '../src/discovery/discovery-service.js'
import type { Discovery } from '../src/domain/discovery.js'
import { buildApp } from '../src/http/app.js'
import type { AboutReady } from '../src/http/ready.js'
import { host, sampleDiscovery, sampleServer, sampleServers } from '../test/formats/sample-discovery.js'

const SIZES = process.argv.includes('--large') ? [10, 1000, 100_000, 1_000_000] : [10, 1000, 100_000]
/** The dearest size against the cheapest: memory that is not in the processor's cache is slower, nothing else may be. */
const LIMIT_RATIO = 1.5
const ANSWERS = 5000
/** The least of so many counts: whatever disturbs makes a round dearer, never cheaper. */
const ROUNDS = 4
/** Answers in a turn of the event loop. */
const TURN = 16
/** A prime stride, so that neighbouring answers are about domains far apart. */
const STRIDE = 7919
/** For each domain, kept and ready. */
const BYTES_EACH = 8192

const nameOf = (number: number) => `customer-${String(number)}.de`

function answerFor(domain: string): Discovery {
  const server = (name: string, port: number) => sampleServer(`${name}.${domain}`, port)
  return sampleDiscovery({
    domain: host(domain),
    servers: sampleServers({
      imap: [server('imap', 993)],
      pop3: [server('pop', 995)],
      smtp: [server('smtp', 465)],
    }),
    ttlSeconds: 86_400,
  })
}

interface Subject {
  readonly size: number
  readonly ask: (number: number) => Promise<void>
  readonly heapMb: number
}

function prepare(size: number, readyBytes: number): Subject {
  globalThis.gc?.()
  const before = process.memoryUsage()
  const store = createMemoryStore<Discovery>({ maxBytes: size * BYTES_EACH + 1_000_000 })
  for (let number = 0; number < size; number += 1) {
    store.set(nameOf(number), answerFor(nameOf(number)), { ttlSeconds: 86_400 })
  }
  const service = createDiscoveryService({
    sources: [],
    prober: { probe: () => Promise.reject(new Error('nobody is asked')) },
    budgetMs: 1000,
    now: Date.now,
    onBug: () => undefined,
    store,
    allowSpecialUseNames: false,
    suggest: () => [],
  })
  const ready = createShelf<AboutReady>({ maxBytes: readyBytes })
  const app = buildApp({ service, ready, isOwnDomain: () => false, now: Date.now, version: 'bench' })
  const ask = async (number: number) => {
    const { statusCode } = await app.inject(`/v1/discover?email=ann@${nameOf((number * STRIDE) % size)}`)
    if (statusCode !== 200) throw new Error(`status ${String(statusCode)}`)
  }
  const { heapUsed } = process.memoryUsage()
  return { size, ask, heapMb: (heapUsed - before.heapUsed) / 1e6 }
}

async function microseconds({ ask }: Subject, answers: number): Promise<number> {
  const before = process.cpuUsage()
  for (let number = 0; number < answers; number += 1) {
    await ask(number)
    // Requests that are injected never leave the event loop's turn, at whose end much of what they used is set free.
    if (number % TURN === 0) await new Promise(setImmediate)
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / answers
}

async function series(title: string, readyBytes: (size: number) => number): Promise<number[]> {
  console.log(title)
  const costs: number[] = []
  for (const size of SIZES) {
    const subject = prepare(size, readyBytes(size))
    // Every domain once, so that what can be ready is.
    await microseconds(subject, Math.max(ANSWERS, Math.min(size, 100_000)))
    let least = Infinity
    for (let round = 0; round < ROUNDS; round += 1)
      least = Math.min(least, await microseconds(subject, ANSWERS))
    costs.push(least)
    console.log(
      `  ${String(size).padStart(9)} domains  ${least.toFixed(1).padStart(6)} µs per answer  heap ${subject.heapMb.toFixed(0)} MB`,
    )
  }
  return costs
}

prepare(1, 1_000_000)
for (const costs of [
  await series('room for all ready bytes', (size) => size * BYTES_EACH + 1_000_000),
  await series('room for none', () => 1024),
]) {
  const ratio = Math.max(...costs) / Math.min(...costs)
  const missed = ratio > LIMIT_RATIO
  console.log(
    `dearest to cheapest ${ratio.toFixed(2)}, limit ${String(LIMIT_RATIO)}${missed ? '   MISSED' : ''}`,
  )
  if (missed) process.exitCode = 1
}
