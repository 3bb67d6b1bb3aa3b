/** What the answer of a stranger's web server is worth: the judgement that every source with a web place shares. */
import type { Failure } from '../domain/errors.js'
import type { Evidence } from '../domain/mail-settings.js'
import type { HttpResponse } from '../domain/source.js'
import type { Channel } from '../domain/trust.js'

/** Seconds a document is kept when its server does not say. */
export const DEFAULT_TTL_SECONDS = 3600
/** Seconds: an administrator may be mending it right now. */
const REFUSED_TTL_SECONDS = 300

/** What became of one place. */
export type NoAnswer =
  | { readonly kind: 'absent'; readonly ttlSeconds: number; readonly detail?: string }
  | {
      readonly kind: 'failed'
      readonly failure: Failure
      /** What the place would have been worth, had it answered. */
      readonly worth: Channel
    }

/**
 * A host that is there but serves nobody (closed port, another's certificate, a way out of https) has given its answer:
 * nothing that could be trusted. Wildcard DNS makes this the usual case for `autoconfig.` hosts. Silence and server
 * errors are no answer.
 */
export function judgeFailure(cause: Failure, worth: Channel): NoAnswer {
  const noAnswer = cause.code === 'timeout' || cause.code === 'dns' || cause.code === 'http-status'
  if (noAnswer) return { kind: 'failed', failure: cause, worth }
  return { kind: 'absent', ttlSeconds: REFUSED_TTL_SECONDS, detail: cause.detail }
}

export function wireChannel(response: HttpResponse): Evidence['channel'] {
  if (!response.secure) return 'http'
  return response.stayedInDomain ? 'https' : 'https-redirected'
}

/** Evidence never holds an address (R13). */
export function withoutQuery(url: string): string {
  const bare = new URL(url)
  bare.search = ''
  return bare.href
}

/** The place answered, and what it said is of no use. */
export function nothing(detail: string): NoAnswer {
  return { kind: 'absent', ttlSeconds: DEFAULT_TTL_SECONDS, detail }
}

/** A silent place that might have held something more trusted than what was found (R24). */
export function missedPlace(found: Channel, nothing: readonly NoAnswer[]): { readonly missed?: Failure } {
  const silent = nothing.find((place) => place.kind === 'failed' && place.worth !== 'insecure')
  return found === 'insecure' && silent?.kind === 'failed' ? { missed: silent.failure } : {}
}

/** The outcome of places that have nothing: one failure makes the whole a failure (R37). */
export function nothingAt(places: readonly NoAnswer[]): Nothing {
  const failed = places.find((place) => place.kind === 'failed')
  if (failed?.kind === 'failed') return { outcome: 'failed', failure: failed.failure }
  const absent = places.filter((place) => place.kind === 'absent')
  const ttlSeconds = Math.min(...absent.map((place) => place.ttlSeconds))
  const detail = absent.map((place) => place.detail).find((text) => text !== undefined)
  return {
    outcome: 'absent',
    ...(ttlSeconds === Infinity ? {} : { ttlSeconds }),
    ...(detail === undefined ? {} : { detail }),
  }
}

type Nothing =
  | { readonly outcome: 'absent'; readonly ttlSeconds?: number; readonly detail?: string }
  | { readonly outcome: 'failed'; readonly failure: Failure }
