/**
 * Where the MX record delivers, mail usually lives: a known provider of the database (R17, R27, R52), or the autoconfig
 * file of the MX host's domain (autoconfig-06 section "MX lookup", R15, R16, R19 steps 3.1 to 3.4).
 */
import {
  type Hostname,
  isPublicSuffix,
  parseHostname,
  registrableDomain,
  sameRegistrableDomain,
} from '../domain/hostname.js'
import type { Message } from '../domain/mail-settings.js'
import type {
  Finding,
  HttpClient,
  MxRecord,
  Resolver,
  Source,
  SourceOutcome,
  SourceQuery,
} from '../domain/source.js'
import { entryToFinding } from '../providers/entry-to-finding.js'
import type { MxMatch, ProviderIndex } from '../providers/provider-index.js'
import { autoconfigHost } from './autoconfig.js'
import { fetchAutoconfig, firstDocument } from './autoconfig-document.js'
import { ispdbUrl } from './ispdb.js'

export interface MxSourceParts {
  readonly resolver: Resolver
  readonly http: HttpClient
  readonly ispdbUrls: readonly string[]
  /** The operator's index before the built-in one. */
  readonly indexes: () => readonly ProviderIndex[]
  readonly now: () => number
}

interface MxHost {
  readonly hostname: Hostname
  readonly authenticated: boolean
  readonly ttlSeconds: number
}

export function createMxSource(parts: MxSourceParts): Source {
  return {
    name: 'mx',
    async find(query) {
      const lookup = await parts.resolver.mx(query.domain, query.signal)
      if (lookup.kind === 'failed') return { outcome: 'failed', failure: lookup.failure }
      if (lookup.kind === 'absent') return { outcome: 'absent', ttlSeconds: lookup.ttlSeconds }
      const { authenticated, ttlSeconds } = lookup
      if (isNullMx(lookup.value)) {
        return { outcome: 'absent', ttlSeconds, noMail: true, detail: 'null MX: the domain accepts no mail' }
      }
      const hostname = lowestPreference(lookup.value)
      if (!hostname) return { outcome: 'absent', ttlSeconds, detail: 'no usable MX host name' }
      const host = { hostname, authenticated, ttlSeconds }
      const match = firstMatch(parts.indexes(), hostname)
      return match ? fromMatch(match, { parts, query, host }) : fromDocuments({ parts, query, host })
    },
  }
}

/** RFC 7505 section 3: a single record with an empty exchange (R4). */
export function isNullMx(records: readonly MxRecord[]): boolean {
  return records.length === 1 && records[0]?.exchange === ''
}

/** RFC 5321 section 5.1: the lowest preference is the place mail should go; ties are broken by name, to be stable. */
export function lowestPreference(records: readonly MxRecord[]): Hostname | null {
  const sorted = [...records].sort(
    (a, b) => a.preference - b.preference || (a.exchange < b.exchange ? -1 : 1),
  )
  for (const { exchange } of sorted) {
    const hostname = parseHostname(exchange)
    if (hostname) return hostname
  }
  return null
}

function firstMatch(indexes: readonly ProviderIndex[], hostname: Hostname): MxMatch | null {
  for (const index of indexes) {
    const match = index.findByMx(hostname)
    if (match) return match
  }
  return null
}

interface Context {
  readonly parts: MxSourceParts
  readonly query: SourceQuery
  readonly host: MxHost
}

function fromMatch(match: MxMatch, { parts, query, host }: Context): SourceOutcome {
  const finding = entryToFinding(match, parts.now())
  if (finding.servers.length === 0 || match.rule.class !== 'mailbox') {
    // A gateway or forwarder says nothing about where the mailbox is: no answer, and no guess (R17).
    return {
      outcome: 'absent',
      ttlSeconds: host.ttlSeconds,
      receivesMail: true,
      detail: `${match.rule.class}: ${match.entry.name}`,
      notices: finding.notices,
      ...(match.rule.class === 'mailbox' || match.rule.class === 'bridge'
        ? { provider: finding.provider }
        : {}),
    }
  }
  return found(host, {
    ...finding,
    channel: host.authenticated ? 'authenticated' : 'known-provider',
    evidence: evidence(query, host),
    warnings: [...finding.warnings, ...outsideDomain(query, host)],
    deliversHere: true,
  })
}

async function fromDocuments({ parts, query, host }: Context): Promise<SourceOutcome> {
  const question = { http: parts.http, domain: query.domain, signal: query.signal, source: 'mx' } as const
  const names = mxDomains(host.hostname, query.domain)
  const outcome = await firstDocument([
    ...names.flatMap((name) => {
      const autoconfig = autoconfigHost(name)
      // The file is authentic for the hoster; that the domain is his customer, only the MX says.
      const channel = host.authenticated ? 'authenticated' : 'insecure'
      if (!autoconfig) return []
      return [fetchAutoconfig({ ...question, channel, url: `https://${autoconfig}/mail/config-v1.1.xml` })]
    }),
    ...names.flatMap((name) =>
      parts.ispdbUrls.map((base) =>
        fetchAutoconfig({
          ...question,
          channel: host.authenticated ? 'authenticated' : 'known-provider',
          mustExist: true,
          url: ispdbUrl(base, name),
        }),
      ),
    ),
  ])
  if (outcome.outcome === 'absent') return { ttlSeconds: host.ttlSeconds, ...outcome, receivesMail: true }
  if (outcome.outcome !== 'found') return outcome
  const ttlSeconds = Math.min(outcome.ttlSeconds, host.ttlSeconds)
  const findings = outcome.findings.map((finding) => ({
    ...finding,
    warnings: [...(finding.warnings ?? []), ...outsideDomain(query, host)],
  }))
  return { ...outcome, findings, ttlSeconds }
}

/**
 * MXFULLDOMAIN and MXBASEDOMAIN (autoconfig-06): the host less its first label, only where that is longer than the base,
 * then its registrable domain. Nothing when the base is the e-mail domain: the other sources have asked there (R15).
 */
export function mxDomains(hostname: Hostname, mailDomain: Hostname): Hostname[] {
  const base = registrableDomain(hostname)
  if (base === mailDomain || isPublicSuffix(base)) return []
  const full = parseHostname(hostname.split('.').slice(1).join('.'))
  return full && full.length > base.length ? [full, base] : [base]
}

function found(host: MxHost, finding: Finding): SourceOutcome {
  return { outcome: 'found', findings: [finding], ttlSeconds: host.ttlSeconds }
}

function evidence(query: SourceQuery, host: MxHost): Finding['evidence'] {
  return { where: `MX ${query.domain} → ${host.hostname}`, channel: host.authenticated ? 'dnssec' : 'dns' }
}

/** U4: an unsigned MX that points out of the domain is a hint anyone on the path could have given. */
function outsideDomain(query: SourceQuery, host: MxHost): Message[] {
  if (host.authenticated || sameRegistrableDomain(host.hostname, query.domain)) return []
  return [{ code: 'mx-target-outside-domain', params: { hostname: host.hostname } }]
}
