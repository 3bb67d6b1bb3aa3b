/** Formats over HTTP: negotiation, conditional and cross-origin requests, zone text, QR codes, in the resolver role. */
import { XMLParser } from 'fast-xml-parser'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse as parsePlist } from 'plist'
import t, { type Test } from 'tap'
import { zoneCommand } from '../../src/cli/zone.js'
import { readConfig } from '../../src/config.js'
import type { DiscoverAnswer, Problem } from '../../src/domain/answer.js'
import { negotiate } from '../../src/http/negotiate.js'
import { startLab } from '../lab/lab.js'
import { serviceBeside } from '../lab/service.js'
import { hiddenServers, hiddenSrv, worldOf } from '../lab/world.js'

const OLD_PACC = `v=UAAC1; a=sha256; d=${'A'.repeat(43)}=`
const lab = await startLab({
  world: worldOf({
    'srv.test': { records: hiddenSrv('srv.test'), hosts: hiddenServers('srv.test') },
    'outside.test': { records: hiddenSrv('outside.test', 'srv.test') },
    'operator.lab': {
      hosts: hiddenServers('operator.lab'),
      records: { '_ua-auto-config.operator.lab': { TXT: ['hello', OLD_PACC] } },
    },
  }),
})
const PUBLIC = 'https://mailscout.lab'
const { app, ...service } = serviceBeside(lab, { MAILSCOUT_PUBLIC_URL: PUBLIC })
t.teardown(async () => {
  await service.close()
  await lab.close()
})

function missing(program: string): string | false {
  return spawnSync(program, ['--help']).error === undefined ? false : `${program} is not installed`
}

t.test('Accept', (t) => {
  const cases: [string | undefined, string | null][] = [
    [undefined, 'json'],
    ['', 'json'],
    [' ', 'json'],
    ['*/*', 'json'],
    ['application/*', 'json'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'json'],
    ['text/html,application/xml;q=0.9', 'autoconfig'],
    ['application/json', 'json'],
    ['Application/JSON; charset=utf-8', 'json'],
    ['text/xml', 'autoconfig'],
    ['application/xml;q=0.5, application/json;q=0.4', 'autoconfig'],
    ['application/x-apple-aspen-config', 'mobileconfig'],
    ['text/plain', 'text'],
    ['text/*', 'autoconfig'],
    ['application/json;q=0, */*', 'autoconfig'],
    ['image/png', null],
    ['application/json;q=0', null],
    ['application/json;q=x', null],
    ['rubbish', null],
    [', ,;;,', null],
  ]
  for (const [accept, expected] of cases) t.equal(negotiate(accept), expected, String(accept))
  t.end()
})

t.test('/v1/discover in every format that Accept may name', async (t) => {
  const ask = (accept: string, query = '') =>
    app.inject({ url: `/v1/discover?email=ann@srv.test${query}`, headers: { accept } })
  for (const accept of ['application/json', 'text/xml', 'application/x-apple-aspen-config', 'text/plain']) {
    const response = await ask(accept)
    t.equal(response.statusCode, 200, accept)
    t.ok(String(response.headers['content-type']).startsWith(accept))
    t.equal(response.headers['vary'], 'accept, accept-language')
    t.equal(response.headers['cache-control'], 'no-store', 'it echoes an address (R43)')
    t.match(response.body, 'reading.srv.test')
  }
  const own = await app.inject('/mail/config-v1.1.xml?emailaddress=ann@srv.test')
  t.equal((await ask('application/xml')).body, own.body, 'the same bytes as at the path of its own')
  t.match(parsePlist((await ask('application/x-apple-aspen-config')).body), { PayloadType: 'Configuration' })

  const text = (await ask('text/plain', '&lang=de')).body
  t.match(text, /^ann@srv\.test/)
  t.match(text, /Empfehlung:\n- .*IMAP reading\.srv\.test, Port 993/)
  t.match(text, /Benutzername ann@srv\.test/)
  const outside = await app.inject({
    url: '/v1/discover?email=ann@outside.test&lang=en',
    headers: { accept: 'text/plain' },
  })
  t.match(outside.body, 'Please confirm that srv.test is your provider')
  t.match(outside.body, 'Warnings:')
  const unconfirmed = await app.inject({
    url: '/v1/discover?email=ann@outside.test',
    headers: { accept: 'text/xml' },
  })
  t.equal(unconfirmed.statusCode, 404, 'R26')

  const refused = await ask('image/png')
  t.equal(refused.statusCode, 406)
  t.equal(refused.json<Problem>().code, 'FORMAT_UNSUPPORTED')
  t.match(refused.json<Problem>().detail, 'text/plain')
  const posted = await app.inject({
    method: 'POST',
    url: '/v1/discover',
    headers: { accept: 'text/plain' },
    payload: { email: 'ann@srv.test' },
  })
  t.match(posted.body, 'reading.srv.test')
})

const READ_ONLY = [
  '/v1.1/srv.test',
  '/v1/domains/srv.test',
  '/v1/domains/srv.test/zone',
  '/v1/discover?email=ann@srv.test',
  '/mail/config-v1.1.xml?emailaddress=ann@srv.test',
  '/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=ann@srv.test',
  '/.well-known/mail-v1.xml?emailaddress=ann@srv.test',
]

t.test('any page may read the formats, without credentials', async (t) => {
  for (const url of READ_ONLY) {
    const headers = { origin: 'https://page.test' }
    const read = await app.inject({ url, headers })
    t.equal(read.statusCode, 200, url)
    t.equal(read.headers['access-control-allow-origin'], '*')
    t.equal(read.headers['access-control-allow-credentials'], undefined)
    const asked = await app.inject({
      method: 'OPTIONS',
      url,
      headers: { ...headers, 'access-control-request-method': 'GET' },
    })
    t.equal(asked.statusCode, 204, `OPTIONS ${url}`)
    t.equal(asked.body, '')
    t.match(asked.headers, {
      allow: 'GET, HEAD, OPTIONS',
      'access-control-allow-methods': 'GET, HEAD, OPTIONS',
      'access-control-allow-origin': '*',
    })
  }
  const posted = await app.inject({ method: 'POST', url: '/v1/discover', payload: { email: 'ann@srv.test' } })
  t.equal(posted.headers['access-control-allow-origin'], undefined, 'POST is for programs')
  for (const url of ['/v1/mobileconfig?email=ann@srv.test', '/autodiscover/autodiscover.xml', '/healthz']) {
    const asked = await app.inject({ method: 'OPTIONS', url, headers: { origin: 'https://page.test' } })
    t.equal(asked.statusCode, 405, url)
    t.equal(asked.headers['access-control-allow-origin'], undefined)
  }
})

t.test('HEAD, ETag and 304 where no address is echoed; no-store where one is (R43)', async (t) => {
  for (const url of ['/v1.1/srv.test', '/v1/domains/srv.test', '/v1/domains/srv.test/zone']) {
    const full = await app.inject(url)
    t.match(full.headers['cache-control'], /^public, max-age=\d+$/, url)
    const etag = String(full.headers['etag'])
    const head = await app.inject({ method: 'HEAD', url })
    t.equal(head.statusCode, 200)
    t.equal(head.body, '')
    t.equal(head.headers['etag'], etag)
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await app.inject({ url, headers: { 'if-none-match': tag } })
      t.equal(again.statusCode, 304, tag)
      t.equal(again.body, '')
    }
    t.equal((await app.inject({ url, headers: { 'if-none-match': '"other"' } })).statusCode, 200)
  }
  const personal = ['/mail/config-v1.1.xml?emailaddress=', '/v1/mobileconfig?email=', '/v1/qr.svg?email=']
  for (const url of personal) {
    const { headers } = await app.inject(`${url}ann@srv.test`)
    t.equal(headers['cache-control'], 'no-store', url)
    t.equal(headers['etag'], undefined)
  }
})

t.test('autoconfig: the local part as it came, placeholders without one', async (t) => {
  const names = (xml: string) => {
    const parsed = new XMLParser({ htmlEntities: true }).parse(xml) as {
      clientConfig: { emailProvider: { outgoingServer: { username: string } } }
    }
    return parsed.clientConfig.emailProvider.outgoingServer.username
  }
  for (const local of ['EVOLUTIONUSER', 'Ann+News', "o'hara&co", '"<b>"', 'jürgen']) {
    const address = `${local}@srv.test`
    const { body } = await app.inject(`/mail/config-v1.1.xml?emailaddress=${encodeURIComponent(address)}`)
    t.equal(names(body), address)
  }
  t.equal(names((await app.inject('/v1.1/srv.test')).body), '%EMAILADDRESS%')
  for (const bad of [
    'ann',
    'ann@',
    'a\r\nb@srv.test',
    '\u202ea@srv.test',
    `${'x'.repeat(10_000)}@srv.test`,
  ]) {
    const refused = await app.inject(`/mail/config-v1.1.xml?emailaddress=${encodeURIComponent(bad)}`)
    t.equal(refused.statusCode, 400, JSON.stringify(bad.slice(0, 10)))
    t.notMatch(refused.body, /clientConfig|x{100}/, 'an error carries no settings (R37)')
  }
  const password = await app.inject('/v1.1/srv.test?password=x')
  t.equal(password.statusCode, 400, 'R5')
})

/** The records as BIND judges them: whole zone, with what the domain has anyway. */
function checkZone(t: Test, domain: string, records: string): void {
  const apex = [
    `${domain}. 3600 IN SOA ns.elsewhere.net. host.elsewhere.net. 1 7200 3600 1209600 3600`,
    `${domain}. 3600 IN NS ns.elsewhere.net.`,
    `reading.${domain}. 3600 IN A 192.0.2.1`,
    `sending.${domain}. 3600 IN A 192.0.2.2`,
  ]
  const file = join(t.testdir({}), 'zone')
  writeFileSync(file, `${apex.join('\n')}\n${records}`)
  const run = spawnSync('named-checkzone', ['-i', 'local', '-k', 'fail', domain, file], { encoding: 'utf8' })
  t.equal(run.status, 0, `${domain}: ${run.stdout}`)
  t.notMatch(run.stdout, /error|warning/i)
}

t.test('zone text (R49)', async (t) => {
  const foreign = await app.inject('/v1/domains/srv.test/zone')
  t.equal(foreign.headers['content-type'], 'text/plain; charset=utf-8')
  t.match(foreign.body, '_imaps._tcp IN SRV 0 1 993 reading.srv.test.')
  t.notMatch(foreign.body, 'CNAME', 'this service answers under no stranger’s name (R42)')
  const own = (await app.inject('/v1/domains/operator.lab/zone')).body
  t.match(own, 'autoconfig IN CNAME mailscout.lab.')
  t.match(own, '_autodiscover._tcp IN SRV 0 1 443 mailscout.lab.')
  const digests = [...own.matchAll(/_ua-auto-config IN TXT "(v=UAAC1[^"]+)"/g)].map(([, digest]) => digest)
  t.equal(digests.length, 2, 'the new digest and the one that the DNS holds')
  t.equal(digests[1], OLD_PACC)
  t.notMatch(own, 'hello', 'nothing else of what stands there')
  t.equal((await app.inject('/v1/domains/nothing.test/zone')).statusCode, 404)
  t.equal((await app.inject('/v1/domains/x/zone')).statusCode, 400)
  t.test('named-checkzone', { skip: missing('named-checkzone') }, (t) => {
    checkZone(t, 'srv.test', foreign.body)
    checkZone(t, 'operator.lab', own)
    t.end()
  })
})

t.test('mailscout zone', async (t) => {
  const run = async (...args: string[]) => {
    let out = ''
    let err = ''
    const code = await zoneCommand(args, {
      terminal: {
        out: (text) => (out += text),
        err: (text) => (err += text),
        colour: false,
        language: 'de',
      },
      config: readConfig({
        ...lab.environment,
        MAILSCOUT_PUBLIC_URL: PUBLIC,
        MAILSCOUT_BUDGET_MS: '1000',
        MAILSCOUT_SOURCES: 'operator,srv',
      }),
      surroundings: { dial: lab.dial, ca: [lab.caPem], builtinProvidersDirectory: lab.providersDirectory },
    })
    return { code, out, err }
  }
  const own = await run('operator.lab')
  t.equal(own.code, 0)
  t.equal(own.out, (await app.inject('/v1/domains/operator.lab/zone')).body)
  t.equal((await run('srv.test')).code, 0)
  t.match(await run('nothing.test'), { code: 3, out: '', err: /keine Einstellungen/ })
  t.equal((await run('x')).code, 2)
  t.equal((await run('../x')).code, 2)
  t.match((await run('--help')).out, 'Exit codes')
  await t.rejects(run(), { name: 'UsageError' })
  await t.rejects(run('a.de', 'b.de'), { name: 'UsageError' })
  await t.rejects(run('a.de', '--frobnicate'), { name: 'UsageError' })
})

t.test('QR codes of the profile’s address (R47)', async (t) => {
  const query = `email=${encodeURIComponent('Ann+x&y@srv.test')}&lang=de`
  const expected = `${PUBLIC}/v1/mobileconfig?email=${encodeURIComponent('Ann+x&y@srv.test')}&protocol=imap&lang=de`
  const svg = await app.inject(`/v1/qr.svg?${query}`)
  t.equal(svg.headers['content-type'], 'image/svg+xml')
  t.match(svg.body, /^<svg /)
  const png = await app.inject(`/v1/qr.png?${query}`)
  t.equal(png.headers['content-type'], 'image/png')
  t.test('zbarimg', { skip: missing('zbarimg') }, (t) => {
    const file = join(t.testdir({}), 'code.png')
    writeFileSync(file, png.rawPayload)
    const run = spawnSync('zbarimg', ['--quiet', '--raw', file], { encoding: 'utf8' })
    t.equal(run.stdout.trim(), expected)
    t.end()
  })
  const scanned = await app.inject(expected.slice(PUBLIC.length))
  t.equal(scanned.statusCode, 200, 'the phone gets the profile')
  t.match(scanned.body, 'Ann+x&amp;y@srv.test')

  const cases: [string, number, string][] = [
    ['email=ann@outside.test', 422, 'PROFILE_UNSUPPORTED'],
    ['email=ann@nothing.test', 404, 'NOTHING_FOUND'],
    ['email=ann', 400, 'EMAIL_INVALID'],
    ['email=ann@srv.test&protocol=smtp', 400, 'QUERY_INVALID'],
  ]
  for (const [bad, status, code] of cases) {
    const response = await app.inject(`/v1/qr.svg?${bad}`)
    t.equal(response.statusCode, status, bad)
    t.equal(response.json<Problem>().code, code)
  }
  const nameless = serviceBeside(lab)
  t.teardown(() => nameless.close())
  const unknown = await nameless.app.inject('/v1/qr.svg?email=ann@srv.test')
  t.equal(unknown.statusCode, 404)
  t.match(unknown.json<Problem>().detail, 'MAILSCOUT_PUBLIC_URL')
  const zone = await nameless.app.inject('/v1/domains/operator.lab/zone')
  t.notMatch(zone.body, 'CNAME', 'nobody knows where the service is')
})

t.test('the JSON of an own domain says what its files say', async (t) => {
  const { servers } = (await app.inject('/v1/discover?email=ann@operator.lab')).json<DiscoverAnswer>()
  const xml = (
    await app.inject({ url: '/mail/config-v1.1.xml', headers: { host: 'autoconfig.operator.lab' } })
  ).body
  for (const protocol of ['imap', 'pop3', 'smtp'] as const) {
    t.match(xml, `<hostname>${servers[protocol][0]?.hostname ?? '?'}</hostname>`)
  }
})
