import fc from 'fast-check'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import t from 'tap'
import {
  type AutodiscoverAnswer,
  readAutodiscover,
  writeAutodiscoverRequest,
} from '../../src/formats/autodiscover-read.js'
import { readSecurity } from '../../src/formats/autodiscover-security.js'
import {
  readAutodiscoverRequest,
  writeAutodiscover,
  writeAutodiscoverError,
  writeAutodiscoverJson,
  writeMobileSync,
} from '../../src/formats/autodiscover-write.js'
import { digestMatches, readPacc, writePacc } from '../../src/formats/pacc.js'
import { settingsView } from '../../src/formats/settings-view.js'
import { readXml } from '../../src/formats/xml.js'
import { email, host, sampleDiscovery, sampleServer, sampleServers } from './sample-discovery.js'

const bytes = (text: string) => new TextEncoder().encode(text)
const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url))
const context = { domain: host('kunde.de'), source: 'pacc', sentAddress: 'ann@kunde.de' } as const
const view = (servers = {}, change = {}, address: ReturnType<typeof email> | null = null) =>
  settingsView(sampleDiscovery({ servers: sampleServers(servers), ...change }), address)

function pacc(value: unknown) {
  const result = readPacc(bytes(typeof value === 'string' ? value : JSON.stringify(value)), context)
  if (!result.ok) throw new Error(result.failure.detail)
  return result.document
}

const PACC = {
  protocols: { imap: { host: 'imap.kunde.de' } },
  authentication: { password: true },
  info: { provider: { name: 'Kunde' } },
}

t.test('pacc: the minimal document', (t) => {
  const read = pacc(PACC)
  t.same(read.servers, [
    {
      protocol: 'imap',
      hostname: 'imap.kunde.de',
      port: 993,
      security: 'tls',
      username: '%EMAILADDRESS%',
      authentication: ['password-cleartext'],
      declaredOrder: 0,
    },
  ])
  t.same(read.provider, { id: 'kunde.de', name: 'Kunde', documentation: [] })
  t.equal(read.oauth2, null)
  t.end()
})

t.test('pacc: a full document of 2026-11-23', (t) => {
  const read = pacc(fixture('pacc-2026-11-23.json').toString())
  t.same(
    read.servers.map(({ protocol, hostname, port, security, url }) => [
      protocol,
      hostname,
      port,
      security,
      url,
    ]),
    [
      ['imap', 'imap.kunde.de', 993, 'tls', undefined],
      ['pop3', 'pop.kunde.de', 995, 'tls', undefined],
      ['smtp', 'submit.kunde.de', 465, 'tls', undefined],
      ['managesieve', 'sieve.kunde.de', 4190, 'starttls', undefined],
      ['jmap', 'jmap.kunde.de', 443, 'tls', 'https://jmap.kunde.de/session'],
      ['caldav', 'sync.kunde.de', 443, 'tls', 'https://sync.kunde.de/calendar/'],
    ],
  )
  t.same(read.servers[0]?.authentication, ['oauth2', 'password-cleartext'])
  t.same(read.oauth2, { issuer: 'https://auth.kunde.de/', scopes: [] })
  t.same(
    read.rejected.map(({ protocol, reason }) => [protocol, reason]),
    [['carddav', 'invalid-hostname']],
  )
  t.same(read.provider.documentation, [{ url: 'https://hilfe.kunde.de/mail' }])
  t.end()
})

t.test('pacc: one change each', (t) => {
  const legacy = { ...PACC, protocols: { smtp: { host: 'smtp.kunde.de' } } }
  t.equal(pacc(legacy).servers[0]?.hostname, 'smtp.kunde.de', 'legacy name (R29)')
  for (const wrong of [{}, { host: '' }, { host: 5 }, { host: '127.0.0.1' }, 'imap.kunde.de', null, ['x']]) {
    const read = pacc({ ...PACC, protocols: { imap: wrong, pop3: { host: 'pop.kunde.de' } } })
    t.same(read.servers.length, 1, JSON.stringify(wrong))
    t.equal(read.rejected[0]?.protocol, 'imap')
  }
  t.same(pacc({ protocols: {} }).servers, [])
  t.same(pacc({ ...PACC, authentication: { password: 'yes' } }).servers[0]?.authentication, [])
  t.equal(pacc({ ...PACC, authentication: { 'oauth-public': { issuer: 'http://x.de' } } }).oauth2, null)
  t.equal(pacc({ ...PACC, info: { provider: { shortName: 'K\u202e' } } }).provider.name, 'K')
  t.equal(pacc({ ...PACC, info: 1 }).provider.name, 'kunde.de')
  t.equal(pacc('{"protocols":{"__proto__":{"imap":{"host":"x.de"}},"constructor":{}}}').servers.length, 0)
  for (const text of [
    '',
    '[]',
    '1',
    '{"protocols":1}',
    '{',
    '['.repeat(50_000),
    `{"a":${'['.repeat(20)}${']'.repeat(20)}}`,
  ]) {
    t.match(readPacc(bytes(text), context), { ok: false, failure: { code: 'document' } }, text.slice(0, 20))
  }
  t.match(readPacc(new Uint8Array(200_000), context), { ok: false })
  t.match(readPacc(Uint8Array.of(0x22, 0xff, 0x22), context), { ok: false })
  t.match(pacc('{"protocols":{},"x":"\\"[[[[[[[[[[[[[[[[[[[[[[[["}').servers, [])
  t.end()
})

t.test('pacc: the digest (R29)', (t) => {
  const body = bytes('{}\n')
  const digest = createHash('sha256').update(body).digest('base64')
  const good = `v=UAAC1; a=sha256; d=${digest}`
  t.ok(digestMatches(body, [good]))
  t.ok(digestMatches(body, [`v=UAAC1;a=SHA256;d=${digest};x=y`]))
  t.ok(digestMatches(body, ['v=spf1 -all', `v=UAAC1; a=sha256; d=${'A'.repeat(43)}=`, good]), 'rollover')
  const bad = [
    '',
    `v=UAAC2; a=sha256; d=${digest}`,
    `v=UAAC1; a=sha1; d=${digest}`,
    `a=sha256; d=${digest}`,
    'v=UAAC1; a=sha256; d=',
    'v=UAAC1; a=sha256',
    `v=UAAC1; a=sha256; d=${digest.slice(0, 43)}`,
    `v=UAAC1; a=sha256; d=${digest}!!`,
    `v=UAAC1; a=sha256; d=${Buffer.from('short').toString('base64')}`,
  ]
  for (const record of bad) t.notOk(digestMatches(body, [record]), record)
  t.notOk(digestMatches(bytes('{}'), [good]), 'one byte less')
  t.notOk(digestMatches(body, []))
  t.end()
})

t.test('pacc: body and digest come from one generator (R48) and read back', (t) => {
  const written = writePacc(
    view({ jmap: [sampleServer('jmap.provider.de', 443, { url: 'https://jmap.provider.de/s' })] }),
  )
  if (written === null) throw new Error('not written')
  t.ok(digestMatches(bytes(written.body), [written.txt]))
  t.same(writePacc(view()), writePacc(view()))
  const read = pacc(written.body)
  t.same(
    read.servers.map(({ protocol, hostname, port, security }) => [protocol, hostname, port, security]),
    [
      ['imap', 'imap.provider.de', 993, 'tls'],
      ['pop3', 'pop.provider.de', 995, 'tls'],
      ['smtp', 'smtp.provider.de', 465, 'tls'],
      ['jmap', 'jmap.provider.de', 443, 'tls'],
    ],
  )
  t.equal(read.provider.name, 'Provider AG')
  t.match(written.body, '"submit"')
  t.end()
})

t.test('pacc: what the format cannot say is not written', (t) => {
  const other = (change: object) => [sampleServer('imap.provider.de', 993, change)]
  const none = { pop3: [] }
  t.equal(writePacc(view({ ...none, imap: [sampleServer('imap.provider.de', 1993)] })), null, 'other port')
  t.equal(writePacc(view({ ...none, imap: other({ security: 'starttls' }) })), null)
  t.equal(writePacc(view({ ...none, imap: other({ username: '%EMAILLOCALPART%' }) })), null)
  t.equal(writePacc(view({ ...none, imap: other({ authentication: ['oauth2'] }) })), null, 'no issuer known')
  t.equal(writePacc(view({ smtp: [] })), null)
  const oauth2 = { issuer: 'https://login.provider.de', scopes: [] }
  const both = { authentication: ['oauth2', 'password-cleartext'] }
  const oauth = view(
    {
      ...none,
      imap: other({ authentication: ['oauth2'] }),
      smtp: [sampleServer('smtp.provider.de', 465, both as object)],
    },
    { oauth2, provider: null },
  )
  const written = writePacc(oauth)
  t.same(JSON.parse(written?.body ?? '{}'), {
    protocols: { imap: { host: 'imap.provider.de' }, submit: { host: 'smtp.provider.de' } },
    authentication: { 'oauth-public': { issuer: 'https://login.provider.de' }, password: false },
    info: { provider: { name: 'kunde.de', shortName: 'kunde.de' } },
  })
  const bare = { oauth2: { ...oauth2, issuer: 'login.provider.de' } }
  t.equal(writePacc(view({ ...none, imap: other({ authentication: ['oauth2'] }) }, bare)), null, 'no URL')
  const personal = [sampleServer('dav.provider.de', 443, { url: 'https://dav.provider.de/%EMAILADDRESS%' })]
  t.notMatch(writePacc(view({ caldav: personal }))?.body, 'dav.provider.de')
  t.end()
})

t.test('autodiscover: what SSL, Encryption and port mean together (R22)', (t) => {
  const cases: [string | null, string | null, number, string][] = [
    [null, null, 993, 'tls'],
    ['on', null, 993, 'tls'],
    ['On', null, 143, 'starttls'],
    ['on', null, 587, 'starttls'],
    ['on', null, 2993, 'tls'],
    ['off', null, 143, 'plain'],
    ['yes', null, 993, 'invalid-security'],
    ['on', 'None', 993, 'plain'],
    ['off', 'SSL', 993, 'tls'],
    ['off', 'TLS', 587, 'starttls'],
    ['on', 'SSL', 143, 'starttls'],
    ['on', 'SSL', 2993, 'tls'],
    ['on', 'TLS', 465, 'tls'],
    ['on', 'TLS', 2587, 'starttls'],
    ['on', 'Auto', 995, 'tls'],
    ['on', 'auto', 110, 'starttls'],
    [null, 'Auto', 2525, 'starttls'],
    ['off', 'starttls', 587, 'starttls'],
    ['yes', 'rubbish', 25, 'starttls'],
  ]
  for (const [ssl, encryption, port, expected] of cases) {
    const read = readSecurity(ssl, encryption, port)
    t.equal(read.ok ? read.value : read.reason, expected, `${String(ssl)} ${String(encryption)} ${port}`)
  }
  t.end()
})

const OUTLOOK = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a'

function response(inner: string): string {
  return `<?xml version="1.0"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"><Response xmlns="${OUTLOOK}">${inner}</Response></Autodiscover>`
}

const IMAP = {
  Type: 'IMAP',
  Server: 'imap.kunde.de',
  Port: '993',
  LoginName: 'ann@kunde.de',
  SSL: 'on',
  SPA: 'off',
}

function account(change: Record<string, string | null> = {}, more = ''): string {
  const merged: Record<string, string | null> = { ...IMAP, ...change }
  const fields = Object.entries(merged)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `<${name}>${value ?? ''}</${name}>`)
    .join('')
  return response(
    `<Account><AccountType>email</AccountType><Action>settings</Action><Protocol>${fields}</Protocol>${more}</Account>`,
  )
}

function settings(text: string | Uint8Array): AutodiscoverAnswer & { kind: 'settings' } {
  const read = readAutodiscover(typeof text === 'string' ? bytes(text) : text, context)
  if (read.kind !== 'settings') throw new Error(JSON.stringify(read))
  return read
}

t.test('autodiscover: the minimal answer, and one change each', (t) => {
  t.same(settings(account()).servers, [
    {
      protocol: 'imap',
      hostname: 'imap.kunde.de',
      port: 993,
      security: 'tls',
      username: '%EMAILADDRESS%',
      authentication: ['password-cleartext'],
      declaredOrder: 0,
    },
  ])
  const reason = (change: Record<string, string | null>) => settings(account(change)).rejected[0]?.reason
  t.equal(reason({ Server: '10.0.0.1' }), 'invalid-hostname')
  t.equal(reason({ Server: null }), 'incomplete')
  t.equal(reason({ Port: '99999' }), 'invalid-port')
  t.equal(reason({ Port: null }), 'incomplete')
  t.equal(reason({ SSL: 'yes' }), 'invalid-security')
  t.equal(reason({ SSL: 'on', Encryption: 'None' }), 'cleartext')
  t.match(settings(account({ SSL: 'off' })).rejected[0]?.server, { security: 'plain' }, 'kept (R20)')
  const one = (change: Record<string, string | null>) => settings(account(change)).servers[0]
  t.same(one({ SPA: 'on' })?.authentication, ['ntlm'])
  t.same(one({ SPA: null })?.authentication, [])
  t.same(one({ AuthRequired: 'off' })?.authentication, ['none'])
  const logins: Record<string, string | null> = {
    'ANN@kunde.de': '%EMAILADDRESS%',
    ann: '%EMAILLOCALPART%',
    'KUNDE\\ann': 'KUNDE\\%EMAILLOCALPART%',
    'kunde.intern/Ann@kunde.de': 'kunde.intern/%EMAILADDRESS%',
    'joann@kunde.de': null,
    'ann@kunde.de@x': null,
    'ann@other.de': null,
    u12345: null,
    'ann%x%': null,
  }
  for (const [login, template] of Object.entries(logins)) {
    t.equal(one({ LoginName: login })?.username, template, login)
  }
  t.equal(one({ LoginName: null })?.username, null)
  const many = '<Protocol><Type>SMTP</Type></Protocol>'.repeat(40)
  t.equal(settings(account({}, many)).rejected.at(-1)?.reason, 'limit')
  t.same(settings(account({ Type: 'NNTP' })).servers, [])
  t.end()
})

t.test('autodiscover: Exchange, redirects and errors', (t) => {
  const read = settings(fixture('autodiscover-exchange-2026-11-23.xml'))
  t.same(
    read.servers.map(({ protocol, hostname, url }) => [protocol, hostname, url]),
    [
      ['exchange', 'mail.kunde.de', 'https://mail.kunde.de/EWS/Exchange.asmx'],
      ['exchange', 'mail.kunde.de', 'https://mail.kunde.de/owa/'],
      ['imap', 'imap.kunde.de', undefined],
    ],
  )
  const answer = (inner: string) => readAutodiscover(bytes(response(inner)), context)
  const redirect = (inner: string) => answer(`<Account><AccountType>email</AccountType>${inner}</Account>`)
  t.same(redirect('<Action>redirectUrl</Action><RedirectUrl>https://ad.kunde.de/x.xml</RedirectUrl>'), {
    kind: 'redirect-url',
    url: 'https://ad.kunde.de/x.xml',
  })
  t.match(redirect('<Action>redirectUrl</Action><RedirectUrl>http://ad.kunde.de/</RedirectUrl>'), {
    kind: 'failed',
  })
  t.same(redirect('<Action>redirectAddr</Action><RedirectAddr>ann@neu.kunde.de</RedirectAddr>'), {
    kind: 'redirect-address',
    domain: 'neu.kunde.de',
  })
  t.match(redirect('<Action>redirectAddr</Action>'), { kind: 'failed' })
  t.same(
    answer(
      '<Error Time="1" Id="2"><ErrorCode>600</ErrorCode><Message>Invalid\u202e Request</Message></Error>',
    ),
    {
      kind: 'error',
      code: 600,
      message: 'Invalid Request',
    },
  )
  t.same(answer('<Error/>'), { kind: 'error', code: 0, message: '' })
  for (const text of ['<html></html>', '<Autodiscover/>', response(''), '<Other/>']) {
    t.match(readAutodiscover(bytes(text), context), { kind: 'failed', failure: { code: 'document' } }, text)
  }
  t.end()
})

t.test('autodiscover: the question asks for nothing but settings', (t) => {
  const request = writeAutodiscoverRequest('placeholder@kunde.de')
  t.match(request, '<EMailAddress>placeholder@kunde.de</EMailAddress>')
  t.match(readAutodiscoverRequest(bytes(request)), {
    kind: 'outlook',
    address: { address: 'placeholder@kunde.de' },
  })
  t.notMatch(request, /password|authorization/i)
  t.end()
})

t.test('autodiscover: requests to us (R45)', (t) => {
  const ask = (schema: string, address = 'Ann@kunde.de') =>
    readAutodiscoverRequest(
      bytes(
        `\uFEFF<x:Autodiscover xmlns:x="y"><x:Request><x:EMailAddress>${address}</x:EMailAddress><x:AcceptableResponseSchema>${schema}</x:AcceptableResponseSchema></x:Request></x:Autodiscover>`,
      ),
    )
  t.match(ask(OUTLOOK), { kind: 'outlook', address: { localPart: 'Ann' } })
  const mobile = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006'
  t.match(ask(mobile), { kind: 'mobilesync' })
  t.same(ask('http://example.org/other'), { kind: 'error', code: 601 })
  t.same(ask(''), { kind: 'error', code: 600 })
  t.same(ask(OUTLOOK, ''), { kind: 'error', code: 600 })
  t.same(ask(OUTLOOK, 'nobody'), { kind: 'error', code: 602 })
  for (const text of ['', 'x', '<Autodiscover/>', '<Other><Request/></Other>', ' '.repeat(70_000)]) {
    t.same(readAutodiscoverRequest(bytes(text)), { kind: 'error', code: 600 })
  }
  t.end()
})

t.test('autodiscover: answers of ours (R45)', (t) => {
  const xml = writeAutodiscover(view({}, {}, email('Ann@kunde.de')))
  t.equal(xml, fixture('autodiscover-written-2026-11-23.xml').toString())
  const read = readAutodiscover(bytes(xml ?? ''), { ...context, sentAddress: 'Ann@kunde.de' })
  t.match(read, {
    kind: 'settings',
    servers: [
      {
        protocol: 'imap',
        hostname: 'imap.provider.de',
        port: 993,
        security: 'tls',
        username: '%EMAILADDRESS%',
      },
      { protocol: 'pop3', hostname: 'pop.provider.de', port: 995, security: 'tls' },
      { protocol: 'smtp', hostname: 'smtp.provider.de', port: 465, security: 'tls' },
    ],
  })
  const ann = email('ann@kunde.de')
  const starttls = writeAutodiscover(
    view({ smtp: [sampleServer('s.de', 587, { security: 'starttls' })] }, {}, ann),
  )
  t.match(starttls, /<SSL>on<\/SSL>\s*<Encryption>TLS</, 'SSL is always on')
  t.equal(writeAutodiscover(view()), null, 'no address')
  t.equal(writeAutodiscover(view({ smtp: [] }, {}, ann)), null)
  const oauth = { authentication: ['oauth2' as const] }
  t.equal(writeAutodiscover(view({ smtp: [sampleServer('s.de', 465, oauth)] }, {}, ann)), null)
  t.match(
    writeMobileSync(ann, 'https://mail.kunde.de/Microsoft-Server-ActiveSync'),
    '<Type>MobileSync</Type>',
  )
  const v1 = 'https://autodiscover.kunde.de/autodiscover/autodiscover.xml'
  t.same(JSON.parse(writeAutodiscoverJson('AutodiscoverV1', v1) ?? ''), {
    Protocol: 'AutodiscoverV1',
    Url: v1,
  })
  t.equal(writeAutodiscoverJson('ActiveSync', v1), null)
  const error = writeAutodiscoverError({ code: 600, now: Date.UTC(2026, 10, 23, 12, 34, 56, 789), id: 42 })
  t.match(error, '<Error Time="12:34:56.7890000" Id="42">')
  t.match(error, '<ErrorCode>600</ErrorCode>')
  t.match(error, 'xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"')
  t.ok(readXml(bytes(error)).ok)
  t.end()
})

t.test('pacc, autodiscover: no input throws', (t) => {
  const texts = fc.array(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      'protocols',
      'imap',
      'host',
      '\\',
      '1',
      'null',
      '<a>',
      '&',
    ),
  )
  fc.assert(
    fc.property(texts, (parts) => {
      readPacc(bytes(parts.join('')), context)
      readAutodiscover(bytes(response(parts.join(''))), context)
      readAutodiscoverRequest(bytes(parts.join('')))
    }),
  )
  fc.assert(
    fc.property(fc.json(), (json) => {
      readPacc(bytes(`{"protocols":${json},"info":${json},"authentication":${json}}`), context)
      readPacc(bytes(json), context)
    }),
  )
  fc.assert(
    fc.property(fc.string(), (login) => {
      const read = readAutodiscover(
        bytes(account({ LoginName: login.replace(/[<&\p{Cc}\uFFFE\uFFFF]/gu, '') })),
        context,
      )
      assert.notEqual(read.kind, 'failed')
    }),
  )
  t.end()
})
