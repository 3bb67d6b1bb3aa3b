/**
 * Cold lookups in a lab with 50 ms round trips, in round trips: until settings can be shown, and until they are verified;
 * beside them, in the same worlds and the same run, the serial way and that of Thunderbird for Android. Then the CPU
 * of a cold lookup beside bare handshakes. Exits 1 when a row misses its limit.
 */
import type { Hostname } from '../src/domain/hostname.js'
import { measureCpu } from './cold/cpu.js'
import { startLabProcess } from './cold/lab-process.js'
import { askMailscout } from './cold/mailscout.js'
import { priorityParallelStrategy } from './cold/priority-parallel.js'
import { serialStrategy } from './cold/serial.js'
import type { Timing } from './cold/strategy.js'
import { DEAD_ISPDB_URL, type Row, ROWS } from './cold/worlds.js'

/** `--rtt=400` tells on a busy machine what is round trips and what is CPU; the limits are made for 50. */
const RTT_MS = Number(process.argv.find((word) => word.startsWith('--rtt='))?.slice(6) ?? 50)
const RUNS = 30
const COMPARED_RUNS = 5
/** Each costs up to 16 seconds. */
const COMPARED_RUNS_SILENT = 1
/** Lookups of ours at a time: they wait most of the time, and a start is put off so that no two begin together. */
const LANES = 2
const COMPARED_LANES = 2
/** Of the 95th percentile to the median. */
const SPREAD = 1.3

const lab = await startLabProcess(RTT_MS, 'latency')
const serial = serialStrategy(lab)
const parallel = priorityParallelStrategy(lab)
const questionOf = (row: Row) => ({
  domain: row.domain as Hostname,
  ispdbUrl: row.deadIspdb ? DEAD_ISPDB_URL : lab.environment['MAILSCOUT_ISPDB_URLS']!,
})

type Kept = Timing & { readonly state?: string }
const results = new Map<string, Kept[]>()
const keep = (way: string, row: Row, timing: Kept) => {
  const key = `${way} ${row.what}`
  results.set(key, [...(results.get(key) ?? []), timing])
}

async function lanes(count: number, jobs: readonly (() => Promise<void>)[]): Promise<void> {
  const waiting = [...jobs]
  await Promise.all(
    Array.from({ length: count }, async (_, lane) => {
      await new Promise((resolve) => setTimeout(resolve, lane * 17))
      for (let job = waiting.shift(); job; job = waiting.shift()) await job()
    }),
  )
}

const ours = (rows: readonly Row[], runs: number) =>
  Array.from({ length: runs }, () =>
    rows.map((row) => async () => {
      keep('ours', row, await askMailscout(lab, questionOf(row), row.warmUp))
    }),
  ).flat()
const compared = (rows: readonly Row[], runs: number) =>
  rows
    .flatMap((row) => [
      { row, way: 'serial', strategy: serial },
      { row, way: 'parallel', strategy: parallel },
    ])
    .flatMap(({ row, way, strategy }) =>
      Array.from({ length: runs }, () => async () => {
        keep(way, row, await strategy(questionOf(row)))
      }),
    )

const only = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const rows = ROWS.filter(({ what }) => only.length === 0 || only.some((word) => what.includes(word)))
const silent = rows.filter((row) => row.black)
const heard = rows.filter((row) => !row.black)
// The code is warm before it is measured; the caches are not.
await lanes(
  LANES,
  ours(
    rows.filter((row) => !row.deadIspdb),
    2,
  ),
)
results.clear()
const [voids, others] = [rows.filter((row) => row.deadIspdb), rows.filter((row) => !row.deadIspdb)]
await Promise.all([
  lanes(LANES, ours(others, RUNS)),
  // They wait for the budget to be spent, and nothing else.
  lanes(10, ours(voids, RUNS)),
  lanes(COMPARED_LANES, compared(heard, COMPARED_RUNS)),
  lanes(silent.length * 2, compared(silent, COMPARED_RUNS_SILENT)),
])
await lab.close()

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}
const timesOf = (way: string, row: Row, what: 'usable' | 'verified' | 'ended') =>
  (results.get(`${way} ${row.what}`) ?? []).flatMap((timing) => timing[what] ?? [])
const trips = (ms: number) => (Number.isNaN(ms) ? '–' : (ms / RTT_MS).toFixed(1))

const misses: string[] = []
function cell(values: readonly number[], limitMs: number | undefined): string {
  const [median, p95] = [percentile(values, 0.5), percentile(values, 0.95)]
  // The limits are said with one decimal, and so is what is held against them.
  const over = limitMs !== undefined && !(Number((median / RTT_MS).toFixed(1)) <= limitMs / RTT_MS)
  const spread = limitMs !== undefined && p95 > SPREAD * median && p95 - median > RTT_MS / 4
  if (over || spread) misses.push('a limit')
  const marks = `${over ? '!' : ' '}${spread ? '~' : ' '}`
  const limit = limitMs === undefined ? '' : `≤${trips(limitMs)}`
  return `${trips(median).padStart(6)} ${trips(p95).padStart(6)} ${limit.padStart(6)} ${marks}`
}

console.log(
  `round trips of ${RTT_MS} ms; median and 95th percentile of ${RUNS} runs, limit of the median;` +
    `\nserial and parallel (Thunderbird for Android): median of ${COMPARED_RUNS} runs, where hosts are silent of ${COMPARED_RUNS_SILENT};` +
    `\n! the median, ~ the spread (p95 over ${SPREAD} of the median) misses its limit\n`,
)
console.log(`${''.padEnd(32)}    first usable             verified          serial        parallel      gain`)
for (const row of rows) {
  const tripLimit = (limit: number | undefined) => (limit === undefined ? undefined : limit * RTT_MS)
  const beside = (way: string) => {
    const verified = percentile(timesOf(way, row, 'verified'), 0.5)
    return Number.isNaN(verified) ? percentile(timesOf(way, row, 'ended'), 0.5) : verified
  }
  const lacks = (way: string) => (timesOf(way, row, 'usable').length === 0 ? ' none' : '')
  const mine = percentile(timesOf('ours', row, row.verified === undefined ? 'ended' : 'verified'), 0.5)
  console.log(
    `${row.what.padEnd(32)} ${cell(timesOf('ours', row, 'usable'), row.answeredMs ?? tripLimit(row.usable))} ` +
      `${cell(timesOf('ours', row, 'verified'), tripLimit(row.verified))} ` +
      `${(trips(beside('serial')) + lacks('serial')).padStart(11)} ${(trips(beside('parallel')) + lacks('parallel')).padStart(11)} ` +
      `${(beside('serial') / mine).toFixed(1).padStart(7)}×   ${results.get(`ours ${row.what}`)?.[0]?.state ?? ''}`,
  )
}
const cpuHolds = only.length > 0 || (await measureCpu())
process.exitCode = misses.length > 0 || !cpuHolds || process.exitCode === 1 ? 1 : 0
process.exit()
