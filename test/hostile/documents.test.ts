/**
 * Web servers that mean harm: what they send is read within bounds of time and size, becomes found, absent or failed
 * (R10, R12, R37), and leaves nothing behind: no connection, no change to the language's own objects.
 */
import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'
import t from 'tap'
import type { HttpOutcome } from '../../src/domain/source.js'
import { createAddressPolicy } from '../../src/net/address-policy.js'
import { createDnsResolver } from '../../src/net/dns-resolver.js'
import { createGuardedConnector } from '../../src/net/guarded-connect.js'
import { createHttpClient } from '../../src/net/http-client.js'
import { a } from '../net/scripted-dns.js'
import { BAD_DOCUMENTS, GOOD_HOST } from './bad-documents.js'
import { type Answer, HTTP_CASES, POISON } from './http-answers.js'
import { reportUnderFire } from './under-fire.js'
import { httpAnswer, openSockets, socketsLeft, startHostileWorld } from './world.js'

const socketsBefore = openSockets()
const prototypeBefore = Object.getOwnPropertyNames(Object.prototype).join()
const world = await startHostileWorld({ MAILSCOUT_SOURCES: 'pacc,autoconfig,autodiscover,jmap' })
const { dials } = world
const never = new AbortController().signal
const counts = { answers: 0, documents: 0 }
/** A second of CPU time is what nobody may take from the others with one document. */
const MAX_CPU_MS = 500

/** Everything that a client reads of one connection: 128 KiB, what TLS adds, and what the kernel held already. */
const MAX_RECEIVED = 2 * 1024 * 1024

const parts = {
  connector: createGuardedConnector({
    resolver: createDnsResolver({ servers: [world.dns.address] }),
    policy: createAddressPolicy({ allowNetworks: [] }),
    dial: world.dial,
    ca: [world.ca.pem],
  }),
}

function give(answer: Answer, stream: Duplex): null {
  if (typeof answer === 'function') answer(stream)
  else stream.end(answer)
  return null
}
const summary = (outcome: HttpOutcome): string => {
  if (outcome.kind === 'failed') return `failed ${outcome.failure.code}: ${outcome.failure.detail}`
  if (outcome.kind === 'absent') return `absent ${String(outcome.status)}`
  return `found ${outcome.response.status} ${Buffer.from(outcome.response.body).toString('latin1')}`
}
async function cpuOf<T>(work: Promise<T>): Promise<{ value: T; ms: number }> {
  const before = process.cpuUsage()
  const value = await work
  const { user, system } = process.cpuUsage(before)
  return { value, ms: (user + system) / 1000 }
}
const hosts = (domain: string, address: string) => {
  world.zone(domain, (asked) => (asked.type === 'A' ? [a(asked.name, address)] : []))
}

t.test('HTTP that breaks the rules', { timeout: 40_000 }, async (t) => {
  let current: Answer = ''
  const address = world.web('wire.de', (_request, stream) => give(current, stream))
  hosts('wire.de', address)
  // Their first octets meet a client that has not asked yet.
  const hasty = world.newAddress()
  hosts('hasty.de', hasty)
  world.network.listen({ address: hasty, port: 443, host: 'hasty.de' }, (stream) => {
    void world.secure(stream, 'hasty.de').then((secured) => {
      secured.once('secure', () => secured.end(httpAnswer(200)))
      secured.resume()
    })
  })
  const client = createHttpClient(parts)
  for (const { name, answer, wanted } of HTTP_CASES) {
    current = answer
    const { value, ms } = await cpuOf(client.request({ url: 'https://wire.de/', signal: never }))
    const text = summary(value)
    counts.answers += 1
    if (!wanted.test(text)) t.fail(`${name}: ${text.slice(0, 200)}`)
    if (value.kind === 'found' && text.includes(POISON)) t.fail(`${name}: believed: ${text.slice(0, 200)}`)
    if (ms > MAX_CPU_MS) t.fail(`${name}: ${Math.round(ms)} ms of CPU`)
  }
  // It is the same server's word, before or after; it only has to end.
  t.match(summary(await client.request({ url: 'https://hasty.de/', signal: never })), /^(found 200|failed) /)
  counts.answers += 1
  t.ok(
    world.mostReceived() < MAX_RECEIVED,
    `at most ${Math.round(world.mostReceived() / 1024)} KiB were taken in`,
  )
})

t.test('a server that speaks HTTP/2 alone is told that we do not', async (t) => {
  const address = world.newAddress()
  hosts('two.de', address)
  world.network.listen({ address, port: 443, host: 'two.de' }, (stream) => {
    void world.secure(stream, 'two.de', { ALPNProtocols: ['h2'] }).then((secured) => secured.resume())
  })
  const outcome = await world.mailscout.http.request({ url: 'https://two.de/', signal: never })
  t.match(summary(outcome), /^failed (tls|unreachable)/)
  counts.answers += 1
})

/** Slow ones: what they send in portions, and how. */
const SLOW_ANSWERS: readonly (readonly [name: string, first: string, again: string])[] = [
  ['nothing at all', '', ''],
  ['nothing behind the headers', 'HTTP/1.1 200 X\r\ncontent-length: 9999\r\n\r\n', ''],
  ['the reason, one octet at a time', 'HTTP/1.1 200 ', 'x'],
  ['headers, one octet at a time', 'HTTP/1.1 200 X\r\nx: ', 'y'],
  ['one header after the other', 'HTTP/1.1 200 X\r\n', 'x: y\r\n'],
  ['the body, one octet at a time', 'HTTP/1.1 200 X\r\ncontent-length: 9999\r\n\r\n', 'x'],
  ['chunks of one octet', 'HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n', '1\r\nx\r\n'],
  ['a chunk extension, one octet at a time', 'HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n4;', 'x'],
  ['one trailer after the other', 'HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n0\r\n', 'x: y\r\n'],
  ['an empty line now and then', '', '\r\n'],
  ['gzip, one octet at a time', 'HTTP/1.1 200 X\r\ncontent-encoding: gzip\r\n\r\n', '\u001f'],
]

t.test('one octet now and then: the clock is that of the whole request', async (t) => {
  const address = world.web('slow.de', ({ path }, stream) => {
    const [, first, again] = SLOW_ANSWERS[Number(path.slice(1))] ?? []
    stream.write(first ?? '')
    const timer = setInterval(() => stream.writable && stream.write(again ?? ''), 10)
    stream.once('close', () => {
      clearInterval(timer)
    })
    return null
  })
  hosts('slow.de', address)
  const mute = world.newAddress()
  hosts('mute.de', mute)
  world.network.listen({ address: mute, port: 443, host: 'mute.de' }, (stream) => stream.resume())
  const client = createHttpClient({ ...parts, totalTimeoutMs: 400 })
  const urls = [...SLOW_ANSWERS.map((_, i) => `https://slow.de/${i}`), 'https://mute.de/']
  const outcomes = await Promise.all(urls.map((url) => client.request({ url, signal: never })))
  for (const [i, outcome] of outcomes.entries()) {
    counts.answers += 1
    t.match(summary(outcome), /^failed timeout/, SLOW_ANSWERS[i]?.[0] ?? 'TLS that never begins')
  }
})

t.test('a kept connection does not bring one question the answer to another', async (t) => {
  const tricks: Record<string, (path: string) => Answer> = {
    'two answers at once': (path) => Buffer.concat([httpAnswer(200, {}, path), httpAnswer(200, {}, POISON)]),
    'more octets than said': (path) => (stream) =>
      stream.write(Buffer.concat([httpAnswer(200, {}, path), Buffer.from(POISON)])),
    'two answers, the first without a body': (path) => (stream) =>
      stream.write(
        Buffer.concat([httpAnswer(path === '/0' ? 404 : 200, {}, path), httpAnswer(200, {}, POISON)]),
      ),
  }
  for (const [i, [name, trick]] of Object.entries(tricks).entries()) {
    const domain = `kept${i}.de`
    hosts(
      domain,
      world.web(domain, ({ path }, stream) => give(trick(path), stream)),
    )
    const client = createHttpClient({
      ...parts,
      totalTimeoutMs: 1500,
      keepOrigins: new Set([`https://${domain}`]),
    })
    const ask = async (path: string) =>
      summary(await client.request({ url: `https://${domain}${path}`, signal: never }))
    const burst = await Promise.all(Array.from({ length: 12 }, (_, n) => ask(`/${n}`)))
    const answers = [...burst, await ask('/12'), await ask('/13')]
    for (const [n, text] of answers.entries()) {
      counts.answers += 1
      if (text !== `found 200 /${n}` && !/^(failed|absent) /.test(text))
        t.fail(`${name}: /${n} was answered ${text}`)
    }
    t.ok(
      answers.some((text) => text.startsWith('found 200 /')),
      `${name}: the honest part is read`,
    )
  }
})

t.test(
  'configuration files that break the rules, at every place where one is looked for',
  { timeout: 40_000 },
  async (t) => {
    let octets: Uint8Array = Buffer.alloc(0)
    let type = ''
    for (const [i, document] of BAD_DOCUMENTS.entries()) {
      const { name, gives } = document
      octets = document.octets
      type = ['text/xml; charset=utf-16', 'application/json', 'text/html'][i % 3] ?? ''
      // A new domain now and then: no more is asked of one within a minute (R10).
      const domain = `files${i >> 4}.de`
      if (i % 16 === 0) {
        const address = world.web(domain, ({ secure }) =>
          secure ? httpAnswer(200, { 'content-type': type }, octets) : httpAnswer(404),
        )
        world.zone(domain, (asked) => {
          const digest = createHash('sha256').update(octets).digest('base64')
          const data = `v=UAAC1; a=sha256; d=${digest}`
          if (asked.type === 'TXT') return [{ type: 'TXT', name: asked.name, ttl: 60, data }]
          return asked.type === 'A' ? [a(asked.name, address)] : []
        })
      }
      const url = `/v1/discover?email=ann@${domain}&verify=never&refresh=true`
      const { value, ms } = await cpuOf(world.app.inject(url).then((reply) => reply))
      await world.mailscout.service.idle()
      counts.documents += 1
      const { servers = {} } = value.json<{ servers?: Record<string, { hostname: string }[]> }>()
      const named = [
        ...new Set(
          Object.values(servers)
            .flat()
            .map(({ hostname }) => hostname),
        ),
      ]
      const wanted = gives === 'servers' ? [GOOD_HOST] : []
      if (value.statusCode !== (gives === 'servers' ? 200 : 404) || named.join() !== wanted.join()) {
        t.fail(`${name}: ${value.statusCode} ${named.join()} ${value.body.slice(0, 300)}`)
      }
      if (ms > MAX_CPU_MS) t.fail(`${name}: ${Math.round(ms)} ms of CPU`)
    }
    await world.mailscout.service.idle()
    t.equal(Object.getOwnPropertyNames(Object.prototype).join(), prototypeBefore)
    t.notOk('polluted' in {}, 'nobody has changed what all objects share')
    t.ok(world.mostReceived() < MAX_RECEIVED)
  },
)

t.test('the balance', async (t) => {
  await world.close()
  const policy = createAddressPolicy({ allowNetworks: [] })
  reportUnderFire(t, {
    'HTTP answers that break the rules': counts.answers,
    'configuration files that break the rules': counts.documents,
    'dials to an address that is not public': dials.filter(({ address }) => !policy.allows(address)).length,
    'crashes, uncaught errors and bugs of a source': world.crashes.length,
    'sockets left open': await socketsLeft(socketsBefore),
  })
})
