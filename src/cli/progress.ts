/** A line on the error stream that moves where somebody watches. */

/** Characters; with the numbers beside it the line stays under 80. */
const BAR_WIDTH = 30
const MAX_WIDTH = 80

export const WIPE_LINE = '\r\u001b[K'

/** @param progress `total` is null where nobody knows the end */
export function progressLine(progress: { done: number; total: number | null }, note: string): string {
  const { done, total } = progress
  if (total === null) return `${WIPE_LINE}${done}${note}`.slice(0, MAX_WIDTH)
  const share = total === 0 ? 1 : done / total
  const full = Math.min(BAR_WIDTH, Math.floor(share * BAR_WIDTH))
  const bar = `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}]`
  return `${WIPE_LINE}${bar} ${done}/${total}${note}`.slice(0, MAX_WIDTH)
}
