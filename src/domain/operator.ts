/** What the operator's own files say, and they alone: the authority role (R42). */
import type { Discovery } from './discovery.js'
import type { Hostname } from './hostname.js'

export interface Operator {
  /**
   * The settings of an own domain as its file has them; null for every other domain. No live check and no other source
   * takes part, so that what is published stays the same bytes, and fits its digest, until the file changes (R48).
   */
  settings(domain: Hostname): Discovery | null
  /** Whether one of the operator's MX rules led to these settings of a domain that no file of his names. */
  leadsHere(discovery: Discovery): boolean
  /**
   * The PACC records that the DNS holds for an own domain now; empty where there are none or they could not be asked.
   * Rejects only with the signal's reason.
   */
  publishedPacc(domain: Hostname, signal: AbortSignal): Promise<readonly string[]>
}
