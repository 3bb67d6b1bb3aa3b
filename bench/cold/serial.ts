/** One place after the other, five seconds each: how most programs look, and what people complain of. */
import type { SourceOutcome } from '../../src/domain/source.js'
import { loadProviders } from '../../src/providers/load.js'
import { createProviderIndex } from '../../src/providers/provider-index.js'
import { fetchAutoconfig, firstDocument } from '../../src/sources/autoconfig-document.js'
import { createGuessSource } from '../../src/sources/guess.js'
import { createIspdbSource } from '../../src/sources/ispdb.js'
import { createMxSource } from '../../src/sources/mx.js'
import { createProviderSource } from '../../src/sources/provider-db.js'
import { createSrvSource } from '../../src/sources/srv.js'
import type { RemoteLab } from './lab-process.js'
import { firstServers, freshPorts, isVerified, type Strategy } from './strategy.js'

const STEP_TIMEOUT_MS = 5000

export function serialStrategy(lab: RemoteLab): Strategy {
  const index = createProviderIndex(loadProviders(lab.providersDirectory))
  const now = Date.now
  return async ({ domain, ispdbUrl }) => {
    const { resolver, http, prober } = freshPorts(lab, STEP_TIMEOUT_MS)
    const urls = [ispdbUrl]
    const document = (url: string) => (signal: AbortSignal) =>
      firstDocument([
        fetchAutoconfig({ http, domain, signal, url, source: 'autoconfig', channel: 'authenticated' }),
      ])
    const sources = [
      createProviderSource({ name: 'provider-db', index: () => index, now }),
      createIspdbSource({ http, urls }),
      createMxSource({ resolver, http, ispdbUrls: urls, indexes: () => [index], now }),
      createSrvSource({ resolver }),
      createGuessSource({ resolver }),
    ].map((source) => (signal: AbortSignal) => source.find({ domain, signal, prober }))
    const steps = [
      ...sources.slice(0, 1),
      document(`https://autoconfig.${domain}/mail/config-v1.1.xml`),
      document(`https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`),
      ...sources.slice(1),
    ]
    const startedAt = performance.now()
    const since = () => performance.now() - startedAt
    for (const step of steps) {
      const servers = firstServers(await within(step))
      if (!servers) continue
      const usable = since()
      const verified = await Promise.all(servers.map((server) => isVerified(server, prober)))
      return { usable, verified: verified.every(Boolean) ? since() : null, ended: since() }
    }
    return { usable: null, verified: null, ended: since() }
  }
}

async function within(step: (signal: AbortSignal) => Promise<SourceOutcome>): Promise<SourceOutcome> {
  const signal = AbortSignal.timeout(STEP_TIMEOUT_MS)
  try {
    return await step(signal)
  } catch (error) {
    if (!signal.aborted) throw error
    return { outcome: 'failed', failure: { code: 'timeout', detail: 'the step took too long' } }
  }
}
