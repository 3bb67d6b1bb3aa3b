/** The domain check against the small internet: each defect has its code, a clean domain has none. */
import t from 'tap'
import { checkCommand } from '../../src/cli/check.js'
import { compose } from '../../src/compose.js'
import { readConfig } from '../../src/config.js'
import { type CheckAnswer, checkAnswerSchema } from '../../src/domain/domain-check.js'
import type { Problem } from '../../src/domain/answer.js'
import { CHECK_CODES, checkCodeFacts } from '../../src/domain/check-codes.js'
import { hostnameSchema } from '../../src/domain/hostname.js'
import { readXml } from '../../src/formats/xml.js'
import { buildApp } from '../../src/http/app.js'
import { isKey } from '../../src/i18n/translate.js'
import { start } from '../../src/serve.js'
import { selfCheck } from '../../src/self-check.js'
import { autoconfigXml, autodiscoverXml, paccDigest, paccJson, redirect, xml } from '../lab/documents.js'
import { defineWorld, startLab } from '../lab/lab.js'
import {
  AUTOCONFIG_PATH,
  AUTODISCOVER_PATH,
  hiddenAutoconfig,
  hiddenEntries,
  hiddenServers,
  hiddenSrv,
  PACC_PATH,
  WELL_KNOWN_PATH,
  worldOf,
} from '../lab/world.js'

const file = (domain: string) => xml(hiddenAutoconfig(domain))
const pacc = paccJson({ imap: 'reading.pacc-only.test', smtp: 'sending.pacc-only.test' })
const contradictory = (from: string, to: string) =>
  autodiscoverXml(hiddenEntries('autodiscover-says.test')).replace(from, to)

/** What the world of `npm run lab` has no domain for. */
const DEFECTS = worldOf({
  'http-too.test': {
    hosts: {
      ...hiddenServers('http-too.test'),
      'autoconfig.http-too.test': {
        https: { [AUTOCONFIG_PATH]: file('http-too.test') },
        http: { [AUTOCONFIG_PATH]: file('http-too.test') },
      },
    },
    records: hiddenSrv('http-too.test'),
  },
  'http-redirects.test': {
    hosts: {
      ...hiddenServers('http-redirects.test'),
      'autoconfig.http-redirects.test': {
        https: {
          [AUTOCONFIG_PATH]: {
            ...file('http-redirects.test'),
            headers: { 'content-type': 'text/plain', 'access-control-allow-origin': '*' },
          },
        },
        http: { '*': redirect('https://autoconfig.http-redirects.test/') },
      },
      'http-redirects.test': {
        https: { [WELL_KNOWN_PATH]: redirect(`https://autoconfig.http-redirects.test${AUTOCONFIG_PATH}`) },
      },
    },
  },
  'autodiscover-says.test': {
    hosts: {
      ...hiddenServers('autodiscover-says.test'),
      'autodiscover.autodiscover-says.test': {
        https: {
          [AUTODISCOVER_PATH]: xml(
            contradictory('<Encryption>SSL</Encryption>', '<Encryption>None</Encryption>'),
          ),
        },
      },
      'autodiscover-says.test': {
        https: { [AUTODISCOVER_PATH]: xml(contradictory('<SSL>on</SSL>', '<SSL>yes</SSL>')) },
      },
    },
  },
  'starttls-first.test': {
    hosts: hiddenServers('starttls-first.test'),
    records: {
      '_imap._tcp.starttls-first.test': { SRV: [[0, 1, 143, 'reading.starttls-first.test']] },
      '_imaps._tcp.starttls-first.test': {
        SRV: [
          [10, 1, 993, 'reading.starttls-first.test'],
          [10, 1, 143, 'reading.starttls-first.test'],
        ],
      },
    },
  },
  'other-port.test': {
    hosts: {
      ...hiddenServers('other-port.test'),
      'autoconfig.other-port.test': {
        https: {
          [AUTOCONFIG_PATH]: xml(
            autoconfigXml('other-port.test', [
              { type: 'imap', hostname: 'reading.other-port.test', port: 143, socketType: 'STARTTLS' },
              { type: 'smtp', hostname: 'sending.other-port.test', port: 465, socketType: 'SSL' },
            ]),
          ),
        },
      },
    },
    records: hiddenSrv('other-port.test'),
  },
  'pacc-only.test': {
    hosts: {
      ...hiddenServers('pacc-only.test'),
      'ua-auto-config.pacc-only.test': {
        https: { [PACC_PATH]: { headers: { 'content-type': 'text/html' }, body: pacc } },
      },
    },
  },
  'pacc-digest-only.test': {
    records: { '_ua-auto-config.pacc-digest-only.test': { TXT: [paccDigest(pacc)] } },
  },
  'null-mx-but.test': {
    hosts: hiddenServers('null-mx-but.test'),
    records: { ...hiddenSrv('null-mx-but.test'), 'null-mx-but.test': { MX: [[0, '.']] } },
  },
  'no-mx.test': {
    hosts: hiddenServers('no-mx.test'),
    records: { ...hiddenSrv('no-mx.test'), 'no-mx.test': { MX: [] } },
  },
  'oldweb.test': {
    hosts: {
      'autoconfig.oldweb.test': { https: { [AUTOCONFIG_PATH]: file('oldweb.test') }, certificate: 'tls1.1' },
    },
  },
})

const lab = await startLab({ world: { ...defineWorld(), ...DEFECTS } })
t.teardown(() => lab.close())

const DAY_MS = 86_400_000
/** The lab's certificates live 30 days, so "today" a warning would stand beside everything. */
const EARLIER = () => Date.now() - 10 * DAY_MS
const CONFIG = readConfig({
  ...lab.environment,
  MAILSCOUT_BUDGET_MS: '1000',
  MAILSCOUT_PUBLIC_URL: 'https://scout.lab.test',
})
const surroundings = (now: () => number) => ({
  dial: lab.dial,
  ca: [lab.caPem],
  builtinProvidersDirectory: lab.providersDirectory,
  now,
})
const mailscout = compose(CONFIG, surroundings(EARLIER))
const app = buildApp({
  service: mailscout.service,
  checker: mailscout.checker,
  isOwnDomain: () => false,
  now: EARLIER,
  version: '0',
})
t.teardown(() => app.close())

async function check(domain: string, query = ''): Promise<CheckAnswer> {
  const response = await app.inject(`/v1/domains/${domain}/check${query}`)
  t.equal(response.statusCode, 200, domain)
  return checkAnswerSchema.parse(response.json())
}

function codes({ findings }: CheckAnswer, severities: readonly string[] = ['error', 'warning']): string[] {
  return [
    ...new Set(findings.filter(({ severity }) => severities.includes(severity)).map(({ code }) => code)),
  ].sort()
}

t.test('a domain where everything agrees has no error and no warning', async (t) => {
  const answer = await check('all.test')
  t.same(codes(answer), [])
  t.same(codes(answer, ['info']), ['config-cors-missing'])
  t.same(codes(answer, ['ok']), ['published', 'server-works'])
  t.equal(answer.verdict, 'info')
  const srv = answer.mechanisms.find(({ mechanism }) => mechanism === 'srv')
  t.equal(srv?.servers.length, 3)
  t.equal(answer.mechanisms.find(({ mechanism }) => mechanism === 'autoconfig')?.outcome, 'published')
  t.equal(answer.mechanisms.find(({ mechanism }) => mechanism === 'autoconfig-http')?.outcome, 'failed')
})

t.test('the check asks the DNS itself, whatever a lookup has cached', async (t) => {
  const asked = () =>
    lab.log.dns.filter(({ name }) => name.toLowerCase() === '_imaps._tcp.conflict.test').length
  const domain = hostnameSchema.parse('conflict.test')
  await mailscout.service.discover({ domain, signal: new AbortController().signal })
  const before = asked()
  t.ok(before > 0)
  await mailscout.checker.check({ domain, signal: new AbortController().signal, publishedOnly: true })
  t.equal(asked(), before + 1)
})

t.test('each defect has its code, and S1 to S9 their domain', async (t) => {
  const expected: Record<string, string[]> = {
    'httphint.test': ['config-http-only'],
    'http-too.test': ['config-http-too'],
    'http-redirects.test': ['config-wrong-type'],
    'webcert.test': ['nothing-published', 'web-certificate'],
    'oldweb.test': ['nothing-published', 'web-tls-old'],
    'redirect-http.test': ['nothing-published', 'redirect-to-http'],
    'redirect-out.test': ['redirect-outside'],
    'redirect-loop.test': ['nothing-published', 'redirect-loop'],
    'bigfile.test': ['config-broken', 'nothing-published'],
    'slow-autoconfig.test': ['config-missing', 'config-timeout'],
    'html200.test': ['config-missing', 'config-unreadable'],
    'cleartext.test': ['cleartext-server', 'insecure-first', 'server-unreadable'],
    'autodiscover-says.test': ['autodiscover-encryption', 'cleartext-server', 'config-missing'],
    'srv-465.test': ['config-missing', 'srv-wrong-port'],
    'srv-outside.test': ['config-missing', 'srv-outside'],
    'private.test': ['config-missing', 'server-unreachable', 'srv-bad-target'],
    'starttls-first.test': ['config-missing', 'server-tls-failed', 'srv-wrong-port', 'starttls-first'],
    'conflict.test': ['contradiction-host'],
    'other-port.test': ['contradiction-transport'],
    'stale-panel.test': ['mx-provider-elsewhere'],
    'mx-known.test': ['mx-provider-not-published'],
    'pop3-only.test': ['config-missing', 'srv-imap-missing'],
    'null-mx-but.test': ['config-missing', 'null-mx-published'],
    'no-mx.test': ['config-missing', 'mx-missing'],
    'pacc-only.test': ['config-missing', 'config-wrong-type', 'pacc-digest-missing'],
    'pacc-digest-only.test': ['nothing-published', 'pacc-document-missing'],
    'pacc-baddigest.test': ['nothing-published', 'pacc-digest-differs'],
    'badcert.test': ['config-missing', 'server-certificate'],
    'expiredcert.test': ['config-missing', 'server-certificate'],
    'oldtls.test': ['config-missing', 'server-tls-old'],
    'nostarttls.test': ['config-missing', 'server-unreachable', 'starttls-missing'],
    'injection.test': ['config-missing', 'server-unreachable', 'starttls-injection'],
    'silent.test': ['config-missing', 'server-timeout'],
    'babble.test': ['config-missing', 'server-broken'],
    'dnsfail.test': ['dns-failed'],
    'dnssilent.test': ['dns-failed'],
    'guess.test': ['nothing-published'],
    'nomail.test': [],
    'nothing.test': [],
    'noimap.test': ['config-missing'],
  }
  const seen = new Set<string | undefined>()
  for (const [domain, wanted] of Object.entries(expected)) {
    const answer = await check(domain)
    t.same(codes(answer), wanted, domain)
    for (const { defect } of answer.findings) seen.add(defect)
  }
  for (const defect of ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'S9']) t.ok(seen.has(defect), defect)
})

t.test('what mends it is said in full', async (t) => {
  const wrongPort = (await check('srv-465.test')).findings.find(({ code }) => code === 'srv-wrong-port')
  t.equal(wrongPort?.record, '_submissions._tcp.srv-465.test. IN SRV 0 1 465 sending.srv-465.test.')
  const provider = (await check('mx-known.test')).findings.find(
    ({ code }) => code === 'mx-provider-not-published',
  )
  t.match(provider?.record, /^_imaps\._tcp\.mx-known\.test\. IN SRV 0 1 993 imap\.bigmail\.test\./m)
  const nothing = (await check('nothing.test')).findings.find(({ code }) => code === 'no-mail')
  t.match(nothing?.fix, 'null MX')
  t.equal(nothing?.record, undefined, 'but none to copy into the wrong zone')
  const type = (await check('http-redirects.test')).findings.find(({ code }) => code === 'config-wrong-type')
  t.match(type, { fix: 'Send the header Content-Type: text/xml; charset=utf-8', text: /sent as text\/plain/ })
  const mended = await check('mx-hoster.test', '?lang=de')
  t.match(mended.findings[0]?.text, 'Die Domain veröffentlicht keine Einstellungen')
})

t.test('every sentence is complete in both languages', async (t) => {
  for (const code of Object.keys(CHECK_CODES)) t.ok(isKey(`check-${code}`) && isKey(`fix-${code}`), code)
  for (const lang of ['en', 'de']) {
    for (const { name } of lab.domains) {
      const { findings } = await check(name, `?lang=${lang}`)
      const open = findings.filter(({ text, fix }) => /\{[a-z]+\}/i.test(text + fix))
      t.same(open, [], `${name}: no placeholder is left open`)
      const { error, warning } = { error: 'error', warning: 'warning' }
      t.ok(findings.every(({ severity, fix }) => ![error, warning].includes(severity) || fix !== ''))
    }
  }
})

t.test('the answer may be kept for a minute, and the domain is left in peace meanwhile', async (t) => {
  await check('srv.test')
  const asked = lab.log.http.length + lab.log.dials.length
  const [first, second] = await Promise.all([
    app.inject('/v1/domains/srv.test/check'),
    app.inject('/v1/domains/srv.test/check'),
  ])
  t.equal(first.body, second.body)
  t.equal(lab.log.http.length + lab.log.dials.length, asked)
  t.match(first.headers, { 'cache-control': 'public, max-age=60', vary: 'accept-language' })
  const etag = String(first.headers.etag)
  const again = await app.inject({ url: '/v1/domains/srv.test/check', headers: { 'if-none-match': etag } })
  t.equal(again.statusCode, 304)
})

t.test('no local part but the placeholder leaves, and nothing private is dialled', (t) => {
  const text = JSON.stringify(lab.log.http)
  const addresses = text.match(/[\w.%+-]+(?:@|%40)[\w.-]+/g) ?? []
  t.ok(addresses.length > 0)
  t.ok(addresses.every((address) => address.startsWith('mailscout-placeholder')))
  t.notOk(lab.log.dials.some(({ address }) => /^(10|192|169)\./.test(address)))
  t.end()
})

t.test('names that cannot be checked', async (t) => {
  const strict = compose({ ...CONFIG, MAILSCOUT_ALLOW_SPECIAL_USE_NAMES: false }, surroundings(EARLIER))
  const before = lab.log.dns.length
  const signal = new AbortController().signal
  const reserved = await strict.checker.check({ domain: 'kunde.test' as never, signal })
  t.equal(reserved.kind, 'reserved')
  t.equal(lab.log.dns.length, before, 'nobody was asked')
  const bare = buildApp({
    service: strict.service,
    checker: strict.checker,
    isOwnDomain: () => false,
    now: EARLIER,
    version: '0',
  })
  const response = await bare.inject('/v1/domains/kunde.test/check')
  t.match(response.json<Problem>(), { status: 404, code: 'NAME_RESERVED' })
  t.equal((await app.inject('/v1/domains/not_a_domain/check')).statusCode, 400)
  t.equal((await app.inject('/v1/domains/all.test/check?own=true')).statusCode, 400)
  await bare.close()
  const gone = AbortSignal.abort(new Error('gone'))
  await t.rejects(
    mailscout.checker.check({ domain: 'all.test' as never, signal: gone, publishedOnly: true }),
    /gone/,
  )
})

interface Run {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function run(args: readonly string[], now = EARLIER, config = CONFIG): Promise<Run> {
  let out = ''
  let err = ''
  const terminal = {
    out: (text: string) => (out += text),
    err: (text: string) => (err += text),
    colour: false,
    language: undefined,
  }
  const code = await checkCommand(args, { terminal, config, surroundings: surroundings(now) })
  return { code, out, err }
}

t.test('the command: text, JSON, JUnit, and an exit code for scripts', async (t) => {
  const clean = await run(['all.test'])
  t.equal(clean.code, 0)
  t.match(clean.out, /Check of all\.test[\s\S]*OK {2}SRV all\.test names 3 mail servers/)
  const errors = await run(['srv-465.test', '--lang', 'de'])
  t.equal(errors.code, 5)
  t.match(errors.out, /FEHLER S6 {2}Der SRV-Eintrag _submission nennt Port 465/)
  t.match(errors.out, /→ Veröffentlichen Sie ihn/)
  t.match(errors.out, /_submissions\._tcp\.srv-465\.test\. IN SRV/)
  t.match(errors.out, /1 Fehler, 1 Warnungen/)
  const json = await run(['noimap.test', '--format', 'json'])
  t.equal(json.code, 6)
  t.equal(checkAnswerSchema.parse(JSON.parse(json.out)).domain, 'noimap.test')
  const junit = await run(['cleartext.test', '--format', 'junit'])
  const read = readXml(Buffer.from(junit.out))
  if (!read.ok) throw new Error(read.failure.detail)
  t.equal(read.root.name, 'testsuites')
  const [suite] = read.root.children
  t.equal(suite?.attributes.get('name'), 'cleartext.test')
  const failures = suite?.children.filter(({ children }) => children.length > 0) ?? []
  t.equal(String(failures.length), suite?.attributes.get('failures'))
  t.equal(String(suite?.children.length), suite?.attributes.get('tests'))
  t.equal((await run(['--help'])).code, 0)
  const bad = await run(['not_a_domain'])
  t.equal(bad.code, 2)
  t.match(bad.err, /not a valid domain/)
  for (const args of [
    [],
    ['a.test', 'b.test'],
    ['all.test', '--own'],
    ['all.test', '--format', 'xml'],
    ['--wrong'],
  ]) {
    await t.rejects(run(args), { name: 'UsageError' })
  }
})

t.test('certificates that end soon', async (t) => {
  const { code, out } = await run(['all.test', '--format', 'json'], Date.now)
  t.equal(code, 6)
  const answer = checkAnswerSchema.parse(JSON.parse(out))
  t.same(codes(answer), ['server-certificate-expiring', 'web-certificate-expiring'])
  t.match(answer.findings[0]?.text, /expires in 29 days/)
})

t.test('the operator’s own domains: the public view is what the entry says', async (t) => {
  const { code, out } = await run(['--own', '--format', 'json'])
  t.equal(code, 6)
  const [answer] = checkAnswerSchema.array().parse(JSON.parse(out))
  t.equal(answer?.own, true)
  t.same(codes(answer!), ['config-missing', 'own-missing'])
  const records = answer?.findings.flatMap(({ record }) => record ?? []).join('\n')
  t.match(records, /^_imaps\._tcp\.operator\.lab\. IN SRV 0 1 993 reading\.operator\.lab\.$/m)
  t.match(records, /^autoconfig\.operator\.lab\. IN CNAME scout\.lab\.test\.$/m)
  t.match(records, /^_ua-auto-config\.operator\.lab\. IN TXT "v=UAAC1/m)
  const nothing = readConfig({ ...lab.environment, MAILSCOUT_PROVIDERS_DIR: '' })
  await t.rejects(run(['--own'], EARLIER, nothing), { name: 'UsageError' })
})

t.test('at the start: one line for each mismatch, bounded, and over when the service stops', async (t) => {
  const told: string[] = []
  const signal = new AbortController().signal
  const result = await selfCheck({
    checker: mailscout.checker,
    domains: ['operator.lab' as never, 'all.test' as never],
    signal,
    onMismatch: (domain, { code }) => told.push(`${domain} ${code}`),
  })
  t.same(told, ['operator.lab own-missing'])
  t.same(result, { checked: 2, mismatched: 1, left: 0 })
  const many = await selfCheck({
    checker: { check: ({ domain }) => Promise.resolve({ kind: 'reserved', domain }) },
    domains: Array.from({ length: 700 }, () => 'kunde.de' as never),
    signal,
    onMismatch: () => undefined,
  })
  t.same(many, { checked: 500, mismatched: 0, left: 200 })
  const running = await start({ ...CONFIG, PORT: 0, LOG_LEVEL: 'silent' }, surroundings(EARLIER))
  await running.close()
  t.pass('stopped while checking')
})

t.test('the table of codes', (t) => {
  t.match(checkCodeFacts('config-http-only'), { severity: 'error', defect: 'S1' })
  t.end()
})
