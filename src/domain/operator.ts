/** What the operator's own files say, and they alone: the authority role (R42). */
import type { Discovery } from './discovery.js'
import type { EmailAddress } from './email-address.js'
import type { Hostname } from './hostname.js'
import type { Kept } from './kept.js'

export interface Operator {
  /**
   * The settings of an own domain as its file has them; null for every other domain. No live check and no other source
   * takes part, so that what is published stays the same bytes, and fits its digest, until the file changes (R48).
   */
  settings(domain: Hostname): Discovery | null
  /** The same, not read before they are needed; the stamp is that of the files. */
  kept(domain: Hostname): Kept<Discovery> | undefined
  /** Whether `personal` may change anything for addresses of the domain. */
  hasLogins(domain: Hostname): boolean
  /**
   * The same settings with the login name that the domain's lookup file has for the address, or one that nobody can tell
   * from it where it has none (R43). Unchanged for every domain without such a file. Never to be kept or logged.
   */
  personal(discovery: Discovery, email: EmailAddress): Discovery
  /** Whether one of the operator's MX rules led to these settings of a domain that no file of his names. */
  leadsHere(discovery: Discovery): boolean
  /**
   * The PACC records that the DNS holds for an own domain now; empty where there are none or they could not be asked.
   * Rejects only with the signal's reason.
   */
  publishedPacc(domain: Hostname, signal: AbortSignal): Promise<readonly string[]>
}
