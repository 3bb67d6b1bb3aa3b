/** The words in which a lab world is described: domains as data, with their records, their hosts and their faults. */
import type { LabRecords } from './dns-server.js'
import { autoconfigXml, type DocumentServer } from './documents.js'
import type { CertificateKind } from './identity.js'
import type { MailService } from './mail-server.js'
import type { WebRoute, WebRoutes } from './web-server.js'

export interface LabHost {
  /** Served on port 443. */
  readonly https?: WebRoutes
  /** Served on port 80. */
  readonly http?: WebRoutes
  /** By port. */
  readonly mail?: Readonly<Record<number, MailService>>
  /** Shown by every TLS service of the host; default `good`. */
  readonly certificate?: CertificateKind
  /** Every packet to the host's address is lost. */
  readonly swallows?: true
}

export interface LabDomain {
  /** One line for the list of `npm run lab`. */
  readonly description: string
  /** What the service is expected to make of it. */
  readonly shows: string
  /**
   * DNS records by full name. A host below gets an A record of its own unless its name has A, AAAA or CNAME here;
   * the domain gets an MX record for a host where nobody listens unless it has MX here.
   */
  readonly records?: Readonly<Record<string, LabRecords>>
  /** By full name; `*.` names are wildcards in DNS and in the certificate. */
  readonly hosts?: Readonly<Record<string, LabHost>>
  /** The domain's autoconfig file in the lab's ISPDB, or what that answers about the domain. */
  readonly ispdb?: string | WebRoute
  /** Records of any other name in it, made up when it is asked; null where there is none. */
  readonly madeUp?: (name: string, addressOf: (host: string) => string) => LabRecords | null
  /** Answers about the domain carry the AD bit. */
  readonly signed?: true
  /** Not a domain to look up: a provider or other furniture of the world. */
  readonly furniture?: true
}

/** By domain. */
export type World = Readonly<Record<string, LabDomain>>

/** A small world of a test's own; descriptions may be left out. */
export function worldOf(
  domains: Readonly<Record<string, Omit<LabDomain, 'description' | 'shows'> & Partial<LabDomain>>>,
): World {
  return Object.fromEntries(
    Object.entries(domains).map(([name, domain]) => [name, { description: name, shows: '', ...domain }]),
  )
}

/* Building blocks */

export const IMAPS: MailService = { protocol: 'imap', mode: 'tls', capabilities: ['IDLE', 'UIDPLUS'] }
export const IMAP: MailService = { ...IMAPS, mode: 'starttls' }
export const POP3S: MailService = { protocol: 'pop3', mode: 'tls' }
export const POP3: MailService = { ...POP3S, mode: 'starttls' }
export const SUBMISSIONS: MailService = { protocol: 'smtp', mode: 'tls' }
export const SUBMISSION: MailService = { ...SUBMISSIONS, mode: 'starttls' }
export const SIEVE: MailService = { protocol: 'managesieve', mode: 'starttls', capabilities: ['envelope'] }

/** Where mail is read: IMAP and POP3, both transports. */
export const READING: LabHost = { mail: { 993: IMAPS, 143: IMAP, 995: POP3S, 110: POP3 } }
/** Where mail is handed in, both transports. */
export const SENDING: LabHost = { mail: { 465: SUBMISSIONS, 587: SUBMISSION } }

/**
 * Working servers under names that nobody would guess, so that only the source under test can name them:
 * `reading.<domain>` and `sending.<domain>`.
 */
export function hiddenServers(domain: string): Record<string, LabHost> {
  return { [`reading.${domain}`]: READING, [`sending.${domain}`]: SENDING }
}

/** The entries of a document for `hiddenServers`. */
export function hiddenEntries(domain: string): DocumentServer[] {
  return [
    { type: 'imap', hostname: `reading.${domain}`, port: 993, socketType: 'SSL' },
    { type: 'pop3', hostname: `reading.${domain}`, port: 995, socketType: 'SSL' },
    { type: 'smtp', hostname: `sending.${domain}`, port: 465, socketType: 'SSL' },
  ]
}

/** The autoconfig file for `hiddenServers`. */
export function hiddenAutoconfig(domain: string): string {
  return autoconfigXml(domain, hiddenEntries(domain))
}

/** SRV records (RFC 6186, 8314) for `hiddenServers`, or for the same names of another domain. */
export function hiddenSrv(domain: string, serverDomain = domain): Record<string, LabRecords> {
  return {
    [`_imaps._tcp.${domain}`]: { SRV: [[0, 1, 993, `reading.${serverDomain}`]] },
    [`_pop3s._tcp.${domain}`]: { SRV: [[10, 1, 995, `reading.${serverDomain}`]] },
    [`_submissions._tcp.${domain}`]: { SRV: [[0, 1, 465, `sending.${serverDomain}`]] },
  }
}

export const AUTOCONFIG_PATH = '/mail/config-v1.1.xml'
export const WELL_KNOWN_PATH = '/.well-known/autoconfig/mail/config-v1.1.xml'
export const AUTODISCOVER_PATH = '/autodiscover/autodiscover.xml'
export const PACC_PATH = '/.well-known/user-agent-configuration.json'
