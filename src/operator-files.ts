/** How an operator's directory is read: where the database (`providers/`) meets the XML reader (`formats/`). */
import { type Hostname, parseHostname } from './domain/hostname.js'
import { type AutoconfigDocument, readAutoconfig } from './formats/autoconfig-read.js'
import type { FileOptions, XmlReading } from './providers/provider-file.js'

export const OPERATOR_FILES: FileOptions = { operator: true, readXml: readAutoconfigFile }

/** Stands for "some domain" until the file has named its own. */
const ANY_DOMAIN = parseHostname('mail.invalid') as Hostname

/**
 * Reads a plain autoconfig file that is for the domains it lists.
 * @returns the reason where it is no such file, lists no domain, or means other servers for each of its domains
 */
export function readAutoconfigFile(bytes: Uint8Array): XmlReading {
  const first = read(bytes, ANY_DOMAIN)
  if (typeof first === 'string') return { ok: false, reason: first }
  const [one, other] = first.domains
  if (one === undefined) return { ok: false, reason: 'domain: the file lists none' }
  const facts = read(bytes, one)
  if (typeof facts === 'string') return { ok: false, reason: facts }
  if (other !== undefined && hosts(facts) !== hosts(read(bytes, other))) {
    const reason =
      'hostname: holds %EMAILDOMAIN% while the file lists several domains; write one file for each'
    return { ok: false, reason }
  }
  return { ok: true, facts }
}

function read(bytes: Uint8Array, domain: Hostname): AutoconfigDocument | string {
  const result = readAutoconfig(bytes, { domain, source: 'operator' })
  return result.ok ? result.document : result.failure.detail
}

function hosts(document: AutoconfigDocument | string): string {
  return typeof document === 'string' ? '' : document.servers.map(({ hostname }) => hostname).join(' ')
}
