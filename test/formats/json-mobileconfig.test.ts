import fc from 'fast-check'
import assert from 'node:assert/strict'
import { parse } from 'plist'
import t from 'tap'
import { discoverAnswerSchema, problemSchema } from '../../src/domain/answer.js'
import type { Recommendation } from '../../src/domain/discovery.js'
import type { Message, Server } from '../../src/domain/mail-settings.js'
import { type JsonInput, renderJson } from '../../src/formats/json.js'
import { writeMobileconfig } from '../../src/formats/mobileconfig.js'
import { nameUuid } from '../../src/formats/name-uuid.js'
import { settingsView } from '../../src/formats/settings-view.js'
import { email, host, sampleDiscovery, sampleServer, sampleServers } from './sample-discovery.js'

const ann = email('Ann@kunde.de')
const texts = ({ code, params = {} }: Message) => `${code}${Object.values(params).join(',')}`

function json(discovery: Parameters<typeof sampleDiscovery>[0] = {}, change: Partial<JsonInput> = {}) {
  const made = sampleDiscovery(discovery)
  const [incoming] = made.servers.imap
  const [outgoing = null] = made.servers.smtp
  const recommendation: Recommendation | null =
    incoming === undefined
      ? null
      : { protocol: 'imap', incoming, outgoing, reasons: [{ code: 'several-devices' }], alternative: null }
  const input = { email: ann, recommendation, texts, now: made.lookedUpAt + 1500, allowCleartext: false }
  return renderJson({ discovery: made, ...input, ...change })
}

t.test('json: the contract, field by field and in its order', (t) => {
  const answer = json()
  t.same(Object.keys(answer), [
    ...[
      'query',
      'provider',
      'servers',
      'recommendation',
      'oauth2',
      'notices',
      'warnings',
      'conflicts',
      'rejected',
    ],
    ...['notOffered', 'requiresConfirmation', 'degraded', 'sources', 'cache'],
  ])
  t.same(Object.keys(answer.servers), [
    ...['imap', 'pop3', 'smtp', 'jmap', 'caldav', 'carddav', 'managesieve', 'exchange'],
  ])
  t.same(answer.query, {
    email: 'Ann@kunde.de',
    domain: 'kunde.de',
    unicodeDomain: 'kunde.de',
    registrableDomain: 'kunde.de',
  })
  t.same(Object.keys(answer.servers.imap[0] ?? {}), [
    ...['hostname', 'port', 'security', 'username', 'authentication', 'trust', 'requiresConfirmation'],
    ...['registrableDomain', 'sources', 'declaredOrder', 'verification', 'evidence'],
  ])
  t.equal(answer.servers.imap[0]?.username, 'Ann@kunde.de')
  t.same(answer.servers.jmap, [], 'absent protocols are empty arrays')
  t.equal(answer.recommendation?.incoming.username, 'Ann@kunde.de')
  t.same(answer.recommendation?.reasons, [{ code: 'several-devices', text: 'several-devices' }])
  t.same(answer.cache, { ageSeconds: 1, expiresAt: '2026-11-23T13:00:00.000Z' })
  t.same(answer.sources, [{ source: 'provider-db', outcome: 'found', durationMs: 1 }])
  t.same(discoverAnswerSchema.parse(answer), answer)
  t.equal(JSON.stringify(answer), JSON.stringify(json()), 'deterministic')
  t.end()
})

t.test('json: a question about a domain keeps the placeholders', (t) => {
  const answer = json({ domain: host('m\u00fcller.co.uk') }, { email: null })
  t.same(answer.query, {
    email: null,
    domain: 'xn--mller-kva.co.uk',
    unicodeDomain: 'm\u00fcller.co.uk',
    registrableDomain: 'xn--mller-kva.co.uk',
  })
  t.equal(answer.servers.smtp[0]?.username, '%EMAILADDRESS%')
  t.end()
})

t.test('json: everything a lookup can know comes through', (t) => {
  const pop3 = sampleServer('pop.kunde.de', 995, { username: '' })
  const answer = json(
    {
      servers: sampleServers({
        jmap: [sampleServer('jmap.kunde.de', 443, { url: 'https://jmap.kunde.de/s' })],
        caldav: [
          sampleServer('dav.kunde.de', 443, {
            url: 'https://dav.kunde.de/%EMAILADDRESS%/?u=%EMAILLOCALPART%',
          }),
        ],
        pop3: [pop3],
      }),
      notices: [{ code: 'app-password-required', url: 'https://kunde.de/app' }],
      warnings: [{ code: 'srv-target-outside-domain', params: { hostname: 'x.de' } }],
      conflicts: [
        {
          protocol: 'imap',
          kind: 'hostname',
          chosen: { sources: ['srv'], value: 'a.de' },
          other: { sources: ['guess'], value: 'b.de' },
        },
      ],
      rejected: [
        { source: 'ispdb', protocol: 'pop3', hostname: 'x', port: null, reason: 'invalid-hostname' },
      ],
      notOffered: ['pop3'],
      suggestions: ['kunden.de'],
      oauth2: { issuer: 'https://login.kunde.de', scopes: ['mail'] },
      degraded: true,
      sources: [
        {
          source: 'srv',
          outcome: 'failed',
          durationMs: 12.7,
          failure: { code: 'timeout', detail: 'no answer' },
        },
        { source: 'pacc', outcome: 'skipped', durationMs: 0, detail: 'switched off' },
        { source: 'mx', outcome: 'absent', durationMs: 0, detail: 'a gateway' },
      ],
    },
    { email: email('a+b/c?d@kunde.de'), recommendation: null },
  )
  t.same(discoverAnswerSchema.parse(answer), answer)
  t.equal(answer.servers.jmap[0]?.url, 'https://jmap.kunde.de/s')
  t.equal(
    answer.servers.caldav[0]?.url,
    'https://dav.kunde.de/a%2Bb%2Fc%3Fd%40kunde.de/?u=a%2Bb%2Fc%3Fd',
    'an address cannot change the structure of a URL',
  )
  t.equal(answer.servers.pop3[0]?.username, 'a+b/c?d@kunde.de')
  t.same(answer.notices, [
    { code: 'app-password-required', text: 'app-password-required', url: 'https://kunde.de/app' },
  ])
  t.same(answer.sources, [
    { source: 'srv', outcome: 'failed', durationMs: 13, failure: { code: 'timeout', detail: 'no answer' } },
    { source: 'pacc', outcome: 'skipped', durationMs: 0, reason: 'switched off' },
    { source: 'mx', outcome: 'absent', durationMs: 0, detail: 'a gateway' },
  ])
  t.same(answer.suggestions, ['kunden.de'])
  t.equal(answer.recommendation, null)
  t.equal(answer.degraded, true)
  t.end()
})

t.test('json: what the reader would use decides about confirmation (R38)', (t) => {
  const doubtful = sampleServer('x.fremd.de', 993, { requiresConfirmation: true, trust: 'unconfirmed' })
  t.equal(json().requiresConfirmation, false)
  t.equal(json({ servers: sampleServers({ imap: [doubtful] }) }).requiresConfirmation, true)
  t.equal(json({ servers: sampleServers({ smtp: [doubtful] }) }).requiresConfirmation, true)
  t.equal(json({ servers: sampleServers({ carddav: [doubtful] }) }).requiresConfirmation, false)
  const only = { servers: sampleServers({ imap: [], carddav: [doubtful] }) }
  t.equal(json(only, { recommendation: null }).requiresConfirmation, true)
  t.end()
})

t.test('json: cleartext only for the caller who insists, and flagged (R20, U2)', (t) => {
  const rejected = [
    {
      source: 'ispdb' as const,
      protocol: 'pop3' as const,
      hostname: 'pop.kunde.de',
      port: 110,
      reason: 'cleartext' as const,
      server: {
        protocol: 'pop3' as const,
        hostname: host('pop.kunde.de'),
        port: 110,
        security: 'plain' as const,
        username: null,
        authentication: [],
        declaredOrder: 2,
      },
    },
    {
      source: 'ispdb' as const,
      protocol: 'smtp' as const,
      hostname: 'x',
      port: null,
      reason: 'limit' as const,
    },
  ]
  const plain = sampleServer('imap.kunde.de', 143, { security: 'plain' })
  const discovery = { rejected, servers: sampleServers({ imap: [plain] }) }
  const careful = json(discovery, { recommendation: null })
  t.notMatch(JSON.stringify(careful.servers), 'plain')
  t.equal(careful.rejected.length, 2)
  t.notOk('server' in (careful.rejected[0] ?? {}))
  const asked = json(discovery, { recommendation: null, allowCleartext: true })
  t.match(asked.servers.pop3.at(-1), {
    port: 110,
    security: 'plain',
    username: 'Ann@kunde.de',
    trust: 'unconfirmed',
    requiresConfirmation: true,
    registrableDomain: 'kunde.de',
  })
  t.same(asked.servers.imap.length, 1)
  t.same(
    asked.warnings.map((warning) => warning.code),
    ['cleartext', 'cleartext'],
  )
  t.same(discoverAnswerSchema.parse(asked), asked)
  t.end()
})

t.test('problem documents have a schema', (t) => {
  const problem = {
    type: 'about:blank',
    title: 'x',
    status: 404,
    detail: 'y',
    code: 'NO_MAIL',
    suggestions: [],
  }
  t.same(problemSchema.parse(problem), problem)
  t.equal(problemSchema.safeParse({ ...problem, code: 'OTHER' }).success, false)
  t.end()
})

const options = {
  protocol: 'imap' as const,
  texts: { displayName: 'Mail', description: 'Sets up Mail', organization: 'mailscout' },
}

function profile(
  servers: Partial<ReturnType<typeof sampleServers>> = {},
  change: {
    address?: ReturnType<typeof email>
    protocol?: 'imap' | 'pop3'
    texts?: typeof options.texts
  } = {},
) {
  const view = settingsView(sampleDiscovery({ servers: sampleServers(servers) }), change.address ?? ann)
  return writeMobileconfig(view, {
    protocol: change.protocol ?? 'imap',
    texts: change.texts ?? options.texts,
  })
}

type Payload = Record<string, unknown>
function content(result: ReturnType<typeof profile>): Payload & { PayloadContent: Payload[] } {
  if (!result.ok) throw new Error(result.reason)
  return parse(result.body) as Payload & { PayloadContent: Payload[] }
}

t.test('mobileconfig: the whole profile (R46)', (t) => {
  const parsed = content(profile())
  const [mail = {}] = parsed.PayloadContent
  t.match(mail, {
    PayloadType: 'com.apple.mail.managed',
    PayloadVersion: 1,
    EmailAccountType: 'EmailTypeIMAP',
    EmailAddress: 'Ann@kunde.de',
    EmailAccountDescription: 'Provider AG',
    IncomingMailServerAuthentication: 'EmailAuthPassword',
    IncomingMailServerHostName: 'imap.provider.de',
    IncomingMailServerPortNumber: 993,
    IncomingMailServerUseSSL: true,
    IncomingMailServerUsername: 'Ann@kunde.de',
    OutgoingMailServerAuthentication: 'EmailAuthPassword',
    OutgoingMailServerHostName: 'smtp.provider.de',
    OutgoingMailServerPortNumber: 465,
    OutgoingMailServerUseSSL: true,
    OutgoingMailServerUsername: 'Ann@kunde.de',
    OutgoingPasswordSameAsIncomingPassword: true,
  })
  t.match(parsed, { PayloadType: 'Configuration', PayloadVersion: 1, PayloadOrganization: 'mailscout' })
  const identifier = String(parsed['PayloadIdentifier'])
  t.match(identifier, /^de\.kunde\.mailscout\.imap\.[0-9a-f]{16}$/)
  t.notMatch(identifier, 'Ann')
  t.equal(mail['PayloadIdentifier'], `${identifier}.mail`)
  t.match(parsed['PayloadUUID'], /^[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/)
  t.not(mail['PayloadUUID'], parsed['PayloadUUID'])
  t.notMatch(JSON.stringify(parsed), /Password":"(?!Email)/, 'no password')
  t.notMatch(JSON.stringify(parsed), '""', 'no empty value')
  t.equal(nameUuid('www.example.com'), '2ED6657D-E927-568B-95E1-2665A8AEA6A2', 'RFC 9562 appendix A.4')
  t.end()
})

t.test('mobileconfig: the same account gives the same bytes, another one other names', (t) => {
  t.same(profile(), profile())
  const id = (...change: Parameters<typeof profile>) => content(profile(...change))['PayloadIdentifier']
  const other = [
    id({}, { address: email('bob@kunde.de') }),
    id({}, { protocol: 'pop3' }),
    id({ imap: [sampleServer('imap2.provider.de', 993)] }),
    id({ smtp: [sampleServer('smtp.provider.de', 4465)] }),
    id(),
  ]
  t.equal(new Set(other).size, other.length)
  t.end()
})

t.test('mobileconfig: POP3, CRAM-MD5, DAV and empty texts', (t) => {
  const encrypted = { authentication: ['password-encrypted'] as Server['authentication'] }
  const parsed = content(
    profile(
      {
        pop3: [sampleServer('pop.provider.de', 995, encrypted)],
        caldav: [
          sampleServer('dav.provider.de', 443, { url: 'https://dav.provider.de/cal/%EMAILADDRESS%/' }),
        ],
        carddav: [sampleServer('dav.provider.de', 8443, { url: 'https://dav.provider.de:8443/' })],
      },
      { protocol: 'pop3', texts: { displayName: '\u202e', description: '', organization: '' } },
    ),
  )
  const [mail, caldav, carddav] = parsed.PayloadContent
  t.match(mail, { EmailAccountType: 'EmailTypePOP', IncomingMailServerAuthentication: 'EmailAuthCRAMMD5' })
  t.match(caldav, {
    PayloadType: 'com.apple.caldav.account',
    CalDAVHostName: 'dav.provider.de',
    CalDAVPort: 443,
    CalDAVUseSSL: true,
    CalDAVUsername: 'Ann@kunde.de',
    CalDAVPrincipalURL: '/cal/Ann%40kunde.de/',
  })
  t.match(carddav, { PayloadType: 'com.apple.carddav.account', CardDAVPort: 8443 })
  t.notOk('CardDAVPrincipalURL' in (carddav ?? {}))
  t.equal(parsed['PayloadDisplayName'], 'Provider AG')
  t.notOk('PayloadDescription' in parsed)
  const oauthDav = { authentication: ['oauth2'] as Server['authentication'] }
  t.equal(content(profile({ caldav: [sampleServer('d.de', 443, oauthDav)] })).PayloadContent.length, 1)
  t.equal(content(profile({ caldav: [sampleServer('d.de', 443)] })).PayloadContent.length, 2, 'without URL')
  t.end()
})

t.test('mobileconfig: what the format cannot say is refused (R46)', (t) => {
  const refusal = (servers: Parameters<typeof profile>[0]) => {
    const result = profile(servers)
    return result.ok ? 'ok' : result.reason
  }
  const oauth = { authentication: ['oauth2'] as Server['authentication'] }
  t.equal(refusal({ imap: [] }), 'incomplete')
  t.equal(refusal({ smtp: [] }), 'incomplete')
  t.equal(refusal({ imap: [sampleServer('a.de', 993, oauth)] }), 'oauth2-only')
  t.equal(refusal({ smtp: [sampleServer('a.de', 465, oauth)] }), 'oauth2-only')
  t.equal(refusal({ imap: [sampleServer('a.de', 143, { security: 'starttls' })] }), 'starttls-only')
  t.equal(refusal({ smtp: [sampleServer('a.de', 587, { security: 'starttls' })] }), 'starttls-only')
  t.equal(refusal({ imap: [sampleServer('a.de', 993, { trust: 'unconfirmed' })] }), 'incomplete')
  t.same(writeMobileconfig(settingsView(sampleDiscovery(), null), options), {
    ok: false,
    reason: 'incomplete',
  })
  t.end()
})

t.test('mobileconfig: any text survives as text', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), fc.string(), (name, description) => {
      const provider = { id: 'x', name, documentation: [] }
      const view = settingsView(sampleDiscovery({ provider }), email("o'k&\u00e4@kunde.de"))
      const result = writeMobileconfig(view, { protocol: 'imap', texts: { ...options.texts, description } })
      const [mail = {}] = content(result).PayloadContent
      assert.equal(mail['EmailAddress'], "o'k&\u00e4@kunde.de")
      assert.equal(mail['EmailAccountDescription'], view.displayName)
    }),
    { numRuns: 100 },
  )
  t.end()
})
