/** Lookups as a stream of events, and many in one request. */
import { once } from 'node:events'
import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import t from 'tap'
import { discoverAnswerSchema, type Problem, problemSchema } from '../../src/domain/answer.js'
import { createDiscoveryService } from '../../src/discovery/discovery-service.js'
import type { ProbeResult } from '../../src/domain/source.js'
import { createMemoryStore } from '../../src/cache/store.js'
import { buildApp } from '../../src/http/app.js'
import { sendEvents } from '../../src/http/event-stream.js'
import { deferred, orAborted } from '../fakes/deferred.js'
import { FakeProber, probeVerified } from '../fakes/fake-prober.js'
import { FakeSource } from '../fakes/fake-source.js'
import { host } from '../formats/sample-discovery.js'
import { startLab } from '../lab/lab.js'
import { serviceBeside } from '../lab/service.js'

const lab = await startLab()
const { app, bugs, logLines, ...service } = serviceBeside(lab)
t.teardown(async () => {
  await service.close()
  await lab.close()
})

interface StreamEvent {
  readonly event: string
  readonly data: Record<string, unknown>
}

function readEvents(body: string): StreamEvent[] {
  return body
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const match = /^event: (\w+)\ndata: (.*)$/.exec(block)
      if (!match) throw new Error(`cannot read "${block}"`)
      return { event: match[1] ?? '', data: JSON.parse(match[2] ?? '') as Record<string, unknown> }
    })
}

t.test('each source as it ends, then the result', async (t) => {
  const response = await app.inject({
    method: 'POST',
    url: '/v1/discover/events',
    payload: { email: 'Ann.Secret@all.test', devices: 'one', keep: 'device', lang: 'de' },
  })
  t.equal(response.statusCode, 200)
  t.equal(response.headers['content-type'], 'text/event-stream; charset=utf-8')
  t.equal(response.headers['cache-control'], 'no-store')
  t.equal(response.headers['content-language'], 'de')
  const events = readEvents(response.body)
  const results = events.filter(({ event }) => event === 'result')
  t.equal(results.length, 1)
  const [result] = results
  t.ok(discoverAnswerSchema.safeParse(result?.data).success, 'the result has the shape of the contract')
  t.match(result?.data, { recommendation: { protocol: 'pop3' }, query: { email: 'Ann.Secret@all.test' } })
  const sources = events.filter(({ event }) => event === 'source')
  t.ok(sources.length > 5)
  // The highest rank that has something: whatever ranks below it need not be awaited.
  t.match(
    sources.find(({ data }) => data['source'] === 'pacc'),
    { data: { outcome: 'found', durationMs: Number } },
  )
  const kept = await app.inject('/v1/discover/events?email=ann@all.test')
  t.ok(readEvents(kept.body).length > 5, 'an answer from the cache tells its sources too')
})

t.test('trouble: before the stream a status, within it an event', async (t) => {
  for (const payload of [{}, { email: 'ann' }, { email: 'ann@all.test', password: 'x' }, { email: 1 }]) {
    const response = await app.inject({ method: 'POST', url: '/v1/discover/events', payload })
    t.equal(response.statusCode, 400)
    t.match(response.headers['content-type'], /^application\/problem\+json/)
  }
  const nothing = readEvents((await app.inject('/v1/discover/events?email=ann@nothing.test')).body)
  const problem = nothing.at(-1)
  t.equal(problem?.event, 'problem')
  t.ok(problemSchema.safeParse(problem?.data).success)
  t.match(problem?.data, { code: 'NOTHING_FOUND', status: 404 })
})

/** A service whose only source waits until the test lets it answer. */
function waitingService() {
  const asked = deferred<AbortSignal>()
  const answer = deferred<{ outcome: 'absent' }>()
  const discovery = createDiscoveryService({
    sources: [
      {
        name: 'srv',
        find({ signal }) {
          asked.resolve(signal)
          return orAborted(answer.promise, signal)
        },
      },
    ],
    prober: { probe: () => Promise.reject(new Error('nothing to probe')) },
    budgetMs: 60_000,
    now: Date.now,
    store: createMemoryStore({ maxBytes: 1_000_000 }),
    allowSpecialUseNames: true,
    suggest: () => [],
    onBug: (_, error) => bugs.push(error),
  })
  const built = buildApp({ service: discovery, isOwnDomain: () => false, now: Date.now, version: '0' })
  return { asked, answer, built }
}

t.test('a preview before the checks, an update behind what came late', async (t) => {
  const server = (protocol: 'imap' | 'pop3' | 'smtp', port: number) => ({
    protocol,
    hostname: host('s.kunde.test'),
    port,
    security: 'tls' as const,
    authentication: [],
    username: null,
    declaredOrder: 0,
  })
  const checks = deferred<ProbeResult>()
  const late = deferred<ProbeResult>()
  const service = createDiscoveryService({
    sources: [
      new FakeSource('srv', {
        outcome: 'found',
        findings: [
          {
            channel: 'insecure',
            evidence: { where: 'SRV', channel: 'dns' },
            servers: [server('imap', 993), server('pop3', 995), server('smtp', 465)],
          },
        ],
        ttlSeconds: 600,
      }),
    ],
    prober: new FakeProber({ 'pop3 s.kunde.test:995': late.promise }, checks.promise),
    budgetMs: 60_000,
    graceMs: 0,
    now: Date.now,
    store: createMemoryStore({ maxBytes: 1_000_000 }),
    allowSpecialUseNames: true,
    suggest: () => [],
    onBug: (_, error) => bugs.push(error),
  })
  const built = buildApp({ service, isOwnDomain: () => false, now: Date.now, version: '0' })
  t.teardown(() => built.close())
  const response = await built.inject({
    url: '/v1/discover/events?email=ann@kunde.test',
    payloadAsStream: true,
  })
  const names: string[] = []
  let text = ''
  for await (const piece of response.stream()) {
    text += String(piece)
    const events = readEvents(text)
    for (const { event, data } of events.slice(names.length)) {
      names.push(event)
      if (event === 'source') continue
      t.ok(discoverAnswerSchema.safeParse(data).success, `${event} has the shape of the settings`)
      const answer = discoverAnswerSchema.parse(data)
      const states = [answer.servers.imap[0], answer.servers.pop3[0]].map((one) => one?.verification.status)
      if (event === 'preview') {
        t.strictSame(states, ['unchecked', 'unchecked'])
        t.equal(answer.servers.imap[0]?.trust, 'unconfirmed', 'nothing is vouched for before its check (R26)')
        checks.resolve(probeVerified())
      } else if (event === 'result') {
        t.strictSame(states, ['verified', 'unchecked'])
        late.resolve(probeVerified())
      } else t.strictSame(states, ['verified', 'verified'])
    }
  }
  t.strictSame(names, ['source', 'preview', 'result', 'update'])
  const kept = readEvents((await built.inject('/v1/discover/events?email=bob@kunde.test')).body)
  t.strictSame(
    kept.map(({ event }) => event),
    ['source', 'result'],
    'nothing comes late behind a kept answer',
  )
})

t.test('a client that goes calls its lookup off', async (t) => {
  const { asked, built } = waitingService()
  t.teardown(() => built.close())
  await built.listen({ port: 0, host: '127.0.0.1' })
  const { port } = built.server.address() as AddressInfo
  const client = get({ host: '127.0.0.1', port, path: '/v1/discover/events?email=ann@slow.test' })
  client.on('error', () => undefined)
  const [response] = (await once(client, 'response')) as [NodeJS.ReadableStream]
  const [chunk] = (await once(response, 'data')) as [Buffer]
  t.equal(chunk.toString(), ': looking\n\n', 'the stream begins before any source has ended')
  const signal = await asked.promise
  client.destroy()
  if (!signal.aborted) await once(signal, 'abort')
  t.ok(signal.aborted)
})

t.test('a bug within the stream is logged and told as INTERNAL', async (t) => {
  const broken = buildApp({
    service: {
      discover: () => Promise.reject(new TypeError('a bug with ann@all.test')),
      kept: () => undefined,
      unfinished: () => undefined,
      forget: () => undefined,
      idle: () => Promise.resolve(),
    },
    isOwnDomain: () => false,
    now: Date.now,
    version: '0',
  })
  const [event] = readEvents((await broken.inject('/v1/discover/events?email=ann@all.test')).body)
  t.match(event, { event: 'problem', data: { code: 'INTERNAL' } })
  t.notMatch(JSON.stringify(event), /bug/)
  const batch = await broken.inject({
    method: 'POST',
    url: '/v1/discover/batch',
    payload: { emails: ['ann@all.test'] },
  })
  t.match(JSON.parse(batch.body), { status: 500, body: { code: 'INTERNAL' } })
})

t.test('a comment keeps a silent stream open', async (t) => {
  const bare = fastify()
  const end = deferred<undefined>()
  bare.get('/', (_request, reply) => sendEvents({ reply, produce: () => end.promise, heartbeatMs: 1 }))
  t.teardown(() => bare.close())
  await bare.listen({ port: 0, host: '127.0.0.1' })
  const client = get({ host: '127.0.0.1', port: (bare.server.address() as AddressInfo).port, path: '/' })
  const [response] = (await once(client, 'response')) as [NodeJS.ReadableStream]
  let text = ''
  for await (const chunk of response) {
    text += String(chunk)
    if (text.includes(': still looking')) end.resolve(undefined)
  }
  t.match(text, /^: looking\n\n(: still looking\n\n)+$/)
})

t.test('a batch answers each address on a line of its own', async (t) => {
  const emails = ['ann@all.test', 'nonsense', 'bob@nothing.test', 'carl@guess.test', 'dora@dnsfail.test']
  const response = await app.inject({
    method: 'POST',
    url: '/v1/discover/batch',
    payload: { emails, lang: 'de' },
  })
  t.equal(response.statusCode, 200)
  t.equal(response.headers['content-type'], 'application/x-ndjson; charset=utf-8')
  t.equal(response.headers['cache-control'], 'no-store')
  const lines = response.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { index: number; email: string; status: number; body: Problem })
    .sort((a, b) => a.index - b.index)
  t.same(
    lines.map(({ email, status }) => [email, status]),
    [
      ['ann@all.test', 200],
      ['nonsense', 400],
      ['bob@nothing.test', 404],
      ['carl@guess.test', 200],
      ['dora@dnsfail.test', 503],
    ],
  )
  t.ok(discoverAnswerSchema.safeParse(lines[0]?.body).success)
  t.match(lines[1]?.body, { code: 'EMAIL_INVALID', detail: 'In der Adresse fehlt das @.' })
})

t.test('a batch of none, of too many, or with a password is refused', async (t) => {
  const many = Array.from({ length: 101 }, (_, index) => `a${index}@all.test`)
  for (const payload of [
    {},
    { emails: [] },
    { emails: many },
    { emails: ['a@all.test'], password: 'x' },
    { emails: 'a@all.test' },
  ]) {
    const response = await app.inject({ method: 'POST', url: '/v1/discover/batch', payload })
    t.equal(response.statusCode, 400)
    t.equal(response.json<Problem>().code, 'QUERY_INVALID')
  }
})

t.test('a batch looks up a few domains at a time, and stops when its client goes', async (t) => {
  let underWay = 0
  let most = 0
  const eight = deferred<undefined>()
  const signals: AbortSignal[] = []
  const built = buildApp({
    service: {
      discover: ({ signal }) => {
        underWay += 1
        most = Math.max(most, underWay)
        signals.push(signal)
        if (underWay === 8) eight.resolve(undefined)
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            reject(signal.reason as Error)
          })
        })
      },
      kept: () => undefined,
      unfinished: () => undefined,
      forget: () => undefined,
      idle: () => Promise.resolve(),
    },
    isOwnDomain: () => false,
    now: Date.now,
    version: '0',
  })
  t.teardown(() => built.close())
  const url = await built.listen({ port: 0, host: '127.0.0.1' })
  const controller = new AbortController()
  const emails = Array.from({ length: 20 }, (_, index) => `ann@d${index}.test`)
  // eslint-disable-next-line no-restricted-globals -- a test's own client, to the test's own server
  const client = fetch(`${url}/v1/discover/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ emails }),
    signal: controller.signal,
  }).then((response) => response.text())
  await eight.promise
  controller.abort()
  await t.rejects(client)
  const [signal] = signals
  if (signal && !signal.aborted) await once(signal, 'abort')
  t.equal(most, 8, 'never more at once')
  t.equal(signals.length, 8, 'and the others never began')
})

t.test('no log line has an address', (t) => {
  t.notMatch(logLines.join(''), /ann\.secret|dora@/i)
  t.same(bugs, [])
  t.end()
})
