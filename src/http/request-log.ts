/** One line per request, and one count: method, route, status, time; never the query string, a body or a header (R13, R43). */
import type { FastifyInstance } from 'fastify'
import type { Metrics } from './metrics.js'

export function installRequestLog(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    // The route's pattern, not the path: a path may hold what somebody mistyped.
    const route = request.routeOptions.url ?? 'unknown'
    metrics.countRequest({ route, status: reply.statusCode, ms: reply.elapsedTime })
    request.log.info({
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    })
    done()
  })
}
