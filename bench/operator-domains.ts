/**
 * What an answer costs with 1 to 100,000 domains of an operator: CPU microseconds per answer, through the whole HTTP
 * application and for the settings alone, and what the domains take to read and to keep. Exits 1 when the cost grows.
 */
import { compose } from '../src/compose.js'
import { readConfig } from '../src/config.js'
import { type Hostname, parseHostname } from '../src/domain/hostname.js'
import { writeAutoconfig } from '../src/formats/autoconfig-write.js'
import { settingsView } from '../src/formats/settings-view.js'
import { buildApp } from '../src/http/app.js'
import { operatorDirectory } from './operator-directory.js'

const SIZES = [1, 100, 10_000, 100_000]
/** The dearest size against the cheapest: what is above the noise of a shared machine. */
const LIMIT_RATIO = 1.5
const ANSWERS = 1000
/** The least of so many counts: whatever disturbs makes a round dearer, never cheaper. */
const ROUNDS = 5
/** A prime stride, so that neighbouring answers are about domains far apart. */
const STRIDE = 7919

const nameOf = (number: number) => `customer-${String(number)}.com`

type Work = (number: number) => unknown

async function cpuMicroseconds(work: Work): Promise<number> {
  const before = process.cpuUsage()
  for (let number = 0; number < ANSWERS; number += 1) await work(number * STRIDE)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / ANSWERS
}

/** With --expose-gc the figure is exact; without, it includes garbage and is an upper bound. */
function heapMb(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 1e6
}

interface Subject {
  readonly readMs: number
  readonly heap: number
  readonly works: readonly Work[]
}

function prepare(size: number): Subject {
  const names = Array.from({ length: size }, (_, number) => nameOf(number))
  const directory = operatorDirectory(names)
  const heapBefore = heapMb()
  const start = performance.now()
  const { service, operator, operatorIndex } = compose(
    readConfig({
      MAILSCOUT_PROVIDERS_DIR: directory,
      MAILSCOUT_BUILTIN_PROVIDERS: 'off',
      MAILSCOUT_SOURCES: 'operator',
      // Never asked; without it the system's own would be read.
      MAILSCOUT_DNS_SERVERS: '127.0.0.1:9',
    }),
  )
  const readMs = performance.now() - start
  const heap = heapMb() - heapBefore
  const isOwnDomain = (domain: Hostname) => operatorIndex.findByDomain(domain) !== null
  const app = buildApp({ service, operator, isOwnDomain, now: Date.now, version: 'bench' })
  const ask = async (url: string, host: string) => {
    const { statusCode } = await app.inject({ url, headers: { host } })
    if (statusCode !== 200) throw new Error(`${url} at ${host}: ${String(statusCode)}`)
  }
  const works: Work[] = [
    (n) => {
      const settings = operator.settings(parseHostname(nameOf(n % size)) as Hostname)
      return settings === null ? null : writeAutoconfig(settingsView(settings, null))
    },
    (n) => ask('/mail/config-v1.1.xml', `autoconfig.${nameOf(n % size)}`),
    (n) => ask(`/v1/tls/ask?domain=autoconfig.${nameOf(n % size)}`, 'localhost'),
  ]
  return { readMs, heap, works }
}

function printRow(first: string, columns: readonly string[]): void {
  console.log(`${first.padStart(8)} ${columns.map((column) => column.padStart(11)).join(' ')}`)
}

const HEADINGS = ['file µs', 'answer µs', 'TLS ask µs', 'reading ms', 'heap MB']
// What is read first also pays for the compilation of everything.
prepare(1)
const subjects = SIZES.map(prepare)
const rows = subjects.map(({ works }) => works.map(() => Infinity))
// The sizes in turn, so that all meet the same weather; the first round warms up.
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const [subject, { works }] of subjects.entries()) {
    const row = rows[subject] ?? []
    for (const [column, work] of works.entries()) {
      const cost = await cpuMicroseconds(work)
      if (round > 0) row[column] = Math.min(row[column] ?? Infinity, cost)
    }
  }
}
printRow('domains', HEADINGS)
for (const [subject, { readMs, heap }] of subjects.entries()) {
  const costs = (rows[subject] ?? []).map((cost) => cost.toFixed(1))
  printRow(String(SIZES[subject]), [...costs, readMs.toFixed(0), heap.toFixed(1)])
}
for (const [column, heading] of HEADINGS.slice(0, 3).entries()) {
  const costs = rows.map((row) => row[column] ?? NaN)
  const ratio = Math.max(...costs) / Math.min(...costs)
  const missed = ratio > LIMIT_RATIO
  console.log(
    `${heading}: dearest to cheapest ${ratio.toFixed(2)}, limit ${String(LIMIT_RATIO)}${missed ? '   MISSED' : ''}`,
  )
  if (missed) process.exitCode = 1
}
