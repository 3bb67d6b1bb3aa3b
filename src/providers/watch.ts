/**
 * Noticing that files have changed: the system's notices where they come, a slow look of our own where they do not
 * (network file systems, replaced directories, container mounts).
 */
import { watch } from 'node:fs'

/** Milliseconds of quiet after a notice: editors and deployments write in several steps. */
export const QUIET_MS = 300
/** Milliseconds between our own looks; each costs one `stat` per file. */
export const POLL_MS = 30_000

export interface Surveyed {
  /** The directories to listen at; asked again after every change. */
  readonly directories: () => readonly string[]
  /** Whether anything differs from what was last read; notices come for mere reading, too. */
  readonly hasChanged: () => boolean
  readonly onChange: () => void
}

/** Watches until the returned function is called. */
export type Surveillance = (surveyed: Surveyed) => () => void

/** The outside world of a watch; tests bring their own and so need no waiting. */
export interface WatchMeans {
  /** Calls `onNotice` when something in the directory may have changed; returns what ends it. */
  readonly listen: (directory: string, onNotice: () => void) => () => void
  /** Calls once after the milliseconds unless the returned function is called first. */
  readonly after: (ms: number, call: () => void) => () => void
}

export function createSurveillance(means: WatchMeans = systemMeans): Surveillance {
  return ({ directories, hasChanged, onChange }) => {
    let listening: (() => void)[] = []
    let cancelQuiet: () => void = () => undefined
    let cancelPoll: () => void = () => undefined

    const listen = () => {
      for (const end of listening) end()
      listening = directories().map((directory) => means.listen(directory, onNotice))
    }
    const look = () => {
      if (!hasChanged()) return
      onChange()
      // A directory that was replaced is another one under the same name.
      listen()
    }
    const onNotice = () => {
      cancelQuiet()
      cancelQuiet = means.after(QUIET_MS, look)
    }
    const poll = () => {
      cancelPoll = means.after(POLL_MS, () => {
        look()
        poll()
      })
    }
    listen()
    poll()
    return () => {
      cancelQuiet()
      cancelPoll()
      for (const end of listening) end()
    }
  }
}

const systemMeans: WatchMeans = {
  listen(directory, onNotice) {
    try {
      const watcher = watch(directory, { persistent: false }, onNotice)
      // Out of watches, or the directory went away: our own look goes on.
      watcher.on('error', () => {
        watcher.close()
      })
      return () => {
        watcher.close()
      }
    } catch {
      return () => undefined
    }
  },
  after(ms, call) {
    const timer = setTimeout(call, ms).unref()
    return () => {
      clearTimeout(timer)
    }
  },
}
