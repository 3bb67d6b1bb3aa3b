/** What the `providers` commands share: their surroundings, their arguments and the directory they work on. */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { BUILTIN_PROVIDERS } from '../compose.js'
import { OPERATOR_FILES } from '../operator-files.js'
import { checkProviders } from '../providers/load.js'
import { type FileOptions, ProviderFileError, type ReadEntry } from '../providers/provider-file.js'
import type { CommandParts } from './discover.js'
import { type Pace, MAX_CONCURRENCY, MAX_RATE } from './providers-pace.js'
import { UsageError } from './terminal.js'

export interface ProvidersParts extends CommandParts {
  /** Somebody watches the error stream: a bar that moves instead of a line per provider. */
  readonly interactive: boolean
  /** Ctrl-C. */
  readonly signal: AbortSignal
  /** Replaced by tests, which do not wait. */
  readonly wait?: Pace['wait']
}

/** Beside those of terminal.ts: ended by Ctrl-C, as shells write it (128 + SIGINT). */
export const INTERRUPTED = 130

export const DIRECTORY_OPTION = { dir: { type: 'string' }, json: { type: 'boolean' } } as const
export const PACE_OPTIONS = { rate: { type: 'string' }, concurrency: { type: 'string' } } as const

type Options = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>

interface Arguments<O extends Options> {
  readonly values: { readonly [Name in keyof O]?: O[Name]['type'] extends 'string' ? string : boolean }
  readonly positionals: readonly string[]
}

/** @throws UsageError */
export function readArguments<O extends Options>(args: readonly string[], options: O): Arguments<O> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    return { values: values, positionals }
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message)
    throw error
  }
}

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
