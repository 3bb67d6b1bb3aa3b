/**
 * The idea of Thunderbird for Android (its PriorityParallelRunner): all places of autoconfiguration at once, the best
 * rank that has settings wins, and lower ones are called off as soon as a better one has found some. It knows neither
 * SRV nor guessing, gives each place the ten seconds of its HTTP library, and tries the servers one after the other.
 */
import type { SourceOutcome } from '../../src/domain/source.js'
import { fetchAutoconfig, firstDocument } from '../../src/sources/autoconfig-document.js'
import { createIspdbSource } from '../../src/sources/ispdb.js'
import { createMxSource } from '../../src/sources/mx.js'
import type { RemoteLab } from './lab-process.js'
import { firstServers, freshPorts, isVerified, type Strategy } from './strategy.js'

const TIMEOUT_MS = 10_000

export function priorityParallelStrategy(lab: RemoteLab): Strategy {
  return async ({ domain, ispdbUrl }) => {
    const { resolver, http, prober } = freshPorts(lab, TIMEOUT_MS)
    const urls = [ispdbUrl]
    const document = (url: string) => (signal: AbortSignal) =>
      firstDocument([
        fetchAutoconfig({
          http,
          domain,
          signal,
          url,
          source: 'autoconfig',
          channel: 'authenticated',
          allowHttp: true,
        }),
      ])
    const ispdb = createIspdbSource({ http, urls })
    const mx = createMxSource({ resolver, http, ispdbUrls: urls, indexes: () => [], now: Date.now })
    const startedAt = performance.now()
    const since = () => performance.now() - startedAt
    const outcome = await best([
      document(`https://autoconfig.${domain}/mail/config-v1.1.xml`),
      document(`https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`),
      document(`http://autoconfig.${domain}/mail/config-v1.1.xml`),
      (signal) => ispdb.find({ domain, signal, prober }),
      (signal) => mx.find({ domain, signal, prober }),
    ])
    const servers = outcome && firstServers(outcome)
    if (!servers) return { usable: null, verified: null, ended: since() }
    const usable = since()
    let good = true
    for (const server of servers) good &&= await isVerified(server, prober)
    return { usable, verified: good ? since() : null, ended: since() }
  }
}

type Place = (signal: AbortSignal) => Promise<SourceOutcome>

async function best(places: readonly Place[]): Promise<SourceOutcome | null> {
  const controllers = places.map(() => new AbortController())
  const answers = places.map(async (place, rank) => {
    const outcome = await place(controllers[rank]!.signal)
    if (firstServers(outcome))
      for (const lower of controllers.slice(rank + 1)) lower.abort(new Error('outranked'))
    return outcome
  })
  for (const answer of answers) answer.catch(() => undefined)
  for (const answer of answers) {
    const outcome = await answer
    if (firstServers(outcome)) return outcome
  }
  return null
}
