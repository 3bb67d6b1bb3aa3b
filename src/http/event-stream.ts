/** Server-sent events (WHATWG HTML, section 9.2): a named event per line of data, and a comment while nothing happens. */
import { PassThrough } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** Milliseconds between comments: proxies cut connections that are silent for half a minute. */
export const HEARTBEAT_MS = 15_000

/** Data is JSON, which has no line breaks. */
export type SendEvent = (event: string, data: unknown) => void

export interface EventStream {
  readonly reply: FastifyReply
  /** Ends the stream when it resolves; must not reject. */
  readonly produce: (send: SendEvent) => Promise<void>
  readonly heartbeatMs?: number
}

/** Status 200 and a stream; what goes wrong from here on is an event of its own. */
export function sendEvents({ reply, produce, heartbeatMs = HEARTBEAT_MS }: EventStream): FastifyReply {
  // A lookup has a dozen events of a few kilobytes: they need no back pressure.
  const stream = new PassThrough()
  const write = (text: string) => {
    if (stream.writable) stream.write(text)
  }
  const heartbeat = setInterval(() => {
    write(': still looking\n\n')
  }, heartbeatMs)
  // When the client goes, Fastify destroys what it was sending.
  stream.once('close', () => {
    clearInterval(heartbeat)
  })
  // The headers leave at once, so that the client knows it was heard.
  write(': looking\n\n')
  void produce((event, data) => {
    write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }).finally(() => {
    clearInterval(heartbeat)
    stream.end()
  })
  return reply
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .type('text/event-stream; charset=utf-8')
    .send(stream)
}
