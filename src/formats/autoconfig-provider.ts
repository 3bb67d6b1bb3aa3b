/** The parts of an autoconfig file that are about the provider, not about servers; all of it is text of strangers. */
import { type Hostname, parseHostname } from '../domain/hostname.js'
import type { Message, OAuth2, ProviderInfo } from '../domain/mail-settings.js'
import { displayText, languageTag, MAX_DISPLAY_NAME } from './display-text.js'
import { readLink } from './server-fields.js'
import { child, childrenOf, childText, type XmlElement } from './xml.js'

/** Instructions are one or two sentences. */
const MAX_INSTRUCTION = 500
const MAX_LINKS = 20
/** RFC 6749 section 3.3: printable ASCII without space, quote and backslash; the length is ours. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/
const MAX_SCOPES = 20

/** Name, id and help pages; everything falls back to the asked domain. */
export function readProvider(provider: XmlElement, domain: Hostname): ProviderInfo {
  const name = ['displayName', 'displayShortName']
    .map((element) => displayText(childText(provider, element) ?? '', MAX_DISPLAY_NAME))
    // Placeholders in names are optional for clients (draft, "Placeholders"); an unfilled one is no name.
    .find((text) => text !== '' && !text.includes('%'))
  return {
    id: parseHostname(provider.attributes.get('id') ?? '') ?? domain,
    name: name ?? domain,
    documentation: childrenOf(provider, 'documentation')
      .slice(0, MAX_LINKS)
      .flatMap(readDocumentation(domain)),
  }
}

function readDocumentation(domain: Hostname) {
  return (element: XmlElement): ProviderInfo['documentation'] => {
    const url = readLink(element.attributes.get('url'), domain)
    if (url === null) return []
    const languages = childrenOf(element, 'descr')
      .map((descr) => languageTag(descr.attributes.get('lang')))
      .filter((language) => language !== null)
    const distinct = [...new Set(languages)].slice(0, MAX_LINKS)
    return distinct.length === 0 ? [{ url }] : distinct.map((language) => ({ url, language }))
  }
}

/**
 * `<enable visiturl>` with its instructions: what the user must switch on first at the provider. The instruction goes
 * into a sentence that says whose words these are, because a stranger wrote them.
 */
export function readNotices(provider: XmlElement, domain: Hostname): Message[] {
  const { name } = readProvider(provider, domain)
  return childrenOf(provider, 'enable')
    .slice(0, MAX_LINKS)
    .map((element) => {
      const link = readLink(element.attributes.get('visiturl'), domain)
      const url = link === null ? {} : { url: link }
      const instructions = childrenOf(element, 'instruction')
      const english = instructions.find((one) => (one.attributes.get('lang') ?? 'en') === 'en')
      const text = displayText((english ?? instructions[0])?.text ?? '', MAX_INSTRUCTION)
      return text === ''
        ? { code: 'enable-access', params: { provider: name }, ...url }
        : { code: 'provider-enable', params: { text }, ...url }
    })
}

/** The `<oAuth2>` of the root or the provider; client ids and secrets are never taken over (R30). */
export function readOAuth2(parents: readonly XmlElement[], domain: Hostname): OAuth2 | null {
  const element = parents.map((parent) => child(parent, 'oAuth2')).find((found) => found !== undefined)
  if (element === undefined) return null
  const issuer = readIssuer(childText(element, 'issuer'), domain)
  if (issuer === null) return null
  const authorizationUrl = readLink(childText(element, 'authURL'), domain)
  const tokenUrl = readLink(childText(element, 'tokenURL'), domain)
  const scopes = (childText(element, 'scope') ?? '').split(/\s+/).filter((scope) => SCOPE.test(scope))
  return {
    issuer,
    ...(authorizationUrl === null ? {} : { authorizationUrl }),
    ...(tokenUrl === null ? {} : { tokenUrl }),
    scopes: scopes.slice(0, MAX_SCOPES),
  }
}

/** A host name in this format (draft, "OAuth2"), an https URL in others. */
function readIssuer(text: string | null, domain: Hostname): string | null {
  if (text === null) return null
  return parseHostname(text) ?? (readLink(text, domain) === null ? null : text)
}
