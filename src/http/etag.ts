/** Conditional answers (RFC 9110 section 13): a strong ETag over the bytes, 304 when the client already has them. */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

export function sendCacheable(call: {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly body: string
  readonly maxAgeSeconds: number
}): FastifyReply {
  const { request, reply, body } = call
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  reply.header('etag', etag).header('cache-control', `public, max-age=${Math.max(0, call.maxAgeSeconds)}`)
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  if (known?.includes(etag) || known?.includes('*')) return reply.code(304).send()
  return reply.send(body)
}
