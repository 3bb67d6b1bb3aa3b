/** Completions, tried in the shells themselves, and the manual page, as those who read it see it. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { COMMANDS } from '../../src/cli/commands.js'
import { completionCommand } from '../../src/cli/completion.js'
import { manPage } from '../../src/cli/man-page.js'
import { commandLinePage } from '../../src/cli/reference.js'
import { packageVersion } from '../../src/compose.js'
import { knownSettings } from '../../src/config.js'

const specs = COMMANDS.map(({ spec }) => spec)

function completion(...args: string[]): string {
  let out = ''
  const terminal = {
    out: (text: string) => (out += text),
    err: () => undefined,
    colour: false,
    language: undefined,
  }
  t.equal(completionCommand(args, { terminal }, specs), 0)
  return out
}

function has(program: string): boolean {
  return spawnSync(program, ['--version']).error === undefined
}

/** Line up to the Tab key, what it becomes or offers. */
const CASES: readonly (readonly [string, string])[] = [
  ['disc', 'discover'],
  ['provi', 'providers'],
  ['providers ver', 'verify'],
  ['discover --dev', '--devices'],
  ['discover --devices ma', 'many'],
  ['discover ann@example.com --send', '--send-address'],
  ['guide iph', 'iphone'],
  ['completion fi', 'fish'],
  ['providers verify --res', '--resume'],
  ['batch --verify ne', 'never'],
  ['batch my', 'my addresses.txt'],
  ['batch --format csv my', 'my addresses.txt'],
]

t.test('bash', { skip: has('bash') ? false : 'bash is not installed' }, (t) => {
  const directory = t.testdir({ 'completion.bash': completion('bash'), 'my addresses.txt': '' })
  const script = `source ./completion.bash
for line in "$@"; do
  read -ra COMP_WORDS <<< "mailscout $line"
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  _mailscout
  # What the shell itself does with "-o default".
  if [ \${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=("$(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")"); fi
  echo "\${COMPREPLY[*]}"
done`
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', ...CASES.map(([line]) => line)], {
    encoding: 'utf8',
    cwd: directory,
  })
  t.equal(stderr, '')
  t.strictSame(
    stdout.trimEnd().split('\n'),
    CASES.map(([, expected]) => expected),
  )
  t.end()
})

t.test('fish', { skip: has('fish') ? false : 'fish is not installed' }, (t) => {
  const directory = t.testdir({ 'completion.fish': completion('fish'), 'my addresses.txt': '' })
  const script = `source ./completion.fish
for line in $argv
  complete -C "mailscout $line" | string split -f 1 \\t | string join ' '
end`
  const { stdout, stderr } = spawnSync(
    'fish',
    ['--no-config', '-c', script, ...CASES.map(([line]) => line)],
    {
      encoding: 'utf8',
      cwd: directory,
      env: { ...process.env, HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory },
    },
  )
  t.equal(stderr, '')
  t.strictSame(
    stdout.trimEnd().split('\n'),
    CASES.map(([, expected]) => expected),
  )
  t.end()
})

t.test('zsh', { skip: has('zsh') ? false : 'zsh is not installed' }, (t) => {
  const directory = t.testdir({ 'completion.zsh': completion('zsh'), 'my addresses.txt': '' })
  // Ctrl-T writes the line down as the Tab key left it, and empties it.
  const script = `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1= ; autoload -Uz compinit; compinit -u -D; source ./completion.zsh'
zpty -w shell 'note() { print -r -- "$BUFFER" >> lines; BUFFER= }; zle -N note; bindkey "^T" note; bindkey "^I" complete-word'
zpty -w shell 'print re""ady'
while zpty -r shell text; do [[ $text == *ready* ]] && break; done
for line in "$@"; do
  zpty -w -n shell "mailscout $line"$'\\t\\C-t'
done
zpty -w shell 'print do""ne; exit'
while zpty -r shell text; do [[ $text == *done* ]] && break; done`
  const { stderr } = spawnSync('zsh', ['-f', '-c', script, 'zsh', ...CASES.map(([line]) => line)], {
    encoding: 'utf8',
    cwd: directory,
    env: { ...process.env, HOME: directory, TERM: 'dumb' },
    timeout: 20_000,
  })
  t.equal(stderr, '')
  const lines = readFileSync(join(directory, 'lines'), 'utf8').trimEnd().split('\n')
  t.strictSame(
    lines.map((line) => line.trimEnd().replaceAll('\\ ', ' ')),
    CASES.map(([line, expected]) => `mailscout ${line.replace(/[^ ]*$/, '')}${expected}`),
  )
  t.end()
})

t.test('what is not a shell is refused', (t) => {
  const terminal = { out: () => undefined, err: () => undefined, colour: false, language: undefined }
  for (const args of [[], ['tcsh'], ['bash', 'zsh']]) {
    t.throws(() => completionCommand(args, { terminal }, specs), { name: 'UsageError' }, args.join(' '))
  }
  t.match(completion('--help'), 'Usage: mailscout completion bash|zsh|fish')
  t.end()
})

const manual = manPage({ version: packageVersion(), commands: specs, settings: knownSettings() })

t.test('the manual page and the page of the command line are those of this table', (t) => {
  const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
  t.ok(file('man/mailscout.1') === manual, 'man/mailscout.1: run "npm run manual"')
  t.ok(file('docs/command-line.md') === commandLinePage(specs), 'docs/command-line.md: run "npm run manual"')
  t.notMatch(manual, /[^\n\x20-\x7e]/, 'ASCII alone, whatever the locale')
  t.match(
    manPage({
      version: '1',
      commands: [],
      settings: [{ name: 'X', meaning: '.start – \\end', values: '', fallback: null }],
    }),
    '\n\\&.start \\[u2013] \\eend\n',
    'nothing in a text is an instruction',
  )
  t.end()
})

const readers: readonly (readonly [string, readonly string[]])[] = [
  ['mandoc', ['-T', 'lint', '-W', 'error']],
  ['groff', ['-man', '-Tascii', '-ww', '-z']],
  ['man', ['--warnings', '-l']],
]
for (const [program, args] of readers) {
  const skip = has(program) ? false : `${program} is not installed`
  t.test(`${program} has nothing to say against it`, { skip }, (t) => {
    const directory = t.testdir({ 'mailscout.1': manual })
    const { stdout, stderr, status } = spawnSync(program, [...args, join(directory, 'mailscout.1')], {
      encoding: 'utf8',
      env: { ...process.env, MANPAGER: 'cat', MANWIDTH: '80', LC_ALL: 'C.UTF-8' },
    })
    t.match({ status, stderr }, { status: 0, stderr: '' })
    if (program === 'man') t.match(stdout, /discover <address> \[options\][^]*MAILSCOUT_DNS_SERVERS/)
    else t.equal(stdout, '')
    t.end()
  })
}
