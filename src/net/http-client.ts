/**
 * The HttpClient port: fetches configuration documents from strangers (R6, R7, R10, R37).
 *
 * Redirects are followed by hand; each is checked like a new request. No cookies, no referrer, no credentials, a fixed
 * User-Agent. What a status means is decided here: found, absent or failed.
 */
import { failure } from '../domain/errors.js'
import { type Hostname, sameRegistrableDomain } from '../domain/hostname.js'
import type { HttpClient, HttpOutcome, HttpRequest, HttpResponse } from '../domain/source.js'
import { NetError, UNREACHABLE } from './classify-error.js'
import { startDeadline } from './deadline.js'
import { type GuardedConnector, NameAbsentError } from './guarded-connect.js'
import type { Exchange, ExchangeReply } from './http-exchange.js'
import { freshness } from './http-freshness.js'
import { type CheckedUrl, checkUrl, MAX_URL_LENGTH } from './http-url.js'
import { lateExchange } from './late-exchange.js'

export interface HttpClientParts {
  readonly connector: GuardedConnector
  /** `mailscout/<version> (+<contact URL>)`, so that a publisher can find out who asks (R10). */
  readonly userAgent?: string
  /** Milliseconds for one request with all its redirects. */
  readonly totalTimeoutMs?: number
  readonly now?: () => number
  /** The service's own host: asking it would be asking ourselves, round and round. */
  readonly ownHost?: Hostname
  /** Origins that nearly every lookup asks: connections to them are kept. */
  readonly keepOrigins?: ReadonlySet<string>
}

/** R7. Real publishers need two: bare domain to www, old host to new host. */
export const MAX_REDIRECTS = 5
/** A lookup has about 5 s; one dripping server must end before the lookup does, so that it counts as failed. */
export const HTTP_TOTAL_TIMEOUT_MS = 4000
/** An absent document may be kept for long (R37); an hour lets a newly published one appear the same day. */
export const ABSENT_TTL_SECONDS = 3600

const DEFAULT_USER_AGENT = 'mailscout'
const REDIRECT_STATUSES = [301, 302, 303, 307, 308]
/** Client errors that say "not now" (RFC 9110 15.5.9, RFC 8470 5.2, RFC 6585 4) and must not count as absence. */
const TEMPORARY_STATUSES = [408, 425, 429]

export function createHttpClient(parts: HttpClientParts): HttpClient {
  const { connector, keepOrigins: origins = new Set() } = parts
  const exchange = lateExchange({ connector, origins })
  const userAgent = parts.userAgent ?? DEFAULT_USER_AGENT
  const now = parts.now ?? Date.now
  const { ownHost } = parts
  return {
    async request(request) {
      request.signal.throwIfAborted()
      const deadline = startDeadline(request.signal, parts.totalTimeoutMs ?? HTTP_TOTAL_TIMEOUT_MS)
      try {
        return await follow(request, { exchange, userAgent, signal: deadline.signal, now, ownHost })
      } catch (error) {
        request.signal.throwIfAborted()
        if (error instanceof NameAbsentError) {
          return { kind: 'absent', status: null, ttlSeconds: error.ttlSeconds }
        }
        if (error instanceof NetError) return { kind: 'failed', failure: error.failure }
        throw error
      } finally {
        deadline.clear()
      }
    },
  }
}

interface Means {
  readonly exchange: Exchange
  readonly userAgent: string
  readonly signal: AbortSignal
  readonly now: () => number
  readonly ownHost: Hostname | undefined
}

/** What is known of the way so far; trust is ANDed over every hop (design principle 2). */
interface Trail {
  readonly first: Hostname
  readonly visited: Set<string>
  secure: boolean
  stayedInDomain: boolean
}

async function follow(request: HttpRequest, means: Means): Promise<HttpOutcome> {
  const allowHttp = request.allowHttp ?? false
  const maxRedirects = Math.min(request.maxRedirects ?? MAX_REDIRECTS, MAX_REDIRECTS)
  const start = checkUrl(request.url, allowHttp)
  if (!start.ok) throw new NetError(failure('document', `the URL is refused: ${start.reason}`))
  let target = start.value
  let { method = 'GET', body } = request
  const trail: Trail = { first: target.hostname, visited: new Set(), secure: true, stayedInDomain: true }

  for (let hops = 0; ; hops += 1) {
    if (target.hostname === means.ownHost) throw new NetError(UNREACHABLE)
    trail.visited.add(target.url.href)
    trail.secure &&= target.secure
    trail.stayedInDomain &&= sameRegistrableDomain(target.hostname, trail.first)
    if (body !== undefined && hops > 0 && !(target.secure && trail.stayedInDomain)) {
      // The body may name the user: it must not be handed on to another owner (R13).
      throw refusedRedirect('it would carry the request body elsewhere')
    }
    const headers = requestHeaders(request, { userAgent: means.userAgent, hasBody: body !== undefined })
    const reply = await means.exchange({
      target,
      method,
      headers,
      ...(body !== undefined && { body }),
      signal: means.signal,
      wantsBody: (status) => isAnswer(status, request),
    })
    const isRedirect = REDIRECT_STATUSES.includes(reply.status) && !isAnswer(reply.status, request)
    if (!isRedirect || maxRedirects === 0) {
      return outcomeOf(reply, { request, target, trail, isRedirect, now: means.now() })
    }
    if (hops === maxRedirects) throw refusedRedirect(`more than ${maxRedirects} in a row`)
    const next = checkUrl(reply.header('location') || 'none:', allowHttp, target.url)
    if (!next.ok) throw refusedRedirect(next.reason)
    if (trail.visited.has(next.value.url.href)) throw refusedRedirect('it leads back')
    if (request.keepInDomain && !sameRegistrableDomain(next.value.hostname, trail.first)) {
      // The URL carries an address, which the next one may repeat (R13).
      throw refusedRedirect('it leaves the domain')
    }
    target = next.value
    // RFC 9110 section 15.4: only 307 and 308 keep method and body.
    if (reply.status < 307) {
      method = 'GET'
      body = undefined
    }
  }
}

function refusedRedirect(reason: string): NetError {
  return new NetError(failure('redirect', `the redirect is refused: ${reason}`))
}

/** All headers there are: no cookie, referrer or credential can slip in (R5, R10). */
function requestHeaders(request: HttpRequest, more: { userAgent: string; hasBody: boolean }) {
  return {
    'user-agent': more.userAgent,
    accept: request.accept ?? '*/*',
    'accept-encoding': 'gzip',
    ...(request.origin !== undefined && { origin: request.origin }),
    ...(more.hasBody && { 'content-type': request.contentType ?? 'application/octet-stream' }),
  }
}

function isAnswer(status: number, request: HttpRequest): boolean {
  return (status >= 200 && status < 300) || (request.acceptStatuses ?? []).includes(status)
}

interface Context {
  readonly request: HttpRequest
  readonly target: CheckedUrl
  readonly trail: Trail
  readonly isRedirect: boolean
  readonly now: number
}

function outcomeOf(reply: ExchangeReply, { request, target, trail, isRedirect, now }: Context): HttpOutcome {
  const { status, header } = reply
  const ttlSeconds = freshness(
    { cacheControl: header('cache-control'), expires: header('expires'), date: header('date') },
    now,
  )
  if (isAnswer(status, request) || isRedirect) {
    const response: HttpResponse = {
      status,
      body: reply.body,
      contentType: header('content-type'),
      url: target.url.href,
      ...locationOf(header('location'), target.url),
      ...allowOriginOf(header('access-control-allow-origin')),
      secure: trail.secure,
      stayedInDomain: trail.stayedInDomain,
      ttlSeconds,
    }
    return { kind: 'found', response }
  }
  if (status >= 400 && status < 500 && !TEMPORARY_STATUSES.includes(status)) {
    return { kind: 'absent', status, ttlSeconds: ttlSeconds ?? ABSENT_TTL_SECONDS }
  }
  throw new NetError(failure('http-status', `the server answered with status ${status}`))
}

function allowOriginOf(allowOrigin: string): { allowOrigin?: string } {
  return allowOrigin === '' ? {} : { allowOrigin }
}

/** Absolute, so that a caller who follows it himself need not resolve it; left out where it is no URL. */
function locationOf(location: string, base: URL): { location?: string } {
  if (location === '' || location.length > MAX_URL_LENGTH || !URL.canParse(location, base.href)) return {}
  return { location: new URL(location, base).href }
}
