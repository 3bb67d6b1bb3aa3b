/** What the rules of the domain check look at; each rule is a pure function from this to findings. */
import type { CheckFinding } from '../../domain/check-codes.js'
import type { DomainObservation, HostProof, Mechanism } from '../../domain/domain-check.js'
import type { Hostname } from '../../domain/hostname.js'
import { type DeclaredServer, type MailProtocol, type Verification } from '../../domain/mail-settings.js'

export interface Published {
  readonly mechanism: Mechanism
  readonly where: string
  /** Whether the ports it names may be dialled (R9). */
  readonly trusted: boolean
  /** Mail servers over TLS, in the order of the document or by SRV priority. */
  readonly servers: readonly DeclaredServer[]
}

export interface CheckContext {
  readonly observation: DomainObservation
  /** Documents and records that name mail servers; Autodiscover answers without settings are none. */
  readonly published: readonly Published[]
  /** By `endpointKey`. */
  readonly proofs: ReadonlyMap<string, Verification>
  readonly hosts: ReadonlyMap<Hostname, HostProof>
  /** Records to publish, by relative owner name such as `_imaps._tcp`. */
  readonly records: ReadonlyMap<string, string>
  /** The servers of the operator's entry; null where the domain is not one of his. */
  readonly served: readonly DeclaredServer[] | null
  /** JMAP or Exchange was found: the domain is not without settings. */
  readonly otherServices: boolean
  /** Milliseconds since the epoch. */
  readonly now: number
}

export type Rule = (context: CheckContext) => CheckFinding[]

export const MAIL: readonly MailProtocol[] = ['imap', 'pop3', 'smtp']
/** Issue 5: a certificate that ends sooner is worth a warning. */
export const EXPIRY_WARNING_DAYS = 30
const DAY_MS = 86_400_000

export function endpoint({
  hostname,
  port,
  security,
}: Pick<DeclaredServer, 'hostname' | 'port' | 'security'>): string {
  return `${hostname}:${port} ${security === 'starttls' ? 'STARTTLS' : security.toUpperCase()}`
}

/** Whole days left; negative when past. */
export function daysUntil(iso: string, now: number): number {
  return Math.floor((Date.parse(iso) - now) / DAY_MS)
}

/** OpenSSL's words for "your version of TLS is too old", from either side of the handshake. */
export function isOldTls(detail: string): boolean {
  return /unsupported protocol|protocol version|version too low|legacy|no protocols available/i.test(detail)
}

/** The record as a spreadable part of a finding. */
export function recordPart(context: CheckContext, name: string): { record?: string } {
  const record = context.records.get(name)
  return record === undefined ? {} : { record }
}
