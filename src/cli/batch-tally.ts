/** What a batch says while it runs and at its end. No address is ever named: error streams end up in logs (R13). */
import type { Problem } from '../domain/answer.js'
import type { Earlier } from './batch-output.js'
import { type BatchRecord, type Outcome, outcomeOf } from './batch-records.js'
import type { ProcessParts } from './command.js'
import { progressLine, WIPE_LINE } from './progress.js'

/** Bad lines named one by one; a file of another kind would fill the screen. */
const MAX_NAMED = 20
/** Milliseconds between two pictures of the bar: faster than anybody reads. */
const REDRAW_MS = 100

const WORDS: Readonly<Record<Outcome, string>> = {
  found: 'found',
  nothing: 'nothing found',
  bad: 'no address',
  failed: 'failed',
  internal: 'internal error',
}

export interface Tally {
  /** With those of an earlier run. */
  readonly counts: Readonly<Record<Outcome, number>>
  count(record: BatchRecord): void
  /** Wipes the bar. */
  end(): void
  summary(): string
}

export function createTally(
  { earlier, total }: { earlier: Earlier; total: number | null },
  { terminal, interactive, surroundings }: Pick<ProcessParts, 'terminal' | 'interactive' | 'surroundings'>,
): Tally {
  const counts = { ...earlier.counts }
  const now = surroundings.now ?? Date.now
  let done = earlier.done
  let named = 0
  let drawn = -Infinity
  const wipe = () => {
    if (interactive && drawn !== -Infinity) terminal.err(WIPE_LINE)
  }
  if (done > 0) terminal.err(`going on behind ${done} addresses that are done\n`)
  return {
    counts,
    count({ line, status, body }) {
      const outcome = outcomeOf({ status, code: 'code' in body ? body.code : undefined })
      counts[outcome] += 1
      done += 1
      if (outcome === 'bad') {
        named += 1
        wipe()
        if (named <= MAX_NAMED) terminal.err(`line ${line}: ${(body as Problem).detail}\n`)
        if (named === MAX_NAMED) terminal.err('further lines without an address stand in the result alone\n')
      }
      if (!interactive || (now() - drawn < REDRAW_MS && done !== total)) return
      drawn = now()
      terminal.err(progressLine({ done, total }, noteOf(counts)))
    },
    end: wipe,
    summary: () => `${done} addresses${noteOf(counts)}\n`,
  }
}

function noteOf(counts: Readonly<Record<Outcome, number>>): string {
  const told = (Object.keys(WORDS) as Outcome[]).filter((outcome) => counts[outcome] > 0)
  return told.map((outcome) => `, ${counts[outcome]} ${WORDS[outcome]}`).join('')
}
