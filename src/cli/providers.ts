/** `mailscout providers …`: keeping the provider database. English alone: these are tools for its keepers. */
import { ProviderFileError } from '../providers/provider-file.js'
import { didYouMean, usageError } from './arguments.js'
import type { CommandSpec } from './command.js'
import { helpOf, lastWord } from './help.js'
import { COMPARE, compareCommand } from './providers-compare.js'
import {
  FIND,
  findCommand,
  SHOW,
  showCommand,
  STATS,
  statsCommand,
  VALIDATE,
  validateCommand,
} from './providers-offline.js'
import { PROVIDERS_EXIT_CODES, type ProvidersParts } from './providers-parts.js'
import { VERIFY, verifyCommand } from './providers-verify.js'
import { EXIT } from './terminal.js'

const COMMANDS: readonly {
  readonly spec: CommandSpec
  readonly run: (args: readonly string[], parts: ProvidersParts) => number | Promise<number>
}[] = [
  { spec: VALIDATE, run: validateCommand },
  { spec: FIND, run: findCommand },
  { spec: SHOW, run: showCommand },
  { spec: STATS, run: statsCommand },
  { spec: VERIFY, run: verifyCommand },
  { spec: COMPARE, run: compareCommand },
]

export const PROVIDERS: CommandSpec = {
  name: 'providers',
  summary: 'look into the provider database, check it, compare it',
  usage: ['<command> [options]'],
  description: ['Tools for those who keep the provider database, the built-in one or their own.'],
  arguments: [],
  options: {},
  exitCodes: PROVIDERS_EXIT_CODES,
  examples: [{ command: 'mailscout providers find gmail.com', shows: 'what is known about a domain' }],
  commands: COMMANDS.map(({ spec }) => spec),
}

/** @returns the exit code. @throws UsageError */
export async function providersCommand(args: readonly string[], parts: ProvidersParts): Promise<number> {
  const [name, ...rest] = args
  const { out, err } = parts.terminal
  if (name === undefined || name === '--help' || name === '-h') {
    out(helpOf(PROVIDERS))
    return name === undefined ? EXIT.badInput : EXIT.found
  }
  const command = COMMANDS.find(({ spec }) => lastWord(spec.name) === name)
  if (command === undefined) {
    const names = COMMANDS.map(({ spec }) => lastWord(spec.name))
    throw usageError(PROVIDERS, `unknown command "providers ${name}"${didYouMean(name, names)}`)
  }
  if (rest.some((arg) => arg === '--help' || arg === '-h')) {
    out(helpOf(command.spec))
    return EXIT.found
  }
  try {
    return await command.run(rest, parts)
  } catch (error) {
    if (!(error instanceof ProviderFileError)) throw error
    err(`mailscout: ${error.message}\n`)
    return EXIT.badInput
  }
}
