import { setMaxListeners } from 'node:events'

/** A promise that the test resolves: slowness under control, without sleeping. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (reason: unknown) => void
}

export function deferred<T>(): Deferred<T> {
  let resolve: Deferred<T>['resolve'] = () => undefined
  let reject: Deferred<T>['reject'] = () => undefined
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

/** Never answers by itself: only an abort ends the wait. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined)
}

/** What every port promises: the answer, or a rejection with the signal's reason, whichever comes first. */
export function orAborted<T>(answer: T | Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => {
      reject(signal.reason as Error)
    }
    if (signal.aborted) {
      onAbort()
      return
    }
    setMaxListeners(0, signal)
    signal.addEventListener('abort', onAbort, { once: true })
    Promise.resolve(answer).then(resolve, reject)
  })
}

/** Lets everything that is ready to run, run: promises, then one turn of the event loop. */
export async function settled(turns = 3): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
