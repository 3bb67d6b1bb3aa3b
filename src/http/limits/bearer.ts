/**
 * Who shows a bearer token (RFC 6750 section 2.1), on the few routes where one counts. On all others, those of mail programs
 * above all, `Authorization` is not looked at (R5): some send their user's password to whoever asks.
 */
import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { isToken, type TokenEntry, type TokenRights, tokenDigest } from './token-lines.js'

/** The contract's own routes; `routeOptions.url` of each. */
const WITH_TOKENS = /^\/v1\/(discover|domains)(\/|$)/
const BEARER = /^bearer +(\S+) *$/i

/** `unknown`: somebody shows one that is not in the file. Undefined where none is shown, or none counts. */
export function bearerOf(
  request: FastifyRequest,
  entries: readonly TokenEntry[],
): TokenRights | 'unknown' | undefined {
  const { authorization } = request.headers
  if (authorization === undefined || !WITH_TOKENS.test(request.routeOptions.url ?? '')) return undefined
  const [, token] = BEARER.exec(authorization) ?? []
  if (token === undefined) return undefined
  return isToken(token) ? (find(tokenDigest(token), entries) ?? 'unknown') : 'unknown'
}

/** Compares with all, each in constant time, so that the time tells neither how much fits nor whose it is. */
function find(digest: Buffer, entries: readonly TokenEntry[]): TokenRights | undefined {
  let found: TokenRights | undefined
  for (const entry of entries) if (timingSafeEqual(digest, entry.digest)) found = entry
  return found
}
