/** A disk of a few kilobytes in memory, which is soon full; only root can have one. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk {
  readonly path: string
  /** To the last octet. */
  fill(): void
  /** Takes away what `fill` has put there. */
  free(): void
}

/** Gone at the end of the process; undefined where the system allows none. */
export function mountSmallDisk(kilobytes: number): SmallDisk | undefined {
  const path = mkdtempSync(join(tmpdir(), 'mailscout-disk-'))
  const options = ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', path]
  const isMounted = spawnSync('mount', options).status === 0
  process.once('exit', () => {
    if (isMounted) spawnSync('umount', ['--lazy', path])
    rmdirSync(path)
  })
  if (!isMounted) return undefined
  const filler = join(path, 'filler')
  return {
    path,
    fill() {
      try {
        for (;;) writeFileSync(filler, Buffer.alloc(1024), { flag: 'a' })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    },
    free() {
      rmSync(filler)
    },
  }
}
