/**
 * A stretch of memory that entries are appended to, each with its key, its times and its bytes. Values outside V8's heap
 * cost the collector nothing, and a million of them no object each.
 *
 * Entry, from a multiple of 8: stamp, freshUntil, goneAt, dueAt (64-bit floats), length of the bytes, length of the key,
 * uses, mark (32-bit), key (ASCII), bytes.
 */

const UNIT_BYTES = 8
const HEADER_BYTES = 48

/** Positions within the header, in 64-bit floats … */
const STAMP = 0
const FRESH_UNTIL = 1
const GONE_AT = 2
const DUE_AT = 3
/** … and in 32-bit integers. */
const LENGTH = 8
const KEY_LENGTH = 9
const USES = 10
const MARK = 11

/** Milliseconds of the store's clock. */
export interface Times {
  /** Until then it is as good as new. */
  readonly freshUntil: number
  /** From then on it is no answer any more. */
  readonly goneAt: number
  /** From then on whoever uses it is a reason to make a new one; before `freshUntil` only if many do. */
  readonly dueAt: number
}

export interface Entry extends Times {
  readonly key: string
  readonly stamp: number
  readonly bytes: Uint8Array
}

export class Segment {
  readonly #bytes: Buffer
  readonly #floats: Float64Array
  readonly #integers: Uint32Array
  #used = 0

  /** @param size in bytes, a multiple of 8 */
  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafeSlow(size)
    this.#floats = new Float64Array(this.#bytes.buffer)
    this.#integers = new Uint32Array(this.#bytes.buffer)
  }

  /** What an entry takes of a segment, in bytes. */
  static weigh(keyLength: number, length: number): number {
    return Math.ceil((HEADER_BYTES + keyLength + length) / UNIT_BYTES) * UNIT_BYTES
  }

  /** @returns the entry's place, in units; undefined where it does not fit any more */
  append(entry: Entry): number | undefined {
    const { key, stamp, bytes } = entry
    const size = Segment.weigh(key.length, bytes.length)
    if (this.#used + size > this.#bytes.length) return undefined
    const at = this.#used / UNIT_BYTES
    this.#floats[at + STAMP] = stamp
    this.#floats[at + FRESH_UNTIL] = entry.freshUntil
    this.#floats[at + GONE_AT] = entry.goneAt
    this.#floats[at + DUE_AT] = entry.dueAt
    this.#integers[2 * at + LENGTH] = bytes.length
    this.#integers[2 * at + KEY_LENGTH] = key.length
    this.#integers[2 * at + USES] = 0
    this.#integers[2 * at + MARK] = 0
    this.#bytes.write(key, this.#used + HEADER_BYTES, 'latin1')
    this.#bytes.set(bytes, this.#used + HEADER_BYTES + key.length)
    this.#used += size
    return at
  }

  stamp(at: number): number {
    return this.#floats[at + STAMP] ?? 0
  }

  times(at: number): Times {
    return { freshUntil: this.freshUntil(at), goneAt: this.goneAt(at), dueAt: this.dueAt(at) }
  }

  freshUntil(at: number): number {
    return this.#floats[at + FRESH_UNTIL] ?? 0
  }

  goneAt(at: number): number {
    return this.#floats[at + GONE_AT] ?? 0
  }

  dueAt(at: number): number {
    return this.#floats[at + DUE_AT] ?? 0
  }

  postpone(at: number, dueAt: number): void {
    this.#floats[at + DUE_AT] = dueAt
  }

  uses(at: number): number {
    return this.#integers[2 * at + USES] ?? 0
  }

  /** Counts a use, and marks the entry as worth keeping. */
  use(at: number): void {
    this.#integers[2 * at + USES] = this.uses(at) + 1
    this.#integers[2 * at + MARK] = 1
  }

  isMarked(at: number): boolean {
    return this.#integers[2 * at + MARK] === 1
  }

  /** A string of its own, which holds no request's text alive. */
  key(at: number): string {
    const start = at * UNIT_BYTES + HEADER_BYTES
    return this.#bytes.toString('latin1', start, start + (this.#integers[2 * at + KEY_LENGTH] ?? 0))
  }

  /** A view: valid as long as the segment is. */
  bytes(at: number): Buffer {
    const start = at * UNIT_BYTES + HEADER_BYTES + (this.#integers[2 * at + KEY_LENGTH] ?? 0)
    return this.#bytes.subarray(start, start + (this.#integers[2 * at + LENGTH] ?? 0))
  }

  /** The places of all entries, in the order in which they came. */
  *places(): Generator<number> {
    let at = 0
    while (at * UNIT_BYTES < this.#used) {
      yield at
      const integers = this.#integers
      at += Segment.weigh(integers[2 * at + KEY_LENGTH] ?? 0, integers[2 * at + LENGTH] ?? 0) / UNIT_BYTES
    }
  }
}
