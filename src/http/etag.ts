/** Conditional answers (RFC 9110 section 13): a strong ETag over the bytes, 304 when the client already has them. */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Seconds a cache in between may keep settings: long enough to help, short enough to heal. */
export const MAX_AGE_SECONDS = 300

/** @returns the entity-tag as it stands in the header */
export function etagOf(body: string | Uint8Array): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
}

export function sendCacheable(call: {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly body: string
  readonly maxAgeSeconds: number
}): FastifyReply {
  const { reply, body } = call
  return isKnown({ ...call, etag: etagOf(body) }) ? reply.code(304).send() : reply.send(body)
}

/** Sets the headers of a cacheable answer. @returns whether the client has these bytes already: answer 304 */
export function isKnown(call: {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly etag: string
  readonly maxAgeSeconds: number
}): boolean {
  const { request, reply, etag, maxAgeSeconds } = call
  reply.header('etag', etag).header('cache-control', `public, max-age=${Math.max(0, maxAgeSeconds)}`)
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return known?.includes(etag) === true || known?.includes('*') === true
}
