/**
 * One web address as its administrator must see it: every redirect by itself, content type, CORS, and what stands there.
 * Sources ask "which settings?"; this asks "what is wrong here?", so a refused redirect or a page is an answer, too.
 */
import type { Failure } from '../domain/errors.js'
import type { Mechanism, PlaceObservation } from '../domain/domain-check.js'
import { type Hostname, parseHostname, sameRegistrableDomain } from '../domain/hostname.js'
import type { DeclaredServer, Rejected } from '../domain/mail-settings.js'
import type { HttpClient, HttpOutcome, HttpResponse } from '../domain/source.js'
import { withoutQuery } from './web-answer.js'

export interface Reading {
  readonly servers: readonly DeclaredServer[]
  readonly rejected: readonly Rejected[]
  readonly encryptionFaults?: PlaceObservation['encryptionFaults']
}

export interface PlaceQuestion {
  readonly mechanism: Mechanism
  readonly url: string
  /** POSTed as text/xml. */
  readonly body?: string
  /** Asked once more with this URL when the server answers 400: it wants an address (R13: a placeholder). */
  readonly again?: string
  readonly types: readonly string[]
  /** A text says why it is no configuration. */
  readonly read: (body: Uint8Array) => Reading | string
}

/** The origin of nobody: whoever allows it allows every web page. */
const SOME_ORIGIN = 'https://mailscout.invalid'
const MAX_HOPS = 5
const REDIRECTS = [301, 302, 303, 307, 308]
const SIGN_IN = 401

export interface Inspected {
  readonly place: PlaceObservation
  /** What stands there, where something does. */
  readonly bytes?: Uint8Array
}

export async function inspectPlace(
  http: HttpClient,
  question: PlaceQuestion,
  signal: AbortSignal,
): Promise<Inspected> {
  const hostname = parseHostname(new URL(question.url).hostname) as Hostname
  const started = question.url.startsWith('https:')
  const redirects: string[] = []
  const empty = { ...blank(question), redirects }
  let url = question.url
  let left = false
  for (;;) {
    const answer = await ask({ http, question, url, signal })
    if (answer.kind === 'failed') return { place: { ...empty, outcome: 'failed', failure: answer.failure } }
    if (answer.kind === 'absent') {
      if (answer.status === 400 && question.again !== undefined && url === question.url) {
        url = question.again
        continue
      }
      return { place: { ...empty, outcome: 'absent' } }
    }
    const { response } = answer
    if (REDIRECTS.includes(response.status)) {
      const target = response.location ?? ''
      redirects.push(withoutQuerySafely(target))
      const next = parseHostname(hostOf(target))
      // From http to https is as it should be (S3); the https places are asked anyway.
      if (!started && target.startsWith('https:')) return { place: { ...empty, outcome: 'absent' } }
      if (started && !target.startsWith('https:')) {
        return { place: { ...empty, outcome: 'failed', refusedRedirect: 'to-http' } }
      }
      if (redirects.length > MAX_HOPS || next === null || target === url) {
        return { place: { ...empty, outcome: 'failed', refusedRedirect: 'loop' } }
      }
      left ||= !sameRegistrableDomain(next, hostname)
      url = target
      continue
    }
    if (response.status === SIGN_IN) return { place: { ...empty, outcome: 'sign-in' } }
    const seen = observe(response, question)
    // R9: plain DNS, http and strangers may name a host, but not the port we dial there.
    const trusted = started && !left && question.mechanism !== 'autodiscover-srv'
    const place = { ...empty, ...seen, trusted, ...(left ? { refusedRedirect: 'outside' as const } : {}) }
    return { place, bytes: response.body }
  }
}

/** The observation of a place that gave no answer. */
export function unanswered(question: PlaceQuestion, cause: Failure): PlaceObservation {
  return { ...blank(question), outcome: 'failed', failure: cause }
}

function blank({ mechanism, url }: PlaceQuestion) {
  return {
    mechanism,
    where: withoutQuery(url),
    hostname: parseHostname(new URL(url).hostname) as Hostname,
    trusted: false,
    redirects: [],
    contentType: null,
    allowOrigin: '',
    servers: [],
    rejected: [],
    encryptionFaults: [],
  }
}

function ask(call: {
  http: HttpClient
  question: PlaceQuestion
  url: string
  signal: AbortSignal
}): Promise<HttpOutcome> {
  const { http, question, url, signal } = call
  return http.request({
    url,
    signal,
    accept: question.types.join(', '),
    maxRedirects: 0,
    acceptStatuses: [SIGN_IN],
    allowHttp: question.url.startsWith('http:'),
    ...(question.body === undefined
      ? { origin: SOME_ORIGIN }
      : { method: 'POST', body: question.body, contentType: 'text/xml; charset=utf-8' }),
  })
}

function observe(response: HttpResponse, question: PlaceQuestion) {
  const is = response.contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const base = {
    contentType: { is, fits: question.types.includes(is) },
    allowOrigin: response.allowOrigin ?? '',
  }
  const reading = question.read(response.body)
  return typeof reading === 'string'
    ? { ...base, outcome: 'unreadable' as const, detail: reading }
    : { ...base, outcome: 'published' as const, ...reading }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}

function withoutQuerySafely(url: string): string {
  return URL.canParse(url) ? withoutQuery(url) : ''
}
