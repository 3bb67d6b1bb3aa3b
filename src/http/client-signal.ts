/** A signal that aborts when the client has gone before its answer was ready. */
import type { FastifyReply } from 'fastify'

/** Nobody is left to answer: no problem, and nothing for the log. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone'
}

export function clientSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new ClientGone())
  })
  return controller.signal
}
