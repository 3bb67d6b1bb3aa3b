import fc from 'fast-check'
import assert from 'node:assert/strict'
import t from 'tap'
import {
  type AddressFault,
  displayAddress,
  type EmailAddress,
  expandTemplate,
  needsSmtpUtf8,
  parseEmailAddress,
  unknownPlaceholders,
} from '../../src/domain/email-address.js'
import {
  type DomainFault,
  type Hostname,
  hostnameSchema,
  isPublicSuffix,
  isSpecialUse,
  mixedScriptLabels,
  parseHostname,
  parseMailDomain,
  registrableDomain,
  sameRegistrableDomain,
  toUnicode,
} from '../../src/domain/hostname.js'
import { confirmedServers, type Server } from '../../src/domain/mail-settings.js'
import { compareTrust } from '../../src/domain/trust.js'
import { createTurns } from '../../src/domain/turns.js'

/** TAP takes a line separator within a name for the end of the line. */
const printable = (text: string) =>
  text.replace(/[^ -~]/gu, (letter) => `\\u${letter.charCodeAt(0).toString(16)}`)
const host = (name: string) => name as Hostname
function email(text: string): EmailAddress {
  const parsed = parseEmailAddress(text)
  assert.ok(parsed.ok, text)
  return parsed.value
}

void t.test('R1: addresses that are read', (t) => {
  const good: [text: string, localPart: string, domain: string][] = [
    ['ann@kunde.de', 'ann', 'kunde.de'],
    ['Ann.Lee@Kunde.DE', 'Ann.Lee', 'kunde.de'],
    ['ann@kunde.de.', 'ann', 'kunde.de'],
    ['ann+tag@kunde.de', 'ann+tag', 'kunde.de'],
    ["o'neil_{x}~!#$%&*/=?^`|-@kunde.de", "o'neil_{x}~!#$%&*/=?^`|-", 'kunde.de'],
    ['a..b.@kunde.de', 'a..b.', 'kunde.de'],
    ['a%0d%0a@kunde.de', 'a%0d%0a', 'kunde.de'],
    ['"a b"@kunde.de', '"a b"', 'kunde.de'],
    ['"a@b"@kunde.de', '"a@b"', 'kunde.de'],
    ['"\\""@kunde.de', '"\\""', 'kunde.de'],
    ['jürgen@kunde.de', 'jürgen', 'kunde.de'],
    ['ju\u0308rgen@kunde.de', 'jürgen', 'kunde.de'],
    ['用户@例子.广告', '用户', 'xn--fsqu00a.xn--4rr70v'],
    ['ann@MÜNCHEN.de', 'ann', 'xn--mnchen-3ya.de'],
    ['ann@xn--mnchen-3ya.de', 'ann', 'xn--mnchen-3ya.de'],
    ['ann@straße.de', 'ann', 'xn--strae-oqa.de'],
    ['ann@例え。jp', 'ann', 'xn--r8jz45g.jp'],
    ['ann@ｋｕｎｄｅ.de', 'ann', 'kunde.de'],
    ['ann@p\u0430ypal.com', 'ann', 'xn--pypal-4ve.com'],
    [`${'a'.repeat(64)}@kunde.de`, 'a'.repeat(64), 'kunde.de'],
    [`${'ü'.repeat(32)}@kunde.de`, 'ü'.repeat(32), 'kunde.de'],
  ]
  for (const [text, localPart, domain] of good) {
    t.strictSame(
      parseEmailAddress(text),
      { ok: true, value: { localPart, domain, address: `${localPart}@${domain}` } },
      text,
    )
  }
  const label = 'b'.repeat(61)
  const edge = `${'a'.repeat(64)}@${label}.${label}.${label}.de`
  t.equal(`${edge}e`.length, 254)
  t.ok(parseEmailAddress(`${edge}e`).ok, '254 octets')
  t.end()
})

void t.test('R1: texts that are no address', (t) => {
  const bad: [text: string, fault: AddressFault][] = [
    ['', 'address-empty'],
    ['ann', 'address-no-at'],
    ['kunde.de', 'address-no-at'],
    ['@kunde.de', 'local-part-empty'],
    ['ann@', 'domain-empty'],
    ['ann@.', 'domain-empty'],
    ['a@@kunde.de', 'address-two-ats'],
    ['a@b@kunde.de', 'address-two-ats'],
    ['a@b.de,c@kunde.de', 'address-two-ats'],
    [' ann@kunde.de', 'local-part-syntax'],
    ['ann lee@kunde.de', 'local-part-syntax'],
    ['<ann@kunde.de>', 'local-part-syntax'],
    ['mailto:ann@kunde.de', 'local-part-syntax'],
    ["a' OR 1=1--@kunde.de", 'local-part-syntax'],
    ['"a"b"@kunde.de', 'local-part-syntax'],
    ['""@kunde.de', 'local-part-syntax'],
    ['😀@kunde.de', 'local-part-syntax'],
    ['ann@kunde.de ', 'domain-syntax'],
    ['ann@kun de.de', 'domain-syntax'],
    ["ann@kunde.de'; DROP TABLE x;--", 'domain-syntax'],
    ['ann@kunde.de%0d', 'domain-syntax'],
    ['ann@kunde.de/../x', 'domain-syntax'],
    ['ann@kunde.de?x', 'domain-syntax'],
    ['ann@kunde.de#x', 'domain-syntax'],
    ['ann@kunde.de:25', 'domain-syntax'],
    ['ann@kunde..de', 'domain-syntax'],
    ['ann@.de', 'domain-syntax'],
    ['ann@-kunde.de', 'domain-syntax'],
    ['ann@kunde-.de', 'domain-syntax'],
    ['ann@kun_de.de', 'domain-syntax'],
    ['ann@xn--a.de', 'domain-syntax'],
    ['ann@😀.de', 'domain-symbols'],
    ['ann@☃.de', 'domain-symbols'],
    ['ann@xn--n3h.de', 'domain-symbols'],
    ['a@b', 'domain-single-label'],
    ['ann@localhost', 'domain-single-label'],
    ['ann\r\nBcc: x@kunde.de', 'address-control-characters'],
    ['ann\u0000@kunde.de', 'address-control-characters'],
    ['ann\u007f@kunde.de', 'address-control-characters'],
    ['ann\u202e@kunde.de', 'address-control-characters'],
    ['ann\u2028@kunde.de', 'address-control-characters'],
    ['ann@\u200dkunde.de', 'address-control-characters'],
    ['ann@kun\u00adde.de', 'address-control-characters'],
    ['\ufeffann@kunde.de', 'address-control-characters'],
    ['ann\ud800@kunde.de', 'address-control-characters'],
    [`${'a'.repeat(65)}@kunde.de`, 'local-part-too-long'],
    [`${'ü'.repeat(33)}@kunde.de`, 'local-part-too-long'],
    ['a'.repeat(300), 'address-too-long'],
    [`ann@${'a'.repeat(300)}.de`, 'address-too-long'],
    [`ann@${'b'.repeat(64)}.de`, 'domain-too-long'],
    // As U-labels it fits, as A-labels it does not.
    [`${'a'.repeat(60)}@${'ü.'.repeat(35)}de`, 'domain-too-long'],
  ]
  for (const [text, fault] of bad)
    t.strictSame(parseEmailAddress(text), { ok: false, fault }, printable(text))
  const label = 'b'.repeat(61)
  const tail = `${label}.${label}.${label}.de`
  const over = `${'a'.repeat(255 - tail.length - 1)}@${tail}`
  t.equal(over.length, 255)
  t.match(parseEmailAddress(over), { fault: 'address-too-long' })
  // Fewer octets as typed, too many once the domain is written in A-labels.
  t.match(parseEmailAddress(`${'a'.repeat(64)}@${'üb.'.repeat(18)}${'c'.repeat(20)}.de`), {
    fault: 'address-too-long',
  })
  t.end()
})

void t.test('R2: IP literals in every spelling', (t) => {
  for (const text of [
    '1.2.3.4',
    '1.2.3.4.',
    '[1.2.3.4]',
    '[IPv6:::1]',
    '[::1]',
    '::1',
    '2001:db8::1',
    '::ffff:1.2.3.4',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '１２７.０.０.１',
    '127。0。0。1',
    'a.b.1',
    'x.0x1f',
    'x.0X1F',
  ]) {
    t.strictSame(parseMailDomain(text), { ok: false, fault: 'domain-ip-literal' satisfies DomainFault }, text)
    t.equal(parseHostname(text), null)
  }
  t.end()
})

void t.test('host names', (t) => {
  t.equal(parseHostname('IMAP.Kunde.de.'), 'imap.kunde.de')
  t.equal(parseHostname('mail.münchen.de'), 'mail.xn--mnchen-3ya.de')
  t.equal(parseHostname(`${'a'.repeat(63)}.de`), `${'a'.repeat(63)}.de`)
  const longest = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(58)}.de`
  t.equal(longest.length, 253)
  t.equal(parseHostname(longest), longest)
  t.equal(parseHostname(`x${longest}`), null)
  for (const text of [
    '',
    '.',
    'localhost',
    '*.kunde.de',
    'a b.de',
    'kunde.de:993',
    'http://kunde.de',
    '%EMAILDOMAIN%',
  ]) {
    t.equal(parseHostname(text), null, text)
  }
  t.equal(toUnicode(host('xn--mnchen-3ya.de')), 'münchen.de')
  for (const bad of [
    'Kunde.de',
    'kunde.de.',
    'münchen.de',
    '1.2.3.4',
    'kunde',
    `${'a'.repeat(64)}.de`,
    longest + 'x',
  ]) {
    t.notOk(hostnameSchema.safeParse(bad).success, bad)
  }
  t.ok(hostnameSchema.safeParse('kunde.de').success)
  t.end()
})

void t.test('R3: special-use names and public suffixes', (t) => {
  for (const name of [
    'a.test',
    'a.example',
    'example.com',
    'mail.example.net',
    'example.org',
    'a.invalid',
    'a.localhost',
    'printer.local',
    'host.internal',
    'a.onion',
    'a.alt',
    '1.168.192.in-addr.arpa',
    'nas.home.arpa',
  ]) {
    t.ok(isSpecialUse(host(name)), name)
  }
  for (const name of ['myexample.com', 'example.de', 'test.de', 'local.de', 'example.com.de']) {
    t.notOk(isSpecialUse(host(name)), name)
  }
  for (const name of ['co.uk', 'github.io', 'com.br']) t.ok(isPublicSuffix(name), name)
  for (const name of ['kunde.de', 'kunde.co.uk', 'kunde.github.io']) t.notOk(isPublicSuffix(name), name)
  t.end()
})

void t.test('R15: registrable domains, private section included', (t) => {
  const table: [name: string, registrable: string][] = [
    ['imap.kunde.de', 'kunde.de'],
    ['kunde.de', 'kunde.de'],
    ['a.b.kunde.co.uk', 'kunde.co.uk'],
    ['a.kunde.github.io', 'kunde.github.io'],
    ['co.uk', 'co.uk'],
    ['mail.kunde.unknowntld', 'kunde.unknowntld'],
  ]
  for (const [name, registrable] of table) t.equal(registrableDomain(host(name)), registrable, name)
  t.ok(sameRegistrableDomain(host('imap.kunde.de'), host('kunde.de')))
  t.notOk(sameRegistrableDomain(host('kunde.co.uk'), host('fremd.co.uk')))
  t.notOk(sameRegistrableDomain(host('co.uk'), host('fremd.co.uk')), 'a suffix has no customers')
  t.end()
})

void t.test('R2, R38: labels that mix scripts', (t) => {
  const labels = (text: string) => mixedScriptLabels(parseHostname(text) as Hostname)
  t.strictSame(labels('p\u0430ypal.com'), ['p\u0430ypal'], 'Cyrillic within Latin')
  t.strictSame(labels('\u03bfnline.de'), ['\u03bfnline'], 'Greek within Latin')
  for (const text of [
    'münchen.de',
    'почта.рф',
    'почта.com',
    '日本語ひらがなカナabc.jp',
    '한국abc.kr',
    'kunde.de',
  ]) {
    t.strictSame(labels(text), [], text)
  }
  t.end()
})

void t.test('R25: placeholders', (t) => {
  const ann = email('Ann@MÜNCHEN.de')
  t.equal(expandTemplate('%EMAILADDRESS%', ann), 'Ann@xn--mnchen-3ya.de')
  t.equal(expandTemplate('%EMAILLOCALPART%+%EMAILDOMAIN%', ann), 'Ann+xn--mnchen-3ya.de')
  t.equal(expandTemplate('%OTHER% 100% $& $1', ann), '%OTHER% 100% $& $1')
  // What the address says is not expanded again.
  t.equal(expandTemplate('%EMAILLOCALPART%', email('%EMAILDOMAIN%@kunde.de')), '%EMAILDOMAIN%')
  t.equal(expandTemplate('%EMAILLOCALPART%', email('$&$1@kunde.de')), '$&$1')
  t.strictSame(unknownPlaceholders('%EMAILADDRESS% %EMAILDOMAIN% %EMAILLOCALPART%'), [])
  t.strictSame(unknownPlaceholders('x-%REALNAME%-%A_1%'), ['%REALNAME%', '%A_1%'])
  t.equal(displayAddress(ann), 'Ann@münchen.de')
  t.strictSame([needsSmtpUtf8(ann), needsSmtpUtf8(email('jürgen@kunde.de'))], [false, true])
  t.end()
})

void t.test('properties', (t) => {
  const piece = fc.constantFrom(
    '@',
    '.',
    'a',
    'ß',
    'ü',
    'İ',
    '。',
    '"',
    '\\',
    '-',
    'xn--',
    '[',
    ':',
    '0x',
    '1',
    '😀',
    '\u0301',
    '\u200d',
    '\r\n',
    '%',
    ' ',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc
      .array(fc.oneof(piece, fc.string({ maxLength: 4 })), { maxLength: 30 })
      .map((pieces) => pieces.join('')),
    fc.emailAddress(),
  )
  fc.assert(
    fc.property(text, (input) => {
      const parsed = parseEmailAddress(input)
      if (!parsed.ok) return
      const { address, domain, localPart } = parsed.value
      assert.deepEqual(parseEmailAddress(address), parsed, 'what was read is read the same again')
      assert.equal(address, `${localPart}@${domain}`)
      assert.ok(hostnameSchema.safeParse(domain).success)
      assert.ok(Buffer.byteLength(address) <= 254 && Buffer.byteLength(localPart) <= 64)
      assert.equal(new URL(`https://${domain}/`).hostname, domain, 'means the same to the URL parser')
    }),
    { numRuns: 1000 },
  )
  fc.assert(
    fc.property(fc.oneof(text, fc.domain()), (input) => {
      const name = parseHostname(input)
      if (name === null) return
      assert.equal(parseHostname(name), name)
      assert.ok(name.endsWith(registrableDomain(name)))
      assert.ok(sameRegistrableDomain(name, name))
    }),
    { numRuns: 1000 },
  )
  fc.assert(fc.property(fc.emailAddress(), (input) => parseEmailAddress(input).ok || /[0-9]$/.test(input)))
  t.pass('parsing never throws, and its results are stable')
  t.end()
})

void t.test('R26: what a machine format may carry', (t) => {
  const server = (trust: Server['trust'], status: 'verified' | 'failed' | 'unchecked') =>
    ({ trust, verification: { status } }) as Server
  const list = [
    server('operator', 'unchecked'),
    server('curated', 'verified'),
    server('curated', 'failed'),
    server('unconfirmed', 'verified'),
  ]
  t.strictSame(confirmedServers(list), list.slice(0, 2))
  t.ok(compareTrust('operator', 'unconfirmed') < 0)
  t.equal(compareTrust('curated', 'curated'), 0)
  t.end()
})

void t.test('work that arrives together begins in turns, and other work comes in between', async (t) => {
  const turn = createTurns(2)
  const seen: string[] = []
  const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
  const all = Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => turn().then(() => seen.push(name))))
  for (const other of ['1', '2', '3']) {
    await nextTurn()
    seen.push(other)
  }
  await all
  t.strictSame(seen, ['a', 'b', '1', 'c', 'd', '2', 'e', '3'])

  await turn()
  t.pass('and again after a pause')
})
