import t from 'tap'
import type { Hostname } from '../../src/domain/hostname.js'
import { entryToFinding, isStale, MAX_AGE_DAYS } from '../../src/providers/entry-to-finding.js'
import { type ProviderEntry, providerEntrySchema } from '../../src/providers/entry.js'
import { loadProviders } from '../../src/providers/load.js'
import { parseProvider, ProviderFileError } from '../../src/providers/provider-file.js'
import { createProviderIndex } from '../../src/providers/provider-index.js'

const NOW = Date.parse('2026-11-23T00:00:00Z')
const host = (name: string) => name as Hostname

function entry(id: string, change: object = {}): ProviderEntry {
  return providerEntrySchema.parse({
    id,
    name: `${id} mail`,
    access: 'full',
    domains: [`${id}.com`],
    imap: [{ hostname: `imap.${id}.com`, port: 993, security: 'tls' }],
    smtp: [{ hostname: `smtp.${id}.com`, port: 465, security: 'tls' }],
    confidence: 'high',
    references: ['https://help.net/'],
    verified: '2026-10-15',
    ...change,
  })
}
/** `match value` and the host it must match. */
const rule = (spec: string, matches: string, change: object = {}) => ({
  match: spec.split(' ')[0],
  value: spec.split(' ')[1],
  class: 'mailbox',
  matches,
  not: 'mx.elsewhere.net',
  ...change,
})

t.test('domains are found exactly, never through a parent', (t) => {
  const index = createProviderIndex([entry('one', { domains: ['one.com', 'one.net'] }), entry('two')])
  t.equal(index.findByDomain(host('one.net'))?.id, 'one')
  t.equal(index.findByDomain(host('sub.one.net')), null)
  t.equal(index.findByDomain(host('three.com')), null)
  t.equal(index.findById('two')?.name, 'two mail')
  t.equal(index.findById('three'), null)
  t.equal(index.size, 3)
  t.equal(index.entries.length, 2)
  t.end()
})

t.test('exact goes before template before prefix before the longest suffix', (t) => {
  const index = createProviderIndex([
    entry('short', { mx: [rule('suffix mx.net', 'a.mx.net')] }),
    entry('long', { mx: [rule('suffix deep.mx.net', 'a.deep.mx.net')] }),
    entry('prefix', { mx: [rule('prefix pre*.deep.mx.net', 'pre1.deep.mx.net')] }),
    entry('longer', { mx: [rule('prefix prefix*.deep.mx.net', 'prefix1.deep.mx.net')] }),
    entry('template', { mx: [rule('template {x}.in.deep.mx.net', 'a.in.deep.mx.net')] }),
    entry('exact', { mx: [rule('exact pre7.deep.mx.net', 'pre7.deep.mx.net')] }),
  ])
  const by = (name: string) => index.findByMx(name)?.entry.id ?? null
  t.equal(by('a.mx.net'), 'short')
  t.equal(by('mx.net'), 'short')
  t.equal(by('b.a.mx.net'), 'short')
  t.equal(by('a.deep.mx.net'), 'long')
  t.equal(by('pre1.deep.mx.net'), 'prefix')
  t.equal(by('prefix1.deep.mx.net'), 'longer')
  t.equal(by('a.in.deep.mx.net'), 'template')
  t.equal(by('pre7.deep.mx.net'), 'exact')
  t.equal(by('PRE7.Deep.mx.net.'), 'exact', 'any letter case, trailing dot')
  t.equal(by('amx.net'), null)
  t.equal(by('net'), null)
  t.equal(by(''), null)
  t.end()
})

t.test('an MX match carries the servers for mail behind that host', (t) => {
  const own = {
    imap: [{ hostname: 'imap.{region}.own.com', port: 993, security: 'tls' }],
    smtp: [{ hostname: '{host}', port: 465, security: 'tls' }],
    username: '%EMAILLOCALPART%',
  }
  const index = createProviderIndex([
    entry('plain', { mx: [rule('suffix plain-mx.net', 'a.plain-mx.net')] }),
    entry('own', { mx: [rule('template in.{region}.own-mx.net', 'in.eu.own-mx.net', { servers: own })] }),
    entry('gate', {
      access: 'none',
      domains: [],
      imap: [],
      smtp: [],
      reason: { en: 'x', de: 'y' },
      mx: [rule('suffix gate-mx.net', 'a.gate-mx.net', { class: 'gateway' })],
    }),
    entry('fwd', { mx: [rule('suffix fwd-mx.net', 'a.fwd-mx.net', { class: 'forwarder' })] }),
  ])
  t.equal(index.findByMx('a.plain-mx.net')?.servers.imap[0]?.hostname, 'imap.plain.com')
  const match = index.findByMx('in.us-1.own-mx.net')!
  t.equal(match.servers.imap[0]?.hostname, 'imap.us-1.own.com')
  t.equal(match.servers.smtp[0]?.hostname, 'in.us-1.own-mx.net')
  t.strictSame(entryToFinding(match, NOW).servers[0], {
    protocol: 'imap',
    hostname: 'imap.us-1.own.com',
    port: 993,
    security: 'tls',
    username: '%EMAILLOCALPART%',
    authentication: ['password-cleartext'],
    declaredOrder: 0,
  })
  for (const [name, code] of [
    ['a.gate-mx.net', 'mx-gateway'],
    ['a.fwd-mx.net', 'mx-forwarder'],
  ] as const) {
    const found = index.findByMx(name)!
    t.strictSame(found.servers, { imap: [], pop3: [], smtp: [] })
    const parts = entryToFinding(found, NOW)
    t.strictSame(parts.servers, [])
    t.strictSame(
      parts.notices.map((notice) => notice.code),
      [code],
      'a class without mailboxes says so and nothing else (R17)',
    )
  }
  t.end()
})

t.test('an entry becomes servers, provider and notices', (t) => {
  const parts = entryToFinding(
    entry('acme', {
      imap: [{ hostname: 'imap.acme.com', port: 993, security: 'tls', username: '%EMAILLOCALPART%' }],
      smtp: [
        { hostname: 'smtp.acme.com', port: 465, security: 'tls' },
        {
          hostname: 'smtp.acme.com',
          port: 587,
          security: 'starttls',
          authentication: ['password-cleartext'],
        },
      ],
      authentication: ['oauth2', 'password-cleartext'],
      notOffered: ['pop3'],
      requires: [
        { kind: 'app-password', url: 'https://acme.com/app', texts: { en: 'a', de: 'b' } },
        { kind: 'paid-plan' },
      ],
      documentation: [{ url: 'https://acme.com/help', language: 'en' }, { url: 'https://acme.com/more' }],
      webmail: 'https://mail.acme.com/',
      oauth2: { issuer: 'https://id.acme.com', scopes: ['mail'], tokenUrl: 'https://id.acme.com/token' },
      jmap: 'https://api.acme.com/jmap',
      caldav: 'https://dav.acme.com:8443/',
    }),
    NOW,
  )
  t.strictSame(
    parts.servers.map((s) => [
      s.protocol,
      s.hostname,
      s.port,
      s.security,
      s.username,
      s.declaredOrder,
      s.url,
    ]),
    [
      ['imap', 'imap.acme.com', 993, 'tls', '%EMAILLOCALPART%', 0, undefined],
      ['smtp', 'smtp.acme.com', 465, 'tls', '%EMAILADDRESS%', 0, undefined],
      ['smtp', 'smtp.acme.com', 587, 'starttls', '%EMAILADDRESS%', 1, undefined],
      ['jmap', 'api.acme.com', 443, 'tls', '%EMAILADDRESS%', 0, 'https://api.acme.com/jmap'],
      ['caldav', 'dav.acme.com', 8443, 'tls', '%EMAILADDRESS%', 0, 'https://dav.acme.com:8443/'],
    ],
  )
  t.strictSame(parts.servers[2]?.authentication, ['password-cleartext'])
  t.strictSame(parts.servers[3]?.authentication, ['oauth2'])
  t.strictSame(parts.provider, {
    id: 'acme',
    name: 'acme mail',
    documentation: [
      { url: 'https://acme.com/help', language: 'en' },
      { url: 'https://acme.com/more' },
      { url: 'https://mail.acme.com/' },
    ],
  })
  const params = { provider: 'acme mail' }
  t.strictSame(parts.notices, [
    { code: 'app-password-required', params, url: 'https://acme.com/app', texts: { en: 'a', de: 'b' } },
    { code: 'paid-plan-required', params },
  ])
  t.strictSame(parts.oauth2, {
    issuer: 'https://id.acme.com',
    scopes: ['mail'],
    tokenUrl: 'https://id.acme.com/token',
  })
  t.strictSame([parts.notOffered, parts.warnings, parts.stale], [['pop3'], [], false])
  t.end()
})

t.test('OAuth-only, no access, unknown access, doubt and age are said', (t) => {
  const codes = (change: object) => entryToFinding(entry('acme', change), NOW).notices.map((n) => n.code)
  t.strictSame(codes({ authentication: ['oauth2'], requires: [{ kind: 'enable-pop3' }] }), [
    'oauth2-only',
    'enable-pop3',
  ])
  const none = { access: 'none', imap: [], smtp: [], reason: { en: 'x', de: 'y' } }
  const closed = entryToFinding(
    entry('acme', { ...none, webmail: 'https://acme.com/', requires: [{ kind: 'bridge' }] }),
    NOW,
  )
  const params = { provider: 'acme mail' }
  t.strictSame(closed.notices, [
    { code: 'no-access', params, url: 'https://acme.com/', texts: { en: 'x', de: 'y' } },
    { code: 'bridge-required', params },
  ])
  t.equal(closed.oauth2, undefined)
  t.strictSame(codes({ access: 'unknown', imap: [], smtp: [] }), ['access-unknown'])
  t.strictSame(codes({}), [])
  t.strictSame(entryToFinding(entry('acme', { confidence: 'low' }), NOW).warnings, [
    { code: 'low-confidence-entry' },
  ])
  t.strictSame(entryToFinding(entry('acme', { ...none, confidence: 'low' }), NOW).warnings, [])
  t.equal(entryToFinding(entry('acme', { verified: '2025-01-01' }), NOW).stale, true)
  const day = 86_400_000
  const verified = { verified: '2026-01-01' }
  t.equal(isStale(verified, Date.parse('2026-01-01') + MAX_AGE_DAYS * day), false)
  t.equal(isStale(verified, Date.parse('2026-01-01') + MAX_AGE_DAYS * day + 1), true)
  t.end()
})

t.test('a requirement of the MX rule replaces the entry’s', (t) => {
  const index = createProviderIndex([
    entry('acme', {
      requires: [{ kind: 'app-password' }],
      mx: [rule('suffix acme-mx.net', 'a.acme-mx.net', { requires: [{ kind: 'paid-plan' }] })],
    }),
  ])
  const parts = entryToFinding(index.findByMx('a.acme-mx.net')!, NOW)
  t.strictSame(
    parts.notices.map((notice) => notice.code),
    ['paid-plan-required'],
  )
  t.end()
})

t.test('typo hints: near a popular name, never for a known one', (t) => {
  const index = createProviderIndex([
    entry('g', { domains: ['gmail.com', 'googlemail.com'], popularity: { 'gmail.com': 3 } }),
    entry('h', {
      domains: ['hotmail.com', 'hotmail.ch', 'gail.com'],
      popularity: { 'hotmail.com': 4, 'hotmail.ch': 90 },
    }),
    entry('x', {
      domains: ['gmx.de', 'qq.com', 'mail.com'],
      popularity: { 'gmx.de': 16, 'qq.com': 36, 'mail.com': 50 },
    }),
  ])
  const hint = (name: string) => index.suggestDomain(name)
  t.equal(hint('gmial.com'), 'gmail.com')
  t.equal(hint('hotmal.com'), 'hotmail.com')
  t.equal(hint('gmx.ed'), 'gmx.de')
  t.equal(hint('hotnail.con'), 'hotmail.com', 'two slips in a long name')
  t.equal(hint('hotmail.cm'), 'hotmail.com', 'the more popular of equally near ones')
  t.equal(hint('gnail.con'), null, 'two slips in a short name')
  t.equal(hint('gail.com'), null, 'a known domain')
  t.equal(hint('gmail.com'), null)
  t.equal(hint('googlemai.com'), null, 'not a popular target')
  t.equal(hint('aq.com'), null, 'targets of two letters are left out')
  t.equal(hint('fmail.com'), 'gmail.com', 'gmail before mail')
  t.equal(hint('my-company.de'), null)
  t.end()
})

t.test('search ranks the exact domain or id first', (t) => {
  const index = createProviderIndex([
    entry('mail-com', { domains: ['mail.com'] }),
    entry('gmail', { domains: ['gmail.com'] }),
    entry('other', { domains: ['hotmail.com'] }),
    entry('zoo', { domains: ['zoo.net'], name: 'Zoo' }),
  ])
  const ids = (text: string, limit = 10) => index.search(text, limit).map((found) => found.id)
  t.strictSame(ids('gmail.com'), ['gmail'])
  t.strictSame(ids('mail.com'), ['mail-com', 'gmail', 'other'])
  t.strictSame(ids(' GMAIL '), ['gmail'])
  t.strictSame(ids('mail', 1), ['mail-com'])
  t.strictSame(ids('hotmail'), ['other'])
  t.strictSame(ids('nothing'), [])
  t.end()
})

t.test('a broken file is refused with file, field and reason on one line', (t) => {
  const good = {
    id: 'one',
    name: 'One',
    access: 'unknown',
    domains: ['one.com'],
    confidence: 'low',
    references: ['x'],
    verified: '2026-10-15',
    mx: [rule('suffix one-mx.net', 'a.one-mx.net')],
  }
  const load = (files: Record<string, unknown>) => {
    const directory = t.testdir(
      Object.fromEntries(
        Object.entries(files).map(([name, json]) => [
          name,
          typeof json === 'string' ? json : JSON.stringify(json),
        ]),
      ),
    )
    return loadProviders(directory)
  }
  t.strictSame(
    load({
      'b.json': { ...good, id: 'two', domains: ['two.com'], mx: [] },
      'a.json': good,
      'README.md': '#',
    }).map((found) => found.id),
    ['one', 'two'],
    'sorted by file name; other files are left alone',
  )
  const thrown = (work: () => unknown): ProviderFileError => {
    try {
      work()
    } catch (error) {
      if (error instanceof ProviderFileError) return error
      throw error
    }
    throw new Error('nothing was thrown')
  }
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ 'a.json': '{ "id": "one",\n' }, /^a\.json: is no JSON: .+$/],
    [{ 'a.json': '[]' }, /^a\.json: .+$/],
    [{ 'a.json': { ...good, domains: ['co.uk'] } }, /^a\.json: domains\.0: is a public suffix.*$/],
    [{ 'a.json': good, 'b.json': { ...good, domains: ['two.com'] } }, /^b\.json: id: one .*by a\.json$/],
    [{ 'a.json': good, 'b.json': { ...good, id: 'two' } }, /^b\.json: domains: one\.com .*by a\.json$/],
    [
      { 'a.json': good, 'b.json': { ...good, id: 'two', domains: ['two.com'] } },
      /^b\.json: mx: suffix one-mx\.net .*by a\.json$/,
    ],
  ]
  for (const [files, message] of cases) t.match(thrown(() => load(files)).message, message)
  const error = thrown(() => parseProvider(JSON.stringify({ ...good, verified: 'yesterday' }), 'x.json'))
  t.match(error, { file: 'x.json', field: 'verified', reason: /./ })
  t.match(thrown(() => loadProviders('/nonexistent/providers')).message, /cannot be read \(ENOENT\)/)
  t.match(
    thrown(() => loadProviders(t.testdir({ 'dir.json': {} }))).message,
    /^dir\.json: cannot be read \(EISDIR\)/,
  )
  t.end()
})
