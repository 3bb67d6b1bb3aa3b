/**
 * NDSS 2025, defect S9: 5,365 domains publish settings that contradict each other. One settings object gives every
 * format here, and readers that share no code with the writers must find the same host, port, transport and user name.
 */
import { XMLParser } from 'fast-xml-parser'
import fc from 'fast-check'
import { parse as parsePlist } from 'plist'
import t from 'tap'
import type { Discovery } from '../../src/domain/discovery.js'
import type { EmailAddress } from '../../src/domain/email-address.js'
import type { AuthMethod, Server } from '../../src/domain/mail-settings.js'
import { writeAutoconfig } from '../../src/formats/autoconfig-write.js'
import { writeAutodiscover } from '../../src/formats/autodiscover-write.js'
import { writeZone } from '../../src/formats/dns-zone.js'
import { renderJson } from '../../src/formats/json.js'
import { writeMobileconfig } from '../../src/formats/mobileconfig.js'
import { writePacc } from '../../src/formats/pacc.js'
import { settingsView } from '../../src/formats/settings-view.js'
import { localParts, settings } from './generated-settings.js'
import { email, sampleDiscovery, sampleServer, sampleServers } from './sample-discovery.js'

type Mail = 'imap' | 'pop3' | 'smtp'
const MAIL: readonly Mail[] = ['imap', 'pop3', 'smtp']
const RUNS = 200

/** What a reader found, one line per protocol; an unknown user name is left out. */
interface Read {
  readonly hostname: string
  readonly port: number
  readonly transport: 'tls' | 'starttls'
  readonly username?: string
}
type Found = Readonly<Partial<Record<Mail, Read>>>

/* Readers of their own */

type Xml = Readonly<Record<string, unknown>>
const xmlParser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  htmlEntities: true,
  trimValues: false,
  isArray: (name) => ['incomingServer', 'outgoingServer', 'Protocol'].includes(name),
})

function readAutoconfigRaw(text: string, pick: 'first' | 'last'): Found {
  const { clientConfig } = xmlParser.parse(text) as { clientConfig: { emailProvider: Xml } }
  const { incomingServer, outgoingServer } = clientConfig.emailProvider as Record<string, Xml[]>
  const found: Partial<Record<Mail, Read>> = {}
  const sections = [...(incomingServer ?? []), ...(outgoingServer ?? [])]
  for (const section of pick === 'first' ? sections.reverse() : sections) {
    const type = section['@type'] as Mail
    if (!MAIL.includes(type)) continue
    found[type] = {
      hostname: section['hostname'] as string,
      port: Number(section['port']),
      transport: { SSL: 'tls', STARTTLS: 'starttls' }[section['socketType'] as string] as 'tls',
      username: section['username'] as string,
    }
  }
  return found
}

function readAutodiscoverRaw(text: string): Found {
  const { Autodiscover } = xmlParser.parse(text) as { Autodiscover: { Response: { Account: Xml } } }
  const protocols = Autodiscover.Response.Account['Protocol'] as Record<string, string>[]
  return Object.fromEntries(
    protocols.map((one) => {
      t.equal(one['SSL'], 'on', 'never off (R45)')
      return [
        one['Type']?.toLowerCase(),
        {
          hostname: one['Server'],
          port: Number(one['Port']),
          transport: one['Encryption'] === 'SSL' ? 'tls' : 'starttls',
          username: one['LoginName'],
        },
      ]
    }),
  ) as Found
}

function readProfile(text: string): Found {
  const { PayloadContent } = parsePlist(text) as { PayloadContent: Record<string, unknown>[] }
  const mail = PayloadContent.find(({ PayloadType }) => PayloadType === 'com.apple.mail.managed') ?? {}
  const side = (way: 'Incoming' | 'Outgoing'): Read => {
    t.equal(mail[`${way}MailServerUseSSL`], true)
    return {
      hostname: mail[`${way}MailServerHostName`] as string,
      port: mail[`${way}MailServerPortNumber`] as number,
      transport: 'tls',
      username: mail[`${way}MailServerUsername`] as string,
    }
  }
  const incoming = mail['EmailAccountType'] === 'EmailTypePOP' ? 'pop3' : 'imap'
  return { [incoming]: side('Incoming'), smtp: side('Outgoing') }
}

/** PACC says hosts alone: implicit TLS on the default ports, and the full address to sign in with (R29). */
function readPaccRaw(text: string, address: EmailAddress): Found {
  const { protocols } = JSON.parse(text) as { protocols: Record<string, { host?: string } | undefined> }
  const read = (name: string, port: number) => {
    const hostname = protocols[name]?.host
    return hostname === undefined ? {} : { hostname, port, transport: 'tls', username: address.address }
  }
  const all = { imap: read('imap', 993), pop3: read('pop3', 995), smtp: read('submit', 465) }
  return Object.fromEntries(Object.entries(all).filter(([, one]) => 'hostname' in one))
}

const SRV_NAMES: Readonly<Record<string, readonly [Mail, 'tls' | 'starttls']>> = {
  '_imaps._tcp': ['imap', 'tls'],
  '_imap._tcp': ['imap', 'starttls'],
  '_pop3s._tcp': ['pop3', 'tls'],
  '_pop3._tcp': ['pop3', 'starttls'],
  '_submissions._tcp': ['smtp', 'tls'],
  '_submission._tcp': ['smtp', 'starttls'],
}

function readZone(text: string): Found {
  const found: Partial<Record<Mail, Read>> = {}
  for (const line of text.split('\n')) {
    const [name = '', , type, , , port, target = ''] = line.split(/\s+/)
    const meaning = SRV_NAMES[name]
    if (type !== 'SRV' || !meaning || target === '.') continue
    found[meaning[0]] = { hostname: target.slice(0, -1), port: Number(port), transport: meaning[1] }
  }
  return found
}

function readJson(discovery: Discovery, address: EmailAddress): Found {
  const answer = JSON.parse(
    JSON.stringify(
      renderJson({
        discovery,
        email: address,
        recommendation: null,
        texts: ({ code }) => code,
        now: discovery.lookedUpAt,
        allowCleartext: false,
      }),
    ),
  ) as { servers: Record<Mail, Server[]> }
  return Object.fromEntries(
    MAIL.flatMap((protocol) => {
      const server = answer.servers[protocol].find(isUsable)
      if (server === undefined) return []
      const { hostname, port, security, username } = server
      return [[protocol, { hostname, port, transport: security, username }]]
    }),
  )
}

/* What every format must say: R26, R20 and R23, written once more */

function isUsable({ trust, verification, security, authentication }: Server): boolean {
  const methods: readonly AuthMethod[] = ['oauth2', 'password-cleartext', 'password-encrypted']
  const writable = authentication.length === 0 || authentication.some((method) => methods.includes(method))
  return trust !== 'unconfirmed' && verification.status !== 'failed' && security !== 'plain' && writable
}

function expectedOf(discovery: Discovery, protocol: Mail, address: EmailAddress): Read | undefined {
  const server = discovery.servers[protocol].find(isUsable)
  if (server === undefined) return undefined
  const username = server.username
    .replaceAll('%EMAILADDRESS%', () => address.address)
    .replaceAll('%EMAILLOCALPART%', () => address.localPart)
    .replaceAll('%EMAILDOMAIN%', () => address.domain)
  const { hostname, port, security } = server
  return { hostname, port, transport: security as 'tls', username }
}

t.test(`${RUNS} settings, seven documents each, one truth (S9, R41)`, (t) => {
  const compared: Record<string, number> = {}
  fc.assert(
    fc.property(settings, localParts, (discovery, localPart) => {
      const address = email(`${localPart}@${discovery.domain}`)
      const filled = settingsView(discovery, address)
      const texts = { displayName: 'x', description: 'x', organization: 'x' }
      const autoconfig = writeAutoconfig(filled)
      const autodiscover = writeAutodiscover(filled)
      const pacc = writePacc(settingsView(discovery, null))
      const documents: [string, Found][] = [
        ['json', readJson(discovery, address)],
        ['zone', readZone(writeZone(settingsView(discovery, null), { serviceHost: null }))],
      ]
      if (autoconfig !== null) {
        documents.push(['thunderbird', readAutoconfigRaw(autoconfig, 'first')])
        documents.push(['evolution', readAutoconfigRaw(autoconfig, 'last')])
      }
      if (autodiscover !== null) documents.push(['autodiscover', readAutodiscoverRaw(autodiscover)])
      if (pacc !== null) documents.push(['pacc', readPaccRaw(pacc.body, address)])
      for (const protocol of ['imap', 'pop3'] as const) {
        const profile = writeMobileconfig(filled, { protocol, texts })
        if (profile.ok) documents.push([`profile-${protocol}`, readProfile(profile.body)])
      }
      for (const [format, found] of documents) {
        for (const [protocol, read] of Object.entries(found) as [Mail, Read][]) {
          const expected = expectedOf(discovery, protocol, address)
          const { username = expected?.username, ...place } = read
          if (JSON.stringify({ ...place, username }) !== JSON.stringify(expected)) {
            throw new Error(
              `${format} ${protocol}: ${JSON.stringify(read)} is not ${JSON.stringify(expected)}`,
            )
          }
          compared[format] = (compared[format] ?? 0) + 1
        }
      }
    }),
    { numRuns: RUNS, seed: 20261123 },
  )
  for (const format of [
    'json',
    'zone',
    'thunderbird',
    'evolution',
    'autodiscover',
    'pacc',
    'profile-imap',
    'profile-pop3',
  ]) {
    t.ok((compared[format] ?? 0) >= 20, `${format}: ${compared[format] ?? 0} servers compared`)
  }
  t.end()
})

t.test('the first and the last server of a type are one, over implicit TLS where there is one (S8)', (t) => {
  fc.assert(
    fc.property(settings, (discovery) => {
      const xml = writeAutoconfig(settingsView(discovery, null))
      if (xml === null) return
      const types = [...xml.matchAll(/<(?:incoming|outgoing)Server type="([^"]+)"/g)].map(([, type]) => type)
      if (new Set(types).size !== types.length) throw new Error('one server per type')
      const found = readAutoconfigRaw(xml, 'last')
      for (const protocol of MAIL) {
        const tls = discovery.servers[protocol].some(
          (server) => isUsable(server) && server.security === 'tls',
        )
        if (tls && found[protocol]?.transport !== 'tls') throw new Error(`${protocol} lost its implicit TLS`)
      }
    }),
    { numRuns: RUNS, seed: 20261124 },
  )
  t.end()
})

t.test('format 1.2 stands where readers of 1.1 pass over it', (t) => {
  const url = (name: string) => [
    sampleServer(`${name}.kunde.de`, 443, { url: `https://${name}.kunde.de/${name}/%EMAILADDRESS%` }),
  ]
  const discovery = sampleDiscovery({
    servers: sampleServers({ jmap: url('jmap'), caldav: url('cal'), carddav: url('card') }),
    oauth2: {
      issuer: 'sso.kunde.de',
      scopes: ['mail', 'dav'],
      authorizationUrl: 'https://sso.kunde.de/a',
      tokenUrl: 'https://sso.kunde.de/t',
    },
  })
  const read = (address: EmailAddress | null) =>
    xmlParser.parse(writeAutoconfig(settingsView(discovery, address)) ?? '') as {
      clientConfig: Xml & { emailProvider: Xml }
    }
  const { clientConfig } = read(null)
  t.equal(clientConfig['@version'], '1.1')
  const incoming = clientConfig.emailProvider['incomingServer'] as Xml[]
  t.same(
    incoming.map((section) => section['@type']),
    ['imap', 'pop3', 'jmap'],
    'behind what every program knows',
  )
  t.match(incoming[2], {
    url: 'https://jmap.kunde.de/jmap/%EMAILADDRESS%',
    authentication: 'basic',
    username: '%EMAILADDRESS%',
  })
  t.match(clientConfig, {
    calendar: { '@type': 'caldav', url: /^https:\/\/cal\.kunde\.de\// },
    addressbook: { '@type': 'carddav', username: '%EMAILADDRESS%' },
    oAuth2: { issuer: 'sso.kunde.de', scope: 'mail dav' },
  })
  t.equal(clientConfig.emailProvider['oAuth2'], undefined, 'Thunderbird for Android judges one in there')
  t.match(read(email('a/b@kunde.de')).clientConfig, {
    calendar: { url: 'https://cal.kunde.de/cal/a%2Fb%40kunde.de' },
  })
  const kerberos = sampleDiscovery({
    servers: sampleServers({
      caldav: [
        sampleServer('cal.kunde.de', 443, { url: 'https://cal.kunde.de/', authentication: ['gssapi'] }),
      ],
      carddav: [sampleServer('card.kunde.de', 443)],
    }),
  })
  t.notMatch(writeAutoconfig(settingsView(kerberos, null)), /calendar|addressbook/i)
  t.end()
})
