/**
 * Answers for a domain: from the cache, by joining a lookup under way, or by a new one. Knows domains only; addresses
 * are expanded at the edge (design principle 6).
 */
import { SingleFlight } from '../cache/single-flight.js'
import type { Lifetime } from '../cache/store.js'
import type { AnsweredBy } from '../domain/answered-by.js'
import type { Discovery, SourceReport } from '../domain/discovery.js'
import type { EmailAddress } from '../domain/email-address.js'
import { type Hostname, isPublicSuffix, isSpecialUse } from '../domain/hostname.js'
import type { Kept } from '../domain/kept.js'
import type { Source } from '../domain/source.js'
import { type ColdGate, OverloadedError, type Turnstile } from './cold-gate.js'
import { type AnswerKey, KeptAnswers, type KeptAnswersParts } from './kept-answers.js'
import { keeping } from './lifetime.js'
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
  /** Of whoever asks, for the log: the lookup that he starts is told under it. */
  readonly requestId?: string
  readonly onReport?: (report: SourceReport) => void
  /** As `LookupRequest.onPreview`; of a kept answer there is none. */
  readonly onPreview?: (preview: Discovery) => void
  /** Passed before a lookup is started; not by kept answers, nor by those who join one under way (R10). */
  readonly turnstile?: Turnstile
}

/** What the log tells of a lookup besides what it found. */
export interface LookupAbout {
  /** Until its last background check had ended, its wait for a place included. */
  readonly ms: number
  /** Of whoever started it; nobody did where an answer was renewed behind another. */
  readonly requestId?: string
}

export interface DiscoveryService {
  /** Rejects only with the signal's reason, or what the turnstile throws. */
  discover(request: DiscoverRequest): Promise<Discovery>
  /**
   * The answer kept for the domain, without a lookup and without waiting: what `discover` with default options would
   * give. Nothing for reserved names, which are not kept. May be past its time; then a new one is on its way.
   */
  kept(domain: Hostname): Kept<Discovery> | undefined
  /**
   * What a lookup still finds behind the answer that it gave last to such a question: late sources, background checks.
   * Undefined where none is under way in this process. Never rejects.
   */
  unfinished(question: Pick<DiscoverRequest, 'domain' | 'verify'>): Promise<Discovery | null> | undefined
  /** Drops every kept answer, and keeps none that is still being made: the operator's files have changed. */
  forget(): void
  /** Resolves when no background work is left; for shutting down and for tests. */
  idle(): Promise<void>
}

export interface DiscoveryServiceParts extends LookupParts, KeptAnswersParts {
  /** Lookups that nobody waits for take a free place of it or are put off; without it they always find one. */
  readonly gate?: Pick<ColdGate, 'hasRoom' | 'tryEnter'>
  readonly allowSpecialUseNames: boolean
  /** Whether the operator's own files name the domain. */
  readonly isOwnDomain?: (domain: Hostname) => boolean
  /** Well-known domains one slip away (R53). */
  readonly suggest: (domain: Hostname) => readonly string[]
  /** Somebody asks anew: lower caches must forget the domain too. */
  readonly onRefresh?: (domain: Hostname) => void
  /** As each source of any lookup ends, for the metrics and the command line. */
  readonly onReport?: (report: SourceReport) => void
  /** Once for each question that gets an answer, for the metrics. */
  readonly onAnswer?: (by: AnsweredBy) => void
  /** After each lookup's last change, for the log and the metrics. */
  readonly onLookup?: (discovery: Discovery, about: LookupAbout) => void
}

/** The first answer is kept only until the background work that follows it has ended. */
const FIRST_ANSWER_TTL_SECONDS = 60

export function createDiscoveryService(parts: DiscoveryServiceParts): DiscoveryService {
  const answers = new KeptAnswers(parts)
  const flights = new SingleFlight<News, Discovery>()
  const background = new Set<Promise<unknown>>()
  const unfinished = new Map<AnswerKey, Promise<Discovery | null>>()

  const follow = (work: Promise<unknown>) => {
    background.add(work)
    void work.catch(() => undefined).finally(() => background.delete(work))
  }

  const ask = async (request: ColdRequest, key: AnswerKey | null, own = false): Promise<Discovery> => {
    const born = answers.generation
    const startedAt = performance.now()
    const leave = request.turnstile && (await request.turnstile.enter(request.signal))
    const keep = (discovery: Discovery, lifetime: Lifetime) => {
      if (key !== null) answers.keep(key, discovery, { lifetime, born })
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
    const whole = final.then((discovery) => {
      const answer = complete(discovery)
      // Of the answers with a check of their own no new one would be made behind.
      keep(answer, key === request.domain ? keeping(answer) : answer)
      parts.onLookup?.(discovery, { ms: performance.now() - startedAt, ...nameOf(request) })
      return answer
    })
    if (request.behind === true) return whole
    whole.catch(() => undefined)
    const answer = complete(await first)
    keep(answer, { ttlSeconds: Math.min(answer.ttlSeconds, FIRST_ANSWER_TTL_SECONDS) })
    follow(whole)
    if (key !== null) {
      const rest = whole.catch(() => null)
      unfinished.set(key, rest)
      void rest.then(() => {
        if (unfinished.get(key) === rest) unfinished.delete(key)
      })
    }
    return answer
  }

  /** The same, unless another process is at it or has just been. */
  const askFirst = async (request: ColdRequest): Promise<Discovery> => {
    const claimed = await answers.claim(request.domain, request.signal)
    if (typeof claimed !== 'function') {
      for (const source of claimed.sources) request.onReport?.(source)
      return claimed
    }
    try {
      return await ask(request, request.domain)
    } finally {
      claimed()
    }
  }

  /** One new lookup behind the answer that has left. Charged to nobody: who asked got what was kept. */
  const renew = (domain: Hostname) => {
    const { gate } = parts
    const flight = `${answers.generation} ${domain}`
    if (flights.has(flight) || gate?.hasRoom === false) return
    answers.postpone(domain)
    parts.onRefresh?.(domain)
    const enter = () => {
      const leave = gate ? gate.tryEnter() : () => undefined
      return leave ? Promise.resolve(leave) : Promise.reject(new OverloadedError())
    }
    const turnstile = { admit: () => undefined, enter }
    follow(
      flights.run(
        flight,
        ({ signal, emit }) =>
          askFirst({ domain, verify: 'auto', signal, ...tellingBy(emit), turnstile, behind: true }),
        { signal: new AbortController().signal },
      ),
    )
  }

  const kept = (domain: Hostname) => {
    const answer = answers.peek(domain)
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
      const passing = { ...(turnstile ? { turnstile } : {}), ...nameOf(request) }
      if (sendAddress) {
        await turnstile?.admit()
        parts.onAnswer?.('lookup')
        return ask({ domain, verify, signal, sendAddress, ...hearing, ...passing }, null, own)
      }
      const key = keyOf({ domain, verify })
      if (refresh) parts.onRefresh?.(domain)
      const told = (answer: Discovery) => {
        if (onReport) for (const source of answer.sources) onReport(source)
        return answer
      }
      const here = refresh ? undefined : key === domain ? kept(domain) : answers.peek(key)
      if (here) {
        parts.onAnswer?.(here.freshForMs > 0 ? 'memory' : 'stale')
        return told(here.value())
      }
      const isShared = parts.shared !== undefined && key === domain && !refresh
      // A lookup under way with the files of before is nobody's answer any more.
      const flight = () => `${answers.generation} ${key}`
      if (isShared && !flights.has(flight())) {
        const elsewhere = await answers.find(domain)
        if (elsewhere) {
          parts.onAnswer?.('shared')
          return told(elsewhere)
        }
      }
      // Without a wait where there is none: whoever comes meanwhile is to join. After one, who was charged may join too.
      const joins = flights.has(flight())
      const admission = joins ? undefined : turnstile?.admit()
      if (admission) await admission
      parts.onAnswer?.(joins ? 'joined' : 'lookup')
      return flights.run(
        flight(),
        (work) => {
          const cold = { domain, verify, signal: work.signal, ...tellingBy(work.emit), ...passing }
          return isShared ? askFirst(cold) : ask(cold, key, own)
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
    unfinished: (question) => unfinished.get(keyOf(question)),
    forget() {
      answers.forget()
    },
    async idle() {
      // A renewal is followed by its own background checks.
      while (background.size > 0) await Promise.allSettled([...background])
    },
  }
}

function keyOf({ domain, verify = 'auto' }: Pick<DiscoverRequest, 'domain' | 'verify'>): AnswerKey {
  return verify === 'auto' ? domain : `${domain} ${verify}`
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

function nameOf({ requestId }: Pick<DiscoverRequest, 'requestId'>): Pick<DiscoverRequest, 'requestId'> {
  return requestId === undefined ? {} : { requestId }
}

interface ColdRequest extends LookupRequest, Pick<DiscoverRequest, 'requestId'> {
  readonly turnstile?: Turnstile
  /** Nobody waits: the result is the final answer, and what is kept serves until it comes. */
  readonly behind?: boolean
}

function isOperators(source: Source): boolean {
  return source.name === 'operator'
}
