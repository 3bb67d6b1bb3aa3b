/** `mailscout config`: what holds with this environment, and what could be set. */
import { readArguments, usageError } from './arguments.js'
import type { CommandSpec, ProcessParts } from './command.js'
import { helpOf } from './help.js'
import { environmentExample } from './settings-text.js'
import { EXIT, style, table } from './terminal.js'

export const CONFIG = {
  name: 'config',
  summary: 'print the settings that hold',
  usage: ['[options]'],
  description: [
    'Prints every setting with the value that holds and where it comes from, without passwords. A wrong value is named on one line.',
  ],
  arguments: [],
  options: {
    json: { type: 'boolean', help: 'print JSON' },
    example: {
      type: 'boolean',
      help: 'print an environment file with every setting at its default instead',
    },
  },
  exitCodes: { 0: 'settings printed', 1: 'internal error', 2: 'bad input, or a wrong setting' },
  examples: [
    { command: 'mailscout config', shows: 'what holds with this environment' },
    { command: 'mailscout config --example > .env', shows: 'a file to begin with' },
  ],
} as const satisfies CommandSpec

/** @returns the exit code. @throws UsageError, ConfigError */
export function configCommand(
  args: readonly string[],
  { terminal, settings }: Pick<ProcessParts, 'terminal' | 'settings'>,
): number {
  const { values, positionals, help } = readArguments(args, CONFIG)
  if (positionals.length > 0) throw usageError(CONFIG, 'config takes no argument')
  if (help) terminal.out(helpOf(CONFIG))
  else if (values.example === true) terminal.out(environmentExample())
  else if (values.json === true) terminal.out(`${JSON.stringify(settings(), null, 2)}\n`)
  else {
    const look = style(terminal.colour)
    const rows = settings().map(({ name, value, origin }) => [
      name,
      origin,
      value === null ? look.dim('none') : value,
    ])
    terminal.out(table(rows, ''))
  }
  return EXIT.found
}
