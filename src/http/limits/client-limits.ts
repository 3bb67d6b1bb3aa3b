/** What one client may ask for in a minute (R10): of everything, and of what sends us out to ask strangers. */
import { RATE_WINDOW_MS, type RateState, RateWindows } from '../../domain/rate-window.js'
import type { SharedCounters } from '../../domain/shared-counters.js'

/** Per minute. */
export interface Budgets {
  /** Requests. */
  readonly requests: number
  /** Cold lookups. */
  readonly cold: number
}

/** Whoever is counted, and what he may. */
export interface Account {
  /** An address, or the name of a token. */
  readonly key: string
  readonly budgets: Budgets
}

export interface ClientLimitsOptions {
  /** Milliseconds; since the epoch where counts are shared. */
  readonly now: () => number
  /** Accounts remembered at a time. */
  readonly maxClients?: number
  /** What all processes count together; each counts for itself when left out. */
  readonly shared?: SharedCounters
  /** Called for each refusal, for whoever counts them. */
  readonly onRefusal?: (limit: LimitName) => void
}

type LimitName = 'requests' | 'lookups'

/** What a client is told beside the answer. */
export interface Verdict {
  readonly allowed: boolean
  /** The field `RateLimit` (draft-ietf-httpapi-ratelimit-headers section 4). */
  readonly rateLimit: string
  /** Seconds, for Retry-After where it is not allowed. */
  readonly retryAfter: number
}

/** The field `RateLimit-Policy` (the same draft, section 3). */
export function policyOf({ requests, cold }: Budgets): string {
  const seconds = RATE_WINDOW_MS / 1000
  return `"requests";q=${requests};w=${seconds}, "lookups";q=${cold};w=${seconds}`
}

export class ClientLimits {
  readonly #onRefusal: ClientLimitsOptions['onRefusal']
  readonly #isShared: boolean
  readonly #requests: RateWindows
  readonly #cold: RateWindows

  constructor(options: ClientLimitsOptions) {
    const { now, maxClients, shared } = options
    const windows = (name: LimitName) =>
      new RateWindows({
        now,
        ...(maxClients === undefined ? {} : { maxKeys: maxClients }),
        ...(shared && { shared: { counters: shared, name } }),
      })
    this.#onRefusal = options.onRefusal
    this.#isShared = shared !== undefined
    this.#requests = windows('requests')
    this.#cold = windows('lookups')
  }

  /** Accounts remembered now, for tests of the bound. */
  get size(): number {
    return this.#requests.size + this.#cold.size
  }

  /** Counts a request, or several that came as one. Never waits for other processes: an answer from the cache is quick. */
  takeRequests({ key, budgets }: Account, cost = 1): Verdict {
    return this.#verdict('requests', this.#requests.take(key, budgets.requests, cost))
  }

  /** Counts a lookup; where counts are shared it waits a few milliseconds at most to hear what others have counted. */
  takeCold({ key, budgets }: Account): Verdict | Promise<Verdict> {
    const here = this.#cold.take(key, budgets.cold)
    if (!here.allowed || !this.#isShared) return this.#verdict('lookups', here)
    return this.#cold.confirm(key, budgets.cold).then((state) => this.#verdict('lookups', state))
  }

  #verdict(name: LimitName, { allowed, remaining, resetSeconds }: RateState): Verdict {
    if (!allowed) this.#onRefusal?.(name)
    // A refusal of several at once leaves something over, which would say "go on".
    const rateLimit = `"${name}";r=${allowed ? remaining : 0};t=${resetSeconds}`
    return { allowed, rateLimit, retryAfter: resetSeconds }
  }
}
