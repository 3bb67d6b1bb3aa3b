/** `mailscout providers`: the keepers' tools, against the shipped data and a small internet of their own. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { helpOf } from '../../src/cli/help.js'
import { MAX_CONCURRENCY, MAX_RATE, visitAll } from '../../src/cli/providers-pace.js'
import { PROVIDERS, providersCommand } from '../../src/cli/providers.js'
import { UsageError } from '../../src/cli/terminal.js'
import { BUILTIN_PROVIDERS } from '../../src/compose.js'
import { readConfig } from '../../src/config.js'
import { autoconfigXml, type DocumentServer } from '../lab/documents.js'
import { ISPDB_URL, startLab } from '../lab/lab.js'
import { IMAPS, SUBMISSION, SUBMISSIONS, worldOf } from '../lab/world.js'

const DAY = '2026-11-23'
const NOW = Date.parse(`${DAY}T12:00:00Z`)

const acme: DocumentServer[] = [
  { type: 'imap', hostname: 'imap.acme.lab', port: 993, socketType: 'SSL', username: '%EMAILLOCALPART%' },
  { type: 'pop3', hostname: 'pop.acme.lab', port: 995, socketType: 'SSL' },
  { type: 'smtp', hostname: 'mail.acme.lab', port: 465, socketType: 'SSL', authentication: 'OAuth2' },
  { type: 'smtp', hostname: 'smtp.acme.lab', port: 587, socketType: 'plain' },
]
const lab = await startLab({
  world: worldOf({
    'acme.lab': {
      hosts: {
        'imap.acme.lab': { mail: { 993: { ...IMAPS, sasl: ['PLAIN'] } } },
        'smtp.acme.lab': { mail: { 465: SUBMISSIONS, 587: SUBMISSION } },
      },
    },
    'second.lab': { ispdb: autoconfigXml('second.lab', acme) },
    'page.lab': { ispdb: '<html>not here</html>' },
    'broken.lab': {
      hosts: {
        'imap.broken.lab': { mail: { 993: IMAPS }, certificate: 'expired' },
        'smtp.broken.lab': { mail: { 587: { ...SUBMISSION, sasl: ['CRAM-MD5'] } } },
      },
    },
  }),
})
t.teardown(() => lab.close())

const common = {
  access: 'full',
  confidence: 'high',
  references: ['a test with "verified" in its "text"'],
  verified: '2026-01-01',
}
const server = (hostname: string, port: number, security: string) => ({ hostname, port, security })
const entries = {
  acme: {
    id: 'acme',
    name: 'Acme Mail',
    ...common,
    domains: ['first.lab', 'acme.lab', 'second.lab'],
    popularity: { 'acme.lab': 1, 'second.lab': 2 },
    imap: [server('imap.acme.lab', 993, 'tls')],
    smtp: [server('smtp.acme.lab', 465, 'tls'), server('smtp.acme.lab', 587, 'starttls')],
    authentication: ['oauth2', 'password-cleartext'],
    requires: [{ kind: 'app-password', url: 'https://acme.lab/passwords' }],
    oauth2: { issuer: 'https://id.acme.lab', scopes: ['mail'] },
    webmail: 'https://mail.acme.lab/',
    documentation: [{ url: 'https://acme.lab/help' }],
    caldav: 'https://dav.acme.lab/',
    mx: [
      {
        match: 'suffix',
        value: 'mx.acme.lab',
        class: 'mailbox',
        matches: 'a.mx.acme.lab',
        not: 'a.lab',
      },
    ],
  },
  broken: {
    id: 'broken',
    name: 'Broken Mail',
    ...common,
    domains: ['broken.lab'],
    imap: [server('imap.broken.lab', 993, 'tls')],
    smtp: [server('smtp.broken.lab', 587, 'starttls')],
    verified: '2020-01-01',
  },
  hosted: {
    id: 'hosted',
    name: 'Hosted Mail',
    ...common,
    mx: [
      {
        match: 'template',
        value: '{customer}.hosted.lab',
        class: 'mailbox',
        matches: 'w1.hosted.lab',
        not: 'hosted.lab',
        servers: { imap: [server('{host}', 993, 'tls')], smtp: [server('{host}', 465, 'tls')] },
      },
    ],
  },
  closed: {
    id: 'closed',
    name: 'Closed Mail',
    ...common,
    access: 'none',
    reason: { en: 'no mail programs', de: 'keine Mailprogramme' },
    domains: ['closed.lab', 'page.lab'],
    popularity: { 'page.lab': 9 },
  },
}

function filesOf(...chosen: readonly (keyof typeof entries)[]): Record<string, string> {
  return Object.fromEntries(chosen.map((id) => [`${id}.json`, JSON.stringify(entries[id], null, 2)]))
}

interface Run {
  readonly code: number
  readonly out: string
  readonly err: string
}

interface Options {
  readonly builtin?: string
  readonly environment?: Record<string, string>
  readonly interactive?: boolean
  readonly signal?: AbortSignal
  /** Hears how long each wait would have been. */
  readonly onWait?: (ms: number) => void
}

/** Time stands still but for the waits, which take none. */
async function providers(args: readonly string[], options: Options = {}): Promise<Run> {
  let out = ''
  let err = ''
  let now = NOW
  const code = await providersCommand(args, {
    terminal: {
      out: (text) => (out += text),
      err: (text) => (err += text),
      colour: false,
      language: undefined,
    },
    config: readConfig({
      ...lab.environment,
      MAILSCOUT_PROVIDERS_DIR: '',
      ...options.environment,
    }),
    surroundings: {
      dial: lab.dial,
      ca: [lab.caPem],
      now: () => now,
      ...(options.builtin === undefined ? {} : { builtinProvidersDirectory: options.builtin }),
    },
    interactive: options.interactive ?? false,
    signal: options.signal ?? new AbortController().signal,
    wait: (ms) => {
      now += ms
      options.onWait?.(ms)
      return Promise.resolve()
    },
  })
  return { code, out, err }
}

t.test('usage', async (t) => {
  t.match(await providers([]), { code: 2, out: helpOf(PROVIDERS) })
  t.match(await providers(['--help']), { code: 0, out: helpOf(PROVIDERS) })
  t.match((await providers(['verify', '--help'])).out, /--resume FILE[^]*130 +ended by Ctrl-C/)
  for (const wrong of [
    ['polish'],
    ['find'],
    ['find', 'a', 'b'],
    ['show'],
    ['stats', 'x'],
    ['validate', 'a', 'b'],
    ['verify', 'x'],
    ['verify', '--nonsense'],
    ['verify', '--rate', '3'],
    ['verify', '--rate', 'fast'],
    ['verify', '--concurrency', '5'],
    ['verify', '--only', 'nobody'],
    ['compare'],
    ['compare', '--ispdb', 'http://ispdb.lab.test/'],
  ]) {
    await t.rejects(providers(wrong), UsageError, wrong.join(' '))
  }
})

t.test('validate: the shipped data is good; every broken file is named with field and reason', async (t) => {
  const shipped = await providers(['validate'])
  t.equal(shipped.code, 0)
  t.match(shipped.out, /^\d{3} good, 0 broken/)
  const directory = t.testdir({
    'a.json': '{',
    'b.json': JSON.stringify({ ...entries.acme, smtp: [server('smtp.acme.lab', 25, 'starttls')] }),
    'c.json': JSON.stringify({ ...entries.acme, id: 'c' }),
    'd.json': JSON.stringify({ ...entries.acme, id: 'd' }),
    more: {
      'e.xml': autoconfigXml('e.lab', acme),
      'f.xml': '<clientConfig/>',
      '.hidden.json': '{',
    },
  })
  const broken = await providers(['validate', directory])
  t.equal(broken.code, 2)
  t.match(broken.out, /^a\.json: is no JSON/m)
  t.match(broken.out, /^b\.json: smtp\.0\.port: port 25 is not for smtp$/m)
  t.match(broken.out, /^d\.json: domains: first\.lab is already claimed by c\.json$/m)
  t.match(broken.out, /^more\/f\.xml: not an autoconfig document$/m)
  t.match(broken.out, /^note: more\/e\.xml: smtp smtp\.acme\.lab:587 is left out: cleartext$/m)
  t.match(broken.out, /^2 good, 4 broken/m)
  const json = JSON.parse((await providers(['validate', directory, '--json'])).out) as { problems: unknown[] }
  t.equal(json.problems.length, 4)
  t.match(json.problems[1], { file: 'b.json', field: 'smtp.0.port', reason: /25/ })
  t.match(await providers(['stats', '--dir', directory]), { code: 2, err: /a\.json: is no JSON/ })
  t.match(await providers(['validate', join(directory, 'nowhere')]), { code: 2, err: /ENOENT/ })
})

t.test('find by name, by domain and by MX host; the operator’s entries come first', async (t) => {
  t.match(await providers(['find', 'gmail.com']), { code: 0, out: /^ {2}gmail +Gmail +full/ })
  t.match(await providers(['find', 'mx01.mail.icloud.com']), {
    code: 0,
    out: /icloud[^]*As an MX host: suffix rule mail\.icloud\.com of icloud, class mailbox/,
  })
  t.match(await providers(['find', 'nobody-knows-this']), { code: 3, out: '', err: /nothing known/ })
  const environment = { MAILSCOUT_PROVIDERS_DIR: t.testdir(filesOf('acme')) }
  const { out } = await providers(['find', 'mail', '--json'], { environment })
  t.equal((JSON.parse(out) as { providers: { id: string }[] }).providers[0]?.id, 'acme')
})

t.test('show prints one entry', async (t) => {
  const builtin = t.testdir(filesOf('acme', 'closed'))
  const { code, out } = await providers(['show', 'acme'], { builtin })
  t.equal(code, 0)
  t.match(out, /IMAP +imap\.acme\.lab:993 +tls +%EMAILADDRESS% +oauth2, password-cleartext/)
  t.match(out, /requires +app-password https:\/\/acme\.lab\/passwords/)
  t.match((await providers(['show', 'closed'], { builtin })).out, /access +none: no mail programs/)
  t.match(JSON.parse((await providers(['show', 'acme', '--json'], { builtin })).out), { id: 'acme' })
  t.match(await providers(['show', 'nobody'], { builtin }), { code: 3, err: /no provider has the id nobody/ })
})

t.test('stats count by confidence, access, protocol, requirement, class and age', async (t) => {
  const builtin = t.testdir(filesOf('acme', 'broken', 'hosted', 'closed'))
  const { out } = await providers(['stats', '--json'], { builtin })
  t.strictSame(JSON.parse(out), {
    providers: 4,
    domains: 6,
    confidence: { high: 4 },
    access: { full: 3, none: 1 },
    protocol: { imap: 3, smtp: 3, caldav: 1 },
    requirement: { 'app-password': 1 },
    mxClass: { mailbox: 2 },
    age: { 'up to 365 days': 3, 'more than 540 days (stale)': 1 },
  })
  const text = (await providers(['stats'], { builtin })).out
  t.match(text, /^4 providers, 6 domains\n\nConfidence\n {2}high +4\n/)
  t.match(text, /MX rules by class\n {2}mailbox +2\n/)
})

t.test('verify: every server once, politely; the good entries can be dated', async (t) => {
  const builtin = t.testdir(filesOf('acme', 'broken', 'hosted', 'closed'))
  const waits: number[] = []
  const before = lab.log.dials.length
  const seen = await providers(['verify'], { builtin, onWait: (ms) => waits.push(ms) })
  t.equal(seen.code, 4)
  t.equal(waits.length, 4, 'the first connection starts at once, the others wait for their turn')
  t.equal(lab.log.dials.length - before, 5, 'one connection for each listed server')
  t.match(seen.err, /^acme: 3\/3 verified$/m)
  t.match(seen.err, /^broken: 1\/2 verified, certificate$/m)
  t.match(seen.out, /^Servers: 4 verified, 1 failed \(certificate 1\)$/m)
  t.match(seen.out, /^Providers: 1 verified, 1 with failures, 2 without servers to check$/m)
  t.match(seen.out, /^Not checked: 2 servers named after each customer's MX host$/m)
  t.match(seen.out, /^ {2}broken +imap imap\.broken\.lab:993 tls +certificate +\S/m)
  t.match(seen.out, /Doubts:\n {2}acme .*does not advertise OAuth 2 \(PLAIN\)/)
  t.match(seen.out, /broken +smtp smtp\.broken\.lab:587 starttls +advertises no password \(CRAM-MD5\)/)
  t.match(seen.out, /^Entries could be dated 2026-11-23 with --write:\n {2}acme {2}was 2026-01-01$/m)
  const untouched = readFileSync(join(builtin, 'acme.json'), 'utf8')
  t.equal(untouched, JSON.stringify(entries.acme, null, 2))

  const written = await providers(['verify', '--write', '--json'], { builtin })
  t.match(JSON.parse(written.out), {
    servers: { verified: 4, failed: 1 },
    codes: { certificate: 1 },
    dates: { day: DAY, written: true, providers: [{ id: 'acme', from: '2026-01-01' }] },
  })
  const text = readFileSync(join(builtin, 'acme.json'), 'utf8')
  t.equal(text, untouched.replace('"verified": "2026-01-01"', `"verified": "${DAY}"`), 'only the date')
  t.match(readFileSync(join(builtin, 'broken.json'), 'utf8'), '"verified": "2020-01-01"')
  t.strictSame(readdirSync(builtin).sort(), ['acme.json', 'broken.json', 'closed.json', 'hosted.json'])

  const again = await providers(['verify', '--only', 'acme, closed', '--write'], { builtin })
  t.equal(again.code, 0)
  t.notMatch(again.out, 'Entries', 'the date is already there')
})

t.test('verify shows a bar where somebody watches', async (t) => {
  const builtin = t.testdir(filesOf('acme'))
  const { err } = await providers(['verify'], { builtin, interactive: true })
  const steps = err.split('\r\u001b[K')
  t.match(steps[1], /^\[#{10}\.{20}\] 1\/3, 0 failed {2}\S/)
  t.match(steps[3], /^\[#{30}\] 3\/3/)
  t.equal(steps.at(-1), '', 'the bar is wiped at the end')
})

t.test('verify goes on after Ctrl-C where it stopped', async (t) => {
  const directory = t.testdir({ data: filesOf('acme', 'broken') })
  const builtin = join(directory, 'data')
  const state = join(directory, 'state.json')
  const control = new AbortController()
  let waits = 0
  const stopped = await providers(['verify', '--resume', state, '--concurrency', '1', '--rate', '1/s'], {
    builtin,
    signal: control.signal,
    onWait: (ms) => {
      t.equal(ms, 1000)
      waits += 1
      if (waits === 2) control.abort(new Error('interrupted'))
    },
  })
  t.equal(stopped.code, 130)
  t.match(stopped.err, `go on with: mailscout providers verify --resume ${state}`)
  const done = JSON.parse(readFileSync(state, 'utf8')) as { results: object }
  t.strictSame(Object.keys(done.results), ['imap imap.acme.lab:993 tls', 'smtp smtp.acme.lab:465 tls'])

  const before = lab.log.dials.length
  const resumed = await providers(['verify', '--resume', state], { builtin })
  t.equal(lab.log.dials.length - before, 3, 'what was done is not asked again')
  t.match(resumed.out, /^Servers: 4 verified, 1 failed/m, 'but counts')
  writeFileSync(state, '{"version":2}')
  t.match(await providers(['verify', '--resume', state], { builtin }), {
    code: 2,
    err: /not the state of a check/,
  })
  writeFileSync(state, 'x')
  t.match(await providers(['verify', '--resume', state], { builtin }), { code: 2, err: /not the state/ })
  t.match(await providers(['verify', '--resume', directory], { builtin }), { code: 2, err: /EISDIR/ })
})

t.test('the pace: at most so many at once, and one at a time per place', async (t) => {
  let open = 0
  let most = 0
  const perPlace = new Map<string, number>()
  const starts: number[] = []
  let now = 0
  await visitAll(
    {
      items: Array.from({ length: 24 }, (_, number) => ({ number, place: `host${number % 6}` })),
      placeOf: ({ place }) => place,
      visit: async ({ place }) => {
        starts.push(now)
        most = Math.max(most, (open += 1))
        perPlace.set(place, (perPlace.get(place) ?? 0) + 1)
        t.equal(perPlace.get(place), 1)
        await new Promise((resolve) => setImmediate(resolve))
        perPlace.set(place, 0)
        open -= 1
      },
    },
    {
      concurrency: MAX_CONCURRENCY,
      rate: MAX_RATE,
      now: () => now,
      wait: (ms) => {
        now += ms
        return Promise.resolve()
      },
      signal: new AbortController().signal,
    },
  )
  t.equal(starts.length, 24)
  t.ok(most <= MAX_CONCURRENCY)
  t.ok(now >= (23 * 1000) / MAX_RATE, 'the 24th starts 11.5 s after the first')
})

const differences = [
  { protocol: 'imap', field: 'username', ours: '%EMAILADDRESS%', theirs: '%EMAILLOCALPART%' },
  {
    protocol: 'imap',
    field: 'authentication',
    ours: 'oauth2, password-cleartext',
    theirs: 'password-cleartext',
  },
  { protocol: 'pop3', field: 'server', ours: null, theirs: 'pop.acme.lab:995 tls' },
  { protocol: 'smtp', field: 'hostname', ours: 'smtp.acme.lab', theirs: 'mail.acme.lab' },
  { protocol: 'smtp', field: 'authentication', ours: 'oauth2, password-cleartext', theirs: 'oauth2' },
  { protocol: 'smtp', field: 'security', ours: 'starttls', theirs: 'plain' },
  {
    protocol: 'smtp',
    field: 'authentication',
    ours: 'oauth2, password-cleartext',
    theirs: 'password-cleartext',
  },
]

t.test('compare with a directory of autoconfig files, field by field', async (t) => {
  const directory = t.testdir({
    data: filesOf('acme', 'broken', 'hosted'),
    ispdb: {
      'acme.lab': autoconfigXml('acme.lab', acme),
      'stranger.xml': autoconfigXml('stranger.lab', acme),
      'torn.xml': '<clientConfig',
      README: 'no file of the list',
    },
  })
  const builtin = join(directory, 'data')
  const files = join(directory, 'ispdb')
  const { code, out } = await providers(['compare', '--ispdb', files, '--json'], { builtin })
  t.equal(code, 4, 'one file could not be read')
  t.match(JSON.parse(out), {
    compared: [{ provider: 'acme', domain: 'acme.lab', differences }],
    missingThere: ['broken'],
    missingHere: ['stranger.lab'],
    failed: [{ where: 'torn.xml' }],
  })
  const text = (await providers(['compare', '--ispdb', files], { builtin })).out
  t.match(text, /^acme \(acme\.lab\)$/m)
  t.match(text, /^ {2}pop3 +server +here: missing +there: pop\.acme\.lab:995 tls$/m)
  t.match(text, /^Missing there: broken$/m)
  t.match(text, /^Missing here: stranger\.lab$/m)
  t.match(text, /^1 compared, 1 differ, 1 missing there, 1 domains missing here, 1 not compared$/m)
  t.match(await providers(['compare', '--ispdb', join(files, 'none')], { builtin }), {
    code: 2,
    err: /ENOENT/,
  })
})

t.test('compare with a live list: the popular domains first, absence apart from failure', async (t) => {
  const builtin = t.testdir(filesOf('acme', 'broken', 'hosted', 'closed'))
  const { code, out } = await providers(['compare', '--ispdb', ISPDB_URL, '--json'], { builtin })
  t.equal(code, 4)
  const result = JSON.parse(out) as { compared: object[]; missingThere: string[]; failed: object[] }
  t.match(result.compared, [{ provider: 'acme', domain: 'second.lab', differences }])
  t.strictSame(result.missingThere, ['broken'])
  t.match(result.failed, [{ where: `${ISPDB_URL}page.lab`, reason: /HTML/ }])

  const deaf = await providers(['compare', '--ispdb', 'https://nowhere.lab.test/'], { builtin })
  t.equal(deaf.code, 4)
  t.match(deaf.out, /Not compared:\n.*https:\/\/nowhere\.lab\.test\/acme\.lab +the name does not exist/)

  const control = new AbortController()
  const stopped = await providers(['compare', '--ispdb', ISPDB_URL], {
    builtin,
    signal: control.signal,
    onWait: () => {
      control.abort(new Error('interrupted'))
    },
  })
  t.equal(stopped.code, 130)
})

t.test('the command line knows the built-in directory', (t) => {
  t.equal(BUILTIN_PROVIDERS, fileURLToPath(new URL('../../data/providers', import.meta.url)))
  t.ok(existsSync(BUILTIN_PROVIDERS))
  t.end()
})
