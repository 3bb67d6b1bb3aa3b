/**
 * Reading Thunderbird-style autoconfig files: draft-ietf-mailmaint-autoconfig-06, formats 1.1 and 1.2.
 *
 * One bad server never voids the document: it is dropped and noted (R21). Unknown elements, attributes and values are
 * ignored ("XML validation" of the draft); nothing ever defaults to cleartext.
 */
import { type Failure, failure } from '../domain/errors.js'
import { type Hostname, parseHostname } from '../domain/hostname.js'
import type {
  AuthMethod,
  DeclaredServer,
  Message,
  OAuth2,
  Protocol,
  ProviderInfo,
  Rejected,
  Security,
} from '../domain/mail-settings.js'
import { readAuthentication } from './autoconfig-authentication.js'
import { readNotices, readOAuth2, readProvider } from './autoconfig-provider.js'
import {
  type DocumentContext,
  type Field,
  readHostname,
  readLink,
  readPort,
  readServiceUrl,
  readUsername,
  rejection,
} from './server-fields.js'
import { childText, childrenOf, readXml, type XmlElement } from './xml.js'

export interface AutoconfigDocument {
  readonly provider: ProviderInfo
  /** The domains the file says it is for; not every file lists the asked one. */
  readonly domains: readonly Hostname[]
  /** `<domain purpose="mx">`: domains of MX hosts this file is for. */
  readonly mxDomains: readonly Hostname[]
  readonly servers: readonly DeclaredServer[]
  readonly rejected: readonly Rejected[]
  readonly oauth2: OAuth2 | null
  readonly notices: readonly Message[]
  /** The address of the web mail's login page. */
  readonly webMail: string | null
}

export type AutoconfigResult =
  | { readonly ok: true; readonly document: AutoconfigDocument }
  | { readonly ok: false; readonly failure: Failure }

/** No known file names more than nine; a longer list is an attempt to make us probe. */
const MAX_SERVERS = 24

/** Reads one file; the failure's code is always `document`. A file may be fine and still name no usable server. */
export function readAutoconfig(bytes: Uint8Array, context: DocumentContext): AutoconfigResult {
  const xml = readXml(bytes)
  if (!xml.ok) return xml
  const { root } = xml
  const provider = root.name === 'clientConfig' ? chooseProvider(root, context.domain) : undefined
  if (provider === undefined) {
    return { ok: false, failure: failure('document', 'not an autoconfig document') }
  }
  const sections = [
    ...childrenOf(provider, 'incomingServer', 'outgoingServer'),
    ...[root, provider].flatMap((parent) =>
      childrenOf(parent, 'calendar', 'addressbook', 'addressBook', 'setupServer'),
    ),
  ]
  const domains = childrenOf(provider, 'domain')
  const [webMail] = [root, provider].flatMap((parent) => childrenOf(parent, 'webMail'))
  const [loginPage] = webMail === undefined ? [] : childrenOf(webMail, 'loginPage')
  return {
    ok: true,
    document: {
      provider: readProvider(provider, context.domain),
      domains: hostnames(domains.filter((domain) => domain.attributes.get('purpose') !== 'mx')),
      mxDomains: hostnames(domains.filter((domain) => domain.attributes.get('purpose') === 'mx')),
      ...readServers(sections, context),
      oauth2: readOAuth2([root, provider], context.domain),
      notices: readNotices(provider, context.domain),
      webMail: readLink(loginPage?.attributes.get('url'), context.domain),
    },
  }
}

/** The first provider that claims the domain, else the first of all. */
function chooseProvider(root: XmlElement, domain: Hostname): XmlElement | undefined {
  const providers = childrenOf(root, 'emailProvider')
  const claims = (provider: XmlElement) => hostnames(childrenOf(provider, 'domain')).includes(domain)
  return providers.find(claims) ?? providers[0]
}

function hostnames(elements: readonly XmlElement[]): Hostname[] {
  return elements.map((element) => parseHostname(element.text)).filter((name) => name !== null)
}

/** Section, type (lower case) and whether the service is found by URL; the draft's IANA registry, "type". */
const SERVICES: Readonly<Record<string, { protocol: Protocol; byUrl: boolean }>> = {
  'incomingServer imap': { protocol: 'imap', byUrl: false },
  'incomingServer pop3': { protocol: 'pop3', byUrl: false },
  'outgoingServer smtp': { protocol: 'smtp', byUrl: false },
  'setupServer managesieve': { protocol: 'managesieve', byUrl: false },
  'incomingServer jmap': { protocol: 'jmap', byUrl: true },
  'incomingServer ews': { protocol: 'exchange', byUrl: true },
  'incomingServer exchange': { protocol: 'exchange', byUrl: true },
  'incomingServer activesync': { protocol: 'exchange', byUrl: true },
  'incomingServer graph': { protocol: 'exchange', byUrl: true },
  'calendar caldav': { protocol: 'caldav', byUrl: true },
  'addressbook carddav': { protocol: 'carddav', byUrl: true },
  'addressBook carddav': { protocol: 'carddav', byUrl: true },
}

interface ReadServers {
  servers: DeclaredServer[]
  rejected: Rejected[]
}

function readServers(sections: readonly XmlElement[], context: DocumentContext): ReadServers {
  const result: ReadServers = { servers: [], rejected: [] }
  let declaredOrder = 0
  for (const section of sections) {
    const type = (section.attributes.get('type') ?? '').toLowerCase()
    const key = `${section.name} ${type}`
    const service = Object.hasOwn(SERVICES, key) ? SERVICES[key] : undefined
    if (service === undefined) continue
    const { protocol } = service
    const server = service.byUrl
      ? readUrlServer(section, { protocol, domain: context.domain, declaredOrder })
      : readTcpServer(section, { protocol, domain: context.domain, declaredOrder })
    const seen = {
      protocol,
      hostname: childText(section, service.byUrl ? 'url' : 'hostname'),
      port: childText(section, 'port'),
    }
    if (declaredOrder++ >= MAX_SERVERS) {
      result.rejected.push(rejection(context, seen, 'limit'))
      break
    }
    if (!server.ok) result.rejected.push(rejection(context, seen, server.reason))
    else if (server.value.security === 'plain') {
      // Cleartext is never a result; it is kept for the caller who insists (R20).
      result.rejected.push({ ...rejection(context, seen, 'cleartext'), server: server.value })
    } else result.servers.push(server.value)
  }
  return result
}

interface Place {
  readonly protocol: Protocol
  readonly domain: Hostname
  readonly declaredOrder: number
}

function readTcpServer(section: XmlElement, place: Place): Field<DeclaredServer> {
  const hostname = readHostname(childText(section, 'hostname'), place.domain)
  if (!hostname.ok) return hostname
  const port = readPort(childText(section, 'port'))
  if (!port.ok) return port
  const security = readSocketType(childText(section, 'socketType'))
  if (!security.ok) return security
  const login = readLogin(section)
  if (!login.ok) return login
  return {
    ok: true,
    value: {
      protocol: place.protocol,
      hostname: hostname.value,
      port: port.value,
      security: security.value,
      ...login.value,
      declaredOrder: place.declaredOrder,
    },
  }
}

function readUrlServer(section: XmlElement, place: Place): Field<DeclaredServer> {
  const url = readServiceUrl(childText(section, 'url') ?? childText(section, 'serverURL'), place.domain)
  if (!url.ok) return url
  const login = readLogin(section)
  if (!login.ok) return login
  return {
    ok: true,
    value: {
      protocol: place.protocol,
      security: 'tls',
      ...url.value,
      ...login.value,
      declaredOrder: place.declaredOrder,
    },
  }
}

/** "socketType" of the draft; `TLS` is seen in the wild and means implicit TLS (R21). */
function readSocketType(text: string | null): Field<Security> {
  switch (text?.toUpperCase()) {
    case undefined:
      return { ok: false, reason: 'incomplete' }
    case 'SSL':
    case 'TLS':
      return { ok: true, value: 'tls' }
    case 'STARTTLS':
      return { ok: true, value: 'starttls' }
    case 'PLAIN':
    case 'NONE':
      return { ok: true, value: 'plain' }
    default:
      // Never default to plain: `%server/imap/socket/%` stands in files of thousands of domains (C4, C5).
      return { ok: false, reason: 'invalid-security' }
  }
}

function readLogin(
  section: XmlElement,
): Field<{ username: string | null; authentication: readonly AuthMethod[] }> {
  const words = childrenOf(section, 'authentication').map((element) => element.text)
  const authentication = readAuthentication(words)
  if (words.length > 0 && authentication.length === 0) return { ok: false, reason: 'invalid-authentication' }
  const username = readUsername(childText(section, 'username'))
  return username.ok ? { ok: true, value: { username: username.value, authentication } } : username
}
