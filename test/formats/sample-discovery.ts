/** A discovery to change one thing of per test; every name in it is made up. */
import type { Discovery } from '../../src/domain/discovery.js'
import { type EmailAddress, parseEmailAddress } from '../../src/domain/email-address.js'
import { type Hostname, parseHostname, registrableDomain } from '../../src/domain/hostname.js'
import type { Server, Servers } from '../../src/domain/mail-settings.js'

export function host(name: string): Hostname {
  const parsed = parseHostname(name)
  if (parsed === null) throw new Error(`not a host name: ${name}`)
  return parsed
}

export function email(address: string): EmailAddress {
  const parsed = parseEmailAddress(address)
  if (!parsed.ok) throw new Error(`not an address: ${address}`)
  return parsed.value
}

export function sampleServer(hostname: string, port: number, change: Partial<Server> = {}): Server {
  return {
    hostname: host(hostname),
    port,
    security: 'tls',
    username: '%EMAILADDRESS%',
    authentication: ['password-cleartext'],
    trust: 'curated',
    requiresConfirmation: false,
    registrableDomain: registrableDomain(host(hostname)),
    sources: ['provider-db'],
    declaredOrder: 0,
    verification: { status: 'unchecked' },
    evidence: [{ source: 'provider-db', where: 'example-provider', channel: 'curated' }],
    ...change,
  }
}

export function sampleServers(change: Partial<Servers> = {}): Servers {
  return {
    imap: [sampleServer('imap.provider.de', 993)],
    pop3: [sampleServer('pop.provider.de', 995)],
    smtp: [
      sampleServer('smtp.provider.de', 465),
      sampleServer('smtp.provider.de', 587, { security: 'starttls' }),
    ],
    jmap: [],
    caldav: [],
    carddav: [],
    managesieve: [],
    exchange: [],
    ...change,
  }
}

export function sampleDiscovery(change: Partial<Discovery> = {}): Discovery {
  return {
    domain: host('kunde.de'),
    kind: 'found',
    provider: {
      id: 'provider',
      name: 'Provider AG',
      documentation: [{ url: 'https://hilfe.provider.de/mail', language: 'de' }],
    },
    servers: sampleServers(),
    oauth2: null,
    notices: [],
    warnings: [],
    conflicts: [],
    rejected: [],
    notOffered: [],
    receivesMail: false,
    suggestions: [],
    degraded: false,
    sources: [{ source: 'provider-db', outcome: 'found', durationMs: 1 }],
    ttlSeconds: 3600,
    lookedUpAt: Date.UTC(2026, 10, 23, 12),
    ...change,
  }
}
