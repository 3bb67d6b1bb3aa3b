/**
 * The shelf of ready-made answers, outside V8's heap: a million of them cost the collector nothing. An entry is the length
 * of its description, the description as JSON, the octets.
 */
import { LRUCache } from 'lru-cache'
import type { Shelf } from '../domain/shelf.js'
import { ByteStore, type Sized } from './byte-store.js'

const LENGTH_BYTES = 4
/** Descriptions that need not be read again, some hundred bytes each: those of the busiest. */
const MAX_READ = 1024
/** They are as good as the answer they were made from, which whoever asks compares by its stamp. */
const FOR_EVER = { freshUntil: Infinity, goneAt: Infinity, dueAt: Infinity }

export function createShelf<About>(options: { readonly maxBytes: number }): Shelf<About> & Sized {
  const bytes = new ByteStore({ maxBytes: options.maxBytes, now: () => 0 })
  // Never the octets: one of them would hold its whole segment.
  const read = new LRUCache<
    string,
    { readonly position: number; readonly octetsAt: number; readonly about: About }
  >({
    max: MAX_READ,
  })
  return {
    get size() {
      return bytes.fill
    },
    get(key) {
      const place = bytes.find(key)
      if (place === undefined) return undefined
      place.segment.use(place.at)
      const entry = place.segment.bytes(place.at)
      const known = read.get(key)
      if (known?.position === place.position) {
        return { about: known.about, octets: entry.subarray(known.octetsAt) }
      }
      const octetsAt = LENGTH_BYTES + entry.readUInt32LE()
      // What stands under a key was described by `set`.
      const about = JSON.parse(entry.toString('utf8', LENGTH_BYTES, octetsAt)) as About
      read.set(key, { position: place.position, octetsAt, about })
      return { about, octets: entry.subarray(octetsAt) }
    },
    set(key, { about, octets }) {
      const description = Buffer.from(JSON.stringify(about))
      const length = Buffer.alloc(LENGTH_BYTES)
      length.writeUInt32LE(description.length)
      bytes.set(key, Buffer.concat([length, description, octets]), FOR_EVER)
    },
  }
}
