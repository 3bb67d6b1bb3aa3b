/** `mailscout serve`: what `npm start` starts. */
import { serveProcesses } from '../processes.js'
import { readArguments, usageError } from './arguments.js'
import type { CommandParts, CommandSpec } from './command.js'
import { helpOf } from './help.js'
import { EXIT } from './terminal.js'

export const SERVE = {
  name: 'serve',
  summary: 'start the HTTP service',
  usage: [''],
  description: [
    'Starts the HTTP service. Its settings come from the environment (HOST, PORT, MAILSCOUT_…; see "mailscout config").',
    "SIGTERM ends it, SIGHUP rereads the operator's files.",
  ],
  arguments: [],
  options: {},
  exitCodes: { 0: 'ended by SIGTERM or Ctrl-C', 1: 'internal error', 2: 'a setting or a file does not fit' },
  examples: [{ command: 'PORT=8081 mailscout serve', shows: 'the service on another port' }],
} as const satisfies CommandSpec

/** @returns the exit code. @throws UsageError */
export async function serveCommand(args: readonly string[], parts: CommandParts): Promise<number> {
  const { positionals, help } = readArguments(args, SERVE)
  if (positionals.length > 0) throw usageError(SERVE, 'serve takes no arguments')
  if (!help) return serveProcesses(parts.surroundings)
  parts.terminal.out(helpOf(SERVE))
  return EXIT.found
}
