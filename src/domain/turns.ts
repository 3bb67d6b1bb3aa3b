/**
 * Lets work that takes milliseconds of CPU begin in few pieces per turn of the event loop. Lookups that arrive together
 * would otherwise do the same thing in the same turn, and an answer that is ready would wait until all have done it.
 */

/** Resolves when it is the caller's turn, in the order in which they asked. */
export type AwaitTurn = () => Promise<void>

/** @param perTurn callers in one turn of the event loop, at most */
export function createTurns(perTurn: number): AwaitTurn {
  const waiting: (() => void)[] = []
  const callNext = () => {
    for (const call of waiting.splice(0, perTurn)) call()
    if (waiting.length > 0) setImmediate(callNext)
  }
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      if (waiting.length === 1) setImmediate(callNext)
    })
}
