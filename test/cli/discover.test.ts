/** The command line, its settings, and the process around it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { discoverCommand } from '../../src/cli/discover.js'
import { readConfig } from '../../src/config.js'
import type { DiscoverAnswer, Problem } from '../../src/domain/answer.js'
import { start } from '../../src/serve.js'
import { startLab } from '../lab/lab.js'

const lab = await startLab()
t.teardown(() => lab.close())

interface Run {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function mailscout(
  args: readonly string[],
  options: { colour?: boolean; language?: string } = {},
): Promise<Run> {
  let out = ''
  let err = ''
  const code = await discoverCommand(args, {
    terminal: {
      out: (text) => (out += text),
      err: (text) => (err += text),
      colour: options.colour ?? false,
      language: options.language,
    },
    config: readConfig({ ...lab.environment, MAILSCOUT_BUDGET_MS: '4000' }),
    surroundings: { dial: lab.dial, ca: [lab.caPem], builtinProvidersDirectory: lab.providersDirectory },
  })
  return { code, out, err }
}

t.test('found: sources live, then advice, servers and exit code 0', async (t) => {
  const { code, out, err } = await mailscout(['ann@all.test', '--devices', 'many'])
  t.equal(code, 0)
  t.match(err, /✓ pacc +found \(\d+ ms\)/)
  t.match(out, /Recommendation: IMAP/)
  t.match(out, /Receive +imap\.all\.test +port 993 +encrypted from the start/)
  t.match(out, /Send +smtp\.all\.test +port 465/)
  t.match(out, /IMAP lets you read.*SMTP sends your mail/s)
  t.match(out, /POP3 +pop\.all\.test:995 +TLS/)
  t.notMatch(out + err, '\u001b[', 'no colours where there is no terminal')
})

t.test('German by locale, by option; colours on a terminal', async (t) => {
  t.match((await mailscout(['ann@all.test'], { language: 'de' })).out, /Empfehlung: IMAP/)
  t.match((await mailscout(['ann@all.test', '--lang', 'de', '--keep', 'device'])).out, /Empfehlung: POP3/)
  t.match((await mailscout(['ann@all.test'], { colour: true })).out, '\u001b[1m')
  t.match((await mailscout(['ann@nothing.test', '--lang', 'de'])).err, /keine Einstellungen gefunden/)
})

t.test('--json prints the API’s answer and nothing else', async (t) => {
  const found = await mailscout(['ann@srv.test', '--json'])
  t.equal((JSON.parse(found.out) as DiscoverAnswer).servers.imap[0]?.hostname, 'reading.srv.test')
  t.equal(found.err, '')
  const nothing = await mailscout(['ann@nothing.test', '--json'])
  t.equal((JSON.parse(nothing.out) as Problem).code, 'NOTHING_FOUND')
  t.equal(nothing.code, 3)
})

t.test('what cannot be trusted is said', async (t) => {
  const unconfirmed = await mailscout(['ann@srv-outside.test'])
  t.match(unconfirmed.out, /Please confirm that elsewhere\.test is your provider/)
  t.match(unconfirmed.out, /unconfirmed hint/)
  const conflict = await mailscout(['ann@conflict.test'])
  t.match(
    conflict.out,
    /Conflicts\n +IMAP +reading\.conflict\.test:993 tls \(autoconfig\) +≠ new\.conflict\.test/,
  )
  const failed = await mailscout(['ann@badcert.test'])
  t.match(failed.out, /check failed: .*certificate/)
  t.notMatch(failed.out, /Recommendation/)
  const clear = await mailscout(['ann@cleartext.test', '--allow-cleartext'])
  t.match(clear.out, /PLAIN/)
})

t.test('exit codes: 3 nothing found, 2 bad input, 4 lookup failed', async (t) => {
  t.equal((await mailscout(['ann@nomail.test'])).code, 3)
  t.equal((await mailscout(['ann'])).code, 2)
  t.equal((await mailscout(['ann@all.test', '--devices', 'seven'])).code, 2)
  const failed = await mailscout(['ann@dnsfail.test'])
  t.equal(failed.code, 4)
  t.match(failed.err, /could not be looked up/)
  await t.rejects(mailscout([]), { name: 'UsageError' })
  await t.rejects(mailscout(['ann@web.de', 'ben@web.de']), { name: 'UsageError' })
  await t.rejects(mailscout(['ann@web.de', '--frobnicate']), { name: 'UsageError' })
  t.match((await mailscout(['--help'])).out, /Exit codes/)
})

t.test('the server listens, answers, and ends its work when closed', async (t) => {
  const running = await start(readConfig({ ...lab.environment, PORT: '0', LOG_LEVEL: 'silent' }), {
    dial: lab.dial,
    ca: [lab.caPem],
    builtinProvidersDirectory: lab.providersDirectory,
  })
  t.match(running.url, /^http:\/\/127\.0\.0\.1:\d+$/)
  await running.close()
  await t.rejects(
    start(readConfig({ ...lab.environment, HOST: '192.0.2.1', LOG_LEVEL: 'silent' })),
    /EADDRNOTAVAIL/,
  )
})

t.test('a broken provider file stops the start with one line', async (t) => {
  const directory = t.testdir({ 'acme.json': '{"id":"acme","name":7}' })
  const child = spawn(
    process.execPath,
    [...process.execArgv, new URL('../../src/cli.ts', import.meta.url).pathname, 'serve'],
    {
      env: { ...process.env, MAILSCOUT_PROVIDERS_DIR: directory, PORT: '0' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let err = ''
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const [code] = (await once(child, 'exit')) as [number]
  t.equal(code, 2)
  t.match(err, /mailscout: acme\.json: name/)
})
