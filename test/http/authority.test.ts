/** The authority role (R42): what the operator's domains are served, by Host, and that nothing else moves it. */
import { XMLParser } from 'fast-xml-parser'
import { createHash, randomBytes } from 'node:crypto'
import t from 'tap'
import type { DiscoverAnswer } from '../../src/domain/answer.js'
import { readAuthority } from '../../src/http/authority.js'
import { lowerCaseAutodiscover } from '../../src/http/routes/autodiscover.js'
import { startLab } from '../lab/lab.js'
import { serviceBeside } from '../lab/service.js'
import { hiddenServers, worldOf } from '../lab/world.js'

const tls = (hostname: string) => ({
  imap: [
    { hostname, port: 993, security: 'tls' },
    { hostname, port: 143, security: 'starttls' },
  ],
  pop3: [{ hostname, port: 995, security: 'tls' }],
  smtp: [{ hostname, port: 465, security: 'tls' }],
})
const entry = (id: string, more: object) => ({
  [`${id}.json`]: JSON.stringify({
    id,
    name: `Hoster ${id}`,
    access: 'full',
    confidence: 'high',
    references: ['test'],
    verified: '2099-12-31',
    ...more,
  }),
})
const operator = t.testdir({
  ...entry('house', {
    // Nobody listens at these servers: the file is the operator's word, whatever a live check would say.
    ...tls('mail.house.lab'),
    domains: ['house.lab', 'second.lab', 'xn--bcher-kva.lab'],
    caldav: 'https://dav.house.lab/',
    mx: [
      {
        match: 'suffix',
        value: 'mx.house.lab',
        class: 'mailbox',
        matches: 'a.mx.house.lab',
        not: 'mx.other.lab',
      },
    ],
  }),
  ...entry('local-domain', {
    ...tls('mail.house.lab'),
    domains: ['dotted.lab'],
    username: '%EMAILLOCALPART%.%EMAILDOMAIN%',
  }),
  ...entry('local-part', { ...tls('mail.house.lab'), domains: ['short.lab'], username: '%EMAILLOCALPART%' }),
  ...entry('oauth', {
    ...tls('mail.house.lab'),
    domains: ['oauth.lab'],
    authentication: ['oauth2'],
    oauth2: { issuer: 'https://sso.house.lab/', scopes: [] },
  }),
  ...entry('mapped', {
    ...tls('mail.house.lab'),
    domains: ['mapped.lab'],
    caldav: 'https://dav.house.lab/',
    logins: { file: 'mapped.tsv', shapes: ['p######'], secret: randomBytes(32).toString('hex') },
  }),
  'mapped.tsv': '# by hand\nann@mapped.lab\tp104711\n',
  ...entry('none', { access: 'none', reason: { en: 'web only', de: 'nur Web' }, domains: ['none.lab'] }),
})
const lab = await startLab({
  world: worldOf({
    'customer.test': { records: { 'customer.test': { MX: [[10, 'in.mx.house.lab']] } } },
    'mail-of.test': { hosts: hiddenServers('mail-of.test') },
    'stranger.test': {
      hosts: hiddenServers('stranger.test'),
      records: {
        '_imaps._tcp.stranger.test': { SRV: [[0, 1, 993, 'reading.stranger.test']] },
        '_submissions._tcp.stranger.test': { SRV: [[0, 1, 465, 'sending.stranger.test']] },
      },
    },
    'broken.test': { records: { 'broken.test': { fault: 'servfail' } } },
    'house.lab': {
      hosts: {
        'mail.house.lab': {
          mail: {
            993: { protocol: 'imap', mode: 'tls' },
            995: { protocol: 'pop3', mode: 'tls' },
            465: { protocol: 'smtp', mode: 'tls' },
          },
        },
      },
    },
  }),
})
const publicUrl = 'https://config.house.lab'
const { app, logLines, ...service } = serviceBeside(lab, {
  MAILSCOUT_PROVIDERS_DIR: operator,
  MAILSCOUT_PUBLIC_URL: `${publicUrl}/`,
  MAILSCOUT_BUDGET_MS: '2000',
})
t.teardown(async () => {
  await service.close()
  await lab.close()
})

const get = (url: string, host: string, headers: Readonly<Record<string, string>> = {}) =>
  app.inject({ url, headers: { host, ...headers } })

const POX = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a'
const MOBILESYNC = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006'
function pox(email: string, schema = POX): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
  <Request><EMailAddress>${email}</EMailAddress><AcceptableResponseSchema>${schema}</AcceptableResponseSchema></Request>
</Autodiscover>`
}
const post = (
  payload: string,
  options: { url?: string; host?: string; headers?: Readonly<Record<string, string>> } = {},
) =>
  app.inject({
    method: 'POST',
    url: options.url ?? '/autodiscover/autodiscover.xml',
    headers: {
      host: options.host ?? 'autodiscover.house.lab',
      'content-type': 'text/xml; charset=utf-8',
      ...options.headers,
    },
    payload,
  })
const FORM = { host: 'x.test', 'content-type': 'application/x-www-form-urlencoded' }
const errorCode = (body: string) => /<ErrorCode>(\d+)<\/ErrorCode>/.exec(body)?.[1]

t.test('which Host means which domain', (t) => {
  const own = new Set(['house.lab', 'xn--bcher-kva.lab'])
  const read = (host: string | undefined) => {
    const authority = readAuthority(host, (domain) => own.has(domain))
    return authority && `${authority.service} ${authority.domain}`
  }
  t.equal(read('autoconfig.house.lab'), 'autoconfig house.lab')
  t.equal(read('AutoDiscover.House.LAB:8443'), 'autodiscover house.lab')
  t.equal(read('ua-auto-config.house.lab.'), 'ua-auto-config house.lab', 'a name may end in a dot')
  t.equal(read('house.lab'), 'domain house.lab')
  t.equal(read('autoconfig.xn--bcher-kva.lab'), 'autoconfig xn--bcher-kva.lab')
  const nothing = [
    undefined,
    '',
    'lab',
    'autoconfig',
    'autoconfig.',
    'autoconfig..house.lab',
    'autoconfig.autoconfig.house.lab',
    'autoconfig.house.lab.evil.test',
    'mail.house.lab',
    'notautoconfig.house.lab',
    'autoconfig-house.lab',
    'autoconfig.house.lab@evil.test',
    'evil.test@autoconfig.house.lab',
    'autoconfig.house.lab:0x50',
    'autoconfig.house.lab:999999',
    'autoconfig.house.lab/',
    'autoconfig.house.lab;x',
    'autoconfig.house.lab, evil.test',
    'autoconfig.house.lab evil.test',
    'autoconfig.house.lab%00',
    'autoconfig。house。lab',
    '[::1]',
    '127.0.0.1',
    '../autoconfig.house.lab',
  ]
  for (const host of nothing) t.equal(read(host), null, JSON.stringify(host))
  t.end()
})

t.test('autoconfig by Host, for Thunderbird for Android that never sends the address', async (t) => {
  for (const path of [
    '/mail/config-v1.1.xml',
    '/.well-known/autoconfig/mail/config-v1.1.xml',
    '/.well-known/mail-v1.xml',
  ]) {
    for (const host of ['autoconfig.house.lab', 'house.lab', 'autoconfig.xn--bcher-kva.lab:443']) {
      const { statusCode, headers, body } = await get(path, host)
      t.equal(statusCode, 200, `${host}${path}`)
      t.equal(headers['content-type'], 'text/xml; charset=utf-8')
      t.match(headers['cache-control'], /^public, max-age=\d+$/)
      t.match(body, '<username>%EMAILADDRESS%</username>', 'placeholders stay')
      const domain = host.replace(/^autoconfig\.|:443$/g, '')
      t.match(body, `<domain>${domain}</domain>`)
      t.equal(body.match(/<domain>/g)?.length, 1, 'and no other of the customers (R44)')
    }
    for (const host of [
      'evil.test',
      'autodiscover.house.lab',
      'ua-auto-config.house.lab',
      'mail.house.lab',
    ]) {
      t.equal((await get(path, host)).statusCode, 404, `${host}${path}`)
    }
  }
  t.equal(
    (await get('/mail/config-v1.1.xml', 'autoconfig.none.lab')).statusCode,
    404,
    'a domain without access',
  )
})

t.test('an address decides before the Host; hosters answer for whom their MX serves', async (t) => {
  const ask = (host: string, address: string) =>
    get(`/mail/config-v1.1.xml?emailaddress=${encodeURIComponent(address)}`, host)
  const second = await ask('autoconfig.house.lab', 'Ann@second.lab')
  t.equal(second.headers['cache-control'], 'no-store')
  t.match(second.body, '<domain>second.lab</domain>')
  t.match(second.body, '<username>Ann@second.lab</username>')
  const evolution = await ask('autoconfig.house.lab', 'EVOLUTIONUSER@house.lab')
  t.match(evolution.body, '<username>EVOLUTIONUSER@house.lab</username>')
  const customer = await ask('autoconfig.house.lab', 'ann@customer.test')
  t.equal(customer.statusCode, 200, 'its MX leads to the operator’s entry')
  t.match(customer.body, '<hostname>mail.house.lab</hostname>')
  t.match(customer.body, '<domain>customer.test</domain>')
  const stranger = await ask('autoconfig.house.lab', 'ann@stranger.test')
  t.equal(stranger.statusCode, 404, 'not at the operator’s name')
  t.equal((await ask('resolver.test', 'ann@stranger.test')).statusCode, 200, 'but in the other role')
  t.equal(
    (await ask('autoconfig.house.lab', 'ann@broken.test')).statusCode,
    503,
    'unknown is no absence (R37)',
  )
})

t.test('user names by template of the entry', async (t) => {
  const cases = [
    ['ann@house.lab', 'ann@house.lab'],
    ['ann@dotted.lab', 'ann.dotted.lab'],
    ['Ann.Bee@short.lab', 'Ann.Bee'],
  ]
  for (const [address = '', username = ''] of cases) {
    const xml = (await get(`/mail/config-v1.1.xml?emailaddress=${address}`, 'x.test')).body
    const written = [...xml.matchAll(/<username>(.*)<\/username>/g)].map(([, name]) => name)
    t.ok(written.length >= 3)
    t.same([...new Set(written)], [username])
    const answer = await post(pox(address))
    t.match(answer.body, `<LoginName>${username}</LoginName>`)
  }
  const dotted = (await get('/mail/config-v1.1.xml', 'autoconfig.dotted.lab')).body
  t.match(dotted, '<username>%EMAILLOCALPART%.%EMAILDOMAIN%</username>')
})

t.test('user names by lookup file, and the same look for addresses that are not in it', async (t) => {
  const views = async (address: string): Promise<Record<string, string>> => ({
    autoconfig: (await get(`/mail/config-v1.1.xml?emailaddress=${address}`, 'autoconfig.mapped.lab')).body,
    autodiscover: (await post(pox(address))).body,
    mobileconfig: (await get(`/v1/mobileconfig?email=${address}`, 'x.test')).body,
    xml: (await get(`/v1/discover?email=${address}`, 'x.test', { accept: 'text/xml' })).body,
    text: (await get(`/v1/discover?email=${address}`, 'x.test', { accept: 'text/plain' })).body,
    json: JSON.stringify(
      (({ servers, recommendation }) => ({ servers, recommendation }))(
        (await get(`/v1/discover?email=${address}`, 'x.test')).json<DiscoverAnswer>(),
      ),
    ),
    guide: (await get(`/v1/guides/thunderbird?email=${address}`, 'x.test')).body,
    page: (await app.inject({ method: 'POST', url: '/', headers: FORM, payload: `email=${address}` })).body,
  })
  const loginsIn = (body: string) => [...new Set(body.match(/\bp\d{6}\b/g))]
  const ann = await views('ann@mapped.lab')
  const bob = await views('bob@mapped.lab')
  const again = await views('bob@mapped.lab')
  const [decoy = ''] = loginsIn(bob['autoconfig'] ?? '')
  t.match(decoy, /^p\d{6}$/)
  t.not(decoy, 'p104711')
  for (const [format, body] of Object.entries(ann)) {
    t.same(loginsIn(body), ['p104711'], format)
    t.same(loginsIn(bob[format] ?? ''), [decoy], `${format}, and all of them agree`)
    t.same(loginsIn(again[format] ?? ''), [decoy], `${format}, again`)
  }
  for (const format of ['autoconfig', 'autodiscover', 'xml']) {
    const renamed = ann[format]?.replaceAll('ann@', 'bob@').replaceAll('p104711', decoy)
    t.equal(bob[format], renamed, `${format} differs in nothing else (R43)`)
  }
  for (const { url, host } of [
    { url: '/mail/config-v1.1.xml', host: 'autoconfig.mapped.lab' },
    { url: '/v1.1/mapped.lab', host: 'x.test' },
  ])
    t.match((await get(url, host)).body, '<username>%EMAILADDRESS%</username>', 'no address, no login')
  const evolution = await get('/mail/config-v1.1.xml?emailaddress=EVOLUTIONUSER@mapped.lab', 'x.test')
  t.match(evolution.body, '<username>EVOLUTIONUSER@mapped.lab</username>', 'Evolution fills in the person')
  t.notMatch((await get('/v1/domains/mapped.lab', 'x.test')).body, /p\d{6}/, 'nothing of it was kept')
  t.notMatch(logLines.join(''), new RegExp(`p104711|${decoy}|ann@|bob@`))
})

t.test('the file is the answer, whatever a live check or another source says', async (t) => {
  const before = (await get('/mail/config-v1.1.xml', 'autoconfig.oauth.lab')).body
  await app.inject('/v1/discover?email=ann@oauth.lab&verify=always&refresh=true')
  await service.mailscout.service.idle()
  t.equal((await get('/mail/config-v1.1.xml', 'autoconfig.oauth.lab')).body, before)
})

t.test('Autodiscover: the document of R45, in any letter case of the path', async (t) => {
  const paths = [
    '/autodiscover/autodiscover.xml',
    '/Autodiscover/Autodiscover.xml',
    '/AutoDiscover/AutoDiscover.XML',
    '/AUTODISCOVER/AUTODISCOVER.XML?x=Y',
  ]
  for (const url of paths) {
    const { statusCode, headers, body } = await post(pox('Ann@house.lab'), { url })
    t.equal(statusCode, 200, url)
    t.equal(headers['content-type'], 'text/xml; charset=utf-8')
    t.equal(headers['cache-control'], 'no-store')
    const parsed = new XMLParser({ ignoreAttributes: false, parseTagValue: false }).parse(body) as {
      Autodiscover: { Response: { Account: { Protocol: object[] } } }
    }
    t.match(parsed.Autodiscover.Response, {
      '@_xmlns': POX,
      User: { DisplayName: 'Ann@house.lab' },
      Account: { AccountType: 'email', Action: 'settings' },
    })
    t.match(parsed.Autodiscover.Response.Account.Protocol[0], {
      Type: 'IMAP',
      Server: 'mail.house.lab',
      Port: '993',
      LoginName: 'Ann@house.lab',
      SSL: 'on',
      Encryption: 'SSL',
    })
  }
  t.equal(
    (await post(pox('nobody.at.all@house.lab'))).body,
    (await post(pox('Ann@house.lab'))).body.replaceAll('Ann@', 'nobody.at.all@'),
    'every mailbox reads alike (R43)',
  )
  t.equal((await post(pox('ann@house.lab'), { host: 'config.house.lab' })).statusCode, 200, 'the SRV target')
  t.equal((await post(pox('ann@house.lab'), { host: 'house.lab' })).statusCode, 200)
  for (const host of ['evil.test', 'autoconfig.house.lab', '127.0.0.1']) {
    t.equal((await post(pox('ann@house.lab'), { host })).statusCode, 404, host)
  }
  const types = ['application/xml', 'application/xml; charset=UTF-8', 'text/plain']
  for (const type of types) {
    const labelled = await post(pox('ann@house.lab'), { headers: { 'content-type': type } })
    t.match(labelled.body, '<Type>IMAP</Type>', type)
  }
})

t.test('Autodiscover: errors are documents with status 200', async (t) => {
  const cases: [string, string, string][] = [
    ['an address elsewhere', pox('ann@stranger.test'), '500'],
    ['a customer without file', pox('ann@customer.test'), '500'],
    ['settings that the format cannot say', pox('ann@oauth.lab'), '501'],
    ['a domain without access', pox('ann@none.lab'), '501'],
    ['no XML', 'hello', '600'],
    ['nothing', '', '600'],
    ['JSON', '{}', '600'],
    ['another root', '<a/>', '600'],
    ['a DTD', `<!DOCTYPE a [<!ENTITY b "c">]>${pox('ann@house.lab')}`, '600'],
    ['an unknown schema', pox('ann@house.lab', 'http://evil.test/schema'), '601'],
    ['mobilesync of the new Outlook', pox('ann@house.lab', MOBILESYNC), '601'],
    ['no address', pox('nonsense'), '602'],
    ['too much', `${pox('ann@house.lab')}${' '.repeat(70_000)}`, '600'],
  ]
  for (const [name, body, code] of cases) {
    const response = await post(body)
    t.equal(response.statusCode, 200, name)
    t.equal(errorCode(response.body), code, name)
    t.equal(response.headers['content-type'], 'text/xml; charset=utf-8')
    t.match(response.body, /<Error Time="\d\d:\d\d:\d\d\.\d{7}" Id="\d+">/)
    t.notMatch(response.body, 'evil.test', 'the schema is never reflected')
  }
  const looked = await get('/Autodiscover/Autodiscover.xml', 'autodiscover.house.lab')
  t.equal(looked.statusCode, 200, 'administrators test with a browser')
  t.equal(errorCode(looked.body), '600')
})

t.test('Autodiscover: sign-in is neither asked for, looked at nor logged (R5, R43)', async (t) => {
  const secret = Buffer.from('ann:hunter2').toString('base64')
  const headers = { authorization: `Basic ${secret}` }
  const signed = await post(pox('ann@house.lab'), { headers })
  t.equal(signed.body, (await post(pox('ann@house.lab'))).body)
  t.equal(signed.headers['www-authenticate'], undefined)
  await post('rubbish', { headers })
  t.ok(logLines.length > 0)
  t.notMatch(logLines.join(''), new RegExp(`${secret}|hunter2|authorization|ann@`, 'i'))
})

t.test('Autodiscover version 2 tells where version 1 is', async (t) => {
  const pointer = { Protocol: 'AutodiscoverV1', Url: `${publicUrl}/autodiscover/autodiscover.xml` }
  const host = 'autodiscover.house.lab'
  for (const url of [
    '/autodiscover/autodiscover.json?Email=ann@house.lab&Protocol=AutodiscoverV1&RedirectCount=1',
    '/Autodiscover/Autodiscover.json?email=ann@house.lab&protocol=autodiscoverv1',
    '/autodiscover/autodiscover.json?Protocol=AutodiscoverV1',
    '/autodiscover/autodiscover.json/v1.0/ann@house.lab?Protocol=AutodiscoverV1',
    '/AutoDiscover/AutoDiscover.json/v1.0/Ann@house.lab?Protocol=AutodiscoverV1',
  ]) {
    const response = await get(url, host)
    t.equal(response.statusCode, 200, url)
    t.same(response.json(), pointer, url)
  }
  const refused: [string, number, string][] = [
    ['?Email=ann@house.lab', 400, 'MandatoryParameterMissing'],
    ['?Email=ann@house.lab&Protocol=ActiveSync', 400, 'InvalidProtocol'],
    ['?Email=ann@house.lab&Protocol=<x>', 400, 'InvalidProtocol'],
    ['?Email=ann@house.lab&Protocol=a&Protocol=b', 400, 'MandatoryParameterMissing'],
    ['?Email=ann@stranger.test&Protocol=AutodiscoverV1', 404, 'UserNotFound'],
    ['?Email=nonsense&Protocol=AutodiscoverV1', 404, 'UserNotFound'],
  ]
  for (const [query, status, code] of refused) {
    const response = await get(`/autodiscover/autodiscover.json${query}`, host)
    t.equal(response.statusCode, status, query)
    t.equal(response.json<{ ErrorCode: string }>().ErrorCode, code)
    t.notMatch(response.body, '<x>', 'nothing of the question is repeated')
  }
  t.equal((await get('/autodiscover/autodiscover.json?Protocol=AutodiscoverV1', 'evil.test')).statusCode, 404)
  t.equal(lowerCaseAutodiscover('/V1/Discover?email=A@b.c'), '/V1/Discover?email=A@b.c')
  t.equal(lowerCaseAutodiscover('/Autodiscover/Autodiscover.xmlX'), '/Autodiscover/Autodiscover.xmlX')
})

t.test('PACC: the bytes fit the digest in the zone text (R48)', async (t) => {
  const path = '/.well-known/user-agent-configuration.json'
  for (const host of ['ua-auto-config.house.lab', 'house.lab']) {
    const { statusCode, headers, rawPayload, body } = await get(path, host)
    t.equal(statusCode, 200, host)
    t.equal(headers['content-type'], 'application/json; charset=utf-8')
    t.equal(headers['access-control-allow-origin'], '*')
    t.match(JSON.parse(body), {
      protocols: { imap: { host: 'mail.house.lab' }, submit: { host: 'mail.house.lab' } },
    })
    const zone = (await get('/v1/domains/house.lab/zone', 'x.test')).body
    const digest = createHash('sha256').update(rawPayload).digest('base64')
    t.match(zone, `_ua-auto-config IN TXT "v=UAAC1; a=sha256; d=${digest}"`)
    const again = await get(path, host, { 'if-none-match': String(headers['etag']) })
    t.equal(again.statusCode, 304)
  }
  for (const host of ['evil.test', 'autoconfig.house.lab', 'config.house.lab', 'ua-auto-config.short.lab']) {
    t.equal((await get(path, host)).statusCode, 404, host)
  }
})

t.test('certificates on demand: prefixes of own domains alone', async (t) => {
  const ask = async (domain: string) => (await get(`/v1/tls/ask?domain=${domain}`, '127.0.0.1')).statusCode
  for (const prefix of ['autoconfig', 'autodiscover', 'ua-auto-config']) {
    t.equal(await ask(`${prefix}.second.lab`), 200)
  }
  for (const domain of ['second.lab', 'mail.second.lab', 'autoconfig.stranger.test', 'x', '127.0.0.1', '']) {
    t.equal(await ask(domain), 404, domain)
  }
  t.equal((await get('/v1/tls/ask', 'x')).statusCode, 400)
})

t.test('nothing but the Host and the address moves the answer', async (t) => {
  const forwarded = {
    'x-forwarded-host': 'autoconfig.house.lab',
    'x-host': 'autoconfig.house.lab',
    forwarded: 'host=autoconfig.house.lab',
    'x-original-url': '/mail/config-v1.1.xml?emailaddress=a@house.lab',
    'x-rewrite-url': '/healthz',
  }
  t.equal((await get('/mail/config-v1.1.xml', 'evil.test', forwarded)).statusCode, 404)
  const plain = await get('/mail/config-v1.1.xml', 'autoconfig.house.lab')
  const pushed = await get('/mail/config-v1.1.xml', 'autoconfig.house.lab', {
    ...forwarded,
    'x-forwarded-host': 'autoconfig.second.lab',
  })
  t.equal(pushed.body, plain.body)
  const strange = [
    '/mail/..%2fconfig-v1.1.xml',
    '/mail/config-v1.1.xml;x=1',
    '/mail/config-v1.1.xml%00',
    '//mail/config-v1.1.xml',
    '/@house.lab/mail/config-v1.1.xml',
    '/v1.1/..%2f..%2fetc%2fpasswd',
    '/v1.1/house.lab;evil.test',
    '/v1.1/house.lab@evil.test',
    '/v1.1/ann@house.lab',
    '/v1.1/house.lab%2f',
    '/v1/domains/..%2fhouse.lab/zone',
    '/v1/domains/house.lab;x/zone',
    '/v1/domains/%0d%0aset-cookie:x/zone',
  ]
  for (const url of strange) {
    const { statusCode, body } = await get(url, 'autoconfig.house.lab')
    t.ok(statusCode === 404 || statusCode === 400, `${url}: ${statusCode}`)
    t.notMatch(body, 'mail.house.lab')
  }
})
