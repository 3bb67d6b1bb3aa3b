/** Settings made by chance, the same in every run, for tests that hold for every document. */
import fc from 'fast-check'
import type { Discovery } from '../../src/domain/discovery.js'
import type { AuthMethod, Server } from '../../src/domain/mail-settings.js'
import { host, sampleDiscovery, sampleServer, sampleServers } from './sample-discovery.js'

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/)
const hostnames = fc
  .tuple(label, label, fc.constantFrom('de', 'com', 'co.uk', 'test'))
  .map((all) => all.join('.'))
const domains = fc.oneof(hostnames, fc.constantFrom('xn--bcher-kva.de', 'a-b.c-d.org'))
/** As users have them, and as they might try to break a document with. */
export const localParts = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{0,20}[A-Za-z0-9])?$/),
  fc.constantFrom('EVOLUTIONUSER', '"a<b>&c"', "Ann.O'Hara", 'jürgen'),
)
const templates = fc.constantFrom(
  // What nearly all providers want, and the only one that PACC can say.
  ...Array.from({ length: 12 }, () => '%EMAILADDRESS%'),
  '%EMAILLOCALPART%',
  '%EMAILLOCALPART%.%EMAILDOMAIN%',
  'acct-%EMAILLOCALPART%',
  'REALM\\%EMAILLOCALPART% <&">\'',
)
const names = fc.oneof(
  fc.constantFrom('Kunde & Söhne <AG>', ']]><x/>', 'a\r\nb', '\u202eevil', 'x'.repeat(10_000), '"\''),
  fc.string({ minLength: 1, unit: 'grapheme' }),
)
const methods: AuthMethod[][] = [
  ['password-cleartext'],
  ['oauth2', 'password-cleartext'],
  ['oauth2'],
  ['password-encrypted'],
  ['gssapi'],
  [],
]

function servers(ports: Readonly<Record<'tls' | 'starttls', number>>): fc.Arbitrary<Server[]> {
  const server = fc
    .record({
      hostname: hostnames,
      security: fc.constantFrom('tls', 'tls', 'starttls'),
      odd: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, fc.integer({ min: 1024, max: 65535 })),
      username: templates,
      authentication: fc.constantFrom(...methods, ['password-cleartext'] as AuthMethod[]),
      trust: fc.constantFrom('operator', 'authenticated', 'curated', 'corroborated', 'unconfirmed'),
      status: fc.constantFrom('unchecked', 'verified', 'failed', 'unchecked'),
    })
    .map(({ hostname, security, odd, status, ...rest }) =>
      sampleServer(hostname, odd ?? ports[security as 'tls'], {
        ...rest,
        security: security as 'tls',
        trust: rest.trust as 'curated',
        verification: { status: status },
      }),
    )
  // The discovery's order: implicit TLS first (R23).
  return fc
    .array(server, { minLength: 0, maxLength: 4 })
    .map((list) => list.sort((a, b) => Number(a.security !== 'tls') - Number(b.security !== 'tls')))
}

/** Discoveries with names, hosts and methods of every kind that R25 lets through, injections among them. */
export const settings = fc
  .record({
    domain: domains,
    name: names,
    imap: servers({ tls: 993, starttls: 143 }),
    pop3: servers({ tls: 995, starttls: 110 }),
    smtp: servers({ tls: 465, starttls: 587 }),
    dav: fc.boolean(),
    oauth2: fc.boolean(),
  })
  .map(({ domain, name, dav, oauth2, ...lists }): Discovery => {
    const byUrl = (path: string) => [
      sampleServer(`dav.${domain}`, 443, { url: `https://dav.${domain}/${path}`, trust: 'operator' }),
    ]
    return sampleDiscovery({
      domain: host(domain),
      provider: { id: 'x', name, documentation: [{ url: 'https://a.de/?"<>&=\'', language: 'de' }] },
      servers: sampleServers({
        ...lists,
        ...(dav ? { jmap: byUrl('jmap'), caldav: byUrl('%EMAILADDRESS%/'), carddav: byUrl('card') } : {}),
      }),
      oauth2: oauth2
        ? {
            issuer: `https://sso.${domain}`,
            scopes: ['mail'],
            authorizationUrl: `https://sso.${domain}/a`,
            tokenUrl: `https://sso.${domain}/t`,
          }
        : null,
    })
  })
