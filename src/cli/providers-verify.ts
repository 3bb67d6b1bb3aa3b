/** `mailscout providers verify`: connects to every listed server through the guarded door and says what it saw. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compose } from '../compose.js'
import type { ReadEntry } from '../providers/provider-file.js'
import { checkedServer, planVerification, redate, verdictOf } from '../providers/verify-plan.js'
import {
  type CheckedServer,
  readVerifyState,
  replaceFile,
  writeVerifyState,
} from '../providers/verify-state.js'
import { readArguments, usageError } from './arguments.js'
import type { CommandSpec } from './command.js'
import { pretty } from './providers-offline.js'
import { visitAll } from './providers-pace.js'
import {
  DIRECTORY_OPTION,
  directoryOf,
  PACE_OPTIONS,
  PROVIDERS_EXIT_CODES,
  type ProvidersParts,
  readDirectory,
  readPace,
} from './providers-parts.js'
import { createProgress, renderVerification, verifyReport } from './providers-verify-text.js'
import { EXIT, INTERRUPTED, UsageError } from './terminal.js'

/** Where an interrupted check leaves what it has done, unless `--resume` names another file. */
const STATE_FILE = 'mailscout-verify.json'

export const VERIFY = {
  name: 'providers verify',
  summary: 'connect to every listed server (no sign-in) and report',
  usage: ['[options]'],
  description: [
    'Connects to every server that the database lists, politely: slowly, a few at a time, each once, and never signing in.',
  ],
  arguments: [],
  options: {
    ...DIRECTORY_OPTION,
    ...PACE_OPTIONS,
    only: { type: 'string', value: 'id,id', help: 'these providers alone' },
    write: {
      type: 'boolean',
      help: "write today's date into entries whose every server answered as listed",
    },
    resume: {
      type: 'string',
      value: 'FILE',
      completes: 'file',
      help: 'keep what is done in FILE, and skip what FILE has',
    },
  },
  exitCodes: { ...PROVIDERS_EXIT_CODES, 4: 'a server failed', 130: 'ended by Ctrl-C' },
  examples: [
    { command: 'mailscout providers verify --only gmail,gmx', shows: 'two providers' },
    {
      command: 'mailscout providers verify --resume verify.json --write',
      shows: 'all of them; after Ctrl-C the same command goes on',
    },
  ],
} as const satisfies CommandSpec

/**
 * @returns 0 when every server answered as its entry says, 4 when one did not, 130 after Ctrl-C
 * @throws UsageError, ProviderFileError
 */
export async function verifyCommand(args: readonly string[], parts: ProvidersParts): Promise<number> {
  const { values, positionals } = readArguments(args, VERIFY)
  if (positionals.length > 0) throw usageError(VERIFY, 'verify takes no argument; choose with --only id,id')
  const pace = readPace(values, parts)
  const files = chosen(readDirectory(values.dir, parts), values.only)
  const plan = planVerification(files.map(({ entry }) => entry))
  const results =
    values.resume === undefined ? new Map<string, CheckedServer>() : readVerifyState(values.resume)
  const { prober } = compose(parts.config, parts.surroundings)
  const progress = createProgress(plan, results, parts)
  try {
    await visitAll(
      {
        items: plan.servers.filter(({ key }) => !results.has(key)),
        placeOf: ({ target }) => `${target.hostname}:${target.port}`,
        visit: async (server) => {
          const result = await prober.probe(server.target, parts.signal)
          results.set(server.key, checkedServer(server, result, new Date(pace.now()).toISOString()))
          if (values.resume !== undefined) writeVerifyState(values.resume, results)
          progress.done(server.key)
        },
      },
      pace,
    )
  } catch (error) {
    if (!parts.signal.aborted) throw error
    const file = values.resume ?? STATE_FILE
    writeVerifyState(file, results)
    progress.end()
    parts.terminal.err(`interrupted; go on with: mailscout providers verify --resume ${file}\n`)
    return INTERRUPTED
  }
  progress.end()
  const day = new Date(pace.now()).toISOString().slice(0, 10)
  const write = values.write === true
  const { directory } = directoryOf(values.dir, parts)
  const done = plan.providers.filter((provider) => verdictOf(provider, results) === 'verified')
  const dated = done.flatMap(({ id }) => redated({ id, files, directory }, day))
  if (write) for (const { path, text } of dated) replaceFile(path, text)
  const report = verifyReport(plan, results)
  const dates = { day, written: write, providers: dated.map(({ id, from }) => ({ id, from })) }
  parts.terminal.out(values.json === true ? pretty({ ...report, dates }) : renderVerification(report, dates))
  return report.failed.length === 0 ? EXIT.found : EXIT.lookupFailed
}

/** @throws UsageError for an id that no entry has */
function chosen(files: readonly ReadEntry[], only: string | undefined): readonly ReadEntry[] {
  if (only === undefined) return files
  const ids = only.split(',').map((id) => id.trim())
  const unknown = ids.find((id) => !files.some(({ entry }) => entry.id === id))
  if (unknown !== undefined) throw new UsageError(`--only: no provider has the id ${unknown}`)
  return files.filter(({ entry }) => ids.includes(entry.id))
}

/** The provider's file with the day of this check; empty where that would change nothing, or the format has no date. */
function redated(
  { id, files, directory }: { id: string; files: readonly ReadEntry[]; directory: string },
  day: string,
): { id: string; from: string; path: string; text: string }[] {
  const found = files.find(({ entry }) => entry.id === id)
  if (found?.file.endsWith('.json') !== true) return []
  const path = join(directory, found.file)
  const text = redate(readFileSync(path, 'utf8'), day)
  return text === null ? [] : [{ id, from: found.entry.verified, path, text }]
}
