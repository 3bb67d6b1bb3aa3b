/** For those who run the service: alive, and what it offers. */
import type { FastifyInstance } from 'fastify'
import { answer, type Paths, problems, textAnswer } from '../openapi-parts.js'

export function operationsRoutes(app: FastifyInstance, specification: () => Promise<string>): void {
  let text: Promise<string> | undefined
  app.get('/healthz', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }))
  app.get('/openapi.yaml', async (_request, reply) =>
    reply.type('application/yaml; charset=utf-8').send(await (text ??= specification())),
  )
}

export const operationsPaths: Paths = {
  '/healthz': {
    get: {
      operationId: 'health',
      summary: 'The process is alive',
      tags: ['operations'],
      responses: {
        '200': answer('Alive', {
          'application/json': { schema: { type: 'object', properties: { status: { const: 'ok' } } } },
        }),
        ...problems('INTERNAL'),
      },
    },
  },
  '/openapi.yaml': {
    get: {
      operationId: 'specification',
      summary: 'This document',
      tags: ['operations'],
      responses: { '200': textAnswer('This document', 'application/yaml'), ...problems('INTERNAL') },
    },
  },
}
