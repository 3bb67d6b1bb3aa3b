/**
 * Equal servers become one (R39): same protocol, host, port and transport (or URL), named by several sources. What the
 * merged server says comes from its best witness; its trust is that of its most trusted one.
 */
import { type Hostname, registrableDomain } from '../domain/hostname.js'
import {
  type AuthMethod,
  type DeclaredServer,
  type Protocol,
  type Server,
  type SourceName,
  UNCHECKED,
  type Verification,
} from '../domain/mail-settings.js'
import type { Finding } from '../domain/source.js'
import { possibleMethods } from './possible-methods.js'
import { type Channel, compareTrust, trustOf } from '../domain/trust.js'

/** A finding with its place in the ordered list of sources, 0 first. */
export interface RankedFinding {
  readonly source: SourceName
  readonly rank: number
  readonly finding: Finding
}

/** A merged server, with what ordering and checking need to know beside what the answer shows. */
export interface Candidate {
  readonly protocol: Protocol
  readonly server: Server
  /** The best rank among the sources that confirm it; among all while none does. */
  readonly rank: number
  /** Named by the known provider to which the MX delivers (R27). */
  readonly deliversHere: boolean
  /** A trusted source named this endpoint: its port may be dialled (R9). */
  readonly declaredPort: boolean
  /** From the operator or a fresh curated entry: may leave before it is checked. */
  readonly vouchedFor: boolean
}

/** Login names are the full address unless a source says otherwise (autoconfig-06, RFC 6186 section 4). */
const DEFAULT_USERNAME = '%EMAILADDRESS%'

export function endpointKey(
  server: Pick<DeclaredServer, 'protocol' | 'hostname' | 'port' | 'security'>,
): string {
  return `${server.protocol} ${server.hostname}:${server.port}/${server.security}`
}

interface Witness extends RankedFinding {
  readonly declared: DeclaredServer
}

export function mergeServers(input: {
  readonly findings: readonly RankedFinding[]
  readonly mailDomain: Hostname
  readonly verifications: ReadonlyMap<string, Verification>
}): Candidate[] {
  const groups = new Map<string, Witness[]>()
  for (const ranked of input.findings) {
    for (const declared of ranked.finding.servers) {
      const key = declared.url ? `${declared.protocol} ${declared.url}` : endpointKey(declared)
      const group = groups.get(key)
      if (group) group.push({ ...ranked, declared })
      else groups.set(key, [{ ...ranked, declared }])
    }
  }
  return [...groups.values()].map((witnesses) => toCandidate({ ...input, witnesses }))
}

function toCandidate(input: {
  readonly witnesses: readonly Witness[]
  readonly mailDomain: Hostname
  readonly verifications: ReadonlyMap<string, Verification>
}): Candidate {
  const first = input.witnesses[0] as Witness
  const { protocol, hostname, port, security, url } = first.declared
  const verification =
    input.verifications.get(endpointKey(first.declared)) ??
    input.witnesses.find((witness) => witness.declared.verification)?.declared.verification ??
    UNCHECKED
  const trust = (witness: Witness) =>
    trustOf({ channel: witness.finding.channel, mailDomain: input.mailDomain, hostname, verification })
  const witnesses = [...input.witnesses].sort(
    (a, b) =>
      compareTrust(trust(a), trust(b)) ||
      a.rank - b.rank ||
      a.declared.declaredOrder - b.declared.declaredOrder,
  )
  const best = witnesses[0] as Witness
  // Only the best channel may say how to sign in; a hint beside it may not slip its own words in (R26).
  const trusted = witnesses.filter((witness) => isTrusted(witness.finding.channel))
  const speakers =
    trusted.length > 0 ? trusted : witnesses.filter((witness) => trust(witness) === trust(best))
  const username = speakers.map((witness) => witness.declared.username).find((name) => name !== null)
  const authentication = speakers
    .map((witness) => witness.declared.authentication)
    .find((methods) => methods.length > 0)
  const bestTrust = trust(best)
  // A hint that confirms nothing may not lift what another source confirmed (R26).
  const confirming = witnesses.filter((witness) => trust(witness) !== 'unconfirmed')
  const leading = byRank(confirming.length > 0 ? confirming : witnesses)[0] as Witness
  return {
    protocol,
    rank: leading.rank,
    deliversHere: witnesses.some((witness) => witness.finding.deliversHere === true),
    declaredPort: witnesses.some((witness) => isTrusted(witness.finding.channel)),
    vouchedFor: witnesses.some(isVouchedFor),
    server: {
      hostname,
      port,
      security,
      username: username ?? DEFAULT_USERNAME,
      authentication: [
        ...possibleMethods(authentication ?? defaultAuthentication(protocol), { protocol, verification }),
      ],
      trust: bestTrust,
      requiresConfirmation: bestTrust === 'unconfirmed',
      registrableDomain: registrableDomain(hostname),
      sources: [...new Set(byRank(witnesses).map((witness) => witness.source))],
      declaredOrder: leading.declared.declaredOrder,
      verification,
      evidence: byRank(witnesses).map(({ source, finding }) => ({ source, ...finding.evidence })),
      ...(url === undefined ? {} : { url }),
    },
  }
}

function byRank(witnesses: readonly Witness[]): Witness[] {
  return [...witnesses].sort((a, b) => a.rank - b.rank)
}

function isTrusted(channel: Channel): boolean {
  return channel === 'operator' || channel === 'authenticated' || channel === 'curated'
}

/** The operator's word, or a built-in entry for the domain that is not stale (R28), may leave before the live check. */
export function isVouchedFor({ source, finding }: RankedFinding): boolean {
  return source === 'operator' || (source === 'provider-db' && finding.stale !== true)
}

/** Over TLS a password in the clear is what every server understands; only silence of all sources leads here. */
function defaultAuthentication(protocol: Protocol): readonly AuthMethod[] {
  return protocol === 'imap' || protocol === 'pop3' || protocol === 'smtp' ? ['password-cleartext'] : []
}
