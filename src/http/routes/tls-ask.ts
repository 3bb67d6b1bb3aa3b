/**
 * `GET /v1/tls/ask?domain=`: may a certificate be had for this name? For proxies that fetch certificates on demand
 * (Caddy's `ask`), so that thousands of customers' domains need no list. Says yes to names that this service answers
 * under, and to nothing else: a stranger's name would cost a try at the certificate authority.
 */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { AppParts } from '../app-parts.js'
import { readAuthority } from '../authority.js'
import { readOptions } from '../discover-options.js'
import { parameters, type Paths, problems, textAnswer } from '../openapi-parts.js'
import { Problem } from '../problem.js'

const optionsSchema = z.strictObject({
  domain: z.string({ error: 'is missing' }).describe('The host name that a certificate is wanted for'),
})

export function tlsAskRoutes(app: FastifyInstance, parts: AppParts): void {
  app.get('/v1/tls/ask', (request, reply) => {
    const { domain } = readOptions(optionsSchema, request.query)
    const authority = readAuthority(domain, parts.isOwnDomain)
    // The domain itself is somebody's web site; its certificate is not ours to fetch.
    if (authority === null || authority.service === 'domain') throw new Problem('NOT_FOUND')
    return reply.header('cache-control', 'no-store').type('text/plain; charset=utf-8').send('yes\n')
  })
}

export const tlsAskPaths: Paths = {
  '/v1/tls/ask': {
    get: {
      operationId: 'tlsAsk',
      summary: 'Whether a proxy may fetch a certificate for a name; only prefixes of own domains',
      tags: ['operations'],
      parameters: parameters(optionsSchema, 'query'),
      responses: { '200': textAnswer('Yes', 'text/plain'), ...problems('QUERY_INVALID', 'NOT_FOUND') },
    },
  },
}
