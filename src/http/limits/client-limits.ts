/** What one client may ask for in a minute (R10): of everything, and of what sends us out to ask strangers. */
import { RATE_WINDOW_MS, type RateState, RateWindows } from '../../domain/rate-window.js'

export interface ClientLimitsOptions {
  /** Requests per minute and client. */
  readonly requests: number
  /** Cold lookups per minute and client. */
  readonly cold: number
  /** Milliseconds. */
  readonly now: () => number
  /** Clients remembered at a time. */
  readonly maxClients?: number
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

export class ClientLimits {
  /** The field `RateLimit-Policy` (the same draft, section 3). */
  readonly policy: string
  readonly #options: ClientLimitsOptions
  readonly #requests: RateWindows
  readonly #cold: RateWindows

  constructor(options: ClientLimitsOptions) {
    const { now, maxClients } = options
    const memory = maxClients === undefined ? { now } : { now, maxKeys: maxClients }
    const seconds = RATE_WINDOW_MS / 1000
    this.policy = `"requests";q=${options.requests};w=${seconds}, "lookups";q=${options.cold};w=${seconds}`
    this.#options = options
    this.#requests = new RateWindows(memory)
    this.#cold = new RateWindows(memory)
  }

  /** Clients remembered now, for tests of the bound. */
  get size(): number {
    return this.#requests.size + this.#cold.size
  }

  /** Counts a request, or several that came as one. */
  takeRequests(client: string, cost = 1): Verdict {
    return this.#verdict('requests', this.#requests.take(client, this.#options.requests, cost))
  }

  takeCold(client: string): Verdict {
    return this.#verdict('lookups', this.#cold.take(client, this.#options.cold))
  }

  #verdict(name: LimitName, { allowed, remaining, resetSeconds }: RateState): Verdict {
    if (!allowed) this.#options.onRefusal?.(name)
    // A refusal of several at once leaves something over, which would say "go on".
    const rateLimit = `"${name}";r=${allowed ? remaining : 0};t=${resetSeconds}`
    return { allowed, rateLimit, retryAfter: resetSeconds }
  }
}
