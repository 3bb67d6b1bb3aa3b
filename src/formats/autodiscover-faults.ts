/**
 * Where Autodiscover says two things at once about encryption (R22; NDSS25 appendix E): clients read SSL and Encryption
 * differently, so a document that is right for one is cleartext for the other.
 */
import type { EncryptionFault } from '../domain/domain-check.js'
import type { MailProtocol } from '../domain/mail-settings.js'
import { child, childrenOf, childText, readXml } from './xml.js'

const TYPES: Readonly<Record<string, MailProtocol>> = { IMAP: 'imap', POP3: 'pop3', SMTP: 'smtp' }
const IMPLICIT_TLS_PORTS = ['993', '995', '465']
const STARTTLS_PORTS = ['143', '110', '587']
const MAX_PROTOCOLS = 24

/** The protocols of a settings answer whose elements contradict each other or the port; none for any other document. */
export function readEncryption(bytes: Uint8Array): EncryptionFault[] {
  const xml = readXml(bytes)
  const response = xml.ok ? child(xml.root, 'Response') : undefined
  const account = response === undefined ? undefined : child(response, 'Account')
  if (account === undefined) return []
  return childrenOf(account, 'Protocol')
    .slice(0, MAX_PROTOCOLS)
    .flatMap((element) => {
      const type = (childText(element, 'Type') ?? element.attributes.get('Type') ?? '').toUpperCase()
      const protocol = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined
      const port = childText(element, 'Port') ?? ''
      const ssl = (childText(element, 'SSL') ?? '').toLowerCase()
      const encryption = (childText(element, 'Encryption') ?? '').toLowerCase()
      const wrong = protocol !== undefined && contradicts({ port, ssl, encryption })
      return wrong ? [{ protocol, port, ssl: ssl || '–', encryption: encryption || '–' }] : []
    })
}

function contradicts(said: {
  readonly port: string
  readonly ssl: string
  readonly encryption: string
}): boolean {
  const { port, ssl, encryption } = said
  if (!['', 'on', 'off'].includes(ssl)) return true
  if (!['', 'none', 'ssl', 'tls', 'auto'].includes(encryption)) return true
  // Thunderbird takes SSL=off for cleartext whatever Encryption says (R45).
  if (ssl === 'off' && ['ssl', 'tls', 'auto'].includes(encryption)) return true
  if (ssl === 'on' && encryption === 'none') return true
  if (encryption === 'ssl') return STARTTLS_PORTS.includes(port)
  return encryption === 'tls' && IMPLICIT_TLS_PORTS.includes(port)
}
