/**
 * One lookup of one domain: sources and live checks run side by side; the first answer leaves when nothing still
 * running could change it, the grace for the silent is over, or the budget is spent; what comes later makes the final
 * one, for the cache.
 */
import { setMaxListeners } from 'node:events'
import { type Discovery, MAIL_PROTOCOLS, type SourceReport } from '../domain/discovery.js'
import type { EmailAddress } from '../domain/email-address.js'
import { failure } from '../domain/errors.js'
import type { Hostname } from '../domain/hostname.js'
import type { Server, SourceName } from '../domain/mail-settings.js'
import type { MailProber, Source } from '../domain/source.js'
import { type Assembled, assemble, kindOf, serversOf } from './assemble.js'
import { probeOnce } from './probe-once.js'
import { GUESS_LAST, SourceRun } from './run-sources.js'
import {
  couldChange,
  couldContradict,
  firstChoice,
  isMissed,
  isStanding,
  leavesUnchecked,
  type RankedSource,
} from './settle.js'
import { lifetime } from './lifetime.js'
import type { Candidate } from './merge.js'
import { Verifier, type VerifyMode } from './verify.js'

export interface LookupParts {
  /** THE ordered list: the position is the rank. */
  readonly sources: readonly Source[]
  readonly prober: MailProber
  readonly budgetMs: number
  /** Milliseconds that sources have from the first answer that could stand (default GRACE_MS); 0 is none. */
  readonly graceMs?: number
  /** Whether likely hosts are asked while better sources are still on their way (default true). */
  readonly speculation?: boolean
  /** Wall clock, milliseconds since the epoch. */
  readonly now: () => number
  readonly onBug: (where: SourceName | 'verify', error: unknown) => void
}

export interface LookupRequest {
  readonly domain: Hostname
  readonly verify: VerifyMode
  /** Ends the whole lookup, for instance when nobody waits any more. */
  readonly signal: AbortSignal
  readonly sendAddress?: EmailAddress
  readonly onReport?: (report: SourceReport) => void
  /**
   * Hears once, before the first answer, what will be in it should the checks on their way succeed. For showing: what
   * they have not confirmed yet is unconfirmed in it (R26).
   */
  readonly onPreview?: (preview: Discovery) => void
}

/**
 * A healthy server far away has answered long before; a silent one must not make everybody wait for the whole budget.
 * Who is slower than that is named as missing (R24), and heard for the final answer.
 */
const GRACE_MS = 250

export interface LookupResult {
  /** Rejects only with the signal's reason. */
  readonly first: Promise<Discovery>
  /** The same, or better: with late sources and background checks. */
  readonly final: Promise<Discovery>
}

export function lookUp(parts: LookupParts, request: LookupRequest): LookupResult {
  const lookup = new Lookup(parts, request)
  const first = lookup.untilFirst()
  const final = first.then(() => lookup.untilFinal())
  final.catch(() => undefined)
  return { first, final }
}

class Lookup {
  readonly #parts: LookupParts
  readonly #request: LookupRequest
  readonly #controller = new AbortController()
  readonly #run: SourceRun
  readonly #verifier: Verifier
  readonly #startedAt = performance.now()
  readonly #budget: NodeJS.Timeout
  #grace: NodeJS.Timeout | undefined
  #spent = false
  #graceOver = false
  #previewed = false
  #known: { readonly version: string; readonly assembled: Assembled } | undefined
  #wake: () => void = () => undefined

  constructor(parts: LookupParts, request: LookupRequest) {
    this.#parts = parts
    this.#request = request
    const onChange = () => {
      this.#wake()
    }
    const signal = this.#controller.signal
    // Every question of the lookup listens to this one signal.
    setMaxListeners(0, signal)
    const prober = probeOnce(parts.prober, signal)
    this.#budget = setTimeout(() => {
      this.#spent = true
      onChange()
    }, parts.budgetMs)
    request.signal.addEventListener('abort', onChange, { once: true })
    this.#verifier = new Verifier({
      prober,
      signal,
      now: parts.now,
      onChange,
      onBug: (error) => {
        parts.onBug('verify', error)
      },
    })
    const query = {
      domain: request.domain,
      signal,
      prober,
      ...(request.sendAddress ? { sendAddress: request.sendAddress } : {}),
    }
    this.#run = new SourceRun(parts.sources, query, {
      clock: () => performance.now(),
      onReport: (report) => request.onReport?.(report),
      onChange,
      onBug: parts.onBug,
      ...(parts.speculation === false ? { heldBack: GUESS_LAST } : {}),
    })
  }

  async untilFirst(): Promise<Discovery> {
    const { verify } = this.#request
    try {
      return await this.#until((assembled) => {
        if (verify !== 'never') this.#check(assembled, verify === 'auto')
        this.#preview(assembled)
        this.#tendGuess(assembled, ({ server }) => server.verification.status === 'verified')
        if (this.#mustAwait(assembled)) return false
        return !this.#verifier.busy || !this.#hopesForBetter(assembled)
      })
    } catch (error) {
      this.#close()
      throw error
    }
  }

  async untilFinal(): Promise<Discovery> {
    const { verify } = this.#request
    try {
      return await this.#until((assembled) => {
        if (verify !== 'never') this.#check(assembled, false)
        this.#tendGuess(assembled, () => true)
        return this.#run.running.length === 0 && !this.#verifier.busy
      })
    } finally {
      this.#close()
    }
  }

  /** Guessing is for domains that say nothing; hosts that a trusted source has ruled out are left in peace. */
  #tendGuess(assembled: Assembled, stands: (candidate: Candidate) => boolean): void {
    const settled = firstChoice(assembled)?.every((choice) => choice.declaredPort && stands(choice)) === true
    const waitedFor = this.#run.isWaitedFor && !this.#verifier.busy
    if (settled || (waitedFor && isStanding(assembled))) this.#run.skip('guess', 'settled by a better source')
    else if (waitedFor) this.#run.release()
  }

  /** Assembles at every change until `done` or the budget is spent. */
  async #until(done: (assembled: Assembled) => boolean): Promise<Discovery> {
    for (;;) {
      if (this.#request.signal.aborted) throw this.#request.signal.reason as Error
      const changed = new Promise<void>((resolve) => (this.#wake = resolve))
      const assembled = this.#assemble()
      if (this.#spent || done(assembled)) return this.#toDiscovery(assembled)
      await changed
    }
  }

  #check(assembled: Assembled, acceptVouched: boolean): void {
    const bestCase = this.#assemble(this.#verifier.bestCase(assembled))
    this.#verifier.start(this.#verifier.wanted(assembled, bestCase, acceptVouched))
  }

  /** Whether a source is worth waiting for: it could change or contradict the first choice, in its time of grace. */
  #mustAwait(assembled: Assembled): boolean {
    const matters = (source: RankedSource) =>
      couldChange(assembled, source) || couldContradict(assembled, source)
    if (!this.#run.running.some(matters)) return false
    return !isStanding(assembled) || !this.#isGraceOver()
  }

  /** Begins with the first question for it: when an answer could stand. */
  #isGraceOver(): boolean {
    const { graceMs = GRACE_MS } = this.#parts
    this.#graceOver ||= graceMs === 0
    this.#grace ??= setTimeout(() => {
      this.#graceOver = true
      this.#wake()
    }, graceMs)
    return this.#graceOver
  }

  #preview(assembled: Assembled): void {
    const { onPreview } = this.#request
    if (this.#previewed || !onPreview || !firstChoice(assembled)) return
    const hoped = this.#assemble(this.#verifier.hopes())
    if (!firstChoice(hoped) || this.#run.running.some((source) => couldChange(hoped, source))) return
    this.#previewed = true
    onPreview(this.#toDiscovery(assembled))
  }

  /** Whether a probe still on its way, were it to succeed, would come first: then it is worth waiting for. */
  #hopesForBetter(assembled: Assembled): boolean {
    const hoped = this.#assemble(this.#verifier.hopes())
    // POP3 beside IMAP is no part of the first choice: its check has the grace of the sources.
    const isOver = isStanding(assembled) && this.#isGraceOver()
    const chosen = isOver ? firstChoice(hoped)?.map(({ protocol }) => protocol) : undefined
    const awaited = chosen ? MAIL_PROTOCOLS.filter((protocol) => chosen.includes(protocol)) : MAIL_PROTOCOLS
    return awaited.some((protocol) => {
      const first = hoped.candidates.get(protocol)?.[0]
      if (first === undefined || !this.#verifier.isPending(first)) return false
      return this.#request.verify === 'always' || !leavesUnchecked(assembled, protocol)
    })
  }

  #assemble(verifications = this.#verifier.results): Assembled {
    const input = { mailDomain: this.#request.domain, ended: this.#run.ended, verifications }
    if (verifications !== this.#verifier.results) return assemble(input)
    // Most changes are another "nothing here"; each endpoint has one result.
    const version = `${this.#run.tellings} ${verifications.size}`
    if (this.#known?.version !== version) this.#known = { version, assembled: assemble(input) }
    return this.#known.assembled
  }

  #close(): void {
    clearTimeout(this.#budget)
    clearTimeout(this.#grace)
    this.#run.close()
    this.#controller.abort(new Error('lookup ended'))
  }

  #toDiscovery(assembled: Assembled): Discovery {
    const sources = [...this.#run.reports, ...this.#unfinished(assembled)]
    const order = this.#parts.sources.map((source) => source.name)
    sources.sort((a, b) => order.indexOf(a.source) - order.indexOf(b.source))
    const found = assembled.candidates.size > 0
    const failed = sources.some((report) => report.outcome === 'failed')
    const missing = sources.filter(({ source, outcome, failure: cause }) => {
      if (!cause) return false
      const rank = order.indexOf(source)
      // What a source missed beside what it found would have gone before the latter (R24).
      return isMissed(assembled, { source, rank: outcome === 'found' ? rank - 1 : rank })
    })
    const degraded = missing.length > 0
    const kind = kindOf(assembled, failed)
    return {
      domain: this.#request.domain,
      kind,
      provider: assembled.provider,
      servers: serversOf(assembled),
      oauth2: assembled.oauth2,
      notices: assembled.notices,
      receivesMail: assembled.receivesMail,
      suggestions: [],
      warnings: degraded && found ? [...assembled.warnings, degradedWarning(missing)] : assembled.warnings,
      conflicts: assembled.conflicts,
      rejected: assembled.rejected,
      notOffered: assembled.notOffered,
      degraded,
      sources,
      ttlSeconds: lifetime({
        kind,
        degraded,
        ended: this.#run.ended,
        someSilent: this.#spent && this.#run.running.length > 0,
        firstChoices: this.#request.verify === 'never' ? [] : firstServers(assembled),
      }),
      lookedUpAt: this.#parts.now(),
    }
  }

  /** What still runs when an answer leaves: a failure where it might have mattered or had all the time, else not awaited. */
  #unfinished(assembled: Assembled): SourceReport[] {
    return this.#run.running.map((running): SourceReport => {
      const base = { source: running.source, durationMs: Math.round(performance.now() - this.#startedAt) }
      return this.#spent || couldChange(assembled, running)
        ? { ...base, outcome: 'failed', failure: failure('timeout', 'no answer within the time allowed') }
        : { ...base, outcome: 'skipped', durationMs: 0, detail: 'not awaited: the answer was settled' }
    })
  }
}

function firstServers({ candidates }: Assembled): Server[] {
  return MAIL_PROTOCOLS.flatMap((protocol) => candidates.get(protocol)?.[0]?.server ?? [])
}

function degradedWarning(missing: readonly SourceReport[]) {
  return { code: 'degraded', params: { sources: missing.map((report) => report.source).join(', ') } }
}
