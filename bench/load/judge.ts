/** Prints a figure with its limit, and makes the process exit with 1 where it is missed. */
export function judge(
  what: string,
  value: number,
  { least = -Infinity, most = Infinity }: { readonly least?: number; readonly most?: number },
): void {
  const missed = !(value >= least && value <= most)
  const limit = most === Infinity ? `at least ${String(least)}` : `limit ${String(most)}`
  const figure = value.toFixed(Number.isInteger(value) || value >= 100 ? 0 : 2)
  console.log(`${what}: ${figure}, ${limit}${missed ? '   MISSED' : ''}`)
  if (missed) process.exitCode = 1
}
