/** The `mailscout` command without its process: finds the subcommand and says how it ended. */
import { packageVersion } from '../compose.js'
import { startFailure } from '../serve.js'
import { didYouMean } from './arguments.js'
import type { ProcessParts } from './command.js'
import { COMMANDS } from './commands.js'
import { helpOf, helpOfAll } from './help.js'
import { EXIT, UsageError } from './terminal.js'

/** @returns the exit code. Rejects for bugs alone. */
export async function runCommandLine(args: readonly string[], parts: ProcessParts): Promise<number> {
  try {
    return await run(args, parts)
  } catch (error) {
    const message = error instanceof UsageError ? error.message : startFailure(error)
    if (message === null) throw error
    parts.terminal.err(`mailscout: ${message}\n`)
    return EXIT.badInput
  }
}

async function run(args: readonly string[], parts: ProcessParts): Promise<number> {
  const { out } = parts.terminal
  const [name, ...rest] = args
  if (name === 'version' || name === '--version') {
    out(`${packageVersion()}\n`)
    return EXIT.found
  }
  if (
    name === undefined ||
    name === '--help' ||
    name === '-h' ||
    (name === 'help' && rest[0] === undefined)
  ) {
    out(helpOfAll(COMMANDS.map(({ spec }) => spec)))
    return name === undefined ? EXIT.badInput : EXIT.found
  }
  // `mailscout help discover` is what some type for `mailscout discover --help`.
  const wanted = name === 'help' ? (rest[0] ?? '') : name
  const command = COMMANDS.find(({ spec }) => spec.name === wanted)
  if (command === undefined) throw unknownCommand(wanted)
  if (name !== 'help') return command.run(rest, parts)
  out(helpOf(command.spec))
  return EXIT.found
}

function unknownCommand(name: string): UsageError {
  // An address alone: what is wanted is clear, and the command is named without repeating it.
  const hint = name.includes('@')
    ? '; did you mean "mailscout discover" with this address?'
    : didYouMean(name, ['help', 'version', ...COMMANDS.map(({ spec }) => spec.name)])
  return new UsageError(`unknown command "${name}"${hint}\nRun "mailscout --help" for the list.`)
}
