/**
 * A server that may not be asked just now was perhaps asked a moment ago: then that answer stands in (R10). So nobody
 * can make a well-known server look unchecked by using up what may be asked of it.
 */
import type { MailProber, ProbeResult, ProbeTarget } from '../domain/source.js'
import { NOT_ASKED } from './target-budget.js'

/** Milliseconds. Long against the minute of the budget, short against the life of a certificate. */
const MAX_AGE_MS = 600_000
/** Servers of all the mail domains asked about in that time on a busy day; about 2 KB each. */
const MAX_SERVERS = 5000

export function rememberingProber(
  prober: MailProber,
  options: { readonly now?: () => number; readonly maxServers?: number } = {},
): MailProber {
  const { now = () => performance.now(), maxServers = MAX_SERVERS } = options
  const verified = new Map<string, { readonly result: ProbeResult; readonly at: number }>()
  return {
    async probe(target, signal) {
      const result = await prober.probe(target, signal)
      const key = keyOf(target)
      if (result.kind === 'verified') {
        verified.delete(key)
        verified.set(key, { result, at: now() })
        const [oldest] = verified.keys()
        if (verified.size > maxServers && oldest !== undefined) verified.delete(oldest)
        return result
      }
      if (result.failure !== NOT_ASKED) {
        verified.delete(key)
        return result
      }
      const known = verified.get(key)
      return known && now() - known.at < MAX_AGE_MS ? known.result : result
    },
  }
}

function keyOf({ protocol, hostname, port, security }: ProbeTarget): string {
  return `${protocol} ${hostname}:${port} ${security}`
}
