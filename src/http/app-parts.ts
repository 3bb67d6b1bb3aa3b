/** What the HTTP application is built from. */
import type { FastifyBaseLogger } from 'fastify'
import type { DiscoveryService } from '../discovery/discovery-service.js'
import type { Hostname } from '../domain/hostname.js'

export interface AppParts {
  readonly service: DiscoveryService
  /** Whether the operator configured this domain: only then may a Host header name it (R42). */
  readonly isOwnDomain: (domain: Hostname) => boolean
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly version: string
  readonly logger?: FastifyBaseLogger
}
