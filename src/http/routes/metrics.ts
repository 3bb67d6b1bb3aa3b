/** `GET /metrics`: what the service counts of itself, as Prometheus reads it. */
import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../metrics.js'
import { type Paths, problems, textAnswer } from '../openapi-parts.js'

export function metricsRoutes(app: FastifyInstance, metrics: Metrics): void {
  app.get('/metrics', async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type(metrics.contentType)
      .send(await metrics.text()),
  )
}

export const metricsPaths: Paths = {
  '/metrics': {
    get: {
      operationId: 'metrics',
      summary: 'Counters and states for Prometheus',
      description: 'Text format 0.0.4. No label names a domain or an address.',
      tags: ['operations'],
      responses: { '200': textAnswer('The metrics', 'text/plain'), ...problems('INTERNAL') },
    },
  },
}
