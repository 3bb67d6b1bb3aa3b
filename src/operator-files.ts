/** How an operator's directory is read: where the database (`providers/`) meets the XML reader (`formats/`). */
import { ConfigError } from './config.js'
import { type Hostname, parseHostname } from './domain/hostname.js'
import { type AutoconfigDocument, readAutoconfig } from './formats/autoconfig-read.js'
import { type FileOptions, ProviderFileError, type XmlReading } from './providers/provider-file.js'
import {
  createProviderFiles,
  type ProviderFiles,
  type ProviderFilesParts,
} from './providers/provider-files.js'

export const OPERATOR_FILES: FileOptions = { operator: true, readXml: readAutoconfigFile }

/**
 * The operator's directory as the process starts with it.
 * @throws ConfigError for a directory that cannot be read, ProviderFileError for a file in it that cannot be used
 */
export function openOperatorFiles(parts: ProviderFilesParts): ProviderFiles {
  try {
    return createProviderFiles(parts)
  } catch (error) {
    // Files are named relative to the directory; only the directory itself is a wrong setting.
    if (!(error instanceof ProviderFileError) || error.file !== parts.directory) throw error
    throw new ConfigError(`MAILSCOUT_PROVIDERS_DIR: ${error.message}`)
  }
}

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
