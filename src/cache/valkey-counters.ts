/**
 * Counts that all processes share, in Valkey or Redis: what was counted here is sent together a few times a second, and
 * the reply says what all have counted. Keys are digests, since what is counted are clients (R13).
 */
import { createHash } from 'node:crypto'
import { RATE_WINDOW_MS } from '../domain/rate-window.js'
import type { SharedCounters } from '../domain/shared-counters.js'
import type { Valkey } from './valkey.js'

/** Milliseconds: how late others hear of it. */
const SEND_MS = 100
/** Used of one key and not told yet: who is that quick is told at once, or he had the limits of several processes. */
const SEND_AT = 32
/** Keys known at a time, as for the windows of one process; who has more addresses is not stopped by counting them. */
const MAX_KEYS = 50_000

interface Count {
  /** Not sent yet. */
  pending: number
  /** Sent. */
  own: number
  others: number
}

export interface ValkeyCountersOptions {
  readonly valkey: Valkey
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export class ValkeyCounters implements SharedCounters {
  readonly #valkey: Valkey
  readonly #now: () => number
  readonly #counts = new Map<string, Count>()
  readonly #unsent = new Set<string>()
  #window = 0
  #timer: NodeJS.Timeout | undefined

  constructor({ valkey, now }: ValkeyCountersOptions) {
    this.#valkey = valkey
    this.#now = now
  }

  add(key: string, cost: number): void {
    this.#turnWindow()
    const count = this.#counts.get(key) ?? { pending: 0, own: 0, others: 0 }
    if (!this.#counts.has(key)) {
      if (this.#counts.size >= MAX_KEYS) return
      this.#counts.set(key, count)
    }
    count.pending += cost
    this.#unsent.add(key)
    if (count.pending >= SEND_AT) void this.sync()
    else
      this.#timer ??= setTimeout(() => {
        void this.sync()
      }, SEND_MS).unref()
  }

  others(key: string): number {
    this.#turnWindow()
    return this.#counts.get(key)?.others ?? 0
  }

  /** Sends what is due and takes in what the others have counted; comes by itself soon after each `add`. */
  async sync(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#turnWindow()
    const window = this.#window
    const due = [...this.#unsent].flatMap((key) => {
      const count = this.#counts.get(key)
      if (!count) return []
      const cost = count.pending
      count.pending = 0
      count.own += cost
      return [{ key, count, cost, own: count.own }]
    })
    this.#unsent.clear()
    if (due.length === 0) return
    const replies = await this.#valkey.ask((client) => {
      const pipeline = client.pipeline()
      for (const { key, cost } of due) {
        const name = `mailscout:count:${String(window)}:${digest(key)}`
        pipeline.incrby(name, cost).pexpire(name, 2 * RATE_WINDOW_MS)
      }
      return pipeline.exec()
    })
    if (!replies || window !== this.#window) return
    for (const [index, { count, own }] of due.entries()) {
      const [error, total] = replies[2 * index] ?? []
      // What was sent to an engine that was away is missing in its total: the others then seem to have used less.
      if (!error && typeof total === 'number') count.others = Math.max(0, total - own)
    }
  }

  #turnWindow(): void {
    const window = Math.floor(this.#now() / RATE_WINDOW_MS)
    if (window === this.#window) return
    this.#window = window
    this.#counts.clear()
    this.#unsent.clear()
  }
}

function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 22)
}
