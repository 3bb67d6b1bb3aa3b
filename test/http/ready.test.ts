/** Answers from ready bytes are the very bytes that the long way gives, whoever asked before, and hold no address. */
import fc from 'fast-check'
import t from 'tap'
import { createShelf } from '../../src/cache/shelf.js'
import type { DiscoveryService } from '../../src/discovery/discovery-service.js'
import type { Discovery } from '../../src/domain/discovery.js'
import type { Kept } from '../../src/domain/kept.js'
import type { Shelf, Shelved } from '../../src/domain/shelf.js'
import { buildApp } from '../../src/http/app.js'
import type { AboutReady } from '../../src/http/ready.js'
import { localParts, settings } from '../formats/generated-settings.js'
import { sampleDiscovery } from '../formats/sample-discovery.js'

const NOW = Date.UTC(2026, 10, 23, 12, 1)

interface Asked {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
}

function questions(domain: string, localPart: string): Asked[] {
  const email = encodeURIComponent(`${localPart}@${domain}`)
  return [
    { url: `/v1/discover?email=${email}` },
    {
      url: `/v1/discover?devices=one&email=${email}&allowCleartext=true`,
      headers: { 'accept-language': 'de' },
    },
    { url: `/v1/discover?email=${email}`, headers: { accept: 'text/xml' } },
    { url: `/v1/discover?email=${email}`, headers: { accept: 'application/x-apple-aspen-config' } },
    { url: `/mail/config-v1.1.xml?emailaddress=${email}` },
    { url: `/v1/mobileconfig?email=${email}&protocol=pop3&lang=fr` },
    { url: `/v1.1/${domain}` },
    { url: `/v1/domains/${domain}?keep=device` },
  ]
}

/** One that looks up, and one that has everything and never looks up. */
function apps(discovery: Discovery) {
  const current = { kept: { stamp: 1, value: () => discovery } satisfies Kept<Discovery> as Kept<Discovery> }
  const rest = { unfinished: () => undefined, forget: () => undefined, idle: () => Promise.resolve() }
  const cold: DiscoveryService = {
    ...rest,
    kept: () => undefined,
    discover: () => Promise.resolve(discovery),
  }
  const hot: DiscoveryService = {
    ...rest,
    kept: () => current.kept,
    discover: () => {
      long.count += 1
      return Promise.resolve(current.kept.value())
    },
  }
  const long = { count: 0 }
  const common = { isOwnDomain: () => false, now: () => NOW, version: 'test' }
  const kept = new Map<string, Shelved<AboutReady>>()
  const inner = createShelf<AboutReady>({ maxBytes: 1_000_000 })
  const ready: Shelf<AboutReady> = {
    get: inner.get.bind(inner),
    set: (key, value) => {
      kept.set(key, value)
      inner.set(key, value)
    },
  }
  const close = () => Promise.all([asking.close(), having.close()])
  const asking = buildApp({ ...common, service: cold })
  const having = buildApp({ ...common, service: hot, ready })
  return { asking, having, current, long, kept, close }
}

t.test('the same answer as by the long way, for every document and address', async (t) => {
  await fc.assert(
    fc.asyncProperty(settings, localParts, localParts, async (discovery, before, localPart) => {
      const { asking, having, close, kept } = apps(discovery)
      for (const question of questions(discovery.domain, before)) await having.inject(question)
      for (const question of questions(discovery.domain, localPart)) {
        // Its id is the one thing in which two requests differ.
        const named = { ...question, headers: { ...question.headers, 'x-request-id': 'the-same' } }
        const expected = await asking.inject(named)
        const actual = await having.inject(named)
        t.equal(actual.statusCode, expected.statusCode, question.url)
        t.equal(actual.body, expected.body, question.url)
        const { date } = actual.headers
        t.same(actual.headers, { ...expected.headers, date }, question.url)
      }
      if (/^[\w.]{6,}$/.test(localPart)) {
        const octets = [...kept.values()].map((value) => Buffer.from(value.octets).toString('latin1'))
        t.notOk(JSON.stringify([...kept, octets]).includes(localPart), 'no address is kept (R13)')
      }
      await close()
    }),
    { numRuns: 25 },
  )
})

t.test('nothing is looked up for what is kept; another stamp, other bytes', async (t) => {
  const { having, current, long, kept, close } = apps(sampleDiscovery())
  const ask = async (url: string) => (await having.inject(url)).body
  const usual = questions('kunde.de', 'ann')
  const first = await Promise.all(usual.map((question) => having.inject(question)))
  t.equal(long.count, 0)
  t.ok(kept.size >= 7, `${kept.size} variants`)
  const made = [...kept.values()]
  for (const question of usual) await having.inject(question)
  t.same([...kept.values()], made, 'made once')
  const other = sampleDiscovery({ provider: { id: 'other', name: 'Other GmbH', documentation: [] } })
  current.kept = { stamp: 2, value: () => other }
  for (const [index, question] of usual.entries()) {
    const { body } = await having.inject(question)
    t.not(body, first[index]?.body, question.url)
    t.match(body, 'Other GmbH')
  }
  t.equal(long.count, 0)

  t.comment('whoever insists gets what he insists on')
  for (const option of ['verify=always', 'verify=never', 'refresh=true', 'sendAddress=true']) {
    const before = long.count
    t.match(await ask(`/v1/discover?email=ann@kunde.de&${option}`), 'Other GmbH')
    t.equal(long.count, before + 1, option)
  }
  const { headers } = await having.inject('/v1.1/kunde.de')
  const again = await having.inject({
    url: '/v1.1/kunde.de',
    headers: { 'if-none-match': String(headers['etag']) },
  })
  t.equal(again.statusCode, 304)
  t.equal(again.body, '')
  const head = await having.inject({ method: 'HEAD', url: '/v1/discover?email=ann@kunde.de' })
  t.equal(head.body, '')
  t.equal(head.statusCode, 200)
  await close()
})

t.test('what is kept is no answer for our own kind, which must look for itself', async (t) => {
  const { having, long, close } = apps(sampleDiscovery())
  const agent = { 'user-agent': 'mailscout/9 (+https://example.org)' }
  for (const question of questions('kunde.de', 'ann')) {
    const { statusCode } = await having.inject({ ...question, headers: { ...question.headers, ...agent } })
    t.equal(statusCode, 400, question.url)
  }
  t.equal(long.count, 0)
  await close()
})
