/**
 * A domain whose names lead to this service would make a lookup ask itself, and that one again: whoever looks up
 * settings for others must look for himself. What is served from the operator's files is everybody's.
 */
import type { FastifyRequest } from 'fastify'

/** What `net/http-client` calls itself in every release. */
const OWN_AGENT = /^mailscout\//i

export function isOwnKind(request: FastifyRequest): boolean {
  return OWN_AGENT.test(request.headers['user-agent'] ?? '')
}
