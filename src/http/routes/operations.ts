/** For those who run the service: alive, and what it offers. */
import type { FastifyInstance } from 'fastify'
import { openApiYaml } from '../openapi.js'

export function operationsRoutes(app: FastifyInstance): void {
  app.get('/healthz', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }))
  const yaml = openApiYaml()
  app.get('/openapi.yaml', (_request, reply) => reply.type('application/yaml; charset=utf-8').send(yaml))
}
