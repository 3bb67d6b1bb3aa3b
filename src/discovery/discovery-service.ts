/**
 * Answers for a domain: from the cache, by joining a lookup under way, or by a new one. Knows domains only; addresses
 * are expanded at the edge (design principle 6).
 */
import { SingleFlight } from '../cache/single-flight.js'
import type { Store } from '../cache/store.js'
import type { Discovery, SourceReport } from '../domain/discovery.js'
import type { EmailAddress } from '../domain/email-address.js'
import { type Hostname, isPublicSuffix, isSpecialUse } from '../domain/hostname.js'
import type { Kept } from '../domain/kept.js'
import type { Source } from '../domain/source.js'
import type { Turnstile } from './cold-gate.js'
import { type LookupParts, type LookupRequest, lookUp } from './lookup.js'
import type { VerifyMode } from './verify.js'

export interface DiscoverRequest {
  readonly domain: Hostname
  /** The client is gone. */
  readonly signal: AbortSignal
  readonly verify?: VerifyMode
  /** Ask anew whatever the cache holds. */
  readonly refresh?: boolean
  /** Opted in by the caller (R13): such a lookup is neither shared nor kept. */
  readonly sendAddress?: EmailAddress
  readonly onReport?: (report: SourceReport) => void
  /** As `LookupRequest.onPreview`; of a kept answer there is none. */
  readonly onPreview?: (preview: Discovery) => void
  /** Passed before a lookup is started; not by kept answers, nor by those who join one under way (R10). */
  readonly turnstile?: Turnstile
}

export interface DiscoveryService {
  /** Rejects only with the signal's reason, or what the turnstile throws. */
  discover(request: DiscoverRequest): Promise<Discovery>
  /**
   * The answer kept for the domain, without a lookup and without waiting: what `discover` with default options would
   * give. Nothing for reserved names, which are not kept.
   */
  kept(domain: Hostname): Kept<Discovery> | undefined
  /** Drops every kept answer, and keeps none that is still being made: the operator's files have changed. */
  forget(): void
  /** Resolves when no background work is left; for shutting down and for tests. */
  idle(): Promise<void>
}

export interface DiscoveryServiceParts extends LookupParts {
  readonly store: Store<Discovery>
  readonly allowSpecialUseNames: boolean
  /** Whether the operator's own files name the domain. */
  readonly isOwnDomain?: (domain: Hostname) => boolean
  /** Well-known domains one slip away (R53). */
  readonly suggest: (domain: Hostname) => readonly string[]
  /** Somebody asks anew: lower caches must forget the domain too. */
  readonly onRefresh?: (domain: Hostname) => void
  /** As each source of any lookup ends, for the metrics and the command line. */
  readonly onReport?: (report: SourceReport) => void
  /** After each lookup's last change, for the log and the metrics. */
  readonly onLookup?: (discovery: Discovery) => void
}

/** The first answer is kept only until the background work that follows it has ended. */
const FIRST_ANSWER_TTL_SECONDS = 60

export function createDiscoveryService(parts: DiscoveryServiceParts): DiscoveryService {
  const flights = new SingleFlight<News, Discovery>()
  const background = new Set<Promise<unknown>>()
  /** Counts the sets of files that answers are made from. */
  let generation = 0

  const follow = (work: Promise<unknown>) => {
    background.add(work)
    void work.catch(() => undefined).finally(() => background.delete(work))
  }

  const ask = async (request: ColdRequest, key: string | null, own = false): Promise<Discovery> => {
    const born = generation
    const leave = request.turnstile && (await request.turnstile.enter(request.signal))
    const keep = (discovery: Discovery, ttlSeconds: number) => {
      if (key === null || born !== generation) return
      const kept = parts.store.get(key)
      // Asking anew at a bad moment must not put a worse answer in the place of a good one.
      if (kept?.kind === 'found' && isWorse(discovery, kept)) return
      parts.store.set(key, discovery, ttlSeconds)
    }
    const { first, final } = lookUp(own ? { ...parts, sources: parts.sources.filter(isOperators) } : parts, {
      ...request,
      onReport: (report) => {
        request.onReport?.(report)
        parts.onReport?.(report)
      },
    })
    // A hint for slips only: never for a name under which somebody reads mail (R53).
    const complete = (discovery: Discovery): Discovery =>
      discovery.kind === 'found' || discovery.receivesMail
        ? discovery
        : { ...discovery, suggestions: parts.suggest(discovery.domain) }
    void final.catch(() => undefined).finally(() => leave?.())
    const answer = complete(await first)
    keep(answer, Math.min(answer.ttlSeconds, FIRST_ANSWER_TTL_SECONDS))
    follow(
      final.then((discovery) => {
        keep(complete(discovery), discovery.ttlSeconds)
        parts.onLookup?.(discovery)
      }),
    )
    return answer
  }

  return {
    async discover(request) {
      const { domain, signal, refresh = false, sendAddress, onReport, onPreview } = request
      const reserved = !parts.allowSpecialUseNames && (isSpecialUse(domain) || isPublicSuffix(domain))
      const own = reserved && parts.isOwnDomain?.(domain) === true
      if (reserved && !own) return nothing(domain, parts.now())
      // R3: the operator's file answers for his intranet's name; nobody out there is asked about it.
      const verify = own ? 'never' : (request.verify ?? 'auto')
      const hearing = { ...(onReport ? { onReport } : {}), ...(onPreview ? { onPreview } : {}) }
      // The operator's own file is no cold lookup: nobody out there is asked.
      const turnstile = own ? undefined : request.turnstile
      const passing = turnstile ? { turnstile } : {}
      if (sendAddress) {
        turnstile?.admit()
        return ask({ domain, verify, signal, sendAddress, ...hearing, ...passing }, null, own)
      }
      const key = verify === 'auto' ? domain : `${domain} ${verify}`
      if (refresh) parts.onRefresh?.(domain)
      const kept = refresh ? undefined : parts.store.get(key)
      if (kept) {
        if (onReport) for (const source of kept.sources) onReport(source)
        return kept
      }
      // A lookup under way with the files of before is nobody's answer any more.
      const flight = `${generation} ${key}`
      if (!flights.has(flight)) turnstile?.admit()
      return flights.run(
        flight,
        ({ emit, ...work }) => {
          const telling = {
            onReport: (report: SourceReport) => {
              emit({ report })
            },
            onPreview: (preview: Discovery) => {
              emit({ preview })
            },
          }
          return ask({ domain, verify, signal: work.signal, ...telling, ...passing }, key, own)
        },
        {
          signal,
          onEvent: ({ report, preview }) => {
            if (report) onReport?.(report)
            if (preview) onPreview?.(preview)
          },
        },
      )
    },
    kept: (domain) => parts.store.peek(domain),
    forget() {
      generation += 1
      parts.store.forget()
    },
    async idle() {
      await Promise.allSettled([...background])
    },
  }
}

/** What those who wait for one lookup hear meanwhile. */
interface News {
  readonly report?: SourceReport
  readonly preview?: Discovery
}

interface ColdRequest extends LookupRequest {
  readonly turnstile?: Turnstile
}

function isWorse(discovery: Discovery, kept: Discovery): boolean {
  return discovery.kind === 'failed' || (discovery.degraded && !kept.degraded)
}

function isOperators(source: Source): boolean {
  return source.name === 'operator'
}

/** Special-use names and public suffixes: definitely no configuration, and nobody is asked (R3). */
function nothing(domain: Hostname, now: number): Discovery {
  return {
    domain,
    kind: 'reserved',
    provider: null,
    servers: {
      imap: [],
      pop3: [],
      smtp: [],
      jmap: [],
      caldav: [],
      carddav: [],
      managesieve: [],
      exchange: [],
    },
    oauth2: null,
    notices: [],
    warnings: [],
    conflicts: [],
    rejected: [],
    notOffered: [],
    receivesMail: false,
    suggestions: [],
    degraded: false,
    sources: [],
    ttlSeconds: RESERVED_TTL_SECONDS,
    lookedUpAt: now,
  }
}

/** The registries of special names hardly ever change. */
const RESERVED_TTL_SECONDS = 86_400
