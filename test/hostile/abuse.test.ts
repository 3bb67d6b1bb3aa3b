/**
 * The service as somebody's tool (R10, R11, R42, R43): port scanner, amplifier, oracle for addresses, poisoned cache.
 * docs/security.md names each attempt; each is a test here.
 */
import { randomBytes } from 'node:crypto'
import type { InjectOptions } from 'fastify'
import type { Answer } from 'dns-packet'
import t from 'tap'
import type { Hostname } from '../../src/domain/hostname.js'
import { ALLOWED_PORTS, createAddressPolicy } from '../../src/net/address-policy.js'
import { MAX_PER_ODD_PORTS, MAX_PER_TARGET } from '../../src/net/target-budget.js'
import { autoconfigXml, type DocumentServer } from '../lab/documents.js'
import { a, type Asked, cname, reply } from '../net/scripted-dns.js'
import { reportUnderFire } from './under-fire.js'
import { httpAnswer, openSockets, socketsLeft, startHostileWorld } from './world.js'

const socketsBefore = openSockets()
const providers = t.testdir({
  'house.json': JSON.stringify({
    id: 'house',
    name: 'House',
    access: 'full',
    confidence: 'high',
    references: ['test'],
    verified: '2099-12-31',
    domains: ['house.de'],
    imap: [{ hostname: 'mail.house.de', port: 993, security: 'tls' }],
    smtp: [{ hostname: 'mail.house.de', port: 465, security: 'tls' }],
    logins: { file: 'house.tsv', shapes: ['p######'], secret: randomBytes(32).toString('hex') },
  }),
  'house.tsv': Array.from({ length: 50 }, (_, i) => `real${i}@house.de\tp${100_000 + i}\n`).join(''),
})
// The time of a lookup is what a probe of an odd port takes to say nothing.
const world = await startHostileWorld({
  MAILSCOUT_BUDGET_MS: '2000',
  MAILSCOUT_PROVIDERS_DIR: providers,
  MAILSCOUT_PUBLIC_URL: 'https://config.house.de',
  MAILSCOUT_SELF_CHECK: 'off',
})
const { app, dials, dns } = world
const counts = { attempts: 0, connections: 0, questions: 0 }
const never = new AbortController().signal

const get = (url: string, headers: Readonly<Record<string, string>> = {}) => {
  counts.attempts += 1
  return app.inject({ url, headers })
}
const discover = (domain: string, query = '') => get(`/v1/discover?email=ann@${domain}${query}`)
const idle = () => world.mailscout.service.idle()
const addressesOf = (asked: Asked, address: string): Answer[] =>
  asked.type === 'A' ? [a(asked.name, address)] : []
const srv = (name: string, port: number, target: string): Answer => ({
  type: 'SRV',
  name,
  ttl: 300,
  data: { priority: 0, weight: 1, port, target },
})
/** An https file at the domain's own place, which may declare any port. */
function publish(domain: string, servers: readonly DocumentServer[]): string {
  const address = world.web(domain, ({ path }) =>
    path.startsWith('/mail/config')
      ? httpAnswer(200, { 'content-type': 'text/xml' }, autoconfigXml(domain, servers))
      : httpAnswer(404),
  )
  world.zone(domain, (asked) => (asked.name === `autoconfig.${domain}` ? addressesOf(asked, address) : []))
  return address
}
const entry = (hostname: string, port: number, type: DocumentServer['type'] = 'imap'): DocumentServer => ({
  type,
  hostname,
  port,
  socketType: 'SSL',
})
/** What is another at every question: times, request ids, what is derived from the address by hashing. */
const withoutTimes = (body: string) =>
  body
    .replace(/"(durationMs|ageSeconds)":\d+/g, '')
    .replace(/"(checkedAt|expiresAt|at)":"[^"]*"/g, '')
    .replace(/urn:mailscout:request:[\w-]+/g, 'REQUEST')
    .replace(/[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}/g, 'UUID')
    .replace(/(mailscout\.(?:imap|pop3|caldav|carddav)\.)[0-9a-f]{16}/g, '$1HASH')
    .replace(/base64,[\w+/=]+/g, 'PICTURE')
    .replace(/<path d="[^"]*"|<Time>[^<]*|Time="[^"]*" Id="\d+"|<svg[^>]*>/g, '')

/* Port scanner */

t.test('port scanner: files, records and redirects that name ports', (t) => {
  const victim = world.newAddress()
  world.zone('victim.de', (asked) => addressesOf(asked, victim))
  world.network.listen({ address: victim, port: 22, host: 'victim' }, (stream) =>
    stream.write('SSH-2.0-x\r\n'),
  )
  world.network.listen({ address: victim, port: 6379, host: 'victim' }, (stream) => stream.resume())
  const ports = [
    1, 21, 22, 23, 25, 53, 80, 111, 135, 445, 1433, 2375, 3306, 5432, 6379, 8080, 9200, 11_211, 27_017,
    65_535,
  ]
  const at = () => dials.filter(({ address }) => address === victim)

  t.test('records and redirects open no port that is none of mail’s', async (t) => {
    world.zone('records.de', (asked) => {
      const target = 'host.victim.de'
      if (asked.type === 'SRV') return ports.map((port) => srv(asked.name, port, target))
      return []
    })
    await discover('records.de', '&verify=always')
    const hops = world.web('hops.de', ({ path }) =>
      httpAnswer(302, { location: `https://host.victim.de:${ports[path.length % ports.length] ?? 22}/` }),
    )
    world.zone('hops.de', (asked) => addressesOf(asked, hops))
    await discover('hops.de')
    await idle()
    counts.attempts += ports.length
    t.same(
      at().filter(({ port }) => port !== 80 && !ALLOWED_PORTS.has(port)),
      [],
    )
  })

  t.test('a file that declares them: never 25, and all read alike', async (t) => {
    const other = world.newAddress()
    world.zone('other.de', (asked) => addressesOf(asked, other))
    const fifty = Array.from({ length: 50 }, (_, i) => entry('host.other.de', 2000 + i))
    publish('fifty.de', [...fifty, entry('host.other.de', 3000, 'smtp')])
    const asking = discover('fifty.de', '&verify=always')
    // Open and talking, open and silent, closed, forbidden.
    const some = [22, 6379, 23, 8080, 25]
    const bodies = await Promise.all(
      some.map(async (port) => {
        publish(`file${port}.de`, [entry('host.victim.de', port), entry('host.victim.de', 465, 'smtp')])
        const { body } = await get(`/v1/discover?email=ann@file${port}.de&verify=always`)
        return withoutTimes(body).replaceAll(`file${port}.de`, 'FILE').replaceAll(`:${port}`, ':PORT')
      }),
    )
    await asking
    await idle()
    const knocked = dials.filter(({ address }) => address === other).length
    t.ok(knocked > 0 && knocked <= 5, `${knocked} connections for one file with 50 ports`)
    const odd = at().flatMap(({ port }) => (ALLOWED_PORTS.has(port) ? [] : [port]))
    t.same(
      odd.sort((x, y) => x - y),
      [22, 23, 6379, 8080],
      'control: asked once each',
    )
    t.match(bodies[0], '"port":PORT')
    t.equal(new Set(bodies).size, 1, 'open, closed and forbidden cannot be told from each other')
  })

  t.test('however many files name the ports of one address', async (t) => {
    const other = world.newAddress()
    world.zone('scanned.de', (asked) => addressesOf(asked, other))
    const controller = new AbortController()
    const probes = ports.map((port) => {
      const target = {
        protocol: 'imap',
        hostname: 'host.scanned.de' as Hostname,
        port,
        security: 'tls',
      } as const
      return world.mailscout.prober.probe({ ...target, declaredPort: true }, controller.signal)
    })
    counts.attempts += probes.length
    // A failure at such a port is told when the time is over, so nobody waits for it here.
    const here = () =>
      dials.filter(({ address, port }) => address === other && !ALLOWED_PORTS.has(port)).length
    for (let turns = 0; turns < 200 && here() < MAX_PER_ODD_PORTS; turns += 1) await new Promise(setImmediate)
    controller.abort(new Error('seen enough'))
    await Promise.allSettled(probes)
    t.equal(here(), MAX_PER_ODD_PORTS, `of ${ports.length} ports`)
  })

  t.end()
})

t.test('flood: one victim, under however many names', async (t) => {
  const victim = world.newAddress()
  for (let i = 0; i < MAX_PER_TARGET + 60; i += 1) {
    world.zone(`flood${i}.de`, (asked) => addressesOf(asked, victim))
    const target = {
      protocol: 'imap',
      hostname: `imap.flood${i}.de` as Hostname,
      port: 993,
      security: 'tls',
    } as const
    await world.mailscout.prober.probe(target, never)
  }
  counts.attempts += MAX_PER_TARGET + 60
  t.equal(dials.filter(({ address }) => address === victim).length, MAX_PER_TARGET)
})

/* Amplifier */

/**
 * Names as many hosts as records and documents can, all of them the victim's, each sending on to the next.
 * @returns the addresses besides the victim's
 */
function insatiable(i: number, victim: string): readonly string[] {
  const host = (n: number) => `h${n}.prey${i}.de`
  const many = Array.from({ length: 12 }, (_, n) => n)
  let hop = 0
  const web = (path: string) => {
    hop += 1
    if (path.includes('autodiscover')) {
      return httpAnswer(
        200,
        { 'content-type': 'text/xml' },
        `<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"><Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"><Account><AccountType>email</AccountType><Action>redirectUrl</Action><RedirectUrl>https://${host(hop)}/autodiscover/${hop}</RedirectUrl></Account></Response></Autodiscover>`,
      )
    }
    return httpAnswer(302, { location: `https://${host(hop)}/${hop}` })
  }
  const serve = (domain: string) => world.web(domain, ({ path }) => web(path))
  const addresses = [serve(`hunter${i}.de`), serve(`prey${i}.de`)]
  world.zone(`hunter${i}.de`, (asked) => {
    if (asked.type === 'SRV')
      return many.map((n) =>
        srv(
          asked.name,
          asked.name.startsWith('_imap') ? 993 : asked.name.startsWith('_sub') ? 465 : 443,
          host(n),
        ),
      )
    if (asked.type === 'MX')
      return many.map((n) => ({
        type: 'MX',
        name: asked.name,
        ttl: 60,
        data: { preference: n, exchange: `a.b.${host(n)}` },
      }))
    if (asked.type === 'TXT')
      return [{ type: 'TXT', name: asked.name, ttl: 60, data: `v=UAAC1; a=sha256; d=${'A'.repeat(43)}=` }]
    return addressesOf(asked, addresses[0] ?? '')
  })
  world.zone(`prey${i}.de`, (asked) =>
    addressesOf(
      asked,
      asked.name.startsWith('h') && asked.name.length % 2 === 0 ? victim : (addresses[1] ?? ''),
    ),
  )
  return addresses
}

t.test('amplifier: what one small request can set going', async (t) => {
  const victim = world.newAddress()
  insatiable(0, victim)
  const openBefore = openSockets()
  const [dialsBefore, asksBefore, sentBefore] = [dials.length, dns.asked.length, world.sent()]
  const url = '/v1/discover?email=a@hunter0.de&verify=always'
  await get(url)
  await idle()
  await socketsLeft(openBefore)
  counts.connections = dials.length - dialsBefore
  counts.questions = dns.asked.length - asksBefore
  const octets = world.sent() - sentBefore
  t.comment(
    `${url.length} octets of URL: ${counts.connections} connections, ${counts.questions} DNS questions, ${octets} octets out`,
  )
  t.ok(octets / counts.connections < 2048, 'each hears no more than a handshake and a short question')

  // A hundred askers of one domain are one lookup, in one request or in many.
  const hunted = [1, 2].map((i) => {
    const prey = world.newAddress()
    return [prey, ...insatiable(i, prey)]
  })
  const emails = Array.from({ length: 100 }, (_, i) => `user${i}@hunter1.de`)
  counts.attempts += emails.length
  const [batch] = await Promise.all([
    app.inject({ method: 'POST', url: '/v1/discover/batch', payload: { emails } }),
    ...emails.map((_, i) => get(`/v1/discover?email=u${i}@hunter2.de`)),
  ])
  await idle()
  t.equal(batch.body.trim().split('\n').length, 100)
  for (const addresses of hunted) {
    const connections = dials.filter(({ address }) => addresses.includes(address)).length
    t.ok(
      connections > 0 && connections <= counts.connections * 1.3,
      `${connections} connections for a hundred askers`,
    )
  }
})

/* Oracle for addresses */

t.test('enumeration: an address that exists and one that does not', async (t) => {
  const doors = (local: string): InjectOptions[] => {
    const email = `${local}@house.de`
    const pox = `<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>${email}</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>`
    return [
      { url: `/v1/discover?email=${email}` },
      { method: 'POST', url: '/v1/discover', payload: { email } },
      { url: `/v1/discover/events?email=${email}` },
      { method: 'POST', url: '/v1/discover/batch', payload: { emails: [email] } },
      { url: `/v1/guides/thunderbird?email=${email}` },
      { url: `/v1/mobileconfig?email=${email}` },
      { url: `/v1/qr.svg?email=${email}` },
      { url: `/mail/config-v1.1.xml?emailaddress=${email}` },
      { url: `/mail/config-v1.1.xml?emailaddress=${email}`, headers: { host: 'autoconfig.house.de' } },
      {
        method: 'POST',
        url: '/autodiscover/autodiscover.xml',
        headers: { host: 'autodiscover.house.de', 'content-type': 'text/xml' },
        payload: pox,
      },
      {
        url: `/autodiscover/autodiscover.json/v1.0/${email}?Protocol=AutodiscoverV1`,
        headers: { host: 'autodiscover.house.de' },
      },
      {
        method: 'POST',
        url: '/',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: `email=${encodeURIComponent(email)}`,
      },
    ]
  }
  const view = async (options: InjectOptions, local: string) => {
    counts.attempts += 1
    const { statusCode, headers, body } = await app.inject(options)
    const { date, ...rest } = headers
    t.type(date, 'string')
    const alike = withoutTimes(body)
      .replaceAll(local, 'LOCAL')
      .replace(/\bp\d{6}\b/g, 'LOGIN')
    const kept = Object.fromEntries(
      Object.entries(rest).filter(([name]) => !/^(ratelimit|x-request-id|content-length|etag)/.test(name)),
    )
    return { statusCode, headers: JSON.stringify(kept).replaceAll(local, 'LOCAL'), alike }
  }
  // The first answer leaves before its check; what is compared stands afterwards.
  await discover('house.de')
  await idle()
  // Of the same length, so that nothing else can differ.
  for (const [i, real] of doors('real7').entries()) {
    const nobody = doors('nobod')[i]
    if (!nobody) continue
    t.same(
      await view(nobody, 'nobod'),
      await view(real, 'real7'),
      `${real.method ?? 'GET'} ${JSON.stringify(real.url)}`,
    )
  }

  const medianOf = (times: number[]) => [...times].sort((x, y) => x - y)[times.length >> 1] ?? 0
  const times: Record<'real' | 'nobody', number[]> = { real: [], nobody: [] }
  for (let i = 0; i < 300; i += 1) {
    for (const who of ['real', 'nobody'] as const) {
      const before = performance.now()
      await app.inject(`/v1/discover?email=${who === 'real' ? 'real' : 'none'}${i % 50}@house.de`)
      times[who].push(performance.now() - before)
    }
  }
  counts.attempts += 600
  const [real, nobody] = [medianOf(times.real), medianOf(times.nobody)]
  t.comment(`median: ${real.toFixed(3)} ms for real ones, ${nobody.toFixed(3)} ms for nobody`)
  t.ok(Math.max(real, nobody) / Math.min(real, nobody) < 1.5, 'they take as long')
})

t.test('enumeration: a stranger’s domain is never asked about one of its addresses', async (t) => {
  publish('strange.de', [entry('imap.strange.de', 993), entry('smtp.strange.de', 465, 'smtp')])
  await discover('strange.de')
  await idle()
  const said: string[] = []
  for (const local of ['qqann', 'qqbob', 'qqann']) {
    const { body } = await get(`/v1/discover?email=${local}@strange.de`)
    said.push(withoutTimes(body).replaceAll(local, 'LOCAL'))
  }
  t.equal(new Set(said).size, 1)
})

/* Poisoned cache */

t.test('poisoning: what is not part of the question changes no answer', async (t) => {
  const inputs: Readonly<Record<string, string>> = {
    host: 'evil.de',
    'x-forwarded-host': 'evil.de',
    'x-forwarded-proto': 'http',
    'x-forwarded-port': '1',
    'x-forwarded-prefix': '/evil',
    'x-forwarded-server': 'evil.de',
    'x-forwarded-for': '1.2.3.4',
    'x-real-ip': '1.2.3.4',
    'x-original-url': '/v1/discover?email=ann@evil.de',
    'x-rewrite-url': '/v1/domains/evil.de',
    'x-original-host': 'evil.de',
    'x-host': 'evil.de',
    'x-http-method-override': 'DELETE',
    'x-method-override': 'POST',
    forwarded: 'host=evil.de;proto=http',
    via: '1.1 evil.de',
    origin: 'https://evil.de',
    referer: 'https://evil.de/',
    cookie: 'lang=evil; session=evil',
    authorization: 'Basic ZXZpbDpldmls',
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    range: 'bytes=0-1',
    'if-none-match': '*',
    'if-modified-since': 'Thu, 01 Jan 2099 00:00:00 GMT',
    'accept-encoding': 'evil',
    'accept-charset': 'utf-7',
    'user-agent': 'evil',
    'content-type': 'text/evil',
    'x-request-id': 'evil',
    traceparent: '00-evil',
  }
  const paths = (domain: string) => [
    `/v1/discover?email=ann@${domain}`,
    `/v1/domains/${domain}`,
    `/mail/config-v1.1.xml?emailaddress=ann@${domain}`,
    `/v1.1/${domain}`,
    `/v1/mobileconfig?email=ann@${domain}`,
    `/v1/guides/thunderbird?email=ann@${domain}`,
    `/v1/qr.svg?email=ann@${domain}`,
  ]
  const clean = (domain: string) =>
    Promise.all(
      paths(domain).map(async (url) => {
        const { statusCode, headers, body } = await get(url)
        return {
          url: url.replace(domain, 'DOMAIN'),
          statusCode,
          type: headers['content-type'],
          control: headers['cache-control'],
          vary: headers['vary'],
          body: withoutTimes(body).replaceAll(domain, 'DOMAIN'),
        }
      }),
    )
  const servers = (domain: string) => [entry(`imap.${domain}`, 993), entry(`smtp.${domain}`, 465, 'smtp')]
  publish('clean.de', servers('clean.de'))
  await discover('clean.de')
  await idle()
  const expected = await clean('clean.de')

  publish('dirty.de', servers('dirty.de'))
  // The first question of all is the poisoner's, and so are the first of each format.
  for (const [name, value] of Object.entries(inputs)) {
    for (const url of paths('dirty.de')) {
      const { body, headers } = await get(url, { [name]: value })
      if (name !== 'x-request-id' && /evil/.test(body + JSON.stringify(headers)))
        t.fail(`${name}: ${url} repeats it: ${body.slice(0, 200)}`)
    }
  }
  await idle()
  t.same(await clean('dirty.de'), expected, `${Object.keys(inputs).length} headers`)

  t.test('nor do other spellings of the question', async (t) => {
    const asksBefore = dns.asked.length
    for (const spelled of [
      'DIRTY.DE',
      'Dirty.de',
      'dirty.de.',
      '%64irty.de',
      '\uff44irty.de',
      'dirty\u3002de',
    ]) {
      const { statusCode, body } = await get(`/v1/domains/${encodeURIComponent(spelled).replace('%25', '%')}`)
      if (statusCode === 200) t.match(body, '"domain":"dirty.de"', spelled)
    }
    t.equal(dns.asked.length, asksBefore, 'the answer is one')
    for (const query of [
      '&lang=de',
      '&lang=__proto__',
      '&lang=../../etc',
      '&devices=one',
      '&keep=device',
      '&allowCleartext=true',
    ])
      await discover('dirty.de', query)
    t.same(await clean('dirty.de'), expected, 'options have answers of their own')
  })
})

t.test('poisoning: an answer without checks, or one made for an address, is nobody else’s', async (t) => {
  const servers = [entry('imap.private.de', 993), entry('smtp.private.de', 465, 'smtp')]
  const own = autoconfigXml('private.de', [
    entry('imap.for-ann.private.de', 993),
    entry('smtp.private.de', 465, 'smtp'),
  ])
  const seen: string[] = []
  const address = world.web('private.de', ({ path, host }) => {
    seen.push(path)
    if (!host.startsWith('autoconfig.') || !path.startsWith('/mail/config')) return httpAnswer(404)
    return httpAnswer(
      200,
      { 'content-type': 'text/xml', 'cache-control': 'max-age=99999999999' },
      path.includes('emailaddress=ann') ? own : autoconfigXml('private.de', servers),
    )
  })
  world.zone('private.de', (asked) =>
    asked.type === 'A' && /^(autoconfig\.)?private\.de$/.test(asked.name) ? [a(asked.name, address)] : [],
  )
  const hostsOf = (body: string) =>
    JSON.stringify(
      (JSON.parse(body) as { servers: { imap: { hostname: string }[] } }).servers.imap.map(
        ({ hostname }) => hostname,
      ),
    )

  const [personal, shared] = await Promise.all([
    discover('private.de', '&sendAddress=true'),
    get('/v1/discover?email=bob@private.de'),
  ])
  t.match(hostsOf(personal.body), /for-ann/, 'who allows it gets his own')
  t.notMatch(hostsOf(shared.body), /for-ann/, 'who asks at the same time does not')
  await idle()
  for (const query of ['', '&verify=never', '&verify=always', '&refresh=true']) {
    const { body } = await get(`/v1/discover?email=bob@private.de${query}`)
    t.notMatch(hostsOf(body), /for-ann/, `later: ${query}`)
  }
  t.notMatch((await get('/v1/domains/private.de')).body, /for-ann|ann@/)
  t.ok(
    seen.some((path) => path.includes('ann')),
    'control: the address was sent when it was allowed',
  )
  const { cache } = (await get('/v1/discover?email=bob@private.de')).json<{ cache: { expiresAt: string } }>()
  t.ok(Date.parse(cache.expiresAt) - Date.now() <= 86_400_000, 'a day at most, whatever the stranger says')

  publish('checks.de', [entry('imap.checks.de', 993), entry('smtp.checks.de', 465, 'smtp')])
  const statusOf = (body: string) =>
    (JSON.parse(body) as { servers: { imap: { verification: { status: string } }[] } }).servers.imap[0]
      ?.verification.status
  t.equal(statusOf((await discover('checks.de', '&verify=never')).body), 'unchecked')
  await idle()
  t.equal(
    statusOf((await discover('checks.de', '&verify=always')).body),
    'failed',
    'the unchecked answer does not stand in',
  )
})

t.test('poisoning: records about another domain are not kept for it', async (t) => {
  const truth = world.web('prize.de', () => httpAnswer(404))
  const evil = world.newAddress()
  world.zone('prize.de', (asked) => addressesOf(asked, truth))
  const forgeries: Record<string, (asked: Asked) => ReturnType<typeof reply> | Answer[]> = {
    'beside the answer': (asked) => [
      a(asked.name, evil, 86_400),
      a('prize.de', evil, 86_400),
      a('autoconfig.prize.de', evil, 86_400),
    ],
    'behind an alias': (asked) => [
      cname(asked.name, 'autoconfig.prize.de', 86_400),
      a('autoconfig.prize.de', evil, 86_400),
    ],
    'as authority and additional': (asked) =>
      reply(asked, {
        answers: [a(asked.name, evil)],
        authorities: [{ type: 'NS', name: 'prize.de', ttl: 86_400, data: 'ns.evil.de' }],
        additionals: [a('prize.de', evil, 86_400), a('ns.evil.de', evil, 86_400)],
      }),
  }
  for (const [i, [name, forge]] of Object.entries(forgeries).entries()) {
    world.zone(`forger${i}.de`, (asked) => (asked.type === 'A' ? forge(asked) : []))
    await discover(`forger${i}.de`)
    await idle()
    const before = dials.length
    await discover('prize.de', '&refresh=true')
    await idle()
    const here = dials.slice(before)
    t.ok(
      here.length > 0 && here.every((dial) => dial.address === truth),
      `${name}: ${here.length} dials, all to the truth`,
    )
  }
})

t.test('poisoning: a stranger cannot speak for an operator’s domain, nor in his name (R42)', async (t) => {
  // His file claims the operator's domain, and his MX leads to it.
  const claims = autoconfigXml('house.de', [
    entry('imap.usurper.de', 993),
    entry('smtp.usurper.de', 465, 'smtp'),
  ])
  const address = world.web('usurper.de', () => httpAnswer(200, { 'content-type': 'text/xml' }, claims))
  world.zone('usurper.de', (asked) =>
    asked.type === 'MX'
      ? [{ type: 'MX', name: asked.name, ttl: 60, data: { preference: 1, exchange: 'mail.house.de' } }]
      : addressesOf(asked, address),
  )
  world.zone('house.de', (asked) => addressesOf(asked, address))
  await discover('usurper.de')
  await idle()
  const before = dns.asked.length
  const { body } = await get('/v1/discover?email=real1@house.de')
  t.match(body, /mail\.house\.de/)
  t.notMatch(body, /usurper/)
  t.notOk(dns.asked.slice(before).some(({ name }) => name.includes('usurper')))
  for (const [url, host] of [
    ['/mail/config-v1.1.xml', 'autoconfig.usurper.de'],
    ['/mail/config-v1.1.xml', 'autoconfig.house.de.usurper.de'],
    ['/.well-known/user-agent-configuration.json', 'ua-auto-config.usurper.de'],
    ['/.well-known/user-agent-configuration.json', 'usurper.de'],
  ] as const) {
    const { statusCode, body } = await get(url, { host, 'x-forwarded-host': 'autoconfig.house.de' })
    t.equal(statusCode, 404, `${host}${url}`)
    t.notMatch(body, /mail\.house\.de/)
  }
  const ask = await get('/v1/tls/ask?domain=autoconfig.usurper.de')
  t.not(ask.statusCode, 200, 'and no certificate is fetched for his names')
})

t.test('the balance', async (t) => {
  await world.close()
  const policy = createAddressPolicy({ allowNetworks: [] })
  reportUnderFire(t, {
    'attempts to scan, amplify, enumerate or poison': counts.attempts,
    'connections that one request of the worst kind sets going': counts.connections,
    'DNS questions that one request of the worst kind sets going': counts.questions,
    'dials to an address that is not public': dials.filter(({ address }) => !policy.allows(address)).length,
    'crashes, uncaught errors and bugs of a source': world.crashes.length,
    'sockets left open': await socketsLeft(socketsBefore),
  })
})
