/**
 * Services that are found by an https URL: RFC 6764 sections 5 and 6 for CalDAV and CardDAV, RFC 8620 section 2.2 for
 * JMAP. The SRV record (with the path in a TXT record) and `/.well-known/…` at the domain are asked at once, never with
 * credentials; a demand to sign in proves that the service is there.
 */
import { type Hostname, isPublicSuffix, parseHostname, sameRegistrableDomain } from '../domain/hostname.js'
import {
  type DeclaredServer,
  type Message,
  type Protocol,
  UNCHECKED,
  type Verification,
} from '../domain/mail-settings.js'
import type {
  Finding,
  HttpClient,
  HttpOutcome,
  HttpResponse,
  Resolver,
  SourceOutcome,
  SrvRecord,
} from '../domain/source.js'
import { createSignInCheck, type SignInCheck } from './sign-in-everywhere.js'
import { orderSrv, type RandomFraction } from './srv-order.js'
import {
  DEFAULT_TTL_SECONDS,
  judgeFailure,
  type NoAnswer,
  nothing,
  nothingAt,
  wireChannel,
  withoutQuery,
} from './web-answer.js'

export interface ServiceKind {
  readonly protocol: Protocol
  /** Of the SRV and TXT records, with its underscore. */
  readonly label: string
  readonly wellKnown: string
  /** RFC 6764 section 4: a TXT record beside the SRV record may hold the path. */
  readonly pathInTxt: boolean
  /** Whether this answer, which is no demand to sign in, can only come from the service. */
  readonly proves: (response: HttpResponse, redirected: boolean) => boolean
}

export interface ServiceParts {
  readonly http: HttpClient
  readonly resolver: Resolver
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly random?: RandomFraction
}

interface Question extends ServiceParts {
  readonly kind: ServiceKind
  readonly domain: Hostname
  readonly signal: AbortSignal
  readonly signInEverywhere: SignInCheck
}

/** Two are a main and a spare server; the rest would only be load (R10). */
const MAX_TARGETS = 2
/** Beside 2xx: sign in first, and "not by GET", which a DAV collection may answer (RFC 4918). */
const ACCEPTED = [401, 405]

export async function findServices(
  kinds: readonly ServiceKind[],
  parts: ServiceParts & { readonly domain: Hostname; readonly signal: AbortSignal },
): Promise<SourceOutcome> {
  const signInEverywhere = createSignInCheck(parts)
  const answers = await Promise.all(kinds.map((kind) => findService({ ...parts, signInEverywhere, kind })))
  const findings = answers.flatMap(({ findings }) => findings)
  if (findings.length === 0) return nothingAt(answers.flatMap(({ without }) => without))
  const ttlSeconds = Math.min(...answers.map((answer) => answer.ttlSeconds))
  return { outcome: 'found', findings, ttlSeconds }
}

interface ServiceAnswer {
  readonly findings: readonly Finding[]
  readonly without: readonly NoAnswer[]
  readonly ttlSeconds: number
}

async function findService(question: Question): Promise<ServiceAnswer> {
  const [bySrv, byWellKnown] = await Promise.all([askSrv(question), askDomain(question)])
  // A lone "." decides against the service, whatever a catch-all web server answers (RFC 2782).
  const refused = bySrv.findings.some((finding) => (finding.notOffered ?? []).length > 0)
  const answers = refused ? [bySrv] : [bySrv, byWellKnown]
  return {
    findings: answers.flatMap(({ findings }) => findings),
    without: answers.flatMap(({ without }) => without),
    ttlSeconds: Math.min(...answers.map(({ ttlSeconds }) => ttlSeconds)),
  }
}

async function askDomain(question: Question): Promise<ServiceAnswer> {
  const { kind, domain } = question
  // Whoever runs a public suffix is not the host of its customers' mail (R15).
  if (isPublicSuffix(domain)) return without(nothing('a public suffix has no mailboxes'))
  const url = `https://${domain}${kind.wellKnown}`
  const answer = await get(question, url)
  if (answer.kind === 'absent') return without({ kind: 'absent', ttlSeconds: answer.ttlSeconds })
  if (answer.kind === 'failed') return without(judgeFailure(answer.failure, 'authenticated'))
  const { response } = answer
  const server = (await isProof(response, question, url)) ? toServer(response, question) : null
  if (server === null) return without(nothing('the answer does not come from such a service'))
  const stayed = response.secure && response.stayedInDomain
  const finding: Finding = {
    channel: stayed ? 'authenticated' : 'insecure',
    evidence: { where: url, channel: wireChannel(response) },
    servers: [server],
    warnings: stayed ? [] : [redirectedOutside(server.hostname)],
  }
  return { findings: [finding], without: [], ttlSeconds: response.ttlSeconds ?? DEFAULT_TTL_SECONDS }
}

async function askSrv(question: Question): Promise<ServiceAnswer> {
  const { kind, domain, resolver, signal } = question
  const name = `${kind.label}._tcp.${domain}`
  const [srv, txt] = await Promise.all([
    resolver.srv(name, signal),
    kind.pathInTxt ? resolver.txt(name, signal) : null,
  ])
  if (srv.kind === 'failed') return without({ kind: 'failed', failure: srv.failure, worth: 'insecure' })
  if (srv.kind === 'absent') return without({ kind: 'absent', ttlSeconds: srv.ttlSeconds })
  const { authenticated, ttlSeconds } = srv
  const about = {
    channel: authenticated ? 'authenticated' : 'insecure',
    evidence: { where: `SRV ${name}`, channel: authenticated ? 'dnssec' : 'dns' },
  } as const
  if (srv.value.every((record) => record.target === '')) {
    const refusal: Finding = { ...about, servers: [], notOffered: [kind.protocol] }
    return { findings: [refusal], without: [], ttlSeconds }
  }
  const path = (txt?.kind === 'found' ? pathOf(txt.value) : null) ?? kind.wellKnown
  const records = orderSrv(srv.value, question.random ?? Math.random).slice(0, MAX_TARGETS)
  const targets = await Promise.all(
    records.map((record, declaredOrder) =>
      askTarget(question, { record, path, declaredOrder, authenticated }),
    ),
  )
  const found = targets.filter((target) => target !== null)
  if (found.length === 0) return without(nothing('the SRV record names no usable host'))
  const warnings = found.flatMap((target) => target.outside)
  const finding: Finding = { ...about, servers: found.map(({ server }) => server), warnings }
  return { findings: [finding], without: [], ttlSeconds }
}

/** `path=/dav/` (RFC 6764 section 4); anything that is no absolute path is ignored. */
function pathOf(records: readonly string[]): string | null {
  const path = records.map((record) => /^path=(\/[\x21-\x7e]{0,200})$/.exec(record)?.[1]).find(Boolean)
  return path === undefined || path.startsWith('//') ? null : path
}

interface Target {
  readonly server: DeclaredServer
  readonly outside: readonly Message[]
}

/** The record declares the server; asking it tells its URL and proves it live, but cannot take the record back. */
async function askTarget(
  question: Question,
  place: {
    readonly record: SrvRecord
    readonly path: string
    readonly declaredOrder: number
    readonly authenticated: boolean
  },
): Promise<Target | null> {
  const { kind, domain } = question
  const { record, path, declaredOrder } = place
  const hostname = parseHostname(record.target)
  if (hostname === null || record.port === 0) return null
  const vouchedFor = place.authenticated || sameRegistrableDomain(hostname, domain)
  const outside: Message[] = vouchedFor ? [] : [{ code: 'srv-target-outside-domain', params: { hostname } }] // U4
  const origin = record.port === 443 ? `https://${hostname}` : `https://${hostname}:${record.port}`
  const declared: DeclaredServer = {
    ...described(kind, hostname, `${origin}${path}`),
    port: record.port,
    declaredOrder,
  }
  // Other ports are not dialled for the web (R9).
  if (record.port !== 443) return { server: declared, outside }
  const answer = await get(question, `${origin}${path}`)
  if (answer.kind !== 'found')
    return { server: { ...declared, verification: failed(question, answer) }, outside }
  const proved = await isProof(answer.response, question, `${origin}${path}`)
  const server = proved ? toServer(answer.response, question) : null
  if (server === null) return { server: declared, outside }
  if (sameRegistrableDomain(server.hostname, hostname))
    return { server: { ...server, declaredOrder }, outside }
  // DNSSEC vouches for the record's host, not for where that host sends us.
  const { verification = UNCHECKED } = server
  return {
    server: { ...declared, verification },
    outside: [...outside, redirectedOutside(server.hostname)],
  }
}

function get({ http, signal }: Question, url: string): Promise<HttpOutcome> {
  return http.request({ url, signal, acceptStatuses: ACCEPTED })
}

/** @param url that was asked, before any redirect */
async function isProof(response: HttpResponse, question: Question, url: string): Promise<boolean> {
  if (response.status === 401) return !(await question.signInEverywhere(url))
  return question.kind.proves(response, new URL(response.url).pathname !== new URL(url).pathname)
}

/** Where the redirects ended; the answer came over verified TLS, so the host is proved live. */
function toServer(response: HttpResponse, { kind, now }: Question): DeclaredServer | null {
  const url = withoutQuery(response.url)
  const hostname = parseHostname(new URL(url).hostname)
  if (hostname === null) return null
  const verification: Verification = { status: 'verified', checkedAt: new Date(now()).toISOString() }
  return { ...described(kind, hostname, url), verification }
}

function described({ protocol }: ServiceKind, hostname: Hostname, url: string): DeclaredServer {
  return {
    protocol,
    hostname,
    port: 443,
    security: 'tls',
    username: null,
    authentication: [],
    declaredOrder: 0,
    url,
  }
}

function failed({ now }: Question, answer: Exclude<HttpOutcome, { kind: 'found' }>): Verification {
  const checkedAt = new Date(now()).toISOString()
  const failure =
    answer.kind === 'failed'
      ? { code: answer.failure.code, detail: answer.failure.detail }
      : { code: 'http-status', detail: 'the server knows no such service' }
  return { status: 'failed', checkedAt, failure }
}

function redirectedOutside(hostname: Hostname): Message {
  return { code: 'redirect-outside-domain', params: { hostname } } // U3
}

function without(answer: NoAnswer): ServiceAnswer {
  return { findings: [], without: [answer], ttlSeconds: Infinity }
}
