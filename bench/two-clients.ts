/**
 * One client sends 10,000 requests as fast as it can, another a steady stream: the first is limited, and the second does
 * not notice (R10). The built service with its limits as they come, each client an address of its own on loopback.
 * Exits 1 where the second waits too long or is refused, or the first is not.
 */
import { type Order, type Tally, carryOut, percentile } from './load/ask.js'
import { judge } from './load/judge.js'
import { Helper } from './load/process.js'
import { startService } from './load/service.js'

const REQUESTS = 10_000
const CONNECTIONS = 64
/** The middle one is judged: whatever else the machine does makes one worse, never better. */
const ROUNDS = 3
/** Of the second client, a second. */
const RATE = 250
/** Every so many of its requests is for a domain nobody has asked for. */
const COLD_EVERY = 60
/** Milliseconds, 99th percentile of the second client's answers from the cache. */
const LIMIT_MS = 50
/** Of the first client's requests, MAILSCOUT_RATE_LIMIT_MAX may be answered. */
const LIMIT_REQUESTS = 600

const service = await startService({}, { yields: true })
const { url } = service
const flood = new Helper(new URL('load/flood.ts', import.meta.url), { yields: true })
// Its own minute of requests is spent by what follows; a third client warms the code and the cache.
await carryOut({ url, connections: 4, amount: 500, from: 0, coldEvery: 20, localAddress: '127.0.0.3' })

interface Round {
  readonly first: Tally
  readonly second: Tally
}

/** Each with clients of its own, whose minute has just begun. */
async function roundOf(number: number): Promise<Round> {
  const over = new AbortController()
  const from = number * 1_000_000
  const calm = carryOut(
    {
      url,
      connections: 16,
      rate: RATE,
      from: from + 100_000,
      coldEvery: COLD_EVERY,
      localAddress: `127.0.2.${String(number)}`,
    },
    over.signal,
  )
  const order: Order = {
    url,
    connections: CONNECTIONS,
    amount: REQUESTS,
    from: from + 200_000,
    coldEvery: 1,
    localAddress: `127.0.1.${String(number)}`,
  }
  const first = (await flood.ask(order)) as Tally
  over.abort()
  return { first, second: await calm }
}

const rounds: Round[] = []
for (let number = 1; number <= ROUNDS; number += 1) rounds.push(await roundOf(number))
flood.stop()
const ended = await service.close()

const p99Of = ({ second }: Round) => percentile(second.kept, 0.99)
const sumOf = (value: (round: Round) => number) => rounds.reduce((sum, round) => sum + value(round), 0)
for (const round of rounds) {
  const { first, second } = round
  console.log(`first client   ${String(REQUESTS)} requests for new domains in ${first.seconds.toFixed(1)} s: ${String(first.counts.found + first.counts.absent)} answered,
               ${String(first.counts.limited)} limited (429 with RateLimit and Retry-After), ${String(first.counts.overloaded)} overloaded
second client  ${String(second.kept.length)} kept answers: p50 ${percentile(second.kept, 0.5).toFixed(1)} ms, p99 ${p99Of(round).toFixed(1)} ms;
               ${String(second.cold.length)} lookups: p50 ${percentile(second.cold, 0.5).toFixed(0)} ms`)
  for (const { errors } of [first, second])
    if (Object.keys(errors).length > 0) console.log('errors', JSON.stringify(errors))
}
judge('first clients, limited, the fewest', Math.min(...rounds.map(({ first }) => first.counts.limited)), {
  least: REQUESTS - LIMIT_REQUESTS,
})
judge(
  'first clients, errors',
  sumOf(({ first }) => first.counts.error),
  { most: 0 },
)
judge('second clients, kept answers, p99, ms, middle round', percentile(rounds.map(p99Of), 0.5), {
  most: LIMIT_MS,
})
judge(
  'second clients, lookups answered',
  sumOf(({ second }) => second.cold.length),
  { least: ROUNDS },
)
judge(
  'second clients, not answered',
  sumOf(({ second: { counts } }) => counts.limited + counts.overloaded + counts.failed + counts.error),
  { most: 0 },
)
judge('service ended in order', ended ? 1 : 0, { least: 1 })
