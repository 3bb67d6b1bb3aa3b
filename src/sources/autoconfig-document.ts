/** Fetching and reading one autoconfig file: the part that own domain, ISPDB and MX lookups share. */
import { type Failure, failure } from '../domain/errors.js'
import type { Hostname } from '../domain/hostname.js'
import type { Message, SourceName } from '../domain/mail-settings.js'
import type { Finding, HttpClient, HttpResponse, SourceOutcome } from '../domain/source.js'
import type { Channel } from '../domain/trust.js'
import { readAutoconfig } from '../formats/autoconfig-read.js'

/** Seconds an autoconfig file is kept when its server does not say. */
const DEFAULT_TTL_SECONDS = 3600

export interface DocumentQuestion {
  readonly http: HttpClient
  readonly url: string
  readonly domain: Hostname
  readonly source: SourceName
  readonly signal: AbortSignal
  /** What the place is worth when every hop is https and stays in the domain it was asked at. */
  readonly channel: Channel
  readonly allowHttp?: boolean
  /** The place itself is known to exist, as ISPDB's does: only its 404 means absence. */
  readonly mustExist?: boolean
  /** The URL carries the address: no hop may leave the domain with it (R13). */
  readonly keepInDomain?: boolean
}

export type DocumentAnswer =
  | { readonly kind: 'found'; readonly finding: Finding; readonly ttlSeconds: number }
  | { readonly kind: 'absent'; readonly ttlSeconds: number; readonly detail?: string }
  | { readonly kind: 'failed'; readonly failure: Failure }

export async function fetchAutoconfig(question: DocumentQuestion): Promise<DocumentAnswer> {
  const {
    http,
    url,
    domain,
    source,
    signal,
    allowHttp = false,
    keepInDomain = false,
    mustExist = false,
  } = question
  const answer = await http.request({
    url,
    signal,
    accept: 'text/xml, application/xml',
    allowHttp,
    ...(keepInDomain ? { keepInDomain } : {}),
  })
  if (answer.kind === 'absent') {
    const nameMissing = answer.status === null
    return nameMissing && mustExist
      ? { kind: 'failed', failure: failure('dns', 'the name does not exist') }
      : answer
  }
  if (answer.kind === 'failed') return mustExist ? answer : judgeFailure(answer.failure)
  const { response } = answer
  const read = readAutoconfig(response.body, { domain, source })
  const ttlSeconds = response.ttlSeconds ?? DEFAULT_TTL_SECONDS
  // Many web servers answer every path with a page and status 200: we looked, and no configuration is there.
  if (!read.ok) return { kind: 'absent', ttlSeconds, detail: read.failure.detail }
  const { document } = read
  return {
    kind: 'found',
    ttlSeconds,
    finding: {
      channel: response.secure && response.stayedInDomain ? question.channel : 'insecure',
      evidence: { where: withoutQuery(response.url), channel: wireChannel(response) },
      servers: document.servers,
      rejected: document.rejected,
      provider: document.provider,
      notices: document.notices,
      warnings: warningsOf(response),
      ...(document.oauth2 ? { oauth2: document.oauth2 } : {}),
    },
  }
}

/**
 * A host that is there but serves nobody (closed port, another's certificate, a way out of https) has given its answer:
 * no configuration that could be trusted. Wildcard DNS makes this the usual case for `autoconfig.` hosts. Silence and
 * server errors are no answer.
 */
function judgeFailure(cause: Failure): DocumentAnswer {
  const noAnswer = cause.code === 'timeout' || cause.code === 'dns' || cause.code === 'http-status'
  if (noAnswer) return { kind: 'failed', failure: cause }
  return { kind: 'absent', ttlSeconds: REFUSED_TTL_SECONDS, detail: cause.detail }
}

/** Seconds: an administrator may be mending it right now. */
const REFUSED_TTL_SECONDS = 300

function warningsOf(response: HttpResponse): Message[] {
  const hostname = new URL(response.url).hostname
  return [
    ...(response.stayedInDomain ? [] : [{ code: 'redirect-outside-domain', params: { hostname } }]), // U3
    ...(response.secure ? [] : [{ code: 'insecure-http', params: { hostname } }]),
  ]
}

function wireChannel(response: HttpResponse): 'https' | 'https-redirected' | 'http' {
  if (!response.secure) return 'http'
  return response.stayedInDomain ? 'https' : 'https-redirected'
}

/** Evidence never holds an address (R13). */
function withoutQuery(url: string): string {
  const bare = new URL(url)
  bare.search = ''
  return bare.href
}

/**
 * The answer of several places asked side by side, in order of rank: the first that has a file wins, even when a lower
 * one was faster (R19); without any, one failure makes the whole a failure (R37).
 */
export async function firstDocument(places: readonly Promise<DocumentAnswer>[]): Promise<SourceOutcome> {
  for (const place of places) place.catch(() => undefined)
  let failed: Failure | undefined
  let detail: string | undefined
  let ttlSeconds = Infinity
  for (const place of places) {
    const answer = await place
    if (answer.kind === 'found') {
      return { outcome: 'found', findings: [answer.finding], ttlSeconds: answer.ttlSeconds }
    }
    if (answer.kind === 'failed') failed ??= answer.failure
    else {
      ttlSeconds = Math.min(ttlSeconds, answer.ttlSeconds)
      detail ??= answer.detail
    }
  }
  if (failed) return { outcome: 'failed', failure: failed }
  return {
    outcome: 'absent',
    ...(ttlSeconds === Infinity ? {} : { ttlSeconds }),
    ...(detail === undefined ? {} : { detail }),
  }
}
