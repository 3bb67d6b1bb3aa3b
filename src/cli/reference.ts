/** docs/command-line.md, made from the table of commands. */
import type { CommandSpec } from './command.js'
import { helpOf, helpOfAll } from './help.js'
import { LOOKUP_EXIT_CODES } from './lookup-options.js'
import { INTERRUPTED } from './terminal.js'

const HEAD = `# Command line

The same answers as the API gives, without a server: every command sends its request to the application in its own process.
Answers go to standard output, everything else to the error stream. Settings come from the environment, as those of the
service do: see [configuration](configuration.md). This page and the manual page \`man/mailscout.1\` are made from the table of
commands by \`npm run manual\`.

## For scripts

- \`discover --json\`, \`check --format json\` and \`batch\` print what the API answers, and nothing else on standard output.
- Colours are used where both streams are a terminal; \`NO_COLOR\` turns them off.
- No command writes an address into a file or a log of its own. An address on the command line stands in the process list and
  in the shell's history, though; \`echo ann@example.com | mailscout batch -\` keeps it out of the list.

Exit codes of the commands that look up an address:

`

const MIDDLE = `
Others have codes of their own, which stand with the command.

## Many addresses

\`mailscout batch\` reads a file as it goes and keeps the order of the input, so a file may be as long as it likes. With
\`--output\` it writes each line at once. When it is run again, it takes up behind the last whole line, after it has seen that
this line is about the same address of the input; a line that was cut off is asked again. Addresses of one domain cost one
lookup. Every stranger's server is spared (see [security](security.md)): of a list with thousands of domains on one shared
host some fail, with exit code 4, and can be tried again later.

| Field of a line | Meaning |
| --- | --- |
| \`index\` | number of the address, from 0 on |
| \`line\` | line of the input file, from 1 on |
| \`email\` | as it stands in the input |
| \`status\` | what the API would answer: 200, or that of the problem |
| \`body\` | the settings, or the problem document |

CSV has the recommended servers instead of \`body\`. What strangers could have written and a spreadsheet would take for a formula
begins with an apostrophe there.

## Completion and manual page

\`\`\`sh
source <(mailscout completion bash)                                            # bash: in ~/.bashrc
mailscout completion zsh > "\${fpath[1]}/_mailscout"                            # zsh
mailscout completion fish > ~/.config/fish/completions/mailscout.fish          # fish
man ./man/mailscout.1
\`\`\`

## Commands

`

export function commandLinePage(specs: readonly CommandSpec[]): string {
  const codes = Object.entries({ ...LOOKUP_EXIT_CODES, [INTERRUPTED]: 'ended by Ctrl-C' })
  const rows = codes.map(([code, meaning]) => `| ${code} | ${meaning} |\n`)
  const leaves = specs.flatMap((spec) => spec.commands ?? [spec])
  return [
    HEAD,
    '| Exit code | Meaning |\n| --- | --- |\n',
    ...rows,
    MIDDLE,
    block(helpOfAll(specs)),
    ...leaves.map((spec) => `\n### mailscout ${spec.name}\n\n${block(helpOf(spec))}`),
  ].join('')
}

function block(text: string): string {
  return `\`\`\`text\n${text}\`\`\`\n`
}
