/**
 * Host names and mail domains: parsed once at the edge, A-labels from there on.
 *
 * UTS #46 non-transitional processing (R2) is done by Node's URL parser; the Public Suffix List, private section
 * included (R15), by tldts.
 */
import { domainToASCII, domainToUnicode } from 'node:url'
import { getDomain, getPublicSuffix } from 'tldts'
import { z } from 'zod'

/** A lower-case A-label host name of two or more labels, without trailing dot; never an IP literal. */
export const hostnameSchema = z
  .string()
  .refine((text) => isHostname(text), 'must be a lower-case host name of at least two LDH labels')
  .brand<'Hostname'>()
export type Hostname = z.infer<typeof hostnameSchema>

/** Why a text is no mail domain; each has a sentence in i18n. */
export type DomainFault =
  | 'domain-empty'
  | 'domain-ip-literal'
  | 'domain-syntax'
  | 'domain-too-long'
  | 'domain-single-label'
  | 'domain-symbols'

export type Parsed<T, Fault extends string> = { ok: true; value: T } | { ok: false; fault: Fault }

/** RFC 1035 section 2.3.4: 255 octets on the wire are 253 characters of text. */
const MAX_NAME_LENGTH = 253
const LDH_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
/** A last label of digits, or 0x…, makes the WHATWG parser (and many programs) read an IPv4 address. */
const NUMERIC_LABEL = /^(\d+|0x[0-9a-f]*)$/
/** Two colons at least; one alone is a port that came along. */
const IPV6 = /:.*:/
/** Letters, marks, digits, hyphen, the four full stops of UTS #46, middle dots; no joiners, no symbols. */
const UNICODE_LABELS = /^[\p{L}\p{M}\p{N}.\-\u3002\uFF0E\uFF61\u00B7\u30FB]+$/u

function isHostname(text: string): boolean {
  if (text.length > MAX_NAME_LENGTH) return false
  const labels = text.split('.')
  const last = labels.at(-1) ?? ''
  return labels.length >= 2 && !NUMERIC_LABEL.test(last) && labels.every((label) => LDH_LABEL.test(label))
}

/**
 * Reads a host name found in a document or record: any letter case, A- or U-labels, one trailing dot allowed.
 * @returns null for anything that is not a usable host name, IP literals in every spelling included (R25).
 */
export function parseHostname(text: string): Hostname | null {
  const parsed = parseMailDomain(text)
  return parsed.ok ? parsed.value : null
}

/** Reads the domain of an e-mail address (R2). */
export function parseMailDomain(text: string): Parsed<Hostname, DomainFault> {
  // Nearly all are written as they stand in the DNS, and need none of the rules for other scripts.
  if (!text.includes('xn--') && isHostname(text)) return { ok: true, value: text as Hostname }
  const bare = text.endsWith('.') ? text.slice(0, -1) : text
  if (bare === '') return { ok: false, fault: 'domain-empty' }
  if (bare.startsWith('[') || IPV6.test(bare)) return { ok: false, fault: 'domain-ip-literal' }
  if (bare.length > MAX_NAME_LENGTH) return { ok: false, fault: 'domain-too-long' }
  if (/\p{Extended_Pictographic}/u.test(bare.replace(/[0-9]/g, '')))
    return { ok: false, fault: 'domain-symbols' }
  if (!UNICODE_LABELS.test(bare)) return { ok: false, fault: 'domain-syntax' }
  if (NUMERIC_LABEL.test(bare.toLowerCase().split('.').at(-1) ?? ''))
    return { ok: false, fault: 'domain-ip-literal' }
  const ascii = domainToASCII(bare.normalize('NFC'))
  if (ascii === '') return { ok: false, fault: 'domain-syntax' }
  if (ascii.length > MAX_NAME_LENGTH || ascii.split('.').some((label) => label.length > 63)) {
    return { ok: false, fault: 'domain-too-long' }
  }
  if (!ascii.includes('.')) return { ok: false, fault: 'domain-single-label' }
  if (NUMERIC_LABEL.test(ascii.split('.').at(-1) ?? '')) return { ok: false, fault: 'domain-ip-literal' }
  if (!isHostname(ascii)) return { ok: false, fault: 'domain-syntax' }
  // `xn--…` may spell what the U-label form would have been refused for.
  return UNICODE_LABELS.test(domainToUnicode(ascii))
    ? { ok: true, value: ascii as Hostname }
    : { ok: false, fault: 'domain-symbols' }
}

/** The U-label form, for display only (R2). */
export function toUnicode(name: Hostname): string {
  return domainToUnicode(name)
}

/**
 * The registrable domain (public suffix plus one label) by the Public Suffix List with its PRIVATE section (R15);
 * a public suffix is returned unchanged, so that a comparison with it never matches its customers.
 */
export function registrableDomain(name: Hostname): Hostname {
  return (getDomain(name, PSL) as Hostname | null) ?? name
}

/** Whether the name is itself a public suffix (`co.uk`, `github.io`), under which strangers live (R3, R15). */
export function isPublicSuffix(name: string): boolean {
  return getPublicSuffix(name, PSL) === name
}

/** Whether both names belong to one owner as far as the Public Suffix List tells. */
export function sameRegistrableDomain(a: Hostname, b: Hostname): boolean {
  return registrableDomain(a) === registrableDomain(b)
}

const PSL = { allowPrivateDomains: true, extractHostname: false, validateHostname: false }

/** RFC 6761 and its registry, RFC 8375 (home.arpa), RFC 9476 (alt), ICANN's `internal` (R3). */
const SPECIAL_USE = [
  'test',
  'example',
  'example.com',
  'example.net',
  'example.org',
  'invalid',
  'localhost',
  'local',
  'internal',
  'onion',
  'alt',
  'arpa',
]

/** Whether the name can never carry public mail: a special-use name or below one (R3). */
export function isSpecialUse(name: Hostname): boolean {
  return SPECIAL_USE.some((special) => name === special || name.endsWith(`.${special}`))
}

/** Scripts that are commonly written together in one label (UTS #39, "highly restrictive"). */
const SCRIPT_SETS = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Hangul'],
  ['Latin', 'Han', 'Bopomofo'],
]
const SCRIPTS = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Han',
  'Hiragana',
  'Katakana',
  'Hangul',
  'Bopomofo',
  'Arabic',
  'Hebrew',
  'Armenian',
  'Georgian',
  'Thai',
  'Devanagari',
].map((name) => ({ name, letter: new RegExp(`\\p{Script=${name}}`, 'u') }))

/** The labels, as U-labels, that mix scripts in a way no language does, such as Cyrillic within Latin (R2, R38). */
export function mixedScriptLabels(name: Hostname): string[] {
  if (!name.includes('xn--')) return []
  return toUnicode(name)
    .split('.')
    .filter((label) => {
      const used = SCRIPTS.filter((script) => script.letter.test(label)).map((script) => script.name)
      return used.length > 1 && !SCRIPT_SETS.some((set) => used.every((script) => set.includes(script)))
    })
}
