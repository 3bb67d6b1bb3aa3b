/**
 * One HTTP request on one connection that the guarded door opened; knows nothing of redirects or of what a status means.
 *
 * undici calls `lookup` only for names, so the gate sits in `connect` (R8). Each request has its own Client: its
 * connect closure carries the request's signal, because undici does not hear an abort while it is still connecting.
 * Connections that are kept are `kept-exchange.ts`.
 */
import { AssertionError } from 'node:assert'
import { Client, type Dispatcher, errors } from 'undici'
import { failure } from '../domain/errors.js'
import { readLimitedBody } from './body-limit.js'
import { classifyError, NetError, UNREACHABLE } from './classify-error.js'
import type { GuardedConnector, GuardedTarget } from './guarded-connect.js'
import type { CheckedUrl } from './http-url.js'
import { onAbort } from './on-abort.js'

export interface ExchangeRequest {
  readonly target: CheckedUrl
  readonly method: 'GET' | 'POST'
  /** Sent as they are, besides Host, Connection and Content-Length. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
  /** Other bodies are never read. */
  readonly wantsBody: (status: number) => boolean
}

export interface ExchangeReply {
  readonly status: number
  /** The value of a header by its lower-case name, '' where not sent. */
  readonly header: (name: string) => string
  /** Decoded; empty where it was not wanted. */
  readonly body: Uint8Array
}

/** @throws NetError, or the signal's reason when it aborts */
export type Exchange = (request: ExchangeRequest) => Promise<ExchangeReply>

/** Real answers have under 4 KB of headers; cookies and policies of large sites reach 8 KB. */
const MAX_HEADER_BYTES = 16 * 1024
/** The page that goes with a 404. */
const MAX_UNWANTED_BYTES = 16 * 1024
/** A server has no reason to send more than 103 Early Hints and 102 Processing a few times. */
const MAX_INFORMATIONAL = 8

export function createExchange(connector: GuardedConnector): Exchange {
  return async (request) => {
    const { target, signal } = request
    signal.throwIfAborted()
    let refusal: unknown
    let dialled = false
    const client = new Client(target.url.origin, {
      maxHeaderSize: MAX_HEADER_BYTES,
      // The request's own signal is the one clock; undici's are coarse and start anew with every chunk.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect(_options, callback) {
        // undici would dial again after a connection that ended before the request was written (R34's habit).
        if (dialled) {
          refusal = new NetError(UNREACHABLE)
          callback(new Error('a second connection'), null)
          return
        }
        dialled = true
        connector.connect(guardedTarget(target, signal)).then(
          (socket) => {
            callback(null, socket)
          },
          (error: unknown) => {
            refusal = error
            // undici looks at the codes of errors and may try again; this one tells it nothing.
            callback(new Error('not connected'), null)
          },
        )
      },
    })
    const stop = (reason: Error): void => {
      void client.destroy(reason)
    }
    const stopListening = onAbort(signal, () => {
      stop(ENDED)
    })
    try {
      // Nothing is asked of the same stranger within seconds; a kept connection would only burden him.
      return await converse(client, request, { reset: true, stop })
    } catch (error) {
      signal.throwIfAborted()
      throw asNetError(refusal ?? error)
    } finally {
      stopListening()
      stop(ENDED)
    }
  }
}

/** Made once: an error of its own for each client would cost more than the request's headers. */
const ENDED = new Error('the request is over')

export function guardedTarget({ hostname, secure }: CheckedUrl, signal: AbortSignal): GuardedTarget {
  return secure
    ? { hostname, port: 443, tls: true, signal, alpn: ['http/1.1'] }
    : { hostname, port: 80, tls: false, signal, httpHint: true }
}

export interface Conversation {
  /** Asks the server to close the connection behind the answer. */
  readonly reset: boolean
  /** Ends the request. */
  readonly stop: (reason: Error) => void
  readonly signal?: AbortSignal
}

export async function converse(
  dispatcher: Dispatcher,
  request: ExchangeRequest,
  { reset, stop, signal }: Conversation,
): Promise<ExchangeReply> {
  let informational = 0
  const { statusCode, headers, body } = await dispatcher.request({
    origin: request.target.url.origin,
    path: request.target.url.pathname + request.target.url.search,
    method: request.method,
    headers: { ...request.headers },
    body: request.body ?? null,
    reset,
    ...(signal !== undefined && { signal }),
    onInfo() {
      informational += 1
      if (informational > MAX_INFORMATIONAL) stop(new NetError(TOO_TALKATIVE))
    },
  })
  // A body that nobody reads may still break off.
  body.on('error', () => undefined)
  const header = (name: string): string => {
    const value = headers[name] ?? ''
    return typeof value === 'string' ? value : value.join(', ')
  }
  const wanted = request.wantsBody(statusCode)
  // Read in the background, a small one sets a kept connection free; a large one ends it.
  if (!wanted && !reset) void body.dump({ limit: MAX_UNWANTED_BYTES }).catch(() => undefined)
  const about = { encoding: header('content-encoding'), length: header('content-length') }
  return { status: statusCode, header, body: wanted ? await readLimitedBody(body, about) : new Uint8Array() }
}

const TOO_TALKATIVE = failure('protocol', 'the server sends one informational answer after the other')

/** @throws what is a bug or an abort, unchanged */
export function asNetError(error: unknown): NetError {
  if (error instanceof NetError) return error
  // Some of them have no code, in spite of their type. What undici asserts is about what the server sent, such as the
  // status 000, which its parser lets through.
  if (error instanceof errors.HTTPParserError || error instanceof AssertionError) {
    return new NetError(failure('protocol', 'the answer does not follow the protocol'))
  }
  return new NetError(classifyError(error))
}
