/** What the command line of a benchmark says. */

/** The value of `--name=value`, above 0; undefined where it is not given. @throws Error for anything else */
export function numberOf(name: string): number | undefined {
  const text = process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3)
  if (text === undefined) return undefined
  const value = Number(text)
  if (!(value > 0)) throw new Error(`--${name}: a number above 0 is wanted`)
  return value
}

/** How long it runs: `--seconds=30` or `--minutes=0.5`. */
export function secondsOf(fallback: number): number {
  const minutes = numberOf('minutes')
  return minutes === undefined ? (numberOf('seconds') ?? fallback) : minutes * 60
}
