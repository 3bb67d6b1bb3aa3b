/** Counts that several processes share, without an engine: each hears of the others when the test says so, or when it syncs. */
import { RATE_WINDOW_MS } from '../../src/domain/rate-window.js'
import type { SharedCounters } from '../../src/domain/shared-counters.js'

export class FakeCounters {
  /** Nobody hears of anybody. */
  isAway = false
  readonly #totals = new Map<string, number>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** As one process has it. */
  join(): SharedCounters {
    const own = new Map<string, number>()
    const heard = new Map<string, number>()
    let pending: [string, number][] = []
    const named = (key: string) => `${Math.floor(this.#now() / RATE_WINDOW_MS)} ${key}`
    return {
      add: (key, cost) => {
        pending.push([named(key), cost])
      },
      others: (key) => heard.get(named(key)) ?? 0,
      sync: () => {
        if (this.isAway) return Promise.resolve()
        for (const [key, cost] of pending) {
          own.set(key, (own.get(key) ?? 0) + cost)
          this.#totals.set(key, (this.#totals.get(key) ?? 0) + cost)
        }
        pending = []
        for (const [key, used] of own) heard.set(key, (this.#totals.get(key) ?? 0) - used)
        return Promise.resolve()
      },
    }
  }
}
