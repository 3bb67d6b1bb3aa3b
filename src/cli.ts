/** The `mailscout` command as a process: joins the terminal, the environment and the signals to the commands. */
import type { ProcessParts } from './cli/command.js'
import { runCommandLine } from './cli/run.js'
import { type Config, processConfig, processSettings, processTerminal } from './config.js'

/** As shells write it (128 + SIGPIPE). */
const BROKEN_PIPE = 141

// `mailscout … | head` closes the pipe before the end; that is no error of ours to print.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(BROKEN_PIPE)
})

let interruption: AbortController | undefined

/** Aborts at the first Ctrl-C; the second one ends the process at once. */
function interrupted(): AbortSignal {
  if (interruption === undefined) {
    const controller = new AbortController()
    process.once('SIGINT', () => {
      controller.abort(new Error('interrupted'))
    })
    interruption = controller
  }
  return interruption.signal
}

const person = processTerminal()
const parts: ProcessParts = {
  terminal: {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    // Both: what a command says while it works goes to the error stream in the same colours.
    colour: process.stdout.isTTY && process.stderr.isTTY && !person.noColor,
    language: person.language,
  },
  // Read by those who need it: help must work whatever the environment says.
  get config(): Config {
    return processConfig()
  },
  surroundings: {},
  interactive: process.stderr.isTTY,
  // Asked for by those who end in an orderly way; the others end at once.
  get signal(): AbortSignal {
    return interrupted()
  },
  settings: processSettings,
  input: process.stdin,
}

const code = await runCommandLine(process.argv.slice(2), parts)
// What was printed has left; what is still looked up in the background, or read from a silent input, nobody waits for.
process.stdout.write('', () => {
  process.stderr.write('', () => process.exit(code))
})
