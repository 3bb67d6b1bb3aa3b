/**
 * One lookup of one domain: sources and live checks run side by side; the first answer leaves when nothing still
 * running could change it or the budget is spent; what comes later makes the final one, for the cache.
 */
import { setMaxListeners } from 'node:events'
import { type Discovery, MAIL_PROTOCOLS, type SourceReport } from '../domain/discovery.js'
import type { EmailAddress } from '../domain/email-address.js'
import { failure } from '../domain/errors.js'
import type { Hostname } from '../domain/hostname.js'
import type { MailProtocol, Server, SourceName } from '../domain/mail-settings.js'
import type { MailProber, Source } from '../domain/source.js'
import { type Assembled, assemble, serversOf } from './assemble.js'
import { probeOnce } from './probe-once.js'
import { SourceRun } from './run-sources.js'
import { couldChange, firstChoice, isMissed } from './settle.js'
import { lifetime } from './lifetime.js'
import { Verifier, type VerifyMode } from './verify.js'

export interface LookupParts {
  /** THE ordered list: the position is the rank. */
  readonly sources: readonly Source[]
  readonly prober: MailProber
  readonly budgetMs: number
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
}

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
  readonly #budget: NodeJS.Timeout
  #spent = false
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
    })
  }

  async untilFirst(): Promise<Discovery> {
    const { verify } = this.#request
    try {
      return await this.#until((assembled) => {
        if (verify !== 'never') this.#check(assembled, verify === 'auto')
        if (this.#run.running.some((source) => couldChange(assembled, source))) return false
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
        // Guessing is for domains that say nothing; hosts that a trusted source has ruled out are left in peace.
        const settled = firstChoice(assembled)?.every((candidate) => candidate.declaredPort) === true
        if (settled) this.#run.skip('guess', 'settled by a better source')
        return this.#run.running.length === 0 && !this.#verifier.busy
      })
    } finally {
      this.#close()
    }
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

  /** Whether a probe still on its way, were it to succeed, would come first: then it is worth waiting for. */
  #hopesForBetter(assembled: Assembled): boolean {
    const hoped = this.#assemble(this.#verifier.hopes())
    return MAIL_PROTOCOLS.some((protocol) => {
      const first = hoped.candidates.get(protocol)?.[0]
      if (first === undefined || !this.#verifier.isPending(first)) return false
      return this.#request.verify === 'always' || !leavesUnchecked(assembled, protocol)
    })
  }

  #assemble(verifications = this.#verifier.results): Assembled {
    return assemble({ mailDomain: this.#request.domain, ended: this.#run.ended, verifications })
  }

  #close(): void {
    clearTimeout(this.#budget)
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
    const kind = kindOf({ found, failed, assembled })
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
        firstChoices: this.#request.verify === 'never' ? [] : firstServers(assembled),
      }),
      lookedUpAt: this.#parts.now(),
    }
  }

  /** What still runs when an answer leaves: a failure where it might have mattered, otherwise not awaited. */
  #unfinished(assembled: Assembled): SourceReport[] {
    return this.#run.running.map((running): SourceReport => {
      const base = { source: running.source, durationMs: Math.round(this.#parts.budgetMs) }
      return couldChange(assembled, running)
        ? { ...base, outcome: 'failed', failure: failure('timeout', 'no answer within the time allowed') }
        : { ...base, outcome: 'skipped', durationMs: 0, detail: 'not awaited: the answer was settled' }
    })
  }
}

function firstServers({ candidates }: Assembled): Server[] {
  return MAIL_PROTOCOLS.flatMap((protocol) => candidates.get(protocol)?.[0]?.server ?? [])
}

/** A vouched-for first choice may leave before its check, which goes on in the background. */
function leavesUnchecked(assembled: Assembled, protocol: MailProtocol): boolean {
  return assembled.candidates.get(protocol)?.[0]?.vouchedFor === true
}

function kindOf(state: { found: boolean; failed: boolean; assembled: Assembled }): Discovery['kind'] {
  if (state.found) return 'found'
  if (state.assembled.noMail) return 'no-mail'
  return state.failed && !state.assembled.noAccess ? 'failed' : 'absent'
}

function degradedWarning(missing: readonly SourceReport[]) {
  return { code: 'degraded', params: { sources: missing.map((report) => report.source).join(', ') } }
}
