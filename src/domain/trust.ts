/**
 * How far a server may be trusted (R26). Insecure channels may only suggest; a certificate must confirm. Trust is kept
 * apart from rank: this file knows nothing of which source is preferred.
 */
import { type Hostname, sameRegistrableDomain } from './hostname.js'
import { type Trust, TRUST_TIERS, type Verification } from './mail-settings.js'

/**
 * What carried the settings, from the question to the parsed document, ANDed over every hop:
 * - `operator`: the operator's own file
 * - `curated`: a built-in entry or ISPDB, chosen by the exact e-mail domain
 * - `authenticated`: HTTPS within the e-mail's registrable domain on every hop, a matching PACC digest, or DNSSEC
 * - `known-provider`: an entry of the database, chosen by an MX record that nothing authenticates
 * - `insecure`: anything else (plain DNS, http, a redirect out of the domain, a hoster's file found through MX, a guess)
 */
export type Channel = 'operator' | 'curated' | 'authenticated' | 'known-provider' | 'insecure'

export interface TrustQuestion {
  readonly channel: Channel
  readonly mailDomain: Hostname
  readonly hostname: Hostname
  readonly verification: Verification
}

export function trustOf({ channel, mailDomain, hostname, verification }: TrustQuestion): Trust {
  if (channel === 'operator' || channel === 'authenticated' || channel === 'curated') return channel
  const atHome = channel === 'known-provider' || sameRegistrableDomain(hostname, mailDomain)
  return atHome && verification.status === 'verified' ? 'corroborated' : 'unconfirmed'
}

/** Negative when `a` is trusted more than `b`. */
export function compareTrust(a: Trust, b: Trust): number {
  return TRUST_TIERS.indexOf(a) - TRUST_TIERS.indexOf(b)
}
