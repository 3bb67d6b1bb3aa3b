/**
 * Answers for a domain: from the cache, by joining a lookup under way, or by a new one. Knows domains only; addresses
 * are expanded at the edge (design principle 6).
 */
import { SingleFlight } from '../cache/single-flight.js'
import type { Lifetime, Store } from '../cache/store.js'
import type { Discovery, SourceReport } from '../domain/discovery.js'
import type { EmailAddress } from '../domain/email-address.js'
import { type Hostname, isPublicSuffix, isSpecialUse } from '../domain/hostname.js'
import type { Kept } from '../domain/kept.js'
import type { Source } from '../domain/source.js'
import type { ColdGate, Turnstile } from './cold-gate.js'
import { FAILED, keeping } from './lifetime.js'
import { type LookupParts, type LookupRequest, lookUp } from './lookup.js'
import { reservedAnswer } from './reserved-answer.js'
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
   * give. Nothing for reserved names, which are not kept. May be past its time; then a new one is on its way.
   */
  kept(domain: Hostname): Kept<Discovery> | undefined
  /** Drops every kept answer, and keeps none that is still being made: the operator's files have changed. */
  forget(): void
  /** Resolves when no background work is left; for shutting down and for tests. */
  idle(): Promise<void>
}

export interface DiscoveryServiceParts extends LookupParts {
  readonly store: Store<Discovery>
  /** Lookups that nobody waits for take a free place of it or are put off; without it they always find one. */
  readonly gate?: Pick<ColdGate, 'tryEnter'>
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
    const keep = (discovery: Discovery, lifetime: Lifetime) => {
      if (key === null || born !== generation) return
      const kept = parts.store.get(key)
      // Asking anew at a bad moment must not put a worse answer in the place of a good one.
      if (kept?.kind === 'found' && isWorse(discovery, kept)) return
      parts.store.set(key, discovery, lifetime)
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
    const firstSeconds = Math.min(answer.ttlSeconds, FIRST_ANSWER_TTL_SECONDS)
    if (!request.behind) keep(answer, { ttlSeconds: firstSeconds })
    follow(
      final.then((discovery) => {
        // Of the answers with a check of their own no new one would be made behind.
        keep(complete(discovery), key === request.domain ? keeping(discovery) : discovery)
        parts.onLookup?.(discovery)
      }),
    )
    return answer
  }

  /** One new lookup behind the answer that has left. Charged to nobody: who asked got what was kept. */
  const renew = (domain: Hostname) => {
    const flight = `${generation} ${domain}`
    if (flights.has(flight)) return
    const leave = parts.gate ? parts.gate.tryEnter() : () => undefined
    if (!leave) return
    // However this one ends: a domain that cannot be asked at the moment is not asked at every use.
    parts.store.postpone(domain, FAILED)
    parts.onRefresh?.(domain)
    const turnstile = { admit: () => undefined, enter: () => Promise.resolve(leave) }
    follow(
      flights.run(
        flight,
        ({ signal, emit }) =>
          ask({ domain, verify: 'auto', signal, ...tellingBy(emit), turnstile, behind: true }, domain),
        { signal: new AbortController().signal },
      ),
    )
  }

  const kept = (domain: Hostname) => {
    const answer = parts.store.peek(domain)
    if (answer?.isDue === true) renew(domain)
    return answer
  }

  return {
    async discover(request) {
      const { domain, signal, refresh = false, sendAddress, onReport, onPreview } = request
      const reserved = !parts.allowSpecialUseNames && (isSpecialUse(domain) || isPublicSuffix(domain))
      const own = reserved && parts.isOwnDomain?.(domain) === true
      if (reserved && !own) return reservedAnswer(domain, parts.now())
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
      const answer = refresh ? undefined : (key === domain ? kept(domain) : parts.store.peek(key))?.value()
      if (answer) {
        if (onReport) for (const source of answer.sources) onReport(source)
        return answer
      }
      // A lookup under way with the files of before is nobody's answer any more.
      const flight = `${generation} ${key}`
      if (!flights.has(flight)) turnstile?.admit()
      return flights.run(
        flight,
        (work) => {
          const telling = tellingBy(work.emit)
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
    kept,
    forget() {
      generation += 1
      parts.store.forget()
    },
    async idle() {
      // A renewal is followed by its own background checks.
      while (background.size > 0) await Promise.allSettled([...background])
    },
  }
}

/** What those who wait for one lookup hear meanwhile. */
interface News {
  readonly report?: SourceReport
  readonly preview?: Discovery
}

function tellingBy(emit: (news: News) => void): Required<Pick<LookupRequest, 'onReport' | 'onPreview'>> {
  return {
    onReport: (report) => {
      emit({ report })
    },
    onPreview: (preview) => {
      emit({ preview })
    },
  }
}

interface ColdRequest extends LookupRequest {
  readonly turnstile?: Turnstile
  /** Nobody waits for the first answer, and there is a whole one until the final comes. */
  readonly behind?: boolean
}

function isWorse(discovery: Discovery, kept: Discovery): boolean {
  return discovery.kind === 'failed' || (discovery.degraded && !kept.degraded)
}

function isOperators(source: Source): boolean {
  return source.name === 'operator'
}
