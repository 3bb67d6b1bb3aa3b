/** Much work at a time, its results in the order in which it was given. */

export interface OrderedWork<Item, Result> {
  readonly items: AsyncIterable<Item>
  readonly work: (item: Item) => Promise<Result>
  readonly emit: (result: Result) => void
}

export interface OrderedPace {
  readonly atOnce: number
  /** Nothing is begun after it; what is under way is brought to its end. */
  readonly signal: AbortSignal
}

/** Results that may wait for a slow one before them, per worker: enough that nobody idles while it takes its time. */
const WAITING_PER_WORKER = 16

/** Resolves when all is emitted, or what was begun before the signal. Rejects with what `work` or `emit` throw. */
export async function workInOrder<Item, Result>(
  { items, work, emit }: OrderedWork<Item, Result>,
  { atOnce, signal }: OrderedPace,
): Promise<void> {
  const iterator = items[Symbol.asyncIterator]()
  const finished = new Map<number, { readonly result: Result }>()
  let taken = 0
  let emitted = 0
  let moved = turn()
  const stopped = turn()
  let stop = signal.aborted
  const isStopped = () => stop
  const onStop = () => {
    stop = true
    stopped.now()
    moved.now()
  }
  signal.addEventListener('abort', onStop, { once: true })

  const flush = () => {
    for (let next = finished.get(emitted); next !== undefined; next = finished.get(emitted)) {
      finished.delete(emitted)
      emitted += 1
      emit(next.result)
    }
    moved.now()
    moved = turn()
  }
  const worker = async () => {
    while (!stop) {
      // An input that waits for somebody to type must not hold up the end.
      const next = await Promise.race([iterator.next(), stopped.happened])
      if (next === undefined || next.done === true) return
      const place = taken
      taken += 1
      while (!isStopped() && place - emitted >= atOnce * WAITING_PER_WORKER) await moved.happened
      if (isStopped()) return
      finished.set(place, { result: await work(next.value) })
      flush()
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, worker))
  } catch (error) {
    // The others must not write any more.
    emitted = Infinity
    onStop()
    throw error
  } finally {
    signal.removeEventListener('abort', onStop)
  }
}

function turn(): { readonly now: () => void; readonly happened: Promise<undefined> } {
  let now: () => void = () => undefined
  const happened = new Promise<undefined>((resolve) => {
    now = () => {
      resolve(undefined)
    }
  })
  return { now, happened }
}
