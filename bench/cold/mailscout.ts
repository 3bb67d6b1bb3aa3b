/** Ours: a process that has just started, asked through the service behind every route. */
import { compose, type Mailscout } from '../../src/compose.js'
import { readConfig } from '../../src/config.js'
import type { Discovery } from '../../src/domain/discovery.js'
import type { Hostname } from '../../src/domain/hostname.js'
import type { RemoteLab } from './lab-process.js'
import type { Question, Timing } from './strategy.js'
import { BUDGET_MS } from './worlds.js'

export interface Watched {
  readonly onLookup?: (discovery: Discovery) => void
}

/** A fresh one: empty caches, no connection open. */
export function freshMailscout(lab: RemoteLab, ispdbUrl: string, watched: Watched = {}): Mailscout {
  const environment: Record<string, string> = {
    ...lab.environment,
    MAILSCOUT_ISPDB_URLS: ispdbUrl,
    MAILSCOUT_BUDGET_MS: String(BUDGET_MS),
  }
  delete environment['MAILSCOUT_PROVIDERS_DIR']
  return compose(
    readConfig(environment),
    { dial: lab.dial, ca: lab.ca, builtinProvidersDirectory: lab.providersDirectory },
    {
      ...watched,
      onBug: (where, error) => {
        console.error('bug', where, error)
        process.exitCode = 1
      },
    },
  )
}

export async function askMailscout(
  lab: RemoteLab,
  question: Question,
  warmUp?: string,
): Promise<Timing & { readonly state: string }> {
  let final: number | null = null
  let startedAt = performance.now()
  const since = () => performance.now() - startedAt
  const { service } = freshMailscout(lab, question.ispdbUrl, {
    onLookup: (discovery) => {
      if (discovery.domain === question.domain && isVerified(discovery)) final = since()
    },
  })
  const { signal } = new AbortController()
  if (warmUp !== undefined) {
    await service.discover({ domain: warmUp as Hostname, signal })
    await service.idle()
  }
  startedAt = performance.now()
  const previews: number[] = []
  const answer = await service.discover({
    domain: question.domain,
    signal,
    onPreview: () => previews.push(since()),
  })
  const ended = since()
  const [incoming] = answer.servers.imap
  if (incoming?.verification.status === 'unchecked') await service.idle()
  return {
    usable: previews[0] ?? ended,
    verified: isVerified(answer) ? ended : final,
    ended,
    state: `${answer.kind}${answer.degraded ? ' degraded' : ''} ${incoming?.trust ?? ''}`.trim(),
  }
}

function isVerified({ servers }: Discovery): boolean {
  return [servers.imap[0], servers.smtp[0]].every((server) => server?.verification.status === 'verified')
}
