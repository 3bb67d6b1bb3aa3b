/** `mailscout token <name>`: a new bearer token, and the line that lets its holder in. */
import { isTokenName, makeToken, tokenDigest, tokenLine } from '../http/limits/token-lines.js'
import { readArguments, usageError } from './arguments.js'
import type { CommandParts, CommandSpec } from './command.js'
import { helpOf } from './help.js'
import { EXIT } from './terminal.js'

export const TOKEN = {
  name: 'token',
  summary: 'make a bearer token for a client',
  usage: ['<name> [options]'],
  description: [
    'Makes a token and prints two lines: the token on the error stream, which is for the client and shown this once, and the line for MAILSCOUT_TOKENS_FILE, which holds only its digest.',
    'The client sends it as "Authorization: Bearer …" to /v1/discover and /v1/domains, and has limits of its own there.',
  ],
  arguments: [{ name: 'name' }],
  options: {
    requests: { type: 'string', value: 'N', help: 'requests per minute (as for every client)' },
    cold: { type: 'string', value: 'N', help: 'lookups per minute (as for every client)' },
    refresh: { type: 'boolean', help: 'may ask anew with refresh=true' },
  },
  exitCodes: { 0: 'token made', 1: 'internal error', 2: 'the name or an option is wrong' },
  examples: [
    { command: 'mailscout token partner', shows: 'a token, and its line' },
    {
      command: 'mailscout token partner --cold 300 --refresh >> tokens',
      shows: 'the token alone; its line goes into the file',
    },
  ],
} as const satisfies CommandSpec

/** @returns the exit code. @throws UsageError */
export function tokenCommand(args: readonly string[], { terminal }: Pick<CommandParts, 'terminal'>): number {
  const { values, positionals, help } = readArguments(args, TOKEN)
  if (help) {
    terminal.out(helpOf(TOKEN))
    return EXIT.found
  }
  const [name] = positionals
  if (name === undefined || positionals.length > 1) throw usageError(TOKEN, 'token takes one name')
  if (!isTokenName(name)) {
    throw usageError(TOKEN, 'a name is 1 to 64 letters, digits, dots, hyphens or underscores')
  }
  const token = makeToken()
  const line = tokenLine({
    name,
    digest: tokenDigest(token),
    budgets: { ...budget('requests', values.requests), ...budget('cold', values.cold) },
    refresh: values.refresh === true,
  })
  terminal.err(`${token}\n`)
  terminal.out(`${line}\n`)
  return EXIT.found
}

function budget(name: 'requests' | 'cold', text: string | undefined): { [key in typeof name]?: number } {
  if (text === undefined) return {}
  if (!/^[1-9]\d{0,5}$|^1000000$/.test(text)) {
    throw usageError(TOKEN, `--${name} must be a whole number from 1 to 1000000`)
  }
  return { [name]: Number(text) }
}
