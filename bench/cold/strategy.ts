/** What the ways of looking compared here have in common. */
import { MAIL_PROTOCOLS } from '../../src/domain/discovery.js'
import type { Hostname } from '../../src/domain/hostname.js'
import type { DeclaredServer } from '../../src/domain/mail-settings.js'
import type { HttpClient, MailProber, Resolver, SourceOutcome } from '../../src/domain/source.js'
import { createAddressPolicy } from '../../src/net/address-policy.js'
import { createDnsResolver } from '../../src/net/dns-resolver.js'
import { createGuardedConnector } from '../../src/net/guarded-connect.js'
import { createHttpClient } from '../../src/net/http-client.js'
import { createMailProber } from '../../src/net/mail-prober.js'
import { cachingResolver } from '../../src/cache/caching-resolver.js'
import type { RemoteLab } from './lab-process.js'

/** Milliseconds since the question; null for what never came. */
export interface Timing {
  readonly usable: number | null
  readonly verified: number | null
  /** Until it was over, whatever came of it. */
  readonly ended: number
}

export interface Question {
  readonly domain: Hostname
  readonly ispdbUrl: string
}

export type Strategy = (question: Question) => Promise<Timing>

export interface Ports {
  readonly resolver: Resolver
  readonly http: HttpClient
  readonly prober: MailProber
}

/** The same door as the service's, with other time limits, fresh for each lookup. */
export function freshPorts(lab: RemoteLab, timeoutMs: number): Ports {
  const resolver = cachingResolver(
    createDnsResolver({ servers: [lab.environment['MAILSCOUT_DNS_SERVERS']!] }),
  )
  const connector = createGuardedConnector({
    resolver,
    policy: createAddressPolicy({ allowNetworks: ['127.0.0.0/8'] }),
    dial: lab.dial,
    ca: lab.ca,
    connectTimeoutMs: timeoutMs,
  })
  return {
    resolver,
    http: createHttpClient({ connector, totalTimeoutMs: timeoutMs }),
    prober: createMailProber({ connector, totalTimeoutMs: timeoutMs }),
  }
}

/** The servers a mail program would take from an outcome: one to read, one to send. */
export function firstServers(outcome: SourceOutcome): readonly DeclaredServer[] | null {
  if (outcome.outcome !== 'found') return null
  const servers = outcome.findings.flatMap((finding) => finding.servers)
  const first = (protocol: string) => servers.find((server) => server.protocol === protocol)
  const [imap, pop3, smtp] = MAIL_PROTOCOLS.map(first)
  const incoming = imap ?? pop3
  return incoming && smtp ? [incoming, smtp] : null
}

export async function isVerified(server: DeclaredServer, prober: MailProber): Promise<boolean> {
  if (server.verification) return server.verification.status === 'verified'
  const { protocol, hostname, port, security } = server
  if (security === 'plain' || (protocol !== 'imap' && protocol !== 'pop3' && protocol !== 'smtp'))
    return false
  const target = { protocol, hostname, port, security }
  return (await prober.probe(target, new AbortController().signal)).kind === 'verified'
}
