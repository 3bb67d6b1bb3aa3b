/**
 * Apple configuration profiles (R46): Apple's "Configuration Profile Reference", payloads `com.apple.mail.managed`,
 * `com.apple.caldav.account` and `com.apple.carddav.account`.
 *
 * The format knows neither OAuth nor "STARTTLS required", so accounts that need one of them are refused instead of
 * written in a way that would fail or could be downgraded. A profile never holds a password; the device asks for it.
 */
import { hash } from 'node:crypto'
import type { Hostname } from '../domain/hostname.js'
import { displayText } from './display-text.js'
import { nameUuid } from './name-uuid.js'
import { writePlist } from './plist-write.js'
import { methodsOf, type SettingsView, type WritableServer } from './settings-view.js'

/** Why no profile can be made; the service answers 422. */
export type ProfileRefusal = 'incomplete' | 'oauth2-only' | 'starttls-only'

export type ProfileResult =
  { readonly ok: true; readonly body: string } | { readonly ok: false; readonly reason: ProfileRefusal }

export interface ProfileOptions {
  readonly protocol: 'imap' | 'pop3'
  /** Shown on the device before installing, in the reader's language; an empty one is left out. */
  readonly texts: {
    readonly displayName: string
    readonly description: string
    readonly organization: string
  }
}

/** Longer texts are cut by the device. */
const MAX_TEXT = 200

/** @returns an unsigned profile, the same bytes for the same account and hosts. Needs a view with an address. */
export function writeMobileconfig(view: SettingsView, { protocol, texts }: ProfileOptions): ProfileResult {
  const { address } = view
  const incoming = view[protocol]
  const outgoing = view.smtp
  if (address === null || incoming === null || outgoing === null) return { ok: false, reason: 'incomplete' }
  const incomingMethod = passwordMethod(incoming, view)
  const outgoingMethod = passwordMethod(outgoing, view)
  if (incomingMethod === null || outgoingMethod === null) return { ok: false, reason: 'oauth2-only' }
  if (incoming.security !== 'tls' || outgoing.security !== 'tls')
    return { ok: false, reason: 'starttls-only' }
  const account = accountOf(view, protocol, [incoming, outgoing])
  const identifier = accountIdentifier(account, accountDigest(account))
  const mail = {
    ...payload('com.apple.mail.managed', `${identifier}.mail`),
    ...filled({ PayloadDisplayName: view.displayName }),
    EmailAccountDescription: view.displayName,
    EmailAccountType: protocol === 'imap' ? 'EmailTypeIMAP' : 'EmailTypePOP',
    EmailAddress: address.address,
    IncomingMailServerAuthentication: incomingMethod,
    IncomingMailServerHostName: incoming.hostname,
    // Written although it is the default one: Apple guesses otherwise, and begins with port 25 for SMTP.
    IncomingMailServerPortNumber: incoming.port,
    // Its default is false.
    IncomingMailServerUseSSL: true,
    IncomingMailServerUsername: incoming.username,
    OutgoingMailServerAuthentication: outgoingMethod,
    OutgoingMailServerHostName: outgoing.hostname,
    OutgoingMailServerPortNumber: outgoing.port,
    OutgoingMailServerUseSSL: true,
    OutgoingMailServerUsername: outgoing.username,
    OutgoingPasswordSameAsIncomingPassword: true,
  }
  const profile = {
    ...payload('Configuration', identifier),
    ...filled({
      PayloadDisplayName: displayText(texts.displayName, MAX_TEXT) || view.displayName,
      PayloadDescription: displayText(texts.description, MAX_TEXT),
      PayloadOrganization: displayText(texts.organization, MAX_TEXT),
    }),
    PayloadRemovalDisallowed: false,
    PayloadContent: [
      mail,
      ...davPayload(view, 'CalDAV', identifier),
      ...davPayload(view, 'CardDAV', identifier),
    ],
  }
  return { ok: true, body: writePlist(profile) }
}

/** Apple's word for the best password method; null where only OAuth or the like is offered. */
function passwordMethod(server: WritableServer, view: SettingsView): string | null {
  const methods = methodsOf(server, view)
  if (methods.includes('password-cleartext')) return 'EmailAuthPassword'
  return methods.includes('password-encrypted') ? 'EmailAuthCRAMMD5' : null
}

function payload(type: string, identifier: string) {
  return {
    PayloadType: type,
    PayloadVersion: 1,
    PayloadIdentifier: identifier,
    PayloadUUID: nameUuid(identifier),
  }
}

/** A profile with an empty string is refused by some versions of iOS. */
function filled(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''))
}

/** What the names in a profile are made from. */
export interface ProfileAccount {
  readonly domain: Hostname
  readonly protocol: 'imap' | 'pop3'
  readonly address: string
  /** Incoming and outgoing. */
  readonly servers: readonly Pick<WritableServer, 'hostname' | 'port' | 'username'>[]
}

function accountOf(
  { domain, address }: SettingsView,
  protocol: 'imap' | 'pop3',
  servers: ProfileAccount['servers'],
): ProfileAccount {
  return { domain, protocol, address: address?.address ?? '', servers }
}

/** The account of a view for which `writeMobileconfig` can write a profile. */
export function profileAccount(view: SettingsView, protocol: 'imap' | 'pop3'): ProfileAccount {
  return accountOf(
    view,
    protocol,
    [view[protocol], view.smtp].flatMap((server) => server ?? []),
  )
}

/**
 * Reverse-DNS, and different for each account and set of hosts: a constant one would make the second account replace
 * the first, a random one would pile up profiles on the device.
 */
function accountIdentifier({ domain, protocol }: ProfileAccount, digest: string): string {
  return [...domain.split('.').reverse(), 'mailscout', protocol, digest].join('.')
}

function accountDigest({ address, protocol, servers }: ProfileAccount): string {
  const names = servers.map(({ hostname, port, username }) => `${hostname}:${port}:${username}`)
  return hash('sha256', [address, protocol, ...names].join('\n'), 'hex').slice(0, 16)
}

const PARTS = ['', '.mail', '.caldav', '.carddav'] as const

/** Everything in a profile that is made from the address but does not show it: always as many, in the same order. */
export function accountNames(account: ProfileAccount): string[] {
  const digest = accountDigest(account)
  const identifier = accountIdentifier(account, digest)
  return [digest, ...PARTS.map((part) => nameUuid(`${identifier}${part}`))]
}

type DavPayload = Record<string, string | number | boolean>

function davPayload(view: SettingsView, kind: 'CalDAV' | 'CardDAV', identifier: string): DavPayload[] {
  const protocol = kind === 'CalDAV' ? 'caldav' : 'carddav'
  const server = view[protocol]
  if (server === null || passwordMethod(server, view) === null) return []
  const path = server.url === undefined ? '/' : new URL(server.url).pathname
  // The device finds the rest itself from a root or well-known address (RFC 6764 section 6).
  const principal = path === '/' || path.startsWith('/.well-known/') ? {} : { [`${kind}PrincipalURL`]: path }
  return [
    {
      ...payload(`com.apple.${protocol}.account`, `${identifier}.${protocol}`),
      [`${kind}AccountDescription`]: view.displayName,
      [`${kind}HostName`]: server.hostname,
      [`${kind}Port`]: server.port,
      [`${kind}UseSSL`]: true,
      [`${kind}Username`]: server.username,
      ...principal,
    },
  ]
}
