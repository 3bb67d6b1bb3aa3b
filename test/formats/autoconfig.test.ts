import fc from 'fast-check'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { writeAutoconfig } from '../../src/formats/autoconfig-write.js'
import { type AutoconfigDocument, readAutoconfig } from '../../src/formats/autoconfig-read.js'
import { displayText } from '../../src/formats/display-text.js'
import { settingsView } from '../../src/formats/settings-view.js'
import { readXml, textNode, writeXml } from '../../src/formats/xml.js'
import { email, host, sampleDiscovery, sampleServer, sampleServers } from './sample-discovery.js'
import { strictAutoconfigFaults } from './strict-autoconfig.js'

const bytes = (text: string) => new TextEncoder().encode(text)
const context = { domain: host('kunde.de'), source: 'autoconfig' } as const
const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url))

function document(text: string | Uint8Array): AutoconfigDocument {
  const result = readAutoconfig(typeof text === 'string' ? bytes(text) : text, context)
  if (!result.ok) throw new Error(result.failure.detail)
  return result.document
}

function refusal(text: string | Uint8Array): string {
  const result = readXml(typeof text === 'string' ? bytes(text) : text)
  if (result.ok) throw new Error('was accepted')
  assert.equal(result.failure.code, 'document')
  return result.failure.detail
}

const IMAP = {
  hostname: 'imap.kunde.de',
  port: '993',
  socketType: 'SSL',
  authentication: 'password-cleartext',
  username: '%EMAILADDRESS%',
}

/** One minimal valid document; a null leaves the element out. */
function minimal(
  change: Partial<Record<keyof typeof IMAP, string | null>> = {},
  more = '',
  after = '',
): string {
  const fields = Object.entries({ ...IMAP, ...change })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `<${name}>${value ?? ''}</${name}>`)
    .join('')
  return `<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="kunde.de"><domain>kunde.de</domain>
    <displayName>Kunde</displayName><incomingServer type="imap">${fields}</incomingServer>${more}</emailProvider>${after}</clientConfig>`
}

t.test('xml: what is refused before parsing (R12)', (t) => {
  t.match(refusal('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'), /DOCTYPE/)
  t.match(refusal('<a><!ENTITY x "y"></a>'), /DOCTYPE/)
  t.match(refusal('<!DOCTYPE html><html><body><p>not found</body></html>'), /HTML/)
  t.match(refusal('  <html>'), /HTML/)
  t.match(refusal(`<a>${' '.repeat(128 * 1024)}</a>`), /larger/)
  t.match(refusal('<a>'.repeat(21) + '</a>'.repeat(21)), /deeply/)
  t.match(refusal(`<a>${'<b/>'.repeat(5000)}</a>`), /too many elements/)
  t.match(refusal(`<a ${Array.from({ length: 33 }, (_, i) => `a${i}="1"`).join(' ')}/>`), /attributes/)
  t.match(refusal(`<a b="${'x'.repeat(9000)}"/>`), /too long/)
  t.match(refusal(`<a ${'b '.repeat(5000)}/>`), /too long/)
  t.match(refusal('<a>\u0000</a>'), /characters/)
  t.match(refusal('<a>\uFFFE</a>'), /characters/)
  for (const cut of ['', '<a', '<a><b>', '<a><!-- x', '<a><![CDATA[x</a>', '<?xml version="1.0"', '<a b="']) {
    t.ok(refusal(cut), cut)
  }
  for (const bad of [
    '{}',
    'text',
    '<a/><b/>',
    '<a>x</a>y',
    '<a>& b</a>',
    '<a b=c/>',
    '<a b="1" b="2"/>',
    '<a></b>',
  ]) {
    t.ok(refusal(bad), bad)
  }
  t.match(refusal('<a><__proto__>1</__proto__></a>'), /parser refused/)
  t.end()
})

t.test('xml: encodings (R12)', (t) => {
  t.ok(readXml(bytes('\uFEFF<a/>')).ok, 'UTF-8 with BOM')
  t.match(refusal(Buffer.from('\uFEFF<a/>', 'utf16le')), /UTF-8|characters/)
  t.match(refusal(Buffer.from('<a/>', 'utf16le')), /characters/)
  const latin = (declared: string) =>
    Buffer.from(`<?xml version="1.0" encoding="${declared}"?><a>M\u00fcller</a>`, 'latin1')
  const read = readXml(latin('ISO-8859-1'))
  t.equal(read.ok && read.root.text, 'M\u00fcller')
  t.match(refusal(latin('UTF-8')), /UTF-8/)
  const mislabelled = readXml(bytes('<?xml version="1.0" encoding="iso-8859-1"?><a>M\u00fcller</a>'))
  t.equal(mislabelled.ok && mislabelled.root.text, 'M\u00fcller')
  t.end()
})

t.test('xml: texts come out as written', (t) => {
  const read = readXml(
    bytes(
      '<x:a y="1 &amp; &#65;" true="true"><!-- <b> --><b>0993</b><c>A &amp;amp; &#x41;&lt;&gt;&quot;&apos;</c>' +
        '<d><![CDATA[<e>&amp;]]> f</d><hasOwnProperty>z</hasOwnProperty></x:a>',
    ),
  )
  if (!read.ok) throw new Error(read.failure.detail)
  t.equal(read.root.name, 'a')
  t.equal(read.root.attributes.get('y'), '1 & A')
  t.equal(read.root.attributes.get('true'), 'true')
  t.same(
    read.root.children.map((child) => child.text),
    ['0993', 'A &amp; A<>"\'', '<e>&amp; f', 'z'],
  )
  t.end()
})

t.test('xml: any text survives writing and reading, and the bytes are the same each time', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, attribute) => {
      const clean = (raw: string) =>
        raw
          .replace(/[\t\r\n]+/g, ' ')
          .replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '')
          .trim()
      const written = writeXml({ name: 'a', attributes: { b: attribute }, content: [textNode('c', text)] })
      assert.equal(
        written,
        writeXml({ name: 'a', attributes: { b: attribute }, content: [textNode('c', text)] }),
      )
      const read = readXml(bytes(written))
      if (!read.ok) throw new Error(`${read.failure.detail}: ${written}`)
      return read.root.children[0]?.text === clean(text) && read.root.attributes.get('b') === clean(attribute)
    }),
    { numRuns: 300 },
  )
  t.end()
})

t.test('xml: nothing that the scan passed over is markup to the parser', (t) => {
  // Found by `npm run fuzz`: the parser heeds quotes in processing instructions, XML does not.
  const hide = (markup: string) => bytes(`<?x "?><a><![CDATA["?>${markup}]]></a>`)
  for (const markup of [
    '<!DOCTYPE a [<!ENTITY e "expanded">]><a>&e;',
    '<a b="&amp;">',
    `${'<a>'.repeat(40)}${'</a>'.repeat(39)}`,
    `${'<b/>'.repeat(6000)}<a>`,
  ]) {
    const read = readXml(hide(markup))
    if (!read.ok) throw new Error(read.failure.detail)
    t.equal(read.root.text, `"?>${markup}`, 'it is the text that it is to XML')
    t.same([read.root.attributes.size, read.root.children], [0, []])
  }
  const between = readXml(bytes('<a>b<?c "?><!-- d --> e<?f?>&<!-- -->amp;</a>'))
  t.equal(between.ok && between.root.text, 'b e&')
  t.end()
})

t.test('xml: no input throws or hangs', (t) => {
  const pieces = fc.constantFrom(
    ...[
      '<',
      '>',
      '</',
      '/>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '?>',
      '<!',
      '"',
      "'",
      '=',
      'a',
      ' ',
      '&',
      ';',
    ],
    ...['&#', '&amp;', '\n', '<a>', '</a>', '<a b="', 'constructor', '%', '\u0000', '\u202e', '<!DOCTYPE a>'],
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      readXml(bytes(parts.join('')))
    }),
    { numRuns: 2000 },
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (raw) => void readAutoconfig(raw, context)))
  const hostile = [
    '<a '.repeat(5000),
    `<a>${'&#65;'.repeat(26_000)}</a>`,
    `<a b='${"''".repeat(4000)}'/>`,
    `<a b="${'" "'.repeat(2000)}"/>`,
    `<a${' '.repeat(8000)}=`,
    `<a>${'<!-- -->'.repeat(4000)}</a>`,
    `<a>${'</a>'.repeat(4000)}`,
    `<a>${'&'.repeat(100_000)}</a>`,
    `${'<?x ?>'.repeat(4000)}<a/>`,
  ]
  for (const text of hostile) {
    const start = process.cpuUsage()
    readXml(bytes(text))
    const { user } = process.cpuUsage(start)
    t.ok(user < 500_000, `${text.slice(0, 12)}: ${user} µs of CPU`)
  }
  t.end()
})

t.test('autoconfig: the minimal document', (t) => {
  const read = document(minimal())
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
  t.same(read.rejected, [])
  t.same(read.provider, { id: 'kunde.de', name: 'Kunde', documentation: [] })
  t.same(read.domains, ['kunde.de'])
  t.equal(read.oauth2, null)
  t.equal(read.webMail, null)
  t.end()
})

t.test('autoconfig: one change drops one server and notes why (R21, R25)', (t) => {
  const cases: [Parameters<typeof minimal>[0], string][] = [
    [{ hostname: null }, 'incomplete'],
    [{ hostname: '' }, 'incomplete'],
    [{ hostname: '192.0.2.1' }, 'invalid-hostname'],
    [{ hostname: '0x7f.1' }, 'invalid-hostname'],
    [{ hostname: 'localhost' }, 'invalid-hostname'],
    [{ hostname: 'imap kunde.de' }, 'invalid-hostname'],
    [{ hostname: 'imap.kunde.de/x' }, 'invalid-hostname'],
    [{ hostname: '&lt;script&gt;.de' }, 'invalid-hostname'],
    [{ hostname: '%EMAILLOCALPART%.kunde.de' }, 'unknown-placeholder'],
    [{ hostname: '%server%' }, 'unknown-placeholder'],
    [{ port: null }, 'incomplete'],
    [{ port: '0' }, 'invalid-port'],
    [{ port: '65536' }, 'invalid-port'],
    [{ port: '-1' }, 'invalid-port'],
    [{ port: '0993' }, 'invalid-port'],
    [{ port: '9.93e2' }, 'invalid-port'],
    [{ port: '0x3e1' }, 'invalid-port'],
    [{ port: '993 ' + '1' }, 'invalid-port'],
    [{ port: '٩٩٣' }, 'invalid-port'],
    [{ socketType: null }, 'incomplete'],
    [{ socketType: '%server/imap/socket/%' }, 'invalid-security'],
    [{ socketType: 'auto' }, 'invalid-security'],
    [{ socketType: 'plain' }, 'cleartext'],
    [{ socketType: 'NONE' }, 'cleartext'],
    [{ authentication: 'magic' }, 'invalid-authentication'],
    [{ authentication: '' }, 'invalid-authentication'],
    [{ username: '%REALNAME%' }, 'unknown-placeholder'],
    [{ username: '%user%' }, 'unknown-placeholder'],
    [{ username: 'a\u202eb' }, 'incomplete'],
    [{ username: 'x'.repeat(400) }, 'incomplete'],
  ]
  for (const [change, reason] of cases) {
    const smtp =
      '<outgoingServer type="smtp"><hostname>smtp.kunde.de</hostname><port>465</port><socketType>SSL</socketType></outgoingServer>'
    const read = document(minimal(change, smtp))
    t.same(
      read.rejected.map((one) => one.reason),
      [reason],
      JSON.stringify(change),
    )
    t.same(
      read.servers.map((server) => server.protocol),
      ['smtp'],
    )
    t.equal(read.rejected[0]?.source, 'autoconfig')
    t.equal(read.rejected[0]?.server !== undefined, reason === 'cleartext', 'cleartext alone is kept (R20)')
  }
  t.end()
})

t.test('autoconfig: spellings that are read', (t) => {
  const one = (change: Parameters<typeof minimal>[0]) => document(minimal(change)).servers[0]
  t.equal(one({ socketType: 'TLS' })?.security, 'tls', 'seen in the wild')
  t.equal(one({ socketType: 'ssl' })?.security, 'tls')
  t.equal(one({ socketType: ' STARTTLS\n' })?.security, 'starttls')
  t.equal(one({ hostname: 'IMAP.Kunde.DE.' })?.hostname, 'imap.kunde.de')
  t.equal(one({ hostname: 'imap.m\u00fcller.de' })?.hostname, 'imap.xn--mller-kva.de')
  t.equal(one({ hostname: 'imap.%EMAILDOMAIN%' })?.hostname, 'imap.kunde.de')
  t.equal(one({ hostname: '%EMAILDOMAIN%.evil.com' }), undefined, 'a placeholder never leads out')
  t.equal(one({ username: null })?.username, null)
  t.equal(one({ username: '%EMAILLOCALPART%%%EMAILDOMAIN%' })?.username, '%EMAILLOCALPART%%%EMAILDOMAIN%')
  t.same(one({ authentication: null })?.authentication, [])
  const methods: Record<string, string> = {
    'password-cleartext': 'password-cleartext',
    plain: 'password-cleartext',
    'password-encrypted': 'password-encrypted',
    secure: 'password-encrypted',
    OAuth2: 'oauth2',
    OAuth: 'oauth2',
    NTLM: 'ntlm',
    GSSAPI: 'gssapi',
    'TLS-client-cert': 'client-certificate',
    none: 'none',
    'client-IP-address': 'none',
    'SCRAM-SHA-256-PLUS': 'password-encrypted',
  }
  for (const [word, method] of Object.entries(methods)) {
    t.same(one({ authentication: word })?.authentication, [method], word)
  }
  t.same(
    one({
      authentication: 'OAuth2</authentication><authentication>magic</authentication><authentication>plain',
    })?.authentication,
    ['oauth2', 'password-cleartext'],
    'unknown methods are skipped, the order is kept',
  )
  t.end()
})

t.test('autoconfig: a file like those of big providers, format 1.1', (t) => {
  const read = document(fixture('autoconfig-1.1-2026-11-23.xml'))
  t.same(
    read.servers.map((server) => [
      server.protocol,
      server.hostname,
      server.port,
      server.security,
      server.declaredOrder,
    ]),
    [
      ['imap', 'imap.kunde.de', 993, 'tls', 0],
      ['imap', 'imap.kunde.de', 143, 'starttls', 1],
      ['pop3', 'pop.kunde.de', 995, 'tls', 3],
      ['smtp', 'smtp.kunde.de', 465, 'tls', 4],
      ['smtp', 'smtp.kunde.de', 587, 'starttls', 5],
    ],
  )
  t.same(
    read.rejected.map(({ protocol, port, reason }) => [protocol, port, reason]),
    [['pop3', 110, 'cleartext']],
  )
  t.equal(read.provider.name, 'Kunde & S\u00f6hne Mail')
  t.same(read.provider.documentation, [
    { url: 'https://hilfe.kunde.de/imap?a=1&b=2', language: 'de' },
    { url: 'https://hilfe.kunde.de/imap?a=1&b=2', language: 'en' },
    { url: 'https://hilfe.kunde.de/pop' },
  ])
  t.same(read.notices, [
    {
      code: 'provider-enable',
      params: { text: 'Switch IMAP on in the settings.' },
      url: 'https://www.kunde.de/settings/imap',
    },
  ])
  t.equal(read.webMail, 'https://webmail.kunde.de/')
  t.same(read.oauth2, {
    issuer: 'login.kunde.de',
    authorizationUrl: 'https://login.kunde.de/auth',
    tokenUrl: 'https://login.kunde.de/token',
    scopes: ['mail', 'offline_access'],
  })
  t.notMatch(JSON.stringify(read), /secret/i, 'client secrets are never taken over (R30)')
  t.end()
})

t.test('autoconfig: services of format 1.2', (t) => {
  const read = document(fixture('autoconfig-1.2-2026-11-23.xml'))
  t.same(
    read.servers.map(({ protocol, hostname, port, url, username }) => [
      protocol,
      hostname,
      port,
      url,
      username,
    ]),
    [
      ['jmap', 'jmap.kunde.de', 443, 'https://jmap.kunde.de/session', '%EMAILADDRESS%'],
      ['exchange', 'mail.kunde.de', 443, 'https://mail.kunde.de/EWS/Exchange.asmx', '%EMAILADDRESS%'],
      ['exchange', 'mail.kunde.de', 443, 'https://mail.kunde.de/Microsoft-Server-ActiveSync', null],
      ['exchange', 'graph.kunde.de', 443, 'https://graph.kunde.de/', null],
      ['caldav', 'dav.kunde.de', 8443, 'https://dav.kunde.de:8443/cal/%EMAILADDRESS%/', '%EMAILADDRESS%'],
      ['carddav', 'dav.kunde.de', 443, 'https://dav.kunde.de/card', '%EMAILADDRESS%'],
      ['managesieve', 'sieve.kunde.de', 4190, undefined, '%EMAILADDRESS%'],
    ],
  )
  t.same(
    read.rejected.map(({ protocol, reason }) => [protocol, reason]),
    [
      ['jmap', 'invalid-hostname'],
      ['caldav', 'invalid-hostname'],
      ['carddav', 'unknown-placeholder'],
    ],
  )
  t.same(read.mxDomains, ['mx.kunde.de'])
  t.end()
})

t.test('autoconfig: the provider that claims the domain is taken, else the first', (t) => {
  const provider = (id: string) =>
    `<emailProvider id="${id}"><domain>${id}</domain><displayName>${id}</displayName></emailProvider>`
  const file = (...ids: string[]) => document(`<clientConfig>${ids.map(provider).join('')}</clientConfig>`)
  t.equal(file('a.de', 'kunde.de').provider.id, 'kunde.de')
  t.equal(file('a.de', 'b.de').provider.id, 'a.de')
  t.end()
})

t.test('autoconfig: other documents are no configuration', (t) => {
  for (const text of ['<clientConfig version="1.1"/>', '<emailProvider id="kunde.de"/>', '<rss/>']) {
    const result = readAutoconfig(bytes(text), context)
    t.match(result, { ok: false, failure: { code: 'document' } }, text)
  }
  t.end()
})

t.test('autoconfig: text of strangers is cleaned and capped (R25)', (t) => {
  const named = (name: string) =>
    document(minimal().replace('<displayName>Kunde<', `<displayName>${name}<`)).provider.name
  t.equal(named('a\u202eb\u200bc&#8238;d&#10;e'), 'abcd e')
  t.equal(named('x'.repeat(10_000)).length, 60)
  t.equal(named('%EMAILDOMAIN% Mail'), 'kunde.de')
  t.equal(named('&lt;b&gt;]]&gt;&amp;'), '<b>]]>&')
  t.equal(displayText('\u{1F600}'.repeat(40), 59), '\u{1F600}'.repeat(29), 'no half characters')
  t.equal(displayText(`${' '.repeat(10_000)}a`, 20), '')
  const servers = Array.from(
    { length: 30 },
    () => minimal().match(/<incomingServer.*<\/incomingServer>/)?.[0],
  )
  const crowd = document(minimal({}, servers.join('')))
  t.equal(crowd.servers.length, 24)
  t.match(crowd.rejected, [{ reason: 'limit' }])
  const links = [
    'javascript:alert(1)',
    'http://kunde.de/',
    'https://u:p@kunde.de/',
    'https://127.0.0.1/',
    'x',
  ]
  for (const link of links) {
    t.same(document(minimal({}, `<documentation url="${link}"/>`)).provider.documentation, [], link)
  }
  for (const oauth of ['<issuer>not a host</issuer>', '', '<scope>a</scope>']) {
    t.equal(document(minimal({}, '', `<oAuth2>${oauth}</oAuth2>`)).oauth2, null)
  }
  const byUrl = document(minimal({}, '', '<oAuth2><issuer>https://login.kunde.de/x</issuer></oAuth2>')).oauth2
  t.same(byUrl, { issuer: 'https://login.kunde.de/x', scopes: [] })
  t.same(document(minimal({}, '<enable visiturl="x"><instruction> </instruction></enable>')).notices, [
    { code: 'enable-access', params: { provider: 'Kunde' } },
  ])
  t.end()
})

t.test('autoconfig: what is written holds R44 to the letter', (t) => {
  const xml = writeAutoconfig(settingsView(sampleDiscovery(), null))
  t.same(strictAutoconfigFaults(xml ?? '', 'kunde.de'), [])
  t.equal(xml, fixture('autoconfig-written-2026-11-23.xml').toString())
  const filled = writeAutoconfig(
    settingsView(sampleDiscovery(), email('Ann.O\u2019K+1@kunde.de'.replace('\u2019', "'"))),
  )
  t.match(filled, '<username>Ann.O&apos;K+1@kunde.de</username>')
  t.notMatch(filled, '%EMAIL')
  t.end()
})

t.test('autoconfig: what may not be written is left out', (t) => {
  const write = (servers: Parameters<typeof sampleServers>[0], change = {}) =>
    writeAutoconfig(settingsView(sampleDiscovery({ servers: sampleServers(servers), ...change }), null))
  t.equal(write({ imap: [], pop3: [] }), null)
  t.equal(write({ smtp: [] }), null)
  const unconfirmed = sampleServer('imap.fremd.de', 993, { trust: 'unconfirmed' })
  t.notMatch(write({ imap: [unconfirmed] }), 'fremd', 'unconfirmed (R26)')
  t.match(write({ imap: [unconfirmed, sampleServer('imap.kunde.de', 993)] }), 'imap.kunde.de')
  const failed = sampleServer('imap.alt.de', 993, { verification: { status: 'failed' } })
  t.notMatch(write({ imap: [failed] }), 'imap.alt.de')
  t.equal(
    write({ smtp: [sampleServer('smtp.kunde.de', 25, { security: 'plain' })] }),
    null,
    'cleartext (R20)',
  )
  t.equal(write({ smtp: [sampleServer('smtp.kunde.de', 465, { authentication: ['gssapi'] })] }), null)
  const oauth2 = {
    issuer: 'https://login.kunde.de',
    authorizationUrl: 'https://login.kunde.de/a',
    tokenUrl: 'https://login.kunde.de/t',
    scopes: ['mail', 'x'],
  }
  const silent = { imap: [sampleServer('imap.kunde.de', 993, { authentication: [] })] }
  t.match(write(silent), '<authentication>password-cleartext')
  const withOAuth = write(silent, { oauth2 })
  t.match(withOAuth, '<authentication>OAuth2', 'password login is never invented beside OAuth (R30)')
  t.match(withOAuth, '<scope>mail x</scope>')
  t.notMatch(write(silent, { oauth2: { ...oauth2, scopes: [] } }), '<oAuth2>')
  t.notMatch(write(silent, { oauth2: { issuer: 'x', scopes: ['y'] } }), '<oAuth2>')
  const mixed = ['ntlm', 'oauth2', 'password-encrypted'] as const
  const many = write({ imap: [sampleServer('imap.kunde.de', 993, { authentication: [...mixed] })] })
  t.match(many, /OAuth2<\/authentication>\s*<authentication>password-encrypted/)
  t.notMatch(many, 'ntlm')
  t.end()
})

const hostArb = fc
  .tuple(fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/), fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/))
  .map(([a, b]) => `${a}.${b}.de`)
const serverArb = fc.record(
  {
    hostname: hostArb,
    port: fc.integer({ min: 1, max: 65535 }),
    security: fc.constantFrom('tls' as const, 'starttls' as const),
    username: fc.constantFrom('%EMAILADDRESS%', '%EMAILLOCALPART%', 'x\\%EMAILLOCALPART%', '<a>&"\'', "]]>'"),
  },
  { noNullPrototype: true },
)

t.test('autoconfig: writing and reading agree on host, port, transport and login name', (t) => {
  fc.assert(
    fc.property(
      fc.tuple(serverArb, serverArb, serverArb),
      fc.string({ unit: 'grapheme' }),
      ([imap, pop3, smtp], name) => {
        const server = (one: typeof imap) =>
          sampleServer(one.hostname, one.port, { security: one.security, username: one.username })
        const provider = { id: 'x', name, documentation: [{ url: 'https://a.de/?x=%22&y="<' }] }
        const servers = sampleServers({ imap: [server(imap)], pop3: [server(pop3)], smtp: [server(smtp)] })
        const xml = writeAutoconfig(settingsView(sampleDiscovery({ servers, provider }), null)) ?? ''
        assert.deepEqual(strictAutoconfigFaults(xml, 'kunde.de'), [])
        const read = document(xml)
        assert.deepEqual(
          read.servers.map(({ hostname, port, security, username }) => ({
            hostname,
            port,
            security,
            username,
          })),
          [imap, pop3, smtp],
        )
        assert.deepEqual(read.rejected, [])
      },
    ),
    { numRuns: 100 },
  )
  t.end()
})
