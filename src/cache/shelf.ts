/** The shelf of ready-made answers: least recently used go first when the bytes run out. */
import { LRUCache } from 'lru-cache'
import type { Shelf } from '../domain/shelf.js'

/** What an entry weighs beside its bytes: key, object, map slot, list links; measured on Node 20, rounded up. */
const ENTRY_OVERHEAD_BYTES = 512

export function createShelf<Value extends object>(options: { readonly maxBytes: number }): Shelf<Value> {
  const cache = new LRUCache<string, Value>({ maxSize: options.maxBytes })
  return {
    get: (key) => cache.get(key),
    set: (key, value, bytes) => {
      cache.set(key, value, { size: bytes + ENTRY_OVERHEAD_BYTES })
    },
  }
}
