/** One clock for a whole conversation: it stops at the caller's abort or after its own time, whichever is first. */
import { NetError, TIMED_OUT } from './classify-error.js'
import { onAbort } from './on-abort.js'

export interface Deadline {
  /** Aborts with the caller's reason, or with a NetError of code `timeout`. */
  readonly signal: AbortSignal
  /** Must be called when the work is over, or timer and listener stay behind. */
  clear(): void
}

/** Starts the clock; `ms` is in milliseconds. A caller that has aborted already gives an aborted signal. */
export function startDeadline(caller: AbortSignal, ms: number): Deadline {
  const controller = new AbortController()
  const giveUp = () => {
    controller.abort(caller.reason)
  }
  if (caller.aborted) giveUp()
  const stopListening = onAbort(caller, giveUp)
  const timer = setTimeout(() => {
    controller.abort(new NetError(TIMED_OUT))
  }, ms)
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer)
      stopListening()
    },
  }
}
