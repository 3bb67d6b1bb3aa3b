/**
 * RFC 6186 section 3 and RFC 8314 section 5.1: SRV records that name a domain's mail servers; RFC 5804 section 1.8 for
 * ManageSieve. All labels are asked at once; priority first, then the weighted choice of RFC 2782 (R18).
 */
import type { Failure } from '../domain/errors.js'
import { parseHostname, sameRegistrableDomain } from '../domain/hostname.js'
import type { DeclaredServer, Message, Protocol, Rejected, Security } from '../domain/mail-settings.js'
import type {
  Finding,
  Lookup,
  Resolver,
  Source,
  SourceOutcome,
  SourceQuery,
  SrvRecord,
} from '../domain/source.js'
import { displayText } from '../formats/display-text.js'
import { type RandomFraction, orderSrv } from './srv-order.js'

interface Label {
  readonly label: string
  readonly protocol: Protocol
  readonly security: Security
}

/** Implicit TLS first, so that it keeps its lead where priorities are equal (R23). */
export const SRV_LABELS: readonly Label[] = [
  { label: '_imaps', protocol: 'imap', security: 'tls' },
  { label: '_imap', protocol: 'imap', security: 'starttls' },
  { label: '_pop3s', protocol: 'pop3', security: 'tls' },
  { label: '_pop3', protocol: 'pop3', security: 'starttls' },
  { label: '_submissions', protocol: 'smtp', security: 'tls' },
  { label: '_submission', protocol: 'smtp', security: 'starttls' },
  { label: '_sieve', protocol: 'managesieve', security: 'starttls' },
]

/** Ports that mean implicit TLS whatever the label says: half of all `_submission` records carry 465 (R18). */
export const IMPLICIT_TLS_PORTS: Partial<Record<Protocol, number>> = { imap: 993, pop3: 995, smtp: 465 }

/** Longer than any host name; what is longer is nobody's (R25). */
const MAX_SHOWN_NAME = 253

/** Records read per label; more is a mistake or an attack. Also the room for draws within one priority. */
const MAX_RECORDS = 8

export function createSrvSource(parts: { resolver: Resolver; random?: RandomFraction }): Source {
  const random = parts.random ?? Math.random
  return {
    name: 'srv',
    async find(query) {
      const answers = await Promise.all(
        SRV_LABELS.map(async (entry) => ({
          ...entry,
          lookup: await parts.resolver.srv(`${entry.label}._tcp.${query.domain}`, query.signal),
        })),
      )
      return read({ answers, query, random })
    },
  }
}

type Answer = Label & { readonly lookup: Lookup<readonly SrvRecord[]> }

function read(input: {
  answers: readonly Answer[]
  query: SourceQuery
  random: RandomFraction
}): SourceOutcome {
  const findings: Finding[] = []
  let ttlSeconds = Infinity
  for (const answer of input.answers) {
    if (answer.lookup.kind !== 'found') continue
    ttlSeconds = Math.min(ttlSeconds, answer.lookup.ttlSeconds)
    const records = orderSrv(answer.lookup.value, input.random).slice(0, MAX_RECORDS)
    findings.push(
      toFinding({ answer, records, query: input.query, authenticated: answer.lookup.authenticated }),
    )
  }
  const failed = input.answers.find((answer) => answer.lookup.kind === 'failed')?.lookup
  if (findings.length > 0) {
    const missed = missedLabel(input.answers)
    return {
      outcome: 'found',
      findings: withdrawOffered(findings),
      ttlSeconds,
      ...(missed ? { missed } : {}),
    }
  }
  if (failed?.kind === 'failed') return { outcome: 'failed', failure: failed.failure }
  const ttls = input.answers.map(({ lookup }) => (lookup.kind === 'absent' ? lookup.ttlSeconds : 0))
  return { outcome: 'absent', ttlSeconds: Math.min(...ttls) }
}

function toFinding(input: {
  answer: Answer
  records: readonly SrvRecord[]
  query: SourceQuery
  authenticated: boolean
}): Finding {
  const { answer, query } = input
  const servers: DeclaredServer[] = []
  const rejected: Rejected[] = []
  const warnings: Message[] = []
  // A lone "." says the service is decidedly not offered (RFC 2782, RFC 6186 section 3.4).
  const refused = input.records.length > 0 && input.records.every((record) => record.target === '')
  for (const [position, record] of input.records.entries()) {
    if (record.target === '') continue
    const hostname = parseHostname(record.target)
    if (hostname === null || record.port === 0) {
      const reason = hostname === null ? 'invalid-hostname' : 'invalid-port'
      rejected.push({
        source: 'srv',
        protocol: answer.protocol,
        hostname: displayText(record.target, MAX_SHOWN_NAME),
        port: record.port,
        reason,
      })
      continue
    }
    const implicit = IMPLICIT_TLS_PORTS[answer.protocol] === record.port
    if (implicit && answer.security === 'starttls') {
      warnings.push({
        code: 'srv-implicit-tls-port',
        params: { label: answer.label, port: String(record.port) },
      })
    }
    if (!input.authenticated && !sameRegistrableDomain(hostname, query.domain)) {
      warnings.push({ code: 'srv-target-outside-domain', params: { hostname } }) // U4
    }
    servers.push({
      protocol: answer.protocol,
      hostname,
      port: record.port,
      security: implicit ? 'tls' : answer.security,
      username: null,
      authentication: [],
      declaredOrder: record.priority * MAX_RECORDS + position,
    })
  }
  return {
    channel: input.authenticated ? 'authenticated' : 'insecure',
    evidence: {
      where: `SRV ${answer.label}._tcp.${query.domain}`,
      channel: input.authenticated ? 'dnssec' : 'dns',
    },
    servers,
    rejected,
    warnings,
    notOffered: refused ? [answer.protocol] : [],
  }
}

/** A label of a mail protocol that kept silent, unless implicit TLS, than which nothing is better, was found (R24). */
function missedLabel(answers: readonly Answer[]): Failure | null {
  const bestKnown = new Set(
    answers.flatMap(({ protocol, security, lookup }) =>
      security === 'tls' && lookup.kind === 'found' ? [protocol] : [],
    ),
  )
  for (const { protocol, lookup } of answers) {
    if (lookup.kind === 'failed' && protocol !== 'managesieve' && !bestKnown.has(protocol))
      return lookup.failure
  }
  return null
}

/** `_imap` "." beside a real `_imaps` target refuses the transport, not the protocol. */
function withdrawOffered(findings: readonly Finding[]): Finding[] {
  const offered = new Set(findings.flatMap((finding) => finding.servers.map((server) => server.protocol)))
  return findings.map((finding) => ({
    ...finding,
    notOffered: (finding.notOffered ?? []).filter((protocol) => !offered.has(protocol)),
  }))
}
