/** Fetching and reading one autoconfig file: the part that own domain, ISPDB and MX lookups share. */
import { failure } from '../domain/errors.js'
import type { Hostname } from '../domain/hostname.js'
import type { Message, SourceName } from '../domain/mail-settings.js'
import type { Finding, HttpClient, HttpResponse, SourceOutcome } from '../domain/source.js'
import type { Channel } from '../domain/trust.js'
import { readAutoconfig } from '../formats/autoconfig-read.js'
import {
  DEFAULT_TTL_SECONDS,
  judgeFailure,
  missedPlace,
  type NoAnswer,
  nothingAt,
  wireChannel,
  withoutQuery,
} from './web-answer.js'

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
  /** The status is that of the server's refusal. */
  | (Extract<NoAnswer, { kind: 'absent' }> & { readonly status?: number | null })
  | Extract<NoAnswer, { kind: 'failed' }>

export async function fetchAutoconfig(question: DocumentQuestion): Promise<DocumentAnswer> {
  const {
    http,
    url,
    domain,
    source,
    signal,
    channel: worth,
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
      ? { kind: 'failed', worth, failure: failure('dns', 'the name does not exist') }
      : answer
  }
  if (answer.kind === 'failed') return mustExist ? { ...answer, worth } : judgeFailure(answer.failure, worth)
  const { response } = answer
  const read = readAutoconfig(response.body, { domain, source })
  const ttlSeconds = response.ttlSeconds ?? DEFAULT_TTL_SECONDS
  if (!read.ok) {
    // Many web servers answer every path with a page and status 200: we looked, and no configuration is there. A
    // database that does so is not itself: a proxy or a portal has answered in its place.
    return mustExist
      ? { kind: 'failed', worth, failure: read.failure }
      : { kind: 'absent', ttlSeconds, detail: read.failure.detail }
  }
  const { document } = read
  return {
    kind: 'found',
    ttlSeconds,
    finding: {
      channel: response.secure && response.stayedInDomain ? worth : 'insecure',
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

function warningsOf(response: HttpResponse): Message[] {
  const hostname = new URL(response.url).hostname
  return [
    ...(response.stayedInDomain ? [] : [{ code: 'redirect-outside-domain', params: { hostname } }]), // U3
    ...(response.secure ? [] : [{ code: 'insecure-http', params: { hostname } }]),
  ]
}

/**
 * The answer of several places asked side by side, in order of rank: the first that has a file wins, even when a lower
 * one was faster (R19), and says so when a better place kept silent (R24); without any, one failure makes the whole a
 * failure (R37).
 */
export async function firstDocument(places: readonly Promise<DocumentAnswer>[]): Promise<SourceOutcome> {
  for (const place of places) place.catch(() => undefined)
  const nothing: NoAnswer[] = []
  for (const place of places) {
    const answer = await place
    if (answer.kind === 'found') {
      const { finding, ttlSeconds } = answer
      return { outcome: 'found', findings: [finding], ttlSeconds, ...missedPlace(finding.channel, nothing) }
    }
    nothing.push(answer)
  }
  return nothingAt(nothing)
}
