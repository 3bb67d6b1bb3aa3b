/** What an answer came from, cheapest first; for counting. */
export const ANSWERED_BY = [
  /** Bytes that were ready to leave. */
  'ready',
  /** The memory of this process, in its time. */
  'memory',
  /** The same, past its time: a new lookup runs behind it (RFC 5861 section 3). */
  'stale',
  /** What another process found. */
  'shared',
  /** A lookup that somebody else had started. */
  'joined',
  /** A lookup of its own. */
  'lookup',
] as const
export type AnsweredBy = (typeof ANSWERED_BY)[number]
