/**
 * Autodiscover as a server, for the operator's own domains only (R42, R45): MS-OXDSCLI 24.1, section 2.2. Every answer,
 * error documents included, is sent with HTTP status 200 as `text/xml; charset=utf-8`.
 */
import { type EmailAddress, parseEmailAddress } from '../domain/email-address.js'
import { OUTLOOK_RESPONSE_SCHEMA } from './autodiscover-read.js'
import { methodsOf, type SettingsView, type WritableServer } from './settings-view.js'
import { child, childText, readXml, textNode, writeXml, type XmlNode } from './xml.js'

/** R45: real requests have under 1 KiB. */
export const MAX_AUTODISCOVER_REQUEST_BYTES = 64 * 1024

const RESPONSE_SCHEMA = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006'
const MOBILESYNC_RESPONSE_SCHEMA =
  'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006'

/** The error codes of the protocol with the sentences that servers send. */
const ERROR_MESSAGES = {
  500: 'The email address cannot be found.',
  501: 'No settings are available for the email address.',
  600: 'Invalid Request',
  601: 'The requested schema version is not supported.',
  602: 'Bad Address',
  603: 'An error occurred while reading the settings.',
} as const
export type AutodiscoverErrorCode = keyof typeof ERROR_MESSAGES

export type AutodiscoverRequest =
  /** `mobilesync` is asked by the new Outlook; without an ActiveSync URL its answer is error 601. */
  | { readonly kind: 'outlook' | 'mobilesync'; readonly address: EmailAddress }
  | { readonly kind: 'error'; readonly code: AutodiscoverErrorCode }

/** Reads a POSTed request. The schema asked for is compared, never copied into an answer. */
export function readAutodiscoverRequest(bytes: Uint8Array): AutodiscoverRequest {
  const invalid = { kind: 'error', code: 600 } as const
  if (bytes.length > MAX_AUTODISCOVER_REQUEST_BYTES) return invalid
  const xml = readXml(bytes)
  if (!xml.ok || xml.root.name !== 'Autodiscover') return invalid
  const request = child(xml.root, 'Request')
  if (request === undefined) return invalid
  const asked = childText(request, 'AcceptableResponseSchema')
  const email = childText(request, 'EMailAddress')
  if (asked === null || email === null) return invalid
  const kind = SCHEMAS.get(asked)
  if (kind === undefined) return { kind: 'error', code: 601 }
  const address = parseEmailAddress(email)
  return address.ok ? { kind, address: address.value } : { kind: 'error', code: 602 }
}

const SCHEMAS: ReadonlyMap<string, 'outlook' | 'mobilesync'> = new Map([
  [OUTLOOK_RESPONSE_SCHEMA, 'outlook'],
  [MOBILESYNC_RESPONSE_SCHEMA, 'mobilesync'],
] as const)

/**
 * The settings for the view's address.
 * @returns null when the view has no address or no server that takes a password: answer with error 501 then.
 */
export function writeAutodiscover(view: SettingsView): string | null {
  const { address } = view
  if (address === null) return null
  const incoming = [protocol(view, 'IMAP', view.imap), protocol(view, 'POP3', view.pop3)].flat()
  const outgoing = protocol(view, 'SMTP', view.smtp)
  if (incoming.length === 0 || outgoing.length === 0) return null
  return respond({
    name: 'Response',
    attributes: { xmlns: OUTLOOK_RESPONSE_SCHEMA },
    content: [
      // The address and nothing else: existing and other mailboxes must read alike (R43).
      { name: 'User', content: [textNode('DisplayName', address.address)] },
      {
        name: 'Account',
        content: [textNode('AccountType', 'email'), textNode('Action', 'settings'), ...incoming, ...outgoing],
      },
    ],
  })
}

function protocol(
  view: SettingsView,
  type: 'IMAP' | 'POP3' | 'SMTP',
  server: WritableServer | null,
): XmlNode[] {
  // The format knows no OAuth.
  if (server === null || !methodsOf(server, view).includes('password-cleartext')) return []
  const smtp = [textNode('UsePOPAuth', 'on'), textNode('SMTPLast', 'off')]
  return [
    {
      name: 'Protocol',
      content: [
        textNode('Type', type),
        textNode('Server', server.hostname),
        textNode('Port', String(server.port)),
        textNode('LoginName', server.username),
        textNode('DomainRequired', 'off'),
        textNode('SPA', 'off'),
        // Always on: with "off" Thunderbird chooses cleartext even beside Encryption=TLS.
        textNode('SSL', 'on'),
        textNode('Encryption', server.security === 'tls' ? 'SSL' : 'TLS'),
        textNode('AuthRequired', 'on'),
        ...(type === 'SMTP' ? smtp : []),
      ],
    },
  ]
}

/** The answer to a mobilesync request where the operator has named an ActiveSync URL (MS-ASCMD section 2.2.1.1). */
export function writeMobileSync(address: EmailAddress, url: string): string {
  const server = [textNode('Type', 'MobileSync'), textNode('Url', url), textNode('Name', url)]
  return respond({
    name: 'Response',
    attributes: { xmlns: MOBILESYNC_RESPONSE_SCHEMA },
    content: [
      textNode('Culture', 'en:us'),
      {
        name: 'User',
        content: [textNode('DisplayName', address.address), textNode('EMailAddress', address.address)],
      },
      {
        name: 'Action',
        content: [{ name: 'Settings', content: [{ name: 'Server', content: server }] }],
      },
    ],
  })
}

export interface AutodiscoverError {
  readonly code: AutodiscoverErrorCode
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Any number that helps to find the request again. */
  readonly id: number
}

/** The error document, also the answer to GET, by which administrators test. */
export function writeAutodiscoverError({ code, now, id }: AutodiscoverError): string {
  return respond({
    name: 'Response',
    content: [
      {
        name: 'Error',
        attributes: { Time: `${new Date(now).toISOString().slice(11, 23)}0000`, Id: String(id) },
        content: [
          textNode('ErrorCode', String(code)),
          textNode('Message', ERROR_MESSAGES[code]),
          { name: 'DebugData' },
        ],
      },
    ],
  })
}

/**
 * Autodiscover version 2 (`/autodiscover/autodiscover.json`): tells where version 1 is, and nothing else (R45).
 * @returns null for every other protocol: there is no such service here.
 */
export function writeAutodiscoverJson(protocol: string, url: string): string | null {
  return protocol.toLowerCase() === 'autodiscoverv1'
    ? JSON.stringify({ Protocol: 'AutodiscoverV1', Url: url })
    : null
}

function respond(response: XmlNode): string {
  return writeXml({ name: 'Autodiscover', attributes: { xmlns: RESPONSE_SCHEMA }, content: [response] })
}
