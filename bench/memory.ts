/**
 * Memory per kept domain, of the whole process: answers that differ as those of strangers' domains do, first with room for
 * all of them, then ten times as many as there is room for, when nothing may grow any more. 200,000 domains; a million with
 * `--large`. Exits 1 when a domain takes more than its limit or a full cache grows.
 */
import { createMemoryStore } from '../src/cache/store.js'
import type { Discovery } from '../src/domain/discovery.js'
import { host, sampleDiscovery, sampleServer, sampleServers } from '../test/formats/sample-discovery.js'

const DOMAINS = process.argv.includes('--large') ? 1_000_000 : 200_000
/** Of memory per domain (issue 6). */
const LIMIT_BYTES = 2500
/** Room for so many bytes per domain, more than any takes. */
const ROOM_EACH = 4096
const SMALL_CACHE = 16 * 1024 * 1024
const TIMES_OVER = 10
/** A full cache may take so much more at the end than when it was first full: the collector's mood. */
const LIMIT_GROWTH = 1.15
const WORDS = ['mail', 'imap', 'mx', 'secure', 'post', 'smtp', 'zimbra', 'owa', 'kunden', 'box']

function answerFor(number: number): Discovery {
  const domain = `customer-${number.toString(36)}.${number % 3 === 0 ? 'de' : 'example'}`
  const name = (offset: number) =>
    `${WORDS[(number + offset) % WORDS.length] ?? ''}${String(number % 97)}.${domain}`
  return sampleDiscovery({
    domain: host(domain),
    servers: sampleServers({
      imap: [sampleServer(name(0), 993), sampleServer(name(1), 143)],
      pop3: [sampleServer(name(2), 995)],
      smtp: [sampleServer(name(3), 465), sampleServer(name(4), 587)],
    }),
  })
}

function residentBytes(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage.rss()
}

type Answers = ReturnType<typeof createMemoryStore<Discovery>>

function fill(store: Answers, from: number, to: number): void {
  for (let number = from; number < to; number += 1) {
    const answer = answerFor(number)
    store.set(answer.domain, answer, { ttlSeconds: 86_400 })
  }
}

function judge(what: string, value: number, limit: number): void {
  const missed = !(value <= limit)
  console.log(`${what} (limit ${String(limit)})${missed ? '   MISSED' : ''}`)
  if (missed) process.exitCode = 1
}

// What the code itself needs is not the domains' part.
fill(createMemoryStore<Discovery>({ maxBytes: 1e6 }), 0, 5000)
{
  const before = residentBytes()
  const store = createMemoryStore<Discovery>({ maxBytes: DOMAINS * ROOM_EACH })
  fill(store, 0, DOMAINS)
  const each = (residentBytes() - before) / DOMAINS
  if (store.get(answerFor(0).domain) === undefined) throw new Error('the first domain is gone')
  judge(`${String(DOMAINS)} domains kept: ${each.toFixed(0)} bytes of memory each`, each, LIMIT_BYTES)
}
{
  const store = createMemoryStore<Discovery>({ maxBytes: SMALL_CACHE })
  fill(store, 0, DOMAINS / TIMES_OVER)
  const full = residentBytes()
  fill(store, DOMAINS / TIMES_OVER, DOMAINS)
  const growth = residentBytes() / full
  const times = `${String(DOMAINS)} domains through a cache of ${String(SMALL_CACHE / 1024 / 1024)} MiB`
  judge(`${times}: memory times ${growth.toFixed(2)}`, growth, LIMIT_GROWTH)
}
