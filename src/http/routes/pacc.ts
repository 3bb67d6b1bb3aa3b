/** PACC for the operator's own domains (R29, R48): the bytes whose digest stands in the zone text. */
import type { FastifyInstance } from 'fastify'
import { writePacc } from '../../formats/pacc.js'
import { settingsView } from '../../formats/settings-view.js'
import type { AppParts } from '../app-parts.js'
import { requestAuthority } from '../authority.js'
import { sendCacheable } from '../etag.js'
import { answer, NOT_MODIFIED, type Paths, problems } from '../openapi-parts.js'
import { Problem } from '../problem.js'

const PATH = '/.well-known/user-agent-configuration.json'
/** Seconds: short, because a kept copy and a new digest do not fit. */
const MAX_AGE_SECONDS = 300

export function paccRoutes(app: FastifyInstance, parts: AppParts): void {
  app.get(PATH, (request, reply) => {
    const domain = requestAuthority(request, parts, 'ua-auto-config')?.domain
    const settings = domain === undefined ? null : (parts.operator?.settings(domain) ?? null)
    const publication = settings === null ? null : writePacc(settingsView(settings, null))
    if (publication === null) throw new Problem('NOT_FOUND', { detail: 'detail-UNKNOWN_HOST' })
    reply.type('application/json; charset=utf-8')
    return sendCacheable({ request, reply, body: publication.body, maxAgeSeconds: MAX_AGE_SECONDS })
  })
}

export const paccPaths: Paths = {
  [PATH]: {
    get: {
      operationId: 'pacc',
      summary: 'PACC, for the operator’s domains by Host (ua-auto-config.<domain>)',
      tags: ['formats'],
      responses: {
        '200': answer('The settings of the domain that the Host names', {
          'application/json': { schema: { type: 'object' } },
        }),
        '304': NOT_MODIFIED,
        ...problems('NOT_FOUND'),
      },
    },
  },
}
