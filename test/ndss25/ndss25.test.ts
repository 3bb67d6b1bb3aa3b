/**
 * One case per defect of NDSS25 ("Automatic Insecurity", doi 10.14722/ndss.2025.241078), named as there: client defects
 * C1 to C8, server defects S1 to S9, UI defects U1 to U4. Each shows what this service makes of it: no program that
 * follows the answer with a password ends at the attacker's server or on cleartext. docs/security.md holds the table.
 */
import fc from 'fast-check'
import t, { type Test } from 'tap'
import type { DiscoverAnswer, Problem } from '../../src/domain/answer.js'
import { orderSrv } from '../../src/sources/srv-order.js'
import { autoconfigXml, autodiscoverXml, type DocumentServer, redirect, xml } from '../lab/documents.js'
import { startLab } from '../lab/lab.js'
import { serviceBeside } from '../lab/service.js'
import {
  AUTOCONFIG_PATH,
  AUTODISCOVER_PATH,
  hiddenAutoconfig,
  hiddenEntries,
  hiddenServers,
  hiddenSrv,
  type LabDomain,
  READING,
  SENDING,
  worldOf,
} from '../lab/world.js'

/** The attacker has a domain of his own with working servers and valid certificates. */
const EVIL = 'evil.test'
const evilEntries: DocumentServer[] = [
  { type: 'imap', hostname: `imap.${EVIL}`, port: 993, socketType: 'SSL' },
  { type: 'smtp', hostname: `smtp.${EVIL}`, port: 465, socketType: 'SSL' },
]
const evilFile = (domain: string) => xml(autoconfigXml(domain, evilEntries))

/** Servers with one field of the document changed. */
const changed = (domain: string, change: Partial<DocumentServer>) =>
  hiddenEntries(domain).map((entry) => ({ ...entry, ...change }))

function publishing(domain: string, servers: readonly DocumentServer[]): Partial<LabDomain> {
  return {
    hosts: {
      ...hiddenServers(domain),
      [`autoconfig.${domain}`]: { https: { [AUTOCONFIG_PATH]: xml(autoconfigXml(domain, servers)) } },
    },
  }
}

const lab = await startLab({
  world: worldOf({
    [EVIL]: { hosts: { [`imap.${EVIL}`]: READING, [`smtp.${EVIL}`]: SENDING }, furniture: true },
    'c1.test': { hosts: { 'autoconfig.c1.test': { http: { [AUTOCONFIG_PATH]: evilFile('c1.test') } } } },
    'c2.test': {
      hosts: {
        'autoconfig.c2.test': {
          certificate: 'wrong-name',
          https: { [AUTOCONFIG_PATH]: evilFile('c2.test') },
        },
        'c2.test': {
          certificate: 'self-signed',
          https: { '/.well-known/autoconfig/mail/config-v1.1.xml': evilFile('c2.test') },
        },
      },
    },
    // The MX lies below a public suffix under which anybody may register `autoconfig`.
    'c3.test': { records: { 'c3.test': { MX: [[10, 'mail.co.uk']] } } },
    'co.uk': {
      hosts: {
        'autoconfig.co.uk': { https: { [AUTOCONFIG_PATH]: evilFile('c3.test') } },
        'autodiscover.co.uk': { https: { [AUTODISCOVER_PATH]: xml(autodiscoverXml(evilEntries)) } },
      },
      furniture: true,
    },
    'shop.co.uk': { description: 'asks nothing of its parent', shows: '' },
    'c4.test': publishing('c4.test', changed('c4.test', { socketType: '%server/imap/socket/%' })),
    'c5.test': publishing('c5.test', changed('c5.test', { socketType: '' })),
    'c6.test': {
      hosts: {
        ...hiddenServers('c6.test'),
        'autodiscover.c6.test': {
          https: {
            [AUTODISCOVER_PATH]: xml(
              autodiscoverXml(changed('c6.test', { socketType: 'plain' })).replaceAll(
                '<SSL>off</SSL>',
                '<SSL>on</SSL>',
              ),
            ),
          },
        },
      },
    },
    'c7.test': {
      hosts: { ...hiddenServers('c7.test'), 'old.c7.test': READING },
      records: {
        '_imaps._tcp.c7.test': {
          SRV: [
            [20, 100, 993, 'old.c7.test'],
            [0, 1, 993, 'reading.c7.test'],
          ],
        },
        '_submissions._tcp.c7.test': { SRV: [[0, 1, 465, 'sending.c7.test']] },
      },
    },
    'c8.test': {
      hosts: hiddenServers('c8.test'),
      ispdb: autoconfigXml('c8.test', changed('c8.test', { socketType: 'plain' })),
    },
    's1.test': {
      hosts: {
        ...hiddenServers('s1.test'),
        'autoconfig.s1.test': { http: { [AUTOCONFIG_PATH]: xml(hiddenAutoconfig('s1.test')) } },
      },
    },
    's2.test': {
      hosts: {
        ...hiddenServers('s2.test'),
        'autoconfig.s2.test': {
          certificate: 'expired',
          https: { [AUTOCONFIG_PATH]: xml(hiddenAutoconfig('s2.test')) },
        },
      },
    },
    's3.test': {
      hosts: {
        ...hiddenServers('s3.test'),
        'autoconfig.s3.test': {
          https: { [AUTOCONFIG_PATH]: redirect(`http://autoconfig.${EVIL}${AUTOCONFIG_PATH}`) },
        },
      },
    },
    's4.test': publishing('s4.test', [
      ...changed('s4.test', { socketType: 'plain' }),
      ...hiddenEntries('s4.test').filter(({ type }) => type === 'pop3'),
    ]),
    's5.test': {
      hosts: {
        ...hiddenServers('s5.test'),
        'autodiscover.s5.test': {
          https: {
            [AUTODISCOVER_PATH]: xml(
              autodiscoverXml(hiddenEntries('s5.test')).replaceAll(
                '<Encryption>SSL</Encryption>',
                '<Encryption>starttls</Encryption>',
              ),
            ),
          },
        },
      },
    },
    's6.test': { records: hiddenSrv('s6.test', EVIL) },
    's7.test': publishing('s7.test', [
      { type: 'imap', hostname: 'reading.s7.test', port: 143, socketType: 'plain' },
      { type: 'imap', hostname: 'reading.s7.test', port: 143, socketType: 'STARTTLS' },
      ...hiddenEntries('s7.test'),
    ]),
    's9.test': {
      hosts: {
        ...hiddenServers('s9.test'),
        'other.s9.test': READING,
        'autoconfig.s9.test': { https: { [AUTOCONFIG_PATH]: xml(hiddenAutoconfig('s9.test')) } },
      },
      records: { '_imaps._tcp.s9.test': { SRV: [[0, 1, 993, 'other.s9.test']] } },
    },
    'u3.test': {
      hosts: {
        'autoconfig.u3.test': { https: { [AUTOCONFIG_PATH]: redirect(`https://autoconfig.${EVIL}/u3.xml`) } },
        [`autoconfig.${EVIL}`]: { https: { '/u3.xml': evilFile('u3.test') } },
      },
    },
    'u4.test': { records: { 'u4.test': { MX: [[10, `mx.${EVIL}`]] } } },
  }),
})
const { app, ...service } = serviceBeside(lab)
t.teardown(async () => {
  await service.close()
  await lab.close()
})

async function ask(domain: string, query = ''): Promise<DiscoverAnswer & Problem> {
  const response = await app.inject(`/v1/discover?email=ann@${domain}${query}`)
  return response.json<DiscoverAnswer & Problem>()
}

/** What every case must hold: machines never get the attacker or cleartext, people are asked before they trust. */
async function nobodyIsLed(t: Test, domain: string): Promise<DiscoverAnswer & Problem> {
  const answer = await ask(domain)
  const { recommendation } = answer
  const used = [recommendation?.incoming, recommendation?.outgoing, recommendation?.alternative?.incoming]
  for (const server of used) {
    if (!server) continue
    t.not(server.security, 'plain', `${domain}: cleartext is never recommended`)
    if (server.registrableDomain !== EVIL) continue
    t.equal(server.trust, 'unconfirmed', `${domain}: the attacker is not trusted`)
    t.equal(server.requiresConfirmation, true)
    t.equal(answer.requiresConfirmation, true)
  }
  for (const url of [
    `/mail/config-v1.1.xml?emailaddress=ann@${domain}`,
    `/v1.1/${domain}`,
    `/v1/mobileconfig?email=ann@${domain}&protocol=imap`,
    `/v1/mobileconfig?email=ann@${domain}&protocol=pop3`,
  ]) {
    const { body, statusCode } = await app.inject(url)
    if (statusCode !== 200) continue
    t.notMatch(body, EVIL, `${domain}: no attacker in ${url}`)
    t.notMatch(body, /plain|<key>\w*UseSSL<\/key>\s*<false/, `${domain}: no cleartext in ${url}`)
  }
  return answer
}
/** A problem document has no servers. */
const imap = (answer: Partial<DiscoverAnswer>) => answer.servers?.imap ?? []

const top = (answer: DiscoverAnswer, protocol: 'imap' | 'pop3' | 'smtp') => {
  const server = answer.servers[protocol][0]
  return server && `${server.hostname}:${server.port} ${server.security} ${server.trust}`
}

t.test('C1: configuration fetched over http', async (t) => {
  const answer = await nobodyIsLed(t, 'c1.test')
  t.equal(top(answer, 'imap'), `imap.${EVIL}:993 tls unconfirmed`, 'shown to a person, as what it is')
  t.ok(answer.warnings.some(({ code }) => code === 'insecure-http'))
})

t.test('C2: certificate of the configuration host not checked', async (t) => {
  const answer = await nobodyIsLed(t, 'c2.test')
  t.equal(answer.code, 'NOTHING_FOUND', 'a host that cannot prove its name says nothing')
  t.same(lab.log.paths('autoconfig.c2.test'), [], 'not even the request was sent')
})

t.test('C3: parent or public suffix asked (CVE-2024-52508)', async (t) => {
  await nobodyIsLed(t, 'c3.test')
  await nobodyIsLed(t, 'shop.co.uk')
  for (const host of ['co.uk', 'autoconfig.co.uk', 'autodiscover.co.uk']) {
    t.equal(lab.log.connections(host), 0, `${host} was never dialled`)
    t.notOk(
      lab.log.dns.some(({ name }) => name === host && host !== 'co.uk'),
      `${host} was never even looked up`,
    )
  }
})

t.test('C4: unknown transport read as cleartext', async (t) => {
  const answer = await nobodyIsLed(t, 'c4.test')
  t.same(imap(answer), [], 'nothing usable is left')
})

t.test('C5: missing transport read as cleartext', async (t) => {
  const answer = await nobodyIsLed(t, 'c5.test')
  t.same(imap(answer), [])
})

t.test('C6: Autodiscover Encryption and SSL misread', async (t) => {
  const answer = await nobodyIsLed(t, 'c6.test')
  t.same(imap(answer), [], 'Encryption=None beside SSL=on is cleartext, and rejected')
  t.match(
    answer.sources.find(({ source }) => source === 'autodiscover'),
    { outcome: /found|absent/ },
    'the document was read',
  )
})

t.test('C7: SRV priority and weight ignored', async (t) => {
  const answer = await nobodyIsLed(t, 'c7.test')
  t.equal(
    top(answer, 'imap'),
    'reading.c7.test:993 tls corroborated',
    'priority 0 before 20, whatever the weight',
  )
  fc.assert(
    fc.property(
      fc.array(fc.record({ priority: fc.nat(3), weight: fc.nat(100), port: fc.nat(), target: fc.string() })),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (records, fraction) => {
        const ordered = orderSrv(records, () => fraction)
        const priorities = ordered.map(({ priority }) => priority)
        return (
          ordered.length === records.length &&
          priorities.every((priority, index) => index === 0 || priority >= (priorities[index - 1] ?? 0))
        )
      },
    ),
  )
})

t.test('C8: built-in list stale or in cleartext', async (t) => {
  const answer = await nobodyIsLed(t, 'c8.test')
  t.same(imap(answer), [])
})

t.test('S1: configuration published over http only', async (t) => {
  const answer = await nobodyIsLed(t, 's1.test')
  t.equal(
    top(answer, 'imap'),
    'reading.s1.test:993 tls corroborated',
    'a hint; the servers’ certificates confirm',
  )
  t.notOk(
    lab.log.paths('autoconfig.s1.test').some((path) => path.includes('ann')),
    'the address never leaves in the clear',
  )
})

t.test('S2: configuration host with an invalid certificate', async (t) => {
  const answer = await nobodyIsLed(t, 's2.test')
  t.equal(answer.code, 'NOTHING_FOUND')
})

t.test('S3: https redirects to http', async (t) => {
  const answer = await nobodyIsLed(t, 's3.test')
  t.equal(answer.code, 'NOTHING_FOUND')
  t.match(answer.sources.find(({ source }) => source === 'autoconfig')?.detail, /redirect/)
})

t.test('S4: servers without encryption published', async (t) => {
  const answer = await nobodyIsLed(t, 's4.test')
  t.same(answer.servers.imap, [])
  t.ok(answer.rejected.some(({ reason, protocol }) => reason === 'cleartext' && protocol === 'imap'))
  t.equal(top(answer, 'pop3'), 'reading.s4.test:995 tls authenticated', 'the rest of the document stays')
})

t.test('S5: Autodiscover with wrong words for the transport', async (t) => {
  const answer = await nobodyIsLed(t, 's5.test')
  t.ok(imap(answer).length > 0, 'read, as what is safe')
  for (const server of imap(answer)) t.equal(server.security, 'starttls', 'invalid means STARTTLS required')
})

t.test('S6: SRV points out of the domain', async (t) => {
  const answer = await nobodyIsLed(t, 's6.test')
  t.equal(answer.servers.imap[0]?.trust, 'unconfirmed')
})

t.test('S7: insecure servers listed first', async (t) => {
  const answer = await nobodyIsLed(t, 's7.test')
  t.equal(top(answer, 'imap'), 'reading.s7.test:993 tls authenticated')
  t.equal(answer.servers.imap[1]?.security, 'starttls')
})

t.test('S8: our own documents list implicit TLS first', async (t) => {
  const { body } = await app.inject('/v1.1/s7.test')
  t.match(
    body,
    /<incomingServer type="imap">\s*<hostname>reading\.s7\.test<\/hostname>\s*<port>993<\/port>\s*<socketType>SSL/,
  )
  t.equal(body.match(/<incomingServer type="imap">/g)?.length, 1, 'one server per type')
  const { servers } = await ask('s7.test')
  for (const list of [servers.imap, servers.pop3, servers.smtp]) {
    const securities = list.map(({ security }) => security)
    t.same(
      securities,
      [...securities].sort((a, b) => (a === b ? 0 : a === 'tls' ? -1 : 1)),
    )
  }
})

t.test('S9: mechanisms contradict each other', async (t) => {
  const answer = await nobodyIsLed(t, 's9.test')
  t.equal(top(answer, 'imap'), 'reading.s9.test:993 tls authenticated')
  t.match(answer.conflicts[0], { protocol: 'imap', kind: 'hostname', other: { sources: ['srv'] } })
  const hosts = await Promise.all(
    ['/v1.1/s9.test', '/v1/mobileconfig?email=ann@s9.test&protocol=imap'].map(
      async (url) => (await app.inject(url)).body,
    ),
  )
  for (const body of hosts) {
    t.match(body, 'reading.s9.test', 'every format says the same')
    t.notMatch(body, 'other.s9.test')
  }
})

t.test('U1: the domain to confirm is shown in full', async (t) => {
  const answer = await ask('s6.test')
  t.equal(answer.servers.imap[0]?.registrableDomain, EVIL)
  t.equal(answer.requiresConfirmation, true)
})

t.test('U2: no warning before cleartext', async (t) => {
  const hidden = await ask('s4.test')
  t.ok(hidden.warnings.some(({ code }) => code === 'cleartext-rejected'))
  const insisting = await ask('s4.test', '&allowCleartext=true')
  t.ok(insisting.warnings.some(({ code }) => code === 'cleartext'))
  t.equal(insisting.servers.imap.at(-1)?.requiresConfirmation, true)
})

t.test('U3: no warning before a redirect to another domain', async (t) => {
  const answer = await nobodyIsLed(t, 'u3.test')
  t.equal(answer.servers.imap[0]?.trust, 'unconfirmed')
  t.match(answer.warnings.find(({ code }) => code === 'redirect-outside-domain')?.text, `autoconfig.${EVIL}`)
})

t.test('U4: no warning before unsigned SRV or MX targets elsewhere', async (t) => {
  const srv = await ask('s6.test')
  t.ok(srv.warnings.some(({ code, text }) => code === 'srv-target-outside-domain' && text.includes(EVIL)))
  await nobodyIsLed(t, 'u4.test')
})
