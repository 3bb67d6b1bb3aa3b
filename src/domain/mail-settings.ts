/**
 * The one settings model (design principle 1): every source produces it, every format is rendered from it. Settings are
 * kept per domain with `%EMAIL…%` placeholders and expanded at the edge (principle 6).
 */
import { z } from 'zod'
import { type Hostname, hostnameSchema } from './hostname.js'

export const PROTOCOLS = [
  'imap',
  'pop3',
  'smtp',
  'jmap',
  'caldav',
  'carddav',
  'managesieve',
  'exchange',
] as const
export const protocolSchema = z.enum(PROTOCOLS)
export type Protocol = z.infer<typeof protocolSchema>

/** The protocols a mail program needs and the prober speaks. */
export type MailProtocol = 'imap' | 'pop3' | 'smtp'

/** `tls` is implicit TLS, `starttls` required STARTTLS; `plain` is known only so that it can be rejected (R20). */
export const securitySchema = z.enum(['tls', 'starttls', 'plain'])
export type Security = z.infer<typeof securitySchema>

export const authMethodSchema = z.enum([
  'oauth2',
  'password-cleartext',
  'password-encrypted',
  'gssapi',
  'ntlm',
  'client-certificate',
  'none',
])
export type AuthMethod = z.infer<typeof authMethodSchema>

export const SOURCE_NAMES = [
  'operator',
  'provider-db',
  'pacc',
  'autoconfig',
  'ispdb',
  'mx',
  'srv',
  'autodiscover',
  'jmap',
  'dav',
  'guess',
] as const
export const sourceNameSchema = z.enum(SOURCE_NAMES)
export type SourceName = z.infer<typeof sourceNameSchema>

/** Highest first (R26). */
export const TRUST_TIERS = ['operator', 'authenticated', 'curated', 'corroborated', 'unconfirmed'] as const
export const trustSchema = z.enum(TRUST_TIERS)
export type Trust = z.infer<typeof trustSchema>

export const portSchema = z.int().min(1).max(65535)

/** One server as a source names it, before trust and rank are known. */
export interface DeclaredServer {
  readonly protocol: Protocol
  readonly hostname: Hostname
  readonly port: number
  readonly security: Security
  /** A template, `%EMAILADDRESS%` and the like; null where the source does not say. */
  readonly username: string | null
  /** Best first; empty where the source does not say. */
  readonly authentication: readonly AuthMethod[]
  /** Position in the document or SRV priority: a hint only (R23). */
  readonly declaredOrder: number
  /** For the URL-based services (JMAP, CalDAV, CardDAV, Exchange). */
  readonly url?: string
  /** Set when the source itself has proved the server live, as guessing does. */
  readonly verification?: Verification
}

export const verificationSchema = z.object({
  status: z.enum(['verified', 'failed', 'unchecked']),
  checkedAt: z.iso.datetime().optional(),
  /** Set when failed: the failure's code and sentence. */
  failure: z.object({ code: z.string(), detail: z.string() }).optional(),
  tls: z.object({ version: z.string(), certificateExpiresAt: z.iso.datetime() }).optional(),
  capabilities: z.array(z.string()).optional(),
  /** Advertised after TLS, upper case. */
  saslMechanisms: z.array(z.string()).optional(),
})
export type Verification = z.infer<typeof verificationSchema>

/** Failures that say something about our way there, not about the server. */
const INCONCLUSIVE: ReadonlySet<string> = new Set(['timeout', 'unreachable', 'dns'])

export function isInconclusive(failureCode: string): boolean {
  return INCONCLUSIVE.has(failureCode)
}

/** The live check showed that the server must not get a password: wrong certificate, no TLS, broken STARTTLS (R32, R33). */
export function isDisproved(verification: Verification): boolean {
  return verification.status === 'failed' && !isInconclusive(verification.failure?.code ?? '')
}

export const UNCHECKED: Verification = { status: 'unchecked' }

/** Where a server was read, and over what (R39). */
export const evidenceSchema = z.object({
  source: sourceNameSchema,
  /** The URL (without parameters) or DNS record. */
  where: z.string(),
  channel: z.enum(['file', 'curated', 'https', 'https-redirected', 'http', 'dns', 'dnssec', 'probe']),
})
export type Evidence = z.infer<typeof evidenceSchema>

/** A server of the answer: merged over its sources, with trust and proof. */
export const serverSchema = z.object({
  hostname: hostnameSchema,
  port: portSchema,
  security: securitySchema,
  username: z.string(),
  authentication: z.array(authMethodSchema),
  trust: trustSchema,
  requiresConfirmation: z.boolean(),
  registrableDomain: hostnameSchema,
  sources: z.array(sourceNameSchema),
  declaredOrder: z.int(),
  verification: verificationSchema,
  evidence: z.array(evidenceSchema),
  url: z.string().optional(),
})
export type Server = z.infer<typeof serverSchema>

export type Servers = Readonly<Record<Protocol, readonly Server[]>>

/** The servers a machine format may carry (R26): every tier but `unconfirmed`, and nothing that its check disproved. */
export function confirmedServers(servers: readonly Server[]): Server[] {
  return servers.filter((server) => server.trust !== 'unconfirmed' && !isDisproved(server.verification))
}

export const oauth2Schema = z.object({
  issuer: z.string(),
  authorizationUrl: z.url({ protocol: /^https$/ }).optional(),
  tokenUrl: z.url({ protocol: /^https$/ }).optional(),
  scopes: z.array(z.string()),
})
export type OAuth2 = z.infer<typeof oauth2Schema>

export const documentationSchema = z.object({
  url: z.url({ protocol: /^https?$/ }),
  language: z.string().optional(),
})

export const providerInfoSchema = z.object({
  id: z.string(),
  name: z.string(),
  documentation: z.array(documentationSchema),
})
export type ProviderInfo = z.infer<typeof providerInfoSchema>

/** Something the reader must know or do; its sentence is made by i18n from code and parameters. */
export interface Message {
  readonly code: string
  readonly params?: Readonly<Record<string, string>>
  readonly url?: string
  /** Sentences that come with the provider's entry, by language; they win over the catalogue. */
  readonly texts?: Readonly<Record<string, string>>
}

/** A server that was named somewhere and is not offered, with the reason (R20, R21). */
export interface Rejected {
  readonly source: SourceName
  readonly protocol: Protocol
  readonly hostname: string
  readonly port: number | null
  readonly reason:
    | 'cleartext'
    | 'invalid-hostname'
    | 'invalid-port'
    | 'invalid-security'
    | 'invalid-authentication'
    | 'unknown-placeholder'
    | 'incomplete'
    | 'limit'
  /** Kept for `cleartext` alone, so that a caller who insists (`allowCleartext`) can have it. */
  readonly server?: DeclaredServer
}
