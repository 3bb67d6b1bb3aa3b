import fc from 'fast-check'
import assert from 'node:assert/strict'
import t from 'tap'
import { type Assembled, assemble, type EndedSource, serversOf } from '../../src/discovery/assemble.js'
import { lifetime } from '../../src/discovery/lifetime.js'
import { endpointKey } from '../../src/discovery/merge.js'
import { isDisproved } from '../../src/domain/mail-settings.js'
import { recommend } from '../../src/discovery/recommend.js'
import { couldChange } from '../../src/discovery/settle.js'
import type { Hostname } from '../../src/domain/hostname.js'
import {
  type DeclaredServer,
  PROTOCOLS,
  type Server,
  type Servers,
  SOURCE_NAMES,
  type SourceName,
  TRUST_TIERS,
  UNCHECKED,
  type Verification,
} from '../../src/domain/mail-settings.js'
import type { Finding, SourceOutcome } from '../../src/domain/source.js'
import type { Channel } from '../../src/domain/trust.js'

const DOMAIN = 'kunde.de' as Hostname
const VERIFIED: Verification = { status: 'verified' }
const failedBy = (code: string): Verification => ({ status: 'failed', failure: { code, detail: code } })

/** `imap imap.kunde.de:993 tls` as a source would declare it. */
function declared(text: string, change: Partial<DeclaredServer> = {}): DeclaredServer {
  const [protocol, place = '', security = 'tls'] = text.split(' ')
  const [hostname, port] = place.split(':')
  return {
    protocol: protocol as DeclaredServer['protocol'],
    hostname: hostname as Hostname,
    port: Number(port),
    security: security as DeclaredServer['security'],
    username: null,
    authentication: [],
    declaredOrder: 0,
    ...change,
  }
}
function finding(
  channel: Channel,
  servers: readonly (string | DeclaredServer)[],
  change: Partial<Finding> = {},
): Finding {
  return {
    channel,
    evidence: { where: 'somewhere', channel: 'https' },
    servers: servers.map((server) => (typeof server === 'string' ? declared(server) : server)),
    ...change,
  }
}
const foundIn = (...findings: Finding[]): SourceOutcome => ({ outcome: 'found', findings, ttlSeconds: 600 })
const rankOf = (source: SourceName) =>
  ['operator', 'autoconfig', 'provider-db', 'ispdb', 'mx', 'srv', 'guess'].indexOf(source)
const ended = (source: SourceName, outcome: SourceOutcome): EndedSource => ({
  source,
  rank: rankOf(source),
  outcome,
})

/** What the sources say, and what the checks said; `imap a.kunde.de:993/tls` → result. */
function assembleFrom(
  answers: Partial<Record<SourceName, Finding | Finding[] | SourceOutcome>>,
  checks: Readonly<Record<string, Verification>> = {},
): Assembled {
  return assemble({
    mailDomain: DOMAIN,
    verifications: new Map(Object.entries(checks)),
    ended: Object.entries(answers).map(([source, answer]) => {
      if ('outcome' in answer) return ended(source as SourceName, answer)
      return ended(source as SourceName, foundIn(...(Array.isArray(answer) ? answer : [answer])))
    }),
  })
}
const list = (assembled: Assembled, protocol: keyof Servers = 'imap') =>
  serversOf(assembled)[protocol].map((server) => `${server.hostname}:${server.port} ${server.trust}`)

void t.test('equal servers merge, and the best witness speaks', (t) => {
  const server = 'imap imap.kunde.de:993 tls'
  const assembled = assembleFrom({
    srv: finding('insecure', [declared(server, { declaredOrder: 3 })]),
    ispdb: finding('curated', [
      declared(server, { username: '%EMAILLOCALPART%', authentication: ['oauth2'], declaredOrder: 1 }),
    ]),
    guess: finding('insecure', [declared(server, { verification: VERIFIED })]),
  })
  const { imap } = serversOf(assembled)
  t.equal(imap.length, 1)
  t.match(imap[0], {
    username: '%EMAILLOCALPART%',
    authentication: ['oauth2'],
    trust: 'curated',
    requiresConfirmation: false,
    registrableDomain: 'kunde.de',
    sources: ['ispdb', 'srv', 'guess'],
    declaredOrder: 1,
    verification: VERIFIED,
  })
  t.equal(imap[0]?.evidence.length, 3)
  const silent = serversOf(assembleFrom({ srv: finding('insecure', [server]) })).imap[0]
  t.match(silent, { username: '%EMAILADDRESS%', authentication: ['password-cleartext'] })
  const url = 'https://jmap.kunde.de/session'
  const jmap = declared('jmap jmap.kunde.de:443 tls', { url })
  const both = serversOf(
    assembleFrom({ ispdb: finding('curated', [jmap]), srv: finding('insecure', [jmap]) }),
  ).jmap
  t.match(both, [{ url, authentication: [], sources: ['ispdb', 'srv'] }])
  t.end()
})

void t.test('one port in two transports or protocols is two servers with a check each', (t) => {
  const imap = 'imap imap.kunde.de:993 tls'
  const assembled = assembleFrom(
    {
      autoconfig: finding('authenticated', [
        imap,
        'pop3 imap.kunde.de:993 tls',
        'imap imap.kunde.de:993 starttls',
      ]),
    },
    { [endpointKey(declared(imap))]: VERIFIED },
  )
  t.strictSame(
    serversOf(assembled).imap.map(({ security, verification }) => [security, verification.status]),
    [
      ['tls', 'verified'],
      ['starttls', 'unchecked'],
    ],
  )
  t.equal(serversOf(assembled).pop3[0]?.verification.status, 'unchecked')
  t.end()
})

void t.test('R26: who is trusted how far', (t) => {
  const at = (channel: Channel, server: string, verification: Verification) =>
    serversOf(
      assembleFrom({ srv: finding(channel, [server]) }, { [endpointKey(declared(server))]: verification }),
    ).imap[0]?.trust
  const home = 'imap imap.kunde.de:993 tls'
  const away = 'imap imap.hoster.net:993 tls'
  const table: [Channel, string, Verification, string][] = [
    ['operator', away, UNCHECKED, 'operator'],
    ['authenticated', away, UNCHECKED, 'authenticated'],
    ['curated', away, UNCHECKED, 'curated'],
    ['known-provider', away, UNCHECKED, 'unconfirmed'],
    ['known-provider', away, VERIFIED, 'corroborated'],
    ['known-provider', away, failedBy('certificate'), 'unconfirmed'],
    ['insecure', home, UNCHECKED, 'unconfirmed'],
    ['insecure', home, VERIFIED, 'corroborated'],
    ['insecure', home, failedBy('timeout'), 'unconfirmed'],
    ['insecure', away, VERIFIED, 'unconfirmed'],
  ]
  for (const [channel, server, verification, trust] of table) {
    t.equal(at(channel, server, verification), trust, `${channel} ${server} ${verification.status}`)
  }
  t.end()
})

void t.test('the order', async (t) => {
  await t.test('implicit TLS goes before STARTTLS whatever the listing (R23)', (t) => {
    const assembled = assembleFrom({
      autoconfig: finding('authenticated', [
        declared('imap a.kunde.de:143 starttls', { declaredOrder: 0 }),
        declared('imap b.kunde.de:993 tls', { declaredOrder: 2 }),
        declared('imap a.kunde.de:993 tls', { declaredOrder: 1 }),
      ]),
    })
    t.strictSame(list(assembled), [
      'a.kunde.de:993 authenticated',
      'b.kunde.de:993 authenticated',
      'a.kunde.de:143 authenticated',
    ])
    const signed = assembleFrom({
      ispdb: finding('curated', ['imap a.kunde.de:993 tls', 'imap a.kunde.de:143 starttls']),
      srv: finding('authenticated', ['imap a.kunde.de:143 starttls']),
    })
    t.strictSame(
      list(signed),
      ['a.kunde.de:993 curated', 'a.kunde.de:143 authenticated'],
      'nor does a second witness lift it',
    )
    t.end()
  })

  await t.test('rank goes before trust, but not before confirmation', (t) => {
    const assembled = assembleFrom({
      autoconfig: finding('insecure', ['imap hint.else.net:993 tls']),
      'provider-db': finding('curated', ['imap db.kunde.de:993 tls']),
      srv: finding('authenticated', ['imap srv.kunde.de:993 tls']),
    })
    t.strictSame(list(assembled), [
      'db.kunde.de:993 curated',
      'srv.kunde.de:993 authenticated',
      'hint.else.net:993 unconfirmed',
    ])
    t.end()
  })

  await t.test('a hint does not lift what another confirmed', (t) => {
    const assembled = assembleFrom({
      autoconfig: finding('insecure', ['imap b.else.net:993 tls']),
      'provider-db': finding('curated', ['imap a.kunde.de:993 tls']),
      ispdb: finding('curated', ['imap b.else.net:993 tls']),
    })
    t.strictSame(list(assembled), ['a.kunde.de:993 curated', 'b.else.net:993 curated'])
    t.end()
  })

  await t.test('a check that told nothing costs the place only to one that passed', (t) => {
    const answers = {
      'provider-db': finding('curated', ['imap a.kunde.de:993 tls']),
      ispdb: finding('curated', ['imap b.kunde.de:993 tls']),
    }
    const first = (a: Verification, b: Verification) =>
      list(assembleFrom(answers, { 'imap a.kunde.de:993/tls': a, 'imap b.kunde.de:993/tls': b }))[0]?.slice(
        0,
        1,
      )
    for (const code of ['timeout', 'dns', 'unreachable']) {
      t.equal(first(failedBy(code), failedBy(code)), 'a', code)
      t.equal(first(failedBy(code), UNCHECKED), 'a', `${code}, the other unchecked`)
      t.equal(first(failedBy(code), VERIFIED), 'b', `${code}, the other passed`)
      t.equal(first(failedBy(code), failedBy('certificate')), 'a')
    }
    for (const code of ['certificate', 'tls', 'starttls-missing', 'starttls-injection', 'protocol']) {
      t.equal(first(failedBy(code), UNCHECKED), 'b', code)
      t.equal(first(failedBy(code), failedBy('timeout')), 'b', code)
    }
    t.end()
  })

  await t.test(
    'R27: the provider that the MX names goes before a stale panel; R53: not before the entry',
    (t) => {
      const stale = finding('authenticated', ['imap mail.kunde.de:993 tls'])
      const provider = finding('known-provider', ['imap imap.provider.net:993 tls'], { deliversHere: true })
      const checks = { 'imap imap.provider.net:993/tls': VERIFIED, 'imap mail.kunde.de:993/tls': VERIFIED }
      const moved = assembleFrom({ autoconfig: stale, mx: provider }, checks)
      t.strictSame(list(moved), ['imap.provider.net:993 corroborated', 'mail.kunde.de:993 authenticated'])
      t.match(moved.conflicts, [
        {
          protocol: 'imap',
          kind: 'hostname',
          chosen: { sources: ['mx'] },
          other: { sources: ['autoconfig'] },
        },
      ])
      t.ok(moved.warnings.some((warning) => warning.code === 'conflict'))
      t.equal(
        list(assembleFrom({ autoconfig: stale, mx: provider }))[0],
        'mail.kunde.de:993 authenticated',
        'unchecked',
      )

      const entry = finding('curated', ['imap entry.kunde.de:993 tls'])
      t.equal(
        list(assembleFrom({ 'provider-db': entry, mx: provider }, checks))[0],
        'entry.kunde.de:993 curated',
      )
      const old = assembleFrom({ 'provider-db': { ...entry, stale: true }, mx: provider }, checks)
      t.equal(list(old)[0], 'imap.provider.net:993 corroborated', 'a stale entry does not stop the MX (R28)')
      const operator = finding('operator', ['imap own.kunde.de:993 tls'])
      t.equal(list(assembleFrom({ operator, mx: provider }, checks))[0], 'own.kunde.de:993 operator')
      t.end()
    },
  )

  await t.test('no more than eight of a protocol', (t) => {
    const many = Array.from({ length: 12 }, (_, index) => `imap h${index}.kunde.de:993 tls`)
    t.equal(list(assembleFrom({ ispdb: finding('curated', many) })).length, 8)
    t.end()
  })
})

void t.test('what goes with the servers', async (t) => {
  await t.test('SRV "." is not offered, and no guess re-invents it (R18)', (t) => {
    const refused = finding('insecure', [], { notOffered: ['pop3'] })
    const guess = finding('insecure', ['pop3 pop.kunde.de:995 tls', 'imap imap.kunde.de:993 tls'])
    const assembled = assembleFrom({ srv: refused, guess })
    t.strictSame([list(assembled, 'pop3'), assembled.notOffered], [[], ['pop3']])
    t.equal(list(assembled).length, 1)
    const declaredElsewhere = assembleFrom({
      srv: refused,
      ispdb: finding('curated', ['pop3 pop.kunde.de:995 tls']),
    })
    t.strictSame(declaredElsewhere.notOffered, [], 'somebody offers it after all')
    t.match(declaredElsewhere.conflicts, [{ kind: 'not-offered', other: { sources: ['srv'], value: '.' } }])
    t.end()
  })

  await t.test('every disagreement is a conflict, a guess is none (R24)', (t) => {
    const chosen = finding('authenticated', [
      declared('imap a.kunde.de:993 tls', { username: '%EMAILADDRESS%' }),
    ])
    const kinds = (other: Finding, source: SourceName = 'ispdb') =>
      assembleFrom({ autoconfig: chosen, [source]: other }).conflicts.map((conflict) => conflict.kind)
    t.strictSame(kinds(finding('curated', ['imap b.kunde.de:993 tls'])), ['hostname'])
    t.strictSame(kinds(finding('curated', ['imap a.kunde.de:143 starttls'])), ['transport'])
    t.strictSame(kinds(finding('curated', ['smtp a.kunde.de:465 tls'])), [])
    t.strictSame(kinds(finding('insecure', ['imap b.kunde.de:993 tls']), 'guess'), [])
    t.end()
  })

  await t.test('warnings and notices come from what was chosen', (t) => {
    const notice = (code: string) => ({ notices: [{ code }], warnings: [{ code: `${code}-warning` }] })
    const assembled = assembleFrom({
      'provider-db': finding('curated', ['imap a.kunde.de:993 tls'], { ...notice('mine'), stale: true }),
      ispdb: finding('curated', ['imap b.kunde.de:993 tls'], notice('other')),
      srv: finding('insecure', [], {
        rejected: [{ source: 'srv', protocol: 'imap', hostname: 'x', port: 143, reason: 'cleartext' }],
      }),
      mx: { outcome: 'absent', notices: [{ code: 'mx-gateway' }] },
    })
    t.strictSame(
      [assembled.notices, assembled.warnings].map((messages) => messages.map((message) => message.code)),
      [['mine'], ['mine-warning', 'stale-entry', 'conflict', 'cleartext-rejected']],
    )
    t.equal(assembled.rejected.length, 1)
    const info = { id: 'hey', name: 'Hey', documentation: [] }
    const closed = assembleFrom({
      'provider-db': { outcome: 'absent', noAccess: true, provider: info, notices: [{ code: 'no-access' }] },
      mx: { outcome: 'absent', noMail: true },
    })
    t.strictSame(
      [closed.provider, closed.notices, closed.noAccess, closed.noMail, closed.warnings],
      [info, [{ code: 'no-access' }], true, true, [{ code: 'null-mx' }]],
    )
    t.ok(!couldChange(closed, { source: 'srv', rank: 5 }), 'nothing else needs to be asked')
    const mixed = assemble({
      mailDomain: 'xn--pple-43d.com' as Hostname,
      ended: [],
      verifications: new Map(),
    })
    t.match(mixed.warnings, [{ code: 'confusable-name' }])
    t.end()
  })
})

void t.test('when the first choice is settled', (t) => {
  const both = (host: string) => [`imap ${host}:993 tls`, `smtp ${host}:465 tls`]
  const could = (assembled: Assembled) =>
    (['operator', 'autoconfig', 'provider-db', 'ispdb', 'mx', 'srv', 'guess'] as const).filter((source) =>
      couldChange(assembled, { source, rank: rankOf(source) }),
    )
  const all = ['operator', 'autoconfig', 'provider-db', 'ispdb', 'mx', 'srv', 'guess']
  t.strictSame(could(assembleFrom({})), all)
  t.strictSame(
    could(assembleFrom({ ispdb: finding('curated', ['imap a.kunde.de:993 tls']) })),
    all,
    'no way out yet',
  )
  t.strictSame(could(assembleFrom({ 'provider-db': finding('curated', both('a.kunde.de')) })), [
    'operator',
    'provider-db',
  ])
  t.strictSame(could(assembleFrom({ autoconfig: finding('authenticated', both('a.kunde.de')) })), [
    'operator',
    'mx',
  ])
  t.strictSame(could(assembleFrom({ srv: finding('insecure', both('a.kunde.de')) })), all, 'only suggested')
  const refuted = { 'imap a.kunde.de:993/tls': failedBy('certificate') }
  t.strictSame(
    could(assembleFrom({ autoconfig: finding('authenticated', both('a.kunde.de')) }, refuted)),
    all,
  )
  t.end()
})

void t.test('who may say how to sign in, and who disagrees about it', (t) => {
  const server = 'imap imap.kunde.de:993 tls'
  const slipped = assembleFrom(
    {
      autoconfig: finding('insecure', [declared(server, { username: 'evil', authentication: ['none'] })]),
      srv: finding('authenticated', [server]),
    },
    { [endpointKey(declared(server))]: VERIFIED },
  )
  t.match(
    serversOf(slipped).imap[0],
    { trust: 'authenticated', username: '%EMAILADDRESS%', authentication: ['password-cleartext'] },
    'a hint puts no words into a trusted mouth (R26)',
  )
  const quarrel = assembleFrom({
    autoconfig: finding('authenticated', [declared(server, { username: '%EMAILADDRESS%' })]),
    ispdb: finding('curated', [declared(server, { username: '%EMAILLOCALPART%' })]),
  })
  t.match(
    quarrel.conflicts,
    [
      {
        kind: 'username',
        chosen: { value: '%EMAILADDRESS%' },
        other: { sources: ['ispdb'], value: '%EMAILLOCALPART%' },
      },
    ],
    'the same server, another login name (R24)',
  )
  const alone = assembleFrom({
    srv: [finding('insecure', [server]), finding('insecure', ['imap imap.kunde.de:143 starttls'])],
  })
  t.same(alone.conflicts, [], 'a source that names two servers does not contradict itself')
  t.end()
})

void t.test('advertised mechanisms take methods away and never all (R36)', (t) => {
  const server = declared('imap imap.kunde.de:993 tls', { authentication: ['oauth2', 'password-cleartext'] })
  const smtp = declared('smtp smtp.kunde.de:465 tls', { authentication: ['oauth2', 'password-encrypted'] })
  const methods = (one: DeclaredServer, verification: Partial<Verification>) =>
    serversOf(
      assembleFrom(
        { ispdb: finding('curated', [one]) },
        { [endpointKey(one)]: { ...VERIFIED, ...verification } },
      ),
    )[one.protocol][0]?.authentication
  t.same(methods(server, {}), ['oauth2', 'password-cleartext'], 'silence removes nothing')
  t.same(methods(server, { saslMechanisms: ['PLAIN'] }), ['password-cleartext'])
  t.same(methods(server, { saslMechanisms: ['XOAUTH2'] }), ['oauth2', 'password-cleartext'], 'IMAP has LOGIN')
  t.same(methods(server, { saslMechanisms: ['OAUTHBEARER'], capabilities: ['LOGINDISABLED'] }), ['oauth2'])
  t.same(methods(smtp, { saslMechanisms: ['SCRAM-SHA-256'] }), ['password-encrypted'])
  t.same(methods(smtp, { saslMechanisms: ['PLAIN'] }), ['oauth2', 'password-encrypted'], 'never all of them')
  const pop3 = declared('pop3 pop.kunde.de:995 tls', { authentication: ['password-cleartext'] })
  t.same(methods(pop3, { saslMechanisms: ['CRAM-MD5'] }), ['password-cleartext'], 'USER and PASS remain')
  t.end()
})

void t.test('how long an answer is kept (R37)', (t) => {
  const life = (
    kind: 'found' | 'absent' | 'failed' | 'no-mail',
    outcomes: SourceOutcome[],
    degraded = false,
  ) => lifetime({ kind, degraded, ended: outcomes.map((outcome) => ended('srv', outcome)), firstChoices: [] })
  const foundFor = (ttlSeconds: number): SourceOutcome => ({ outcome: 'found', findings: [], ttlSeconds })
  const failure = { code: 'timeout', detail: '' } as const
  t.equal(life('found', [foundFor(7200), foundFor(3600)]), 3600)
  t.equal(life('found', [foundFor(0)]), 300)
  t.equal(life('found', [foundFor(1e9)]), 86_400)
  t.equal(life('found', [foundFor(3600), { outcome: 'failed', failure }]), 300)
  t.equal(life('found', [{ outcome: 'found', findings: [], ttlSeconds: 3600, missed: failure }]), 300)
  t.equal(life('found', [foundFor(3600)], true), 30)
  t.equal(life('absent', [{ outcome: 'absent', ttlSeconds: 120 }, { outcome: 'absent' }]), 120)
  t.equal(life('absent', [{ outcome: 'absent' }]), 900)
  t.equal(life('no-mail', [{ outcome: 'absent', ttlSeconds: 1 }]), 60)
  t.equal(life('failed', [foundFor(3600)], true), 10)
  const kept = (trust: Server['trust'], verification: Verification) =>
    lifetime({
      kind: 'found',
      degraded: false,
      ended: [ended('srv', foundFor(86_400))],
      firstChoices: [{ trust, verification } as Server],
    })
  t.equal(kept('curated', VERIFIED), 86_400)
  t.equal(kept('unconfirmed', failedBy('certificate')), 86_400, 'a proof is a proof')
  t.equal(kept('unconfirmed', failedBy('timeout')), 30, 'one lost packet is not')
  t.equal(kept('curated', failedBy('unreachable')), 300)
  t.equal(kept('authenticated', UNCHECKED), 300)
  t.end()
})

/* Properties over worlds of sources */

const HOSTS = ['imap.kunde.de', 'mail.kunde.de', 'imap.hoster.net', 'mail.else.org']
const verificationArb = fc.constantFrom<Verification>(
  UNCHECKED,
  VERIFIED,
  failedBy('certificate'),
  failedBy('timeout'),
)
const serverArb = fc
  .record({
    protocol: fc.constantFrom('imap', 'pop3', 'smtp'),
    hostname: fc.constantFrom(...HOSTS),
    transport: fc.constantFrom('993 tls', '143 starttls', '465 tls', '587 starttls'),
    declaredOrder: fc.nat(2),
  })
  .map(({ protocol, hostname, transport, declaredOrder }) =>
    declared(`${protocol} ${hostname}:${transport}`, { declaredOrder }),
  )
const channelOf: Partial<Record<SourceName, readonly Channel[]>> = {
  operator: ['operator'],
  autoconfig: ['authenticated', 'insecure'],
  'provider-db': ['curated'],
  ispdb: ['curated'],
  mx: ['known-provider', 'insecure'],
  srv: ['insecure', 'authenticated'],
  guess: ['insecure'],
}
const worldArb = fc.subarray(SOURCE_NAMES.filter((name) => rankOf(name) >= 0)).chain((names) =>
  fc.tuple(
    ...names.map((source) =>
      fc
        .record({
          channel: fc.constantFrom(...(channelOf[source] ?? (['insecure'] as const))),
          servers: fc.array(serverArb, { maxLength: 3 }),
          deliversHere: fc.boolean(),
          stale: fc.boolean(),
        })
        .map(({ channel, servers, deliversHere, stale }): EndedSource => {
          const known = source === 'mx' && channel === 'known-provider'
          return ended(
            source,
            foundIn(finding(channel, servers, { deliversHere: known && deliversHere, stale })),
          )
        }),
    ),
  ),
)
const checksArb = fc
  .array(fc.tuple(serverArb, verificationArb), { maxLength: 12 })
  .map((checks) => new Map(checks.map(([server, verification]) => [endpointKey(server), verification])))
const view = (sources: readonly EndedSource[], verifications: ReadonlyMap<string, Verification>) =>
  assemble({ mailDomain: DOMAIN, ended: sources, verifications })
const trustByEndpoint = (assembled: Assembled) =>
  new Map(
    [...assembled.candidates.values()]
      .flat()
      .map(
        ({ protocol, server }) =>
          [endpointKey({ protocol, ...server }), TRUST_TIERS.indexOf(server.trust)] as const,
      ),
  )

void t.test('properties', (t) => {
  fc.assert(
    fc.property(worldArb, checksArb, fc.infiniteStream(fc.nat(100)), (world, checks, stream) => {
      const shuffled = world
        .map((source) => ({ source, key: stream.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ source }) => source)
      assert.deepEqual(view(shuffled, checks), view(world, checks))
    }),
  )
  t.pass('the order of arrival plays no part')

  fc.assert(
    fc.property(worldArb, checksArb, (world, checks) => {
      for (const candidates of view(world, checks).candidates.values()) {
        const servers = candidates.map((candidate) => candidate.server)
        const standing = servers.filter((server) => !isDisproved(server.verification))
        assert.deepEqual(servers.slice(0, standing.length), standing, 'the refuted come last')
        const firstHint = standing.findIndex((server) => server.trust === 'unconfirmed')
        const later = firstHint === -1 ? [] : standing.slice(firstHint)
        assert.ok(
          later.every((server) => server.trust === 'unconfirmed'),
          'no hint before what is confirmed',
        )
        const keys = candidates.map(({ protocol, server }) => endpointKey({ protocol, ...server }))
        assert.equal(new Set(keys).size, keys.length, 'each endpoint once')
        for (const server of servers)
          assert.equal(server.requiresConfirmation, server.trust === 'unconfirmed')
      }
    }),
  )
  t.pass('what is unconfirmed never stands before what is confirmed, what failed never before what stands')

  fc.assert(
    fc.property(
      worldArb,
      checksArb,
      fc.array(serverArb, { minLength: 1, maxLength: 3 }),
      (world, checks, hints) => {
        const without = world.filter((source) => source.source !== 'srv')
        const before = trustByEndpoint(view(without, checks))
        const after = trustByEndpoint(
          view([...without, ended('srv', foundIn(finding('insecure', hints)))], checks),
        )
        for (const [key, tier] of before) assert.ok((after.get(key) ?? tier) >= tier, key)
        for (const [key, tier] of after) {
          if (!before.has(key)) assert.ok(tier >= TRUST_TIERS.indexOf('corroborated'), key)
        }
      },
    ),
  )
  t.pass('adding an insecure hint never raises trust')

  fc.assert(
    fc.property(worldArb, checksArb, fc.nat(6), (world, checks, gone) => {
      const before = trustByEndpoint(view(world, checks))
      const after = trustByEndpoint(
        view(
          world.filter((source) => source.rank !== gone),
          checks,
        ),
      )
      for (const [key, tier] of after) assert.ok(tier >= (before.get(key) ?? 0), key)
    }),
  )
  t.pass('removing a source never raises trust: unconfirmed never becomes corroborated')
  t.end()
})

void t.test('recommend (R40)', (t) => {
  const server = (text: string, change: Partial<Server> = {}): Server => ({
    ...(serversOf(assembleFrom({ ispdb: finding('curated', [text]) }))[
      text.split(' ')[0] as 'imap'
    ][0] as Server),
    ...change,
  })
  const imap = server('imap imap.kunde.de:993 tls')
  const imapStartTls = server('imap imap.kunde.de:143 starttls')
  const pop3 = server('pop3 pop.kunde.de:995 tls', { declaredOrder: 1 })
  const smtp = server('smtp smtp.kunde.de:465 tls')
  const none = Object.fromEntries(PROTOCOLS.map((protocol) => [protocol, []])) as unknown as Servers
  const both: Servers = { ...none, imap: [imap], pop3: [pop3], smtp: [smtp] }
  const advise = (servers: Servers, preference = {}) => {
    const advice = recommend(servers, preference)
    return advice && [advice.protocol, ...advice.reasons.map((reason) => reason.code)].join(' ')
  }
  const words = 'imap-explained pop3-explained smtp-explained'
  const table: [
    devices: 'one' | 'many' | undefined,
    keep: 'server' | 'device' | undefined,
    advice: string,
  ][] = [
    [undefined, undefined, `imap several-devices provider-prefers-imap ${words}`],
    ['many', undefined, `imap several-devices provider-prefers-imap ${words}`],
    ['one', undefined, `imap one-device-may-become-two provider-prefers-imap ${words}`],
    [undefined, 'server', `imap several-devices keep-on-server provider-prefers-imap ${words}`],
    ['many', 'server', `imap several-devices keep-on-server provider-prefers-imap ${words}`],
    ['one', 'server', `imap keep-on-server one-device-may-become-two provider-prefers-imap ${words}`],
    [undefined, 'device', `pop3 keep-on-device leave-on-server ${words}`],
    ['many', 'device', `imap several-devices-need-imap provider-prefers-imap ${words}`],
    ['one', 'device', `pop3 one-device keep-on-device leave-on-server ${words}`],
  ]
  for (const [devices, keep, advice] of table) t.equal(advise(both, { devices, keep }), advice)

  t.equal(advise(none), null)
  t.equal(
    advise({ ...both, pop3: [] }),
    'imap only-imap-offered several-devices imap-explained smtp-explained',
  )
  t.equal(advise({ ...both, imap: [] }), `pop3 only-pop3-offered leave-on-server ${words}`)
  t.equal(
    advise({ ...both, imap: [] }, { devices: 'many' }),
    `pop3 only-pop3-offered pop3-on-several-devices leave-on-server ${words}`,
  )
  const plain = { ...imap, security: 'plain' as const, port: 143 }
  const refuted = { ...imap, verification: failedBy('certificate') }
  for (const bad of [plain, refuted]) {
    t.equal(advise({ ...both, imap: [bad] }), `pop3 imap-not-secure leave-on-server ${words}`)
    t.equal(recommend({ ...both, imap: [bad, imapStartTls] }, {})?.incoming.port, 143, 'the next that stands')
    t.equal(recommend({ ...none, imap: [bad] }, {}), null)
  }
  const silent = { ...imap, verification: failedBy('timeout') }
  t.equal(recommend({ ...both, imap: [silent] }, {})?.incoming, silent, 'no answer is no refutation')
  t.equal(
    advise({ ...both, imap: [{ ...imap, trust: 'unconfirmed' }] }, { devices: 'many' }),
    `pop3 imap-not-confirmed leave-on-server ${words}`,
  )
  t.match(
    advise({ ...both, pop3: [{ ...pop3, declaredOrder: 0 }], imap: [{ ...imap, declaredOrder: 1 }] }),
    /provider-lists-pop3-first/,
  )
  t.notMatch(advise({ ...both, pop3: [{ ...pop3, sources: ['srv'] }] }), /provider-/)

  const advice = recommend(both, {})
  t.strictSame([advice?.outgoing, advice?.alternative], [smtp, { protocol: 'pop3', incoming: pop3 }])
  const alone = recommend({ ...none, imap: [imap] }, {})
  t.strictSame([alone?.outgoing, alone?.alternative], [null, null])
  t.end()
})
