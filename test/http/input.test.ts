/** What strangers send: refused with a problem document, and nothing else happens. Known providers answer without network. */
import type { InjectOptions } from 'fastify'
import t from 'tap'
import type { DiscoverAnswer, Problem } from '../../src/domain/answer.js'
import { PROBLEM_STATUS } from '../../src/domain/errors.js'
import { startLab } from '../lab/lab.js'
import { worldOf } from '../lab/world.js'
import { serviceBeside } from '../lab/service.js'

// An internet in which next to nothing exists but its name server, with the shipped database.
const lab = await startLab({
  world: worldOf({ 'gmxx.net': { description: 'looks like a slip, and reads mail', shows: '' } }),
})
const { app, mailscout, logLines, ...service } = serviceBeside(
  { ...lab, providersDirectory: new URL('../../data/providers', import.meta.url).pathname },
  { MAILSCOUT_ALLOW_SPECIAL_USE_NAMES: 'false', MAILSCOUT_PROVIDERS_DIR: '' },
)
t.teardown(async () => {
  await service.close()
  await lab.close()
})

t.test('bad addresses get 400 and ask nobody', async (t) => {
  const cases: [string, string, string][] = [
    ['nothing', '', 'address-empty'],
    ['no @', 'ann.example.de', 'address-no-at'],
    ['two domains', 'ann@web.de@gmx.de', 'address-two-ats'],
    ['spaces', 'ann smith@web.de', 'local-part-syntax'],
    ['space in the domain', 'ann@web .de', 'domain-syntax'],
    ['IP literal', 'ann@[192.168.0.1]', 'domain-ip-literal'],
    ['IP address', 'ann@127.0.0.1', 'domain-ip-literal'],
    ['hexadecimal IP address', 'ann@0x7f000001', 'domain-ip-literal'],
    ['300 characters', `${'a'.repeat(50)}@${'b'.repeat(245)}.de`, 'address-too-long'],
    ['control characters', 'ann\u0000@web.de', 'address-control-characters'],
    ['header injection', 'ann@web.de\r\nBcc: all@web.de', 'address-control-characters'],
    ['right-to-left mark', 'ann\u202e@web.de', 'address-control-characters'],
    ['emoji', '\u{1f600}@web.de', 'local-part-syntax'],
    ['emoji in the domain', 'ann@\u{1f600}.de', 'domain-symbols'],
    ['single label', 'a@b', 'domain-single-label'],
    ['SQL', "' OR 1=1; DROP TABLE users;--@web.de", 'local-part-syntax'],
    ['nothing before the @', '@web.de', 'local-part-empty'],
    ['path', 'ann@web.de/../../etc', 'domain-syntax'],
    ['percent', 'ann@w%65b.de', 'domain-syntax'],
  ]
  lab.log.clear()
  for (const [name, email, fault] of cases) {
    const get = await app.inject(`/v1/discover?email=${encodeURIComponent(email)}`)
    const post = await app.inject({ method: 'POST', url: '/v1/discover', payload: { email } })
    for (const response of [get, post]) {
      t.equal(response.statusCode, 400, name)
      t.equal(response.headers['content-type'], 'application/problem+json; charset=utf-8')
      const problem = response.json<Problem>()
      t.equal(problem.code, 'EMAIL_INVALID', name)
      t.ok(problem.detail.length > 10, `${name}: says why (${fault})`)
    }
    const xml = await app.inject(`/mail/config-v1.1.xml?emailaddress=${encodeURIComponent(email)}`)
    t.equal(xml.statusCode, 400, `${name}: autoconfig`)
  }
  await mailscout.service.idle()
  t.equal(lab.log.everything(), JSON.stringify([[], [], [], []]), 'no question left the process')
})

t.test('bad requests get the right status and a problem document', async (t) => {
  const json = { 'content-type': 'application/json' }
  const post = (payload: string, headers: Record<string, string> = json) =>
    ({ method: 'POST', url: '/v1/discover', payload, headers }) as const
  const cases: [string, InjectOptions | string, keyof typeof PROBLEM_STATUS][] = [
    ['no email', '/v1/discover', 'QUERY_INVALID'],
    ['two emails', '/v1/discover?email=a@web.de&email=b@web.de', 'QUERY_INVALID'],
    ['unknown option', '/v1/discover?email=a@web.de&device=one', 'QUERY_INVALID'],
    ['wrong value', '/v1/discover?email=a@web.de&devices=three', 'QUERY_INVALID'],
    ['password in the query', '/v1/discover?email=a@web.de&password=geheim', 'QUERY_INVALID'],
    ['password in the body', post('{"email":"a@web.de","Passwort":"geheim"}'), 'QUERY_INVALID'],
    ['wrong JSON', post('{"email":'), 'QUERY_INVALID'],
    ['prototype in JSON', post('{"email":"a@web.de","__proto__":{"x":1}}'), 'QUERY_INVALID'],
    ['array', post('["a@web.de"]'), 'QUERY_INVALID'],
    ['number', post('{"email":7}'), 'QUERY_INVALID'],
    ['empty body', post(''), 'QUERY_INVALID'],
    ['5 MB body', post(`{"email":"${'a'.repeat(5_000_000)}"}`), 'BODY_TOO_LARGE'],
    [
      'form',
      post('email=a@web.de', { 'content-type': 'application/x-www-form-urlencoded' }),
      'MEDIA_TYPE_UNSUPPORTED',
    ],
    ['text', post('a@web.de', { 'content-type': 'text/plain' }), 'MEDIA_TYPE_UNSUPPORTED'],
    ['unknown path', '/v2/discover', 'NOT_FOUND'],
    ['traversal', '/v1/domains/..%2f..%2fetc%2fpasswd', 'QUERY_INVALID'],
    ['bad domain', '/v1/domains/127.0.0.1', 'QUERY_INVALID'],
    ['semicolon', '/v1.1/web.de;x=1', 'QUERY_INVALID'],
    ['at sign', '/v1.1/ann@web.de', 'QUERY_INVALID'],
    ['half an escape', '/v1/domains/geheim%', 'QUERY_INVALID'],
    ['escaped nonsense', '/geheim%ff', 'QUERY_INVALID'],
    ['endless name', `/v1/domains/geheim${'a'.repeat(300)}/zone?lang=de`, 'QUERY_INVALID'],
    ['no address', '/mail/config-v1.1.xml', 'NOT_FOUND'],
    ['wrong protocol', '/v1/mobileconfig?email=a@web.de&protocol=smtp', 'QUERY_INVALID'],
  ]
  lab.log.clear()
  for (const [name, request, code] of cases) {
    const response = await app.inject(request)
    t.equal(response.statusCode, PROBLEM_STATUS[code], name)
    t.equal(response.headers['content-type'], 'application/problem+json; charset=utf-8', name)
    const problem = response.json<Problem>()
    t.equal(problem.code, code, name)
    t.equal(problem.status, response.statusCode)
    t.notMatch(response.body, /geheim/, 'a secret is not repeated')
  }
  t.equal(lab.log.everything(), JSON.stringify([[], [], [], []]), 'no question left the process')
  t.notMatch(logLines.join(''), /geheim/, 'nor logged')
})

t.test('a problem speaks the language of the reader', async (t) => {
  const german = await app.inject({
    url: '/v1/discover?email=ann',
    headers: { 'accept-language': 'de-AT,de;q=0.9' },
  })
  t.match(german.json<Problem>(), {
    title: 'Das ist keine gültige E-Mail-Adresse',
    detail: 'In der Adresse fehlt das @.',
  })
  const explicit = await app.inject('/v1/discover?email=ann&lang=de')
  t.equal(explicit.headers['content-language'], 'de')
})

t.test('reserved names and public suffixes are answered without asking anybody (R3)', async (t) => {
  lab.log.clear()
  for (const domain of [
    'example.com',
    'mail.test',
    'printer.local',
    'x.invalid',
    'home.arpa',
    'abc.onion',
    'co.uk',
    'github.io',
  ]) {
    const response = await app.inject(`/v1/discover?email=ann@${domain}`)
    t.equal(response.statusCode, 404, domain)
    t.equal(response.json<Problem>().code, 'NAME_RESERVED')
  }
  t.equal(lab.log.everything(), JSON.stringify([[], [], [], []]))
})

t.test('known providers are answered right without network', async (t) => {
  const cases: Record<string, [string, string, string]> = {
    'gmail.com': ['imap.gmail.com:993', 'pop.gmail.com:995', 'smtp.gmail.com:465'],
    'gmx.de': ['imap.gmx.net:993', 'pop.gmx.net:995', 'mail.gmx.net:465'],
    'web.de': ['imap.web.de:993', 'pop3.web.de:995', 'smtp.web.de:465'],
    't-online.de': ['secureimap.t-online.de:993', 'securepop.t-online.de:995', 'securesmtp.t-online.de:465'],
    'outlook.com': ['outlook.office365.com:993', 'outlook.office365.com:995', 'smtp-mail.outlook.com:587'],
    'icloud.com': ['imap.mail.me.com:993', 'none', 'smtp.mail.me.com:587'],
    'yahoo.com': ['imap.mail.yahoo.com:993', 'pop.mail.yahoo.com:995', 'smtp.mail.yahoo.com:465'],
    'orange.fr': ['imap.orange.fr:993', 'pop.orange.fr:995', 'smtp.orange.fr:465'],
    'libero.it': ['imapmail.libero.it:993', 'popmail.libero.it:995', 'smtp.libero.it:465'],
    'mail.ru': ['imap.mail.ru:993', 'pop.mail.ru:995', 'smtp.mail.ru:465'],
    'qq.com': ['imap.qq.com:993', 'pop.qq.com:995', 'smtp.qq.com:465'],
    'seznam.cz': ['imap.seznam.cz:993', 'pop3.seznam.cz:995', 'smtp.seznam.cz:465'],
  }
  for (const [domain, expected] of Object.entries(cases)) {
    const response = await app.inject(`/v1/discover?email=someone@${domain}`)
    t.equal(response.statusCode, 200, domain)
    const body = response.json<DiscoverAnswer>()
    const found = (['imap', 'pop3', 'smtp'] as const).map((protocol) => {
      const server = body.servers[protocol][0]
      return server ? `${server.hostname}:${server.port}` : 'none'
    })
    t.same(found, expected, domain)
    t.equal(body.degraded, false)
    t.equal(body.recommendation?.protocol, 'imap')
    t.equal(body.requiresConfirmation, false)
  }
  await mailscout.service.idle()
  const later = (await app.inject('/v1/discover?email=someone@gmail.com')).json<DiscoverAnswer>()
  t.equal(
    later.servers.imap[0]?.verification.status,
    'failed',
    'the check in the background could not be made',
  )
  t.equal(later.degraded, false, 'which says nothing about the entry')
  t.equal(later.servers.imap[0]?.hostname, 'imap.gmail.com')
})

t.test('Thunderbird-compatible XML for gmail.com is complete (R44)', async (t) => {
  const { body } = await app.inject('/mail/config-v1.1.xml?emailaddress=someone@gmail.com')
  for (const type of ['imap', 'pop3']) {
    const section = new RegExp(
      `<incomingServer type="${type}">\\s*<hostname>[^<]+</hostname>\\s*<port>\\d+</port>\\s*<socketType>SSL</socketType>`,
    )
    t.match(body, section)
  }
  t.match(body, /<outgoingServer type="smtp">\s*<hostname>smtp.gmail.com<\/hostname>\s*<port>465<\/port>/)
  t.match(body, '<authentication>OAuth2</authentication>')
})

t.test('a likely slip is hinted at, never applied (R53); plus-addresses keep their plus', async (t) => {
  const slip = await app.inject('/v1/discover?email=ann@gmial.com')
  t.equal(slip.statusCode, 404)
  t.same(slip.json<Problem>().suggestions, ['gmail.com'])
  const free = await app.inject('/v1/discover?email=ann@gmxx.de')
  t.same(free.json<Problem>().suggestions, ['gmx.de'])
  const inUse = await app.inject('/v1/discover?email=ann@gmxx.net')
  t.equal(inUse.statusCode, 404)
  t.same(inUse.json<Problem>().suggestions, [], 'a name that has mail is no slip')
  const plus = await app.inject('/v1/discover?email=ann+news@gmail.com')
  t.equal(plus.json<DiscoverAnswer>().query.email, 'ann+news@gmail.com')
})

t.test('a provider that lets no program in is named, with what to do', async (t) => {
  const response = await app.inject('/v1/discover?email=ann@tuta.com&lang=de')
  t.equal(response.statusCode, 404)
  const problem = response.json<Problem>()
  t.equal(problem.code, 'NOTHING_FOUND')
  t.match(problem.provider?.name, /tuta/i)
  t.ok(problem.notices?.some(({ code }) => code === 'no-access'))
})

t.test('a known path with another method: 405 and the right ones; an unknown one stays 404', async (t) => {
  const asked = async (method: 'GET' | 'POST' | 'DELETE' | 'PUT', url: string) => {
    const { statusCode, headers, body } = await app.inject({ method, url })
    const { code } = JSON.parse(body) as Problem
    return [statusCode, code, headers['allow']]
  }
  t.same(await asked('DELETE', '/v1/discover?email=x'), [405, 'METHOD_NOT_ALLOWED', 'GET, HEAD, POST'])
  t.same(await asked('GET', '/v1/discover/batch'), [405, 'METHOD_NOT_ALLOWED', 'POST'])
  t.same(await asked('PUT', '/v1/domains/web.de/zone'), [405, 'METHOD_NOT_ALLOWED', 'GET, HEAD'])
  t.same(await asked('POST', '/v1/domains/'), [404, 'NOT_FOUND', undefined])
  t.same(await asked('POST', '/nowhere'), [404, 'NOT_FOUND', undefined])
})

t.test('every answer carries the security headers (R43)', async (t) => {
  const urls = ['/healthz', '/v1/discover?email=x', '/nowhere', '/v1/discover?email=a@web.de', '/%']
  for (const url of urls) {
    const { headers } = await app.inject(url)
    t.equal(headers['x-content-type-options'], 'nosniff', url)
    t.equal(headers['referrer-policy'], 'no-referrer', url)
    t.notOk(headers['server'], url)
  }
  const health = await app.inject('/healthz')
  t.same(health.json(), { status: 'ok' })
})
