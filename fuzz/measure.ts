/** Runs one input and says what is wrong with it: a broken promise, too much time, too much memory. */
import { getHeapStatistics } from 'node:v8'
import { type FuzzTarget, MAX_MEMORY_BYTES, MAX_MS } from './target.js'

export interface Fault {
  readonly kind: 'crash' | 'slow' | 'memory'
  readonly detail: string
}

/** A busy machine makes any single run slow; what is slow by itself is slow each time. */
const TRIES = 3

/** Runs the target on one input. The time counts as the CPU's, and the fastest of several tries. */
export async function runOnce(target: FuzzTarget, bytes: Uint8Array): Promise<Fault | null> {
  const before = heldBytes()
  const start = performance.now()
  const crash = await crashOf(target, bytes)
  if (crash !== null) return crash
  const held = heldBytes() - before
  if (held > MAX_MEMORY_BYTES) return { kind: 'memory', detail: `held ${held >> 20} MB` }
  let fastest = performance.now() - start
  for (let attempt = 0; fastest > MAX_MS && attempt < TRIES; attempt++) {
    const cpu = process.cpuUsage()
    await target.run(bytes)
    const { user, system } = process.cpuUsage(cpu)
    fastest = Math.min(fastest, (user + system) / 1000)
  }
  return fastest > MAX_MS ? { kind: 'slow', detail: `took ${Math.round(fastest)} ms` } : null
}

async function crashOf(target: FuzzTarget, bytes: Uint8Array): Promise<Fault | null> {
  try {
    const pending = target.run(bytes)
    // Awaiting nothing would cost more than many a parser.
    if (pending !== undefined) await pending
    return null
  } catch (error) {
    return { kind: 'crash', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

function heldBytes(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics()
  return heap + external
}
