/** `GET /v1/domains/{domain}/zone`: the DNS records a domain's administrator may publish (R49). */
import type { FastifyInstance } from 'fastify'
import { writeZone } from '../../formats/dns-zone.js'
import { settingsView } from '../../formats/settings-view.js'
import type { AppParts } from '../app-parts.js'
import { serviceHost, settingsFor } from '../authority.js'
import { clientSignal } from '../client-signal.js'
import { readDomain, readOptions } from '../discover-options.js'
import { MAX_AGE_SECONDS, sendCacheable } from '../etag.js'
import {
  LOOKUP_PROBLEMS,
  NOT_MODIFIED,
  parameters,
  type Paths,
  problems,
  textAnswer,
} from '../openapi-parts.js'
import { requireFound } from '../problem.js'
import { domainParamsSchema } from './domains.js'

export function zoneRoutes(app: FastifyInstance, parts: AppParts): void {
  app.get('/v1/domains/:domain/zone', async (request, reply) => {
    const domain = readDomain(readOptions(domainParamsSchema, request.params).domain)
    const signal = clientSignal(reply)
    const discovery = await settingsFor(parts, { domain, signal })
    requireFound(discovery)
    // Only for own domains does this service answer under their names (R42), so only they get records that say so.
    const own = parts.isOwnDomain(domain)
    const body = writeZone(settingsView(discovery, null), {
      serviceHost: own ? serviceHost(parts) : null,
      publishedPacc: own ? ((await parts.operator?.publishedPacc(domain, signal)) ?? []) : [],
    })
    reply.type('text/plain; charset=utf-8')
    const maxAgeSeconds = Math.min(MAX_AGE_SECONDS, discovery.ttlSeconds)
    return sendCacheable({ request, reply, body, maxAgeSeconds })
  })
}

export const zonePaths: Paths = {
  '/v1/domains/{domain}/zone': {
    get: {
      operationId: 'zone',
      summary: 'DNS records for the domain, as zone file text',
      tags: ['formats'],
      parameters: parameters(domainParamsSchema, 'path'),
      responses: {
        '200': textAnswer('Records in the syntax of zone files', 'text/plain'),
        '304': NOT_MODIFIED,
        ...problems('QUERY_INVALID', ...LOOKUP_PROBLEMS),
      },
    },
  },
}
