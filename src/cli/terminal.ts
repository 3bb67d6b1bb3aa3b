/** What commands need of the terminal they run in, and the exit codes they agree on. */

export interface Terminal {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly colour: boolean
  /** From the locale, such as `de`. */
  readonly language: string | undefined
}

export const EXIT = { found: 0, internal: 1, badInput: 2, nothingFound: 3, lookupFailed: 4 } as const

/** Ended by Ctrl-C, as shells write it (128 + SIGINT). */
export const INTERRUPTED = 130

/** The command line itself is wrong; the message is ready for the reader. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
}

/** ANSI styles, or none where the terminal has no colours. */
export function style(colour: boolean): Style {
  const wrap = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text)
  return { bold: wrap(1), dim: wrap(2), good: wrap(32), bad: wrap(31) }
}

/** Columns as wide as their widest cell, two spaces between. */
export function table(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length)
  return rows
    .map(
      (row) =>
        `${indent}${row
          .map((cell, index) => cell.padEnd(widths[index] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
