/**
 * How often this process asks the DNS about one stranger's domain (R10): whoever has us look up ever new names below one
 * domain would turn its name servers into a target. Put behind the cache, so that only questions that leave are counted.
 */
import { failure } from '../domain/errors.js'
import { type Hostname, registrableDomain } from '../domain/hostname.js'
import { RateWindows } from '../domain/rate-window.js'
import type { SharedCounters } from '../domain/shared-counters.js'
import type { Lookup, Resolver } from '../domain/source.js'

/** Questions per minute. A lookup asks some 40, the worst one 120: so thirty lookups of new names below one domain. */
export const MAX_QUESTIONS = 1200
/** The same for domains of known providers, to whose names many lookups lead. */
export const MAX_KNOWN_QUESTIONS = 12_000

/** Inconclusive: it says nothing about the name. */
const NOT_ASKED = failure('timeout', 'not asked: too many questions about this domain within a minute')

/** Labels in front of a name that name a service, not a host (RFC 8552). */
const SERVICE_LABELS = /^(?:_[^.]*\.)+/

export interface DnsBudgetParts {
  readonly isKnown: (domain: Hostname) => boolean
  /** Milliseconds of any clock, a monotonic one by default; since the epoch where counts are shared. */
  readonly now?: () => number
  readonly shared?: SharedCounters
}

/** The same resolver, whose answer is a failure where its budget for the domain is spent. */
export function budgetedResolver(resolver: Resolver, parts: DnsBudgetParts): Resolver {
  const { now = () => performance.now(), shared } = parts
  const windows = new RateWindows({ now, ...(shared && { shared: { counters: shared, name: 'dns' } }) })
  const admits = (name: string, questions: number) => {
    // What is no host name has no registrable domain of its own and is counted as it stands.
    const domain = registrableDomain(name.toLowerCase().replace(SERVICE_LABELS, '') as Hostname)
    const limit = parts.isKnown(domain) ? MAX_KNOWN_QUESTIONS : MAX_QUESTIONS
    return windows.take(domain, limit, questions).allowed
  }
  const within =
    <T>(ask: (name: string, signal: AbortSignal) => Promise<Lookup<T>>, questions: number) =>
    (name: string, signal: AbortSignal): Promise<Lookup<T>> =>
      admits(name, questions) ? ask(name, signal) : Promise.resolve({ kind: 'failed', failure: NOT_ASKED })
  return {
    mx: within((name, signal) => resolver.mx(name, signal), 1),
    srv: within((name, signal) => resolver.srv(name, signal), 1),
    txt: within((name, signal) => resolver.txt(name, signal), 1),
    // A and AAAA.
    addresses: within((name, signal) => resolver.addresses(name, signal), 2),
  }
}
