/** Listening to a signal that dozens of operations of one lookup share. */
import { setMaxListeners } from 'node:events'

/**
 * Calls the listener when the signal aborts later on; the caller has looked at `signal.aborted` itself.
 * @returns a function that stops listening
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  // Node warns of a leak at eleven listeners, but a lookup asks some thirty DNS questions at once.
  setMaxListeners(0, signal)
  signal.addEventListener('abort', listener, { once: true })
  return () => {
    signal.removeEventListener('abort', listener)
  }
}
