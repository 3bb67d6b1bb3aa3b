/** Which mechanisms name mail servers: documents as they stand, SRV records as one. */
import type { DomainObservation, SrvObservation } from '../../domain/domain-check.js'
import { parseHostname } from '../../domain/hostname.js'
import type { DeclaredServer } from '../../domain/mail-settings.js'
import { MAIL, type Published } from './context.js'

const IMPLICIT_TLS_PORTS: readonly number[] = [993, 995, 465]

export function publishedBy(observation: DomainObservation): Published[] {
  const documents = observation.places
    .filter(({ outcome }) => outcome === 'published')
    .map(({ mechanism, where, trusted, servers }) => ({
      ...{ mechanism, where, servers: servers.filter(isMail) },
      // A digest that differs disowns the document (R29).
      trusted: trusted && !(mechanism === 'pacc' && observation.paccDigest === 'differs'),
    }))
  const servers = observation.srv.flatMap(srvServers)
  const authenticated = observation.srv.every(({ lookup }) => lookup.kind !== 'found' || lookup.authenticated)
  const where = `SRV ${observation.domain}`
  const srv = { mechanism: 'srv', where, servers, trusted: authenticated } as const
  return [...documents, srv].filter((one) => one.servers.length > 0)
}

function srvServers({ protocol, security, lookup }: SrvObservation): DeclaredServer[] {
  if (lookup.kind !== 'found') return []
  return lookup.value.flatMap((record) => {
    const hostname = record.target === '' ? null : parseHostname(record.target)
    if (hostname === null || record.port === 0) return []
    const implicit = security === 'tls' || IMPLICIT_TLS_PORTS.includes(record.port)
    return [
      {
        protocol,
        hostname,
        port: record.port,
        security: implicit ? ('tls' as const) : security,
        username: null,
        authentication: [],
        // Of equal priorities implicit TLS goes first (R23).
        declaredOrder: record.priority * 2 + (implicit ? 0 : 1),
      },
    ]
  })
}

function isMail({ protocol }: DeclaredServer): boolean {
  return (MAIL as readonly string[]).includes(protocol)
}
