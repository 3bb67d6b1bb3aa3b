/** mailscout from other programs: without a server, and over HTTP with types. */
import { Readable } from 'node:stream'
import fc from 'fast-check'
import t from 'tap'
import { readEventStream, readJsonLines } from '../../src/client/event-stream.js'
import { type ClientEvent, ClientProblem, createMailscoutClient } from '../../src/client/http-client.js'
import { readConfig } from '../../src/config.js'
import { type DiscoverAnswer, discoverAnswerSchema, problemSchema } from '../../src/domain/answer.js'
import { createMailscout, type DiscoverEvent, type Mailscout } from '../../src/library.js'
import { start } from '../../src/serve.js'
import { startLab } from '../lab/lab.js'

const lab = await startLab()
t.teardown(() => lab.close())

const surroundings = { dial: lab.dial, builtinProvidersDirectory: lab.providersDirectory }

function mailscout(settings: Record<string, string> = {}): Mailscout {
  return createMailscout({
    settings: { ...lab.environment, ...settings },
    ca: [lab.caPem],
    laboratory: surroundings,
    onBug: (where, error) => t.fail(where, { error }),
  })
}

function places({ servers }: Pick<DiscoverAnswer, 'servers'>): string[] {
  return [...servers.imap, ...servers.pop3, ...servers.smtp].map(
    ({ hostname, port, security, username }) => `${hostname}:${port} ${security} ${username}`,
  )
}

t.test('the library: answers as the API gives them, trouble as a value', async (t) => {
  const scout = mailscout()
  t.teardown(() => scout.close())
  const found = await scout.discover('Ann@all.test', { devices: 'many' })
  if (!found.ok) throw new Error(found.problem.detail)
  t.strictSame(discoverAnswerSchema.parse(found.answer), found.answer)
  t.match(found.answer, {
    query: { email: 'Ann@all.test' },
    recommendation: { protocol: 'imap', incoming: { hostname: 'imap.all.test', username: 'Ann@all.test' } },
  })
  const nothing = await scout.discover('ann@nothing.test', { lang: 'de' })
  if (nothing.ok) throw new Error('found nothing and says it did')
  t.strictSame(problemSchema.parse(nothing.problem), nothing.problem)
  t.match(nothing.problem, { code: 'NOTHING_FOUND', status: 404, detail: /Alle Quellen/ })
  t.match(await scout.discover('no address'), { ok: false, problem: { code: 'EMAIL_INVALID' } })
  const cleartext = await scout.discover('ann@cleartext.test', { allowCleartext: true, verify: 'always' })
  t.match(JSON.stringify(cleartext), '"security":"plain"')
})

t.test('the library: events live, and the same answer at their end', async (t) => {
  const scout = mailscout()
  t.teardown(() => scout.close())
  const seen: DiscoverEvent[] = []
  for await (const event of scout.events('ann@srv.test')) seen.push(event)
  const last = seen.find(({ type }) => type === 'result')
  if (last?.type !== 'result') throw new Error('no result')
  t.strictSame([...new Set(seen.map(({ type }) => type))], ['source', 'preview', 'result'])
  t.ok(seen.some((event) => event.type === 'source' && event.source.source === 'srv'))
  const asked = await scout.discover('ann@srv.test')
  t.strictSame(asked.ok && places(asked.answer), places(last.answer))
  const trouble: DiscoverEvent[] = []
  for await (const event of scout.events('ann@nomail.test')) trouble.push(event)
  t.match(trouble.at(-1), { type: 'problem', problem: { code: 'NO_MAIL' } })
  const refused: DiscoverEvent[] = []
  for await (const event of scout.events('no address')) refused.push(event)
  t.match(refused, [{ type: 'problem', problem: { code: 'EMAIL_INVALID' } }])
})

t.test('the library: ended by a signal, by leaving the loop, by closing', async (t) => {
  // Lookups that would take a minute: this test can only end in time because they are ended.
  const scout = mailscout({ MAILSCOUT_BUDGET_MS: '60000' })
  const reason = new Error('the user has gone')
  const control = new AbortController()
  const asking = scout.discover('ann@blackhole.test', { signal: control.signal })
  setImmediate(() => {
    control.abort(reason)
  })
  await t.rejects(asking, reason)
  await t.rejects(
    scout.discover('ann@all.test', { signal: control.signal }),
    reason,
    'it was too late before',
  )

  for await (const event of scout.events('ann@blackhole.test')) {
    t.equal(event.type, 'source')
    break
  }
  const late = new AbortController()
  const events = scout.events('ann@blackhole.test', { signal: late.signal })
  await events.next()
  late.abort(reason)
  await t.rejects(async () => {
    for await (const event of events) t.equal(event.type, 'source')
  }, reason)
  await scout.close()
  await t.rejects(scout.discover('ann@all.test'), /closed/)
  await t.rejects(scout.events('ann@all.test').next(), /closed/)
})

t.test('the library: a wrong setting is said in one line', (t) => {
  const open = (settings: Record<string, string>) => () => createMailscout({ settings })
  t.throws(open({ MAILSCOUT_BUDGET_MS: 'soon' }), {
    name: 'ConfigError',
    message: /^MAILSCOUT_BUDGET_MS: [^\n]+$/,
  })
  const directory = t.testdir({ 'acme.json': '{"id":"acme","name":7}' })
  t.throws(open({ MAILSCOUT_PROVIDERS_DIR: directory }), { name: 'ProviderFileError', message: /acme\.json/ })
  t.end()
})

t.test('the client over HTTP', async (t) => {
  const running = await start(
    readConfig({ ...lab.environment, PORT: '0', LOG_LEVEL: 'silent', MAILSCOUT_SELF_CHECK: 'off' }),
    { ...surroundings, ca: [lab.caPem] },
  )
  t.teardown(() => running.close())
  const paths: string[] = []
  const client = createMailscoutClient({
    baseUrl: running.url,
    headers: { 'accept-language': 'de' },
    fetch: (request) => {
      paths.push(request.url.slice(running.url.length))
      return globalThis.fetch(request)
    },
  })
  const found = await client.discover('ann@all.test', { devices: 'many' })
  if (!found.ok) throw new Error(found.problem.detail)
  t.strictSame(discoverAnswerSchema.parse(found.answer), found.answer)
  t.match(found.answer.recommendation?.reasons[0]?.text, /Handy|Telefon|Gerät/i, 'the header came along')
  t.match(await client.discover('ann@dnsfail.test'), {
    ok: false,
    problem: { code: 'LOOKUP_FAILED' },
    retryAfterSeconds: 10,
  })
  t.match(await client.discover('ann'), {
    ok: false,
    problem: { code: 'EMAIL_INVALID' },
    retryAfterSeconds: null,
  })

  const events: ClientEvent[] = []
  for await (const event of client.events('ann@srv.test')) events.push(event)
  t.ok(events.some((event) => event.type === 'source' && event.source.source === 'srv'))
  t.match(
    events.find(({ type }) => type === 'result'),
    { answer: { query: { domain: 'srv.test' } } },
  )
  const refused: ClientEvent[] = []
  for await (const event of client.events('ann')) refused.push(event)
  t.match(refused, [{ type: 'problem', problem: { code: 'EMAIL_INVALID' } }])
  for await (const event of client.events('ann@blackhole.test')) {
    t.equal(event.type, 'source', 'leaving the loop ends the request')
    break
  }
  const stopped = client.discover('ann@blackhole.test', { signal: AbortSignal.abort() })
  await t.rejects(stopped, { name: 'AbortError' })

  const lines = new Map<number, number>()
  for await (const { index, status } of client.batch(['ann@all.test', 'ann', 'ann@nothing.test'])) {
    lines.set(index, status)
  }
  t.strictSame([...lines].sort(), [
    [0, 200],
    [1, 400],
    [2, 404],
  ])
  const many = Array.from({ length: 101 }, () => 'ann@all.test')
  await t.rejects(client.batch(many).next(), ClientProblem)

  const { data } = await client.api.GET('/v1/providers', { params: { query: { query: 'big' } } })
  t.equal(data?.providers[0]?.id, 'bigmail')
  t.notMatch(paths.join(' '), 'ann', 'no address in a URL')
})

t.test('event streams are read in whatever pieces they come', async (t) => {
  const text =
    ': looking\n\nevent: source\ndata: {"a":1}\n\ndata: [1,\r\ndata: 2]\r\n\r\nid: 7\nevent:result\ndata:"x"\n\nevent: cut\ndata: 1\n'
  const expected = [
    { event: 'source', data: { a: 1 } },
    { event: 'message', data: [1, 2] },
    { event: 'result', data: 'x' },
  ]
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: text.length }), async (size) => {
      const read: unknown[] = []
      for await (const event of readEventStream(Readable.from(cut(text, size)))) read.push(event)
      t.strictSame(read, expected)
    }),
  )
  const lines: unknown[] = []
  for await (const line of readJsonLines(Readable.from(cut('{"a":1}\n\n[2]\r\n', 3)))) lines.push(line)
  t.strictSame(lines, [{ a: 1 }, [2]])
})

function cut(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
    text.slice(at * size, (at + 1) * size),
  )
}
