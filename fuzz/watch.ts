/** Runs one target's loop in a thread and watches it: what hangs or runs out of memory cannot say so itself. */
import { Worker } from 'node:worker_threads'
import type { Fault } from './measure.js'
import { MAX_INPUT_BYTES, MAX_MEMORY_BYTES } from './target.js'

export interface WorkerData {
  readonly name: string
  readonly seconds: number
  readonly seed: number
  /** Two numbers (inputs begun, length of the present one), then its bytes. */
  readonly shared: SharedArrayBuffer
}

export type WatcherMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'fault'; readonly fault: Fault; readonly input: Uint8Array }
  | {
      readonly kind: 'end'
      readonly inputs: number
      readonly branches: number
      readonly kept: readonly Uint8Array[]
    }

export interface RunOptions {
  readonly worker: string
  readonly name: string
  readonly seconds: number
  readonly seed: number
  readonly hangMs?: number
  /** Megabytes for code, kept inputs and the present one. */
  readonly heapMb?: number
}

export interface RunResult {
  readonly inputs: number
  readonly branches: number
  readonly kept: readonly Uint8Array[]
  readonly fault: {
    readonly fault: Fault | { kind: 'hang'; detail: string }
    readonly input: Uint8Array
  } | null
}

/** Milliseconds without a new input until it counts as hanging: far beyond what is slow, even where others take the CPU. */
const HANG_MS = 20_000
/** The whole application, loaded, instrumented and after its first answers, holds 25 MB. */
const HEAP_MB = 32 + MAX_MEMORY_BYTES / 1024 / 1024

export function runTarget({ worker, name, seconds, seed, ...limits }: RunOptions): Promise<RunResult> {
  const { hangMs = HANG_MS, heapMb = HEAP_MB } = limits
  const shared = new SharedArrayBuffer(8 + MAX_INPUT_BYTES)
  const counter = new Int32Array(shared, 0, 2)
  const present = () => new Uint8Array(shared, 8).slice(0, counter[1])
  const workerData: WorkerData = { name, seconds, seed, shared }
  const thread = new Worker(worker, { workerData, resourceLimits: { maxOldGenerationSizeMb: heapMb } })
  return new Promise((resolve, reject) => {
    let fault: RunResult['fault'] = null
    let last = -1
    let watch: NodeJS.Timeout | undefined
    const finish = (result: RunResult) => {
      clearInterval(watch)
      void thread.terminate()
      resolve(result)
    }
    const broken = (found: NonNullable<RunResult['fault']>) => {
      finish({ inputs: counter[0] ?? 0, branches: 0, kept: [], fault: found })
    }
    thread.on('message', (message: WatcherMessage) => {
      if (message.kind === 'ready') {
        watch = setInterval(() => {
          const now = Atomics.load(counter, 0)
          if (now === last) broken({ fault: { kind: 'hang', detail: 'never came back' }, input: present() })
          last = now
        }, hangMs)
      } else if (message.kind === 'fault') {
        fault = message
      } else {
        finish({ ...message, fault })
      }
    })
    thread.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') {
        clearInterval(watch)
        reject(error)
        return
      }
      broken({ fault: { kind: 'memory', detail: 'ran out of memory' }, input: present() })
    })
  })
}
