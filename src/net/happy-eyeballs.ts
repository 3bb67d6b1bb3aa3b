/**
 * RFC 8305 (Happy Eyeballs version 2), sections 4 and 5: of several addresses of one name, the first that accepts a
 * connection wins, and a dead one costs a quarter of a second instead of a time-out.
 */
import { isIPv6, type Socket } from 'node:net'
import { NetError, UNREACHABLE } from './classify-error.js'
import { onAbort } from './on-abort.js'

/** Opens a TCP connection to an already checked address; the lab replaces it to reach its servers without root. */
export type Dial = (address: string, port: number) => Socket

/** RFC 8305 section 8: the recommended connection attempt delay, in milliseconds. */
const ATTEMPT_DELAY_MS = 250
/** More would let one hostile name aim many connections at strangers; real mail hosts need one or two. */
const MAX_ATTEMPTS = 4

export interface Race {
  readonly addresses: readonly string[]
  readonly port: number
  readonly dial: Dial
}

/** The order of section 4: families alternate, IPv6 first; duplicates removed, capped at MAX_ATTEMPTS. */
export function interleave(addresses: readonly string[]): string[] {
  const unique = [...new Set(addresses)]
  const v6 = unique.filter((address) => isIPv6(address))
  const v4 = unique.filter((address) => !isIPv6(address))
  return Array.from({ length: Math.max(v6.length, v4.length) })
    .flatMap((_, i) => [v6[i], v4[i]])
    .filter((address) => address !== undefined)
    .slice(0, MAX_ATTEMPTS)
}

/**
 * Connects to the first address that accepts.
 * @returns a connected socket with an idle error listener, so that an early reset cannot bring the process down
 * @throws the signal's reason when it aborts; else the error of the last attempt
 */
export async function dialFirst(race: Race, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const waiting = interleave(race.addresses)
    const open = new Set<Socket>()
    let timer: NodeJS.Timeout | undefined
    let lastError: Error = new NetError(UNREACHABLE)

    const settle = (): void => {
      clearTimeout(timer)
      stopListening()
      for (const socket of open) socket.destroy()
      // Their close events must not start further attempts.
      open.clear()
    }
    const stop = (): void => {
      settle()
      reject(signal.reason as Error)
    }
    const startNext = (): void => {
      clearTimeout(timer)
      const address = waiting.shift()
      if (address === undefined) {
        if (open.size > 0) return
        settle()
        reject(lastError)
        return
      }
      if (waiting.length > 0) timer = setTimeout(startNext, ATTEMPT_DELAY_MS)
      try {
        attempt(race.dial(address, race.port))
      } catch (error) {
        // A dialler that throws is a bug of ours: it leaves through the promise, not through the timer.
        settle()
        reject(error instanceof Error ? error : lastError)
      }
    }
    const attempt = (socket: Socket): void => {
      open.add(socket)
      socket.on('error', (error) => {
        lastError = error
      })
      const failed = (): void => {
        if (open.delete(socket)) startNext()
      }
      socket.once('close', failed)
      socket.once('connect', () => {
        socket.off('close', failed)
        open.delete(socket)
        settle()
        resolve(socket)
      })
    }

    const stopListening = onAbort(signal, stop)
    startNext()
  })
}
