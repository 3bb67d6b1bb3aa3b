/** What must hold for whatever was read from a stranger's document, in every format (R20, R21, R25, R30). */
import assert from 'node:assert/strict'
import { unknownPlaceholders } from '../../src/domain/email-address.js'
import { type Hostname, hostnameSchema, parseHostname } from '../../src/domain/hostname.js'
import {
  type DeclaredServer,
  type OAuth2,
  portSchema,
  type ProviderInfo,
  type Rejected,
} from '../../src/domain/mail-settings.js'
import { MAX_DISPLAY_NAME } from '../../src/formats/display-text.js'

/** Control, format (bidi marks among them), surrogate and line-separating characters. */
export const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/u

export function knownHost(name: string): Hostname {
  const parsed = parseHostname(name)
  assert.ok(parsed !== null)
  return parsed
}

export function mustBeShowable(text: string, limit: number): void {
  assert.ok(text.length <= limit, `${text.length} characters, allowed are ${limit}`)
  assert.doesNotMatch(text, UNSHOWABLE)
}

export function mustBeServers(servers: readonly DeclaredServer[], limit: number): void {
  assert.ok(servers.length <= limit, `${servers.length} servers`)
  for (const server of servers) {
    assert.ok(hostnameSchema.safeParse(server.hostname).success, 'a host name')
    assert.ok(portSchema.safeParse(server.port).success, 'a port')
    assert.notEqual(server.security, 'plain', 'never cleartext (R20)')
    mustBeLogin(server.username)
    if (server.url !== undefined) mustBeHttps(server.url)
  }
}

function mustBeLogin(username: string | null): void {
  if (username === null) return
  mustBeShowable(username, 320)
  assert.deepEqual(unknownPlaceholders(username), [])
}

export function mustBeHttps(text: string): void {
  const url = new URL(text)
  assert.equal(url.protocol, 'https:')
  assert.equal(url.username + url.password, '', 'no user information (R6)')
  assert.ok(parseHostname(url.hostname) !== null, 'no IP literal (R6)')
  assert.ok(text.length <= 8000)
}

export function mustBeRejected(rejected: readonly Rejected[]): void {
  for (const { hostname, reason, server, port } of rejected) {
    mustBeShowable(hostname, 253)
    assert.ok(port === null || portSchema.safeParse(port).success)
    assert.equal(server !== undefined, reason === 'cleartext')
  }
}

export function mustBeProvider(provider: ProviderInfo): void {
  mustBeShowable(provider.name, Math.max(MAX_DISPLAY_NAME, 253))
  assert.notEqual(provider.name, '')
  for (const { url } of provider.documentation) mustBeHttps(url)
}

export function mustBeOAuth2(oauth2: OAuth2 | null): void {
  if (oauth2 === null) return
  mustBeShowable(oauth2.issuer, 2000)
  for (const url of [oauth2.authorizationUrl, oauth2.tokenUrl]) if (url !== undefined) mustBeHttps(url)
  for (const scope of oauth2.scopes) mustBeShowable(scope, 200)
}

/** What a page may hold: elements of plain names, attributes in double quotes without brackets, and escaped text. */
const TAG = /<!doctype html>|<\/?[a-z][a-z0-9]*(?: [a-zA-Z-]+(?:="[^"<>]*")?)*>/g

export function mustBePage(html: string): void {
  const text = html.replace(TAG, '')
  assert.doesNotMatch(text, /[<>]/, 'text became markup')
  for (const [tag] of html.matchAll(TAG)) {
    assert.doesNotMatch(tag, / (?:on\w+|style|srcdoc)=/i, 'code or style in an attribute')
    assert.doesNotMatch(tag, /^<(?:iframe|object|embed|base|style)\b/)
    const [, target] = / (?:href|src|action)="([^"]*)"/.exec(tag) ?? []
    if (target !== undefined) assert.match(target, /^(?:https?:\/\/|\/(?!\/)|[#?]|data:image\/svg\+xml)/)
  }
}
