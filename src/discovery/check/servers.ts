/** What documents say about servers that they should not: cleartext, contradictions, insecure ones first (S4, S5, S7, S8). */
import type { CheckFinding } from '../../domain/check-codes.js'
import type { PlaceObservation } from '../../domain/domain-check.js'
import type { DeclaredServer } from '../../domain/mail-settings.js'
import { type CheckContext, endpoint, MAIL } from './context.js'

export function serverFindings(context: CheckContext): CheckFinding[] {
  return [...context.observation.places.flatMap(inDocument), ...transportOrder(context)]
}

function inDocument(place: PlaceObservation): CheckFinding[] {
  const { where, rejected } = place
  const found: CheckFinding[] = []
  for (const { protocol, hostname, port, reason } of rejected) {
    const params = {
      protocol: protocol.toUpperCase(),
      server: `${hostname}:${port ?? '–'}`,
      reason,
      url: where,
    }
    found.push({ code: reason === 'cleartext' ? 'cleartext-server' : 'server-unreadable', where, params })
  }
  for (const { protocol, port, ssl, encryption } of place.encryptionFaults) {
    const params = { protocol: protocol.toUpperCase(), port, ssl, encryption }
    found.push({ code: 'autodiscover-encryption', where, params })
  }
  // S7: many programs take the first entry of a type without looking at the rest.
  for (const protocol of MAIL) {
    const cleartext = rejected.flatMap(({ server }) => (server?.protocol === protocol ? [server] : []))
    const safe = place.servers.filter((server) => server.protocol === protocol)
    const [first] = byOrder([...cleartext, ...safe])
    if (first?.security === 'plain' && safe.length > 0) {
      found.push({
        code: 'insecure-first',
        where,
        params: { protocol: protocol.toUpperCase(), server: endpoint(first) },
      })
    }
  }
  return found
}

/** S8 in documents and in SRV priorities alike; and where implicit TLS is not published at all. */
function transportOrder({ published }: CheckContext): CheckFinding[] {
  return published.flatMap(({ where, servers }) =>
    MAIL.flatMap((protocol): CheckFinding[] => {
      const offered = byOrder(servers.filter((server) => server.protocol === protocol))
      const [first] = offered
      if (first?.security !== 'starttls') return []
      const code = offered.some(({ security }) => security === 'tls') ? 'starttls-first' : 'starttls-only'
      return [{ code, where, params: { protocol: protocol.toUpperCase(), server: endpoint(first) } }]
    }),
  )
}

function byOrder(servers: readonly DeclaredServer[]): DeclaredServer[] {
  return [...servers].sort((a, b) => a.declaredOrder - b.declaredOrder)
}
