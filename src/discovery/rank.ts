/**
 * The order of the candidates of one protocol, best first. Arrival plays no part: equal inputs in any order give equal
 * output. Rank is kept apart from trust, but what is unconfirmed never stands before what is confirmed (R26).
 */
import { isDisproved, type Security } from '../domain/mail-settings.js'
import type { Candidate } from './merge.js'

/** Implicit TLS goes before STARTTLS whatever the listing says (R23, RFC 8314 section 3). */
const TRANSPORT_ORDER: Readonly<Record<Security, number>> = { tls: 0, starttls: 1, plain: 2 }

export interface OrderOptions {
  /** The MX names a known provider, and no entry for the domain itself says otherwise: it ranks first (R27, R53). */
  readonly followMx: boolean
}

export function orderCandidates(candidates: readonly Candidate[], options: OrderOptions): Candidate[] {
  const mxOrder = (candidate: Candidate) =>
    options.followMx && candidate.server.trust !== 'operator' && !candidate.deliversHere ? 1 : 0
  // A check that told nothing costs a server its place only to one that passed.
  const onePassed = candidates.some(
    ({ server }) => server.verification.status === 'verified' && server.trust !== 'unconfirmed',
  )
  const failedOrder = ({ server }: Candidate) =>
    onePassed && server.verification.status === 'failed' ? 1 : 0
  const keys = (candidate: Candidate): number[] => [
    isDisproved(candidate.server.verification) ? 1 : 0,
    candidate.server.trust === 'unconfirmed' ? 1 : 0,
    failedOrder(candidate),
    mxOrder(candidate),
    candidate.rank,
  ]
  const late = (candidate: Candidate): number[] => [
    TRANSPORT_ORDER[candidate.server.security],
    candidate.server.declaredOrder,
    candidate.server.port,
  ]
  return [...candidates].sort(
    (a, b) =>
      compareNumbers(keys(a), keys(b)) ||
      compareNumbers(late(a), late(b)) ||
      compareText(a.server.hostname, b.server.hostname),
  )
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
