/** A signal that aborts when the client has gone before its answer was ready. */
import type { FastifyReply } from 'fastify'

export function clientSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new Error('the client has gone'))
  })
  return controller.signal
}
