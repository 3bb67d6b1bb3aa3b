/** From what the sources said so far to the settings of a domain: pure, so that it can be done anew at every change. */
import type { Conflict, Discovery } from '../domain/discovery.js'
import { type Hostname, mixedScriptLabels } from '../domain/hostname.js'
import {
  type Message,
  type OAuth2,
  type Protocol,
  PROTOCOLS,
  type ProviderInfo,
  type Rejected,
  type Server,
  type SourceName,
  type Verification,
} from '../domain/mail-settings.js'
import type { SourceOutcome } from '../domain/source.js'
import { findConflicts } from './conflicts.js'
import { type Candidate, isVouchedFor, mergeServers, type RankedFinding } from './merge.js'
import { orderCandidates } from './rank.js'

/** How a source ended, with its place in the ordered list. */
export interface EndedSource {
  readonly source: SourceName
  readonly rank: number
  readonly outcome: SourceOutcome
}

export interface Assembled {
  readonly candidates: ReadonlyMap<Protocol, readonly Candidate[]>
  readonly provider: ProviderInfo | null
  readonly oauth2: OAuth2 | null
  readonly notices: readonly Message[]
  readonly warnings: readonly Message[]
  readonly conflicts: readonly Conflict[]
  readonly rejected: readonly Rejected[]
  readonly notOffered: readonly Protocol[]
  readonly noMail: boolean
  readonly receivesMail: boolean
  /** The domain's own entry says that no mail program is let in: nothing else needs to be asked. */
  readonly noAccess: boolean
}

/** Servers kept per protocol: more would only be noise in the answer and load in verification. */
const MAX_SERVERS_PER_PROTOCOL = 8

export function assemble(input: {
  readonly mailDomain: Hostname
  readonly ended: readonly EndedSource[]
  readonly verifications: ReadonlyMap<string, Verification>
}): Assembled {
  const ended = [...input.ended].sort((a, b) => a.rank - b.rank)
  const all = ended.flatMap(rankedFindings)
  const refused = new Set(all.flatMap(({ finding }) => finding.notOffered ?? []))
  const findings = all.map((ranked) => (ranked.source === 'guess' ? withoutRefused(ranked, refused) : ranked))

  // A fresh entry for the domain itself goes before what its MX says (R53); otherwise mail lives where MX delivers (R27).
  const entryForDomain = findings.some(isVouchedFor)
  const followMx = !entryForDomain && findings.some(({ finding }) => finding.deliversHere === true)

  const merged = mergeServers({ ...input, findings })
  const candidates = new Map<Protocol, readonly Candidate[]>()
  for (const protocol of PROTOCOLS) {
    const ofProtocol = merged.filter((candidate) => candidate.protocol === protocol)
    if (ofProtocol.length > 0) {
      candidates.set(protocol, orderCandidates(ofProtocol, { followMx }).slice(0, MAX_SERVERS_PER_PROTOCOL))
    }
  }
  const chosen = new Map([...candidates].map(([protocol, list]) => [protocol, list[0] as Candidate]))
  const conflicts = findConflicts(chosen, findings)
  const contributing = contributors(chosen, findings)
  const absent = ended.map(({ outcome }) => outcome).filter((outcome) => outcome.outcome === 'absent')
  const noMail = absent.some((outcome) => outcome.noMail === true)
  return {
    candidates,
    conflicts,
    provider:
      firstOf(contributing, ({ finding }) => finding.provider) ??
      firstOf(findings, ({ finding }) => finding.provider) ??
      firstOf(absent, (outcome) => outcome.provider) ??
      null,
    oauth2: firstOf(contributing, ({ finding }) => finding.oauth2) ?? null,
    notices: distinct([
      ...contributing.flatMap(({ finding }) => finding.notices ?? []),
      ...(candidates.size === 0 ? absent.flatMap((outcome) => outcome.notices ?? []) : []),
    ]),
    warnings: distinct([
      ...warningsOf({ ...input, contributing, conflicts, findings }),
      ...(noMail ? [{ code: 'null-mx' }] : []), // R4
    ]),
    rejected: findings.flatMap(({ finding }) => finding.rejected ?? []),
    notOffered: PROTOCOLS.filter((protocol) => refused.has(protocol) && !candidates.has(protocol)),
    noMail,
    receivesMail: absent.some((outcome) => outcome.receivesMail === true),
    noAccess: absent.some((outcome) => outcome.noAccess === true),
  }
}

function rankedFindings({ source, rank, outcome }: EndedSource): RankedFinding[] {
  return outcome.outcome === 'found' ? outcome.findings.map((finding) => ({ source, rank, finding })) : []
}

/** @param failed whether a source could not look */
export function kindOf({ candidates, noMail, noAccess }: Assembled, failed: boolean): Discovery['kind'] {
  if (candidates.size > 0) return 'found'
  if (noMail) return 'no-mail'
  return failed && !noAccess ? 'failed' : 'absent'
}

/** The servers alone, as the answer and every format take them. */
export function serversOf(assembled: Assembled): Record<Protocol, Server[]> {
  const entries = PROTOCOLS.map((protocol) => [
    protocol,
    (assembled.candidates.get(protocol) ?? []).map((candidate) => candidate.server),
  ])
  return Object.fromEntries(entries) as Record<Protocol, Server[]>
}

/** SRV "." is a decision of the domain; guessing must not undo it (R18). */
function withoutRefused(ranked: RankedFinding, refused: ReadonlySet<Protocol>): RankedFinding {
  const servers = ranked.finding.servers.filter((server) => !refused.has(server.protocol))
  return { ...ranked, finding: { ...ranked.finding, servers } }
}

/** The findings that named one of the first choices: only their notices concern the reader. */
function contributors(
  chosen: ReadonlyMap<Protocol, Candidate>,
  findings: readonly RankedFinding[],
): RankedFinding[] {
  return findings.filter(({ finding }) =>
    finding.servers.some((declared) => {
      const server = chosen.get(declared.protocol)?.server
      return server?.hostname === declared.hostname && server.port === declared.port
    }),
  )
}

function* warningsOf(input: {
  readonly mailDomain: Hostname
  readonly contributing: readonly RankedFinding[]
  readonly findings: readonly RankedFinding[]
  readonly conflicts: readonly Conflict[]
}): Generator<Message> {
  for (const { finding } of input.contributing) yield* finding.warnings ?? []
  if (input.contributing.some(({ finding }) => finding.stale === true)) yield { code: 'stale-entry' }
  if (input.conflicts.length > 0) yield { code: 'conflict' }
  const cleartext = input.findings.flatMap(({ finding }) => finding.rejected ?? [])
  if (cleartext.some((rejected) => rejected.reason === 'cleartext')) yield { code: 'cleartext-rejected' } // U2
  const labels = mixedScriptLabels(input.mailDomain)
  if (labels.length > 0) yield { code: 'confusable-name', params: { labels: labels.join(', ') } }
}

function firstOf<Item, Value>(
  items: readonly Item[],
  pick: (item: Item) => Value | undefined,
): Value | undefined {
  for (const item of items) {
    const value = pick(item)
    if (value !== undefined) return value
  }
  return undefined
}

function distinct(messages: readonly Message[]): Message[] {
  const byIdentity = new Map(
    messages.map((message) => [JSON.stringify([message.code, message.params]), message]),
  )
  return [...byIdentity.values()]
}
