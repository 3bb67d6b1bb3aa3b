/** `GET` and `POST /v1/discover`: settings and advice for one address. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { recommend } from '../../discovery/recommend.js'
import { renderJson } from '../../formats/json.js'
import { translator } from '../../i18n/translate.js'
import type { AppParts } from '../app-parts.js'
import { clientSignal } from '../client-signal.js'
import { discoverOptionsSchema, readEmail, readOptions } from '../discover-options.js'
import {
  inputSchema,
  LOOKUP_PROBLEMS,
  parameters,
  type Paths,
  problems,
  SETTINGS_ANSWER,
} from '../openapi-parts.js'
import { requireFound } from '../problem.js'
import { chooseLanguage } from '../../i18n/translate.js'

export function discoverRoutes(app: FastifyInstance, parts: AppParts): void {
  app.get('/v1/discover', (request, reply) => answer({ input: request.query, request, reply, parts }))
  app.post('/v1/discover', (request, reply) => answer({ input: request.body, request, reply, parts }))
}

async function answer(call: {
  input: unknown
  request: FastifyRequest
  reply: FastifyReply
  parts: AppParts
}): Promise<FastifyReply> {
  const { request, reply, parts } = call
  const options = readOptions(discoverOptionsSchema, call.input)
  const email = readEmail(options.email)
  const discovery = await parts.service.discover({
    domain: email.domain,
    signal: clientSignal(reply),
    verify: options.verify,
    refresh: options.refresh,
    ...(options.sendAddress ? { sendAddress: email } : {}),
  })
  requireFound(discovery)
  const text = translator(chooseLanguage(options.lang, request.headers['accept-language']))
  const body = renderJson({
    discovery,
    email,
    recommendation: recommend(discovery.servers, options),
    texts: (message) => text.message(message),
    now: parts.now(),
    allowCleartext: options.allowCleartext,
  })
  return reply
    .header('cache-control', 'no-store')
    .header('content-language', text.language)
    .header('vary', 'accept-language')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body))
}

const EITHER = problems('EMAIL_INVALID', 'QUERY_INVALID', ...LOOKUP_PROBLEMS)

export const discoverPaths: Paths = {
  '/v1/discover': {
    get: {
      operationId: 'discover',
      summary: 'Settings and advice for an address',
      tags: ['settings'],
      parameters: parameters(discoverOptionsSchema, 'query'),
      responses: { '200': SETTINGS_ANSWER, ...EITHER },
    },
    post: {
      operationId: 'discoverByPost',
      summary: 'The same, with the address in the body, where no log keeps it',
      tags: ['settings'],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: inputSchema(discoverOptionsSchema) } },
      },
      responses: {
        '200': SETTINGS_ANSWER,
        ...EITHER,
        ...problems('BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED'),
      },
    },
  },
}
