/** When the answer may leave: as soon as nothing still running could change its first choice (design principle 5). */
import {
  isDisproved,
  type MailProtocol,
  type SourceName,
  type Verification,
} from '../domain/mail-settings.js'
import type { Assembled } from './assemble.js'
import type { Candidate } from './merge.js'
import { BESIDE_MAIL } from './run-sources.js'

export interface RankedSource {
  readonly source: SourceName
  readonly rank: number
}

/** The way in (IMAP before POP3) and the way out that would be recommended now; null while one is missing. */
export function firstChoice(assembled: Assembled): readonly [Candidate, Candidate] | null {
  const incoming = assembled.candidates.get('imap')?.[0] ?? assembled.candidates.get('pop3')?.[0]
  const outgoing = assembled.candidates.get('smtp')?.[0]
  return incoming && outgoing ? [incoming, outgoing] : null
}

/** Whether this source, were it to answer, might change the first choice. */
export function couldChange(assembled: Assembled, { source, rank }: RankedSource): boolean {
  const choice = firstChoice(assembled)
  if (assembled.noAccess && assembled.candidates.size === 0) return false
  // Nor may their silence degrade an answer about mail; only where nothing is known yet do they decide what is found.
  if (BESIDE_MAIL.has(source)) return assembled.candidates.size === 0
  if (!choice) return true
  // Whoever names a server that passes its check goes before one that did not.
  if (choice.some(({ server, vouchedFor }) => fallsBehind(server.verification, vouchedFor))) return true
  if (choice.every((candidate) => candidate.vouchedFor)) return isOwnDatabase(source)
  // IMAP, whoever offers it, would be advised before POP3 (R40).
  if (!assembled.candidates.has('imap')) return true
  if (choice.some((candidate) => candidate.server.trust === 'unconfirmed')) return true
  // Nothing but an entry for the domain goes before the known provider to which its MX delivers (R27, R53); at most
  // another of his servers, which matters where the first one has no more than STARTTLS (R24).
  if (choice.every(({ deliversHere, server }) => deliversHere && server.security === 'tls'))
    return isOwnDatabase(source)
  // The MX may still name a known provider, which then ranks first (R27).
  if (source === 'mx' && !choice.some((candidate) => candidate.vouchedFor)) return true
  return rank < Math.max(...choice.map((candidate) => candidate.rank))
}

/**
 * Whether this source, which cannot change a first choice that follows the MX, would have gone before it otherwise: the
 * conflict that R27 wants reported.
 */
export function couldContradict(assembled: Assembled, { source, rank }: RankedSource): boolean {
  const choice = firstChoice(assembled) ?? []
  return (
    !BESIDE_MAIL.has(source) && choice.some((one) => one.deliversHere && !one.vouchedFor && rank < one.rank)
  )
}

/**
 * Whether the first choice could be recommended as it is: both ways are there, neither is a mere hint (R26), and no check
 * spoke against them. Sources that are still silent then get a grace and no more.
 */
export function isStanding(assembled: Assembled): boolean {
  const choice = firstChoice(assembled)
  return (
    choice?.every(
      ({ server, vouchedFor }) =>
        server.trust !== 'unconfirmed' && !fallsBehind(server.verification, vouchedFor),
    ) === true
  )
}

function isOwnDatabase(source: SourceName): boolean {
  return source === 'operator' || source === 'provider-db'
}

/** A vouched-for server whose check told nothing keeps its word: we may have no way out to mail ports at all. */
function fallsBehind(verification: Verification, vouchedFor: boolean): boolean {
  return vouchedFor ? isDisproved(verification) : verification.status === 'failed'
}

/**
 * Whether the silence of this source may have left the asker with something weaker (R24): it could have changed the
 * first choice; or that is no more than STARTTLS, and what the source says goes before it, or before a check that told
 * nothing.
 */
export function isMissed(assembled: Assembled, source: RankedSource): boolean {
  if (couldChange(assembled, source)) return true
  if (BESIDE_MAIL.has(source.source)) return false
  return (firstChoice(assembled) ?? []).some(
    ({ rank, server }) =>
      server.security !== 'tls' && (source.rank < rank || server.verification.status === 'failed'),
  )
}

/** A vouched-for first choice may leave before its check, which goes on in the background. */
export function leavesUnchecked(assembled: Assembled, protocol: MailProtocol): boolean {
  return assembled.candidates.get(protocol)?.[0]?.vouchedFor === true
}
