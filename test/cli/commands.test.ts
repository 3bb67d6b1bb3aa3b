/** The table of commands: what is said for help, for slips, and where there is no terminal. */
import t from 'tap'
import type { CommandSpec, ProcessParts } from '../../src/cli/command.js'
import { COMMANDS } from '../../src/cli/commands.js'
import { runCommandLine } from '../../src/cli/run.js'
import { packageVersion } from '../../src/compose.js'
import { effectiveSettings, readConfig } from '../../src/config.js'

interface Run {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function mailscout(args: readonly string[], given: Partial<ProcessParts> = {}): Promise<Run> {
  let out = ''
  let err = ''
  const code = await runCommandLine(args, {
    terminal: {
      out: (text) => (out += text),
      err: (text) => (err += text),
      colour: false,
      language: undefined,
    },
    get config() {
      return readConfig({ MAILSCOUT_BUDGIE_MS: '1' })
    },
    surroundings: {},
    interactive: false,
    signal: new AbortController().signal,
    settings: () => effectiveSettings({ MAILSCOUT_BUDGIE_MS: '1' }),
    input: (async function* () {})(),
    ...given,
  })
  return { code, out, err }
}

const every = COMMANDS.flatMap(({ spec }): CommandSpec[] => [spec, ...(spec.commands ?? [])])

t.test('every command explains itself, with examples that name real options', async (t) => {
  for (const spec of every) {
    // The environment of this test is wrong on purpose: help must not need it.
    const { code, out, err } = await mailscout([...spec.name.split(' '), '--help'])
    t.match({ code, err }, { code: 0, err: '' }, spec.name)
    t.match(out, `Usage: mailscout ${spec.name}`)
    t.match(out, /\nExamples:\n {2}\S/, spec.name)
    t.match(out, /\nExit codes:\n {2}0 +\S/, spec.name)
    for (const name of [...Object.keys(spec.options), 'help']) t.match(out, `--${name}`, spec.name)
    const wide = out.split('\n').filter((line) => line.length > 80 && !line.startsWith('  mailscout'))
    t.strictSame(wide, [], `${spec.name}: fits 80 columns`)
    for (const { command } of spec.examples) {
      t.match(command, `mailscout ${spec.name}`)
      for (const [, name = ''] of command.matchAll(/ --([a-z-]+)/g)) {
        const own = every.find((other) => command.includes(`mailscout ${other.name}`) && other !== spec)
        t.ok(Object.hasOwn({ ...spec.options, ...own?.options }, name), `${command}: --${name}`)
      }
    }
  }
})

t.test('the list of commands, the version, and help by its other names', async (t) => {
  const all = await mailscout(['--help'])
  for (const { spec } of COMMANDS) t.match(all.out, new RegExp(`^ {2}${spec.name}\\b`, 'm'))
  t.equal(all.code, 0)
  t.match(await mailscout([]), { code: 2, out: all.out })
  t.match(await mailscout(['help']), { code: 0, out: all.out })
  t.equal((await mailscout(['help', 'zone'])).out, (await mailscout(['zone', '-h'])).out)
  t.strictSame(await mailscout(['--version']), { code: 0, out: `${packageVersion()}\n`, err: '' })
})

t.test('slips are answered with what was probably meant', async (t) => {
  const slips: Record<string, RegExp> = {
    discvoer: /unknown command "discvoer"; did you mean "discover"\?/,
    'provider find': /did you mean "providers"\?/,
    'providers fnid x': /unknown command "providers fnid"; did you mean "find"\?/,
    'discover ann@example.com --devcies many': /unknown option --devcies; did you mean "--devices"\?/,
    'help zoen': /did you mean "zone"\?/,
    'ann@example.com': /did you mean "mailscout discover" with this address\?/,
    'serve now': /serve takes no arguments\nRun "mailscout serve --help"/,
  }
  for (const [line, expected] of Object.entries(slips)) {
    const { code, out, err } = await mailscout(line.split(' '))
    t.match({ code, out, err }, { code: 2, out: '', err: expected }, line)
  }
  t.notMatch((await mailscout(['frobnicate'])).err, 'did you mean')
  t.match(await mailscout(['discover', 'ann@example.com']), { code: 2, err: /MAILSCOUT_BUDGIE_MS/ })
})
