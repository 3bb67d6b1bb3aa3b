/**
 * One walk through Autodiscover POX (MS-OXDSCLI 24.1, section 3.1.5): ask a URL, follow what it says, end at settings,
 * at a request to sign in, or at nothing. Redirects are followed by hand, because the question must be put again with
 * its body; each is a new request under all the rules for the first (R7). No challenge is ever answered (R31).
 */
import type { EmailAddress } from '../domain/email-address.js'
import { type Hostname, isPublicSuffix, parseHostname, sameRegistrableDomain } from '../domain/hostname.js'
import type { DeclaredServer, Evidence, Message } from '../domain/mail-settings.js'
import type { Finding, HttpClient, HttpOutcome, HttpResponse } from '../domain/source.js'
import type { Channel } from '../domain/trust.js'
import { readAutodiscover, writeAutodiscoverRequest } from '../formats/autodiscover-read.js'
import { placeholderAddress } from './placeholder-address.js'
import type { SignInCheck } from './sign-in-everywhere.js'
import { DEFAULT_TTL_SECONDS, judgeFailure, type NoAnswer, nothing, withoutQuery } from './web-answer.js'

/** What all walks of one lookup share. */
export interface PoxLookup {
  readonly http: HttpClient
  readonly domain: Hostname
  readonly signal: AbortSignal
  /** Set when the caller opted in (R13). */
  readonly sendAddress?: EmailAddress | undefined
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Answers by URL and address, so that two walks that meet ask but once. */
  readonly asked: Map<string, Promise<HttpOutcome>>
  readonly signInEverywhere: SignInCheck
  /** Further steps that all walks together may take (R10). */
  stepsLeft: number
}

/** Exchange allows 10 for one walk; here for all together, or a domain could have us ask fifty strangers. */
export const MAX_AUTODISCOVER_STEPS = 10

/** Where a walk starts, and what that place is worth. */
export interface PoxStart {
  readonly url: string
  readonly channel: Channel
  readonly evidence: Evidence['channel']
  /** What named the URL, such as a DNS record. */
  readonly namedBy?: string
  readonly warnings?: readonly Message[]
}

export type PoxAnswer =
  { readonly kind: 'found'; readonly finding: Finding; readonly ttlSeconds: number } | NoAnswer

interface Step {
  readonly start: PoxStart
  readonly url: string
  /** The domain of the address in the question; another one after `redirectAddr`. */
  readonly addressDomain: Hostname
  readonly visited: readonly string[]
  /** Every host so far was the domain's own, or the one a trusted place named. */
  readonly stayed: boolean
}

export async function walkPox(lookup: PoxLookup, start: PoxStart): Promise<PoxAnswer> {
  return ask(lookup, { start, url: start.url, addressDomain: lookup.domain, visited: [], stayed: true })
}

/** Both well-known places of a domain, https only; none where it is a public suffix (R15, C3). */
export function poxPlaces(domain: Hostname): string[] {
  if (isPublicSuffix(domain)) return []
  return [domain, `autodiscover.${domain}`].map((host) => `https://${host}/autodiscover/autodiscover.xml`)
}

async function ask(lookup: PoxLookup, came: Step): Promise<PoxAnswer> {
  const host = URL.canParse(came.url) ? parseHostname(new URL(came.url).hostname) : null
  if (host === null) return nothing('the redirect leads to no host name')
  const key = `${came.url} ${came.addressDomain}`
  if (came.visited.includes(key)) return nothing('the redirect leads back')
  const step = {
    ...came,
    visited: [...came.visited, key],
    stayed: came.stayed && belongs(host, lookup.domain, came.start),
  }
  // The local part goes only to hosts within the mail domain, and only when the caller allowed it (R13).
  const told = lookup.sendAddress !== undefined && sameRegistrableDomain(host, lookup.domain)
  const address = told
    ? `${lookup.sendAddress.localPart}@${came.addressDomain}`
    : placeholderAddress(came.addressDomain)
  const answer = await post(lookup, came.url, address)
  if (answer.kind === 'absent') return { kind: 'absent', ttlSeconds: answer.ttlSeconds }
  if (answer.kind === 'failed') return judgeFailure(answer.failure, came.start.channel)
  const { response } = answer
  if (response.status === 401 && (await lookup.signInEverywhere(came.url))) {
    return nothing('the server demands a sign-in whatever it is asked for')
  }
  if (response.status === 401) return signInFirst(lookup, { step, host, response })
  if (response.status >= 300) return follow(lookup, step, response.location)
  return read(lookup, { step, host, response, address })
}

function post(lookup: PoxLookup, url: string, address: string): Promise<HttpOutcome> {
  const key = `${url} ${address}`
  const known = lookup.asked.get(key)
  if (known) return known
  const answer = lookup.http.request({
    url,
    signal: lookup.signal,
    method: 'POST',
    body: writeAutodiscoverRequest(address),
    contentType: 'text/xml; charset=utf-8',
    accept: 'text/xml, application/xml',
    maxRedirects: 0,
    keepInDomain: true,
    acceptStatuses: [401],
  })
  lookup.asked.set(key, answer)
  return answer
}

interface Arrival {
  readonly step: Step
  readonly host: Hostname
  readonly response: HttpResponse
}

async function read(
  lookup: PoxLookup,
  { step, host, response, address }: Arrival & { readonly address: string },
): Promise<PoxAnswer> {
  const ttlSeconds = response.ttlSeconds ?? DEFAULT_TTL_SECONDS
  const answer = readAutodiscover(response.body, {
    domain: lookup.domain,
    source: 'autodiscover',
    sentAddress: address,
  })
  switch (answer.kind) {
    case 'redirect-url':
      return follow(lookup, step, answer.url)
    case 'redirect-address':
      return askOtherDomain(lookup, step, answer.domain)
    case 'settings': {
      const servers = answer.servers.map((server) =>
        loginElsewhere(server, step.addressDomain, lookup.domain),
      )
      if (servers.length + answer.rejected.length === 0) return nothing('the answer names no server')
      return {
        kind: 'found',
        ttlSeconds,
        finding: { ...about(step, host), servers, rejected: answer.rejected },
      }
    }
    case 'error':
      return { kind: 'absent', ttlSeconds, detail: `the server answers with error ${answer.code}` }
    case 'failed':
      return { kind: 'absent', ttlSeconds, detail: answer.failure.detail }
  }
}

async function follow(lookup: PoxLookup, step: Step, url: string | undefined): Promise<PoxAnswer> {
  if (url === undefined) return nothing('a redirect without a target')
  if (!takeStep(lookup)) return TOO_MANY_STEPS
  return ask(lookup, { ...step, url })
}

/** The server itself names the other domain, so both places there are asked; nobody's parent is tried (R14). */
async function askOtherDomain(lookup: PoxLookup, step: Step, addressDomain: Hostname): Promise<PoxAnswer> {
  let last: PoxAnswer = nothing('a redirect to a public suffix')
  for (const url of poxPlaces(addressDomain)) {
    if (!takeStep(lookup)) return TOO_MANY_STEPS
    const answer = await ask(lookup, { ...step, url, addressDomain })
    if (answer.kind === 'found') return answer
    last = last.kind === 'failed' ? last : answer
  }
  return last
}

function takeStep(lookup: PoxLookup): boolean {
  lookup.stepsLeft -= 1
  return lookup.stepsLeft >= 0
}

/** R31: Exchange is present and wants a sign-in. The answer came over verified TLS, so the host is proved live. */
function signInFirst(lookup: PoxLookup, { step, host, response }: Arrival): PoxAnswer {
  const server: DeclaredServer = {
    protocol: 'exchange',
    hostname: host,
    port: 443,
    security: 'tls',
    username: null,
    authentication: [],
    declaredOrder: 0,
    url: withoutQuery(response.url),
    verification: { status: 'verified', checkedAt: new Date(lookup.now()).toISOString() },
  }
  const notices = [{ code: 'exchange-sign-in', params: { hostname: host } }]
  return {
    kind: 'found',
    ttlSeconds: response.ttlSeconds ?? DEFAULT_TTL_SECONDS,
    finding: { ...about(step, host), servers: [server], notices },
  }
}

function about(step: Step, host: Hostname): Pick<Finding, 'channel' | 'evidence' | 'warnings'> {
  const { start, stayed } = step
  const url = withoutQuery(step.url)
  const outside: Message[] = stayed ? [] : [{ code: 'redirect-outside-domain', params: { hostname: host } }] // U3
  return {
    channel: stayed ? start.channel : 'insecure',
    evidence: {
      where: start.namedBy === undefined ? url : `${start.namedBy} → ${url}`,
      channel: stayed || start.evidence !== 'https' ? start.evidence : 'https-redirected',
    },
    warnings: [...(start.warnings ?? []), ...outside],
  }
}

function belongs(host: Hostname, domain: Hostname, start: PoxStart): boolean {
  if (sameRegistrableDomain(host, domain)) return true
  // A DNS record that points out of the domain has its own warning (U4); only what comes after it is a redirect.
  const first = parseHostname(new URL(start.url).hostname)
  return first !== null && sameRegistrableDomain(host, first)
}

/** After `redirectAddr` the login name is that of the other domain's address. */
function loginElsewhere(server: DeclaredServer, domain: Hostname, mailDomain: Hostname): DeclaredServer {
  if (domain === mailDomain || server.username === null) return server
  return { ...server, username: server.username.replace('%EMAILADDRESS%', `%EMAILLOCALPART%@${domain}`) }
}

const TOO_MANY_STEPS = nothing(`more than ${MAX_AUTODISCOVER_STEPS} redirects`)
