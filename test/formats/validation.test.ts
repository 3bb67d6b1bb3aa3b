/**
 * Every document validates: what generated settings become is held against grammars written from the rules (R44 to
 * R46, R29) and not from the writers, by programs that share no code with them; and each grammar must refuse what
 * breaks a mail program.
 */
import fc from 'fast-check'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse as parsePlist } from 'plist'
import t, { type Test } from 'tap'
import { z } from 'zod'
import { writeAutoconfig } from '../../src/formats/autoconfig-write.js'
import {
  type AutodiscoverErrorCode,
  writeAutodiscover,
  writeAutodiscoverError,
  writeMobileSync,
} from '../../src/formats/autodiscover-write.js'
import { writeMobileconfig } from '../../src/formats/mobileconfig.js'
import { writePacc } from '../../src/formats/pacc.js'
import { settingsView } from '../../src/formats/settings-view.js'
import { localParts, settings } from './generated-settings.js'
import { profileSchema } from './profile-keys.js'
import { email } from './sample-discovery.js'
import { strictAutoconfigFaults } from './strict-autoconfig.js'

const SETTINGS = 100
/** Fewer would say that the generator no longer makes settings that the format can express. */
const ENOUGH = 10
const schemaFile = (name: string) => fileURLToPath(new URL(`schemas/${name}`, import.meta.url))
const paccSchema = z.fromJSONSchema(
  JSON.parse(readFileSync(schemaFile('pacc.schema.json'), 'utf8')) as z.core.JSONSchema.JSONSchema,
)
const noXmllint =
  spawnSync('xmllint', ['--version']).error === undefined ? false : 'xmllint (libxml2-utils) is not installed'

/** Every document of some settings, by format. */
const documents = {
  autoconfig: [] as { readonly domain: string; readonly body: string }[],
  autodiscover: [] as string[],
  profile: [] as string[],
  pacc: [] as string[],
}
const cases = fc.sample(fc.tuple(settings, localParts), { numRuns: SETTINGS, seed: 20261125 })
for (const [discovery, localPart] of cases) {
  const { domain } = discovery
  const views = [settingsView(discovery, null), settingsView(discovery, email(`${localPart}@${domain}`))]
  for (const view of views) {
    const body = writeAutoconfig(view)
    if (body !== null) documents.autoconfig.push({ domain, body })
    const outlook = writeAutodiscover(view)
    if (outlook !== null) documents.autodiscover.push(outlook)
    const pacc = view.address === null ? writePacc(view) : null
    if (pacc !== null) documents.pacc.push(pacc.body)
    for (const protocol of ['imap', 'pop3'] as const) {
      const texts = { displayName: discovery.provider?.name ?? '', description: '', organization: '<&>' }
      const profile = writeMobileconfig(view, { protocol, texts })
      if (profile.ok) documents.profile.push(profile.body)
    }
  }
}

/** Which of the documents xmllint refuses, with its words; one process for all of them. */
function refused(
  t: Test,
  grammar: readonly string[],
  bodies: readonly string[],
): ReadonlyMap<string, string> {
  const directory = t.testdir()
  const files = bodies.map((body, index) => {
    const file = join(directory, `${index}.xml`)
    writeFileSync(file, body)
    return file
  })
  const { status, stderr } = spawnSync('xmllint', ['--nonet', '--noout', ...grammar, ...files], {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  })
  // Grammars praise every file that passes, a DTD is silent, and Apple's own DTD is named but never fetched.
  const complaints = stderr.split('\n').filter((line) => !/ validates$|: warning: /.test(line))
  const named = complaints.flatMap((line) => [...line.matchAll(/\/(\d+)\.xml\b/g)].map(([, index]) => index))
  const left = bodies.flatMap((body, index): [string, string][] =>
    named.includes(String(index)) ? [[body, complaints.join('\n')]] : [],
  )
  t.equal(status === 0, left.length === 0, 'the exit code says the same')
  return new Map(left)
}

/** All documents pass; the sound one, spoilt in each of these ways, does not. */
function holdAgainst(
  t: Test,
  grammar: readonly string[],
  {
    bodies,
    spoilt,
  }: { readonly bodies: readonly string[]; readonly spoilt: readonly [string | RegExp, string][] },
): void {
  t.ok(bodies.length >= ENOUGH, `${bodies.length} documents`)
  const [first] = refused(t, grammar, bodies)
  t.equal(first, undefined, 'all validate')
  const broken = spoilt.map(([from, to]) => {
    const sound = bodies.find((body) => body.search(from) !== -1) ?? ''
    t.not(sound.replace(from, to), sound, `there is a document with ${String(from)}`)
    return sound.replace(from, to)
  })
  const names = spoilt.map(([from, to]) => `${String(from)} as ${to}`)
  const caught = refused(t, grammar, broken)
  t.same(
    names.filter((_, index) => !caught.has(broken[index] ?? '')),
    [],
    `${names.length} spoilt ones are refused`,
  )
}

t.test('autoconfig: RELAX NG grammar of the draft', { skip: noXmllint }, (t) => {
  holdAgainst(t, ['--relaxng', schemaFile('autoconfig.rng')], {
    bodies: documents.autoconfig.map(({ body }) => body),
    spoilt: [
      ['version="1.1"', 'version="2.0"'],
      [/ id="[^"]+"/, ''],
      [/<domain>[^<]+<\/domain>/, ''],
      [/<displayName>[^<]*/, `<displayName>${'x'.repeat(61)}`],
      [/<displayShortName>[^<]*/, `<displayShortName>${'x'.repeat(21)}`],
      ['<socketType>SSL', '<socketType>plain'],
      ['<socketType>SSL', '<socketType>TLS'],
      ['<socketType>SSL', '<socketType>ssl'],
      [/<port>\d+/, '<port>0993x'],
      [/<port>\d+/, '<port>65536'],
      [/<port>\d+<\/port>/, ''],
      [/<hostname>/, '<hostname>%EMAILDOMAIN%.'],
      ['<authentication>password-cleartext', '<authentication>Password-Cleartext'],
      [/<username>[^<]+/, '<username>'],
      ['type="smtp"', 'type="imap"'],
      [/addressbook/g, 'addressBook'],
      [/<url>https/, '<url>http'],
      [/<authURL>[^<]+<\/authURL>/, ''],
      ['<oAuth2>', '<oAuth2><clientSecret>x</clientSecret>'],
    ],
  })
  t.end()
})

t.test('autoconfig: the strictest readers (R44)', (t) => {
  t.ok(documents.autoconfig.length >= ENOUGH)
  for (const { domain, body } of documents.autoconfig) {
    const faults = strictAutoconfigFaults(body, domain)
    if (faults.length > 0) t.same(faults, [], body)
  }
  t.end()
})

t.test('Autodiscover: settings, errors and ActiveSync (R45)', { skip: noXmllint }, (t) => {
  const codes: AutodiscoverErrorCode[] = [500, 501, 600, 601, 602, 603]
  const errors = codes.map((code) => writeAutodiscoverError({ code, now: Date.UTC(2026, 10, 23), id: 4711 }))
  const sync = writeMobileSync(email('a&b@kunde.de'), 'https://sync.kunde.de/Microsoft-Server-ActiveSync')
  holdAgainst(t, ['--relaxng', schemaFile('autodiscover.rng')], {
    bodies: [...documents.autodiscover, ...errors, sync],
    spoilt: [
      ['http://schemas', 'https://schemas'],
      ['outlook/responseschema/2006a', 'outlook/responseschema/2006'],
      [/<User>[^]*<\/User>/, ''],
      ['<AccountType>email', '<AccountType>Email'],
      ['<SSL>on', '<SSL>off'],
      [/<Encryption>[^]*?<\/Encryption>/, ''],
      ['<Encryption>SSL', '<Encryption>None'],
      [/<LoginName>[^<]+/, '<LoginName>'],
      [/<UsePOPAuth>on<\/UsePOPAuth>/, ''],
      ['<Type>SMTP', '<Type>smtp'],
      ['<ErrorCode>600', '<ErrorCode>404'],
      [/ Time="[^"]+"/, ''],
    ],
  })
  for (const body of documents.autodiscover) {
    const types = [...body.matchAll(/<Type>(\w+)/g)].map(([, type]) => type).join(' ')
    t.match(types, /^(IMAP|POP3|IMAP POP3) SMTP$/)
  }
  t.end()
})

t.test('profiles: property-list DTD', { skip: noXmllint }, (t) => {
  holdAgainst(t, ['--dtdvalid', schemaFile('profile.dtd')], {
    bodies: documents.profile,
    spoilt: [
      [/<key>PayloadType<\/key>/, ''],
      ['<true/>', '<yes/>'],
      [/<integer>993<\/integer>/, '<integer><string>993</string></integer>'],
      [/version="1\.0">\s*<dict>/, 'version="2.0"><dict>'],
    ],
  })
  t.end()
})

t.test('profiles: the table of keys (R46)', (t) => {
  t.ok(documents.profile.length >= ENOUGH, `${documents.profile.length} profiles`)
  for (const body of documents.profile) {
    const result = profileSchema.safeParse(parsePlist(body))
    if (!result.success) t.fail(`${z.prettifyError(result.error)}\n${body}`)
  }
  const spoilt: [string | RegExp, string][] = [
    [/<key>IncomingMailServerPortNumber<\/key>\s*<integer>\d+<\/integer>/, ''],
    [/(<key>OutgoingMailServerUseSSL<\/key>\s*)<true\/>/, '$1<false/>'],
    [/(<key>EmailAccountDescription<\/key>\s*<string>)[^<]+/, '$1'],
    ['EmailAuthPassword', 'EmailAuthNone'],
    [/<key>EmailAddress<\/key>/, '<key>IncomingPassword</key><string>x</string>$&'],
    [/(<key>PayloadUUID<\/key>\s*<string>)\w+/, '$100000000x'],
  ]
  for (const [from, to] of spoilt) {
    const sound = documents.profile.find((body) => body.search(from) !== -1) ?? ''
    t.notOk(profileSchema.safeParse(parsePlist(sound.replace(from, to))).success, String(from))
  }
  t.end()
})

t.test('PACC: JSON Schema (R29, R48)', (t) => {
  t.ok(documents.pacc.length >= ENOUGH, `${documents.pacc.length} documents`)
  for (const body of documents.pacc) {
    const result = paccSchema.safeParse(JSON.parse(body))
    if (!result.success) t.fail(`${z.prettifyError(result.error)}\n${body}`)
  }
  const sound = documents.pacc.find((body) => body.includes('"submit"')) ?? ''
  const spoilt: [string | RegExp, string][] = [
    [/"submit"/, '"smtp"'],
    [/"host": "[^"]+"/, '$&, "port": 993'],
    [/"host": "[^"]+"/, '"host": "%EMAILDOMAIN%"'],
    [/"password": true/, '"password": "yes"'],
    [/"shortName": "[^"]+"/, `"shortName": "${'x'.repeat(21)}"`],
    [/"protocols"/, '"Protocols"'],
  ]
  for (const [from, to] of spoilt) {
    const broken = sound.replace(from, to)
    t.notOk(paccSchema.safeParse(JSON.parse(broken)).success, String(from))
  }
  t.end()
})
