/** What the `providers` commands share: their surroundings, their arguments and the directory they work on. */
import { setTimeout as sleep } from 'node:timers/promises'
import { BUILTIN_PROVIDERS } from '../compose.js'
import { OPERATOR_FILES } from '../operator-files.js'
import { checkProviders } from '../providers/load.js'
import { type FileOptions, ProviderFileError, type ReadEntry } from '../providers/provider-file.js'
import type { CommandParts, OptionSpec, ProcessParts } from './command.js'
import { type Pace, MAX_CONCURRENCY, MAX_RATE } from './providers-pace.js'
import { UsageError } from './terminal.js'

export interface ProvidersParts extends CommandParts, Pick<ProcessParts, 'interactive' | 'signal'> {
  /** Replaced by tests, which do not wait. */
  readonly wait?: Pace['wait']
}

export const DIRECTORY_OPTION = {
  dir: {
    type: 'string',
    value: 'DIR',
    completes: 'directory',
    help: 'work on this directory instead of the built-in one',
  },
  json: { type: 'boolean', help: 'print JSON' },
} as const satisfies Readonly<Record<string, OptionSpec>>

export const PACE_OPTIONS = {
  rate: {
    type: 'string',
    value: 'N/s',
    help: `connections begun per second (default and most: ${MAX_RATE})`,
  },
  concurrency: {
    type: 'string',
    value: 'N',
    help: `at the same time (default and most: ${MAX_CONCURRENCY})`,
  },
} as const satisfies Readonly<Record<string, OptionSpec>>

export const PROVIDERS_EXIT_CODES = {
  0: 'all well',
  1: 'internal error',
  2: 'bad input, or a broken file',
  3: 'nothing found',
} as const

/** The named directory, read like an operator's, or the built-in one with its stricter rules. */
export function directoryOf(
  named: string | undefined,
  { surroundings }: ProvidersParts,
): { readonly directory: string; readonly options: FileOptions } {
  return named === undefined
    ? { directory: surroundings.builtinProvidersDirectory ?? BUILTIN_PROVIDERS, options: {} }
    : { directory: named, options: OPERATOR_FILES }
}

/** @throws ProviderFileError */
export function readDirectory(named: string | undefined, parts: ProvidersParts): readonly ReadEntry[] {
  const { directory, options } = directoryOf(named, parts)
  const { good, faults } = checkProviders(directory, options)
  const [first] = faults
  if (first instanceof ProviderFileError) throw first
  return good
}

/** `--rate 1/s --concurrency 2`: slower than the limits, never faster. @throws UsageError */
export function readPace(
  values: { readonly rate?: string | undefined; readonly concurrency?: string | undefined },
  parts: ProvidersParts,
): Pace {
  const rate = Number((values.rate ?? String(MAX_RATE)).replace(/\/s$/, ''))
  if (!(rate > 0 && rate <= MAX_RATE)) throw new UsageError(`--rate: at most ${MAX_RATE}/s`)
  const concurrency = Number(values.concurrency ?? MAX_CONCURRENCY)
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > MAX_CONCURRENCY) {
    throw new UsageError(`--concurrency: 1 to ${MAX_CONCURRENCY}`)
  }
  return {
    rate,
    concurrency,
    now: parts.surroundings.now ?? Date.now,
    wait: parts.wait ?? waitFor,
    signal: parts.signal,
  }
}

async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal })
}
