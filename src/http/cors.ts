/**
 * Any page may read what is public anyway: the read-only formats (Fetch standard, "CORS protocol"). Never with
 * credentials, which this service has none of.
 */
import type { FastifyInstance } from 'fastify'

/** One list instead of a flag on each route, so that what strangers' pages can read is seen in one place. */
const READABLE = [
  /^\/v1\/discover$/,
  /^\/v1\/domains\/[^/]+(\/zone)?$/,
  /^\/v1\.1\/[^/]+$/,
  /^\/mail\/config-v1\.1\.xml$/,
  /^\/\.well-known\/(autoconfig\/mail\/config-v1\.1\.xml|mail-v1\.xml|user-agent-configuration\.json)$/,
  /^\/openapi\.yaml$/,
]
/** A day, in seconds; browsers cap it lower. */
const PREFLIGHT_AGE = '86400'
const METHODS = 'GET, HEAD, OPTIONS'
const READING = ['GET', 'HEAD', 'OPTIONS']

export function installCors(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const [path = ''] = request.url.split('?', 1)
    if (!READING.includes(request.method) || !READABLE.some((pattern) => pattern.test(path))) {
      done()
      return
    }
    reply.header('access-control-allow-origin', '*')
    if (request.method !== 'OPTIONS') {
      // What a script may see beside the few headers that are always readable.
      reply.header('access-control-expose-headers', 'etag, retry-after, ratelimit, ratelimit-policy')
      done()
      return
    }
    reply
      .code(204)
      .header('allow', METHODS)
      .header('access-control-allow-methods', METHODS)
      // JSON problems are asked for with Accept, validators with If-None-Match; nothing else is ever needed.
      .header('access-control-allow-headers', 'accept, accept-language, if-none-match')
      .header('access-control-max-age', PREFLIGHT_AGE)
      .send()
  })
}
