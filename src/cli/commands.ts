/** THE list of commands: help, man page and completions are made from it. A new command is one line here. */
import { BATCH, batchCommand } from './batch.js'
import { CHECK, checkCommand } from './check.js'
import type { Command } from './command.js'
import { COMPLETION, completionCommand } from './completion.js'
import { CONFIG, configCommand } from './config.js'
import { DISCOVER, discoverCommand } from './discover.js'
import { GUIDE, guideCommand } from './guide.js'
import { PROVIDERS, providersCommand } from './providers.js'
import { SERVE, serveCommand } from './serve.js'
import { TOKEN, tokenCommand } from './token.js'
import { ZONE, zoneCommand } from './zone.js'

export const COMMANDS: readonly Command[] = [
  { spec: DISCOVER, run: discoverCommand },
  { spec: BATCH, run: batchCommand },
  { spec: CHECK, run: checkCommand },
  { spec: GUIDE, run: guideCommand },
  { spec: PROVIDERS, run: providersCommand },
  { spec: ZONE, run: zoneCommand },
  { spec: SERVE, run: serveCommand },
  { spec: TOKEN, run: tokenCommand },
  { spec: CONFIG, run: configCommand },
  {
    spec: COMPLETION,
    run: (args, parts) =>
      completionCommand(
        args,
        parts,
        COMMANDS.map(({ spec }) => spec),
      ),
  },
]
