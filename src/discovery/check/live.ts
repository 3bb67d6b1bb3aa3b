/** What the published servers show when they are asked (R32, R33). */
import type { CheckFinding } from '../../domain/check-codes.js'
import type { DeclaredServer, Verification } from '../../domain/mail-settings.js'
import { endpointKey } from '../merge.js'
import { type CheckContext, daysUntil, endpoint, EXPIRY_WARNING_DAYS, isOldTls } from './context.js'

export function liveFindings({ published, proofs, now }: CheckContext): CheckFinding[] {
  const distinct = new Map<string, DeclaredServer>(
    published.flatMap(({ servers }) => servers.map((server) => [endpointKey(server), server] as const)),
  )
  return [...distinct].flatMap(([key, server]) => {
    const proof = proofs.get(key)
    return proof === undefined ? [] : judge(server, proof, now)
  })
}

function judge(server: DeclaredServer, { status, tls, failure }: Verification, now: number): CheckFinding[] {
  const where = endpoint(server)
  const params = { server: where, protocol: server.protocol.toUpperCase(), reason: failure?.detail ?? '' }
  if (status === 'verified') {
    const days = tls === undefined ? Infinity : daysUntil(tls.certificateExpiresAt, now)
    const works: CheckFinding = {
      code: 'server-works',
      where,
      params: { ...params, version: tls?.version ?? 'TLS' },
    }
    if (days >= EXPIRY_WARNING_DAYS) return [works]
    return [works, { code: 'server-certificate-expiring', where, params: { ...params, days: String(days) } }]
  }
  if (status === 'unchecked' || failure === undefined) return []
  return [{ code: codeOf(failure), where, params }]
}

function codeOf({ code, detail }: NonNullable<Verification['failure']>): CheckFinding['code'] {
  switch (code) {
    case 'certificate':
      return 'server-certificate'
    case 'tls':
      return isOldTls(detail) ? 'server-tls-old' : 'server-tls-failed'
    case 'starttls-missing':
    case 'starttls-injection':
      return code
    case 'unreachable':
    case 'dns':
      return 'server-unreachable'
    case 'timeout':
      return 'server-timeout'
    default:
      return 'server-broken'
  }
}
