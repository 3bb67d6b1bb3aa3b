/**
 * Twenty times as many lookups as one process carries, then calm again (R10): what cannot be carried is refused at once with a
 * word when to come again, what was accepted is answered, kept answers go on, and the first lookup after the flood
 * takes its normal time. `--seconds=60` is the length of the flood. Exits 1 where a limit is missed.
 */
import { type Order, type Tally, carryOut, percentile } from './load/ask.js'
import { secondsOf } from './load/arguments.js'
import { judge } from './load/judge.js'
import { Helper } from './load/process.js'
import { startService } from './load/service.js'

const SECONDS = secondsOf(10)
/** Of the capacity. */
const TIMES = 20
/** Of MAILSCOUT_MAX_COLD_LOOKUPS, so that every place is taken while the capacity is measured. */
const PLACES = 16
const CONNECTIONS = 512
const CALIBRATION_MS = 3000
/** Milliseconds after the flood until a lookup takes its normal time, kept answers during it (99th percentile). */
const LIMIT_RECOVERY_MS = 2000
const LIMIT_KEPT_MS = 1000
/** The lab has what this machine's processor leaves, and may answer too late. */
const LIMIT_FAILED = 0.05
/** Of the asked rate that the flood must really have reached. */
const LEAST_OFFERED = 0.8

// All clients come through a proxy, each with an address of its own: their own limits do not protect the service here.
const service = await startService({ MAILSCOUT_TRUST_PROXY: 'loopback' })
const flood = new Helper(new URL('load/flood.ts', import.meta.url))
const base = { url: service.url, manyClients: true } as const
let from = 1000
async function ask(order: Partial<Order> & Pick<Order, 'connections' | 'coldEvery'>): Promise<Tally> {
  const tally = (await flood.ask({ ...base, from, ...order } satisfies Order)) as Tally
  from = tally.next
  return tally
}

await ask({ connections: 4, amount: 500, coldEvery: 5 })
const normal = percentile((await ask({ connections: 1, amount: 40, coldEvery: 1 })).cold, 0.95)
const full = await ask({ connections: PLACES, forMs: CALIBRATION_MS, coldEvery: 1 })
const capacity = full.cold.length / full.seconds

const over = new AbortController()
const calm = carryOut({ ...base, connections: 16, rate: 50, from: 0, coldEvery: Infinity }, over.signal)
const rate = capacity * TIMES
const flooded = await ask({ connections: CONNECTIONS, rate, forMs: SECONDS * 1000, coldEvery: 1 })
over.abort()
const kept = await calm
const recoveryMs = await untilNormal()
flood.stop()
const ended = await service.close()

/** Milliseconds from the end of the flood to the end of the first lookup that took no longer than usual. */
async function untilNormal(): Promise<number> {
  const endedAt = performance.now()
  for (;;) {
    const { cold } = await carryOut({ ...base, connections: 1, amount: 1, from: from++, coldEvery: 1 })
    const since = performance.now() - endedAt
    if ((cold[0] ?? Infinity) <= 2 * normal || since > 5 * LIMIT_RECOVERY_MS) return since
  }
}

const { counts } = flooded
const accepted = counts.found + counts.absent + counts.failed
const offered = accepted + counts.limited + counts.overloaded + counts.error
const p99 = percentile(kept.kept, 0.99)
console.log(`capacity       ${capacity.toFixed(0)} lookups a second with ${String(PLACES)} at a time; one alone takes up to ${normal.toFixed(0)} ms (p95)
flood          ${(offered / SECONDS).toFixed(0)} a second for ${SECONDS.toFixed(0)} s, ${(offered / SECONDS / capacity).toFixed(1)} times the capacity: ${String(offered)} requests
  answered     ${String(accepted)}, ${(accepted / flooded.seconds).toFixed(0)} a second: p50 ${percentile(flooded.cold, 0.5).toFixed(0)} ms, p99 ${percentile(flooded.cold, 0.99).toFixed(0)} ms
  refused      ${String(counts.overloaded)} OVERLOADED, ${String(counts.limited)} RATE_LIMITED, all with Retry-After
  errors       ${String(counts.error)} ${counts.error > 0 ? JSON.stringify(flooded.errors) : ''}
kept answers   ${String(kept.kept.length)}: p50 ${percentile(kept.kept, 0.5).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; ${String(kept.counts.error + kept.counts.limited + kept.counts.overloaded + kept.counts.failed)} not answered`)
judge('offered, of what was meant to be', offered / SECONDS / rate, { least: LEAST_OFFERED })
judge('errors', counts.error + kept.counts.error, { most: 0 })
judge('lookups that failed, of the answered', counts.failed / accepted, { most: LIMIT_FAILED })
judge('kept answers refused', kept.counts.limited + kept.counts.overloaded + kept.counts.failed, { most: 0 })
judge('answered, of the capacity', accepted / flooded.seconds / capacity, { least: 0.5 })
judge('kept answers, p99, ms', p99, { most: LIMIT_KEPT_MS })
judge('until a lookup takes its normal time again, ms', recoveryMs, { most: LIMIT_RECOVERY_MS })
judge('service ended in order', ended ? 1 : 0, { least: 1 })
