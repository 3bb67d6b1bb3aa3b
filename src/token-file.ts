/** The operator's file of bearer tokens: read at the start, again when it changes, and the last good one kept. */
import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Config, ConfigError } from './config.js'
import { readTokenLines, type TokenEntry } from './http/limits/token-lines.js'
import { createSurveillance, type Surveillance } from './providers/watch.js'

export interface TokenFile {
  /** As they are now. */
  entries(): readonly TokenEntry[]
  reread(): void
  close(): void
}

export interface TokenFileSurroundings {
  /** It was read again and holds so many tokens. */
  readonly onChange: (tokens: number) => void
  /** It was changed into something unusable: one line, without any of its words. */
  readonly onRefused: (reason: string) => void
  readonly surveillance?: Surveillance
}

/** @returns null where no file is configured. @throws ConfigError for one that cannot be used */
export function openTokenFile(config: Config, surroundings: TokenFileSurroundings): TokenFile | null {
  const { MAILSCOUT_TOKENS_FILE: path } = config
  if (path === undefined) return null
  let seen = fingerprint(path)
  const first = read(path)
  if (typeof first === 'string') throw new ConfigError(first)
  let entries = first
  const reread = () => {
    // Before the reading: what changes meanwhile shows as a difference next time.
    seen = fingerprint(path)
    const found = read(path)
    if (typeof found === 'string') {
      surroundings.onRefused(found)
      return
    }
    entries = found
    surroundings.onChange(found.length)
  }
  const close = (surroundings.surveillance ?? createSurveillance())({
    directories: () => [dirname(path)],
    hasChanged: () => fingerprint(path) !== seen,
    onChange: reread,
  })
  return { entries: () => entries, reread, close }
}

function read(path: string): readonly TokenEntry[] | string {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return `MAILSCOUT_TOKENS_FILE: cannot be read (${String(error.code)})`
  }
  const entries = readTokenLines(text)
  return typeof entries === 'string' ? `MAILSCOUT_TOKENS_FILE: ${entries}` : entries
}

function fingerprint(path: string): string {
  const { size, mtimeMs, ino } = statSync(path, { throwIfNoEntry: false }) ?? {}
  return `${String(size)} ${String(mtimeMs)} ${String(ino)}`
}
