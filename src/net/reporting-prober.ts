/** A prober that tells of every check, for the metrics: what came of it, never of whom. */
import type { MailProber, ProbeTarget } from '../domain/source.js'
import { NOT_ASKED } from './target-budget.js'

export interface ProbeReport {
  readonly protocol: ProbeTarget['protocol']
  /** `not-asked`: as much as may be asked of this server was asked already (R10). */
  readonly outcome: 'verified' | 'absent' | 'failed' | 'not-asked'
  readonly ms: number
}

export function reportingProber(prober: MailProber, onProbe: (report: ProbeReport) => void): MailProber {
  return {
    async probe(target, signal) {
      const start = performance.now()
      const result = await prober.probe(target, signal)
      const isRefused = result.kind !== 'verified' && result.failure === NOT_ASKED
      onProbe({
        protocol: target.protocol,
        outcome: isRefused ? 'not-asked' : result.kind,
        ms: performance.now() - start,
      })
      return result
    },
  }
}
