/** `GET /v1/providers` and `/v1/providers/{id}`: the provider database, without any lookup. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { providerListSchema, providerRecordSchema } from '../../domain/provider-record.js'
import type { AppParts } from '../app-parts.js'
import { readOptions } from '../discover-options.js'
import { sendCacheable } from '../etag.js'
import { answer, NOT_MODIFIED, outputSchema, parameters, type Paths, problems } from '../openapi-parts.js'
import { Problem } from '../problem.js'

/** Providers in one answer; a person looks at a handful, and a mirror can take the files. */
const DEFAULT_LIMIT = 20
const MAX_LIMIT = 100
/** A host name is the longest thing worth asking for. */
const MAX_QUERY_LENGTH = 253
/** Seconds: the data changes with a release. */
const MAX_AGE_SECONDS = 3600

const listOptionsSchema = z.strictObject({
  query: z
    .string()
    .max(MAX_QUERY_LENGTH)
    .default('')
    .describe('A part of a name, an e-mail domain or an MX host; all providers without it'),
  limit: z.coerce
    .number<string>()
    .int()
    .min(1)
    .max(MAX_LIMIT)
    .default(DEFAULT_LIMIT)
    .describe('How many at most'),
})
const idParamsSchema = z.strictObject({ id: z.string().describe('As the list names it') })

/**
 * The built-in database alone: listing the operator's entries would publish his customers (R44).
 */
export function providerRoutes(app: FastifyInstance, { providers }: AppParts): void {
  app.get('/v1/providers', (request, reply) => {
    const { query, limit } = readOptions(listOptionsSchema, request.query)
    const body = JSON.stringify({ providers: providers?.find(query, limit) ?? [] })
    reply.type('application/json; charset=utf-8')
    return sendCacheable({ request, reply, body, maxAgeSeconds: MAX_AGE_SECONDS })
  })
  app.get('/v1/providers/:id', (request, reply) => {
    const { id } = readOptions(idParamsSchema, request.params)
    const found = providers?.get(id) ?? null
    if (found === null) throw new Problem('NOT_FOUND')
    reply.type('application/json; charset=utf-8')
    return sendCacheable({ request, reply, body: JSON.stringify(found), maxAgeSeconds: MAX_AGE_SECONDS })
  })
}

export const providerPaths: Paths = {
  '/v1/providers': {
    get: {
      operationId: 'providers',
      summary: 'Search the provider database',
      tags: ['settings'],
      parameters: parameters(listOptionsSchema, 'query'),
      responses: {
        '200': answer('The providers, best match first', {
          'application/json': { schema: outputSchema(providerListSchema) },
        }),
        '304': NOT_MODIFIED,
        ...problems('QUERY_INVALID', 'INTERNAL'),
      },
    },
  },
  '/v1/providers/{id}': {
    get: {
      operationId: 'provider',
      summary: 'One provider of the database',
      tags: ['settings'],
      parameters: parameters(idParamsSchema, 'path'),
      responses: {
        '200': answer('The provider', {
          'application/json': { schema: outputSchema(providerRecordSchema) },
        }),
        '304': NOT_MODIFIED,
        ...problems('QUERY_INVALID', 'NOT_FOUND', 'INTERNAL'),
      },
    },
  },
}
