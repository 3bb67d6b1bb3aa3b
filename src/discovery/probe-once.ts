/** One connection per host and port and lookup (R34): guessing and verification share what either has asked. */
import type { MailProber, ProbeResult, ProbeTarget } from '../domain/source.js'

/**
 * Wraps a prober for one lookup. A caller's signal ends only the caller's waiting: the probe itself lives as long as
 * the lookup, because another caller may be waiting for the same answer.
 */
export function probeOnce(prober: MailProber, lookupSignal: AbortSignal): MailProber {
  const asked = new Map<string, Promise<ProbeResult>>()
  return {
    probe(target, signal) {
      const key = `${target.hostname}:${target.port}`
      let answer = asked.get(key)
      if (!answer) {
        answer = prober.probe(target, lookupSignal)
        answer.catch(() => undefined)
        asked.set(key, answer)
      }
      return untilAborted(answer, signal)
    },
  } satisfies { probe(target: ProbeTarget, signal: AbortSignal): Promise<ProbeResult> }
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
