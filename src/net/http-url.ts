/** Which URLs may be asked at all (R6). The same check serves the first request and every redirect (R7). */
import { type Hostname, parseHostname } from '../domain/hostname.js'

/** A URL that passed, with the host as the connector wants it. */
export interface CheckedUrl {
  readonly url: URL
  readonly hostname: Hostname
  readonly secure: boolean
}

export type UrlCheck =
  { readonly ok: true; readonly value: CheckedUrl } | { readonly ok: false; readonly reason: string }

/** Longer than any configuration URL; keeps an endless Location out of requests and logs. */
export const MAX_URL_LENGTH = 2048

/**
 * Reads a URL under R6: https on 443 (http on 80 with `allowHttp`), no userinfo, no IP literal in any spelling.
 * @param base the URL that sent us here, for a relative Location.
 */
export function checkUrl(text: string, allowHttp: boolean, base?: URL): UrlCheck {
  const url = text.length <= MAX_URL_LENGTH && URL.canParse(text, base?.href) ? new URL(text, base) : null
  if (url === null) return { ok: false, reason: 'not a usable URL' }
  const secure = url.protocol === 'https:'
  if (!secure && !(allowHttp && url.protocol === 'http:')) return { ok: false, reason: 'not https' }
  if (url.username !== '' || url.password !== '') return { ok: false, reason: 'user information in the URL' }
  // The parser leaves the port empty where it is the scheme's own, 443 or 80 (R9).
  if (url.port !== '') return { ok: false, reason: 'not the default port' }
  // The parser has turned decimal, octal and hexadecimal spellings into dotted ones, which are no host names (R8).
  const hostname = parseHostname(url.hostname)
  if (hostname === null) return { ok: false, reason: 'not a host name' }
  url.hostname = hostname
  url.hash = ''
  return { ok: true, value: { url, hostname, secure } }
}
