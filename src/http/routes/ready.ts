/** `GET /readyz`: whether this process should get requests, and whether its files are those on disk. */
import type { FastifyInstance } from 'fastify'
import type { AppParts } from '../app-parts.js'
import { answer, type Paths, problems } from '../openapi-parts.js'

/**
 * A process listens only after its files were read, so one that answers is ready until it is told to end (503). Files
 * that were broken later, or a shared cache that is silent, do not change that: the last good files serve, and lookups
 * do without the cache; the body says so for whoever watches.
 */
export function readyRoutes(app: FastifyInstance, parts: AppParts): void {
  const { providerFiles, signer, isCacheThere, isDraining } = parts
  app.get('/readyz', (_request, reply) => {
    const draining = isDraining?.() === true
    return reply
      .code(draining ? 503 : 200)
      .header('cache-control', 'no-store')
      .send({
        status: draining ? 'draining' : 'ready',
        providers: providerFiles?.() ?? { status: 'none' },
        certificates: signer ? { signing: signer.state() } : {},
        cache: { status: isCacheThere === undefined ? 'memory' : isCacheThere() ? 'shared' : 'degraded' },
      })
  })
}

const stateSchema = {
  type: 'object',
  required: ['status', 'providers', 'certificates', 'cache'],
  properties: {
    status: { enum: ['ready', 'draining'] },
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
    cache: {
      type: 'object',
      description: '`degraded`: the shared cache does not answer, and this process goes on without it',
      required: ['status'],
      properties: { status: { enum: ['memory', 'shared', 'degraded'] } },
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
        '503': answer('It is about to end', { 'application/json': { schema: stateSchema } }),
        ...problems('INTERNAL'),
      },
    },
  },
}
