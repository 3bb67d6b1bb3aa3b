/**
 * The provider database: time and memory to build the shipped index, and microseconds per lookup with 50,000 synthetic
 * providers and 500,000 domains. Prints one line per measurement with its limit; exits 1 when one is missed.
 */
import { fileURLToPath } from 'node:url'
import type { Hostname } from '../src/domain/hostname.js'
import type { ProviderEntry } from '../src/providers/entry.js'
import { loadProviders } from '../src/providers/load.js'
import { createProviderIndex, type ProviderIndex } from '../src/providers/provider-index.js'

const LIMIT_BUILD_MS = 150
const LIMIT_MEMORY_MB = 20
const LIMIT_LOOKUP_US = 10
const PROVIDERS = 50_000
const DOMAINS_EACH = 10
const LOOKUPS = 200_000

const misses: string[] = []
function report(what: string, value: number, limit: number): void {
  if (value > limit) misses.push(what)
  console.log(
    `${what.padEnd(46)} ${value.toFixed(2).padStart(9)}   limit ${String(limit)}${value > limit ? '   MISSED' : ''}`,
  )
}

/** With --expose-gc the figure is exact; without, it includes garbage and is an upper bound. */
function heapMb(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 1e6
}

function shipped(): ProviderIndex {
  const directory = fileURLToPath(new URL('../data/providers/', import.meta.url))
  const heapBefore = heapMb()
  const start = performance.now()
  const entries = loadProviders(directory)
  const loaded = performance.now()
  const index = createProviderIndex(entries)
  const done = performance.now()
  const times = `read and check ${(loaded - start).toFixed(1)} ms, index ${(done - loaded).toFixed(1)} ms`
  console.log(`shipped: ${String(entries.length)} providers, ${String(index.size)} domains; ${times}`)
  report('shipped: load, check and index, cold (ms)', done - start, LIMIT_BUILD_MS)
  const again = performance.now()
  createProviderIndex(loadProviders(directory))
  report('shipped: the same again, warm (ms)', performance.now() - again, LIMIT_BUILD_MS)
  report('shipped: heap (MB)', heapMb() - heapBefore, LIMIT_MEMORY_MB)
  return index
}

function synthetic(template: ProviderEntry): ProviderIndex {
  const entries = Array.from({ length: PROVIDERS }, (_, number): ProviderEntry => {
    const name = `provider${String(number)}`
    const mx = `mx.${name}.net`
    return {
      ...template,
      id: name,
      domains: Array.from(
        { length: DOMAINS_EACH },
        (__, place) => `${name}-${String(place)}.com` as Hostname,
      ),
      popularity: {},
      mx: [
        {
          match: 'suffix',
          value: mx,
          class: 'mailbox',
          matches: `a.${mx}` as Hostname,
          not: 'b.net' as Hostname,
        },
      ],
    }
  })
  const start = performance.now()
  const index = createProviderIndex(entries)
  console.log(
    `synthetic: ${String(index.size)} domains indexed in ${(performance.now() - start).toFixed(0)} ms`,
  )
  return index
}

function microseconds(lookup: (number: number) => unknown): number {
  for (let number = 0; number < LOOKUPS / 10; number++) lookup(number)
  const start = performance.now()
  for (let number = 0; number < LOOKUPS; number++) lookup(number)
  return ((performance.now() - start) * 1000) / LOOKUPS
}

const real = shipped()
const gmail = real.findById('gmail')
if (gmail === null) throw new Error('the shipped data has no gmail')
const index = synthetic(gmail)
/** A prime stride, so that neighbouring lookups do not share cache lines. */
const pick = (number: number) => (number * 7919) % PROVIDERS
const lookups: [string, (number: number) => unknown][] = [
  [
    'domain, found',
    (n) => index.findByDomain(`provider${String(pick(n))}-${String(n % DOMAINS_EACH)}.com` as Hostname),
  ],
  ['domain, absent', (n) => index.findByDomain(`nobody${String(n)}.com` as Hostname)],
  ['MX, found by suffix', (n) => index.findByMx(`eu.in.mx.provider${String(pick(n))}.net`)],
  ['MX, absent', (n) => index.findByMx(`a.b.mx.nobody${String(n)}.net`)],
]
for (const [name, lookup] of lookups)
  report(`synthetic: ${name} (µs per lookup)`, microseconds(lookup), LIMIT_LOOKUP_US)
const typo = microseconds((n) => real.suggestDomain(`gmial${String(n % 10)}.com`))
console.log(`shipped: typo hint ${typo.toFixed(1)} µs (asked only when nothing was found)`)
process.exitCode = misses.length > 0 ? 1 : 0
