/** What one lookup found out about a domain: the input of every format, kept in the cache without any address. */
import type { Failure } from './errors.js'
import type { Hostname } from './hostname.js'
import type {
  MailProtocol,
  Message,
  OAuth2,
  Protocol,
  ProviderInfo,
  Rejected,
  Server,
  Servers,
  SourceName,
} from './mail-settings.js'

/** How a source ended, for the answer's list, the event stream and the metrics. */
export interface SourceReport {
  readonly source: SourceName
  readonly outcome: 'found' | 'absent' | 'failed' | 'skipped'
  readonly durationMs: number
  readonly failure?: Failure
  /** Why skipped, or what a source that found nothing knows about it. */
  readonly detail?: string
}

/** Two sources that name different servers for one protocol (R24). */
export interface Conflict {
  readonly protocol: Protocol
  readonly kind: 'hostname' | 'transport' | 'username' | 'not-offered'
  readonly chosen: { readonly sources: readonly SourceName[]; readonly value: string }
  readonly other: { readonly sources: readonly SourceName[]; readonly value: string }
}

export interface Discovery {
  readonly domain: Hostname
  readonly kind: 'found' | 'reserved' | 'no-mail' | 'absent' | 'failed'
  readonly provider: ProviderInfo | null
  readonly servers: Servers
  readonly oauth2: OAuth2 | null
  readonly notices: readonly Message[]
  readonly warnings: readonly Message[]
  readonly conflicts: readonly Conflict[]
  readonly rejected: readonly Rejected[]
  readonly notOffered: readonly Protocol[]
  /** An MX says that mail is read there, whatever else is known. */
  readonly receivesMail: boolean
  /** Well-known domains a typing slip away; hints only, never applied (R53). */
  readonly suggestions: readonly string[]
  /** A source that could have changed the first choice could not be asked (R24). */
  readonly degraded: boolean
  readonly sources: readonly SourceReport[]
  readonly ttlSeconds: number
  /** Milliseconds since the epoch. */
  readonly lookedUpAt: number
}

/** What the asker says about his use (R40). */
export interface Preference {
  readonly devices?: 'one' | 'many' | undefined
  readonly keep?: 'server' | 'device' | undefined
}

/** IMAP or POP3, and the way out (R40). */
export interface Recommendation {
  readonly protocol: 'imap' | 'pop3'
  readonly incoming: Server
  /** Null when no usable SMTP server is known. */
  readonly outgoing: Server | null
  readonly reasons: readonly Message[]
  readonly alternative: { readonly protocol: 'imap' | 'pop3'; readonly incoming: Server } | null
}

/** The protocols that take part in advice and verification. */
export const MAIL_PROTOCOLS: readonly MailProtocol[] = ['imap', 'pop3', 'smtp']
