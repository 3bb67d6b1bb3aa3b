/** E-mail addresses and the placeholders that stand for them (R1, R25). */
import { type DomainFault, type Hostname, type Parsed, parseMailDomain, toUnicode } from './hostname.js'

export interface EmailAddress {
  /** As it came, NFC; never case-folded (R1). */
  readonly localPart: string
  readonly domain: Hostname
  /** Local part, `@`, A-label domain. */
  readonly address: string
}

export type AddressFault =
  | DomainFault
  | 'address-empty'
  | 'address-no-at'
  | 'address-two-ats'
  | 'address-too-long'
  | 'address-control-characters'
  | 'local-part-empty'
  | 'local-part-too-long'
  | 'local-part-syntax'

/** RFC 5321 section 4.5.3.1.3 less the angle brackets. */
const MAX_ADDRESS_OCTETS = 254
/** RFC 5321 section 4.5.3.1.1. */
const MAX_LOCAL_PART_OCTETS = 64
/** Control, format (bidi marks among them), surrogate, private-use and line or paragraph separators. */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/u
/** Nothing in it is forbidden, and NFC leaves it as it is. */
const VISIBLE_ASCII = /^[!-~]*$/
/** RFC 5322 atext and dots, plus letters, marks and digits of any script (RFC 6531 section 3.3, without symbols). */
const DOT_ATOM = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.\p{L}\p{M}\p{N}]+$/u
/** RFC 5322 section 3.2.4, without folding white space. */
const QUOTED_STRING = /^"(?:[^"\\]|\\[\x20-\x7e])+"$/

/** Reads one address (R1). The answer never says whether a mailbox exists: only the form is looked at. */
export function parseEmailAddress(text: string): Parsed<EmailAddress, AddressFault> {
  const fault = (code: AddressFault) => ({ ok: false, fault: code }) as const
  if (text === '') return fault('address-empty')
  const isAscii = VISIBLE_ASCII.test(text)
  if (!isAscii && FORBIDDEN.test(text)) return fault('address-control-characters')
  const normal = isAscii ? text : text.normalize('NFC')
  if (Buffer.byteLength(normal) > MAX_ADDRESS_OCTETS) return fault('address-too-long')
  const at = normal.lastIndexOf('@')
  if (at === -1) return fault('address-no-at')
  const localPart = normal.slice(0, at)
  if (localPart === '') return fault('local-part-empty')
  if (Buffer.byteLength(localPart) > MAX_LOCAL_PART_OCTETS) return fault('local-part-too-long')
  if (!QUOTED_STRING.test(localPart)) {
    if (localPart.includes('@')) return fault('address-two-ats')
    if (!DOT_ATOM.test(localPart)) return fault('local-part-syntax')
  }
  const domain = parseMailDomain(normal.slice(at + 1))
  if (!domain.ok) return domain
  const address = `${localPart}@${domain.value}`
  if (Buffer.byteLength(address) > MAX_ADDRESS_OCTETS) return fault('address-too-long')
  return { ok: true, value: { localPart, domain: domain.value, address } }
}

/** Whether a login or envelope with this address needs a server with SMTPUTF8 (RFC 6531). */
export function needsSmtpUtf8(email: EmailAddress): boolean {
  return /[^\x20-\x7e]/.test(email.localPart)
}

const PLACEHOLDER = /%[A-Z0-9_]+%/g
const KNOWN = ['%EMAILADDRESS%', '%EMAILLOCALPART%', '%EMAILDOMAIN%'] as const

/** Placeholders in the text that this service cannot fill; such a server is dropped (R25). */
export function unknownPlaceholders(template: string): string[] {
  return (template.match(PLACEHOLDER) ?? []).filter((name) => !(KNOWN as readonly string[]).includes(name))
}

/** Fills the placeholders for one address (autoconfig-06, "placeholders"). */
export function expandTemplate(template: string, email: EmailAddress): string {
  return template.replace(PLACEHOLDER, (name) => {
    if (name === '%EMAILADDRESS%') return email.address
    if (name === '%EMAILLOCALPART%') return email.localPart
    return name === '%EMAILDOMAIN%' ? email.domain : name
  })
}

/** The display form of an address: its domain with U-labels. */
export function displayAddress(email: EmailAddress): string {
  return `${email.localPart}@${toUnicode(email.domain)}`
}
