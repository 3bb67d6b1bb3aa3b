/** The live check of what will be recommended (R32, R33): which endpoints to ask, and what they answered. */
import { MAIL_PROTOCOLS } from '../domain/discovery.js'
import { failure, type FailureCode } from '../domain/errors.js'
import type { Verification } from '../domain/mail-settings.js'
import type { MailProber, ProbeResult, ProbeTarget } from '../domain/source.js'
import type { Assembled } from './assemble.js'
import { type Candidate, endpointKey } from './merge.js'

type ProbedProtocol = ProbeTarget['protocol']
/** What the prober speaks. No answer waits for filters; their check is for the next one. */
const PROBED: readonly ProbedProtocol[] = [...MAIL_PROTOCOLS, 'managesieve']

export type VerifyMode = 'auto' | 'always' | 'never'

/** Asked side by side per protocol: the first choice and the one that steps in should it fail. */
const PARALLEL_PER_PROTOCOL = 2
/** Asked per protocol and lookup altogether; a domain that names ten dead servers gets no more (R10). */
const MAX_PER_PROTOCOL = 4

export interface Wanted {
  readonly protocol: ProbedProtocol
  readonly candidate: Candidate
}

export interface VerifierParts {
  readonly prober: MailProber
  readonly signal: AbortSignal
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** A probe ended: what was assembled before is out of date. */
  readonly onChange: () => void
  /** The prober threw what it should have returned as a value. */
  readonly onBug: (error: unknown) => void
}

export class Verifier {
  readonly results = new Map<string, Verification>()
  readonly #pending = new Set<string>()
  readonly #asked = new Map<ProbedProtocol, number>()
  readonly #parts: VerifierParts

  constructor(parts: VerifierParts) {
    this.#parts = parts
  }

  /** Whether a probe that matters for the given candidates is still on its way. */
  isPending(candidate: Candidate): boolean {
    return this.#pending.has(keyOf(candidate))
  }

  get busy(): boolean {
    return this.#pending.size > 0
  }

  /** The results as they would be if every probe on its way succeeded; themselves when none is. */
  hopes(): Map<string, Verification> {
    if (!this.busy) return this.results
    return new Map([
      ...this.results,
      ...[...this.#pending].map((key) => [key, { status: 'verified' }] as const),
    ])
  }

  /** The results as they would be if every candidate not checked yet stood the check; themselves when all are. */
  bestCase(assembled: Assembled): Map<string, Verification> {
    const unchecked = PROBED.flatMap((protocol) => assembled.candidates.get(protocol) ?? []).filter(
      ({ server }) => server.verification.status === 'unchecked',
    )
    if (unchecked.length === 0) return this.results
    return new Map([
      ...this.results,
      ...unchecked.map((candidate) => [keyOf(candidate), { status: 'verified' }] as const),
    ])
  }

  /**
   * The candidates to ask next, down to the first that stands: verified, or vouched for where the caller does not
   * insist. They are taken in the order of the best case, because a check may lift one over others (R26, R27); so it
   * does not matter which source was heard first.
   */
  wanted(now: Assembled, bestCase: Assembled, acceptVouched: boolean): Wanted[] {
    return PROBED.flatMap((protocol) => {
      const actual = new Map(now.candidates.get(protocol)?.map((candidate) => [keyOf(candidate), candidate]))
      const unchecked: Wanted[] = []
      for (const hoped of bestCase.candidates.get(protocol) ?? []) {
        const candidate = actual.get(keyOf(hoped))
        if (!candidate) continue
        const { status } = candidate.server.verification
        if (status === 'verified' || (acceptVouched && candidate.vouchedFor && status === 'unchecked')) break
        if (status === 'unchecked' && candidate.server.security !== 'plain')
          unchecked.push({ protocol, candidate })
        if (unchecked.length === PARALLEL_PER_PROTOCOL) break
      }
      return unchecked.filter(({ candidate }) => !this.isPending(candidate))
    })
  }

  /** Starts the probes; `onChange` tells when each has ended. */
  start(wanted: readonly Wanted[]): void {
    for (const { protocol, candidate } of wanted) {
      const asked = this.#asked.get(protocol) ?? 0
      if (asked >= MAX_PER_PROTOCOL) continue
      this.#asked.set(protocol, asked + 1)
      void this.#check(protocol, candidate)
    }
  }

  async #check(protocol: ProbedProtocol, candidate: Candidate): Promise<void> {
    const { hostname, port, security } = candidate.server
    if (security === 'plain') return
    const key = keyOf(candidate)
    this.#pending.add(key)
    try {
      const target = { protocol, hostname, port, security, declaredPort: candidate.declaredPort }
      const result = await this.#parts.prober.probe(target, this.#parts.signal)
      this.results.set(
        key,
        toVerification(result, { now: this.#parts.now(), vouchedFor: candidate.vouchedFor }),
      )
    } catch (error) {
      // Only the end of the lookup may end a probe without an answer; the server then stays unchecked.
      if (this.#parts.signal.aborted) return
      this.results.set(key, { status: 'failed', failure: failure('protocol', 'internal error') })
      this.#parts.onBug(error)
    } finally {
      this.#pending.delete(key)
      this.#parts.onChange()
    }
  }
}

function keyOf({ protocol, server }: Candidate): string {
  return endpointKey({ protocol, ...server })
}

/**
 * A name that does not exist disproves a declared server. A vouched-for one keeps its word: networks without a way out
 * often deny every name.
 */
export function toVerification(
  result: ProbeResult,
  { now, vouchedFor }: { readonly now: number; readonly vouchedFor: boolean },
): Verification {
  if (result.kind === 'verified') {
    return { ...result.verification, saslMechanisms: [...result.saslMechanisms] }
  }
  const { detail } = result.failure
  const nameIsAbsent = result.kind === 'absent' && result.failure.code === 'dns' && !vouchedFor
  const code: FailureCode = nameIsAbsent ? 'name-absent' : result.failure.code
  return { status: 'failed', checkedAt: new Date(now).toISOString(), failure: { code, detail } }
}
