/** `GET /docs`: the API browser, drawn once per language from the OpenAPI document. */
import type { FastifyInstance } from 'fastify'
import { chooseLanguage, type Language, translator } from '../../i18n/translate.js'
import { type ApiDocument, apiDocsPage } from '../../web/api-docs.js'
import { discoverOptionsSchema, readOptions } from '../discover-options.js'
import { sendCacheable } from '../etag.js'
import { asPage } from '../html.js'
import { type Json, NOT_MODIFIED, parameters, type Paths, problems, textAnswer } from '../openapi-parts.js'

const MAX_AGE_SECONDS = 300

export const docsQuerySchema = discoverOptionsSchema.pick({ lang: true })

export function docsRoutes(app: FastifyInstance, document: () => Promise<Json>): void {
  const drawn = new Map<Language, string>()
  // The document is built by this service, so its shape is known (and tested).
  const draw = async (language: Language) =>
    apiDocsPage((await document()) as unknown as ApiDocument, translator(language))
  app.get('/docs', async (request, reply) => {
    const { lang } = readOptions(docsQuerySchema, request.query)
    const language = chooseLanguage(lang, request.headers['accept-language'])
    const body = drawn.get(language) ?? (await draw(language))
    drawn.set(language, body)
    asPage(reply, language)
    return sendCacheable({ request, reply, body, maxAgeSeconds: MAX_AGE_SECONDS })
  })
}

export const docsPaths: Paths = {
  '/docs': {
    get: {
      operationId: 'docs',
      summary: 'This API as a page',
      tags: ['pages'],
      parameters: parameters(docsQuerySchema, 'query'),
      responses: {
        '200': textAnswer('The page', 'text/html'),
        '304': NOT_MODIFIED,
        ...problems('QUERY_INVALID', 'INTERNAL'),
      },
    },
  },
}
