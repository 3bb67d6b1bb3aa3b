/** Autoconfig XML for Thunderbird and its kin, on the three paths they ask (R44). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { EmailAddress } from '../../domain/email-address.js'
import { type Hostname, parseHostname } from '../../domain/hostname.js'
import { writeAutoconfig } from '../../formats/autoconfig-write.js'
import { settingsView } from '../../formats/settings-view.js'
import type { AppParts } from '../app-parts.js'
import { clientSignal } from '../client-signal.js'
import { readDomain, readEmail, refuseSecrets } from '../discover-options.js'
import { sendCacheable } from '../etag.js'
import { LOOKUP_PROBLEMS, NOT_MODIFIED, type Paths, problems, textAnswer } from '../openapi-parts.js'
import { Problem, requireFound } from '../problem.js'

const MAX_AGE_SECONDS = 300
/** Mail programs expect the file here on a host of the domain's own. */
const CLASSIC_PATHS = ['/mail/config-v1.1.xml', '/.well-known/autoconfig/mail/config-v1.1.xml']

export function autoconfigRoutes(app: FastifyInstance, parts: AppParts): void {
  for (const path of CLASSIC_PATHS) {
    app.get(path, async (request, reply) => {
      refuseSecrets(request.query)
      const { emailaddress } = request.query as { emailaddress?: unknown }
      const address = typeof emailaddress === 'string' ? readEmail(emailaddress) : null
      const domain = address?.domain ?? ownDomain(request, parts)
      if (!domain) {
        throw new Problem('QUERY_INVALID', {
          detailText: 'emailaddress: is missing: pass the e-mail address',
        })
      }
      return send({ request, reply, parts, domain, address })
    })
  }
  app.get('/v1.1/:domain', async (request, reply) => {
    const domain = readDomain((request.params as { domain: string }).domain)
    return send({ request, reply, parts, domain, address: null })
  })
}

/**
 * Thunderbird for Android never sends the address: the Host then names the domain, but only one the operator has
 * configured; nothing is ever built from an unchecked Host (R42, R44).
 */
function ownDomain(request: FastifyRequest, parts: AppParts): Hostname | null {
  const host = parseHostname((request.headers.host ?? '').replace(/:\d+$/, ''))
  const domain = host ? parseHostname(host.replace(/^autoconfig\./, '')) : null
  return domain && parts.isOwnDomain(domain) ? domain : null
}

async function send(call: {
  request: FastifyRequest
  reply: FastifyReply
  parts: AppParts
  domain: Hostname
  address: EmailAddress | null
}): Promise<FastifyReply> {
  const { request, reply, address } = call
  const discovery = await call.parts.service.discover({ domain: call.domain, signal: clientSignal(reply) })
  requireFound(discovery)
  const xml = writeAutoconfig(settingsView(discovery, address))
  if (xml === null) throw new Problem('NOTHING_FOUND', { detail: 'detail-NO_CONFIRMED_SERVERS', discovery })
  reply.type('text/xml; charset=utf-8')
  // An answer that echoes an address is nobody else's (R43).
  if (address) return reply.header('cache-control', 'no-store').send(xml)
  const maxAgeSeconds = Math.min(MAX_AGE_SECONDS, discovery.ttlSeconds)
  return sendCacheable({ request, reply, body: xml, maxAgeSeconds })
}

const XML_ANSWERS = {
  '200': textAnswer('The autoconfig file', 'text/xml'),
  '304': NOT_MODIFIED,
  ...problems('EMAIL_INVALID', 'QUERY_INVALID', ...LOOKUP_PROBLEMS),
}

function classicPath(operationId: string): Paths[string] {
  const emailaddress = {
    name: 'emailaddress',
    in: 'query',
    required: false,
    description:
      'The address; without it the Host must belong to a domain of the operator, and placeholders stay',
    schema: { type: 'string' },
  }
  return {
    get: {
      operationId,
      summary: 'Autoconfig XML as Thunderbird asks for it',
      tags: ['formats'],
      parameters: [emailaddress],
      responses: XML_ANSWERS,
    },
  }
}

export const autoconfigPaths: Paths = {
  '/mail/config-v1.1.xml': classicPath('autoconfig'),
  '/.well-known/autoconfig/mail/config-v1.1.xml': classicPath('autoconfigWellKnown'),
  '/v1.1/{domain}': {
    get: {
      operationId: 'autoconfigByDomain',
      summary: 'Autoconfig XML by domain, as ISPDB serves it',
      tags: ['formats'],
      parameters: [{ name: 'domain', in: 'path', required: true, schema: { type: 'string' } }],
      responses: XML_ANSWERS,
    },
  },
}
