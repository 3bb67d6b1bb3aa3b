/** A signal that aborts when the client has gone before its answer was ready. */
import type { FastifyReply } from 'fastify'

/** Nobody is left to answer: no problem, and nothing for the log. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone'
}

/** A lookup knows of its client only this signal, so the limits find him by it. */
const replies = new WeakMap<AbortSignal, FastifyReply>()

export function replyOf(signal: AbortSignal): FastifyReply | undefined {
  return replies.get(signal)
}

export function clientSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  replies.set(controller.signal, reply)
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new ClientGone())
  })
  return controller.signal
}
