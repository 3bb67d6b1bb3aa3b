/** The database over HTTP, readiness, and the operator's files while requests are answered. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createMemoryStore } from '../../src/cache/store.js'
import { createDiscoveryService } from '../../src/discovery/discovery-service.js'
import type { DiscoverAnswer, Problem } from '../../src/domain/answer.js'
import { providerListSchema, providerRecordSchema } from '../../src/domain/provider-record.js'
import type { Hostname } from '../../src/domain/hostname.js'
import type { Source } from '../../src/domain/source.js'
import { startLab } from '../lab/lab.js'
import { serviceBeside } from '../lab/service.js'

const lab = await startLab()
const { app, ...shared } = serviceBeside(lab)
t.teardown(async () => {
  await shared.close()
  await lab.close()
})

t.test('the database by name, e-mail domain and MX host', async (t) => {
  const ids = async (query: string): Promise<string[]> => {
    const response = await app.inject(`/v1/providers${query}`)
    t.equal(response.statusCode, 200)
    const body = response.json<{ providers: { id: string }[] }>()
    t.ok(providerListSchema.strict().safeParse(body).success)
    return body.providers.map(({ id }) => id)
  }
  t.same(await ids(''), ['bigmail', 'lab-filter', 'providerdb-lab'])
  t.same(await ids('?limit=1'), ['bigmail'])
  t.same(await ids('?query=providerdb.lab'), ['providerdb-lab'])
  t.same(await ids('?query=mx1.bigmail.test'), ['bigmail'])
  t.same(await ids('?query=LAB+filter'), [], 'a plus sign is no space (RFC 3986)')
  t.same(await ids('?query=LAB%20filter'), ['lab-filter'])
  t.same(await ids('?query=operator.lab'), [], "the operator's customers are not published (R44)")
  for (const wrong of ['limit=0', 'limit=101', 'limit=x', 'nonsense=1', `query=${'a'.repeat(254)}`]) {
    const response = await app.inject(`/v1/providers?${wrong}`)
    t.equal(`${response.statusCode} ${response.json<Problem>().code}`, '400 QUERY_INVALID', wrong)
  }
})

t.test('one provider, with all an entry says, cacheable', async (t) => {
  const response = await app.inject('/v1/providers/providerdb-lab')
  t.equal(response.statusCode, 200)
  const body = response.json<unknown>()
  t.ok(providerRecordSchema.strict().safeParse(body).success)
  t.match(body, {
    id: 'providerdb-lab',
    access: 'full',
    protocols: ['imap', 'pop3', 'smtp'],
    domainCount: 1,
    stale: false,
    domains: ['providerdb.lab'],
    servers: {
      smtp: [
        {
          hostname: 'sending.providerdb.lab',
          port: 465,
          security: 'tls',
          username: '%EMAILADDRESS%',
          authentication: ['password-cleartext'],
        },
        { port: 587, security: 'starttls' },
      ],
    },
    requires: [{ kind: 'app-password', url: 'https://providerdb.lab/passwords' }],
    oauth2: null,
    reason: null,
  })
  t.match(response.headers['cache-control'], /^public, max-age=\d+$/)
  const etag = response.headers.etag!
  const again = await app.inject({
    url: '/v1/providers/providerdb-lab',
    headers: { 'if-none-match': etag },
  })
  t.equal(again.statusCode, 304)
  t.equal((await app.inject('/v1/providers')).headers['cache-control'], response.headers['cache-control'])
  for (const id of ['nobody', 'operator-lab']) {
    t.equal((await app.inject(`/v1/providers/${id}`)).json<Problem>().code, 'NOT_FOUND')
  }
})

const entry = (domain: string, imap: string) =>
  JSON.stringify({
    id: 'own',
    name: 'Own Mail',
    access: 'full',
    domains: [domain],
    imap: [{ hostname: imap, port: 993, security: 'tls' }],
    smtp: [{ hostname: `smtp.${domain}`, port: 465, security: 'tls' }],
    confidence: 'high',
    references: ['a test'],
    verified: '2099-12-31',
  })

t.test("the operator's files change while the service runs", async (t) => {
  const directory = t.testdir({ 'own.json': entry('own.lab', 'old.own.lab') })
  const { app, mailscout, ...service } = serviceBeside(lab, { MAILSCOUT_PROVIDERS_DIR: directory })
  t.teardown(() => service.close())
  const imap = async () => {
    const response = await app.inject('/v1/discover?email=ann@own.lab')
    t.equal(response.statusCode, 200)
    return response.json<DiscoverAnswer>().servers.imap[0]?.hostname
  }
  const ready = async () => {
    const response = await app.inject('/readyz')
    t.equal(response.statusCode, 200)
    t.equal(response.headers['cache-control'], 'no-store')
    return response.json<{ status: string; providers: object }>()
  }
  t.equal(await imap(), 'old.own.lab')
  t.match(await ready(), { status: 'ready', providers: { status: 'current', providers: 1 } })

  writeFileSync(join(directory, 'own.json'), entry('own.lab', 'new.own.lab'))
  const meanwhile = imap()
  const reading = mailscout.operatorFiles.reread()
  t.equal(await meanwhile, 'old.own.lab', 'a request on its way gets its answer')
  await reading
  t.equal(await imap(), 'new.own.lab', 'no kept answer outlives the file it was made from')

  writeFileSync(join(directory, 'own.json'), '{')
  await mailscout.operatorFiles.reread()
  t.equal(await imap(), 'new.own.lab')
  t.match(await ready(), {
    status: 'ready',
    providers: { status: 'stale', reason: /^own\.json: is no JSON/, providers: 1 },
  })
})

t.test('a lookup begun with the files of before is neither joined nor kept', async (t) => {
  const gates: ((hostname: string) => void)[] = []
  const source: Source = {
    name: 'operator',
    find: () =>
      new Promise((resolve) => {
        gates.push((hostname) => {
          resolve({
            outcome: 'found',
            ttlSeconds: 3600,
            findings: [
              {
                channel: 'operator',
                evidence: { where: 'own.json', channel: 'file' },
                servers: (['imap', 'smtp'] as const).map((protocol) => ({
                  protocol,
                  hostname: hostname as Hostname,
                  port: 993,
                  security: 'tls',
                  username: '%EMAILADDRESS%',
                  authentication: ['password-cleartext'],
                  declaredOrder: 0,
                })),
              },
            ],
          })
        })
      }),
  }
  const service = createDiscoveryService({
    sources: [source],
    prober: { probe: () => Promise.reject(new Error('nothing is to be probed')) },
    budgetMs: 5000,
    now: Date.now,
    store: createMemoryStore({ maxBytes: 1e6 }),
    allowSpecialUseNames: true,
    suggest: () => [],
    onBug: (where, error) => t.fail(`${where}: ${String(error)}`),
  })
  const ask = async () => {
    const request = { domain: 'own.lab' as Hostname, signal: new AbortController().signal }
    return (await service.discover({ ...request, verify: 'never' })).servers.imap[0]?.hostname
  }
  const old = ask()
  service.forget()
  const current = ask()
  t.equal(gates.length, 2, 'whoever comes later is not answered from the files of before')
  gates[1]?.('new.own.lab')
  t.equal(await current, 'new.own.lab')
  gates[0]?.('old.own.lab')
  t.equal(await old, 'old.own.lab', 'whoever came before still gets an answer')
  await service.idle()
  t.equal(await ask(), 'new.own.lab', 'which nobody else will see')
  t.equal(gates.length, 2)
})

t.test("a special-use name is answered from the operator's file, and nobody is asked (R3)", async (t) => {
  const directory = t.testdir({ 'own.json': entry('corp.internal', 'imap.corp.internal') })
  const { app, ...service } = serviceBeside(lab, {
    MAILSCOUT_PROVIDERS_DIR: directory,
    MAILSCOUT_ALLOW_SPECIAL_USE_NAMES: 'false',
  })
  t.teardown(() => service.close())
  const before = [lab.log.dns.length, lab.log.dials.length]
  const found = await app.inject('/v1/discover?email=ann@corp.internal&verify=always')
  t.equal(found.statusCode, 200)
  const body = found.json<DiscoverAnswer>()
  t.match(body.servers.imap, [
    { hostname: 'imap.corp.internal', trust: 'operator', verification: { status: 'unchecked' } },
  ])
  t.same(
    body.sources.map(({ source }) => source),
    ['operator'],
  )
  for (const other of ['other.internal', 'sub.corp.internal', 'example.com']) {
    const response = await app.inject(`/v1/discover?email=ann@${other}`)
    t.equal(response.json<Problem>().code, 'NAME_RESERVED', other)
  }
  t.same([lab.log.dns.length, lab.log.dials.length], before)
})
