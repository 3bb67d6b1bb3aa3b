/** `GET /readyz`: whether this process should get requests, and whether its files are those on disk. */
import type { FastifyInstance } from 'fastify'
import type { AppParts } from '../app-parts.js'
import { answer, type Paths, problems } from '../openapi-parts.js'

/**
 * A process listens only after its files were read, so one that answers is ready. Files that were broken later do not
 * change that (200): the last good ones serve; the body says so for whoever watches.
 */
export function readyRoutes(app: FastifyInstance, { providerFiles, signer }: AppParts): void {
  app.get('/readyz', (_request, reply) =>
    reply.header('cache-control', 'no-store').send({
      status: 'ready',
      providers: providerFiles?.() ?? { status: 'none' },
      certificates: signer ? { signing: signer.state() } : {},
    }),
  )
}

const stateSchema = {
  type: 'object',
  required: ['status', 'providers', 'certificates'],
  properties: {
    status: { const: 'ready' },
    providers: {
      type: 'object',
      description: "The operator's provider files; `stale`: the last good ones serve, for the reason given",
      required: ['status'],
      properties: {
        status: { enum: ['none', 'current', 'stale'] },
        reason: { type: 'string' },
        providers: { type: 'integer' },
        domains: { type: 'integer' },
      },
    },
    certificates: {
      type: 'object',
      description: 'The certificates that this service holds; `expiring`: under 30 days left (R46)',
      properties: {
        signing: {
          type: 'object',
          required: ['status', 'expiresAt'],
          properties: {
            status: { enum: ['valid', 'expiring', 'expired'] },
            expiresAt: { type: 'string', format: 'date-time' },
            reason: { type: 'string' },
          },
        },
      },
    },
  },
}

export const readyPaths: Paths = {
  '/readyz': {
    get: {
      operationId: 'readiness',
      summary: 'The process can take requests',
      tags: ['operations'],
      responses: {
        '200': answer('Ready', { 'application/json': { schema: stateSchema } }),
        ...problems('INTERNAL'),
      },
    },
  },
}
