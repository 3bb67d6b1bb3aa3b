/**
 * The shelf of ready-made answers, outside V8's heap: a million of them cost the collector nothing. An entry is the length
 * of its description, the description as JSON, the octets.
 */
import type { Shelf } from '../domain/shelf.js'
import { ByteStore } from './byte-store.js'

const LENGTH_BYTES = 4
/** They are as good as the answer they were made from, which whoever asks compares by its stamp. */
const FOR_EVER = { freshUntil: Infinity, goneAt: Infinity, dueAt: Infinity }

export function createShelf<About>(options: { readonly maxBytes: number }): Shelf<About> {
  const bytes = new ByteStore({ maxBytes: options.maxBytes, now: () => 0 })
  return {
    get(key) {
      const place = bytes.find(key)
      if (place === undefined) return undefined
      place.segment.use(place.at)
      const entry = place.segment.bytes(place.at)
      const octetsAt = LENGTH_BYTES + entry.readUInt32LE()
      // What stands under a key was described by `set`.
      const about = JSON.parse(entry.toString('utf8', LENGTH_BYTES, octetsAt)) as About
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
