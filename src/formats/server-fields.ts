/** The fields of a server as documents of strangers spell them, each judged the same way in every format (R21, R25). */
import { unknownPlaceholders } from '../domain/email-address.js'
import { type Hostname, parseHostname, sameRegistrableDomain } from '../domain/hostname.js'
import type { Protocol, Rejected, SourceName } from '../domain/mail-settings.js'
import { displayText } from './display-text.js'

type Reason = Rejected['reason']

export type Field<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: Reason }

/** Where a document came from: what placeholders may become, and whose finding a rejection is. */
export interface DocumentContext {
  /** The e-mail domain asked about. */
  readonly domain: Hostname
  readonly source: SourceName
}

/** RFC 3986 sets no limit; longer addresses than this are refused by common servers and serve no configuration. */
const MAX_URL_LENGTH = 2000
/** An address of 254 octets, with room for a prefix or realm around it. */
const MAX_USERNAME_LENGTH = 320

/** A decimal port without sign, leading zero or white space inside. */
export function readPort(text: string | null): Field<number> {
  if (text === null) return { ok: false, reason: 'incomplete' }
  const port = /^[1-9][0-9]{0,4}$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65535 ? { ok: true, value: port } : { ok: false, reason: 'invalid-port' }
}

/** A host name; `%EMAILDOMAIN%` in it is filled, and must not lead out of the e-mail's registrable domain (R25). */
export function readHostname(text: string | null, domain: Hostname): Field<Hostname> {
  if (text === null) return { ok: false, reason: 'incomplete' }
  const filled = text.replaceAll('%EMAILDOMAIN%', domain)
  // The local part is not known here (settings are kept per domain), so no other placeholder can be judged.
  if (filled.includes('%')) return { ok: false, reason: 'unknown-placeholder' }
  const hostname = parseHostname(filled)
  if (hostname === null) return { ok: false, reason: 'invalid-hostname' }
  const inside = filled === text || sameRegistrableDomain(hostname, domain)
  return inside ? { ok: true, value: hostname } : { ok: false, reason: 'invalid-hostname' }
}

/** A login name or its template; a missing one is null, because the source does not say. */
export function readUsername(text: string | null): Field<string | null> {
  if (text === null) return { ok: true, value: null }
  const literal = text.replace(/%EMAIL(?:ADDRESS|LOCALPART|DOMAIN)%/g, '')
  // A lone percent sign is an old way to write "user at domain"; a pair is a placeholder of some other program.
  if (unknownPlaceholders(text).length > 0 || /%[^%]*%/.test(literal)) {
    return { ok: false, reason: 'unknown-placeholder' }
  }
  const usable = text.length <= MAX_USERNAME_LENGTH && !/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/u.test(text)
  return usable ? { ok: true, value: text } : { ok: false, reason: 'incomplete' }
}

export interface ServiceUrl {
  /** Normalised; the path may still hold `%EMAIL…%` placeholders. */
  readonly url: string
  readonly hostname: Hostname
  readonly port: number
}

/** An https URL of a service: no userinfo, no IP literal, placeholders in the host as in `readHostname` (R6, R25). */
export function readServiceUrl(text: string | null, domain: Hostname): Field<ServiceUrl> {
  if (text === null) return { ok: false, reason: 'incomplete' }
  const parts = /^https:\/\/([^/?#\\@\s:]+)(:\d{1,5})?([/?#].*)?$/i.exec(text)
  if (parts === null || text.length > MAX_URL_LENGTH) return { ok: false, reason: 'invalid-hostname' }
  const [, host = '', port = '', rest = ''] = parts
  const hostname = readHostname(host, domain)
  if (!hostname.ok) return hostname
  if (!readUsername(rest).ok) return { ok: false, reason: 'unknown-placeholder' }
  const address = `https://${hostname.value}${port}${rest}`
  if (!URL.canParse(address)) return { ok: false, reason: 'invalid-port' }
  const url = new URL(address)
  const number = url.port === '' ? 443 : Number(url.port)
  return number === 0
    ? { ok: false, reason: 'invalid-port' }
    : { ok: true, value: { url: url.href, hostname: hostname.value, port: number } }
}

/** A link to show or an endpoint to report: https, a host name, no placeholders; null for anything else (R25). */
export function readLink(text: string | null | undefined, domain: Hostname): string | null {
  const url = readServiceUrl(text ?? null, domain)
  return url.ok && !/%EMAIL/.test(url.value.url) ? url.value.url : null
}

/** A rejection note; what could not be read as a host is kept as text, shortened and cleaned. */
export function rejection(
  context: DocumentContext,
  seen: { protocol: Protocol; hostname: string | null; port: string | null },
  reason: Reason,
): Rejected {
  const port = readPort(seen.port)
  return {
    source: context.source,
    protocol: seen.protocol,
    hostname: displayText(seen.hostname ?? '', 253),
    port: port.ok ? port.value : null,
    reason,
  }
}
