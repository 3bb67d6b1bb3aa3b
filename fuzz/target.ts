/** What a fuzz target is: one door through which strangers' bytes come in, and what must hold for all of them. */

export interface FuzzTarget {
  /** Of the corpus file and on the command line. */
  readonly name: string
  /** Sound inputs to begin with; texts as UTF-8. */
  readonly seeds: () => readonly (string | Uint8Array)[]
  /** Throws where a promise of the code is broken; expected trouble is a value, or is caught here by its class. */
  readonly run: (bytes: Uint8Array) => void | Promise<void>
}

/** Milliseconds of CPU time that one input may cost. */
export const MAX_MS = 100
/** Bytes that one input may hold at a time. */
export const MAX_MEMORY_BYTES = 64 * 1024 * 1024
/** A little more than the largest body that is ever read (R10), so that the limit itself is tried. */
export const MAX_INPUT_BYTES = 132 * 1024
