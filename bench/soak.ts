/**
 * New domains without end, at full rate, with kept answers beside them: memory, descriptors and times stay where they are.
 * 30 minutes, or as `--minutes=` or `--seconds=` say. The cache is small (`--cache=` megabytes, 4 by default), so that it
 * is soon full, and whatever grows from then on is a leak. Exits 1 where a limit is missed; in less than eight
 * minutes, only errors, open descriptors and a ceiling for memory are looked at.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { type Order, type Tally, percentile } from './load/ask.js'
import { numberOf, secondsOf } from './load/arguments.js'
import { judge } from './load/judge.js'
import { Helper, openDescriptors, residentMb } from './load/process.js'
import { startService } from './load/service.js'

const SECONDS = secondsOf(30 * 60)
const CACHE_MB = numberOf('cache') ?? 4
/** Megabytes of V8's heap, as a container of twice that gives it; about 50 are in use. */
const HEAP_MB = 128
const WINDOWS = 30
const FIRST = 1000
/** On a busy machine the lab may answer too late. */
const LIMIT_FAILED = 0.02
/** A few less than places, so that none is refused. */
const LANES = 12
/** Of so many requests one is for a new domain. */
const COLD_EVERY = 4
/** Below that the collector has not come to rest, and the cache is not full: memory has a plain ceiling instead. */
const LEAST_SECONDS_TO_COMPARE = 480
/** Megabytes. */
const LIMIT_PEAK = 400
/** Of the last third to the middle one: the middle window of each. */
const LIMIT_MEMORY = 1.05
/** The same, of the best window of each: whatever else runs on the machine makes one longer, never shorter. */
const LIMIT_P99 = 1.5
/** Of memory in an hour, by the line through the last two thirds, in per cent of what it was. */
const LIMIT_SLOPE = 20
/** Milliseconds in which connections that are kept for a while are closed (30 s), and how often that is looked at. */
const SETTLE_MS = 40_000
const LOOK_MS = 250

interface Window {
  readonly minutes: number
  readonly domains: number
  readonly perSecond: number
  readonly rss: number
  readonly heap: number
  readonly external: number
  readonly descriptors: number
  readonly loopMs: number
  readonly keptP99: number
  readonly coldP99: number
}

const service = await startService({
  MAILSCOUT_TRUST_PROXY: 'loopback',
  MAILSCOUT_CACHE_MB: String(CACHE_MB),
  // With gigabytes to fill, V8 lets garbage lie for many minutes, which looks like growth.
  NODE_OPTIONS: `--max-old-space-size=${String(HEAP_MB)}`,
})
const { url, pid } = service
const asking = new Helper(new URL('load/flood.ts', import.meta.url))
let from = FIRST
async function ask(forMs: number): Promise<Tally> {
  const order: Order = { url, connections: LANES, forMs, from, coldEvery: COLD_EVERY, manyClients: true }
  const tally = (await asking.ask(order)) as Tally
  from = tally.next
  return tally
}

const descriptorsBefore = openDescriptors(pid)
const windows: Window[] = []
const problems: Record<string, number> = {}
let failed = 0
console.log('  min  domains   per s  RSS MB  heap MB  external  open  loop p99  kept p99  lookup p99')
for (let number = 0; number < WINDOWS; number += 1) await watch()
const descriptorsAfter = await settled(descriptorsBefore)
asking.stop()
const ended = await service.close()

async function watch(): Promise<void> {
  const tally = await ask((SECONDS * 1000) / WINDOWS)
  for (const [what, count] of Object.entries({ ...tally.errors, refused: tally.counts.overloaded }))
    if (count > 0) problems[what] = (problems[what] ?? 0) + count
  const metric = await service.metrics()
  const window = {
    minutes: ((windows.length + 1) * SECONDS) / WINDOWS / 60,
    domains: from,
    perSecond: tally.cold.length / tally.seconds,
    rss: residentMb(pid),
    heap: metric('nodejs_heap_size_used_bytes') / 1e6,
    external: metric('nodejs_external_memory_bytes') / 1e6,
    descriptors: openDescriptors(pid),
    loopMs: metric('nodejs_eventloop_lag_p99_seconds') * 1000,
    keptP99: percentile(tally.kept, 0.99),
    coldP99: percentile(tally.cold, 0.99),
  }
  failed += tally.counts.failed
  windows.push(window)
  const digits = [1, 0, 0, 1, 1, 1, 0, 1, 1, 0]
  const widths = [5, 9, 8, 8, 9, 10, 6, 10, 10, 12]
  console.log(
    Object.values(window)
      .map((value: number, column) => value.toFixed(digits[column]).padStart(widths[column]!))
      .join(''),
  )
}

/** Descriptors once no more than so many are open, or after a while. */
async function settled(wanted: number): Promise<number> {
  const until = performance.now() + SETTLE_MS
  while (openDescriptors(pid) > wanted && performance.now() < until) await pause(LOOK_MS)
  return openDescriptors(pid)
}

const third = WINDOWS / 3
/** Of the last third to the middle one, by the window at this share of each, 0 for the least. */
const growth = (name: keyof Window, share: number) => {
  const [middle, last] = [1, 2].map((part) =>
    percentile(
      windows.slice(part * third, (part + 1) * third).map((window) => window[name]),
      share,
    ),
  )
  return last! / middle!
}
judge(
  'errors and refusals',
  Object.values(problems).reduce((sum, count) => sum + count, 0),
  { most: 0 },
)
if (Object.keys(problems).length > 0) console.log(JSON.stringify(problems))
judge('lookups that failed, of all', failed / (from - FIRST), { most: LIMIT_FAILED })
if (SECONDS < LEAST_SECONDS_TO_COMPARE) {
  judge('memory at most, MB', Math.max(...windows.map(({ rss }) => rss)), { most: LIMIT_PEAK })
} else {
  judge('memory, last third to middle third', growth('rss', 0.5), { most: LIMIT_MEMORY })
  judge('memory, growth in an hour, %', slope(), { most: LIMIT_SLOPE })
  judge('kept answers, p99, last third to middle third', growth('keptP99', 0), { most: LIMIT_P99 })
  judge('lookups, p99, last third to middle third', growth('coldP99', 0), { most: LIMIT_P99 })
}
judge('descriptors at the end', descriptorsAfter, { most: descriptorsBefore })
judge('service ended in order', ended ? 1 : 0, { least: 1 })

/** Of the straight line through the memory of the last two thirds (least squares). */
function slope(): number {
  const points = windows.slice(third)
  const mean = (pick: (window: Window) => number) =>
    points.reduce((sum, window) => sum + pick(window), 0) / points.length
  const [time, memory] = [mean(({ minutes }) => minutes), mean(({ rss }) => rss)]
  const above = mean(({ minutes, rss }) => (minutes - time) * (rss - memory))
  const below = mean(({ minutes }) => (minutes - time) ** 2)
  return ((above / below) * 60 * 100) / memory
}
