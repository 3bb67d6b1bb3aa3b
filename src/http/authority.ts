/**
 * The authority role (R42), and the one place that maps a Host to a domain. Only names of domains that the operator
 * configured mean anything; `X-Forwarded-Host` and every other header are never looked at.
 */
import type { FastifyRequest } from 'fastify'
import type { DiscoverRequest } from '../discovery/discovery-service.js'
import type { Discovery } from '../domain/discovery.js'
import type { EmailAddress } from '../domain/email-address.js'
import { type Hostname, parseHostname } from '../domain/hostname.js'
import type { Kept } from '../domain/kept.js'
import type { AppParts } from './app-parts.js'
import { isOwnKind } from './own-kind.js'

/** Names below a domain under which mail programs ask, one per mechanism. */
const PREFIXES = ['autoconfig', 'autodiscover', 'ua-auto-config'] as const
export type AuthorityService = (typeof PREFIXES)[number] | 'domain'

export interface Authority {
  /** The operator's domain that the name belongs to. */
  readonly domain: Hostname
  /** Which of its names it is; `domain` is the domain itself. */
  readonly service: AuthorityService
}

/** RFC 9110 section 7.2, host names in ASCII alone: no literal, no userinfo, nothing to be decoded. */
const HOST = /^([a-z0-9.-]+?)(?::\d{1,5})?$/i

/** Reads a name with optional port; null for everything that is not a name of an own domain. */
export function readAuthority(
  host: string | undefined,
  isOwnDomain: AppParts['isOwnDomain'],
): Authority | null {
  const name = parseHostname(HOST.exec(host ?? '')?.[1] ?? '')
  if (name === null) return null
  for (const service of PREFIXES) {
    const domain = name.startsWith(`${service}.`) ? parseHostname(name.slice(service.length + 1)) : null
    if (domain !== null && isOwnDomain(domain)) return { domain, service }
  }
  return isOwnDomain(name) ? { domain: name, service: 'domain' } : null
}

/** The authority that a request addresses, where the name is one of those a mechanism uses; else null. */
export function requestAuthority(
  request: FastifyRequest,
  { isOwnDomain }: AppParts,
  service: AuthorityService,
): Authority | null {
  const authority = readAuthority(request.headers.host, isOwnDomain)
  return authority?.service === service || authority?.service === 'domain' ? authority : null
}

/** The service's own host name; null where `MAILSCOUT_PUBLIC_URL` is not set or names none. */
export function serviceHost({ publicUrl }: AppParts): Hostname | null {
  return publicUrl === undefined ? null : parseHostname(new URL(publicUrl).hostname)
}

/** Whether the request addresses the service by its own public name. */
export function isServiceHost(request: FastifyRequest, { publicUrl }: AppParts): boolean {
  if (publicUrl === undefined) return false
  return HOST.exec(request.headers.host ?? '')?.[1]?.toLowerCase() === new URL(publicUrl).hostname
}

/** What a caller may ask of a lookup, whatever the format of the answer. */
export type LookupOptions = Pick<DiscoverRequest, 'verify' | 'refresh' | 'sendAddress'>

/**
 * The settings that a machine format is written from: those of the operator's file for an own domain, else what is
 * found out there; with an address, its own login. Rejects only with the signal's reason.
 */
export async function settingsFor(
  parts: AppParts,
  {
    email,
    ...question
  }: LookupOptions & {
    readonly domain: Hostname
    readonly email?: EmailAddress | null
    readonly signal: AbortSignal
  },
): Promise<Discovery> {
  const discovery = parts.operator?.settings(question.domain) ?? (await parts.service.discover(question))
  return email ? personal(parts, discovery, email) : discovery
}

/** What a lookup with default options would give, where nobody has to be asked for it. */
export function keptAnswer(
  request: FastifyRequest,
  { service }: AppParts,
  domain: Hostname,
): Kept<Discovery> | undefined {
  return isOwnKind(request) ? undefined : service.kept(domain)
}

/** What `settingsFor` would give without a lookup and without an address. */
export function keptSettings(
  request: FastifyRequest,
  parts: AppParts,
  domain: Hostname,
): Kept<Discovery> | undefined {
  return parts.operator?.kept(domain) ?? keptAnswer(request, parts, domain)
}

/** To be called wherever an address is about to be filled in: the edge alone knows a person's login. */
export function personal({ operator }: AppParts, discovery: Discovery, email: EmailAddress): Discovery {
  return operator?.personal(discovery, email) ?? discovery
}
