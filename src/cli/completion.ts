/** `mailscout completion bash|zsh|fish`: what the Tab key knows in a shell, made from the table of commands. */
import { readArguments, usageError } from './arguments.js'
import type { CommandParts, CommandSpec } from './command.js'
import { bashCompletion } from './completion-bash.js'
import { fishCompletion } from './completion-fish.js'
import { zshCompletion } from './completion-zsh.js'
import { helpOf } from './help.js'
import { EXIT } from './terminal.js'

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const
const SHELL_NAMES = Object.keys(SHELLS)

export const COMPLETION = {
  name: 'completion',
  summary: 'completions for bash, zsh and fish',
  usage: [SHELL_NAMES.join('|')],
  description: ['Prints a script that teaches the shell the commands and options, for its Tab key.'],
  arguments: [{ name: 'shell', choices: SHELL_NAMES }],
  options: {},
  exitCodes: { 0: 'script printed', 1: 'internal error', 2: 'the shell is none of these' },
  examples: [
    { command: 'source <(mailscout completion bash)', shows: 'for this shell; in ~/.bashrc for every one' },
    {
      command: 'mailscout completion zsh > "${fpath[1]}/_mailscout"',
      shows: 'for every zsh from now on',
    },
    {
      command: 'mailscout completion fish > ~/.config/fish/completions/mailscout.fish',
      shows: 'for every fish from now on',
    },
  ],
} as const satisfies CommandSpec

/** @param specs THE list of commands. @returns the exit code. @throws UsageError */
export function completionCommand(
  args: readonly string[],
  { terminal }: Pick<CommandParts, 'terminal'>,
  specs: readonly CommandSpec[],
): number {
  const { positionals, help } = readArguments(args, COMPLETION)
  if (help) {
    terminal.out(helpOf(COMPLETION))
    return EXIT.found
  }
  const [shell] = positionals
  const write = Object.entries(SHELLS).find(([name]) => name === shell)?.[1]
  if (write === undefined || positionals.length > 1) {
    throw usageError(COMPLETION, `completion takes one of ${SHELL_NAMES.join(', ')}`)
  }
  terminal.out(write(specs))
  return EXIT.found
}
