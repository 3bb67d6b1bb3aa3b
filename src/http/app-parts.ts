/** What the HTTP application is built from. */
import type { FastifyBaseLogger } from 'fastify'
import type { DomainChecker } from '../discovery/check-domain.js'
import type { DiscoveryService } from '../discovery/discovery-service.js'
import type { Hostname } from '../domain/hostname.js'
import type { Operator } from '../domain/operator.js'
import type { ProfileSigner } from '../domain/profile-signer.js'
import type { ProviderDirectory } from '../domain/provider-record.js'

/** Of the operator's provider files, for whoever watches over the process. */
export interface ProviderFilesState {
  readonly status: 'none' | 'current' | 'stale'
  /** Why the files on disk are refused and the last good ones serve. */
  readonly reason?: string
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
  readonly logger?: FastifyBaseLogger
}
