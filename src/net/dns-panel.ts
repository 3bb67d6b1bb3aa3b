/**
 * The DNS servers of one resolver, as they have been lately: who is asked first, and how long the next one waits before it
 * is asked as well.
 */
import type { DnsTransport } from './dns-transport.js'

/** Milliseconds. A recursive answer that is not cached takes 20 to 200 ms; less than the least would ask twice for nothing. */
const HEDGE_MS = { least: 30, most: 300 }
/** RFC 6298 section 2: how much a new time counts, for the mean and for the spread. */
const ALPHA = 1 / 8
const BETA = 1 / 4
const SPREADS = 4
/** So many times in a row without an answer, and others go first for a while. */
const MISSES = 3
/** Milliseconds; then it is tried again. */
const REST_MS = 10_000

export class PanelServer {
  readonly transport: DnsTransport
  #mean: number | undefined
  #spread = 0
  #misses = 0
  #restsUntil = -Infinity

  constructor(transport: DnsTransport) {
    this.transport = transport
  }

  /** Milliseconds after which an answer of this server is overdue, by how long its last ones took (RFC 6298). */
  get hedgeMs(): number {
    if (this.#mean === undefined) return HEDGE_MS.most
    return Math.min(HEDGE_MS.most, Math.max(HEDGE_MS.least, this.#mean + SPREADS * this.#spread))
  }

  /** @param now milliseconds, of the clock that `missed` is told */
  isResting(now: number): boolean {
    return now < this.#restsUntil
  }

  /** @param ms until it answered, whatever the answer was */
  answered(ms: number): void {
    this.#misses = 0
    this.#learn(ms)
  }

  /** Another was faster: it would have taken longer than this. */
  outrun(ms: number, now: number): void {
    this.#learn(ms)
    if (ms >= HEDGE_MS.most) this.missed(now)
  }

  /** It was silent, or could not be reached. */
  missed(now: number): void {
    this.#misses += 1
    if (this.#misses >= MISSES) this.#restsUntil = now + REST_MS
  }

  #learn(ms: number): void {
    if (this.#mean === undefined) {
      this.#mean = ms
      this.#spread = ms / 2
      return
    }
    this.#spread += BETA * (Math.abs(this.#mean - ms) - this.#spread)
    this.#mean += ALPHA * (ms - this.#mean)
  }
}

export class DnsPanel {
  readonly #servers: readonly PanelServer[]

  /** @param transports in the operator's order, which holds among those that answer */
  constructor(transports: readonly DnsTransport[]) {
    this.#servers = transports.map((transport) => new PanelServer(transport))
  }

  /** All of them, those that rest behind the others. @param now milliseconds */
  inOrder(now: number): readonly PanelServer[] {
    const awake = this.#servers.filter((server) => !server.isResting(now))
    if (awake.length === this.#servers.length) return awake
    return [...awake, ...this.#servers.filter((server) => !awake.includes(server))]
  }
}
