/** Counts that several processes keep together, so that a limit holds for all of them at once (R10). */

/**
 * The windows are those of the wall clock, `RATE_WINDOW_MS` long, and begin and end together in all processes. Never fails,
 * and only `sync` waits: what the others count is heard a moment later, and not at all while they cannot be reached; then
 * each process counts for itself. So the overrun of a limit is what comes in within that moment.
 */
export interface SharedCounters {
  /** Tells the others that so much was used of the key in the window under way. */
  add(key: string, cost: number): void
  /** What the others have used of it in the window under way, as far as is known; asked of keys that were added to. */
  others(key: string): number
  /** Tells and hears everything now; resolves within a few milliseconds whatever happens. */
  sync(): Promise<void>
}
