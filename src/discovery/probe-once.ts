/** One connection per host and port and lookup (R34): guessing and verification share what either has asked. */
import { failure } from '../domain/errors.js'
import type { MailProber, ProbeResult, ProbeTarget } from '../domain/source.js'
import { isInconclusive } from '../domain/mail-settings.js'

/**
 * Wraps a prober for one lookup. A caller's signal ends only the caller's waiting: the probe itself lives as long as
 * the lookup, because another caller may be waiting for the same answer.
 *
 * Asked about one port in two dialogues (993 as implicit TLS and as STARTTLS), the answer to one is none to the other:
 * a second connection is made, one after the other, unless the first one settled the matter for both.
 */
export function probeOnce(prober: MailProber, lookupSignal: AbortSignal): MailProber {
  const asked = new Map<string, Promise<ProbeResult>>()
  const lastAtPort = new Map<string, Promise<ProbeResult>>()
  return {
    probe(target, signal) {
      const place = `${target.hostname}:${target.port}`
      const key = `${place} ${target.protocol} ${target.security}`
      let answer = asked.get(key)
      if (!answer) {
        const before = lastAtPort.get(place)
        answer = before
          ? before.then((result) => settledForAll(result) ?? prober.probe(target, lookupSignal))
          : prober.probe(target, lookupSignal)
        const asking = answer
        const last = before ? before.then((result) => (result.kind === 'verified' ? result : asking)) : asking
        answer.catch(() => undefined)
        last.catch(() => undefined)
        asked.set(key, answer)
        lastAtPort.set(place, last)
      }
      return untilAborted(answer, signal)
    },
  } satisfies { probe(target: ProbeTarget, signal: AbortSignal): Promise<ProbeResult> }
}

/** What one dialogue at a port says about every other: it is taken, or nobody can be reached there. */
function settledForAll(result: ProbeResult): ProbeResult | null {
  if (result.kind === 'verified') {
    return { kind: 'failed', failure: failure('protocol', 'the port speaks another protocol or transport') }
  }
  return result.kind === 'absent' || isInconclusive(result.failure.code) ? result : null
}

/** The promise, or a rejection with the signal's reason, whichever comes first. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => {
      reject(signal.reason as Error)
    }
    if (signal.aborted) {
      onAbort()
      return
    }
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort)
    })
  })
}
