/** The authority role's settings: where an operator's entry (`providers/`) becomes an answer (`discovery/`). */
import { assemble, serversOf } from './discovery/assemble.js'
import type { Discovery } from './domain/discovery.js'
import { type Hostname, isSpecialUse } from './domain/hostname.js'
import { type Protocol, PROTOCOLS, type Server } from './domain/mail-settings.js'
import type { Operator } from './domain/operator.js'
import type { Resolver, Source } from './domain/source.js'
import { entryToFinding } from './providers/entry-to-finding.js'
import type { ProviderEntry } from './providers/entry.js'
import type { ProviderIndex } from './providers/provider-index.js'
import { PLACEHOLDER_LOCAL_PART } from './sources/placeholder-address.js'

/** Seconds. A changed file shows within minutes even where nothing tells the caches in between. */
const TTL_SECONDS = 300
const DAY_MS = 86_400_000
/** Days since 1970 are fewer for the next two centuries. */
const MAX_DAYS = 100_000
/** The one record that a mail program reads (R29); anything else that stands there is not ours to repeat. */
const PACC_RECORD = /^v=UAAC1; ?a=sha256; ?d=[A-Za-z0-9+/]{43}=$/

/** Evolution's and our own: whoever asks so puts the person's name in by himself, and needs the template. */
const STAND_INS: readonly string[] = ['evolutionuser', PLACEHOLDER_LOCAL_PART]

export interface OperatorParts {
  /** Asked anew each time, because the files may be reread. */
  readonly index: () => ProviderIndex
  readonly resolver: Pick<Resolver, 'txt'>
  /** Special-use names are asked of nobody (R3) unless a lab allows it. */
  readonly allowSpecialUseNames: boolean
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export function createOperator(parts: OperatorParts): Operator {
  let readLast = parts.index()
  let readings = 0
  const index = () => {
    const current = parts.index()
    if (current !== readLast) [readLast, readings] = [current, readings + 1]
    return current
  }
  // An entry grows old by the day (R28).
  const stamp = () => readings * MAX_DAYS + Math.floor(parts.now() / DAY_MS)
  return {
    settings(domain) {
      const entry = index().findByDomain(domain)
      return entry === null ? null : settingsOf(entry, domain, parts.now())
    },
    kept(domain) {
      const entry = index().findByDomain(domain)
      return entry === null
        ? undefined
        : { stamp: stamp(), value: () => settingsOf(entry, domain, parts.now()) }
    },
    hasLogins: (domain) => index().findByDomain(domain)?.loginOf !== undefined,
    personal(discovery, email) {
      const entry = index().findByDomain(email.domain)
      if (entry?.loginOf === undefined || STAND_INS.includes(email.localPart.toLowerCase())) return discovery
      return withLogin(discovery, entry.username, entry.loginOf(email))
    },
    leadsHere({ provider, servers }) {
      const entry = provider === null ? null : index().findById(provider.id)
      const byMx = PROTOCOLS.some((protocol) => servers[protocol][0]?.sources.includes('mx') === true)
      return byMx && entry !== null && entry.mx.length > 0
    },
    async publishedPacc(domain, signal) {
      if (isSpecialUse(domain) && !parts.allowSpecialUseNames) return []
      const lookup = await parts.resolver.txt(`_ua-auto-config.${domain}`, signal)
      return lookup.kind === 'found' ? lookup.value.filter((record) => PACC_RECORD.test(record)) : []
    },
  }
}

/** A server with a template of its own keeps it. */
function withLogin(discovery: Discovery, template: string, login: string): Discovery {
  const servers: Record<Protocol, readonly Server[]> = { ...discovery.servers }
  for (const protocol of PROTOCOLS) {
    servers[protocol] = servers[protocol].map((server) =>
      server.username === template ? { ...server, username: login } : server,
    )
  }
  return { ...discovery, servers }
}

function settingsOf(entry: ProviderEntry, domain: Hostname, now: number): Discovery {
  const finding = entryToFinding(entry, now)
  const outcome: Awaited<ReturnType<Source['find']>> = {
    outcome: 'found',
    ttlSeconds: TTL_SECONDS,
    findings: [{ ...finding, channel: 'operator', evidence: { where: `${entry.id}.json`, channel: 'file' } }],
  }
  const assembled = assemble({
    mailDomain: domain,
    ended: [{ source: 'operator', rank: 0, outcome }],
    verifications: new Map(),
  })
  const found = assembled.candidates.size > 0
  return {
    domain,
    kind: found ? 'found' : 'absent',
    provider: assembled.provider ?? finding.provider,
    servers: serversOf(assembled),
    oauth2: assembled.oauth2,
    notices: found ? assembled.notices : finding.notices,
    warnings: assembled.warnings,
    conflicts: [],
    rejected: [],
    notOffered: assembled.notOffered,
    receivesMail: false,
    suggestions: [],
    degraded: false,
    sources: [{ source: 'operator', outcome: found ? 'found' : 'absent', durationMs: 0 }],
    ttlSeconds: TTL_SECONDS,
    lookedUpAt: now,
  }
}
