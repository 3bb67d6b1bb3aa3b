/** How the log names a domain that somebody asked about: plainly, by a keyed hash, or not at all. */
import { createHmac, randomBytes } from 'node:crypto'
import type { Config } from './config.js'
import type { Hostname } from './domain/hostname.js'

/** Characters of the hash: enough to tell domains apart, and no more. */
const HASH_LENGTH = 16
const OWN_KEY_BYTES = 32

type Settings = Pick<Config, 'MAILSCOUT_LOG_DOMAINS' | 'MAILSCOUT_LOG_KEY'>

/**
 * @returns the fields of a line that name the domain. A hash without a key would be undone by trying all domains, so the
 * process makes one where none is given; then its hashes mean nothing to other processes.
 */
export function domainFields({
  MAILSCOUT_LOG_DOMAINS: how,
  MAILSCOUT_LOG_KEY: given,
}: Settings): (domain: Hostname) => { readonly domain?: string } {
  if (how === 'plain') return (domain) => ({ domain })
  if (how === 'off') return () => ({})
  const key = given ?? randomBytes(OWN_KEY_BYTES)
  return (domain) => ({
    domain: createHmac('sha256', key).update(domain).digest('hex').slice(0, HASH_LENGTH),
  })
}
