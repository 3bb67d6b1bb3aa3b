/** The rules of the domain check on made-up observations, and what the checker does with time and failures. */
import t from 'tap'
import { createMemoryStore } from '../../src/cache/store.js'
import { agreementFindings, ownFindings } from '../../src/discovery/check/agreement.js'
import type { CheckContext } from '../../src/discovery/check/context.js'
import { dnsFindings } from '../../src/discovery/check/dns.js'
import { liveFindings } from '../../src/discovery/check/live.js'
import { webFindings } from '../../src/discovery/check/web.js'
import { createDomainChecker, type DomainCheckParts } from '../../src/discovery/check-domain.js'
import type { DomainObservation, PlaceObservation } from '../../src/domain/domain-check.js'
import { failure, type FailureCode } from '../../src/domain/errors.js'
import type { DeclaredServer, Security } from '../../src/domain/mail-settings.js'
import { readEncryption } from '../../src/formats/autodiscover-faults.js'
import { createHostProber } from '../../src/net/host-prober.js'
import { createDomainInspector } from '../../src/sources/inspect-domain.js'
import { NetError } from '../../src/net/classify-error.js'
import { never, orAborted } from '../fakes/deferred.js'
import { FakeHttpClient, type HttpTable, page } from '../fakes/fake-http-client.js'
import { FakeProber, probeAbsent } from '../fakes/fake-prober.js'
import { dnsAbsent, dnsFound, FakeResolver, srvRecords } from '../fakes/fake-resolver.js'
import { host, sampleDiscovery, sampleServers } from '../formats/sample-discovery.js'

const NOW = Date.UTC(2026, 10, 23)
const signal = new AbortController().signal

function server(hostname: string, port = 993, security: Security = 'tls'): DeclaredServer {
  return {
    ...{ protocol: 'imap', hostname: host(hostname), port, security, username: null },
    ...{ authentication: [], declaredOrder: 0 },
  }
}

const OBSERVATION: DomainObservation = {
  domain: host('kunde.de'),
  mx: dnsAbsent(),
  nullMx: false,
  mxProvider: null,
  srv: [],
  places: [],
  paccDigest: null,
}

function context(change: Partial<CheckContext> = {}): CheckContext {
  return {
    observation: OBSERVATION,
    published: [],
    proofs: new Map(),
    hosts: new Map(),
    records: new Map(),
    served: null,
    otherServices: false,
    now: NOW,
    ...change,
  }
}

function place(change: Partial<PlaceObservation>): PlaceObservation {
  return {
    mechanism: 'autoconfig',
    where: 'https://autoconfig.kunde.de/mail/config-v1.1.xml',
    hostname: host('autoconfig.kunde.de'),
    trusted: true,
    outcome: 'failed',
    redirects: [],
    contentType: null,
    allowOrigin: '',
    servers: [],
    rejected: [],
    encryptionFaults: [],
    ...change,
  }
}

const published = (servers: readonly DeclaredServer[], where = 'https://kunde.de/') =>
  ({ mechanism: 'autoconfig', where, trusted: true, servers }) as const

t.test('own domains: agreeing, differing, not published, not own', (t) => {
  const served = [server('imap.kunde.de')]
  const run = (change: Partial<CheckContext>) =>
    ownFindings(context({ served, ...change })).map(({ code }) => code)
  t.same(run({ published: [published([server('imap.kunde.de')])] }), ['own-agrees'])
  t.same(run({ published: [published([server('old.kunde.de')])] }), ['own-differs'])
  t.same(run({ published: [published([server('imap.kunde.de', 143, 'starttls')])] }), ['own-differs'])
  t.same(run({}), ['own-missing'])
  t.same(run({ served: null }), [])
  const [finding] = ownFindings(context({ served: [], published: [published([server('old.kunde.de')])] }))
  t.match(finding, { params: { protocol: 'IMAP', published: 'old.kunde.de:993 TLS', served: '–' } })
  t.end()
})

t.test('mechanisms agree where they share one server', (t) => {
  const two = (a: DeclaredServer[], b: DeclaredServer[]) =>
    agreementFindings(context({ published: [published(a, 'a'), published(b, 'b')] })).map(({ code }) => code)
  t.same(two([server('a.kunde.de'), server('b.kunde.de')], [server('b.kunde.de')]), [])
  t.same(two([server('a.kunde.de')], [server('b.kunde.de')]), ['contradiction-host'])
  t.same(two([server('a.kunde.de')], [server('a.kunde.de', 143, 'starttls')]), ['contradiction-transport'])
  t.same(two([], [server('a.kunde.de')]), [])
  t.end()
})

t.test('live checks: each failure its code', (t) => {
  const judge = (code: string, detail = '') => {
    const verification = { status: 'failed', failure: { code, detail } } as const
    const proofs = new Map([['imap imap.kunde.de:993/tls', verification]])
    return liveFindings(context({ proofs, published: [published([server('imap.kunde.de')])] }))[0]?.code
  }
  t.equal(judge('certificate'), 'server-certificate')
  t.equal(judge('tls', 'no TLS connection could be agreed on (unsupported protocol)'), 'server-tls-old')
  t.equal(judge('tls', 'no TLS connection could be agreed on (wrong version number)'), 'server-tls-failed')
  t.equal(judge('starttls-missing'), 'starttls-missing')
  t.equal(judge('dns'), 'server-unreachable')
  t.equal(judge('timeout'), 'server-timeout')
  t.equal(judge('protocol'), 'server-broken')
  const soon = new Map([
    [
      'imap imap.kunde.de:993/tls',
      {
        status: 'verified' as const,
        tls: { version: 'TLSv1.3', certificateExpiresAt: new Date(NOW + 5 * 86_400_000).toISOString() },
      },
    ],
  ])
  const findings = liveFindings(context({ proofs: soon, published: [published([server('imap.kunde.de')])] }))
  t.match(findings, [
    { code: 'server-works' },
    { code: 'server-certificate-expiring', params: { days: '5' } },
  ])
  t.end()
})

t.test('web places: each failure its code, and nobody listening is none', (t) => {
  const judge = (change: Partial<PlaceObservation>) =>
    webFindings(context({ observation: { ...OBSERVATION, places: [place(change)] } })).map(({ code }) => code)
  const fails = (code: FailureCode, detail = '') => judge({ failure: failure(code, detail) })
  t.same(fails('certificate'), ['web-certificate'])
  t.same(fails('tls', 'tlsv1 alert protocol version'), ['web-tls-old'])
  t.same(fails('tls'), ['web-tls-failed'])
  t.same(fails('timeout'), ['config-timeout'])
  t.same(fails('unreachable'), [])
  t.same(fails('dns'), ['dns-failed'])
  t.same(fails('http-status'), ['config-broken'])
  t.same(judge({ refusedRedirect: 'loop' }), ['redirect-loop'])
  t.same(judge({ refusedRedirect: 'to-http', redirects: ['http://kunde.de/'] }), ['redirect-to-http'])
  t.same(judge({ outcome: 'published', redirects: ['https://x.kunde.de/'], allowOrigin: '*' }), ['redirect'])
  t.same(judge({ outcome: 'published', contentType: { is: '', fits: false }, allowOrigin: '*' }), [
    'config-wrong-type',
  ])
  t.same(judge({ outcome: 'absent' }), [])
  t.same(judge({ outcome: 'sign-in' }), ['exchange-sign-in'])
  t.end()
})

t.test('Autodiscover: which words about encryption contradict each other', (t) => {
  const faulty = ([port, ssl, encryption]: readonly [string, string, string], type = 'IMAP') =>
    readEncryption(
      Buffer.from(
        `<Autodiscover><Response><Account><Protocol><Type>${type}</Type><Port>${port}</Port>` +
          `${ssl === '' ? '' : `<SSL>${ssl}</SSL>`}${encryption === '' ? '' : `<Encryption>${encryption}</Encryption>`}` +
          '</Protocol></Account></Response></Autodiscover>',
      ),
    ).length > 0
  for (const [port, ssl, encryption] of [
    ['993', 'on', 'SSL'],
    ['993', 'on', ''],
    ['143', 'on', 'TLS'],
    ['993', '', 'Auto'],
    ['143', 'off', ''],
    ['143', 'off', 'None'],
    ['2993', 'on', 'TLS'],
  ] as const) {
    t.notOk(faulty([port, ssl, encryption]), `${port} ${ssl} ${encryption}`)
  }
  for (const [port, ssl, encryption] of [
    ['993', 'off', 'SSL'],
    ['143', 'off', 'TLS'],
    ['143', 'off', 'Auto'],
    ['993', 'on', 'None'],
    ['143', 'on', 'SSL'],
    ['993', 'on', 'TLS'],
    ['993', 'yes', 'SSL'],
    ['143', 'on', 'starttls'],
  ] as const) {
    t.ok(faulty([port, ssl, encryption]), `${port} ${ssl} ${encryption}`)
  }
  t.notOk(faulty(['443', 'off', 'SSL'], 'EXCH'), 'only mail protocols')
  t.same(readEncryption(Buffer.from('no xml')), [])
  t.same(readEncryption(Buffer.from('<Autodiscover><Response/></Autodiscover>')), [])
  t.end()
})

function parts(change: Partial<DomainCheckParts> = {}): DomainCheckParts {
  return {
    inspector: { inspect: () => Promise.resolve(OBSERVATION) },
    prober: new FakeProber(),
    hosts: { prove: () => Promise.reject(new Error('nobody planned this')) },
    service: {
      discover: () =>
        Promise.resolve(sampleDiscovery({ servers: sampleServers({ imap: [], pop3: [], smtp: [] }) })),
    },
    served: () => null,
    allowSpecialUseNames: false,
    records: () => new Map(),
    store: createMemoryStore({ maxBytes: 1e6 }),
    budgetMs: 20,
    now: () => NOW,
    ...change,
  }
}

t.test('time: spent, the check has failed and is not kept; who leaves is told so', async (t) => {
  let asked = 0
  const checker = createDomainChecker(
    parts({
      inspector: {
        inspect: (_domain, stop) => {
          asked += 1
          return orAborted(never<DomainObservation>(), stop)
        },
      },
    }),
  )
  // The time-out of Node does not keep a process alive by itself.
  const alive = setInterval(() => undefined, 1000)
  t.teardown(() => {
    clearInterval(alive)
  })
  t.equal((await checker.check({ domain: host('kunde.de'), signal })).kind, 'failed')
  t.equal((await checker.check({ domain: host('kunde.de'), signal })).kind, 'failed')
  t.equal(asked, 2)
  const leaving = new AbortController()
  const waiting = checker.check({ domain: host('kunde.de'), signal: leaving.signal })
  leaving.abort(new Error('gone'))
  await t.rejects(waiting, /gone/)
})

t.test('R9: only what the domain itself says over https may name the ports to dial', async (t) => {
  const dialled = async (change: Partial<DomainObservation>) => {
    const prober = new FakeProber({}, probeAbsent())
    const inspector = { inspect: () => Promise.resolve({ ...OBSERVATION, ...change }) }
    const hosts = { prove: () => Promise.resolve({ kind: 'failed', failure: failure('tls', '') } as const) }
    const checker = createDomainChecker(parts({ inspector, prober, hosts, budgetMs: 5000 }))
    await checker.check({ domain: host('kunde.de'), signal })
    return prober.targets.map(({ declaredPort }) => declaredPort)
  }
  const servers = [server('imap.kunde.de', 4993)]
  const says = (change: Partial<PlaceObservation>, paccDigest: DomainObservation['paccDigest'] = null) =>
    dialled({ places: [place({ outcome: 'published', servers, ...change })], paccDigest })
  t.same(await says({}), [true])
  t.same(await says({ trusted: false }), [false])
  t.same(await says({ mechanism: 'pacc' }, 'matches'), [true])
  t.same(await says({ mechanism: 'pacc' }, 'differs'), [false])
  const srv = (authenticated: boolean) =>
    dialled({
      srv: [
        {
          ...{ label: '_imaps', protocol: 'imap', security: 'tls' },
          lookup: dnsFound(srvRecords('0 0 4993 imap.kunde.de'), { authenticated }),
        },
      ],
    })
  t.same([await srv(false), await srv(true)], [[false], [true]])
})

t.test(
  'the inspector: which places are trusted, and which host the SRV record of Autodiscover names',
  async (t) => {
    const xml = '<clientConfig/>'
    const inspect = async (srv: string[], table: HttpTable = {}) => {
      const http = new FakeHttpClient(table, page(xml))
      const resolver = new FakeResolver(
        { 'srv _autodiscover._tcp.kunde.de': dnsFound(srvRecords(...srv)) },
        dnsAbsent(),
      )
      const inspector = createDomainInspector({
        ...{ http, resolver, indexes: () => [], now: () => NOW, placeTimeoutMs: 5000, random: () => 0 },
      })
      return (await inspector.inspect(host('kunde.de'), signal)).places
    }
    const away = 'https://autoconfig.kunde.de/mail/config-v1.1.xml'
    const places = await inspect(['0 0 443 xdir.kunde.de'], {
      [away]: page('', { status: 302, location: 'https://fremd.org/x.xml' }),
    })
    t.same(
      places.filter(({ trusted }) => !trusted).map(({ mechanism }) => mechanism),
      ['autoconfig', 'autoconfig-http', 'autodiscover-srv'],
    )
    const named = async (...srv: string[]) =>
      (await inspect(srv)).find(({ mechanism }) => mechanism === 'autodiscover-srv')?.hostname
    t.equal(await named('9 0 443 last.kunde.de', '1 0 443 first.kunde.de'), 'first.kunde.de', 'R18')
    t.equal(await named('1 0 8443 odd.kunde.de', '2 0 443 usual.kunde.de'), 'usual.kunde.de', 'R9')
    t.equal(await named('1 0 443 10.0.0.1', '2 0 443 usual.kunde.de'), 'usual.kunde.de', 'R25')
    t.equal(await named('1 0 443 .'), undefined)
  },
)

t.test('RFC 6186 section 3.4: only POP3 records say that there is no IMAP', (t) => {
  const codes = (label: string, protocol: 'pop3' | 'smtp', target = 'mail.kunde.de') => {
    const lookup = dnsFound(srvRecords(`0 0 995 ${target}`))
    const record = { label, protocol, security: 'tls', lookup } as const
    const imap = { label: '_imaps', protocol: 'imap', security: 'tls', lookup: dnsAbsent() } as const
    const observation = { ...OBSERVATION, srv: [record, imap] }
    return dnsFindings(context({ observation, published: [published([server('a.kunde.de')])] }))
      .map(({ code }) => code)
      .filter((code) => code.startsWith('srv-'))
  }
  t.same(codes('_pop3s', 'pop3'), ['srv-imap-missing'])
  t.same(codes('_pop3s', 'pop3', '.'), [])
  t.same(codes('_submissions', 'smtp'), [])
  t.end()
})

t.test('bugs are thrown, answers are shared and kept', async (t) => {
  const broken = createDomainChecker(
    parts({ inspector: { inspect: () => Promise.reject(new TypeError('bug')) } }),
  )
  await t.rejects(broken.check({ domain: host('kunde.de'), signal }), TypeError)
  const made = parts()
  let inspections = 0
  const inspect: typeof made.inspector.inspect = (...question) => {
    inspections += 1
    return made.inspector.inspect(...question)
  }
  const checker = createDomainChecker({ ...made, inspector: { inspect } })
  const ask = () => checker.check({ domain: host('kunde.de'), signal })
  const [first, second] = await Promise.all([ask(), ask()])
  t.equal(first, second)
  t.same(await ask(), first)
  t.equal(inspections, 1)
  t.equal((await checker.check({ domain: host('kunde.test'), signal })).kind, 'reserved')
  t.equal((await checker.check({ domain: host('co.uk'), signal })).kind, 'reserved')
})

t.test('the host prober: failures are values, bugs and aborts are thrown', async (t) => {
  const prober = (error: Error) => createHostProber({ connect: () => Promise.reject(error), upgrade: never })
  const cause = failure('certificate', 'no')
  t.same(await prober(new NetError(cause)).prove(host('kunde.de'), signal), {
    kind: 'failed',
    failure: cause,
  })
  await t.rejects(prober(new TypeError('bug')).prove(host('kunde.de'), signal), TypeError)
  const gone = AbortSignal.abort(new Error('gone'))
  await t.rejects(prober(new NetError(cause)).prove(host('kunde.de'), gone), /gone/)
})
