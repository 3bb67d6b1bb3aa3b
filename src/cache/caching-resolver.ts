/** A resolver that remembers: the same interface, one question at a time per name and type, TTLs obeyed and counted down. */
import { LRUCache } from 'lru-cache'
import type { Lookup, Resolver } from '../domain/source.js'
import type { Sized } from './byte-store.js'
import { SingleFlight } from './single-flight.js'

/** A lookup asks about 25 names, and a usual answer weighs under a kilobyte: room for the last few hundred domains. */
const MAX_BYTES = 8 * 1024 * 1024
/** Real answers stay below 4 KB; larger ones are not kept, so that no zone can push everybody else's out. */
const MAX_ANSWER_BYTES = 16 * 1024
/** What an answer weighs beside its JSON text: key, objects, map slot, list links; as for the store, rounded up. */
const ENTRY_OVERHEAD_BYTES = 512
/** Seconds; a record changed in an emergency must not be remembered for its full day. */
const MAX_TTL_SECONDS = 3600

type Method = keyof Resolver
type AnyLookup = Lookup<unknown>

export interface CachingResolver extends Resolver, Sized {
  /** Drops what is kept of a domain and the names below it, for a caller who asks anew. */
  forget(domain: string): void
}

export function cachingResolver(
  resolver: Resolver,
  options: { readonly maxBytes?: number; readonly now?: () => number } = {},
): CachingResolver {
  const { now, maxBytes = MAX_BYTES } = options
  const answers = new LRUCache<string, AnyLookup>({
    maxSize: maxBytes,
    maxEntrySize: MAX_ANSWER_BYTES,
    // In memory an object of short strings takes about two bytes for one of its JSON text.
    sizeCalculation: (answer) => JSON.stringify(answer).length * 2 + ENTRY_OVERHEAD_BYTES,
    ...(now ? { perf: { now }, ttlResolution: 0 } : {}),
  })
  const flights = new SingleFlight<never, AnyLookup>()

  const ask = async (method: Method, name: string, signal: AbortSignal): Promise<AnyLookup> => {
    const key = `${method} ${name.toLowerCase()}`
    const kept = answers.get(key)
    if (kept) return aged(kept, answers.getRemainingTTL(key))
    return flights.run(
      key,
      async (work) => {
        const answer: AnyLookup = await resolver[method](name, work.signal)
        // "failed only for seconds" (R37): here not at all, the next lookup may be luckier.
        if (answer.kind !== 'failed' && answer.ttlSeconds > 0) {
          answers.set(key, answer, { ttl: keptMs(answer.ttlSeconds) })
        }
        return answer
      },
      { signal },
    )
  }
  // Each method's answers come only from that method of the inner resolver, so their types agree.
  const method = <M extends Method>(name: M): Resolver[M] =>
    ((question: string, signal: AbortSignal) => ask(name, question, signal)) as Resolver[M]
  return {
    get size() {
      return { entries: answers.size, bytes: answers.calculatedSize }
    },
    mx: method('mx'),
    srv: method('srv'),
    txt: method('txt'),
    addresses: method('addresses'),
    forget: (domain) => {
      for (const key of [...answers.keys()]) {
        const name = key.slice(key.indexOf(' ') + 1)
        if (name === domain || name.endsWith(`.${domain}`)) answers.delete(key)
      }
    },
  }
}

function keptMs(ttlSeconds: number): number {
  return Math.min(ttlSeconds, MAX_TTL_SECONDS) * 1000
}

/** RFC 2181 section 8: a TTL counts from when the record was received, however often it is handed on. */
function aged(answer: AnyLookup, remainingMs: number): AnyLookup {
  if (answer.kind === 'failed') return answer
  const ageSeconds = Math.ceil((keptMs(answer.ttlSeconds) - remainingMs) / 1000)
  return { ...answer, ttlSeconds: Math.max(0, answer.ttlSeconds - ageSeconds) }
}
