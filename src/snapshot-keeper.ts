/** Keeps the file from which a restart starts warm: read once after the start, written now and then and at the end. */
import { accessSync, constants } from 'node:fs'
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { readSnapshot, type Savable, type SnapshotFile, writeSnapshot } from './cache/snapshot.js'
import { type Config, ConfigError } from './config.js'

/** Milliseconds between two writes: what a process that is killed loses. */
const EVERY_MS = 15 * 60 * 1000

export interface SnapshotParts {
  readonly store: Savable
  /** The operator's files may be reread. */
  readonly origin: () => string
  readonly now: () => number
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** Which of several processes it is: each has a cache of its own. */
  readonly slot: number | undefined
}

export interface SnapshotKeeper {
  /** Reads the file, and writes it from then on. Resolves once it is read; never rejects, as a cold start is no fault. */
  begin(): Promise<void>
  /** Writes for the last time. Never rejects. */
  close(): Promise<void>
}

/** @returns undefined where no file is configured. @throws ConfigError where it could not be written */
export function openSnapshot(
  { MAILSCOUT_CACHE_SNAPSHOT: configured }: Pick<Config, 'MAILSCOUT_CACHE_SNAPSHOT'>,
  { store, origin, now, log, slot }: SnapshotParts,
): SnapshotKeeper | undefined {
  if (configured === undefined) return undefined
  const path = slot === undefined ? configured : `${configured}.${String(slot)}`
  requireWritable(dirname(path))
  const ending = new AbortController()
  const file = (): SnapshotFile => ({ path, origin: origin(), now })

  let isRead = false

  const restore = async () => {
    const start = now()
    const asked = file()
    // Files that changed while this one was read make it another's.
    const into: Savable = {
      saved: () => store.saved(),
      restore: (entry) => {
        if (origin() === asked.origin) store.restore(entry)
      },
    }
    try {
      const result = await readSnapshot(asked, into, ending.signal)
      isRead = true
      log.info({ file: path, ...result, ms: now() - start }, 'cache snapshot read')
    } catch (error) {
      if (ending.signal.aborted) return
      isRead = true
      log.warn({ file: path, err: error }, 'the cache snapshot cannot be read; the cache starts empty')
    }
  }
  const write = async () => {
    const start = now()
    try {
      const entries = await writeSnapshot(file(), store)
      log.info({ file: path, entries, ms: now() - start }, 'cache snapshot written')
    } catch (error) {
      log.warn({ file: path, err: error }, 'the cache snapshot cannot be written; the last one stays')
    }
  }
  // One after the other: they share the file.
  let last = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  return {
    begin() {
      const restored = restore()
      last = restored
      timer = setInterval(() => {
        last = last.then(write)
      }, EVERY_MS)
      timer.unref()
      return restored
    },
    async close() {
      clearInterval(timer)
      ending.abort(new Error('the service stops'))
      await last
      // Until it has been read whole, the file on disk is the better one.
      if (isRead) await write()
    },
  }
}

function requireWritable(directory: string): void {
  try {
    accessSync(directory, constants.W_OK)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new ConfigError(`MAILSCOUT_CACHE_SNAPSHOT: ${directory}: cannot be written to (${code})`)
  }
}
