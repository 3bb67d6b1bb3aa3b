/** How long an answer may be kept: by kind, and never longer than its sources allow (R37). */
import type { Lifetime } from '../cache/store.js'
import type { Discovery } from '../domain/discovery.js'
import { isDisproved, type Server } from '../domain/mail-settings.js'
import type { EndedSource } from './assemble.js'

/** Seconds. Found settings change rarely; a floor keeps zero TTLs from turning into load, a ceiling keeps them fresh. */
const FOUND = { floor: 300, ceiling: 86_400 }
/** An answer some source failed for: good, but worth another look soon. */
const INCOMPLETE_CEILING = 300
/** A weaker answer than the domain may deserve. */
const DEGRADED = 30
/** Nothing there: an administrator who just published should not wait an hour. */
const ABSENT = { floor: 60, ceiling: 900 }
/** "failed only for seconds" (R37). */
export const FAILED = 10
/** Past its time a good answer leaves at once while a new one is made: not longer than it was good, and an hour at most. */
const STALE_CEILING = 3600

export function lifetime(answer: {
  kind: Discovery['kind']
  degraded: boolean
  ended: readonly EndedSource[]
  /** Some were silent to the end, beside those that have ended. */
  someSilent?: boolean
  /** The first server of IMAP, POP3 and SMTP; empty where no check was wanted. */
  firstChoices: readonly Server[]
}): number {
  if (answer.kind === 'failed') return FAILED
  const outcomes = answer.ended.map(({ outcome }) => outcome)
  if (answer.kind !== 'found') {
    const ttls = outcomes.flatMap((outcome) =>
      outcome.outcome === 'absent' ? [outcome.ttlSeconds ?? Infinity] : [],
    )
    return clamp(Math.min(...ttls), ABSENT)
  }
  if (answer.degraded) return DEGRADED
  const ttls = outcomes.flatMap((outcome) => (outcome.outcome === 'found' ? [outcome.ttlSeconds] : []))
  const incomplete =
    answer.someSilent === true ||
    outcomes.some(
      (outcome) =>
        outcome.outcome === 'failed' || (outcome.outcome === 'found' && outcome.missed !== undefined),
    )
  const open = answer.firstChoices.filter(isOpen)
  // One lost packet must not keep a domain unconfirmed for a day.
  if (open.some((server) => server.trust === 'unconfirmed')) return DEGRADED
  return clamp(Math.min(...ttls, incomplete || open.length > 0 ? INCOMPLETE_CEILING : Infinity), FOUND)
}

/**
 * How the final answer of a lookup is kept. What failed or might be better is never served past its time, nor is "nothing
 * there": whoever has just published looks again and must see it.
 */
export function keeping({ kind, degraded, ttlSeconds }: Discovery): Lifetime {
  const staleSeconds = kind === 'found' && !degraded ? Math.min(ttlSeconds, STALE_CEILING) : 0
  return { ttlSeconds, staleSeconds, ahead: kind !== 'failed' }
}

/** The check has not been made, or told nothing. */
function isOpen({ verification }: Server): boolean {
  return (
    verification.status === 'unchecked' || (verification.status === 'failed' && !isDisproved(verification))
  )
}

function clamp(value: number, range: { floor: number; ceiling: number }): number {
  return Math.round(Math.min(Math.max(value, range.floor), range.ceiling))
}
