/** `GET` and `POST /v1/discover`: settings and advice for one address, in the format that `Accept` asks for. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { chooseLanguage, translator } from '../../i18n/translate.js'
import type { AppParts } from '../app-parts.js'
import { settingsFor } from '../authority.js'
import { clientSignal } from '../client-signal.js'
import { type DiscoverOptions, discoverOptionsSchema, readEmail, readOptions } from '../discover-options.js'
import { findSettings, isUsual, readySettings } from '../find-settings.js'
import { negotiate } from '../negotiate.js'
import {
  inputSchema,
  type Json,
  LOOKUP_PROBLEMS,
  parameters,
  type Paths,
  problems,
  SETTINGS_ANSWER,
} from '../openapi-parts.js'
import { Problem } from '../problem.js'
import { sendReadyFor } from '../ready-answers.js'
import { settingsText } from '../settings-text.js'
import { sendAutoconfig, sendReadyFile } from './autoconfig.js'
import { sendProfile } from './mobileconfig.js'

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
  // Before any work is done.
  const format = negotiate(request.headers.accept)
  if (format === null) throw new Problem('FORMAT_UNSUPPORTED', { detail: 'detail-FORMAT_UNSUPPORTED' })
  const options = readOptions(discoverOptionsSchema, call.input)
  reply.header('vary', 'accept, accept-language')
  if (format === 'mobileconfig' || format === 'autoconfig') {
    return sendFile({ ...call, options }, format)
  }
  const text = translator(chooseLanguage(options.lang, request.headers['accept-language']))
  reply.header('cache-control', 'no-store').header('content-language', text.language)
  const ready = format === 'json' ? readySettings({ request, parts, options, text }) : null
  if (ready) {
    reply.type('application/json; charset=utf-8')
    return sendReadyFor(reply, ready.ready, { email: ready.email, now: parts.now() })
  }
  const found = await findSettings({ parts, options, text, signal: clientSignal(reply) })
  return format === 'text'
    ? reply.type('text/plain; charset=utf-8').send(settingsText(found.answer, text))
    : reply.type('application/json; charset=utf-8').send(JSON.stringify(found.answer))
}

/** The files that mail programs read, the same that the routes of their own serve. */
async function sendFile(
  call: { options: DiscoverOptions; request: FastifyRequest; reply: FastifyReply; parts: AppParts },
  format: 'mobileconfig' | 'autoconfig',
): Promise<FastifyReply> {
  const { options, reply, parts } = call
  const email = readEmail(options.email)
  const lookup = {
    verify: options.verify,
    refresh: options.refresh,
    ...(options.sendAddress ? { sendAddress: email } : {}),
  }
  if (format === 'mobileconfig') {
    return sendProfile(call, { email, lang: options.lang, preference: options, lookup })
  }
  const { domain } = email
  const sent = isUsual(options) ? sendReadyFile(call, { domain, address: email }) : null
  if (sent) return sent
  const discovery = await settingsFor(parts, {
    domain,
    email,
    signal: clientSignal(reply),
    ...lookup,
  })
  return sendAutoconfig({ ...call, discovery, address: email })
}

const FORMATS: Json = {
  ...SETTINGS_ANSWER,
  content: {
    ...(SETTINGS_ANSWER['content'] as Json),
    'text/xml': { schema: { type: 'string' } },
    'application/x-apple-aspen-config': { schema: { type: 'string' } },
    'text/plain': { schema: { type: 'string' } },
  },
}
const EITHER = problems(
  'EMAIL_INVALID',
  'QUERY_INVALID',
  'FORMAT_UNSUPPORTED',
  'PROFILE_UNSUPPORTED',
  ...LOOKUP_PROBLEMS,
)

export const discoverPaths: Paths = {
  '/v1/discover': {
    get: {
      operationId: 'discover',
      summary: 'Settings and advice for an address',
      tags: ['settings'],
      parameters: parameters(discoverOptionsSchema, 'query'),
      responses: { '200': FORMATS, ...EITHER },
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
        '200': FORMATS,
        ...EITHER,
        ...problems('BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED'),
      },
    },
  },
}
