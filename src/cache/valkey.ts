/**
 * The connection to Valkey or Redis. Whatever happens to it, a question costs a few milliseconds at most and is no error:
 * the answer is then "nobody knows", as it is without an engine.
 */
import type { Redis } from 'ioredis'
import { CircuitBreaker } from './circuit-breaker.js'

/** Milliseconds; an engine nearby takes one. */
const DEADLINE_MS = 4
const CONNECT_TIMEOUT_MS = 1000
/** Milliseconds between attempts to connect: soon, but never at once. */
const RETRY_MS = { step: 100, most: 1000 }

export interface Valkey {
  /** Undefined where the engine does not answer in time. Commands of one tick travel together. */
  ask<T>(command: (client: Redis) => Promise<T>): Promise<T | undefined>
  /** Whether it is asked at the moment: connected, and answering in time. */
  readonly isThere: boolean
  close(): Promise<void>
}

export interface ValkeyOptions {
  /** `redis://` or `rediss://`, with password and database where they are needed. */
  readonly url: string
  /** The engine is left alone, or asked again. */
  readonly onChange?: (isThere: boolean) => void
  /** Milliseconds that an answer may take; for tests on busy machines. */
  readonly deadlineMs?: number
}

/** Returns at once and connects in the background: a service must start without its cache. */
export function openValkey({ url, onChange, deadlineMs = DEADLINE_MS }: ValkeyOptions): Valkey {
  const client = connect(url)
  const breaker = new CircuitBreaker({
    now: () => performance.now(),
    ...(onChange ? { onChange } : {}),
  })
  let connected: Redis | undefined
  void client.then((made) => (connected = made))
  return {
    async ask(command) {
      const made = connected
      if (!made || !breaker.admits()) return undefined
      const answer = await inTime(command(made), deadlineMs)
      breaker.report(answer !== undefined)
      // A connection that has gone silent may never say so; a new one shows whether anybody is there.
      if (!answer && !breaker.isClosed && OPEN.has(made.status)) made.disconnect(true)
      return answer?.value
    },
    get isThere() {
      return breaker.isClosed && connected?.status === 'ready'
    },
    async close() {
      ;(await client)?.disconnect()
    },
  }
}

/** States of a connection that has been made; before `ready` the client waits for the engine's first words. */
const OPEN: ReadonlySet<string> = new Set(['connect', 'ready'])

/** Loaded here and not before: it takes as much memory and time as the rest of a small service. */
async function connect(url: string): Promise<Redis | undefined> {
  const { Redis } = await import('ioredis')
  const client = new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    // What cannot be said now is of no use later.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * RETRY_MS.step, RETRY_MS.most),
  })
  // Each command hears of it too, and that is what counts.
  client.on('error', () => undefined)
  return client
}

/** Undefined for what failed or came too late. */
function inTime<T>(answer: Promise<T>, deadlineMs: number): Promise<{ readonly value: T } | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      // After a busy moment of our own the answer may lie there unread: the next turn of the loop reads before it comes here.
      setImmediate(resolve, undefined)
    }, deadlineMs)
    answer.then(
      (value) => {
        clearTimeout(timer)
        resolve({ value })
      },
      () => {
        clearTimeout(timer)
        resolve(undefined)
      },
    )
  })
}
