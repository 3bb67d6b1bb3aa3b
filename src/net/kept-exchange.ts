/**
 * Connections that stay open to the few web hosts which nearly every lookup asks, such as ISPDB: the next question costs
 * one round trip instead of three. They are opened through the guarded door like all others.
 */
import { Pool } from 'undici'
import { UNREACHABLE } from './classify-error.js'
import type { GuardedConnector } from './guarded-connect.js'
import {
  asNetError,
  converse,
  type Exchange,
  type ExchangeReply,
  type ExchangeRequest,
  guardedTarget,
} from './http-exchange.js'
import { onAbort } from './on-abort.js'

/** Connections to one host: as many as a busy minute needs, fewer than a browser opens to a handful of sites. */
const MAX_CONNECTIONS = 8
/** Milliseconds without a question; servers close after 5 to 75 s themselves, and say so. */
const IDLE_MS = 30_000
const MAX_HEADER_BYTES = 16 * 1024

export interface KeptParts {
  readonly connector: GuardedConnector
  /** `https://host` of those to whom connections are kept. */
  readonly origins: ReadonlySet<string>
  /** Asks everybody else, and anew where a kept connection turns out to be closed. */
  readonly otherwise: Exchange
}

export function keepConnections({ connector, origins, otherwise }: KeptParts): Exchange {
  const pools = new Map<string, Pool>()
  const poolOf = (request: ExchangeRequest): Pool => {
    const { origin } = request.target.url
    const pool = pools.get(origin) ?? openPool(connector, request)
    pools.set(origin, pool)
    return pool
  }
  return async (request) => {
    const { target, signal, method } = request
    if (!target.secure || !origins.has(target.url.origin)) return otherwise(request)
    signal.throwIfAborted()
    try {
      return await untilAborted(poolOf(request), request)
    } catch (error) {
      signal.throwIfAborted()
      const refused = refusals.get(error as Error)
      if (refused !== undefined) throw asNetError(refused)
      const cause = asNetError(error)
      // The server may have closed the connection just as it was used again; nothing was answered, so nothing is lost.
      if (cause.failure === UNREACHABLE && method === 'GET') return otherwise(request)
      throw cause
    }
  }
}

/** undici passes the errors of `connect` on to the requests that wait for it. */
const refusals = new WeakMap<Error, unknown>()

function openPool(connector: GuardedConnector, { target }: ExchangeRequest): Pool {
  // The connection is nobody's own; the door's time limit ends a vain attempt.
  const signal = new AbortController().signal
  return new Pool(target.url.origin, {
    connections: MAX_CONNECTIONS,
    keepAliveTimeout: IDLE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(_options, callback) {
      connector.connect(guardedTarget(target, signal)).then(
        (socket) => {
          callback(null, socket)
        },
        (reason: unknown) => {
          const error = new Error('not connected')
          refusals.set(error, reason)
          callback(error, null)
        },
      )
    },
  })
}

/** undici does not hear an abort while it is still connecting, so the waiting ends here. */
async function untilAborted(pool: Pool, request: ExchangeRequest): Promise<ExchangeReply> {
  const { signal } = request
  const controller = new AbortController()
  const stop = (reason: Error): void => {
    controller.abort(reason)
  }
  let stopListening = (): void => undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    stopListening = onAbort(signal, () => {
      stop(signal.reason as Error)
      reject(signal.reason as Error)
    })
  })
  aborted.catch(() => undefined)
  try {
    const reply = converse(pool, request, { reset: false, stop, signal: controller.signal })
    reply.catch(() => undefined)
    return await Promise.race([reply, aborted])
  } catch (error) {
    if (controller.signal.aborted) throw controller.signal.reason
    throw error
  } finally {
    stopListening()
  }
}
