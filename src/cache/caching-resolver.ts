/** A resolver that remembers: the same interface, one question at a time per name and type, TTLs obeyed. */
import { LRUCache } from 'lru-cache'
import type { Lookup, Resolver } from '../domain/source.js'
import { SingleFlight } from './single-flight.js'

/** Answers kept: a lookup asks about 25 names, so this holds the last thousand domains in a few megabytes. */
const MAX_ANSWERS = 25_000
/** Seconds; a record changed in an emergency must not be remembered for its full day. */
const MAX_TTL_SECONDS = 3600

type Method = keyof Resolver
type AnyLookup = Lookup<unknown>

export function cachingResolver(resolver: Resolver, options: { readonly now?: () => number } = {}): Resolver {
  const { now } = options
  const answers = new LRUCache<string, AnyLookup>({
    max: MAX_ANSWERS,
    ...(now ? { perf: { now }, ttlResolution: 0 } : {}),
  })
  const flights = new SingleFlight<never, AnyLookup>()

  const ask = async (method: Method, name: string, signal: AbortSignal): Promise<AnyLookup> => {
    const key = `${method} ${name.toLowerCase()}`
    const kept = answers.get(key)
    if (kept) return kept
    return flights.run(
      key,
      async (work) => {
        const answer: AnyLookup = await resolver[method](name, work.signal)
        // "failed only for seconds" (R37): here not at all, the next lookup may be luckier.
        if (answer.kind !== 'failed' && answer.ttlSeconds > 0) {
          answers.set(key, answer, { ttl: Math.min(answer.ttlSeconds, MAX_TTL_SECONDS) * 1000 })
        }
        return answer
      },
      { signal },
    )
  }
  // Each method's answers come only from that method of the inner resolver, so their types agree.
  const method = <M extends Method>(name: M): Resolver[M] =>
    ((question: string, signal: AbortSignal) => ask(name, question, signal)) as Resolver[M]
  return { mx: method('mx'), srv: method('srv'), txt: method('txt'), addresses: method('addresses') }
}
