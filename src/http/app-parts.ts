/** What the HTTP application is built from. */
import type { FastifyBaseLogger, FastifyReply } from 'fastify'
import type { DomainChecker } from '../discovery/check-domain.js'
import type { ColdGate } from '../discovery/cold-gate.js'
import type { DiscoveryService } from '../discovery/discovery-service.js'
import type { Hostname } from '../domain/hostname.js'
import type { Operator } from '../domain/operator.js'
import type { ProfileSigner } from '../domain/profile-signer.js'
import type { ProviderDirectory } from '../domain/provider-record.js'
import type { SharedCounters } from '../domain/shared-counters.js'
import type { Shelf } from '../domain/shelf.js'
import type { TokenEntry } from './limits/token-lines.js'
import type { Metrics } from './metrics.js'
import type { LayerState } from './metrics-state.js'
import type { AboutReady } from './ready.js'

/** Of the operator's provider files, for whoever watches over the process. */
export interface ProviderFilesState {
  readonly status: 'none' | 'current' | 'stale'
  /** Why the files on disk are refused and the last good ones serve. */
  readonly reason?: string
}

/** Design section 5, `MAILSCOUT_RATE_LIMIT_…` and `MAILSCOUT_MAX_COLD_LOOKUPS`. */
export interface LimitSettings {
  /** Per minute and client. */
  readonly requests: number
  /** Lookups that neither the cache nor one under way answers, per minute and client. */
  readonly cold: number
  /** Where those pass, so many at a time for all clients. */
  readonly gate: Pick<ColdGate, 'enter'> & Partial<Pick<ColdGate, 'running' | 'waiting'>>
  /** Bearer tokens as they are now; nobody needs one when left out. */
  readonly tokens?: () => readonly TokenEntry[]
  /** What all processes count together; this one counts for itself when left out. */
  readonly shared?: SharedCounters
}

export interface AppParts {
  readonly service: DiscoveryService
  /** Whether the operator configured this domain: only then may a Host header name it (R42). */
  readonly isOwnDomain: (domain: Hostname) => boolean
  /** The authority role (R42); left out where there are no files of an operator. */
  readonly operator?: Operator
  /** The service's own https base URL, without trailing slash; left out where it is not known. */
  readonly publicUrl?: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly version: string
  /** The built-in database; empty when left out. */
  readonly providers?: ProviderDirectory
  /** How the operator's files are; none when left out. */
  readonly providerFiles?: () => ProviderFilesState
  /** Checks a domain for its administrator; there is no such endpoint when left out. */
  readonly checker?: DomainChecker
  /** Signs profiles of own domains (R42, R46); all stay unsigned when left out. */
  readonly signer?: ProfileSigner
  /** Answers as bytes; rendered for each request when left out. */
  readonly ready?: Shelf<AboutReady>
  /** Whether the shared cache answers; there is none when left out. */
  readonly isCacheThere?: () => boolean
  /** How full the memory for kept answers is; not shown when left out. */
  readonly layers?: () => readonly LayerState[]
  /** Whether the process is about to end; never when left out. */
  readonly isDraining?: () => boolean
  readonly logger?: FastifyBaseLogger
  /** Where this application alone counts; its own, without sources and lookups, when left out. */
  readonly metrics?: Metrics
  /** Nothing is limited when left out: the command line asks for itself alone. */
  readonly limits?: LimitSettings
  /** Whose X-Forwarded-For is believed: addresses, networks, or how many hops; nobody's when left out. */
  readonly trustProxy?: readonly string[] | number
  /** Set with the limits: counts further requests that came as one. @throws Problem RATE_LIMITED */
  readonly charge?: (reply: FastifyReply, requests: number) => void
}
