/** Every command in the documents does what they say: it is run here, or named with the reason why not. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { readConfig } from '../../src/config.js'
import { start } from '../../src/serve.js'
import { blocksOf, commandsOf, documents } from './markdown.js'

const NOT_RUN: readonly (readonly [RegExp, string])[] = [
  [/^npm ci/, 'what it starts is this run, and test/e2e starts the service as npm start does'],
  [/^npm test|^npx tap|^bash \.ci\/run/, 'this run'],
  [/^docker /, 'needs an engine: npm run check:docker does the steps of the Dockerfile by hand'],
  [/completion (zsh|fish) >/, 'writes into the home directory; test/cli/shells.test.ts runs what comes out'],
]

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** No network at hand: the built-in entries answer, as the README says of its outputs. */
const SETTINGS = {
  LOG_LEVEL: 'silent',
  MAILSCOUT_DNS_SERVERS: '127.0.0.1:9',
  MAILSCOUT_SELF_CHECK: 'off',
  MAILSCOUT_BUDGET_MS: '1000',
}
const running = await start(readConfig({ ...SETTINGS, PORT: '0' }))
t.teardown(() => running.close())

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ')
/** The command, as it would run for somebody who has installed mailscout. */
const PREAMBLE = `set -o pipefail
mailscout() { ${quoted([process.execPath, ...process.execArgv, CLI])} "$@"; }
npx() { "$@"; }
`

async function run(
  command: string,
): Promise<{ readonly status: number | null; readonly out: string; readonly err: string }> {
  const script = PREAMBLE + command.replaceAll('http://127.0.0.1:8080', running.url)
  const child = spawn('bash', ['-c', script], {
    cwd: ROOT,
    env: { ...process.env, ...SETTINGS, LANG: 'en', NO_COLOR: '1', MANPAGER: 'cat', TERM: 'dumb' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  if (child.exitCode === null) await once(child, 'exit')
  return { status: child.exitCode, out, err }
}

const blocks = documents.flatMap(blocksOf)
const shell = blocks.filter(({ language }) => language === 'sh' || language === 'bash')
const sessions = blocks.filter(({ language }) => language === 'console')

void t.test('commands run', { timeout: 60_000 }, async (t) => {
  let ran = 0
  for (const block of shell) {
    for (const command of commandsOf(block)) {
      if (NOT_RUN.some(([pattern]) => pattern.test(command))) continue
      const program = /^\w+/.exec(command)?.[0] ?? ''
      if (['curl', 'man'].includes(program) && spawnSync(program, ['--version']).error) {
        t.comment(`not installed, so not run: ${command}`)
        continue
      }
      const { status, out, err } = await run(command)
      t.equal(status, 0, `${block.document}: ${command} ${err}`)
      if (program === 'curl') {
        t.notOk(
          /"status":(?:404|406|429|5\d\d)/.test(out),
          'no problem, but for the wrong address that is shown',
        )
        t.ok(out.length > 100, 'it says something')
        const shown = blocks[blocks.indexOf(block) + 1]
        if (shown?.document === block.document && shown.language === 'json')
          t.same(JSON.parse(out), JSON.parse(shown.lines.join('\n')), 'what the document shows')
      }
      ran += 1
    }
  }
  t.ok(ran >= 8, `${String(ran)} commands`)
  for (const [pattern] of NOT_RUN)
    t.ok(
      shell.some((block) => commandsOf(block).some((command) => pattern.test(command))),
      `${String(pattern)} is still in a document`,
    )
})

void t.test('sessions show what comes', { timeout: 60_000 }, async (t) => {
  /** Which source ends first, and when, is another thing each time. */
  const lasting = (output: string) =>
    output
      .split('\n')
      .map((line) => line.trimEnd())
      .filter((line) => !/^ {2}[·✓–✗!] /.test(line))
      .join('\n')
      .trim()
  for (const { document, lines } of sessions) {
    const [command = '', ...shown] = lines
    t.match(command, /^\$ /, `${document}: one command each`)
    const { out } = await run(command.slice(2))
    t.equal(lasting(out), lasting(shown.join('\n')), `${document}: ${command}`)
  }
  t.ok(sessions.length > 0)
})
