/** Keeps answers by domain, bounded by bytes. Keys and values never hold an address (R13, design principle 6). */
import type { Kept } from '../domain/kept.js'
import { ByteStore, type Place, type Sized } from './byte-store.js'
import type { Times } from './segment.js'
import { pack, unpack } from './pack.js'
import type { Savable } from './snapshot.js'

/** How long a value serves, in seconds. */
export interface Lifetime {
  readonly ttlSeconds: number
  /** So long after it, the value may still leave at once while a new one is made (RFC 5861 section 3); none by default. */
  readonly staleSeconds?: number
  /** Whether a new one should be made ahead of the end where many ask; not by default. */
  readonly ahead?: boolean
}

export interface KeptInStore<Value> extends Kept<Value> {
  /** Whoever uses it now is a reason to make a new one: its time is over, or nearly over and many ask for it. */
  readonly isDue: boolean
  /** How long it is still as good as new, in milliseconds; below 0 where its time is over. */
  readonly freshForMs: number
}

export interface Store<Value> {
  /** The value, which costs some microseconds to read; no use is counted. */
  get(key: string): Value | undefined
  /** The same without reading it. */
  look(key: string): KeptInStore<Value> | undefined
  /** The same for somebody who uses it: counts as use. */
  peek(key: string): KeptInStore<Value> | undefined
  set(key: string, value: Value, lifetime: Lifetime): void
  /** Nobody need make a new one for so many seconds: it was tried, in vain. */
  postpone(key: string, seconds: number): void
  delete(key: string): void
  /** Empties the store: what its answers were made from has changed. */
  forget(): void
}

/** So many uses in its time make a value worth renewing before anybody has to wait or gets a stale one. */
const BUSY_USES = 10
/** The last part of its time, in which a busy value is renewed. */
const AHEAD_PART = 0.1

export type MemoryStore<Value> = Store<Value> & Savable & Sized

export function createMemoryStore<Value extends object>(options: {
  readonly maxBytes: number
  /** Milliseconds; injected by tests. */
  readonly now?: () => number
}): MemoryStore<Value> {
  const now = options.now ?? (() => performance.now())
  const bytes = new ByteStore({ maxBytes: options.maxBytes, now })
  const look = (key: string) => {
    const place = bytes.find(key)
    return place && new KeptAt<Value>(place, now())
  }
  return {
    get: (key) => look(key)?.value(),
    look,
    peek: (key) => {
      const place = bytes.find(key)
      if (!place) return undefined
      place.segment.use(place.at)
      return new KeptAt<Value>(place, now())
    },
    set: (key, value, { ttlSeconds, staleSeconds = 0, ahead = false }) => {
      const time = now()
      const ttl = Math.max(1, ttlSeconds * 1000)
      const freshUntil = time + ttl
      const dueAt = ahead ? freshUntil - ttl * AHEAD_PART : freshUntil
      bytes.set(key, pack(value), { freshUntil, goneAt: freshUntil + staleSeconds * 1000, dueAt })
    },
    postpone: (key, seconds) => {
      const place = bytes.find(key)
      place?.segment.postpone(place.at, now() + seconds * 1000)
    },
    delete: (key) => {
      bytes.delete(key)
    },
    forget: () => {
      bytes.clear()
    },
    get size() {
      return bytes.fill
    },
    *saved() {
      const time = now()
      for (const entry of bytes.entries()) yield { ...entry, ...shifted(entry, -time) }
    },
    restore: (entry) => {
      if (!bytes.find(entry.key)) bytes.set(entry.key, entry.bytes, shifted(entry, now()))
    },
  }
}

function shifted({ freshUntil, goneAt, dueAt }: Times, by: number): Times {
  return { freshUntil: freshUntil + by, goneAt: goneAt + by, dueAt: dueAt + by }
}

class KeptAt<Value> implements KeptInStore<Value> {
  readonly #place: Place
  readonly stamp: number
  readonly freshForMs: number
  readonly isDue: boolean

  constructor(place: Place, now: number) {
    const { segment, at } = place
    this.#place = place
    this.stamp = segment.stamp(at)
    this.freshForMs = segment.freshUntil(at) - now
    this.isDue = segment.dueAt(at) <= now && (this.freshForMs <= 0 || segment.uses(at) >= BUSY_USES)
  }

  value(): Value {
    const { segment, at } = this.#place
    // What stands under a key was packed from a value of this store's kind.
    return unpack(segment.bytes(at)) as Value
  }
}
