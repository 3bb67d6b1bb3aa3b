/** What the service tells Prometheus of itself: enough to see trouble, and nobody's address (R13). */
import t from 'tap'
import { compose } from '../../src/compose.js'
import { readConfig } from '../../src/config.js'
import { createMemoryStore } from '../../src/cache/store.js'
import { ColdGate } from '../../src/discovery/cold-gate.js'
import { createDiscoveryService } from '../../src/discovery/discovery-service.js'
import type { CertificateState } from '../../src/domain/profile-signer.js'
import type { SourceOutcome } from '../../src/domain/source.js'
import { buildApp } from '../../src/http/app.js'
import type { AppParts } from '../../src/http/app-parts.js'
import { Metrics } from '../../src/http/metrics.js'
import { deferred, settled } from '../fakes/deferred.js'
import { FakeProber } from '../fakes/fake-prober.js'
import { FakeSource, type SourceAnswer } from '../fakes/fake-source.js'
import { startLab } from '../lab/lab.js'

const ABSENT: SourceOutcome = { outcome: 'absent', ttlSeconds: 900 }

/** As serve.ts wires it: a service whose sources know nothing. */
function build(given: Partial<AppParts> & { readonly srv?: SourceAnswer } = {}) {
  const { srv = ABSENT, ...parts } = given
  const metrics = new Metrics()
  const service = createDiscoveryService({
    sources: [
      new FakeSource('srv', srv),
      new FakeSource('jmap', { outcome: 'skipped', reason: 'nothing to ask' }),
    ],
    prober: new FakeProber(),
    budgetMs: 5000,
    now: () => 1_000_000,
    store: createMemoryStore({ maxBytes: 1_000_000 }),
    allowSpecialUseNames: true,
    suggest: () => [],
    onBug: (_, error) => {
      throw error
    },
    onReport: (report) => {
      metrics.countReport(report)
    },
    onLookup: (discovery) => {
      metrics.countLookup(discovery)
    },
    onAnswer: (by) => {
      metrics.countAnswer(by)
    },
  })
  const app = buildApp({
    service,
    isOwnDomain: () => false,
    now: () => 1_000_000,
    version: '1.2.3',
    metrics,
    ...parts,
  })
  const ask = (domain: string) => app.inject(`/v1/discover?email=ann.secret@${domain}`)
  const read = async () => {
    await service.idle()
    return (await app.inject('/metrics')).body.split('\n')
  }
  return { app, ask, read, metrics }
}

t.test('requests, sources and lookups are counted', async (t) => {
  const { app, ask, read } = build()
  for (const domain of ['one.test', 'two.test', 'two.test']) t.equal((await ask(domain)).statusCode, 404)
  await app.inject('/healthz')
  const lines = await read()
  for (const line of [
    'mailscout_requests_total{route="/v1/discover",status="404"} 3',
    'mailscout_requests_total{route="/healthz",status="200"} 1',
    'mailscout_request_seconds_count{route="/v1/discover"} 3',
    'mailscout_source_outcomes_total{source="srv",outcome="absent"} 2',
    'mailscout_source_outcomes_total{source="jmap",outcome="skipped"} 2',
    'mailscout_source_seconds_count{source="srv"} 2',
    'mailscout_lookups_total{kind="absent"} 2',
    'mailscout_info{version="1.2.3"} 1',
    'mailscout_provider_files_ok 1',
  ]) {
    t.ok(lines.includes(line), line)
  }
  t.notOk(
    lines.some((line) => line.includes('seconds_count{source="jmap"}')),
    'a skipped source took no time',
  )
})

t.test('answers by what they came from, checks by outcome, and what is kept', async (t) => {
  const lab = await startLab()
  t.teardown(() => lab.close())
  const metrics = new Metrics()
  const mailscout = compose(
    readConfig(lab.environment),
    { dial: lab.dial, ca: [lab.caPem], builtinProvidersDirectory: lab.providersDirectory },
    {
      onAnswer: (by) => {
        metrics.countAnswer(by)
      },
      onProbe: (report) => {
        metrics.countProbe(report)
      },
    },
  )
  const app = buildApp({
    service: mailscout.service,
    ready: mailscout.ready,
    isOwnDomain: () => false,
    now: Date.now,
    version: '0',
    metrics,
    isCacheThere: () => false,
    ...mailscout.traffic,
  })
  const ask = () => app.inject('/v1/discover?email=ann@srv.test')
  await Promise.all([ask(), ask(), ask()])
  await mailscout.service.idle()
  await ask()
  await ask()
  const lines = (await app.inject('/metrics')).body.split('\n')
  const value = (name: string) => Number(lines.find((line) => line.startsWith(`${name} `))?.split(' ')[1])
  t.equal(value('mailscout_answers_total{by="lookup"}'), 1)
  t.equal(value('mailscout_answers_total{by="joined"}'), 2)
  t.equal(value('mailscout_answers_total{by="memory"}'), 1)
  t.equal(value('mailscout_answers_total{by="ready"}'), 1)
  t.equal(value('mailscout_answers_total{by="stale"}'), 0)
  t.ok(value('mailscout_probes_total{protocol="imap",outcome="verified"}') >= 1)
  t.ok(value('mailscout_probe_seconds_count{protocol="smtp"}') >= 1)
  t.equal(value('mailscout_cache_entries{layer="answers"}'), 1)
  t.equal(value('mailscout_cache_entries{layer="ready"}'), 1)
  t.ok(value('mailscout_cache_entries{layer="dns"}') > 10)
  t.ok(value('mailscout_cache_bytes{layer="answers"}') > 0)
  t.equal(value('mailscout_lookups_running'), 0)
  t.equal(value('mailscout_lookups_waiting'), 0)
  t.equal(value('mailscout_shared_cache_up'), 0)
  for (const word of ['srv.test', 'ann', '@']) t.notOk(lines.join('\n').includes(word), `no ${word}`)
})

t.test('no label holds a domain, an address or a path that somebody typed', async (t) => {
  const { app, read } = build()
  const domains = ['first-customer.test', 'second-customer.de', 'third-customer.example.org']
  for (const domain of domains) {
    for (const url of [
      `/v1/discover?email=ann.secret@${domain}`,
      `/v1/domains/${domain}`,
      `/v1.1/${domain}`,
      `/mail/config-v1.1.xml?emailaddress=ann.secret@${domain}`,
      `/autodiscover/autodiscover.json/v1.0/ann.secret@${domain}`,
      `/ann.secret@${domain}`,
    ]) {
      await app.inject({ url, headers: { host: `autoconfig.${domain}` } })
    }
    await app.inject({
      method: 'POST',
      url: '/v1/discover',
      payload: { email: `ann.secret@${domain}` },
    })
    await app.inject({ method: 'PUT', url: `/v1/domains/${domain}` })
  }
  const text = (await read()).join('\n')
  t.match(text, 'mailscout_requests_total{route="/v1/domains/:domain",status="404"} 3')
  t.match(text, 'mailscout_requests_total{route="unknown",status="404"} 3')
  for (const word of [...domains, 'customer', 'ann', 'secret', '@']) {
    t.notOk(text.includes(word), `"${word}" is not in it`)
  }
})

t.test('applications do not share their counts', async (t) => {
  const one = build()
  const other = build()
  await one.ask('one.test')
  t.notMatch((await other.read()).join('\n'), 'route="/v1/discover"')
  t.notMatch((await other.read()).join('\n'), 'process_', 'the process is shown only where it serves')
  one.metrics.showProcess()
  t.match((await one.read()).join('\n'), 'process_resident_memory_bytes')
})

t.test('it is text for Prometheus, never kept and never limited', async (t) => {
  const { app, ask, read } = build({ limits: { requests: 3, cold: 1, gate: new ColdGate({ places: 10 }) } })
  for (const [domain, status] of [
    ['a.test', 404],
    ['b.test', 429],
    ['a.test', 404],
    ['a.test', 429],
  ] as const) {
    t.equal((await ask(domain)).statusCode, status)
  }
  const { statusCode, headers } = await app.inject('/metrics')
  t.equal(statusCode, 200)
  t.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  t.equal(headers['cache-control'], 'no-store')
  t.notOk(headers['ratelimit'])
  const lines = await read()
  t.ok(lines.includes('mailscout_limited_total{limit="lookups"} 1'))
  t.ok(lines.includes('mailscout_limited_total{limit="requests"} 1'))
})

t.test('who finds no place for his lookup is counted as well', async (t) => {
  const hold = deferred<SourceOutcome>()
  const { ask, read } = build({
    srv: () => hold.promise,
    limits: { requests: 1000, cold: 1000, gate: new ColdGate({ places: 1 }) },
  })
  // The gate lets some wait; far more than that are refused at once.
  const asked = Array.from({ length: 300 }, (_, index) => ask(`d${index}.test`))
  await settled()
  hold.resolve(ABSENT)
  const refused = (await Promise.all(asked)).filter(({ statusCode }) => statusCode === 503).length
  t.ok(refused > 0)
  t.ok((await read()).includes(`mailscout_limited_total{limit="places"} ${refused}`))
})

t.test('the states of files and certificate are those of the moment', async (t) => {
  let files: 'current' | 'stale' = 'current'
  let certificate: CertificateState = { status: 'valid', expiresAt: '2027-01-01T00:00:00.000Z' }
  const { read } = build({
    providerFiles: () => ({ status: files }),
    signer: {
      wrap: () => Promise.reject(new Error('nobody asked for a profile')),
      state: () => certificate,
      close: () => undefined,
    },
  })
  const expiry = 'mailscout_signing_certificate_expiry_timestamp_seconds'
  let lines = await read()
  t.ok(lines.includes('mailscout_provider_files_ok 1'))
  t.ok(lines.includes(`${expiry} ${Date.UTC(2027, 0, 1) / 1000}`))
  files = 'stale'
  certificate = { status: 'valid', expiresAt: '2028-01-01T00:00:00.000Z' }
  lines = await read()
  t.ok(lines.includes('mailscout_provider_files_ok 0'))
  t.ok(lines.includes(`${expiry} ${Date.UTC(2028, 0, 1) / 1000}`))
  t.notMatch((await build().read()).join('\n'), expiry, 'no signer, no certificate')
})
