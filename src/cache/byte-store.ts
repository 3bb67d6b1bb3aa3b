/**
 * Bytes by key, bounded in memory. Entries are written one after the other into segments; when the bound is reached the
 * oldest segment goes whole, and what was used meanwhile moves to the newest (the clock algorithm, close to "least
 * recently used"). So memory neither grows nor scatters, however long strangers' domains pass through.
 */
import { type Entry, Segment, type Times } from './segment.js'

/** What an entry weighs beside its segment: a string of the domain and a slot of the map; measured on Node 20, rounded up. */
const INDEX_BYTES = 128
/** Into so many parts a small bound is divided; large ones get more. */
const MIN_SEGMENTS = 16
const MAX_SEGMENT_BYTES = 1024 * 1024
/** Of a segment that goes, at most this part moves on: else nothing would be gained where everything is in use. */
const MAX_SURVIVORS = 0.5
/** A JavaScript map takes no more than 2 ** 24. */
const MAX_ENTRIES = 16_000_000

/** Where an entry is; what it says holds until the entry is replaced, its bytes even longer. */
export interface Place {
  /** No two entries ever have the same. */
  readonly position: number
  readonly segment: Segment
  readonly at: number
}

interface Numbered {
  readonly number: number
  readonly segment: Segment
}

/** How much there is, for the metrics. */
export interface Sized {
  readonly size: { readonly entries: number; readonly bytes: number }
}

export class ByteStore {
  readonly #maxBytes: number
  readonly #segmentBytes: number
  readonly #now: () => number
  readonly #index = new Map<string, number>()
  /** Oldest first. */
  #segments: Numbered[] = []
  #next = 0
  #stamp = 0

  /** @param options.now milliseconds */
  constructor(options: { readonly maxBytes: number; readonly now: () => number }) {
    this.#maxBytes = options.maxBytes
    this.#segmentBytes = Math.min(MAX_SEGMENT_BYTES, Math.floor(options.maxBytes / MIN_SEGMENTS / 8) * 8)
    this.#now = options.now
  }

  /** Entries kept, whether still good or not. */
  get size(): number {
    return this.#index.size
  }

  /** What they take of the bound, in bytes. */
  get weight(): number {
    return this.#segments.length * this.#segmentBytes + this.#index.size * INDEX_BYTES
  }

  /** Both at once. */
  get fill(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.size, bytes: this.weight }
  }

  /** Undefined also for what is gone by its time. */
  find(key: string): Place | undefined {
    const position = this.#index.get(key)
    if (position === undefined) return undefined
    const place = this.#place(position)
    if (place && place.segment.goneAt(place.at) > this.#now()) return place
    this.#index.delete(key)
    return undefined
  }

  /** Replaces what was there. What is larger than a segment is not kept. */
  set(key: string, bytes: Uint8Array, times: Times): void {
    this.#index.delete(key)
    if (Segment.weigh(key.length, bytes.length) > this.#segmentBytes) return
    this.#stamp += 1
    while (this.#index.size >= MAX_ENTRIES) this.#dropOldest()
    this.#append({ key, bytes, ...times, stamp: this.#stamp })
  }

  delete(key: string): void {
    this.#index.delete(key)
  }

  clear(): void {
    this.#index.clear()
    this.#segments = []
  }

  /** Everything that is still good, oldest first. */
  *entries(): Generator<Entry> {
    const now = this.#now()
    for (const numbered of this.#segments) {
      for (const [at, key] of this.#live(numbered)) {
        const { segment } = numbered
        if (segment.goneAt(at) <= now) continue
        yield { key, stamp: segment.stamp(at), bytes: segment.bytes(at), ...segment.times(at) }
      }
    }
  }

  #append(entry: Entry): void {
    for (;;) {
      const newest = this.#segments.at(-1)
      const at = newest?.segment.append(entry)
      if (newest && at !== undefined) {
        this.#index.set(newest.segment.key(at), this.#position(newest.number, at))
        return
      }
      if (this.#segments.length > 1 && this.weight + this.#segmentBytes > this.#maxBytes) {
        this.#dropOldest()
      } else {
        this.#segments.push({ number: this.#next, segment: new Segment(this.#segmentBytes) })
        this.#next += 1
      }
    }
  }

  #dropOldest(): void {
    const oldest = this.#segments.shift()
    if (!oldest) return
    const { segment } = oldest
    const now = this.#now()
    let room = this.#segmentBytes * MAX_SURVIVORS
    for (const [at, key] of this.#live(oldest)) {
      this.#index.delete(key)
      const bytes = segment.bytes(at)
      if (!segment.isMarked(at) || segment.goneAt(at) <= now) continue
      room -= Segment.weigh(key.length, bytes.length)
      if (room < 0) continue
      this.#append({ key, bytes, stamp: segment.stamp(at), ...segment.times(at) })
    }
  }

  /** Places and keys of a segment's entries that have not been replaced. */
  *#live({ number, segment }: Numbered): Generator<[at: number, key: string]> {
    for (const at of segment.places()) {
      const key = segment.key(at)
      if (this.#index.get(key) === this.#position(number, at)) yield [at, key]
    }
  }

  #position(number: number, at: number): number {
    return (number * this.#segmentBytes) / 8 + at
  }

  #place(position: number): Place | undefined {
    const unitsPerSegment = this.#segmentBytes / 8
    const number = Math.floor(position / unitsPerSegment)
    const numbered = this.#segments[number - (this.#segments[0]?.number ?? 0)]
    return numbered && { position, segment: numbered.segment, at: position % unitsPerSegment }
  }
}
