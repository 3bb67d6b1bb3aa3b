/** Where sources disagree with what was chosen (R24): reported, never hidden, one line per protocol and source. */
import type { Conflict } from '../domain/discovery.js'
import type { DeclaredServer, Protocol, SourceName } from '../domain/mail-settings.js'
import type { Finding } from '../domain/source.js'
import type { Candidate, RankedFinding } from './merge.js'

export function findConflicts(
  chosen: ReadonlyMap<Protocol, Candidate>,
  findings: readonly RankedFinding[],
): Conflict[] {
  const conflicts: Conflict[] = []
  for (const [protocol, candidate] of chosen) {
    const seen = new Set<string>()
    for (const { source, finding } of findings) {
      // A guess declares nothing, so it cannot disagree.
      if (seen.has(source) || source === 'guess') continue
      const conflict = disagreement({ protocol, candidate, source, finding })
      // Whoever names the chosen server may name others beside it; only another login name would contradict it.
      if (!conflict || (candidate.server.sources.includes(source) && conflict.kind !== 'username')) continue
      seen.add(source)
      conflicts.push(conflict)
    }
  }
  return conflicts
}

function disagreement(input: {
  protocol: Protocol
  candidate: Candidate
  source: SourceName
  finding: Finding
}): Conflict | null {
  const { protocol, candidate, source, finding } = input
  const { server } = candidate
  const conflict = (kind: Conflict['kind'], mine: string, theirs: string): Conflict => ({
    protocol,
    kind,
    chosen: { sources: server.sources, value: mine },
    other: { sources: [source], value: theirs },
  })
  const endpoint = (named: Pick<DeclaredServer, 'hostname' | 'port' | 'security'>) =>
    `${named.hostname}:${named.port} ${named.security}`
  const theirs = finding.servers.filter((declared) => declared.protocol === protocol)
  const first = theirs[0]
  if (finding.notOffered?.includes(protocol)) return conflict('not-offered', endpoint(server), '.')
  if (!first) return null
  const sameHost = theirs.filter((declared) => declared.hostname === server.hostname)
  if (sameHost.length === 0) return conflict('hostname', endpoint(server), endpoint(first))
  const same = sameHost.find(
    (declared) => declared.port === server.port && declared.security === server.security,
  )
  if (!same) return conflict('transport', endpoint(server), endpoint(sameHost[0] ?? first))
  if (same.username !== null && same.username !== server.username) {
    return conflict('username', server.username, same.username)
  }
  return null
}
