/** The words of the domain check: what was observed at each public place of a domain, and what is to be said about it. */
import { z } from 'zod'
import type { Failure } from './errors.js'
import { type Hostname, hostnameSchema } from './hostname.js'
import { type DeclaredServer, type MailProtocol, type Rejected, securitySchema } from './mail-settings.js'
import type { Lookup, SrvRecord } from './source.js'

export const MECHANISMS = [
  'autoconfig',
  'autoconfig-well-known',
  'autoconfig-http',
  'pacc',
  'autodiscover',
  'autodiscover-bare',
  'autodiscover-srv',
  'srv',
] as const
export const mechanismSchema = z.enum(MECHANISMS)
export type Mechanism = z.infer<typeof mechanismSchema>

/** One web address where settings may stand. */
export interface PlaceObservation {
  readonly mechanism: Mechanism
  /** Without parameters. */
  readonly where: string
  readonly hostname: Hostname
  /** The domain itself says this: https without leaving it, and nothing contradicts it. Only then its ports count (R9). */
  readonly trusted: boolean
  /** `unreadable`: something answers with 200, but it is no configuration · `sign-in`: 401, existence without content */
  readonly outcome: 'published' | 'unreadable' | 'sign-in' | 'absent' | 'failed'
  readonly failure?: Failure
  /** Why it is unreadable. */
  readonly detail?: string
  /** Where redirects led, in order; what was refused comes last. */
  readonly redirects: readonly string[]
  readonly refusedRedirect?: 'to-http' | 'outside' | 'loop'
  readonly contentType: { readonly is: string; readonly fits: boolean } | null
  /** Access-Control-Allow-Origin as it came; '' where it is missing. */
  readonly allowOrigin: string
  readonly servers: readonly DeclaredServer[]
  readonly rejected: readonly Rejected[]
  /** Autodiscover only: SSL and Encryption that contradict each other or the port (R22). */
  readonly encryptionFaults: readonly EncryptionFault[]
}

export interface EncryptionFault {
  readonly protocol: MailProtocol
  readonly port: string
  readonly ssl: string
  readonly encryption: string
}

export interface SrvObservation {
  /** `_imaps` and so on. */
  readonly label: string
  readonly protocol: MailProtocol
  readonly security: 'tls' | 'starttls'
  readonly lookup: Lookup<readonly SrvRecord[]>
}

/** The provider that the MX names, as the database knows it. */
export interface MxProvider {
  readonly name: string
  readonly class: string
  readonly servers: readonly DeclaredServer[]
}

export interface DomainObservation {
  readonly domain: Hostname
  readonly mx: Lookup<readonly string[]>
  /** RFC 7505 (R4). */
  readonly nullMx: boolean
  readonly mxProvider: MxProvider | null
  readonly srv: readonly SrvObservation[]
  readonly places: readonly PlaceObservation[]
  /** What the TXT record says of the PACC document; null where there is neither. */
  readonly paccDigest: 'matches' | 'differs' | 'missing' | 'without-document' | null
}

/** Looks at every place of one domain; rejects only with the signal's reason. */
export interface DomainInspector {
  inspect(domain: Hostname, signal: AbortSignal): Promise<DomainObservation>
}

/** What an https host shows in a handshake. */
export type HostProof =
  | { readonly kind: 'verified'; readonly version: string; readonly certificateExpiresAt: string }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** Rejects only with the signal's reason. */
export interface HostProber {
  prove(hostname: Hostname, signal: AbortSignal): Promise<HostProof>
}

/* Answer */

export const SEVERITIES = ['error', 'warning', 'info', 'ok'] as const
export const severitySchema = z.enum(SEVERITIES)
export type Severity = z.infer<typeof severitySchema>

const publishedSchema = z.object({
  mechanism: mechanismSchema,
  where: z.string(),
  outcome: z.enum(['published', 'unreadable', 'sign-in', 'absent', 'failed']),
  detail: z.string().optional(),
  servers: z.array(
    z.object({
      protocol: z.string(),
      hostname: hostnameSchema,
      port: z.int(),
      security: securitySchema,
    }),
  ),
})

/** `GET /v1/domains/{domain}/check`. */
export const checkAnswerSchema = z.object({
  domain: hostnameSchema,
  unicodeDomain: z.string(),
  /** The operator of this service has an entry for the domain, and what is public was compared with it. */
  own: z.boolean(),
  /** The worst severity among the findings. */
  verdict: severitySchema,
  findings: z.array(
    z.object({
      code: z.string(),
      severity: severitySchema,
      /** Server defect of Wen et al., NDSS 2025. */
      defect: z.string().optional(),
      text: z.string(),
      /** What mends it; empty for what is in order. */
      fix: z.string(),
      /** The URL, record or server it is about. */
      where: z.string().optional(),
      /** The exact record to publish. */
      record: z.string().optional(),
    }),
  ),
  mechanisms: z.array(publishedSchema),
  checkedAt: z.iso.datetime(),
})
export type CheckAnswer = z.infer<typeof checkAnswerSchema>
