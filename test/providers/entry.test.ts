import t from 'tap'
import { editDistance } from '../../src/providers/edit-distance.js'
import { providerEntrySchema } from '../../src/providers/entry.js'
import { matchMxRule } from '../../src/providers/mx-rule.js'

/** One minimal valid entry; each case below changes one thing. */
const minimal = {
  id: 'acme',
  name: 'Acme Mail',
  access: 'full',
  domains: ['acme-mail.com'],
  imap: [{ hostname: 'imap.acme-mail.com', port: 993, security: 'tls' }],
  smtp: [{ hostname: 'smtp.acme-mail.com', port: 465, security: 'tls' }],
  confidence: 'high',
  references: ['https://acme-mail.com/help'],
  verified: '2026-10-15',
}
const rule = {
  match: 'suffix',
  value: 'acme-mx.com',
  class: 'mailbox',
  matches: 'mx1.acme-mx.com',
  not: 'mx1.notacme-mx.com',
}
const imap = (change: object) => ({ imap: [{ ...minimal.imap[0], ...change }] })
const smtp = (change: object) => ({ smtp: [{ ...minimal.smtp[0], ...change }] })
const pop3 = (change: object) => ({
  pop3: [{ hostname: 'pop.acme-mail.com', port: 995, security: 'tls', ...change }],
})
const mx = (change: object) => ({ mx: [{ ...rule, ...change }] })

/** Where and why an entry is refused, or null. */
function refusal(change: object): string | null {
  const result = providerEntrySchema.safeParse({ ...minimal, ...change })
  const issue = result.error?.issues[0]
  return issue === undefined ? null : `${issue.path.map(String).join('.')}: ${issue.message}`
}

t.test('a minimal entry is valid and gets its defaults', (t) => {
  const entry = providerEntrySchema.parse(minimal)
  t.equal(entry.username, '%EMAILADDRESS%')
  t.strictSame(entry.authentication, ['password-cleartext'])
  t.strictSame([entry.pop3, entry.mx, entry.requires, entry.popularity], [[], [], [], {}])
  t.end()
})

t.test('what an entry may say', (t) => {
  const good: Record<string, object> = {
    'both transports': {
      smtp: [...minimal.smtp, { hostname: 'smtp.acme-mail.com', port: 587, security: 'starttls' }],
    },
    'POP3 alone': { imap: [], ...pop3({}) },
    'an unusual high port': imap({ port: 10993 }),
    'a login without the domain': { username: '%EMAILLOCALPART%' },
    'a login per server': imap({ username: '%EMAILLOCALPART%.%EMAILDOMAIN%' }),
    'OAuth only': { authentication: ['oauth2'] },
    'no access, with the reason': {
      access: 'none',
      imap: [],
      smtp: [],
      reason: { en: 'No.', de: 'Nein.' },
      notOffered: ['imap', 'pop3', 'smtp'],
    },
    unknown: { access: 'unknown', imap: [], smtp: [], webmail: 'https://acme-mail.com/' },
    'requirements with texts': {
      requires: [
        { kind: 'enable-imap', url: 'https://acme-mail.com/imap' },
        { kind: 'paid-plan', texts: { en: 'x', de: 'y' } },
      ],
    },
    'popular domains': { popularity: { 'acme-mail.com': 3 } },
    'an MX rule': mx({}),
    'servers only behind MX': {
      domains: [],
      imap: [],
      smtp: [],
      ...mx({ servers: { imap: minimal.imap, smtp: minimal.smtp } }),
    },
    'a template with its host': mx({
      match: 'template',
      value: 'in.{region}.acme-mx.com',
      matches: 'in.eu.acme-mx.com',
      servers: {
        imap: [{ hostname: 'imap.{region}.acme-mail.com', port: 993, security: 'tls' }],
        smtp: [{ hostname: '{host}', port: 465, security: 'tls' }],
      },
    }),
    'a prefix': mx({ match: 'prefix', value: 'mx*.acme-mx.com' }),
    'one service of a shared name': mx({
      match: 'exact',
      value: 'mx3.qq.com',
      matches: 'mx3.qq.com',
      not: 'mxbiz1.qq.com',
    }),
    "one customer's host below a private suffix": mx({
      match: 'template',
      value: '{account}.kasserver.com',
      matches: 'w0123.kasserver.com',
      not: 'kasserver.com',
    }),
    oauth2: { oauth2: { issuer: 'https://a.example', tokenUrl: 'https://a.example/t', scopes: ['mail'] } },
  }
  for (const [name, change] of Object.entries(good)) t.equal(refusal(change), null, name)
  t.end()
})

t.test('what is refused, and where', (t) => {
  const bad: [string, object, RegExp][] = [
    ['unknown keys', { colour: 'blue' }, /colour/],
    ['unknown keys of a server', imap({ tls: true }), /imap\.0: .*tls/],
    ['a client secret', { oauth2: { issuer: 'a', scopes: [], clientSecret: 'x' } }, /oauth2: .*clientSecret/],
    ['an id with capitals', { id: 'Acme' }, /^id/],
    ['an invented access', { access: 'some' }, /^access/],
    ['a bare public suffix', { domains: ['co.uk'] }, /^domains\.0: .*public suffix/],
    ['a special-use name', { domains: ['mail.test'] }, /^domains\.0: .*special-use/],
    ['a domain twice', { domains: ['acme-mail.com', 'acme-mail.com'] }, /^domains: .*twice/],
    ['a domain in capitals', { domains: ['Acme-Mail.com'] }, /^domains\.0/],
    ['neither domain nor MX', { domains: [] }, /^domains: needs/],
    ['a host of one label', imap({ hostname: 'localhost' }), /^imap\.0\.hostname/],
    ['an IP address', smtp({ hostname: '127.0.0.1' }), /^smtp\.0\.hostname/],
    ['a capture outside a rule', imap({ hostname: '{host}' }), /^imap\.0\.hostname/],
    ['a placeholder as host', imap({ hostname: '%EMAILDOMAIN%' }), /^imap\.0\.hostname/],
    ['POP3 on 993', pop3({ port: 993 }), /^pop3\.0\.port: port 993 is not for pop3/],
    ['SMTP on 586', smtp({ port: 586 }), /^smtp\.0\.port/],
    ['SMTP on 994', smtp({ port: 994 }), /^smtp\.0\.port/],
    ['SMTP on 25', smtp({ port: 25, security: 'starttls' }), /^smtp\.0\.port/],
    ['IMAP on 587', imap({ port: 587 }), /^imap\.0\.port/],
    ['STARTTLS on 465', smtp({ security: 'starttls' }), /is for tls, not starttls/],
    ['TLS on 587', smtp({ port: 587 }), /is for starttls, not tls/],
    ['cleartext', imap({ port: 143, security: 'plain' }), /^imap\.0\.security/],
    [
      'STARTTLS before TLS',
      { smtp: [{ hostname: 'smtp.acme-mail.com', port: 587, security: 'starttls' }, ...minimal.smtp] },
      /^smtp: .*R23/,
    ],
    ['one server twice', { imap: [...minimal.imap, ...minimal.imap] }, /^imap: .*twice/],
    ['a broken placeholder', { username: '%EMAILADDRESS' }, /^username/],
    ['an unknown placeholder', { username: '%EMAILADDRESS%%REALNAME%' }, /^username: .*unknown/],
    ['a login that is the same for all', { username: 'postmaster' }, /^username/],
    ['login without sign-in', { authentication: ['none'] }, /^authentication/],
    ['an empty list of ways', { authentication: [] }, /^authentication/],
    ['IMAP without SMTP', { smtp: [] }, /^access: full access needs/],
    ['SMTP alone', { imap: [] }, /^access: full access needs/],
    ['none with servers', { access: 'none', reason: { en: 'x', de: 'y' } }, /^access: servers are listed/],
    ['none without a reason', { access: 'none', imap: [], smtp: [] }, /^reason/],
    ['a reason in one language', { reason: { en: 'x' } }, /^reason\.de/],
    ['not offered but listed', { notOffered: ['imap'] }, /^notOffered/],
    ['popular strangers', { popularity: { 'other.com': 1 } }, /^popularity/],
    ['an unknown requirement', { requires: [{ kind: 'luck' }] }, /^requires\.0\.kind/],
    ['an http page to act on', { requires: [{ kind: 'enable-imap', url: 'http://a.example/' }] }, /url/],
    ['no reference', { references: [] }, /^references/],
    ['a day that does not exist', { verified: '2026-02-30' }, /^verified/],
    ['an invented class', mx({ class: 'firewall' }), /^mx\.0\.class/],
    ['a rule that misses its example', mx({ matches: 'mx1.other.com' }), /^mx\.0\.matches/],
    ['a rule that hits its counter-example', mx({ not: 'mx2.acme-mx.com' }), /^mx\.0\.not/],
    ['a rule for all below a suffix', mx({ value: 'co.uk' }), /^mx\.0\.value: .*public suffix/],
    ['a rule of one label', mx({ value: 'com' }), /^mx\.0\.value/],
    ['a star in a suffix', mx({ value: 'mx*.acme-mx.com' }), /^mx\.0\.value: only a prefix/],
    ['a prefix without a star', mx({ match: 'prefix' }), /^mx\.0\.value: only a prefix/],
    ['a prefix without its rest', mx({ match: 'prefix', value: 'mx*' }), /^mx\.0\.value/],
    ['braces in a suffix', mx({ value: '{a}.acme-mx.com' }), /^mx\.0\.value: only a template/],
    ['a template without braces', mx({ match: 'template' }), /^mx\.0\.value: only a template/],
    ['half a label in braces', mx({ match: 'template', value: 'mx{n}.acme-mx.com' }), /whole label/],
    [
      'a capture nobody made',
      mx({
        servers: {
          imap: [{ hostname: 'imap.{region}.acme-mail.com', port: 993, security: 'tls' }],
          smtp: minimal.smtp,
        },
      }),
      /^mx\.0\.servers: \{region\}/,
    ],
    [
      'servers of a gateway',
      mx({ class: 'gateway', servers: { imap: minimal.imap, smtp: minimal.smtp } }),
      /gateway/,
    ],
    ['half a set of servers', mx({ servers: { imap: minimal.imap } }), /^mx\.0\.servers: need/],
    [
      'domains without servers',
      { imap: [], smtp: [], ...mx({ servers: { imap: minimal.imap, smtp: minimal.smtp } }) },
      /^domains: servers exist only behind MX/,
    ],
  ]
  for (const name of ['outlook.com', 'qq.com', 'yahoodns.net', 'netease.com', 'gmx.net']) {
    bad.push([`bare ${name}`, mx({ value: name, matches: `mx.${name}` }), /R52/])
  }
  for (const [name, change, reason] of bad) t.match(refusal(change) ?? 'accepted', reason, name)
  t.end()
})

t.test('MX rules match on label boundaries and give what they capture', (t) => {
  const suffix = { match: 'suffix', value: 'a.com' } as const
  t.strictSame(matchMxRule(suffix, 'a.com'), { host: 'a.com' })
  t.strictSame(matchMxRule(suffix, 'x.y.a.com'), { host: 'x.y.a.com' })
  t.equal(matchMxRule(suffix, 'xa.com'), null)
  t.equal(matchMxRule(suffix, 'a.com.evil.net'), null)
  t.equal(matchMxRule({ match: 'exact', value: 'a.com' }, 'mx.a.com'), null)
  const prefix = { match: 'prefix', value: 'mx*.a.com' } as const
  t.strictSame(matchMxRule(prefix, 'mx07.a.com'), { host: 'mx07.a.com' })
  t.equal(matchMxRule(prefix, 'mx07.b.a.com'), null)
  t.equal(matchMxRule(prefix, 'amx07.a.com'), null)
  const template = { match: 'template', value: 'in.{region}.a.com' } as const
  t.strictSame(matchMxRule(template, 'in.eu.a.com'), { host: 'in.eu.a.com', region: 'eu' })
  t.equal(matchMxRule(template, 'in.eu.west.a.com'), null)
  t.equal(matchMxRule(template, 'out.eu.a.com'), null)
  t.end()
})

t.test('edit distance counts a swap of neighbours once and stops at its limit', (t) => {
  t.equal(editDistance('gmail.com', 'gmail.com', 2), 0)
  t.equal(editDistance('gmial.com', 'gmail.com', 2), 1)
  t.equal(editDistance('gmal.com', 'gmail.com', 2), 1)
  t.equal(editDistance('gmaail.com', 'gmail.com', 2), 1)
  t.equal(editDistance('gnail.con', 'gmail.com', 2), 2)
  t.equal(editDistance('gnail.con', 'gmail.com', 1), 2, 'limit + 1')
  t.equal(editDistance('a', 'abcdef', 2), 3, 'lengths alone decide')
  t.equal(editDistance('', 'ab', 2), 2)
  t.end()
})
