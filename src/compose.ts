/** Builds each real part once and holds THE ordered list of sources: the position is the rank. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { answersOrigin } from './answers-origin.js'
import { cachingResolver } from './cache/caching-resolver.js'
import { createShelf } from './cache/shelf.js'
import type { Savable } from './cache/snapshot.js'
import type { Valkey } from './cache/valkey.js'
import { ValkeyCounters } from './cache/valkey-counters.js'
import { cacheBytes, composeKept } from './compose-cache.js'
import { composeChecker } from './compose-checker.js'
import type { Config } from './config.js'
import type { DomainChecker } from './discovery/check-domain.js'
import { ColdGate } from './discovery/cold-gate.js'
import {
  createDiscoveryService,
  type DiscoveryService,
  type LookupAbout,
} from './discovery/discovery-service.js'
import type { AnsweredBy } from './domain/answered-by.js'
import type { Discovery, SourceReport } from './domain/discovery.js'
import { type Hostname, parseHostname, registrableDomain } from './domain/hostname.js'
import type { SourceName } from './domain/mail-settings.js'
import type { Operator } from './domain/operator.js'
import type { ProviderDirectory } from './domain/provider-record.js'
import type { HttpClient, MailProber, Resolver, Source } from './domain/source.js'
import type { SharedCounters } from './domain/shared-counters.js'
import type { Shelf } from './domain/shelf.js'
import type { AppParts } from './http/app-parts.js'
import type { AboutReady } from './http/ready.js'
import { createAddressPolicy, createNetworkMatcher } from './net/address-policy.js'
import { budgetedResolver } from './net/dns-budget.js'
import { createDnsResolver, systemServers } from './net/dns-resolver.js'
import { createGuardedConnector, type Dial } from './net/guarded-connect.js'
import { createHttpClient, type HttpClientParts } from './net/http-client.js'
import { createMailProber } from './net/mail-prober.js'
import { rememberingProber } from './net/remembering-prober.js'
import { type ProbeReport, reportingProber } from './net/reporting-prober.js'
import { createTargetBudget } from './net/target-budget.js'
import { OPERATOR_FILES, openOperatorFiles } from './operator-files.js'
import { createOperator } from './operator-settings.js'
import { createProviderDirectory } from './providers/directory.js'
import { loadProviders } from './providers/load.js'
import type { ProviderFileError } from './providers/provider-file.js'
import type { ProviderFiles, ProviderFilesState } from './providers/provider-files.js'
import { createProviderIndex, type ProviderIndex } from './providers/provider-index.js'
import { createAutoconfigSource } from './sources/autoconfig.js'
import { createAutodiscoverSource } from './sources/autodiscover.js'
import { createDavSource } from './sources/dav.js'
import { createGuessSource } from './sources/guess.js'
import { createIspdbSource } from './sources/ispdb.js'
import { createJmapSource } from './sources/jmap.js'
import { createMxSource } from './sources/mx.js'
import { withOAuthMetadata } from './sources/oauth-metadata.js'
import { createPaccSource } from './sources/pacc.js'
import { withProtectedResource } from './sources/protected-resource.js'
import { createProviderSource } from './sources/provider-db.js'
import { createSrvSource } from './sources/srv.js'
import type { Channel } from './worker-messages.js'

/** What a process has around it, and what the lab puts in place of the real world. */
export interface Surroundings {
  /** Open as long as the process serves; commands have none. */
  readonly valkey?: Valkey
  /** Set in one of several processes that serve: which it is, from 0, and its way to the one above. */
  readonly worker?: { readonly slot: number; readonly channel: Channel }
  readonly dial?: Dial
  /** Extra trust anchors, PEM. */
  readonly ca?: readonly string[]
  readonly builtinProvidersDirectory?: string
  readonly now?: () => number
}

export interface Watchers {
  readonly onReport?: (report: SourceReport) => void
  readonly onLookup?: (discovery: Discovery, about: LookupAbout) => void
  readonly onAnswer?: (by: AnsweredBy) => void
  readonly onProbe?: (report: ProbeReport) => void
  readonly onBug?: (where: SourceName | 'verify', error: unknown) => void
  /** The operator's files were read again and are in force. */
  readonly onProvidersChanged?: (state: ProviderFilesState) => void
  /** The operator's files were changed into something unusable; those before stay in force. */
  readonly onProvidersRefused?: (fault: ProviderFileError) => void
}

export interface Mailscout {
  readonly service: DiscoveryService
  readonly prober: MailProber
  readonly http: HttpClient
  /** As it is now: the operator's files may be reread. */
  readonly operatorIndex: ProviderIndex
  readonly operatorFiles: ProviderFiles
  readonly operator: Operator
  readonly checker: DomainChecker
  /** Answers as bytes. */
  readonly ready: Shelf<AboutReady>
  /** Kept answers, and what they are made from, for a snapshot. */
  readonly kept: { readonly store: Savable; readonly origin: () => string }
  /** Of the HTTP application: who may ask how much, and how full the cache is. */
  readonly traffic: Pick<AppParts, 'limits' | 'trustProxy' | 'layers'>
  /** Without trailing slash. */
  readonly publicUrl: string | undefined
  readonly builtinIndex: ProviderIndex
  /** The built-in database as the API shows it. */
  readonly providers: ProviderDirectory
  readonly version: string
}

export const BUILTIN_PROVIDERS = fileURLToPath(new URL('../data/providers', import.meta.url))
const CONTACT_URL = 'https://github.com/mailscout/mailscout'

/** @throws ProviderFileError for a broken provider file (file, field, reason), ConfigError for their directory */
export function compose(config: Config, surroundings: Surroundings = {}, watchers: Watchers = {}): Mailscout {
  const version = packageVersion()
  const now = surroundings.now ?? Date.now
  const { valkey } = surroundings
  const counters = valkey && new ValkeyCounters({ valkey, now })
  const shares = {
    isKnown: (domain: Hostname) => knownTargets().has(domain),
    ...(counters ? { now, shared: counters } : {}),
  }
  const unlimited = createDnsResolver({
    servers: config.MAILSCOUT_DNS_SERVERS.length > 0 ? config.MAILSCOUT_DNS_SERVERS : systemServers(),
    trustAd: config.MAILSCOUT_DNSSEC === 'trust-ad',
    ...(surroundings.ca && { doh: { ca: surroundings.ca } }),
  })
  const policy = createAddressPolicy({ allowNetworks: config.MAILSCOUT_ALLOW_NETWORKS })
  const dns = budgetedResolver(unlimited, shares)
  // One for all that asks: a server does not care on whose behalf it is asked, nor by which process.
  const budget = createTargetBudget({
    isOwn: createNetworkMatcher(config.MAILSCOUT_ALLOW_NETWORKS),
    ...shares,
  })
  const reach = (resolver: Resolver, own: Pick<HttpClientParts, 'ownHost' | 'keepOrigins'> = {}) => {
    const connector = createGuardedConnector({
      resolver,
      policy,
      budget,
      ...(surroundings.dial ? { dial: surroundings.dial } : {}),
      ...(surroundings.ca ? { ca: surroundings.ca } : {}),
    })
    const userAgent = `mailscout/${version} (+${CONTACT_URL})`
    const http = createHttpClient({ connector, userAgent, now, ...own })
    const prober = createMailProber({ connector, now })
    const told = watchers.onProbe ? reportingProber(prober, watchers.onProbe) : prober
    return { resolver, connector, http, prober: rememberingProber(told) }
  }
  const keptDns = cachingResolver(dns, { maxBytes: cacheBytes(config, 'dns') })
  const ownHost = hostOf(config.MAILSCOUT_PUBLIC_URL)
  const { resolver, http, prober } = reach(keptDns, {
    ...(ownHost ? { ownHost } : {}),
    keepOrigins: new Set(config.MAILSCOUT_ISPDB_URLS.map((url) => new URL(url).origin)),
  })
  const operatorFiles = openOperatorFiles({
    directory: config.MAILSCOUT_PROVIDERS_DIR,
    options: { ...OPERATOR_FILES, now },
    onChange: (state) => {
      service.forget()
      watchers.onProvidersChanged?.(state)
    },
    onRefused: (fault) => watchers.onProvidersRefused?.(fault),
  })
  const operatorIndex = () => operatorFiles.index()
  const builtinIndex = indexOf(
    config.MAILSCOUT_BUILTIN_PROVIDERS
      ? (surroundings.builtinProvidersDirectory ?? BUILTIN_PROVIDERS)
      : undefined,
  )
  const indexes = () => [operatorIndex(), builtinIndex]
  const ispdbUrls = config.MAILSCOUT_ISPDB_URLS
  const knownTargets = onFirstUse(() => targetsOf(builtinIndex, ispdbUrls))

  // A provider's own HTTPS configuration beats the database (R28); guessing comes last (R35).
  const sources: readonly Source[] = [
    createProviderSource({ name: 'operator', index: operatorIndex, now }),
    withOAuthMetadata(createPaccSource({ http, resolver }), { http }),
    withOAuthMetadata(createAutoconfigSource({ http }), { http }),
    createProviderSource({ name: 'provider-db', index: () => builtinIndex, now }),
    withOAuthMetadata(createIspdbSource({ http, urls: ispdbUrls }), { http }),
    createMxSource({ resolver, http, ispdbUrls, indexes, now }),
    createSrvSource({ resolver }),
    createAutodiscoverSource({ http, resolver, now }),
    withProtectedResource(createJmapSource({ http, resolver, now }), { http }),
    withProtectedResource(createDavSource({ http, resolver, now }), { http }),
    createGuessSource({ resolver }),
  ]

  const gate = new ColdGate({ places: config.MAILSCOUT_MAX_COLD_LOOKUPS })
  const origin = answersOrigin({ config, version, indexes })
  const kept = composeKept(config, { origin, ...(valkey ? { valkey } : {}) })
  const service = createDiscoveryService({
    sources: sources.filter((source) => config.MAILSCOUT_SOURCES.includes(source.name)),
    prober,
    budgetMs: config.MAILSCOUT_BUDGET_MS,
    speculation: config.MAILSCOUT_SPECULATION,
    now,
    ...kept,
    gate,
    allowSpecialUseNames: config.MAILSCOUT_ALLOW_SPECIAL_USE_NAMES,
    isOwnDomain: (domain) => operatorIndex().findByDomain(domain) !== null,
    suggest: (domain) => {
      const suggestion = operatorIndex().suggestDomain(domain) ?? builtinIndex.suggestDomain(domain)
      return suggestion === null ? [] : [suggestion]
    },
    onBug: watchers.onBug ?? (() => undefined),
    onRefresh: (domain) => {
      keptDns.forget(domain)
    },
    ...(watchers.onReport ? { onReport: watchers.onReport } : {}),
    ...(watchers.onLookup ? { onLookup: watchers.onLookup } : {}),
    ...(watchers.onAnswer ? { onAnswer: watchers.onAnswer } : {}),
  })
  const ready = createShelf<AboutReady>({ maxBytes: cacheBytes(config, 'ready') })
  const operator = createOperator({
    index: operatorIndex,
    resolver,
    allowSpecialUseNames: config.MAILSCOUT_ALLOW_SPECIAL_USE_NAMES,
    now,
  })
  return {
    service,
    prober,
    http,
    get operatorIndex() {
      return operatorIndex()
    },
    operatorFiles,
    operator,
    // Who has just mended a record checks whether the world sees it, so nothing comes from the cache.
    checker: composeChecker({ config, service, operator, ...reach(dns), now, indexes }),
    ready,
    kept: { store: kept.store, origin },
    traffic: {
      ...trafficRules(config, gate, counters),
      layers: () => [
        { layer: 'ready', ...ready.size },
        { layer: 'answers', ...kept.store.size },
        { layer: 'dns', ...keptDns.size },
      ],
    },
    publicUrl: config.MAILSCOUT_PUBLIC_URL?.replace(/\/+$/, ''),
    builtinIndex,
    providers: createProviderDirectory({ index: () => builtinIndex, now }),
    version,
  }
}

function hostOf(url: string | undefined): Hostname | undefined {
  return (url === undefined ? null : parseHostname(new URL(url).hostname)) ?? undefined
}

/** The registrable domains of the hosts that many lookups lead to. */
function targetsOf(index: ProviderIndex, urls: readonly string[]): ReadonlySet<Hostname> {
  const names = index.entries.flatMap(({ imap, pop3, smtp, mx, oauth2 }) => [
    // Names with placeholders for the customer's part are none.
    ...[...imap, ...pop3, ...smtp].flatMap(({ hostname }) => parseHostname(hostname) ?? []),
    // Where mail is delivered is asked for configuration as well (R15).
    ...mx.map(({ matches }) => matches),
    ...[hostOf(oauth2?.authorizationUrl) ?? []].flat(),
  ])
  return new Set([...names, ...urls.flatMap((url) => hostOf(url) ?? [])].map(registrableDomain))
}

function onFirstUse<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

function trafficRules(config: Config, gate: ColdGate, shared?: SharedCounters): Mailscout['traffic'] {
  const { MAILSCOUT_TRUST_PROXY: trustProxy } = config
  return {
    limits: {
      requests: config.MAILSCOUT_RATE_LIMIT_MAX,
      cold: config.MAILSCOUT_RATE_LIMIT_COLD_MAX,
      gate,
      ...(shared && { shared }),
    },
    ...(trustProxy === undefined ? {} : { trustProxy }),
  }
}

function indexOf(directory: string | undefined): ProviderIndex {
  return createProviderIndex(directory === undefined ? [] : loadProviders(directory))
}

/** The version of this package. */
export function packageVersion(): string {
  const text = readFileSync(fileURLToPath(new URL('../package.json', import.meta.url)), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
