/**
 * Spares everybody the wait for something that does not answer: after some faults in a row it is left alone, then tried
 * by one asker at a time until it answers again.
 */

/** One lost packet is no reason yet. */
const FAULTS = 3
/** Milliseconds; one asker in so long pays for the trial. */
const REST_MS = 1000

export class CircuitBreaker {
  readonly #now: () => number
  readonly #onChange: (isClosed: boolean) => void
  #faults = 0
  /** Until then nobody asks; undefined while all do. */
  #restsUntil: number | undefined

  /** @param options.now milliseconds */
  constructor(options: { readonly now: () => number; readonly onChange?: (isClosed: boolean) => void }) {
    this.#now = options.now
    this.#onChange = options.onChange ?? (() => undefined)
  }

  /** Whether everybody may ask. */
  get isClosed(): boolean {
    return this.#restsUntil === undefined
  }

  /** Whether to ask now; whoever does reports how it went. */
  admits(): boolean {
    if (this.#restsUntil === undefined) return true
    if (this.#now() < this.#restsUntil) return false
    this.#restsUntil = this.#now() + REST_MS
    return true
  }

  report(isGood: boolean): void {
    if (isGood) {
      this.#faults = 0
      if (this.#restsUntil === undefined) return
      this.#restsUntil = undefined
      this.#onChange(true)
      return
    }
    this.#faults += 1
    if (this.#restsUntil !== undefined || this.#faults < FAULTS) return
    this.#restsUntil = this.#now() + REST_MS
    this.#onChange(false)
  }
}
