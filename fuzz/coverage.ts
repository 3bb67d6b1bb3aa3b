/** Which branches an input took, and about how often: a loop run a thousand times is news after one run ten times. */

/** Our source and the packages in view have about 12,000. */
const CAPACITY = 1 << 16

const hits = new Uint32Array(CAPACITY)
/** Per branch, one bit for each order of magnitude (of two) seen. */
const seen = new Uint32Array(CAPACITY)
interface Part {
  readonly start: number
  readonly end: number
  readonly literals: readonly string[]
}
const parts: Part[] = []
let size = 0

/** Called by every instrumented module as it loads. */
export function registerBranches(branches: number, literals: readonly string[]): Uint32Array {
  const start = size
  size += branches
  if (size > CAPACITY) throw new Error('more branches than counters')
  parts.push({ start, end: size, literals })
  return hits.subarray(start, size)
}
Object.assign(globalThis, { registerBranches })

export function forgetHits(): void {
  hits.fill(0, 0, size)
}

/** What the last input did for the first time: took a branch, or took it more often than any before. */
export function noteHits(): { readonly branches: number; readonly counts: number } {
  let branches = 0
  let counts = 0
  for (let at = 0; at < size; at++) {
    const count = hits[at] ?? 0
    if (count === 0) continue
    const bit = 1 << (31 - Math.clz32(count))
    const before = seen[at] ?? 0
    if ((before & bit) !== 0) continue
    if (before === 0) branches += 1
    else counts += 1
    seen[at] = before | bit
  }
  return { branches, counts }
}

/** The branches the last input took; their numbers are below CAPACITY. */
export function takenBranches(): Uint16Array {
  const taken: number[] = []
  for (let at = 0; at < size; at++) if ((hits[at] ?? 0) > 0) taken.push(at)
  return Uint16Array.from(taken)
}

export function coveredBranches(): number {
  return seen.subarray(0, size).reduce((sum, bits) => sum + (bits === 0 ? 0 : 1), 0)
}

/** The texts of the files that have run: what they compare their input with. */
export function literalsInUse(): string[] {
  const used = parts.filter(({ start, end }) => seen.subarray(start, end).some((bits) => bits !== 0))
  return [...new Set(used.flatMap(({ literals }) => literals))]
}
