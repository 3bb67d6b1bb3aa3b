/** Mail servers made of a table: `imap imap.example.de:993` → result. It keeps the targets and throws at others. */
import { failure, type FailureCode } from '../../src/domain/errors.js'
import type { MailProber, ProbeResult, ProbeTarget } from '../../src/domain/source.js'
import { orAborted } from './deferred.js'

export type ProbeAnswer = ProbeResult | Promise<ProbeResult> | ((target: ProbeTarget) => ProbeResult)
export type ProbeTable = Readonly<Record<string, ProbeAnswer>>

export class FakeProber implements MailProber {
  readonly targets: ProbeTarget[] = []
  readonly #table: ProbeTable
  readonly #otherwise: ProbeAnswer | undefined

  constructor(table: ProbeTable = {}, otherwise?: ProbeAnswer) {
    this.#table = table
    this.#otherwise = otherwise
  }

  /** In the order they came, as the keys of the table are written. */
  get asked(): string[] {
    return this.targets.map(probeKey)
  }

  probe(target: ProbeTarget, signal: AbortSignal): Promise<ProbeResult> {
    this.targets.push(target)
    const answer = this.#table[probeKey(target)] ?? this.#otherwise
    if (answer === undefined) return Promise.reject(new Error(`nobody planned the probe ${probeKey(target)}`))
    return orAborted(typeof answer === 'function' ? answer(target) : answer, signal)
  }
}

export function probeKey(target: Pick<ProbeTarget, 'protocol' | 'hostname' | 'port'>): string {
  return `${target.protocol} ${target.hostname}:${target.port}`
}

export function probeVerified(): ProbeResult {
  return {
    kind: 'verified',
    verification: { status: 'verified', checkedAt: '2026-11-23T00:00:00.000Z', capabilities: ['IDLE'] },
    saslMechanisms: ['PLAIN'],
  }
}

export function probeAbsent(): ProbeResult {
  return { kind: 'absent', failure: failure('unreachable', 'nobody listens') }
}

export function probeFailed(code: FailureCode = 'timeout', detail = `faked ${code}`): ProbeResult {
  return { kind: 'failed', failure: failure(code, detail) }
}
