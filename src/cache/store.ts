/** Keeps answers by domain, bounded by bytes. Keys and values never hold an address (R13, design principle 6). */
import { LRUCache } from 'lru-cache'
import type { Kept } from '../domain/kept.js'

export interface Store<Value> {
  get(key: string): Value | undefined
  /** The same without the cost of reading the value; counts as use. */
  peek(key: string): Kept<Value> | undefined
  set(key: string, value: Value, ttlSeconds: number): void
  delete(key: string): void
  /** Empties the store: what its answers were made from has changed. */
  forget(): void
}

/** What an entry weighs beside its JSON text: objects, map slot, list links; measured on Node 20, rounded up. */
const ENTRY_OVERHEAD_BYTES = 512

export function createMemoryStore<Value extends object>(options: {
  readonly maxBytes: number
  /** Milliseconds; injected by tests. */
  readonly now?: () => number
}): Store<Value> {
  const now = options.now
  let stamp = 0
  const cache = new LRUCache<string, Kept<Value>>({
    maxSize: options.maxBytes,
    // In memory an object of short strings takes about two bytes for one of its JSON text.
    sizeCalculation: (kept) => JSON.stringify(kept.value()).length * 2 + ENTRY_OVERHEAD_BYTES,
    ...(now ? { perf: { now }, ttlResolution: 0 } : {}),
  })
  return {
    get: (key) => cache.get(key)?.value(),
    peek: (key) => cache.get(key),
    set: (key, value, ttlSeconds) => {
      stamp += 1
      cache.set(key, { stamp, value: () => value }, { ttl: Math.max(1, ttlSeconds * 1000) })
    },
    delete: (key) => {
      cache.delete(key)
    },
    forget: () => {
      cache.clear()
    },
  }
}
