/**
 * So many a minute: fixed windows per key, in bounded memory. A window starts with its key's first use, so that not all
 * of them end at once; where several processes count together, all begin with the minute, so that they are the same.
 */
import type { SharedCounters } from './shared-counters.js'

/** Milliseconds. Every limit of the service is said per minute (design section 5). */
export const RATE_WINDOW_MS = 60_000

/** Keys kept, about 150 bytes each. Who has more addresses than that is not stopped by counting them (R10). */
const MAX_KEYS = 50_000

export interface RateWindowsOptions {
  /** Milliseconds, of any clock; since the epoch where counts are shared. */
  readonly now: () => number
  readonly maxKeys?: number
  /** What all processes count together, under this name. */
  readonly shared?: { readonly counters: SharedCounters; readonly name: string }
}

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
  readonly #shared: RateWindowsOptions['shared']

  constructor(options: RateWindowsOptions) {
    this.#now = options.now
    this.#maxKeys = options.maxKeys ?? MAX_KEYS
    this.#shared = options.shared
  }

  get size(): number {
    return this.#windows.size
  }

  /**
   * Takes `cost` of what `limit` leaves to the key, or nothing where that is too little. Never waits: of what others have
   * used it knows what it has heard (`SharedCounters`).
   */
  take(key: string, limit: number, cost = 1): RateState {
    const now = this.#now()
    const window = this.#window(key, now)
    const left = limit - this.#others(key)
    const allowed = window.used + cost <= left
    if (allowed) {
      window.used += cost
      this.#shared?.counters.add(`${this.#shared.name} ${key}`, cost)
    }
    return state(window, { now, left, allowed })
  }

  /** Whether what was just taken is within the limit of all processes together; asks them, as far as that can be. */
  async confirm(key: string, limit: number): Promise<RateState> {
    await this.#shared?.counters.sync()
    const now = this.#now()
    const window = this.#window(key, now)
    const left = limit - this.#others(key)
    return state(window, { now, left, allowed: window.used <= left })
  }

  /** What `take` would say, without taking. */
  peek(key: string, limit: number): RateState {
    const now = this.#now()
    const window = this.#open(key, now) ?? { endsAt: this.#endOf(now), used: 0 }
    const left = limit - this.#others(key)
    return state(window, { now, left, allowed: window.used < left })
  }

  #others(key: string): number {
    return this.#shared ? this.#shared.counters.others(`${this.#shared.name} ${key}`) : 0
  }

  #endOf(now: number): number {
    return this.#shared ? (Math.floor(now / RATE_WINDOW_MS) + 1) * RATE_WINDOW_MS : now + RATE_WINDOW_MS
  }

  /** One that ends later than a window lasts began before the clock was set back, and would shut its client out till then. */
  #open(key: string, now: number): Window | undefined {
    const known = this.#windows.get(key)
    return known && known.endsAt > now && known.endsAt <= now + RATE_WINDOW_MS ? known : undefined
  }

  #window(key: string, now: number): Window {
    const known = this.#open(key, now)
    if (known) return known
    this.#windows.delete(key)
    if (this.#windows.size >= this.#maxKeys) {
      const [oldest] = this.#windows.keys()
      if (oldest !== undefined) this.#windows.delete(oldest)
    }
    const window = { endsAt: this.#endOf(now), used: 0 }
    this.#windows.set(key, window)
    return window
  }
}

function state(window: Window, at: { now: number; left: number; allowed: boolean }): RateState {
  return {
    allowed: at.allowed,
    remaining: Math.max(0, at.left - window.used),
    resetSeconds: Math.max(1, Math.ceil((window.endsAt - at.now) / 1000)),
  }
}
