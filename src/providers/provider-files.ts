/**
 * An operator's directory that may change while the service runs: the last good list serves until a better one has been
 * read whole. A broken file is refused with its reason and changes nothing.
 */
import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { checkProvidersGently, loadProviders, watchedFiles } from './load.js'
import { type FileOptions, ProviderFileError } from './provider-file.js'
import { createProviderIndex, type ProviderIndex } from './provider-index.js'
import type { Surveillance } from './watch.js'

/** What `/readyz` says of the files. */
export type ProviderFilesState =
  | { readonly status: 'none' }
  | { readonly status: 'current'; readonly providers: number; readonly domains: number }
  /** The files were changed into something unusable: the list before goes on serving. */
  | {
      readonly status: 'stale'
      readonly reason: string
      readonly providers: number
      readonly domains: number
    }

export interface ProviderFiles {
  /** Asked anew for each lookup. */
  index(): ProviderIndex
  state(): ProviderFilesState
  /** Reads everything again, one reading at a time. Never rejects for what is wrong with the files. */
  reread(): Promise<ProviderFilesState>
  /** Rereads on every change from now on, until the returned function is called. */
  follow(surveillance: Surveillance): () => void
}

export interface ProviderFilesParts {
  /** Undefined where the operator has none. */
  readonly directory: string | undefined
  readonly options: FileOptions
  /** The new list is in force: answers made from the old one must go. */
  readonly onChange: (state: ProviderFilesState) => void
  readonly onRefused: (fault: ProviderFileError) => void
}

/** @throws ProviderFileError: a service that starts must know its own domains */
export function createProviderFiles(parts: ProviderFilesParts): ProviderFiles {
  const { directory, options } = parts
  if (directory === undefined) return noFiles()
  let seen = fingerprint(directory)
  let index = createProviderIndex(loadProviders(directory, options))
  let fault: ProviderFileError | null = null
  let last: Promise<ProviderFilesState> = Promise.resolve({ status: 'none' })

  const state = (): ProviderFilesState => {
    const counts = { providers: index.entries.length, domains: index.size }
    return fault === null
      ? { status: 'current', ...counts }
      : { status: 'stale', reason: fault.message, ...counts }
  }
  const read = async (): Promise<ProviderFilesState> => {
    // Before the reading: what changes meanwhile shows as a difference next time.
    seen = fingerprint(directory)
    const found = await everything(directory, options)
    if (found instanceof ProviderFileError) {
      fault = found
      parts.onRefused(found)
    } else {
      index = found
      fault = null
      parts.onChange(state())
    }
    return state()
  }
  const reread = () => (last = last.then(read, read))
  return {
    index: () => index,
    state,
    reread,
    follow: (surveillance) =>
      surveillance({
        directories: () => directories(directory),
        hasChanged: () => fingerprint(directory) !== seen,
        onChange: () => void reread(),
      }),
  }
}

async function everything(
  directory: string,
  options: FileOptions,
): Promise<ProviderIndex | ProviderFileError> {
  try {
    const { good, faults } = await checkProvidersGently(directory, options)
    return faults[0] ?? createProviderIndex(good.map(({ entry }) => entry))
  } catch (error) {
    if (error instanceof ProviderFileError) return error
    throw error
  }
}

/** Which files there are, how large and how old: equal as long as nothing was touched. */
function fingerprint(directory: string): string {
  return names(directory)
    .map((file) => {
      const { size, mtimeMs, ino } = statSync(join(directory, file), { throwIfNoEntry: false }) ?? {}
      return `${file} ${String(size)} ${String(mtimeMs)} ${String(ino)}`
    })
    .join('\n')
}

/** Those that hold files; one that appears later is found by its effect on the fingerprint. */
function directories(directory: string): string[] {
  const below = names(directory).map((file) => join(directory, dirname(file)))
  return [...new Set([directory, ...below])]
}

function names(directory: string): string[] {
  try {
    return watchedFiles(directory)
  } catch (error) {
    // The directory is gone for the moment; reading it will say so.
    if (error instanceof ProviderFileError) return []
    throw error
  }
}

function noFiles(): ProviderFiles {
  const index = createProviderIndex([])
  const state = { status: 'none' } as const
  return {
    index: () => index,
    state: () => state,
    reread: () => Promise.resolve(state),
    follow: () => () => undefined,
  }
}
