/**
 * Autodiscover "plain old XML" as a client: MS-OXDSCLI 24.1, sections 2.2.3 (request) and 2.2.4 (response).
 *
 * The question never carries credentials, and a 401 is never answered (R31). What comes back may be settings, a
 * redirect that the caller must judge anew (R7), or an error document with status 200.
 */
import { type Failure, failure } from '../domain/errors.js'
import { type Hostname, parseHostname } from '../domain/hostname.js'
import type { AuthMethod, DeclaredServer, Protocol, Rejected } from '../domain/mail-settings.js'
import { readSecurity } from './autodiscover-security.js'
import { displayText } from './display-text.js'
import {
  type DocumentContext,
  type Field,
  readHostname,
  readLink,
  readPort,
  readServiceUrl,
  rejection,
} from './server-fields.js'
import { child, childrenOf, childText, readXml, textNode, writeXml, type XmlElement } from './xml.js'

const OUTLOOK_REQUEST_SCHEMA = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006'
export const OUTLOOK_RESPONSE_SCHEMA =
  'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a'

/** The body to POST as `text/xml; charset=utf-8`. The caller decides which address may leave the process (R13). */
export function writeAutodiscoverRequest(address: string): string {
  return writeXml({
    name: 'Autodiscover',
    attributes: { xmlns: OUTLOOK_REQUEST_SCHEMA },
    content: [
      {
        name: 'Request',
        content: [
          textNode('EMailAddress', address),
          textNode('AcceptableResponseSchema', OUTLOOK_RESPONSE_SCHEMA),
        ],
      },
    ],
  })
}

export type AutodiscoverAnswer =
  | {
      readonly kind: 'settings'
      readonly servers: readonly DeclaredServer[]
      readonly rejected: readonly Rejected[]
    }
  /** Ask there instead; not followed here. */
  | { readonly kind: 'redirect-url'; readonly url: string }
  /** Ask again for an address of this domain. */
  | { readonly kind: 'redirect-address'; readonly domain: Hostname }
  /** The server answers that it has nothing, such as 500 or 600. */
  | { readonly kind: 'error'; readonly code: number; readonly message: string }
  | { readonly kind: 'failed'; readonly failure: Failure }

export interface AutodiscoverContext extends DocumentContext {
  /** The address that was sent: login names made of it become templates again, for the cache knows no address. */
  readonly sentAddress: string
}

/** Real answers name three protocols, Exchange ones up to eight. */
const MAX_PROTOCOLS = 24

export function readAutodiscover(bytes: Uint8Array, context: AutodiscoverContext): AutodiscoverAnswer {
  const xml = readXml(bytes)
  if (!xml.ok) return { kind: 'failed', failure: xml.failure }
  const response = xml.root.name === 'Autodiscover' ? child(xml.root, 'Response') : undefined
  if (response === undefined) return failed('not an Autodiscover response')
  const error = child(response, 'Error')
  if (error !== undefined) return readError(error)
  const account = child(response, 'Account')
  if (account === undefined) return failed('an Autodiscover response without an account')
  switch (childText(account, 'Action')?.toLowerCase()) {
    case 'redirecturl': {
      const url = readLink(childText(account, 'RedirectUrl'), context.domain)
      return url === null
        ? failed('an Autodiscover redirect to no usable URL')
        : { kind: 'redirect-url', url }
    }
    case 'redirectaddr': {
      const address = childText(account, 'RedirectAddr') ?? ''
      const domain = parseHostname(address.slice(address.lastIndexOf('@') + 1))
      return domain === null
        ? failed('an Autodiscover redirect to no usable address')
        : { kind: 'redirect-address', domain }
    }
    default:
      return { kind: 'settings', ...readProtocols(childrenOf(account, 'Protocol'), context) }
  }
}

function failed(detail: string): AutodiscoverAnswer {
  return { kind: 'failed', failure: failure('document', detail) }
}

function readError(error: XmlElement): AutodiscoverAnswer {
  const code = childText(error, 'ErrorCode') ?? ''
  return {
    kind: 'error',
    code: /^\d{1,5}$/.test(code) ? Number(code) : 0,
    message: displayText(childText(error, 'Message') ?? '', 200),
  }
}

const MAIL_TYPES: Readonly<Record<string, Protocol>> = {
  imap: 'imap',
  pop3: 'pop3',
  pop: 'pop3',
  smtp: 'smtp',
}

function readProtocols(protocols: readonly XmlElement[], context: AutodiscoverContext) {
  const servers: DeclaredServer[] = []
  const rejected: Rejected[] = []
  for (const [declaredOrder, element] of protocols.entries()) {
    const type = (childText(element, 'Type') ?? element.attributes.get('Type') ?? '').toLowerCase()
    const protocol = Object.hasOwn(MAIL_TYPES, type) ? MAIL_TYPES[type] : undefined
    const seen = {
      protocol: protocol ?? 'exchange',
      hostname: childText(element, 'Server'),
      port: childText(element, 'Port'),
    }
    if (declaredOrder >= MAX_PROTOCOLS) {
      rejected.push(rejection(context, seen, 'limit'))
      break
    }
    if (protocol === undefined) {
      const known = ['exch', 'expr', 'web', 'mobilesync', 'exhttp', 'mapihttp'].includes(type)
      for (const server of known ? readExchange(element, context, declaredOrder) : []) {
        if (!servers.some((other) => other.url === server.url)) servers.push(server)
      }
      continue
    }
    const server = readMailServer(element, { protocol, declaredOrder, context })
    if (!server.ok) rejected.push(rejection(context, seen, server.reason))
    else if (server.value.security === 'plain') {
      rejected.push({ ...rejection(context, seen, 'cleartext'), server: server.value })
    } else servers.push(server.value)
  }
  return { servers, rejected }
}

function readMailServer(
  element: XmlElement,
  place: { protocol: Protocol; declaredOrder: number; context: AutodiscoverContext },
): Field<DeclaredServer> {
  const { protocol, declaredOrder, context } = place
  const hostname = readHostname(childText(element, 'Server'), context.domain)
  if (!hostname.ok) return hostname
  const port = readPort(childText(element, 'Port'))
  if (!port.ok) return port
  const security = readSecurity(childText(element, 'SSL'), childText(element, 'Encryption'), port.value)
  if (!security.ok) return security
  return {
    ok: true,
    value: {
      protocol,
      hostname: hostname.value,
      port: port.value,
      security: security.value,
      username: loginTemplate(childText(element, 'LoginName'), context),
      authentication: methods(element),
      declaredOrder,
    },
  }
}

/**
 * The login name is that of the address sent. Where it is that address or its local part, perhaps behind a Windows
 * domain, the template is kept; any other name says nothing about other addresses.
 */
function loginTemplate(login: string | null, { sentAddress }: AutodiscoverContext): string | null {
  if (login === null) return null
  const known = [
    { name: sentAddress, template: '%EMAILADDRESS%' },
    { name: sentAddress.slice(0, sentAddress.lastIndexOf('@')), template: '%EMAILLOCALPART%' },
  ]
  const prefix = /^[A-Za-z0-9.-]{1,64}[\\/]/.exec(login)?.[0] ?? ''
  for (const start of ['', prefix]) {
    const rest = login.slice(start.length).toLowerCase()
    const match = known.find(({ name }) => name.toLowerCase() === rest)
    if (match !== undefined) return start + match.template
  }
  return null
}

/** `AuthRequired` and `SPA` (NTLM); both default to on in the specification, and are mostly missing in the wild. */
function methods(element: XmlElement): AuthMethod[] {
  if (childText(element, 'AuthRequired')?.toLowerCase() === 'off') return ['none']
  switch (childText(element, 'SPA')?.toLowerCase()) {
    case 'on':
      return ['ntlm']
    case 'off':
      return ['password-cleartext']
    default:
      return []
  }
}

/** EXCH, EXPR, WEB and MobileSync: the https addresses they name, outward ones where both are given. */
function readExchange(
  element: XmlElement,
  context: AutodiscoverContext,
  declaredOrder: number,
): DeclaredServer[] {
  const outward = [element, child(element, 'External')].filter((place) => place !== undefined)
  const places = outward.flatMap((place) => [place, ...childrenOf(place, 'Protocol')])
  const urls = places.flatMap((place) =>
    childrenOf(place, 'EwsUrl', 'ASUrl', 'OWAUrl').map((found) => readServiceUrl(found.text, context.domain)),
  )
  return urls
    .filter((url) => url.ok)
    .map((url) => ({
      protocol: 'exchange',
      security: 'tls',
      ...url.value,
      username: null,
      authentication: [],
      declaredOrder,
    }))
}
