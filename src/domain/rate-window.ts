/**
 * So many a minute: fixed windows per key, in bounded memory. A window starts with its key's first use, so that not all
 * of them end at once.
 */

/** Milliseconds. Every limit of the service is said per minute (design section 5). */
export const RATE_WINDOW_MS = 60_000

/** Keys kept, about 150 bytes each. Who has more addresses than that is not stopped by counting them (R10). */
const MAX_KEYS = 50_000

interface Window {
  readonly endsAt: number
  used: number
}

export interface RateState {
  /** False: nothing was taken. */
  readonly allowed: boolean
  /** Left in this window. */
  readonly remaining: number
  /** Whole seconds until the window ends, at least 1. */
  readonly resetSeconds: number
}

export class RateWindows {
  /** In the order in which the windows began. */
  readonly #windows = new Map<string, Window>()
  readonly #now: () => number
  readonly #maxKeys: number

  /** @param options.now milliseconds, of any clock */
  constructor(options: { readonly now: () => number; readonly maxKeys?: number }) {
    this.#now = options.now
    this.#maxKeys = options.maxKeys ?? MAX_KEYS
  }

  get size(): number {
    return this.#windows.size
  }

  /** Takes `cost` of what `limit` leaves to the key, or nothing where that is too little. */
  take(key: string, limit: number, cost = 1): RateState {
    const now = this.#now()
    const window = this.#window(key, now)
    const allowed = window.used + cost <= limit
    if (allowed) window.used += cost
    return state(window, { now, limit, allowed })
  }

  /** What `take` would say, without taking. */
  peek(key: string, limit: number): RateState {
    const now = this.#now()
    const known = this.#windows.get(key)
    const window = known && known.endsAt > now ? known : { endsAt: now + RATE_WINDOW_MS, used: 0 }
    return state(window, { now, limit, allowed: window.used < limit })
  }

  #window(key: string, now: number): Window {
    const known = this.#windows.get(key)
    if (known && known.endsAt > now) return known
    this.#windows.delete(key)
    if (this.#windows.size >= this.#maxKeys) {
      const [oldest] = this.#windows.keys()
      if (oldest !== undefined) this.#windows.delete(oldest)
    }
    const window = { endsAt: now + RATE_WINDOW_MS, used: 0 }
    this.#windows.set(key, window)
    return window
  }
}

function state(window: Window, at: { now: number; limit: number; allowed: boolean }): RateState {
  return {
    allowed: at.allowed,
    remaining: Math.max(0, at.limit - window.used),
    resetSeconds: Math.max(1, Math.ceil((window.endsAt - at.now) / 1000)),
  }
}
