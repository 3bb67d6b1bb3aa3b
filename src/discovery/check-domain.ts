/**
 * The domain check: looks at every public place of a domain as its administrator must, asks the published servers live,
 * and says what is wrong and what mends it. The rules stand in `check/`; this file gathers what they look at.
 */
import { setMaxListeners } from 'node:events'
import { SingleFlight } from '../cache/single-flight.js'
import type { Store } from '../cache/store.js'
import { type CheckFinding, checkCodeFacts } from '../domain/check-codes.js'
import {
  type DomainInspector,
  type DomainObservation,
  type HostProber,
  type HostProof,
  SEVERITIES,
} from '../domain/domain-check.js'
import type { Discovery } from '../domain/discovery.js'
import { failure } from '../domain/errors.js'
import { type Hostname, isPublicSuffix, isSpecialUse } from '../domain/hostname.js'
import type { DeclaredServer, Verification } from '../domain/mail-settings.js'
import type { MailProber, ProbeResult } from '../domain/source.js'
import { agreementFindings, ownFindings } from './check/agreement.js'
import { type CheckContext, MAIL, type Published, type Rule } from './check/context.js'
import { dnsFindings } from './check/dns.js'
import { liveFindings } from './check/live.js'
import { publishedBy } from './check/published.js'
import { serverFindings } from './check/servers.js'
import { webFindings } from './check/web.js'
import type { Turnstile } from './cold-gate.js'
import type { DiscoveryService } from './discovery-service.js'
import { endpointKey } from './merge.js'
import { probeOnce } from './probe-once.js'
import { toVerification } from './verify.js'

/** `reserved`: nobody was asked (R3) · `failed`: the time was spent before all had answered. */
export type DomainCheck = { readonly kind: 'reserved' | 'failed'; readonly domain: Hostname } | CheckedDomain

export interface CheckedDomain {
  readonly kind: 'checked'
  readonly domain: Hostname
  /** One of the operator's domains. */
  readonly own: boolean
  /** Worst first. */
  readonly findings: readonly CheckFinding[]
  readonly places: DomainObservation['places']
  readonly published: readonly Published[]
  /** Milliseconds since the epoch. */
  readonly checkedAt: number
}

export interface DomainChecker {
  /** Rejects only with the signal's reason, or what the turnstile throws. */
  check(request: CheckRequest): Promise<DomainCheck>
}

export interface CheckRequest {
  readonly domain: Hostname
  readonly signal: AbortSignal
  /** Leaves the mail servers in peace: only what is published is looked at. */
  readonly publishedOnly?: boolean
  /** As for a lookup (R10); the lookup within the check shares its place. */
  readonly turnstile?: Turnstile
}

export interface DomainCheckParts {
  readonly inspector: DomainInspector
  readonly prober: MailProber
  readonly hosts: HostProber
  readonly service: Pick<DiscoveryService, 'discover'>
  /** The operator's own settings, null for every domain that is not his. */
  readonly served: (domain: Hostname) => Discovery | null
  readonly allowSpecialUseNames: boolean
  /** The records to publish for these settings, by relative owner name. */
  readonly records: (discovery: Discovery, own: boolean) => ReadonlyMap<string, string>
  readonly store: Store<DomainCheck>
  /** Of one lookup. */
  readonly budgetMs: number
  readonly now: () => number
}

/** A lookup may leave when the answer is settled; a check asks everything, one round after the other. */
const CHECK_BUDGET_FACTOR = 3
/** Seconds: an administrator mends and asks again, a stranger must not make us knock twice a minute (R10). */
const CHECK_TTL_SECONDS = 60
/** Servers asked live beside those the lookup has asked; real domains name six. */
const MAX_PROBES = 12

const RULES: readonly Rule[] = [
  webFindings,
  serverFindings,
  dnsFindings,
  agreementFindings,
  ownFindings,
  liveFindings,
  ({ published }) =>
    published.map(({ where, servers }) => ({
      code: 'published',
      where,
      params: { where, count: String(servers.length) },
    })),
]

export function createDomainChecker(parts: DomainCheckParts): DomainChecker {
  const flights = new SingleFlight<never, DomainCheck>()
  return {
    async check({ domain, signal, publishedOnly = false, turnstile }) {
      // R3: nobody out there is asked about such a name.
      if (!parts.allowSpecialUseNames && (isSpecialUse(domain) || isPublicSuffix(domain))) {
        return { kind: 'reserved', domain }
      }
      const key = publishedOnly ? `${domain} published` : domain
      const kept = parts.store.get(key)
      if (kept) return kept
      const admission = flights.has(key) ? undefined : turnstile?.admit()
      if (admission) await admission
      return flights.run(
        key,
        async (work) => {
          const leave = turnstile && (await turnstile.enter(work.signal))
          try {
            const result = await withinBudget(parts, work.signal, (stop) =>
              run(parts, { domain, publishedOnly, signal: stop }),
            )
            if (result === null) return { kind: 'failed', domain }
            parts.store.set(key, result, { ttlSeconds: CHECK_TTL_SECONDS })
            return result
          } finally {
            leave?.()
          }
        },
        { signal },
      )
    },
  }
}

/** Null when the time is spent; every place has a limit of its own, so that is the exception. */
async function withinBudget(
  { budgetMs }: DomainCheckParts,
  signal: AbortSignal,
  work: (stop: AbortSignal) => Promise<DomainCheck>,
): Promise<DomainCheck | null> {
  const budget = AbortSignal.timeout(budgetMs * CHECK_BUDGET_FACTOR)
  const stop = AbortSignal.any([signal, budget])
  try {
    return await work(stop)
  } catch (error) {
    if (budget.aborted && !signal.aborted) return null
    throw error
  }
}

interface Job {
  readonly domain: Hostname
  readonly publishedOnly: boolean
  readonly signal: AbortSignal
}

async function run(parts: DomainCheckParts, job: Job): Promise<DomainCheck> {
  const { domain, publishedOnly, signal } = job
  const served = parts.served(domain)
  const own = served !== null
  const [observation, discovery] = await Promise.all([
    parts.inspector.inspect(domain, signal),
    parts.service.discover({
      domain,
      signal,
      refresh: !publishedOnly,
      verify: publishedOnly ? 'never' : 'always',
    }),
  ])
  const published = publishedBy(observation)
  const [proofs, hosts] = publishedOnly
    ? [new Map<string, Verification>(), new Map<Hostname, HostProof>()]
    : await Promise.all([
        prove(parts, { published, discovery, signal }),
        proveHosts(parts.hosts, observation, signal),
      ])
  const now = parts.now()
  const context: CheckContext = {
    observation,
    published,
    proofs,
    hosts,
    records: parts.records(served ?? discovery, own),
    served: served && mailServers(served),
    otherServices: discovery.servers.jmap.length > 0 || discovery.servers.exchange.length > 0,
    now,
  }
  const findings = inOrder(RULES.flatMap((rule) => rule(context)))
  return { kind: 'checked', domain, own, findings, places: observation.places, published, checkedAt: now }
}

const SILENT: ProbeResult = {
  kind: 'failed',
  failure: failure('timeout', 'the server did not answer in time'),
}

/** What the lookup has proved already is not asked again (R34). */
async function prove(
  parts: DomainCheckParts,
  given: {
    readonly published: readonly Published[]
    readonly discovery: Discovery
    readonly signal: AbortSignal
  },
): Promise<Map<string, Verification>> {
  const { published, discovery, signal } = given
  const proofs = new Map<string, Verification>()
  for (const protocol of MAIL) {
    for (const server of discovery.servers[protocol]) {
      if (server.verification.status !== 'unchecked')
        proofs.set(endpointKey({ ...server, protocol }), server.verification)
    }
  }
  const wanted = new Map<string, { server: DeclaredServer; declaredPort: boolean }>()
  for (const { trusted: declaredPort, servers } of published) {
    for (const server of servers) {
      const key = endpointKey(server)
      if (!proofs.has(key))
        wanted.set(key, { server, declaredPort: declaredPort || wanted.get(key)?.declaredPort === true })
    }
  }
  // One silent server must not keep the rest from the reader: its silence is a finding.
  const limit = AbortSignal.timeout(parts.budgetMs)
  const stop = AbortSignal.any([signal, limit])
  // Each connection listens; Node would warn of a leak from the eleventh on.
  setMaxListeners(0, stop)
  const prober = probeOnce(parts.prober, stop)
  await Promise.all(
    [...wanted].slice(0, MAX_PROBES).map(async ([key, { server, declaredPort }]) => {
      const { protocol, hostname, port, security } = server
      if (security === 'plain' || !isMail(protocol)) return
      const probe = prober.probe({ protocol, hostname, port, security, declaredPort }, stop)
      const result = await probe.catch((error: unknown) => {
        if (signal.aborted || !limit.aborted) throw error
        return SILENT
      })
      proofs.set(key, toVerification(result, { now: parts.now(), vouchedFor: false }))
    }),
  )
  return proofs
}

async function proveHosts(
  prober: HostProber,
  { places }: DomainObservation,
  signal: AbortSignal,
): Promise<Map<Hostname, HostProof>> {
  const names = places.flatMap(({ outcome, where, hostname }) =>
    outcome === 'published' && where.startsWith('https:') ? [hostname] : [],
  )
  const proofs = [...new Set(names)].map(async (name) => [name, await prober.prove(name, signal)] as const)
  return new Map(await Promise.all(proofs))
}

function mailServers(discovery: Discovery): DeclaredServer[] {
  return MAIL.flatMap((protocol) =>
    discovery.servers[protocol].map(
      ({ hostname, port, security, username, authentication, declaredOrder }) => ({
        ...{ protocol, hostname, port, security, username, authentication, declaredOrder },
      }),
    ),
  )
}

/** Worst first; the same thing said once; one sentence for a name server that fails everywhere. */
function inOrder(findings: readonly CheckFinding[]): CheckFinding[] {
  const distinct = new Map(
    findings.map((finding) => {
      const { code, where, params } = finding
      return [code === 'dns-failed' ? code : JSON.stringify([code, where, params]), finding] as const
    }),
  )
  const rank = ({ code }: CheckFinding) => SEVERITIES.indexOf(checkCodeFacts(code).severity)
  return [...distinct.values()].sort((a, b) => rank(a) - rank(b))
}

function isMail(protocol: string): protocol is (typeof MAIL)[number] {
  return (MAIL as readonly string[]).includes(protocol)
}
