/** `GET /v1/domains/{domain}`: the settings of a domain with their placeholders, for caches and other programs. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { recommend } from '../../discovery/recommend.js'
import type { Discovery } from '../../domain/discovery.js'
import { renderJson } from '../../formats/json.js'
import { chooseLanguage, translator } from '../../i18n/translate.js'
import type { AppParts } from '../app-parts.js'
import { keptAnswer } from '../authority.js'
import { clientSignal } from '../client-signal.js'
import { discoverOptionsSchema, readDomain, readOptions } from '../discover-options.js'
import { MAX_AGE_SECONDS, sendCacheable } from '../etag.js'
import {
  LOOKUP_PROBLEMS,
  NOT_MODIFIED,
  parameters,
  type Paths,
  problems,
  SETTINGS_ANSWER,
} from '../openapi-parts.js'
import { requireFound } from '../problem.js'
import { madeForAll, readyAnswer, sendReady, variantOf } from '../ready-answers.js'

export const domainOptionsSchema = discoverOptionsSchema.pick({
  devices: true,
  keep: true,
  allowCleartext: true,
  lang: true,
})
export const domainParamsSchema = z.strictObject({ domain: z.string().describe('The part after the @') })

export function domainRoutes(app: FastifyInstance, parts: AppParts): void {
  app.get('/v1/domains/:domain', async (request, reply) => {
    const options = readOptions(domainOptionsSchema, request.query)
    const domain = readDomain(readOptions(domainParamsSchema, request.params).domain)
    const text = translator(chooseLanguage(options.lang, request.headers['accept-language']))
    const render = (discovery: Discovery) =>
      JSON.stringify(
        renderJson({
          discovery,
          email: null,
          recommendation: recommend(discovery.servers, options),
          texts: (message) => text.message(message),
          // Bytes that stay equal while the settings do, so that the ETag can match: the age is 0 here, expiresAt holds.
          now: discovery.lookedUpAt,
          allowCleartext: options.allowCleartext,
        }),
      )
    const kept = keptAnswer(request, parts, domain)
    const variant = variantOf('domain', text.language, options)
    const ready =
      kept && readyAnswer(parts, { kept, domain, variant, make: (found) => madeForAll(render(found)) })
    reply
      .header('content-language', text.language)
      .header('vary', 'accept-language')
      .type('application/json; charset=utf-8')
    if (ready) return sendReady({ request, reply, ready })
    const discovery = await parts.service.discover({ domain, signal: clientSignal(reply) })
    requireFound(discovery)
    const maxAgeSeconds = Math.min(MAX_AGE_SECONDS, discovery.ttlSeconds)
    return sendCacheable({ request, reply, body: render(discovery), maxAgeSeconds })
  })
}

export const domainPaths: Paths = {
  '/v1/domains/{domain}': {
    get: {
      operationId: 'domain',
      summary: 'Settings of a domain, with placeholders for the address',
      tags: ['settings'],
      parameters: [...parameters(domainParamsSchema, 'path'), ...parameters(domainOptionsSchema, 'query')],
      responses: {
        '200': SETTINGS_ANSWER,
        '304': NOT_MODIFIED,
        ...problems('QUERY_INVALID', ...LOOKUP_PROBLEMS),
      },
    },
  },
}
