/** Builds the domain check from the parts of the service: where inspector, prober, zone writer and rules meet. */
import { createMemoryStore } from './cache/store.js'
import type { Config } from './config.js'
import { createDomainChecker, type DomainChecker } from './discovery/check-domain.js'
import type { DiscoveryService } from './discovery/discovery-service.js'
import { parseHostname } from './domain/hostname.js'
import type { Operator } from './domain/operator.js'
import type { HttpClient, MailProber, Resolver } from './domain/source.js'
import { zoneRecords } from './formats/zone-records.js'
import type { GuardedConnector } from './net/guarded-connect.js'
import { createHostProber } from './net/host-prober.js'
import type { ProviderIndex } from './providers/provider-index.js'
import { createDomainInspector } from './sources/inspect-domain.js'

export interface CheckerMaterial {
  readonly config: Config
  readonly service: DiscoveryService
  readonly operator: Operator
  readonly connector: GuardedConnector
  readonly http: HttpClient
  readonly prober: MailProber
  readonly resolver: Resolver
  readonly now: () => number
  /** The operator's index before the built-in one. */
  readonly indexes: () => readonly ProviderIndex[]
}

/** Checks are kept for a minute; a few thousand of them fit. */
const CHECKS_BYTES = 16 * 1024 * 1024

export function composeChecker(material: CheckerMaterial): DomainChecker {
  const { config, service, operator, http, prober, resolver, now, indexes } = material
  const budgetMs = config.MAILSCOUT_BUDGET_MS
  const publicUrl = config.MAILSCOUT_PUBLIC_URL
  const ownHost = publicUrl === undefined ? null : parseHostname(new URL(publicUrl).hostname)
  return createDomainChecker({
    inspector: createDomainInspector({ http, resolver, indexes, now, placeTimeoutMs: budgetMs }),
    prober,
    hosts: createHostProber(material.connector),
    service,
    served: (domain) => operator.settings(domain),
    allowSpecialUseNames: config.MAILSCOUT_ALLOW_SPECIAL_USE_NAMES,
    // The names of the configuration service lead to us for the operator's domains only (R42).
    records: (discovery, own) => zoneRecords(discovery, { serviceHost: own ? ownHost : null }),
    store: createMemoryStore({ maxBytes: CHECKS_BYTES, now }),
    budgetMs,
    now,
  })
}
