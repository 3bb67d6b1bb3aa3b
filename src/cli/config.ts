/** `mailscout config`: what holds with this environment, and what could be set. */
import { parseArgs } from 'node:util'
import type { EffectiveSetting } from '../config.js'
import { environmentExample } from './settings-text.js'
import { EXIT, style, table, type Terminal, UsageError } from './terminal.js'

export const CONFIG_USAGE = `Usage: mailscout config [options]

Prints every setting with the value that holds and where it comes from, without passwords. A wrong value is
named on one line.

Options:
  --json       print JSON
  --example    print an environment file with every setting at its default instead
  -h, --help   show this

Exit codes: 0 printed, 2 bad input or a wrong setting.

Example: MAILSCOUT_CACHE_MB=256 mailscout config
`

const OPTIONS = {
  json: { type: 'boolean' },
  example: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

export interface ConfigParts {
  readonly terminal: Terminal
  /** Asked only where values are printed. @throws ConfigError */
  readonly settings: () => readonly EffectiveSetting[]
}

/** @returns the exit code. @throws UsageError, ConfigError */
export function configCommand(args: readonly string[], { terminal, settings }: ConfigParts): number {
  const values = readArguments(args)
  if (values.help === true) terminal.out(CONFIG_USAGE)
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

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${error.message}\n\n${CONFIG_USAGE}`)
    throw error
  }
}
