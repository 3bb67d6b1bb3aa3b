/**
 * The loop of one target, in a thread of its own: takes a kept input, changes it, runs it, and keeps it where it reached
 * something new. The input under way lies in memory that the watching thread can read when this one hangs or dies.
 */
import './coverage.js'
import { parentPort, workerData } from 'node:worker_threads'
import { coveredBranches, forgetHits, literalsInUse, noteHits, takenBranches } from './coverage.js'
import { startingInputs } from './corpus.js'
import { runOnce } from './measure.js'
import { createDraw, type Draw, mutate } from './mutate.js'
import { MAX_INPUT_BYTES } from './target.js'
import type { WatcherMessage, WorkerData } from './watch.js'

const { name, seconds, seed, shared } = workerData as WorkerData
// Loaded late: the counters must be there first.
const { TARGETS } = await import('./targets.js')

const counter = new Int32Array(shared, 0, 2)
const current = new Uint8Array(shared, 8)

function tell(message: WatcherMessage): void {
  parentPort?.postMessage(message)
}

interface Kept {
  readonly bytes: Uint8Array
  readonly branches: Uint16Array
}

async function fuzz(): Promise<void> {
  const target = TARGETS.find((one) => one.name === name)
  if (target === undefined) throw new Error(`no target ${name}`)
  const draw = createDraw(seed)
  const kept: Kept[] = []
  let inputs = 0

  /** @returns false where the input broke a promise: the run is over */
  const attempt = async (bytes: Uint8Array): Promise<boolean> => {
    const size = Math.min(bytes.length, MAX_INPUT_BYTES)
    current.set(bytes.subarray(0, size))
    counter[1] = size
    Atomics.add(counter, 0, 1)
    forgetHits()
    const fault = await runOnce(target, bytes)
    inputs += 1
    if (fault !== null) {
      tell({ kind: 'fault', fault, input: bytes.slice() })
      return false
    }
    const news = noteHits()
    if (news.branches + news.counts > 0) kept.push({ bytes: bytes.slice(), branches: takenBranches() })
    return true
  }

  let sound = true
  for (const bytes of startingInputs(target)) sound &&= await attempt(bytes)
  const words = literalsInUse().map((text) => Buffer.from(text))
  const end = performance.now() + seconds * 1000
  while (sound && performance.now() < end) {
    const parent = pickParent(kept, draw)
    const other = kept[draw(kept.length)]?.bytes ?? parent
    sound = await attempt(mutate(parent, { draw, words, other }))
  }
  tell({ kind: 'end', inputs, branches: coveredBranches(), kept: fewest(kept) })
}

/** Half the time one of the newest, which have led somewhere; mostly the shorter of two, which costs less to run. */
function pickParent(kept: readonly Kept[], draw: Draw): Uint8Array {
  const recent = draw(2) === 0 ? Math.min(16, kept.length) : kept.length
  const one = kept[kept.length - 1 - draw(recent)]?.bytes ?? new Uint8Array(0)
  const two = kept[kept.length - 1 - draw(recent)]?.bytes ?? one
  return one.length <= two.length || draw(8) === 0 ? one : two
}

/** The shortest inputs that take all the branches between them. */
function fewest(kept: readonly Kept[]): Uint8Array[] {
  const taken = new Set<number>()
  const chosen: Uint8Array[] = []
  for (const { bytes, branches } of [...kept].sort((a, b) => a.bytes.length - b.bytes.length)) {
    const before = taken.size
    for (const branch of branches) taken.add(branch)
    if (taken.size > before) chosen.push(bytes)
  }
  return chosen
}

tell({ kind: 'ready' })
await fuzz()
