/** One line per request: method, route, status, time; never the query string, a body or a header (R13, R43). */
import type { FastifyInstance } from 'fastify'

export function installRequestLog(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    request.log.info({
      method: request.method,
      // The route's pattern, not the path: a path may hold what somebody mistyped.
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    })
    done()
  })
}
