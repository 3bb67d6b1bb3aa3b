/** `/v1/mobileconfig`: a configuration profile for iPhone, iPad and Mac (R46), signed for own domains only (R42). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { SettingsView } from '../../formats/settings-view.js'
import { chooseLanguage, translator, type Translator } from '../../i18n/translate.js'
import type { AppParts } from '../app-parts.js'
import { settingsFor } from '../authority.js'
import { clientSignal } from '../client-signal.js'
import { discoverOptionsSchema, readEmail, readOptions } from '../discover-options.js'
import { acceptForms } from '../form-body.js'
import {
  inputSchema,
  LOOKUP_PROBLEMS,
  parameters,
  type Paths,
  problems,
  textAnswer,
} from '../openapi-parts.js'
import { Problem, requireFound } from '../problem.js'
import { profileBody } from '../profile-body.js'
import { sendOctets } from '../ready-answers.js'
import { type ProfileQuestion, readyProfile, writeProfile } from '../ready-profile.js'

export const mobileconfigOptionsSchema = discoverOptionsSchema.pick({ email: true, lang: true }).extend({
  protocol: z
    .enum(['imap', 'pop3'])
    .optional()
    .describe('Which way to receive; the recommended one by default'),
})

export function mobileconfigRoutes(app: FastifyInstance, parts: AppParts): void {
  const answer = (input: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const options = readOptions(mobileconfigOptionsSchema, input)
    return sendProfile({ request, reply, parts }, { ...options, email: readEmail(options.email) })
  }
  app.get('/v1/mobileconfig', (request, reply) => answer(request.query, request, reply))
  // The page's form sends the address in the body, where no log and no history keeps it.
  void app.register((scope, _options, ready) => {
    acceptForms(scope)
    scope.post('/v1/mobileconfig', (request, reply) => answer(request.body, request, reply))
    ready()
  })
}

/** Looks up, writes and sends the profile. @throws Problem */
export async function sendProfile(
  call: { readonly request: FastifyRequest; readonly reply: FastifyReply; readonly parts: AppParts },
  question: ProfileQuestion,
): Promise<FastifyReply> {
  const { request, reply, parts } = call
  const text = translator(chooseLanguage(question.lang, request.headers['accept-language']))
  const ready = await readyProfile({ request, parts, text }, question)
  const body = ready
    ? null
    : await profileBody(parts, await makeProfile(question, { parts, text, signal: clientSignal(reply) }))
  const isText = ready ? !ready.isSigned : typeof body === 'string'
  reply
    .header('cache-control', 'no-store')
    .header('content-language', text.language)
    .header('content-disposition', `attachment; filename="${question.email.domain}.mobileconfig"`)
    .type(`application/x-apple-aspen-config${isText ? '; charset=utf-8' : ''}`)
  return ready ? sendOctets(reply, ready.octets) : reply.send(body)
}

/** The profile before it is signed. @throws Problem where there is none to be had */
export async function makeProfile(
  { email, protocol, preference = {}, lookup = {} }: ProfileQuestion,
  by: { readonly parts: AppParts; readonly text: Translator; readonly signal: AbortSignal },
): Promise<{ readonly view: SettingsView; readonly protocol: 'imap' | 'pop3'; readonly body: string }> {
  const discovery = await settingsFor(by.parts, { domain: email.domain, email, signal: by.signal, ...lookup })
  requireFound(discovery)
  const { view, way, profile } = writeProfile(discovery, { email, protocol, preference, text: by.text })
  if (!profile.ok) throw new Problem('PROFILE_UNSUPPORTED', { detail: `detail-profile-${profile.reason}` })
  return { view, protocol: way, body: profile.body }
}

const responses = {
  '200': textAnswer('The profile', 'application/x-apple-aspen-config'),
  ...problems('EMAIL_INVALID', 'QUERY_INVALID', 'PROFILE_UNSUPPORTED', ...LOOKUP_PROBLEMS),
}
const bodySchema = { schema: inputSchema(mobileconfigOptionsSchema) }

export const mobileconfigPaths: Paths = {
  '/v1/mobileconfig': {
    get: {
      operationId: 'mobileconfig',
      summary: 'Configuration profile for iPhone, iPad and Mac',
      tags: ['formats'],
      parameters: parameters(mobileconfigOptionsSchema, 'query'),
      responses,
    },
    post: {
      operationId: 'mobileconfigByPost',
      summary: 'The same, with the address in the body, where no log keeps it',
      tags: ['formats'],
      requestBody: {
        required: true,
        content: { 'application/json': bodySchema, 'application/x-www-form-urlencoded': bodySchema },
      },
      responses: { ...responses, ...problems('BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED') },
    },
  },
}
