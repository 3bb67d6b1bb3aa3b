/** A lookup file from address to login: what it says, what it must not tell (R43), and what is wrong with it. */
import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type EmailAddress, parseEmailAddress } from '../../src/domain/email-address.js'
import type { Hostname } from '../../src/domain/hostname.js'
import { OPERATOR_FILES } from '../../src/operator-files.js'
import { loadProviders } from '../../src/providers/load.js'
import { loginShapeSchema, roomOf } from '../../src/providers/login-shape.js'
import { type LoginsDeclaration, readLogins } from '../../src/providers/logins.js'
import { ProviderFileError } from '../../src/providers/provider-file.js'
import { createProviderFiles } from '../../src/providers/provider-files.js'

const secret = randomBytes(32).toString('hex')
const declared = (change: Partial<LoginsDeclaration> = {}): LoginsDeclaration => ({
  file: 'house.tsv',
  shapes: ['p######'],
  secret,
  ...change,
})
const email = (text: string): EmailAddress => {
  const parsed = parseEmailAddress(text)
  if (!parsed.ok) throw new Error(parsed.fault)
  return parsed.value
}
const DOMAINS = ['house.lab', 'xn--bcher-kva.lab']
const ANN = 'ann@house.lab\tp104711\n'

function lookup(text: string, declaration = declared()): (address: string) => string {
  const reading = readLogins(text, declaration, DOMAINS)
  if (!reading.ok) throw new Error(reading.fault.reason)
  return (address) => reading.lookup(email(address))
}

t.test('an address of the file has its login, in any letter case', (t) => {
  const of = lookup(`\uFEFF# exported nightly\r\n\r\n${ANN}Bob@Bücher.lab\tp222222\r\n`)
  t.equal(of('ann@house.lab'), 'p104711')
  t.equal(of('ANN@house.lab'), 'p104711')
  t.equal(of('bob@xn--bcher-kva.lab'), 'p222222')
  t.end()
})

t.test('every other address has one that looks the same and stays the same', (t) => {
  const of = lookup(ANN)
  const names = Array.from({ length: 300 }, (_, number) => `user${String(number)}@house.lab`)
  for (const name of names) t.match(of(name), /^p\d{6}$/)
  t.ok(new Set(names.map(of)).size > 295, 'and hardly one twice')
  t.equal(
    of('Nobody@house.lab'),
    of('nobody@house.lab'),
    'letter case tells as little as it does for real ones',
  )

  const grown = lookup(`${ANN}new@house.lab\tp999999\n`)
  t.same(
    names.map(grown),
    names.map(of),
    'a new mailbox changes nobody else’s: a change would tell them apart',
  )
  const other = lookup(ANN, declared({ secret: randomBytes(32).toString('hex') }))
  t.not(names.map(other).join(), names.map(of).join(), 'without the secret nobody can work it out')
  t.end()
})

t.test('no made-up login is somebody’s', (t) => {
  const of = lookup(ANN)
  const taken = of('nobody@house.lab')
  const full = lookup(`${ANN}eve@house.lab\t${taken}\n`)
  t.equal(full('eve@house.lab'), taken)
  t.match(full('nobody@house.lab'), /^p\d{6}$/)
  t.not(full('nobody@house.lab'), taken)
  t.end()
})

t.test('shapes may hold the address, and there may be several', (t) => {
  const text = 'ann@house.lab\tc1a_ann\nBob@house.lab\tbob@house.lab.x9\n'
  const of = lookup(text, declared({ shapes: ['c#?_%EMAILLOCALPART%', '%EMAILADDRESS%.x*'] }))
  t.equal(of('bob@house.lab'), 'bob@house.lab.x9')
  const made = Array.from({ length: 40 }, (_, number) => of(`U#${String(number)}@house.lab`))
  for (const login of made) t.match(login, /^(c\d[a-z]_u#\d+|u#\d+@house\.lab\.x[a-z\d])$/)
  t.ok(made.some((login) => login.startsWith('c')) && made.some((login) => login.startsWith('u')))
  t.end()
})

t.test('shapes that cannot be are refused', (t) => {
  const fault = (shape: string) => loginShapeSchema.safeParse(shape).error?.issues[0]?.message
  t.equal(fault('p##'), undefined)
  t.equal(fault('%EMAILLOCALPART%.x'), undefined)
  t.match(fault('admin'), /everybody the same/)
  t.match(fault('%EMAILDOMAIN%'), /everybody the same/)
  t.match(fault('%LOGIN%##'), /placeholder/)
  t.match(fault('p ##'), /printable/)
  t.match(fault('#'.repeat(101)), /100/)
  t.equal(roomOf('#?*-'), 10 * 26 * 36)
  t.end()
})

const entry = (change: object = {}, name = 'house.json') => ({
  [name]: JSON.stringify({
    id: 'house',
    name: 'House',
    access: 'full',
    domains: DOMAINS,
    imap: [{ hostname: 'imap.house.lab', port: 993, security: 'tls' }],
    smtp: [{ hostname: 'smtp.house.lab', port: 465, security: 'tls' }],
    logins: declared(),
    confidence: 'high',
    references: ['a test'],
    verified: '2026-11-01',
    ...change,
  }),
})

t.test('a broken file is refused with its line, and nothing of the line is repeated', (t) => {
  const refused = (text: string | null, change: object = {}): string => {
    const beside = text === null ? {} : { 'house.tsv': text }
    try {
      loadProviders(t.testdir({ below: { ...entry(change), ...beside } }), OPERATOR_FILES)
    } catch (error) {
      if (error instanceof ProviderFileError) return error.message
      throw error
    }
    return 'read'
  }
  const tsv = (line: string) => refused(`# first\n${ANN}${line}\n`)
  t.equal(refused(ANN), 'read')
  t.match(tsv('bob@house.lab p222222'), /^below\/house\.tsv:3: must be an address, one tab, and a login$/)
  t.match(tsv('bob@house.lab\tp222222\tx'), /tsv:3: must be an address/)
  t.match(tsv('bob\tp222222'), /tsv:3: has no valid address \(address-no-at\)$/)
  t.match(tsv('bob@other.lab\tp222222'), /tsv:3: has an address of a domain that the entry does not list$/)
  t.match(tsv('ANN@house.lab\tp222222'), /tsv:3: has an address that stands above already$/)
  for (const login of ['', 'p 22222', 'p%EMAILDOMAIN%', 'p\u0007'])
    t.match(tsv(`bob@house.lab\t${login}`), /tsv:3: has an empty login, or one with spaces/)
  t.match(tsv(`bob@house.lab\t${'p'.repeat(256)}`), /tsv:3: has a login of more than 255 octets$/)
  for (const login of ['bob', 'p22222', 'p2222222', 'p22222x', 'q222222'])
    t.match(tsv(`bob@house.lab\t${login}`), /tsv:3: has a login of none of the shapes$/)
  t.match(
    refused('ann@house.lab\tp1\nbob@house.lab\tp2', { logins: declared({ shapes: ['p#'] }) }),
    /p# has too little/,
  )
  t.match(refused(null), /^below\/house\.tsv: cannot be read \(ENOENT\)$/)
  t.match(
    refused(ANN, { logins: declared({ file: '../house.tsv' }) }),
    /house\.json: logins\.file: must be the plain name/,
  )
  t.match(refused(ANN, { logins: declared({ secret: 'short' }) }), /house\.json: logins\.secret:/)
  t.throws(
    () => loadProviders(t.testdir({ ...entry(), 'house.tsv': ANN })),
    /logins/,
    'not in the built-in data',
  )
  t.end()
})

t.test('a changed file is read again; a broken one leaves the last good one', async (t) => {
  const directory = t.testdir({ ...entry(), 'house.tsv': ANN })
  let surveyed: { hasChanged: () => boolean } | null = null
  const files = createProviderFiles({
    directory,
    options: OPERATOR_FILES,
    onChange: () => undefined,
    onRefused: () => undefined,
  })
  files.follow((given) => {
    surveyed = given
    return () => undefined
  })
  const login = () =>
    files
      .index()
      .findByDomain('house.lab' as Hostname)
      ?.loginOf?.(email('ann@house.lab'))
  const changed = () => surveyed?.hasChanged()
  t.equal(login(), 'p104711')
  t.equal(changed(), false)
  writeFileSync(join(directory, 'house.tsv'), `${ANN.replace('104711', '555555')}# changed\n`)
  t.equal(changed(), true)
  t.match(await files.reread(), { status: 'current' })
  t.equal(login(), 'p555555')
  rmSync(join(directory, 'house.tsv'))
  t.equal(changed(), true)
  t.match(await files.reread(), { status: 'stale', reason: 'house.tsv: cannot be read (ENOENT)' })
  t.equal(login(), 'p555555')
})
