/** The `mailscout` command: finds the subcommand and sets the exit code. */
import { checkCommand } from './cli/check.js'
import { configCommand } from './cli/config.js'
import { discoverCommand } from './cli/discover.js'
import { guideCommand } from './cli/guide.js'
import { providersCommand } from './cli/providers.js'
import { EXIT, type Terminal, UsageError } from './cli/terminal.js'
import { zoneCommand } from './cli/zone.js'
import { packageVersion } from './compose.js'
import { processConfig, processSettings, processTerminal } from './config.js'
import { serve, startFailure } from './serve.js'

const USAGE = `Usage: mailscout <command> [options]

Commands:
  discover <address>   find the mail servers for an e-mail address
  check <domain>       say what is wrong with what a domain publishes
  guide <program> <address>
                       how to set up the account in a mail program
  providers <command>  look into the provider database, check it, compare it
  zone <domain>        print the DNS records to publish for a domain
  serve                start the HTTP service (settings come from the environment)
  config               print the settings that hold
  version              print the version

Run "mailscout <command> --help" for its options.
`

const SERVE_USAGE = `Usage: mailscout serve

Starts the HTTP service. Its settings come from the environment (HOST, PORT, MAILSCOUT_…; see "mailscout config");
SIGTERM ends it, SIGHUP rereads the operator's files.
`

const terminal: Terminal = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  colour: process.stdout.isTTY && !processTerminal().noColor,
  language: processTerminal().language,
}

/** Aborts at the first Ctrl-C; the second one ends the process at once. */
function interrupted(): AbortSignal {
  const controller = new AbortController()
  process.once('SIGINT', () => {
    controller.abort(new Error('interrupted'))
  })
  return controller.signal
}

async function run(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args
  if (command === 'discover')
    return discoverCommand(rest, { terminal, config: processConfig(), surroundings: {} })
  if (command === 'check') return checkCommand(rest, { terminal, config: processConfig(), surroundings: {} })
  if (command === 'providers') {
    const parts = { terminal, config: processConfig(), surroundings: {}, interactive: process.stderr.isTTY }
    return providersCommand(rest, { ...parts, signal: interrupted() })
  }
  if (command === 'guide') return guideCommand(rest, { terminal, config: processConfig(), surroundings: {} })
  if (command === 'zone') return zoneCommand(rest, { terminal, config: processConfig(), surroundings: {} })
  if (command === 'config') return configCommand(rest, { terminal, settings: processSettings })
  if (command === 'serve') {
    if (rest.length === 0) return serve()
    if (rest[0] !== '--help' && rest[0] !== '-h')
      throw new UsageError(`serve takes no arguments\n\n${SERVE_USAGE}`)
    terminal.out(SERVE_USAGE)
    return EXIT.found
  }
  if (command === 'version' || command === '--version') {
    terminal.out(`${packageVersion()}\n`)
    return EXIT.found
  }
  if (command === undefined || command === 'help' || command === '--help' || command === '-h') {
    terminal.out(USAGE)
    return command === undefined ? EXIT.badInput : EXIT.found
  }
  throw new UsageError(`unknown command "${command}"\n\n${USAGE}`)
}

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  const message = error instanceof UsageError ? error.message : startFailure(error)
  if (message === null) throw error
  terminal.err(`mailscout: ${message}\n`)
  process.exitCode = EXIT.badInput
}
