/** Whether all mechanisms name the same servers (S9), and the operator's own entry with them. */
import type { CheckFinding } from '../../domain/check-codes.js'
import type { DeclaredServer, MailProtocol } from '../../domain/mail-settings.js'
import { type CheckContext, endpoint, MAIL, type Published } from './context.js'

/** Every pair would repeat one mistake many times; each is compared with the first that names the protocol. */
export function agreementFindings({ published }: CheckContext): CheckFinding[] {
  return MAIL.flatMap((protocol) => {
    const [reference, ...others] = published.filter((one) => ofProtocol(one.servers, protocol).length > 0)
    if (reference === undefined) return []
    return others.flatMap((other) => disagreement({ protocol, reference, other }))
  })
}

function disagreement(pair: {
  readonly protocol: MailProtocol
  readonly reference: Published
  readonly other: Published
}): CheckFinding[] {
  const { protocol, reference, other } = pair
  const mine = ofProtocol(reference.servers, protocol)
  const theirs = ofProtocol(other.servers, protocol)
  const known = new Set(mine.map(endpoint))
  if (theirs.some((server) => known.has(endpoint(server)))) return []
  const hosts = new Set(mine.map(({ hostname }) => hostname))
  const code = theirs.some(({ hostname }) => hosts.has(hostname))
    ? 'contradiction-transport'
    : 'contradiction-host'
  const params = {
    protocol: protocol.toUpperCase(),
    first: reference.where,
    firstServers: mine.map(endpoint).join(', '),
    other: other.where,
    otherServers: theirs.map(endpoint).join(', '),
  }
  return [{ code, where: other.where, params }]
}

/** Mitigation 2 of NDSS25: the public view of the operator's domain is what his entry says. */
export function ownFindings({ published, served, observation }: CheckContext): CheckFinding[] {
  if (served === null) return []
  const found: CheckFinding[] = []
  const expected = new Set(served.map((server) => `${server.protocol} ${endpoint(server)}`))
  for (const { where, servers } of published) {
    for (const protocol of MAIL) {
      const strangers = ofProtocol(servers, protocol).filter(
        (server) => !expected.has(`${protocol} ${endpoint(server)}`),
      )
      if (strangers.length === 0) continue
      const params = {
        protocol: protocol.toUpperCase(),
        published: strangers.map(endpoint).join(', '),
        served: ofProtocol(served, protocol).map(endpoint).join(', ') || '–',
      }
      found.push({ code: 'own-differs', where, params })
    }
  }
  const where = observation.domain
  if (published.length === 0) found.push({ code: 'own-missing', where, params: { domain: where } })
  return found.length > 0 ? found : [{ code: 'own-agrees', where, params: { domain: where } }]
}

function ofProtocol(servers: readonly DeclaredServer[], protocol: MailProtocol): DeclaredServer[] {
  return servers.filter((server) => server.protocol === protocol)
}
