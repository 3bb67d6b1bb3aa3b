/**
 * PACC, draft-ietf-mailmaint-pacc-03: a JSON document at `ua-auto-config.<domain>` whose SHA-256 digest stands in the
 * DNS at `_ua-auto-config.<domain>`. The document may be read only after one digest has matched (R29): check
 * `digestMatches` first, then call `readPacc`.
 *
 * Text protocols are implicit TLS on their default ports; the login name is always the full address.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { type Failure, failure } from '../domain/errors.js'
import type { Hostname } from '../domain/hostname.js'
import type {
  AuthMethod,
  DeclaredServer,
  OAuth2,
  Protocol,
  ProviderInfo,
  Rejected,
  Security,
} from '../domain/mail-settings.js'
import { displayText, MAX_DISPLAY_NAME } from './display-text.js'
import { member, readJson, textMember } from './json-document.js'
import { type DocumentContext, readHostname, readLink, readServiceUrl, rejection } from './server-fields.js'
import { methodsOf, type SettingsView } from './settings-view.js'

export interface PaccDocument {
  readonly provider: ProviderInfo
  readonly servers: readonly DeclaredServer[]
  readonly rejected: readonly Rejected[]
  readonly oauth2: OAuth2 | null
}

export type PaccResult =
  { readonly ok: true; readonly document: PaccDocument } | { readonly ok: false; readonly failure: Failure }

/** Names in the document, in the order of preference that stands for `declaredOrder`. */
const TEXT_PROTOCOLS: readonly { names: string[]; protocol: Protocol; port: number; security: Security }[] = [
  { names: ['imap'], protocol: 'imap', port: 993, security: 'tls' },
  { names: ['pop3'], protocol: 'pop3', port: 995, security: 'tls' },
  // The draft renamed `smtp` to `submit`; documents in the wild still say `smtp` (R29).
  { names: ['submit', 'smtp'], protocol: 'smtp', port: 465, security: 'tls' },
  // RFC 5804 has no implicit TLS: STARTTLS on the one registered port.
  { names: ['managesieve'], protocol: 'managesieve', port: 4190, security: 'starttls' },
]
const URL_PROTOCOLS = ['jmap', 'caldav', 'carddav'] as const
/** A TXT set is at most 64 KB; a rollover needs two records. */
const MAX_RECORDS = 16

/** Whether one `v=UAAC1` record carries the digest of the decoded body; constant time, all records are looked at. */
export function digestMatches(body: Uint8Array, txtRecords: readonly string[]): boolean {
  const actual = createHash('sha256').update(body).digest()
  const matches = txtRecords.slice(0, MAX_RECORDS).map((record) => {
    const expected = readDigest(record)
    return expected !== null && timingSafeEqual(actual, expected)
  })
  return matches.includes(true)
}

/** The digest of a record `v=UAAC1; a=sha256; d=<base64>`; null for any other record. */
function readDigest(record: string): Buffer | null {
  const tags = new Map<string, string>()
  for (const part of record.split(';', 10)) {
    const at = part.indexOf('=')
    if (at > 0) tags.set(part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim())
  }
  const digest = tags.get('d') ?? ''
  if (tags.get('v') !== 'UAAC1' || tags.get('a')?.toLowerCase() !== 'sha256') return null
  // 32 bytes are 44 characters of base64; Buffer alone would skip over anything foreign.
  return /^[A-Za-z0-9+/]{43}=$/.test(digest) ? Buffer.from(digest, 'base64') : null
}

/** Reads a document whose digest has matched. Bad servers are dropped and noted. */
export function readPacc(body: Uint8Array, context: DocumentContext): PaccResult {
  const json = readJson(body)
  if (!json.ok) return json
  const { value } = json
  if (typeof member(value, 'protocols') !== 'object') {
    return { ok: false, failure: failure('document', 'not a PACC document') }
  }
  const issuer = textMember(value, 'authentication', 'oauth-public', 'issuer')
  const oauth2: OAuth2 | null =
    issuer !== null && readLink(issuer, context.domain) !== null ? { issuer, scopes: [] } : null
  const authentication: AuthMethod[] = [
    ...(oauth2 === null ? [] : (['oauth2'] as const)),
    ...(member(value, 'authentication', 'password') === true ? (['password-cleartext'] as const) : []),
  ]
  const servers: DeclaredServer[] = []
  const rejected: Rejected[] = []
  const login = { username: '%EMAILADDRESS%', authentication }
  for (const { names, protocol, port, security } of TEXT_PROTOCOLS) {
    const name = names.find((candidate) => member(value, 'protocols', candidate) !== undefined)
    if (name === undefined) continue
    const text = textMember(value, 'protocols', name, 'host')
    const host = readHostname(text, context.domain)
    if (!host.ok) {
      rejected.push(rejection(context, { protocol, hostname: text, port: String(port) }, host.reason))
    } else {
      servers.push({
        protocol,
        hostname: host.value,
        port,
        security,
        ...login,
        declaredOrder: servers.length,
      })
    }
  }
  for (const protocol of URL_PROTOCOLS) {
    if (member(value, 'protocols', protocol) === undefined) continue
    const text = textMember(value, 'protocols', protocol, 'url')
    const url = readServiceUrl(text, context.domain)
    if (!url.ok) rejected.push(rejection(context, { protocol, hostname: text, port: null }, url.reason))
    else servers.push({ protocol, security: 'tls', ...url.value, ...login, declaredOrder: servers.length })
  }
  return { ok: true, document: { provider: readInfo(value, context.domain), servers, rejected, oauth2 } }
}

function readInfo(value: unknown, domain: Hostname): ProviderInfo {
  const name = [
    textMember(value, 'info', 'provider', 'name'),
    textMember(value, 'info', 'provider', 'shortName'),
  ]
    .map((text) => displayText(text ?? '', MAX_DISPLAY_NAME))
    .find((text) => text !== '')
  const url = readLink(textMember(value, 'info', 'help', 'documentation'), domain)
  return { id: domain, name: name ?? domain, documentation: url === null ? [] : [{ url }] }
}

/** What a domain publishes: both come from here, because a digest that fits another body breaks discovery (R48). */
export interface PaccPublication {
  /** The exact bytes (as UTF-8) to serve. */
  readonly body: string
  /** The TXT record of `_ua-auto-config.<domain>`. */
  readonly txt: string
}

/**
 * Writes the document for a view without address.
 * @returns null when the settings cannot be expressed: nothing to receive or send with on the default ports over
 * implicit TLS, or no method of signing in that the format knows.
 */
export function writePacc(view: SettingsView): PaccPublication | null {
  const text = {
    imap: hostOf(view, 'imap', 993),
    pop3: hostOf(view, 'pop3', 995),
    smtp: hostOf(view, 'smtp', 465),
  }
  const { jmap, caldav, carddav } = view
  const complete = (text.imap !== null || text.pop3 !== null) && text.smtp !== null
  if (!complete && jmap?.url === undefined) return null
  const written = [
    ...(['imap', 'pop3', 'smtp'] as const).filter((name) => text[name] !== null).map((name) => view[name]),
    jmap,
  ].filter((server) => server !== null)
  const password = written.every((server) => methodsOf(server, view).includes('password-cleartext'))
  const oauth = written.every((server) => methodsOf(server, view).includes('oauth2')) && view.oauth2 !== null
  // A bare host name is no issuer identifier (RFC 8414 section 2), and completing it would be a guess.
  const issuer = oauth && view.oauth2.issuer.startsWith('https://') ? view.oauth2.issuer : undefined
  if (!password && issuer === undefined) return null
  const document = {
    protocols: {
      jmap: url(jmap?.url),
      imap: host(text.imap),
      pop3: host(text.pop3),
      submit: host(text.smtp),
      caldav: url(caldav?.url),
      carddav: url(carddav?.url),
    },
    authentication: { 'oauth-public': issuer === undefined ? undefined : { issuer }, password },
    info: {
      provider: { name: view.displayName, shortName: view.shortName },
      help: view.documentation[0] === undefined ? undefined : { documentation: view.documentation[0].url },
    },
  }
  const body = `${JSON.stringify(document, undefined, 2)}\n`
  const digest = createHash('sha256').update(body, 'utf8').digest('base64')
  return { body, txt: `v=UAAC1; a=sha256; d=${digest}` }
}

/** The format has no port, no transport and no login name: a server that needs another one is not expressible. */
function hostOf(view: SettingsView, protocol: 'imap' | 'pop3' | 'smtp', port: number): Hostname | null {
  const server = view[protocol]
  const expressible =
    server?.security === 'tls' && server.port === port && server.username === '%EMAILADDRESS%'
  return expressible ? server.hostname : null
}

function host(name: Hostname | null): { host: Hostname } | undefined {
  return name === null ? undefined : { host: name }
}

/** A URL that differs per user cannot stand in a document for all. */
function url(text: string | undefined): { url: string } | undefined {
  return text === undefined || text.includes('%EMAIL') ? undefined : { url: text }
}
