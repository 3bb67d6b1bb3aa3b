/** `mailscout providers …`: keeping the provider database. English alone: these are tools for its keepers. */
import { ProviderFileError } from '../providers/provider-file.js'
import { compareCommand } from './providers-compare.js'
import { findCommand, showCommand, statsCommand, validateCommand } from './providers-offline.js'
import { MAX_CONCURRENCY, MAX_RATE } from './providers-pace.js'
import type { ProvidersParts } from './providers-parts.js'
import { verifyCommand } from './providers-verify.js'
import { EXIT, UsageError } from './terminal.js'

export const PROVIDERS_USAGE = `Usage: mailscout providers <command> [options]

Without any connection:
  validate [dir]       check every file; each broken one on a line
  find <text>          by a part of a name, an e-mail domain or an MX host
  show <id>            one entry
  stats                counts by confidence, access, protocol, requirement, MX class and age

Over the network, politely:
  verify               connect to every listed server (no sign-in) and report
    --only id,id       these providers alone
    --write            write today's date into entries whose every server answered as listed
    --resume FILE      keep what is done in FILE, and skip what FILE has
  compare --ispdb X    differences to a directory of autoconfig files or to a live ISPDB (https URL)
    --rate N/s         connections begun per second (default and most: ${MAX_RATE})
    --concurrency N    at the same time (default and most: ${MAX_CONCURRENCY})

Options:
  --dir DIR            work on this directory instead of the built-in one
  --json               print JSON
  -h, --help           show this

Exit codes: 0 all well, 2 bad input or a broken file, 3 nothing found, 4 a server failed or could not be compared,
130 ended by Ctrl-C, 1 internal error.
`

/** @returns the exit code. @throws UsageError */
export async function providersCommand(args: readonly string[], parts: ProvidersParts): Promise<number> {
  const [command, ...rest] = args
  if (command === undefined || args.some((arg) => arg === '--help' || arg === '-h')) {
    parts.terminal.out(PROVIDERS_USAGE)
    return command === undefined ? EXIT.badInput : EXIT.found
  }
  try {
    switch (command) {
      case 'validate':
        return validateCommand(rest, parts)
      case 'find':
        return findCommand(rest, parts)
      case 'show':
        return showCommand(rest, parts)
      case 'stats':
        return statsCommand(rest, parts)
      case 'verify':
        return await verifyCommand(rest, parts)
      case 'compare':
        return await compareCommand(rest, parts)
      default:
        throw new UsageError(`unknown command "providers ${command}"\n\n${PROVIDERS_USAGE}`)
    }
  } catch (error) {
    if (!(error instanceof ProviderFileError)) throw error
    parts.terminal.err(`mailscout: ${error.message}\n`)
    return EXIT.badInput
  }
}
