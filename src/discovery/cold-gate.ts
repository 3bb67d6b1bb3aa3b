/**
 * How many lookups run at a time in this process (R10). Kept answers and those who join a lookup never come here.
 *
 * A lookup keeps its place until its last background check has ended, not only until its answer has left: the cost of a
 * lookup is its connections, and places given back early would let the unseen half pile up without end. The time
 * budget of a lookup bounds how long that is.
 */

import { createTurns } from '../domain/turns.js'

/** Waiting lookups; more would wait longer than the limit below anyway. */
const MAX_WAITING = 64
/** Milliseconds. Long enough for a burst to pass, short enough to tell a person "busy" instead of nothing. */
const MAX_WAIT_MS = 1000

/** Of all places, at most this part for one client: whoever else comes finds one at once. */
const CLIENT_SHARE = 0.25

/** Decides about a lookup that is about to start for somebody. */
export interface Turnstile {
  /**
   * Counts the lookup to whoever asks for it; waits a few milliseconds where several processes count together. Throws, or
   * rejects with, what shall be answered when he has had enough.
   */
  admit(): void | Promise<void>
  /**
   * Waits for a place; the function gives it back and may be called twice.
   * @throws OverloadedError, or the signal's reason when it aborts
   */
  enter(signal: AbortSignal): Promise<() => void>
}

/** All places are taken, and so is the queue before them. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError'
}

export interface ColdGateOptions {
  /** Lookups at a time. */
  readonly places: number
  readonly maxWaiting?: number
  readonly maxWaitMs?: number
}

interface Waiting {
  readonly client: string | undefined
  readonly call: () => void
}

export class ColdGate {
  readonly #places: number
  readonly #placesEach: number
  #free: number
  /** Places that clients have now; those who have none are not in it. */
  readonly #taken = new Map<string, number>()
  readonly #queue = new Set<Waiting>()
  /** All sources of a lookup start together, which is a few milliseconds of CPU. */
  readonly #startTurn = createTurns(1)
  readonly #maxWaiting: number
  readonly #maxWaitMs: number

  constructor(options: ColdGateOptions) {
    this.#places = options.places
    this.#placesEach = Math.max(1, Math.floor(options.places * CLIENT_SHARE))
    this.#free = options.places
    this.#maxWaiting = options.maxWaiting ?? MAX_WAITING
    this.#maxWaitMs = options.maxWaitMs ?? MAX_WAIT_MS
  }

  /** As Turnstile says. @param client who asks, where several share the places */
  async enter(signal: AbortSignal, client?: string): Promise<() => void> {
    signal.throwIfAborted()
    if (this.#admits(client)) this.#take(client)
    else await this.#turn(signal, client)
    const place = this.#place(client)
    await this.#startTurn()
    if (signal.aborted) place()
    signal.throwIfAborted()
    return place
  }

  /** Places that are taken now. */
  get running(): number {
    return this.#places - this.#free
  }

  /** Those before the door now. */
  get waiting(): number {
    return this.#queue.size
  }

  /** Whether a place is free now. */
  get hasRoom(): boolean {
    return this.#free > 0
  }

  /** A place if one is free now, for work that nobody waits for; the function gives it back and may be called twice. */
  tryEnter(): (() => void) | undefined {
    if (this.#free === 0) return undefined
    this.#take(undefined)
    return this.#place(undefined)
  }

  #admits(client: string | undefined): boolean {
    if (this.#free === 0) return false
    return client === undefined || (this.#taken.get(client) ?? 0) < this.#placesEach
  }

  #take(client: string | undefined): void {
    this.#free -= 1
    if (client !== undefined) this.#taken.set(client, (this.#taken.get(client) ?? 0) + 1)
  }

  /** Resolves with a place that somebody leaves. */
  #turn(signal: AbortSignal, client: string | undefined): Promise<void> {
    if (this.#queue.size >= this.#maxWaiting) return Promise.reject(new OverloadedError())
    return new Promise((resolve, reject) => {
      const stop = (why: Error) => {
        leaveQueue()
        reject(why)
      }
      const onAbort = () => {
        stop(signal.reason as Error)
      }
      const timer = setTimeout(() => {
        stop(new OverloadedError())
      }, this.#maxWaitMs)
      const waiting: Waiting = {
        client,
        call: () => {
          leaveQueue()
          resolve()
        },
      }
      const leaveQueue = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
        this.#queue.delete(waiting)
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#queue.add(waiting)
    })
  }

  #place(client: string | undefined): () => void {
    let inside = true
    return () => {
      if (!inside) return
      inside = false
      this.#leave(client)
    }
  }

  #leave(client: string | undefined): void {
    this.#free += 1
    if (client !== undefined) {
      const left = (this.#taken.get(client) ?? 1) - 1
      if (left === 0) this.#taken.delete(client)
      else this.#taken.set(client, left)
    }
    const next = [...this.#queue].find((waiting) => this.#admits(waiting.client))
    if (!next) return
    this.#take(next.client)
    next.call()
  }
}
