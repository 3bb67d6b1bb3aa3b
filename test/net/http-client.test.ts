import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { createServer, type Socket } from 'node:net'
import { createSecureContext, createServer as createTlsServer } from 'node:tls'
import t, { type Test } from 'tap'
import type { HttpOutcome, HttpRequest } from '../../src/domain/source.js'
import { MAX_BODY_BYTES, MAX_DECOMPRESSION_RATIO } from '../../src/net/body-limit.js'
import { classifyError, NetError } from '../../src/net/classify-error.js'
import type { GuardedConnector } from '../../src/net/guarded-connect.js'
import {
  ABSENT_TTL_SECONDS,
  createHttpClient,
  HTTP_TOTAL_TIMEOUT_MS,
  MAX_REDIRECTS,
} from '../../src/net/http-client.js'
import { freshness, MAX_TTL_SECONDS } from '../../src/net/http-freshness.js'
import { checkUrl, MAX_URL_LENGTH } from '../../src/net/http-url.js'
import { settled } from '../fakes/deferred.js'
import { createLabCa } from '../lab/ca.js'
import { createLoopback } from './loopback.js'

/** What a server does with one request: writes raw octets, or nothing. */
type Script = (socket: Socket) => void
type Answer = string | Buffer | Script
/** `https://host/path` or `http://host/path` → answer. */
type Site = Readonly<Record<string, Answer>>

const ca = await createLabCa()
const good = await ca.issue({ names: ['*.alpha.test', 'alpha.test', '*.beta.test', 'alpha.co.uk'] })
const expired = await ca.issue({ names: ['expired.alpha.test'], notAfter: new Date(Date.now() - 1000) })
const selfSigned = await ca.issue({ names: ['self.alpha.test'], selfSigned: true })
const loopback = createLoopback(ca.pem)
const NOW = Date.parse('2026-11-23T12:00:00Z')

function reply(status: number, headers: Record<string, string> = {}, body: string | Buffer = ''): Buffer {
  const all = { 'content-length': String(Buffer.byteLength(body)), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} X\r\n${lines.join('')}\r\n`), Buffer.from(body)])
}

const goTo = (location: string, status = 302) => reply(status, { location })

async function serve(t: Test, site: Site) {
  /** Raw heads and bodies as the client sent them. */
  const requests: string[] = []
  const answer = (scheme: string) => (socket: Socket) => {
    let text = ''
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
      const end = text.indexOf('\r\n\r\n') + 4
      if (end < 4 || text.length < end + length) return
      requests.push(text)
      const [, path = ''] = text.split(' ', 2)
      const host = /^host: (.*)\r$/im.exec(text)?.[1] ?? ''
      const found = site[`${scheme}://${host}${path}`] ?? reply(418)
      text = ''
      if (typeof found === 'function') found(socket)
      else socket.end(found)
    })
  }
  const byName = new Map([
    ['expired.alpha.test', expired],
    ['self.alpha.test', selfSigned],
  ])
  const https = createTlsServer(
    {
      ...good,
      SNICallback(name, done) {
        done(null, createSecureContext(byName.get(name) ?? good))
      },
    },
    answer('https'),
  )
  https.on('tlsClientError', () => undefined)
  const traffic = await loopback.serve(t, { 443: https, 80: createServer(answer('http')) })
  const client = createHttpClient({
    connector: loopback.connector,
    userAgent: 'mailscout/9.9 (+https://contact.test)',
    now: () => NOW,
  })
  const ask = (url: string, options: Partial<HttpRequest> = {}) =>
    client.request({ url, signal: new AbortController().signal, ...options })
  return { ...traffic, connector: loopback.connector, requests, client, ask }
}

const summary = (outcome: HttpOutcome): string => {
  if (outcome.kind === 'failed') return `failed ${outcome.failure.code}: ${outcome.failure.detail}`
  if (outcome.kind === 'absent') return `absent ${String(outcome.status)} ${outcome.ttlSeconds}`
  const { status, url, secure, stayedInDomain } = outcome.response
  return `found ${status} ${url} secure=${String(secure)} stayed=${String(stayedInDomain)}`
}

const bodyOf = (outcome: HttpOutcome): string =>
  outcome.kind === 'found' ? Buffer.from(outcome.response.body).toString() : summary(outcome)

t.test('a found document carries all that the port promises', async (t) => {
  const { ask, requests, dialled } = await serve(t, {
    'https://autoconfig.alpha.test/mail/config.xml?emailaddress=x': reply(
      200,
      { 'content-type': 'text/xml', 'cache-control': 'max-age=60', 'set-cookie': 'a=b' },
      '<x/>',
    ),
  })
  const url = 'https://autoconfig.alpha.test/mail/config.xml?emailaddress=x'
  const outcome = await ask(`${url}#fragment`, { accept: 'text/xml' })
  t.match(outcome, {
    kind: 'found',
    response: {
      status: 200,
      contentType: 'text/xml',
      url,
      secure: true,
      stayedInDomain: true,
      ttlSeconds: 60,
    },
  })
  t.equal(bodyOf(outcome), '<x/>')
  await ask(url, { accept: 'text/xml' })
  t.same(dialled, [443, 443])
  const wanted =
    'GET /mail/config.xml?emailaddress=x HTTP/1.1\r\nhost: autoconfig.alpha.test\r\nconnection: close\r\n' +
    'user-agent: mailscout/9.9 (+https://contact.test)\r\naccept: text/xml\r\naccept-encoding: gzip\r\n\r\n'
  t.same(requests, [wanted, wanted], 'exactly these headers; the cookie is not kept (R10)')
})

t.test('a POST carries its body and type, and nothing else of the caller', async (t) => {
  const { ask, requests } = await serve(t, { 'https://alpha.test/in': reply(200, {}, 'ok') })
  t.equal(
    bodyOf(await ask('https://alpha.test/in', { method: 'POST', body: '<a/>', contentType: 'text/xml' })),
    'ok',
  )
  t.match(requests[0], /^POST \/in HTTP\/1\.1\r\n/)
  t.match(requests[0], /content-type: text\/xml\r\n/)
  t.match(requests[0], /content-length: 4\r\n\r\n<a\/>$/)
  await ask('https://alpha.test/in', { method: 'POST', body: 'x' })
  t.match(requests[1], /content-type: application\/octet-stream\r\n/)
  t.notMatch(requests.join(''), /cookie|referer|authorization/i)
})

t.test('statuses', async (t) => {
  const cases: readonly (readonly [number, string, number[]?])[] = [
    [204, 'found 204'],
    [404, `absent 404 ${ABSENT_TTL_SECONDS}`],
    [410, `absent 410 ${ABSENT_TTL_SECONDS}`],
    [401, `absent 401 ${ABSENT_TTL_SECONDS}`],
    [403, `absent 403 ${ABSENT_TTL_SECONDS}`],
    [401, 'found 401', [401]],
    [503, 'found 503', [503]],
    [302, 'found 302', [302]],
    [408, 'failed http-status'],
    [425, 'failed http-status'],
    [429, 'failed http-status'],
    [500, 'failed http-status'],
    [503, 'failed http-status'],
    [304, 'failed http-status'],
    [300, 'failed http-status'],
    [302, 'failed redirect'],
  ]
  const site = Object.fromEntries(cases.map(([status]) => [`https://alpha.test/${status}`, reply(status)]))
  const { ask } = await serve(t, site)
  for (const [status, wanted, acceptStatuses] of cases) {
    const outcome = await ask(`https://alpha.test/${status}`, acceptStatuses ? { acceptStatuses } : {})
    t.ok(summary(outcome).startsWith(wanted), `${status}: ${summary(outcome)}`)
  }
})

t.test('an absent answer takes the TTL that the server gives', async (t) => {
  const { ask } = await serve(t, {
    'https://alpha.test/a': reply(404, { 'cache-control': 'no-store' }),
    'https://alpha.test/b': reply(404, { 'cache-control': 'max-age=5' }),
  })
  t.equal(summary(await ask('https://alpha.test/a')), 'absent 404 0')
  t.equal(summary(await ask('https://alpha.test/b')), 'absent 404 5')
})

t.test('names, certificates and closed doors', async (t) => {
  const { ask, connector } = await serve(t, { 'https://www.alpha.test/': reply(200) })
  const cases: [string, RegExp][] = [
    ['https://a.nowhere.test/', /^absent null 77$/],
    ['https://a.dnsless.test/', /^failed dns: no answer$/],
    ['https://expired.alpha.test/', /^failed certificate: .*expired/],
    ['https://self.alpha.test/', /^failed certificate: .*self-signed/],
    ['https://gamma.test/', /^failed certificate: .*host name/],
  ]
  for (const [url, wanted] of cases) t.match(summary(await ask(url)), wanted, url)

  await loopback.serve(t, {})
  const refused = await createHttpClient({ connector }).request({
    url: 'https://alpha.test/',
    signal: new AbortController().signal,
  })
  t.equal(summary(refused), 'failed unreachable: the server could not be reached', 'R11: says no more')

  const buggy: GuardedConnector = { ...connector, connect: () => Promise.reject(new TypeError('a bug')) }
  const asked = createHttpClient({ connector: buggy }).request({
    url: 'https://alpha.test/',
    signal: new AbortController().signal,
  })
  await t.rejects(asked, new TypeError('a bug'), 'a bug is no failure of the network')
})

t.test('R6: URLs that are never asked', async (t) => {
  const { ask, dialled } = await serve(t, {})
  const refused = [
    'http://alpha.test/',
    'ftp://alpha.test/',
    'file:///etc/passwd',
    'https://user@alpha.test/',
    'https://:secret@alpha.test/',
    'https://alpha.test:8443/',
    'https://alpha.test:80/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://localhost/',
    'https://alpha_x.test/',
    'no URL at all',
    `https://alpha.test/${'a'.repeat(MAX_URL_LENGTH)}`,
  ]
  for (const url of refused) t.match(summary(await ask(url)), /^failed document/, url.slice(0, 60))
  for (const url of [
    'http://alpha.test:8080/',
    'http://10.0.0.1/',
    'http://u@alpha.test/',
    'ftp://alpha.test/',
  ]) {
    t.match(summary(await ask(url, { allowHttp: true })), /^failed document/, url)
  }
  t.same(dialled, [], 'nothing was dialled')
  t.match(checkUrl('https://ALPHA.test.:443/x#y', false), {
    ok: true,
    value: { hostname: 'alpha.test', secure: true, url: { href: 'https://alpha.test/x' } },
  })
  t.match(checkUrl('https://münchen.test/', false), { value: { hostname: 'xn--mnchen-3ya.test' } })
})

t.test('R7: redirects', async (t) => {
  const chain: Record<string, Answer> = {}
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) chain[`https://alpha.test/${hop}`] = goTo(`/${hop + 1}`)
  chain[`https://alpha.test/${MAX_REDIRECTS + 1}`] = reply(200)
  const { ask, requests, dialled } = await serve(t, {
    ...chain,
    'https://alpha.test/www': goTo('https://www.alpha.test/x', 301),
    'https://www.alpha.test/x': reply(200, {}, 'here'),
    'https://alpha.test/away': goTo('//www.beta.test/back', 307),
    'https://www.beta.test/back': goTo('https://www.alpha.test/x', 308),
    'https://alpha.test/self': goTo('/self#again'),
    'https://alpha.test/a': goTo('/b'),
    'https://alpha.test/b': goTo('/a'),
    'https://alpha.test/gone': goTo('https://www.alpha.test/nothing'),
    'https://www.alpha.test/nothing': reply(404),
    'https://alpha.test/dead': goTo('https://x.nowhere.test/'),
    'https://alpha.test/down': goTo('http://alpha.test/plain'),
    'http://alpha.test/plain': reply(200, {}, 'hint'),
    'http://alpha.test/up': goTo('https://www.alpha.test/x'),
    'https://alpha.test/port': goTo('https://alpha.test:8443/'),
    'https://alpha.test/user': goTo('https://admin:x@alpha.test/'),
    'https://alpha.test/literal': goTo('https://169.254.169.254/latest'),
    'https://alpha.test/hex': goTo('https://0x7f000001/'),
    'https://alpha.test/local': goTo('https://localhost/'),
    'https://alpha.test/script': goTo('javascript:alert(1)'),
    'https://alpha.test/broken': goTo('https://'),
    'https://alpha.test/long': goTo(`/${'a'.repeat(MAX_URL_LENGTH)}`),
    'https://alpha.test/empty': goTo(''),
  })
  const at = (path: string, options?: Partial<HttpRequest>) =>
    ask(`https://alpha.test${path}`, options).then(summary)

  t.equal(await at('/www'), 'found 200 https://www.alpha.test/x secure=true stayed=true')
  t.equal(
    await at('/away'),
    'found 200 https://www.alpha.test/x secure=true stayed=false',
    'ANDed over every hop',
  )
  t.equal(await at('/1'), `found 200 https://alpha.test/${MAX_REDIRECTS + 1} secure=true stayed=true`)
  t.match(await at('/0'), /^failed redirect: .*more than 5/)
  t.match(await at('/0', { maxRedirects: 99 }), /^failed redirect/, 'a caller may only lower the limit')
  t.match(await at('/0', { maxRedirects: 2 }), /^failed redirect: .*more than 2/)
  t.match(await at('/self'), /^failed redirect: .*leads back/)
  t.match(await at('/a'), /^failed redirect: .*leads back/)
  t.match(await at('/gone'), /^absent 404/)
  t.match(await at('/dead'), /^absent null 77/)
  t.match(await at('/down'), /^failed redirect: .*not https/)
  t.equal(dialled.includes(80), false, 'never asked over http')
  for (const path of [
    '/port',
    '/user',
    '/literal',
    '/hex',
    '/local',
    '/script',
    '/broken',
    '/long',
    '/empty',
  ]) {
    t.match(await at(path), /^failed redirect: the redirect is refused/, path)
  }
  t.equal(
    await at('/down', { allowHttp: true }),
    'found 200 http://alpha.test/plain secure=false stayed=true',
  )
  t.equal(
    summary(await ask('http://alpha.test/up', { allowHttp: true })),
    'found 200 https://www.alpha.test/x secure=false stayed=true',
    'a hint that went through http stays a hint',
  )
  t.notMatch(requests.join(''), /referer/i)

  const first = await ask('https://alpha.test/www', { maxRedirects: 0 })
  t.match(first, { kind: 'found', response: { status: 301, location: 'https://www.alpha.test/x' } })
  const relative = await ask('https://alpha.test/a', { maxRedirects: 0 })
  t.match(relative, { response: { url: 'https://alpha.test/a', location: 'https://alpha.test/b' } })
  for (const path of ['/empty', '/broken', '/long']) {
    const bare = await ask(`https://alpha.test${path}`, { maxRedirects: 0 })
    t.equal(bare.kind === 'found' && !('location' in bare.response), true, `${path}: no usable location`)
  }
})

t.test('R13: a request body never follows a redirect to another owner or to http', async (t) => {
  const { ask, requests } = await serve(t, {
    'https://alpha.test/away': goTo('https://www.beta.test/', 307),
    'https://alpha.test/home': goTo('https://www.alpha.test/', 308),
    'https://www.alpha.test/': reply(200, {}, 'kept'),
    'https://alpha.test/see': goTo('https://www.beta.test/', 303),
    'https://www.beta.test/': reply(200, {}, 'beta'),
    'https://alpha.test/down': goTo('http://alpha.test/', 307),
  })
  const post = { method: 'POST', body: 'user@alpha.test', contentType: 'text/plain' } as const
  t.match(summary(await ask('https://alpha.test/away', post)), /^failed redirect: .*body elsewhere/)
  t.match(
    summary(await ask('https://alpha.test/down', { ...post, allowHttp: true })),
    /^failed redirect: .*body/,
  )
  t.equal(requests.length, 2)
  t.equal(bodyOf(await ask('https://alpha.test/home', post)), 'kept')
  t.match(requests.at(-1), /^POST [\s\S]*user@alpha\.test$/)
  t.equal(bodyOf(await ask('https://alpha.test/see', post)), 'beta')
  t.match(requests.at(-1), /^GET /)
  t.notMatch(requests.at(-1), /user@|content-type/)
})

t.test('R10: bodies', async (t) => {
  const document = Buffer.from(`<clientConfig>${'<a>b</a>'.repeat(200)}</clientConfig>`)
  const coded = (coding: string, body: Buffer) => reply(200, { 'content-encoding': coding }, body)
  const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024))
  const flood: Script = (socket) => {
    socket.write('HTTP/1.1 200 X\r\n\r\n')
    const block = Buffer.alloc(64 * 1024, 0x61)
    const pour = (): void => {
      while (socket.writable && socket.write(block));
    }
    socket.on('drain', pour)
    pour()
  }
  const { ask, sockets } = await serve(t, {
    'https://alpha.test/gzip': coded('gzip', gzipSync(document)),
    'https://alpha.test/xgzip': coded(' X-GZIP', gzipSync(document)),
    'https://alpha.test/br': coded('br', brotliCompressSync(document)),
    'https://alpha.test/deflate': coded('deflate', deflateSync(document)),
    'https://alpha.test/identity': coded('identity', document),
    'https://alpha.test/nothing': coded('gzip', Buffer.alloc(0)),
    'https://alpha.test/chunked': Buffer.from(
      'HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
    ),
    'https://alpha.test/untilclose': Buffer.from('HTTP/1.1 200 X\r\n\r\nabc'),
    'https://alpha.test/full': reply(200, {}, Buffer.alloc(MAX_BODY_BYTES, 0x61)),
    'https://alpha.test/bomb': coded('gzip', bomb.subarray(0, 60_000)),
    'https://alpha.test/ratio': coded('gzip', gzipSync(Buffer.alloc(MAX_BODY_BYTES - 1))),
    'https://alpha.test/stacked': coded('gzip, gzip', gzipSync(gzipSync(document))),
    'https://alpha.test/zstd': coded('zstd', document),
    'https://alpha.test/proto': coded('constructor', document),
    'https://alpha.test/garbage': coded('gzip', document),
    'https://alpha.test/cut': coded('gzip', gzipSync(document).subarray(0, 20)),
    'https://alpha.test/declared': reply(200, { 'content-length': '5242880' }),
    'https://alpha.test/flood': flood,
    'https://alpha.test/short': reply(200, { 'content-length': '10' }, 'abc'),
    'https://alpha.test/other': reply(404, { 'content-length': '5242880' }),
  })
  const at = (path: string) => ask(`https://alpha.test${path}`)
  for (const path of ['/gzip', '/xgzip', '/br', '/deflate', '/identity']) {
    t.equal(bodyOf(await at(path)), document.toString(), path)
  }
  t.equal(bodyOf(await at('/nothing')), '')
  t.equal(bodyOf(await at('/chunked')), 'abcde')
  t.equal(bodyOf(await at('/untilclose')), 'abc')
  t.equal(bodyOf(await at('/full')).length, MAX_BODY_BYTES)
  t.ok((MAX_BODY_BYTES - 1) / gzipSync(Buffer.alloc(MAX_BODY_BYTES - 1)).length > MAX_DECOMPRESSION_RATIO)
  for (const path of ['/bomb', '/ratio', '/declared', '/flood']) {
    t.match(summary(await at(path)), /^failed too-large/, path)
  }
  for (const path of ['/stacked', '/zstd', '/proto', '/garbage', '/cut']) {
    t.match(summary(await at(path)), /^failed document/, path)
  }
  t.match(summary(await at('/short')), /^failed unreachable/, 'closed reads like refused (R11)')
  t.match(summary(await at('/other')), /^absent 404/, 'a body that nobody wants is not read')
  t.ok(Math.max(...sockets.map((socket) => socket.bytesRead)) < 2 * 1024 * 1024, 'endless bodies are cut off')
})

t.test('R10: servers that do not speak HTTP, or speak too much of it', async (t) => {
  const { ask } = await serve(t, {
    'https://alpha.test/header': reply(200, { 'x-long': 'a'.repeat(1024 * 1024) }),
    'https://alpha.test/headers': Buffer.from(`HTTP/1.1 200 X\r\n${'a: b\r\n'.repeat(20_000)}\r\n`),
    'https://alpha.test/info': Buffer.from('HTTP/1.1 103 X\r\n\r\n'.repeat(50)),
    'https://alpha.test/hint': Buffer.from(
      'HTTP/1.1 103 X\r\n\r\nHTTP/1.1 200 X\r\ncontent-length: 2\r\n\r\nok',
    ),
    'https://alpha.test/upgrade': Buffer.from(
      'HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n',
    ),
    'https://alpha.test/smtp': Buffer.from('220 mx ESMTP\r\n'),
    'https://alpha.test/hangup': (socket) => socket.destroy(),
    'https://alpha.test/close': (socket) => socket.end(),
    'https://alpha.test/lengths': Buffer.from(
      'HTTP/1.1 200 X\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nabc',
    ),
    'https://alpha.test/twice': Buffer.from(
      'HTTP/1.1 200 X\r\ncache-control: no-store\r\ncache-control: max-age=9\r\ncontent-length: 0\r\n\r\n',
    ),
  })
  const at = (path: string) => ask(`https://alpha.test${path}`)
  t.match(summary(await at('/header')), /^failed too-large/)
  t.match(summary(await at('/headers')), /^failed too-large/)
  t.match(summary(await at('/info')), /^failed protocol/)
  t.equal(bodyOf(await at('/hint')), 'ok')
  t.match(summary(await at('/upgrade')), /^failed unreachable/)
  t.match(summary(await at('/smtp')), /^failed protocol/)
  t.match(summary(await at('/hangup')), /^failed unreachable/)
  t.match(summary(await at('/close')), /^failed unreachable/)
  t.match(summary(await at('/lengths')), /^failed protocol/)
  t.match(await at('/twice'), { response: { ttlSeconds: 0 } }, 'repeated headers are read together')
})

t.test('one clock for the whole request', async (t) => {
  const drip: Script = (socket) => {
    socket.write('HTTP/1.1 200 X\r\ncontent-length: 100000\r\n\r\n')
    const timer = setInterval(() => socket.write('a'), 5)
    socket.once('close', () => {
      clearInterval(timer)
    })
  }
  const { connector } = await serve(t, {
    'https://alpha.test/silent': () => undefined,
    'https://alpha.test/drip': drip,
  })
  const client = createHttpClient({ connector, totalTimeoutMs: 80 })
  for (const path of ['/silent', '/drip']) {
    const outcome = await client.request({
      url: `https://alpha.test${path}`,
      signal: new AbortController().signal,
    })
    t.match(summary(outcome), /^failed timeout/, path)
  }
  const deaf: GuardedConnector = { ...connector, connect: () => new Promise(() => undefined) }
  const black = await createHttpClient({ connector: deaf, totalTimeoutMs: 20 }).request({
    url: 'https://alpha.test/',
    signal: new AbortController().signal,
  })
  t.match(summary(black), /^failed timeout/, 'even where the connector does not hear the abort')
  t.equal(HTTP_TOTAL_TIMEOUT_MS, 4000, 'below the 5 s of a lookup')
})

t.test('an abort rejects with its reason, wherever the request stands', async (t) => {
  const controller = new AbortController()
  const reason = new Error('the client is gone')
  const abort = (): void => {
    controller.abort(reason)
  }
  const { client, connector, sockets } = await serve(t, {
    'https://alpha.test/head': () => {
      abort()
    },
  })
  await t.rejects(client.request({ url: 'https://alpha.test/head', signal: controller.signal }), reason)
  t.ok(sockets[0]?.destroyed, 'the connection is closed')
  await t.rejects(
    client.request({ url: 'https://alpha.test/', signal: controller.signal }),
    reason,
    'before it starts',
  )
  t.equal(sockets.length, 1)

  const connecting = new AbortController()
  const stuck: GuardedConnector = {
    ...connector,
    connect({ signal }) {
      queueMicrotask(() => {
        connecting.abort(reason)
      })
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason as Error)
        })
      })
    },
  }
  const asked = createHttpClient({ connector: stuck }).request({
    url: 'https://alpha.test/',
    signal: connecting.signal,
  })
  await t.rejects(asked, reason, 'while connecting')

  const reading = new AbortController()
  const { client: other, sockets: open } = await serve(t, {
    'https://alpha.test/body': (socket) => {
      socket.write('HTTP/1.1 200 X\r\ncontent-length: 10\r\n\r\nabc', () => {
        reading.abort(reason)
      })
    },
  })
  await t.rejects(
    other.request({ url: 'https://alpha.test/body', signal: reading.signal }),
    reason,
    'in the body',
  )
  t.ok(open[0]?.destroyed)
})

t.test('a socket that comes too late is closed', async (t) => {
  const { connector, sockets } = await serve(t, {})
  const controller = new AbortController()
  const late: GuardedConnector = {
    ...connector,
    async connect(target) {
      const socket = await connector.connect({ ...target, signal: new AbortController().signal })
      controller.abort(new Error('too late'))
      return socket
    },
  }
  const asked = createHttpClient({ connector: late }).request({
    url: 'https://alpha.test/',
    signal: controller.signal,
  })
  await t.rejects(asked, new Error('too late'))
  await new Promise((resolve) => setImmediate(resolve))
  t.ok(sockets[0]?.destroyed)
})

t.test('a peer that hangs up before the request is written cannot be reached', async (t) => {
  const { connector, dialled } = await serve(t, {})
  const moments = {
    'before the socket is handed over': (socket: Socket) => socket.destroy(),
    'at once afterwards': (socket: Socket) => {
      process.nextTick(() => socket.destroy())
    },
    'with an error': (socket: Socket) => {
      process.nextTick(() => socket.destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' })))
    },
  }
  for (const [moment, hangUp] of Object.entries(moments)) {
    const hasty: GuardedConnector = {
      ...connector,
      async connect(target) {
        const socket = await connector.connect(target)
        hangUp(socket)
        return socket
      },
    }
    const { signal } = new AbortController()
    const outcome = await createHttpClient({ connector: hasty }).request({
      url: 'https://alpha.test/',
      signal,
    })
    t.match(summary(outcome), /^failed unreachable/, moment)
  }
  t.equal(dialled.length, 3, 'nobody is dialled twice (R34)')
})

t.test('connections that are kept', async (t) => {
  const keep = (socket: Socket, answer: Buffer) => void socket.write(answer)
  const page = reply(200, {}, '<a/>')
  const site: Site = {
    'https://kept.alpha.test/here': (socket) => {
      keep(socket, page)
    },
    'https://kept.alpha.test/not-here': (socket) => {
      keep(socket, reply(404, {}, 'a page about what is not here'))
    },
    'https://kept.alpha.test/large': (socket) => {
      keep(socket, reply(200, {}, Buffer.alloc(MAX_BODY_BYTES + 1)))
    },
    'https://kept.alpha.test/closes': (socket) => {
      keep(socket, page)
      setImmediate(() => socket.destroy())
    },
    'https://kept.alpha.test/never': () => undefined,
    'https://other.alpha.test/here': (socket) => {
      keep(socket, page)
    },
  }
  const { requests, dialled } = await serve(t, site)
  const origins = ['kept.alpha.test', 'missing.nowhere.test', 'expired.alpha.test']
  const client = createHttpClient({
    connector: loopback.connector,
    keepOrigins: new Set(origins.map((host) => `https://${host}`)),
  })
  const { signal } = new AbortController()
  const ask = async (place: string, stop = signal) => {
    const outcome = await client.request({ url: `https://${place}`, signal: stop })
    // A connection is free a moment after the answer.
    await settled()
    return outcome.kind === 'failed' ? outcome.failure.code : outcome.kind
  }
  t.equal(await ask('kept.alpha.test/here'), 'found')
  t.equal(await ask('kept.alpha.test/not-here'), 'absent')
  t.equal(await ask('kept.alpha.test/here'), 'found')
  t.equal(dialled.length, 1, 'one connection for three questions')
  t.notMatch(requests[0], /connection: close/i)
  await Promise.all([ask('kept.alpha.test/here'), ask('kept.alpha.test/here')])
  t.equal(dialled.length, 2, 'at the same time one each')
  await ask('other.alpha.test/here')
  await ask('other.alpha.test/here')
  t.equal(dialled.length, 4, 'nobody else’s are kept')

  t.equal(await ask('kept.alpha.test/large'), 'too-large')
  t.equal(await ask('kept.alpha.test/closes'), 'found')
  t.equal(await ask('kept.alpha.test/here'), 'found', 'asked anew where the server had hung up')
  t.equal(await ask('missing.nowhere.test/here'), 'absent')
  t.equal(await ask('expired.alpha.test/here'), 'certificate', 'the guarded door says the same')

  const reason = new Error('enough')
  const controller = new AbortController()
  const waiting = ask('kept.alpha.test/never', controller.signal)
  setImmediate(() => {
    controller.abort(reason)
  })
  await t.rejects(waiting, reason)
  await t.rejects(ask('kept.alpha.test/here', AbortSignal.abort(reason)), reason)
  const black = createHttpClient({
    connector: { ...loopback.connector, connect: () => new Promise(() => undefined) },
    keepOrigins: new Set(['https://kept.alpha.test']),
    totalTimeoutMs: 20,
  })
  const silent = await black.request({ url: 'https://kept.alpha.test/here', signal })
  t.match(
    silent,
    { kind: 'failed', failure: { code: 'timeout' } },
    'the clock runs while it is connecting, too',
  )
})

t.test('freshness (RFC 9111)', (t) => {
  const at = (headers: { cacheControl?: string; expires?: string; date?: string }) =>
    freshness({ cacheControl: '', expires: '', date: '', ...headers }, NOW)
  t.equal(at({}), null)
  t.equal(at({ cacheControl: 'public, max-age=300' }), 300)
  t.equal(at({ cacheControl: 'Max-Age="300"' }), 300)
  t.equal(at({ cacheControl: 'max-age=300, s-maxage=10' }), 10)
  t.equal(at({ cacheControl: 'max-age=300, no-store' }), 0)
  t.equal(at({ cacheControl: 'no-cache' }), 0)
  t.equal(at({ cacheControl: 'private, max-age=300' }), 0)
  t.equal(at({ cacheControl: 'max-age=31536000' }), MAX_TTL_SECONDS)
  t.equal(at({ cacheControl: 'max-age=-1' }), null)
  t.equal(at({ cacheControl: 'max-age=99999999999999999999999' }), MAX_TTL_SECONDS)
  t.equal(at({ expires: 'Mon, 23 Nov 2026 12:01:00 GMT' }), 60)
  t.equal(at({ expires: 'Mon, 23 Nov 2026 12:01:00 GMT', date: 'Mon, 23 Nov 2026 12:00:30 GMT' }), 30)
  t.equal(at({ expires: 'Mon, 23 Nov 2020 12:01:00 GMT' }), 0)
  t.equal(at({ expires: '0' }), 0)
  t.equal(at({ expires: '-1x', cacheControl: 'max-age=7' }), 7)
  t.end()
})

t.test('NetError passes classification unchanged', (t) => {
  const failure = { code: 'document', detail: 'x' } as const
  t.equal(classifyError(new NetError(failure)), failure)
  t.end()
})
