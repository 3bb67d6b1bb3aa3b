/**
 * What every machine format is written from (R41): one server per protocol, chosen once, so that all formats agree on
 * host, port and transport. Only confirmed servers come in (R26), and only over TLS (R20).
 */
import { type EmailAddress, expandTemplate } from '../domain/email-address.js'
import type { Discovery } from '../domain/discovery.js'
import type { Hostname } from '../domain/hostname.js'
import {
  confirmedServers,
  type OAuth2,
  type Protocol,
  PROTOCOLS,
  type ProviderInfo,
  type Security,
  type Server,
} from '../domain/mail-settings.js'
import { displayText, MAX_DISPLAY_NAME, MAX_SHORT_NAME } from './display-text.js'

/** A server as it may be written: never cleartext, its login name filled where an address is given. */
export type WritableServer = Server & { readonly security: Exclude<Security, 'plain'> }

export interface SettingsView extends Readonly<Record<Protocol, WritableServer | null>> {
  readonly domain: Hostname
  /** Filled into login names; null keeps the `%EMAIL…%` placeholders. */
  readonly address: EmailAddress | null
  readonly provider: ProviderInfo | null
  /** At most 60 characters, never empty. */
  readonly displayName: string
  /** At most 20 characters, never empty. */
  readonly shortName: string
  readonly documentation: ProviderInfo['documentation']
  readonly oauth2: OAuth2 | null
  /** Protocols that are known not to exist: denied by the domain, or named by no source at all. */
  readonly notOffered: readonly Protocol[]
}

/** Chooses, for each protocol, the first confirmed server in the discovery's order (implicit TLS stands first, R23). */
export function settingsView(discovery: Discovery, address: EmailAddress | null): SettingsView {
  const first = (protocol: Protocol) => firstWritable(discovery.servers[protocol], address)
  const name = discovery.provider?.name ?? ''
  return {
    domain: discovery.domain,
    address,
    provider: discovery.provider,
    displayName: displayText(name, MAX_DISPLAY_NAME) || displayText(discovery.domain, MAX_DISPLAY_NAME),
    shortName: displayText(name, MAX_SHORT_NAME) || displayText(discovery.domain, MAX_SHORT_NAME),
    documentation: discovery.provider?.documentation ?? [],
    oauth2: discovery.oauth2,
    notOffered: PROTOCOLS.filter((protocol) => isNotOffered(discovery, protocol)),
    imap: first('imap'),
    pop3: first('pop3'),
    smtp: first('smtp'),
    jmap: first('jmap'),
    caldav: first('caldav'),
    carddav: first('carddav'),
    managesieve: first('managesieve'),
    exchange: first('exchange'),
  }
}

/** What no source names is not offered only when every source could be asked (R37). */
function isNotOffered(discovery: Discovery, protocol: Protocol): boolean {
  if (discovery.notOffered.includes(protocol)) return true
  const allAsked = discovery.sources.every((source) => source.outcome !== 'failed')
  return allAsked && discovery.servers[protocol].length === 0
}

function firstWritable(servers: readonly Server[], address: EmailAddress | null): WritableServer | null {
  const server = confirmedServers(servers).find(
    (candidate) => candidate.security !== 'plain' && hasCommonMethod(candidate),
  )
  return server === undefined ? null : (expandServer(server, address) as WritableServer)
}

/** No format can express Kerberos, client certificates or admission by address: such a server is none for a file. */
function hasCommonMethod({ authentication }: Server): boolean {
  const common = ['oauth2', 'password-cleartext', 'password-encrypted']
  return authentication.length === 0 || authentication.some((method) => common.includes(method))
}

/** Fills the login name and the URL; with no address, both stay templates. */
export function expandServer(server: Server, address: EmailAddress | null): Server {
  // Sources that say nothing mean the full address (RFC 6186 section 4 tells clients to try it first).
  const username = server.username === '' ? '%EMAILADDRESS%' : server.username
  if (address === null) return { ...server, username }
  return {
    ...server,
    username: expandTemplate(username, address),
    ...(server.url === undefined ? {} : { url: expandUrl(server.url, address) }),
  }
}

/** Like a login name, but each value is percent-encoded, so that it cannot change the URL's structure. */
function expandUrl(url: string, address: EmailAddress): string {
  const encoded = {
    localPart: encodeURIComponent(address.localPart),
    domain: address.domain,
    address: encodeURIComponent(address.address),
  }
  return expandTemplate(url, encoded)
}

/**
 * The methods to write for a server. A source that names none leaves the password, unless the provider is known for
 * OAuth: password login is never invented there (R30).
 */
export function methodsOf(server: Server, view: SettingsView): Server['authentication'] {
  if (server.authentication.length > 0) return server.authentication
  return view.oauth2 === null ? ['password-cleartext'] : ['oauth2']
}
