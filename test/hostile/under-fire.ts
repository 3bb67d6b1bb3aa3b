/**
 * The table "Under fire" of docs/security.md, held against what a test has just counted: a figure the document claims
 * and the tests no longer reach is a failure, and so is one that has fallen far behind them.
 */
import { readFileSync } from 'node:fs'
import type { Test } from 'tap'

const DOCUMENT = new URL('../../docs/security.md', import.meta.url)
/** A table need not follow every new case, but should not hide them either. */
const MAY_LAG = 1.3

/** Prints the counts and compares each with its row: `≥ 1,200` is a floor, `≤ 70` a ceiling, `0` means never. */
export function reportUnderFire(t: Test, counts: Readonly<Record<string, number>>): void {
  const rows = readRows()
  for (const [what, count] of Object.entries(counts)) {
    t.comment(`under fire: ${what}: ${String(count)}`)
    const figure = rows.get(what)
    if (figure === undefined) {
      t.fail(`docs/security.md, "Under fire", has no row "${what}" (counted: ${String(count)})`)
    } else if (figure === '0') {
      t.equal(count, 0, what)
    } else if (figure.startsWith('≤')) {
      t.ok(
        count > 0 && count <= numberIn(figure),
        `${what}: ${String(count)}, and the document promises ${figure}`,
      )
    } else {
      const floor = numberIn(figure)
      t.ok(count >= floor, `${what}: ${String(count)}, and the document claims ${figure}`)
      t.ok(count <= floor * MAY_LAG, `${what}: ${String(count)}, the document's ${figure} has fallen behind`)
    }
  }
}

/** NaN, which every comparison fails, where the figure is none. */
function numberIn(figure: string): number {
  return Number(/^[≤≥] ([\d,]+)$/.exec(figure)?.[1]?.replaceAll(',', '') ?? NaN)
}

/** By the first column. */
function readRows(): Map<string, string> {
  const text = readFileSync(DOCUMENT, 'utf8')
  const start = text.indexOf('\n## Under fire\n')
  const section = start === -1 ? '' : (text.slice(start + 1).split(/\n## /, 1)[0] ?? '')
  const cells = section.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
  return new Map(cells.flatMap(([, what, figure]) => (what && figure ? [[what, figure] as const] : [])))
}
