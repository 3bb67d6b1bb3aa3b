/**
 * Starts every source at once and keeps what they answer (design principle 5). Each has its own child controller, so
 * that one can be called off without the others; all are called off when the run is closed.
 */
import { setMaxListeners } from 'node:events'
import type { SourceReport } from '../domain/discovery.js'
import { failure } from '../domain/errors.js'
import type { SourceName } from '../domain/mail-settings.js'
import type { Source, SourceOutcome, SourceQuery } from '../domain/source.js'
import type { EndedSource } from './assemble.js'

export interface RunHooks {
  /** Monotonic milliseconds. */
  readonly clock: () => number
  readonly onReport: (report: SourceReport) => void
  /** A source ended: what was assembled before is out of date. */
  readonly onChange: () => void
  /** A source threw what no source should throw. */
  readonly onBug: (source: SourceName, error: unknown) => void
  /** These start when they are released, or the patience with the others is over. */
  readonly heldBack?: { readonly sources: ReadonlySet<SourceName>; readonly patienceMs: number }
}

/** Sources that name services beside IMAP, POP3 and SMTP, and so never a first choice. */
export const BESIDE_MAIL: ReadonlySet<SourceName> = new Set<SourceName>(['jmap', 'dav'])

/** Without speculation: guessing begins when all others have ended in vain, or kept silent for so long. */
export const GUESS_LAST = { sources: new Set<SourceName>(['guess']), patienceMs: 1500 }

interface Running {
  readonly rank: number
  startedAt: number
  readonly controller: AbortController
}

export class SourceRun {
  readonly ended: EndedSource[] = []
  readonly reports: SourceReport[] = []
  /** Counts the outcomes that settings can be made of; another "nothing here" changes none. */
  tellings = 0
  readonly #running = new Map<SourceName, Running>()
  readonly #held = new Map<SourceName, () => void>()
  readonly #hooks: RunHooks
  #patience: NodeJS.Timeout | undefined

  constructor(sources: readonly Source[], query: SourceQuery, hooks: RunHooks) {
    this.#hooks = hooks
    for (const [rank, source] of sources.entries()) this.#start(source, rank, query)
    if (this.#held.size === 0) return
    this.#patience = setTimeout(() => {
      this.release()
    }, hooks.heldBack?.patienceMs)
  }

  /** Sources that have not answered yet, with their rank. */
  get running(): readonly { source: SourceName; rank: number }[] {
    return [...this.#running].map(([source, { rank }]) => ({ source, rank }))
  }

  /** Whether of those that could name mail servers only such are left as are held back. */
  get isWaitedFor(): boolean {
    const others = [...this.#running.keys()].filter((name) => !this.#held.has(name) && !BESIDE_MAIL.has(name))
    return this.#held.size > 0 && others.length === 0
  }

  /** Starts what was held back. */
  release(): void {
    clearTimeout(this.#patience)
    for (const [source, begin] of [...this.#held]) {
      this.#held.delete(source)
      const running = this.#running.get(source)
      if (!running) continue
      running.startedAt = this.#hooks.clock()
      begin()
    }
  }

  /** Calls a source off and records it as skipped: its answer can no longer matter. */
  skip(source: SourceName, reason: string): void {
    this.#end(source, { outcome: 'skipped', reason })
  }

  /** Ends the run: what still runs has failed for want of time. */
  close(): void {
    clearTimeout(this.#patience)
    this.#held.clear()
    for (const source of [...this.#running.keys()]) {
      this.#end(source, {
        outcome: 'failed',
        failure: failure('timeout', 'no answer within the time allowed'),
      })
    }
  }

  #start(source: Source, rank: number, query: SourceQuery): void {
    const controller = new AbortController()
    // A source may ask many questions at once, each listening.
    setMaxListeners(0, controller.signal)
    this.#running.set(source.name, { rank, startedAt: this.#hooks.clock(), controller })
    const begin = () => {
      this.#ask(source, { ...query, signal: controller.signal })
    }
    if (this.#hooks.heldBack?.sources.has(source.name)) this.#held.set(source.name, begin)
    else begin()
  }

  #ask(source: Source, query: SourceQuery): void {
    // An async call, so that a source that throws before it returns a promise is caught as well.
    const answer = (async () => source.find(query))()
    void answer.then(
      (outcome) => {
        this.#end(source.name, outcome)
      },
      (error: unknown) => {
        if (!this.#running.has(source.name)) return
        // A bug in one source must not break the answer that another can give; it shows as this source's failure.
        this.#end(source.name, {
          outcome: 'failed',
          failure: failure('protocol', `internal error: ${error instanceof Error ? error.name : 'unknown'}`),
        })
        this.#hooks.onBug(source.name, error)
      },
    )
  }

  #end(source: SourceName, outcome: SourceOutcome): void {
    const running = this.#running.get(source)
    if (!running) return
    this.#running.delete(source)
    this.#held.delete(source)
    this.ended.push({ source, rank: running.rank, outcome })
    if (tellsSomething(outcome)) this.tellings += 1
    const report = toReport(source, outcome, this.#hooks.clock() - running.startedAt)
    this.reports.push(report)
    running.controller.abort(new Error('called off'))
    this.#hooks.onReport(report)
    this.#hooks.onChange()
  }
}

function tellsSomething(outcome: SourceOutcome): boolean {
  if (outcome.outcome !== 'absent') return outcome.outcome === 'found'
  const { noMail, receivesMail, noAccess, provider, notices } = outcome
  return (noMail ?? receivesMail ?? noAccess ?? provider ?? notices) !== undefined
}

function toReport(source: SourceName, outcome: SourceOutcome, elapsed: number): SourceReport {
  const base = { source, outcome: outcome.outcome, durationMs: Math.round(elapsed) }
  if (outcome.outcome === 'failed') return { ...base, failure: outcome.failure }
  if (outcome.outcome === 'found' && outcome.missed) return { ...base, failure: outcome.missed }
  if (outcome.outcome === 'skipped') return { ...base, detail: outcome.reason }
  if (outcome.outcome === 'absent' && outcome.detail !== undefined) return { ...base, detail: outcome.detail }
  return base
}
