import fc from 'fast-check'
import assert from 'node:assert/strict'
import t from 'tap'
import { parseEmailAddress } from '../../src/domain/email-address.js'
import type { Hostname } from '../../src/domain/hostname.js'
import type { Absent, Found, Skipped, Source, SourceOutcome } from '../../src/domain/source.js'
import { type ProviderEntry, providerEntrySchema } from '../../src/providers/entry.js'
import { createProviderIndex } from '../../src/providers/provider-index.js'
import { autoconfigHost, createAutoconfigSource } from '../../src/sources/autoconfig.js'
import { createGuessSource } from '../../src/sources/guess.js'
import { createIspdbSource, ispdbUrl } from '../../src/sources/ispdb.js'
import { createMxSource, mxDomains } from '../../src/sources/mx.js'
import { createProviderSource } from '../../src/sources/provider-db.js'
import { orderSrv } from '../../src/sources/srv-order.js'
import { createSrvSource } from '../../src/sources/srv.js'
import { sourceContract } from '../contract/source-contract.js'
import { deferred, settled } from '../fakes/deferred.js'
import { FakeHttpClient, httpAbsent, httpFailed, type HttpTable, page } from '../fakes/fake-http-client.js'
import { FakeProber, probeAbsent, probeFailed, type ProbeTable, probeVerified } from '../fakes/fake-prober.js'
import {
  dnsAbsent,
  dnsFound,
  type DnsTable,
  dnsTimeout,
  FakeResolver,
  mxRecords,
  srvRecords,
} from '../fakes/fake-resolver.js'

const NOW = Date.parse('2026-11-23T00:00:00Z')
const ISPDB = 'https://ispdb.firma-verzeichnis.net/v1.1/'
const DOMAIN = 'kunde.de' as Hostname
const host = (name: string) => name as Hostname
const now = () => NOW
const none = createProviderIndex([])

sourceContract(t, { name: 'autoconfig', create: ({ http }) => createAutoconfigSource({ http }) })
sourceContract(t, {
  name: 'ispdb',
  create: ({ http }) => createIspdbSource({ http, urls: [ISPDB] }),
  elsewhere: ['ispdb.firma-verzeichnis.net'],
})
sourceContract(t, {
  name: 'mx',
  create: ({ resolver, http }) =>
    createMxSource({ resolver, http, ispdbUrls: [ISPDB], indexes: () => [none], now }),
})
sourceContract(t, { name: 'srv', create: ({ resolver }) => createSrvSource({ resolver }) })
sourceContract(t, { name: 'guess', create: ({ resolver }) => createGuessSource({ resolver }) })
for (const name of ['operator', 'provider-db'] as const) {
  sourceContract(t, {
    name,
    create: () => createProviderSource({ name, index: () => none, now }),
    offline: true,
  })
}

/** Asks one source about kunde.de. */
function ask(source: Source, change: { prober?: FakeProber; domain?: string; sendAddress?: string } = {}) {
  const address = change.sendAddress === undefined ? null : parseEmailAddress(change.sendAddress)
  return source.find({
    domain: host(change.domain ?? DOMAIN),
    signal: new AbortController().signal,
    prober: change.prober ?? new FakeProber(),
    ...(address?.ok ? { sendAddress: address.value } : {}),
  })
}
function found(outcome: SourceOutcome): Found {
  assert.equal(outcome.outcome, 'found', JSON.stringify(outcome))
  return outcome
}
function only(outcome: SourceOutcome) {
  const [finding] = found(outcome).findings
  assert.ok(finding)
  return finding
}
function absent(outcome: SourceOutcome): Absent {
  assert.equal(outcome.outcome, 'absent', JSON.stringify(outcome))
  return outcome
}
function failedWith(outcome: SourceOutcome): string {
  assert.equal(outcome.outcome, 'failed', JSON.stringify(outcome))
  return outcome.failure.code
}

/** A minimal autoconfig file whose IMAP server tells which file was read. */
const config = (
  imap: string,
  socketType = 'SSL',
) => `<clientConfig version="1.1"><emailProvider id="kunde.de"><domain>kunde.de</domain><displayName>K</displayName>
  <incomingServer type="imap"><hostname>${imap}</hostname><port>993</port><socketType>${socketType}</socketType>
  <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></incomingServer>
  </emailProvider></clientConfig>`
const first = (outcome: SourceOutcome) => only(outcome).servers[0]?.hostname

const URL_1_1 = 'https://autoconfig.kunde.de/mail/config-v1.1.xml'
const URL_1_2 = 'https://kunde.de/.well-known/autoconfig/mail/config-v1.1.xml'
const URL_1_3 = 'http://autoconfig.kunde.de/mail/config-v1.1.xml'

void t.test('autoconfig', async (t) => {
  const source = (table: HttpTable, otherwise = httpAbsent()) => {
    const http = new FakeHttpClient(table, otherwise)
    return { http, find: (change = {}) => ask(createAutoconfigSource({ http }), change) }
  }

  await t.test('asks the three places of R19 at once', async (t) => {
    const { http, find } = source({})
    const asking = find()
    t.strictSame(http.urls, [URL_1_1, URL_1_2, URL_1_3])
    t.strictSame(
      http.requests.map((request) => request.allowHttp),
      [false, false, true],
    )
    t.equal(absent(await asking).ttlSeconds, 60)
  })

  await t.test('a higher rank wins even if it is slower', async (t) => {
    const slow = deferred<ReturnType<typeof httpAbsent>>()
    const { find } = source({ [URL_1_1]: slow.promise, [URL_1_2]: page(config('second.kunde.de')) })
    const asking = find()
    await settled()
    slow.resolve(page(config('first.kunde.de'))({ url: URL_1_1, signal: new AbortController().signal }))
    t.equal(first(await asking), 'first.kunde.de')
    t.equal(first(await source({ [URL_1_2]: page(config('second.kunde.de')) }).find()), 'second.kunde.de')
  })

  await t.test('what the channel is worth', async (t) => {
    const channel = async (table: HttpTable) => {
      const { channel, evidence, warnings } = only(await source(table).find())
      return [channel, evidence.channel, ...(warnings ?? []).map((warning) => warning.code)]
    }
    const file = config('imap.kunde.de')
    t.strictSame(await channel({ [URL_1_1]: page(file) }), ['authenticated', 'https'])
    // R6: http is a hint, whatever it says.
    t.strictSame(await channel({ [URL_1_3]: page(file) }), ['insecure', 'http', 'insecure-http'])
    // R7: out of the registrable domain, trust goes.
    t.strictSame(
      await channel({ [URL_1_1]: page(file, { url: 'https://else.net/c.xml', stayedInDomain: false }) }),
      ['insecure', 'https-redirected', 'redirect-outside-domain'],
    )
    // One hop over http is enough.
    t.strictSame(await channel({ [URL_1_1]: page(file, { secure: false }) }), [
      'insecure',
      'http',
      'insecure-http',
    ])
  })

  await t.test('the address goes to https in its own domain, and never into the evidence', async (t) => {
    // R13
    const parameter = '?emailaddress=ann%2Bx%40kunde.de'
    const { http, find } = source({ [URL_1_1 + parameter]: page(config('imap.kunde.de')) })
    const { evidence } = only(await find({ sendAddress: 'ann+x@kunde.de' }))
    t.strictSame(http.urls, [URL_1_1 + parameter, URL_1_2 + parameter, URL_1_3])
    t.strictSame(
      http.requests.map((request) => request.keepInDomain === true),
      [true, true, false],
    )
    t.equal(evidence.where, URL_1_1)
    const stranger = source({})
    await stranger.find({ sendAddress: 'ann@fremd.de' })
    t.strictSame(stranger.http.urls, [URL_1_1, URL_1_2, URL_1_3])
  })

  await t.test('never asks autoconfig. of a public suffix', async (t) => {
    // R15, CVE-2024-52508
    const { http, find } = source({})
    await find({ domain: 'co.uk' })
    t.strictSame(http.urls, ['https://co.uk/.well-known/autoconfig/mail/config-v1.1.xml'])
    t.equal(autoconfigHost(host('github.io')), null)
    t.equal(autoconfigHost(host('kunde.github.io')), 'autoconfig.kunde.github.io')
  })

  await t.test('a host that is there but serves nobody is absent; silence is failed', async (t) => {
    for (const code of ['unreachable', 'certificate', 'tls', 'redirect', 'too-large'] as const) {
      const outcome = absent(await source({ [URL_1_1]: httpFailed(code) }).find())
      t.equal(outcome.detail, `faked ${code}`)
      t.equal(outcome.ttlSeconds, 60, 'the shortest life of all places')
    }
    for (const code of ['timeout', 'dns', 'http-status'] as const) {
      t.equal(failedWith(await source({ [URL_1_2]: httpFailed(code) }).find()), code)
    }
  })

  await t.test('a page that is no configuration is absent, with the reason', async (t) => {
    const html = page('<html><body>Welcome</body></html>', { ttlSeconds: 30 })
    const outcome = absent(await source({ [URL_1_2]: html }).find())
    t.match(outcome.detail, /HTML/)
    t.equal(outcome.ttlSeconds, 30)
  })

  await t.test('how long the file may be kept', async (t) => {
    const ttl = async (ttlSeconds: number | null) =>
      found(await source({ [URL_1_1]: page(config('imap.kunde.de'), { ttlSeconds }) }).find()).ttlSeconds
    t.equal(await ttl(null), 3600)
    t.equal(await ttl(120), 120)
  })

  await t.test('a weaker file says that a better place could not be asked', async (t) => {
    // R24: https kept silent, http answered.
    const file = page(config('imap.kunde.de'))
    const weaker = found(await source({ [URL_1_1]: httpFailed('timeout'), [URL_1_3]: file }).find())
    t.equal(weaker.missed?.code, 'timeout')
    const best = found(await source({ [URL_1_1]: file, [URL_1_2]: httpFailed('timeout') }).find())
    t.equal(best.missed, undefined, 'what ranks lower is not missed')
    // An equally trusted place is as good.
    const gone = found(await source({ [URL_1_1]: httpFailed('certificate'), [URL_1_3]: file }).find())
    t.equal(gone.missed, undefined, 'a host without a certificate has answered')
  })
})

void t.test('ispdb', async (t) => {
  const find = (table: HttpTable, urls: readonly string[] = [ISPDB]) =>
    ask(createIspdbSource({ http: new FakeHttpClient(table), urls }))

  t.equal(ispdbUrl('https://a.net/v1.1///', DOMAIN), 'https://a.net/v1.1/kunde.de')
  const { channel, evidence, servers } = only(
    await find({ [`${ISPDB}kunde.de`]: page(config('imap.kunde.de')) }),
  )
  t.strictSame(
    [channel, evidence.channel, evidence.where, servers.length],
    ['curated', 'https', `${ISPDB}kunde.de`, 1],
  )
  t.equal(absent(await find({ [`${ISPDB}kunde.de`]: httpAbsent(404) })).outcome, 'absent')
  // R37: the directory is known to exist, so anything but its 404 means that we could not look.
  t.equal(failedWith(await find({ [`${ISPDB}kunde.de`]: httpAbsent(null) })), 'dns')
  t.equal(failedWith(await find({ [`${ISPDB}kunde.de`]: httpFailed('unreachable') })), 'unreachable')
  t.equal(failedWith(await find({ [`${ISPDB}kunde.de`]: httpFailed('certificate') })), 'certificate')
  t.equal(((await find({}, [])) as Skipped).reason, 'no ISPDB configured')

  // The first of several wins; the second steps in.
  const two = ['https://one.net/', 'https://two.net/']
  const both = { 'https://two.net/kunde.de': page(config('two.kunde.de')) }
  t.equal(
    first(await find({ ...both, 'https://one.net/kunde.de': page(config('one.kunde.de')) }, two)),
    'one.kunde.de',
  )
  t.equal(first(await find({ ...both, 'https://one.net/kunde.de': httpAbsent() }, two)), 'two.kunde.de')
})

function entry(id: string, change: object = {}): ProviderEntry {
  return providerEntrySchema.parse({
    id,
    name: `${id} mail`,
    access: 'full',
    domains: [`${id}.com`],
    imap: [{ hostname: `imap.${id}.com`, port: 993, security: 'tls' }],
    smtp: [{ hostname: `smtp.${id}.com`, port: 465, security: 'tls' }],
    confidence: 'high',
    references: ['https://help.net/'],
    verified: '2026-10-15',
    ...change,
  })
}
const rule = (suffix: string, mxClass: string) => ({
  match: 'suffix',
  value: suffix,
  class: mxClass,
  matches: `a.${suffix}`,
  not: 'mx.elsewhere.net',
})

void t.test('operator and provider-db', async (t) => {
  const find = (name: 'operator' | 'provider-db', domain: string, entries: ProviderEntry[]) =>
    ask(createProviderSource({ name, index: () => createProviderIndex(entries), now }), { domain })

  const curated = only(await find('provider-db', 'one.com', [entry('one')]))
  t.strictSame(
    [curated.channel, curated.evidence, curated.servers.length],
    ['curated', { where: 'one.json', channel: 'curated' }, 2],
  )
  const operator = only(await find('operator', 'one.com', [entry('one')]))
  t.strictSame([operator.channel, operator.evidence.channel], ['operator', 'file'])
  // R14: a parent's entry says nothing about its children.
  absent(await find('provider-db', 'sub.one.com', [entry('one')]))
  // R28
  t.equal(only(await find('provider-db', 'one.com', [entry('one', { verified: '2020-01-01' })])).stale, true)

  const closed = entry('hey', {
    access: 'none',
    reason: { en: 'app only', de: 'nur App' },
    imap: [],
    smtp: [],
    webmail: 'https://hey.com/',
  })
  const known = absent(await find('provider-db', 'hey.com', [closed]))
  t.strictSame([known.noAccess, known.provider?.id], [true, 'hey'])
  t.equal(known.notices?.[0]?.code, 'no-access')
})

void t.test('mx', async (t) => {
  const domain = DOMAIN
  const find = (input: {
    mx?: DnsTable[string]
    web?: HttpTable
    entries?: ProviderEntry[]
    domain?: string
    ispdb?: readonly string[]
  }) => {
    const http = new FakeHttpClient(input.web ?? {}, httpAbsent())
    const asked = input.domain ?? domain
    const source = createMxSource({
      resolver: new FakeResolver({ [`mx ${asked}`]: input.mx ?? dnsAbsent() }),
      http,
      ispdbUrls: input.ispdb ?? [ISPDB],
      indexes: () => [none, createProviderIndex(input.entries ?? [])],
      now,
    })
    return ask(source, { domain: asked }).then((outcome) => ({ outcome, urls: http.urls }))
  }

  await t.test('R4: a null MX, and no step further', async (t) => {
    const { outcome, urls } = await find({ mx: dnsFound(mxRecords(' 0'), { ttlSeconds: 77 }) })
    t.match(outcome, { outcome: 'absent', noMail: true, ttlSeconds: 77 })
    t.strictSame(urls, [])
    const two = await find({ mx: dnsFound(mxRecords(' 0', 'mx.kunde.de 10')) })
    t.notOk(absent(two.outcome).noMail, 'beside a real MX it is no null MX')
    const broken = await find({ mx: dnsFound(mxRecords('1.2.3.4 0')) })
    t.equal(absent(broken.outcome).detail, 'no usable MX host name')
  })

  await t.test('R16, R19: https autoconfig. and the databases of both names, in this order', async (t) => {
    const { urls, outcome } = await find({
      mx: dnsFound(mxRecords('b.mx.eu.hoster.net 20', 'a.mx.eu.hoster.net 10')),
    })
    t.strictSame(urls, [
      'https://autoconfig.mx.eu.hoster.net/mail/config-v1.1.xml',
      'https://autoconfig.hoster.net/mail/config-v1.1.xml',
      `${ISPDB}mx.eu.hoster.net`,
      `${ISPDB}hoster.net`,
    ])
    absent(outcome)
  })

  await t.test('R15: which names an MX host leads to', (t) => {
    const cases: [mx: string, mail: string, names: string[]][] = [
      ['mx.hoster.net', 'kunde.de', ['hoster.net']],
      ['mx.a.hoster.net', 'kunde.de', ['a.hoster.net', 'hoster.net']],
      ['hoster.net', 'kunde.de', ['hoster.net']],
      ['mx.kunde.de', 'kunde.de', []],
      ['mx.deep.kunde.de', 'kunde.de', []],
      ['mx.firma.co.uk', 'kunde.de', ['firma.co.uk']],
      ['mx.a.firma.co.uk', 'kunde.de', ['a.firma.co.uk', 'firma.co.uk']],
      ['co.uk', 'kunde.de', []],
      // PRIVATE section of the list: each customer is a world of his own.
      ['mx.kunde.github.io', 'kunde.de', ['kunde.github.io']],
      ['mx.kunde.de', 'post.kunde.de', ['kunde.de']],
    ]
    for (const [mx, mail, names] of cases) t.strictSame(mxDomains(host(mx), host(mail)), names, mx)
    t.end()
  })

  await t.test('the hoster of the MX: his file is a hint, the database knows him', async (t) => {
    const mx = dnsFound(mxRecords('mx.hoster.net 10'), { ttlSeconds: 50 })
    const own = 'https://autoconfig.hoster.net/mail/config-v1.1.xml'
    const file = await find({ mx, web: { [own]: page(config('imap.hoster.net')) } })
    const finding = only(file.outcome)
    t.equal(finding.channel, 'insecure')
    t.equal(found(file.outcome).ttlSeconds, 50, 'no longer than the MX record')
    t.strictSame(finding.warnings, [
      { code: 'mx-target-outside-domain', params: { hostname: 'mx.hoster.net' } },
    ])
    const database = await find({ mx, web: { [`${ISPDB}hoster.net`]: page(config('imap.hoster.net')) } })
    t.equal(only(database.outcome).channel, 'known-provider')
    const signed = dnsFound(mxRecords('mx.hoster.net 10'), { authenticated: true })
    const dnssec = only((await find({ mx: signed, web: { [own]: page(config('imap.hoster.net')) } })).outcome)
    t.strictSame([dnssec.channel, dnssec.warnings], ['authenticated', []])
    const home = await find({ mx: dnsFound(mxRecords('mx.kunde.de 10')) })
    t.strictSame([absent(home.outcome).ttlSeconds, home.urls], [300, []])
  })

  await t.test('R27, R52: a known provider answers without any file', async (t) => {
    const entries = [entry('one', { mx: [rule('mx-one.net', 'mailbox')] })]
    const { outcome, urls } = await find({ mx: dnsFound(mxRecords('a.mx-one.net 5')), entries })
    const finding = only(outcome)
    t.strictSame(urls, [])
    t.strictSame(
      [finding.channel, finding.deliversHere, finding.provider?.id, finding.evidence],
      ['known-provider', true, 'one', { where: 'MX kunde.de → a.mx-one.net', channel: 'dns' }],
    )
    const signed = dnsFound(mxRecords('a.mx-one.net 5'), { authenticated: true })
    t.equal(only((await find({ mx: signed, entries })).outcome).channel, 'authenticated')
  })

  await t.test('R17: a gateway is no answer, and says its class', async (t) => {
    for (const mxClass of ['gateway', 'forwarder', 'inbound-api']) {
      const entries = [
        entry('filter', { imap: [], smtp: [], access: 'unknown', mx: [rule('filter.net', mxClass)] }),
      ]
      const { outcome, urls } = await find({ mx: dnsFound(mxRecords('a.filter.net 5')), entries })
      const { detail, provider } = absent(outcome)
      t.strictSame([detail, provider, urls], [`${mxClass}: filter mail`, undefined, []])
    }
    const hey = entry('hey', {
      access: 'none',
      reason: { en: 'app only', de: 'nur App' },
      imap: [],
      smtp: [],
      mx: [rule('hey.net', 'mailbox')],
    })
    const closed = absent((await find({ mx: dnsFound(mxRecords('a.hey.net 5')), entries: [hey] })).outcome)
    t.equal(closed.provider?.id, 'hey')
    t.notOk(closed.noAccess, 'an MX alone must not end the search')
  })

  await t.test('a database that is down is a failure, not an absence', async (t) => {
    const mx = dnsFound(mxRecords('mx.hoster.net 10'))
    t.equal(
      failedWith((await find({ mx, web: { [`${ISPDB}hoster.net`]: httpFailed('unreachable') } })).outcome),
      'unreachable',
    )
    absent((await find({ mx, ispdb: [] })).outcome)
  })
})

void t.test('srv', async (t) => {
  const find = (table: DnsTable, domain = DOMAIN) => {
    const named = Object.fromEntries(
      Object.entries(table).map(([label, answer]) => [`srv ${label}._tcp.${domain}`, answer]),
    )
    return ask(createSrvSource({ resolver: new FakeResolver(named, dnsAbsent()), random: () => 0.5 }))
  }
  const servers = async (table: DnsTable) =>
    found(await find(table)).findings.flatMap((finding) =>
      finding.servers.map((s) => `${s.protocol} ${s.hostname}:${s.port} ${s.security} ${s.declaredOrder}`),
    )

  await t.test('R18: the labels and what they mean', async (t) => {
    const resolver = new FakeResolver({}, dnsAbsent({ ttlSeconds: 99 }))
    t.equal(absent(await ask(createSrvSource({ resolver }))).ttlSeconds, 99)
    t.strictSame(
      resolver.questions.sort(),
      ['_imap', '_imaps', '_pop3', '_pop3s', '_sieve', '_submission', '_submissions'].map(
        (label) => `srv ${label}._tcp.kunde.de`,
      ),
    )
    t.strictSame(
      await servers({
        _imap: dnsFound(srvRecords('0 1 143 a.kunde.de')),
        _imaps: dnsFound(srvRecords('0 1 993 a.kunde.de')),
        _submission: dnsFound(srvRecords('0 1 587 a.kunde.de')),
        _sieve: dnsFound(srvRecords('0 1 4190 a.kunde.de')),
      }),
      [
        'imap a.kunde.de:993 tls 0',
        'imap a.kunde.de:143 starttls 0',
        'smtp a.kunde.de:587 starttls 0',
        'managesieve a.kunde.de:4190 starttls 0',
      ],
    )
  })

  await t.test('port 465 on _submission is implicit TLS, with a warning', async (t) => {
    for (const [label, port, protocol] of [
      ['_submission', '465', 'smtp'],
      ['_imap', '993', 'imap'],
      ['_pop3', '995', 'pop3'],
    ] as const) {
      const finding = only(await find({ [label]: dnsFound(srvRecords(`0 1 ${port} a.kunde.de`)) }))
      t.match(finding.servers, [{ protocol, port: Number(port), security: 'tls' }])
      t.strictSame(finding.warnings, [{ code: 'srv-implicit-tls-port', params: { label, port } }])
    }
    t.strictSame(only(await find({ _submissions: dnsFound(srvRecords('0 1 465 a.kunde.de')) })).warnings, [])
  })

  await t.test('the target "." is an answer of its own', async (t) => {
    const notOffered = async (table: DnsTable) =>
      found(await find(table)).findings.flatMap((finding) => finding.notOffered ?? [])
    t.strictSame(await notOffered({ _pop3s: dnsFound(srvRecords('0 0 0 .')) }), ['pop3'])
    t.strictSame(
      await notOffered({
        _imap: dnsFound(srvRecords('0 0 0 .')),
        _imaps: dnsFound(srvRecords('0 1 993 a.kunde.de')),
      }),
      [],
      'a refused transport is not a refused protocol',
    )
  })

  await t.test('bad records are dropped and noted, the others stay', async (t) => {
    // R21
    const finding = only(
      await find({
        _imaps: dnsFound(
          srvRecords('0 0 993 1.2.3.4', '1 0 0 a.kunde.de', '2 0 993 b_c.kunde.de', '3 0 993 ok.kunde.de'),
        ),
      }),
    )
    t.strictSame(
      finding.servers.map((server) => server.hostname),
      ['ok.kunde.de'],
    )
    t.strictSame(
      finding.rejected?.map(({ hostname, reason }) => [hostname, reason]),
      [
        ['1.2.3.4', 'invalid-hostname'],
        ['a.kunde.de', 'invalid-port'],
        ['b_c.kunde.de', 'invalid-hostname'],
      ],
    )
  })

  await t.test('out of the domain is a warning unless DNSSEC vouches for it', async (t) => {
    // U4
    const records = srvRecords('0 1 993 imap.hoster.net')
    const plain = only(await find({ _imaps: dnsFound(records) }))
    t.strictSame(
      [plain.channel, plain.evidence.channel, plain.warnings?.map((warning) => warning.code)],
      ['insecure', 'dns', ['srv-target-outside-domain']],
    )
    const signed = only(await find({ _imaps: dnsFound(records, { authenticated: true }) }))
    t.strictSame([signed.channel, signed.evidence.channel, signed.warnings], ['authenticated', 'dnssec', []])
  })

  await t.test('R24: a label that kept silent is missed unless implicit TLS was found', async (t) => {
    const imap = dnsFound(srvRecords('0 1 143 a.kunde.de'))
    const imaps = dnsFound(srvRecords('0 1 993 a.kunde.de'))
    t.equal(found(await find({ _imap: imap, _imaps: dnsTimeout() })).missed?.code, 'timeout')
    t.equal(found(await find({ _imap: dnsTimeout(), _imaps: imaps })).missed, undefined)
    t.equal(found(await find({ _sieve: dnsTimeout(), _imaps: imaps })).missed, undefined)
    t.equal(found(await find({ _submissions: dnsTimeout(), _imaps: imaps })).missed?.code, 'timeout')
    t.equal(failedWith(await find({ _imaps: dnsTimeout() })), 'timeout')
    t.equal(
      found(await find({ _imaps: dnsFound(srvRecords('0 1 993 a.kunde.de'), { ttlSeconds: 7 }) })).ttlSeconds,
      7,
    )
  })

  await t.test('the best priorities are kept whatever the order of arrival', async (t) => {
    const many = Array.from({ length: 20 }, (_, index) => `${20 - index} 0 993 h${20 - index}.kunde.de`)
    const kept = await servers({ _imaps: dnsFound(srvRecords(...many)) })
    t.equal(kept.length, 8, 'more is a mistake or an attack')
    t.equal(kept[0], 'imap h1.kunde.de:993 tls 8', 'priority 1, in steps of eight')
  })

  await t.test('RFC 2782: priority ascending, nothing lost, nothing invented', (t) => {
    const record = fc.record({
      priority: fc.nat(3),
      weight: fc.nat(65535),
      port: fc.nat(65535),
      target: fc.constantFrom('a', 'b', 'c'),
    })
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 12 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (records, stream) => {
          const ordered = orderSrv(records, () => stream.next().value as number)
          assert.deepEqual(
            ordered.map((item) => item.priority),
            records.map((item) => item.priority).sort((a, b) => a - b),
          )
          assert.equal(ordered.length, records.length)
          assert.deepEqual(new Set(ordered), new Set(records))
        },
      ),
    )
    t.end()
  })

  await t.test('RFC 2782: the choice within a priority follows the weights', (t) => {
    const DRAWS = 2000
    const weights = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 5 })
    fc.assert(
      fc.property(weights, fc.integer({ min: 1 }), (chosen, seed) => {
        const random = seeded(seed)
        const records = chosen.map((weight, index) => ({
          priority: 1,
          weight: weight * 100,
          port: 1,
          target: String(index),
        }))
        const total = chosen.reduce((sum, weight) => sum + weight, 0)
        const firsts = chosen.map(() => 0)
        for (let draw = 0; draw < DRAWS; draw += 1) {
          const index = Number(orderSrv(records, random)[0]?.target)
          firsts[index] = (firsts[index] ?? 0) + 1
        }
        for (const [index, weight] of chosen.entries()) {
          const share = weight / total
          // Six standard deviations, plus what RFC 2782's inclusive sum shifts.
          const tolerance = 6 * Math.sqrt((share * (1 - share)) / DRAWS) + 0.005
          assert.ok(
            Math.abs((firsts[index] ?? 0) / DRAWS - share) < tolerance,
            `${chosen.join()} at ${index}`,
          )
        }
      }),
      { numRuns: 40 },
    )
    // "Very small chance" for weight 0, not none.
    const zero = srvRecords('0 0 1 zero', '0 9 1 nine')
    t.equal(orderSrv(zero, () => 0)[0]?.target, 'zero')
    t.equal(orderSrv(zero, () => 0.2)[0]?.target, 'nine')
    t.end()
  })
})

/** mulberry32: the same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

void t.test('guess', async (t) => {
  const guess = (dns: DnsTable, probes: ProbeTable = {}, otherwise = probeAbsent()) => {
    const resolver = new FakeResolver({ 'mx kunde.de': dnsAbsent(), ...dns }, dnsAbsent())
    const prober = new FakeProber(probes, otherwise)
    const source = createGuessSource({ resolver, unlikelyLabel: () => 'nobody' })
    return { prober, resolver, answer: ask(source, { prober }) }
  }
  const at = (...addresses: string[]) => dnsFound(addresses)

  await t.test('one silent host holds up no other', async (t) => {
    const hosts = { 'addresses imap.kunde.de': at('9.9.9.1'), 'addresses kunde.de': at('9.9.9.2') }
    const found = async (probes: ProbeTable) =>
      only(await guess(hosts, probes).answer).servers.map(({ hostname }) => hostname)
    const silent = new Promise<never>(() => undefined)
    t.same(await found({ 'imap imap.kunde.de:993': probeVerified(), 'imap kunde.de:993': silent }), [
      'imap.kunde.de',
    ])
    t.same(
      await found({ 'imap imap.kunde.de:993': silent, 'imap kunde.de:993': probeVerified() }),
      ['kunde.de'],
      'a better name has a moment',
    )
  })

  await t.test('R35: the usual names under the exact domain, and the own MX host', async (t) => {
    const { prober, resolver, answer } = guess(
      {
        'addresses imap.kunde.de': at('9.9.9.1'),
        'addresses kunde.de': at('9.9.9.2'),
        'mx kunde.de': dnsFound(mxRecords('mx1.kunde.de 10')),
      },
      { 'imap imap.kunde.de:993': probeVerified(), 'smtp mx1.kunde.de:465': probeVerified() },
    )
    const { servers, channel } = only(await answer)
    t.equal(channel, 'insecure')
    t.match(servers, [
      {
        protocol: 'imap',
        hostname: 'imap.kunde.de',
        port: 993,
        security: 'tls',
        verification: { status: 'verified' },
      },
      {
        protocol: 'smtp',
        hostname: 'mx1.kunde.de',
        port: 465,
        security: 'tls',
        verification: { status: 'verified' },
      },
    ])
    t.strictSame(
      resolver.questions
        .filter((question) => question.startsWith('addresses'))
        .map((q) => q.slice(10))
        .sort(),
      ['imap', 'mail', 'nobody', 'pop', 'pop3', 'smtp']
        .map((label) => `${label}.kunde.de`)
        .concat('kunde.de')
        .sort(),
    )
    t.notOk(
      prober.targets.some((target) => target.port === 25),
      'R9',
    )
    const foreign = guess({ 'mx kunde.de': dnsFound(mxRecords('mx.hoster.net 10')) })
    absent(await foreign.answer)
    t.strictSame(foreign.prober.asked, [], 'a foreign MX host is not guessed at')
    const near = createGuessSource({
      resolver: new FakeResolver({ 'mx chemie.uni.de': dnsFound(mxRecords('mx.uni.de 10')) }, dnsAbsent()),
    })
    const beside = new FakeProber({}, probeVerified())
    absent(await ask(near, { prober: beside, domain: 'chemie.uni.de' }))
    t.strictSame(beside.asked, [], 'nor one beside the domain')
    const bare = guess({ 'mx kunde.de': dnsFound(mxRecords('kunde.de 10')) })
    absent(await bare.answer)
    t.ok(bare.prober.asked.includes('imap kunde.de:993'), 'the domain itself lies in it')
  })

  await t.test('R32: STARTTLS only after implicit TLS failed everywhere', async (t) => {
    const dns = { 'addresses mail.kunde.de': at('9.9.9.1') }
    const slow = deferred<ReturnType<typeof probeAbsent>>()
    const late = guess(dns, {
      'imap mail.kunde.de:993': slow.promise,
      'imap mail.kunde.de:143': probeVerified(),
    })
    await settled()
    t.notOk(late.prober.asked.includes('imap mail.kunde.de:143'))
    slow.resolve(probeAbsent())
    t.match(only(await late.answer).servers, [{ port: 143, security: 'starttls' }])
    const { prober, answer } = guess(dns, { 'imap mail.kunde.de:993': probeVerified() })
    t.match(only(await answer).servers, [{ port: 993 }])
    t.notOk(prober.asked.includes('imap mail.kunde.de:143'))
  })

  await t.test('R35: wildcard DNS publishes nothing', async (t) => {
    const wildcard = { 'addresses nobody.kunde.de': at('9.9.9.9'), 'addresses kunde.de': at('9.9.9.9') }
    const { prober, answer } = guess(
      { ...wildcard, 'addresses imap.kunde.de': at('9.9.9.9'), 'addresses mail.kunde.de': at('9.9.9.1') },
      {},
    )
    absent(await answer)
    const hosts = new Set(prober.targets.map((target) => target.hostname as string))
    t.strictSame([...hosts].sort(), ['kunde.de', 'mail.kunde.de'])
  })

  await t.test('R4: no guess under a null MX', async (t) => {
    const { prober, answer } = guess({
      'mx kunde.de': dnsFound(mxRecords(' 0')),
      'addresses kunde.de': at('9.9.9.1'),
    })
    t.equal((await answer).outcome, 'skipped')
    t.strictSame(prober.asked, [])
  })

  await t.test(
    'nobody there is absent, somebody silent is failed, somebody unproved is absent with a word',
    async (t) => {
      const dns = { 'addresses imap.kunde.de': at('9.9.9.1') }
      t.equal(absent(await guess(dns).answer).detail, undefined)
      t.equal(
        failedWith(await guess(dns, { 'imap imap.kunde.de:993': probeFailed('timeout') }).answer),
        'timeout',
      )
      t.equal(
        absent(await guess(dns, { 'imap imap.kunde.de:993': probeFailed('certificate') }).answer).detail,
        'imap.kunde.de:993 is not usable: faked certificate',
      )
      // R37: a name we could not resolve may have been the right one.
      t.equal(failedWith(await guess({ ...dns, 'addresses mail.kunde.de': dnsTimeout() }).answer), 'timeout')
      t.equal(failedWith(await guess({ 'addresses mail.kunde.de': dnsTimeout() }).answer), 'timeout')
    },
  )
})
