/** `GET` and `POST /v1/guides/{client}`: how to set up the account in one mail program, as JSON, HTML or Markdown. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { GUIDE_CLIENTS, guideAnswerSchema, type GuideClient } from '../../domain/guide.js'
import { writeMobileconfig } from '../../formats/mobileconfig.js'
import { settingsView } from '../../formats/settings-view.js'
import { buildGuide } from '../../guides/build-guide.js'
import { chooseLanguage, type Translator, translator } from '../../i18n/translate.js'
import type { AppParts } from '../app-parts.js'
import { clientSignal } from '../client-signal.js'
import { discoverOptionsSchema, readOptions } from '../discover-options.js'
import { findSettings, type FoundAnswer } from '../find-settings.js'
import { acceptForms } from '../form-body.js'
import { guideMarkdown } from '../guide-markdown.js'
import { guidePage } from '../guide-page.js'
import { asPage } from '../html.js'
import { bestOffer } from '../negotiate.js'
import {
  answer,
  inputSchema,
  LOOKUP_PROBLEMS,
  outputSchema,
  parameters,
  type Paths,
  problems,
} from '../openapi-parts.js'
import { Problem } from '../problem.js'
import { renderGuide } from '../render-guide.js'

const FORMATS = {
  json: ['application/json'],
  html: ['text/html', 'application/xhtml+xml'],
  markdown: ['text/markdown', 'text/plain'],
} as const
type GuideFormat = keyof typeof FORMATS

const optionsSchema = discoverOptionsSchema
  .pick({ email: true, lang: true, devices: true, keep: true })
  .extend({
    protocol: z
      .enum(['imap', 'pop3'])
      .optional()
      .describe('Which way to receive; the recommended one by default'),
    format: z.enum(['json', 'html', 'markdown']).optional().describe('Wins over Accept'),
    switch: z.string().max(35).optional().describe('Another language for the page; wins over `lang`'),
  })
const paramsSchema = z.strictObject({
  client: z.string().describe(`The mail program: ${GUIDE_CLIENTS.join(', ')}`),
})

export function guideRoutes(app: FastifyInstance, parts: AppParts): void {
  const path = '/v1/guides/:client'
  app.get(path, (request, reply) => respond({ input: request.query, request, reply, parts }))
  // The page's forms send the address in the body, where no log and no history keeps it.
  void app.register((scope, _options, ready) => {
    acceptForms(scope)
    scope.post(path, (request, reply) => respond({ input: request.body, request, reply, parts }))
    ready()
  })
}

interface Call {
  readonly input: unknown
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly parts: AppParts
}

async function respond({ input, request, reply, parts }: Call): Promise<FastifyReply> {
  // Before any work is done.
  const client = readClient(readOptions(paramsSchema, request.params).client)
  const options = readOptions(optionsSchema, input)
  const format: GuideFormat | null = options.format ?? bestOffer(request.headers.accept, FORMATS)
  if (format === null) throw new Problem('FORMAT_UNSUPPORTED', { detail: 'detail-GUIDE_FORMAT' })
  const text = translator(chooseLanguage(options.switch ?? options.lang, request.headers['accept-language']))
  const { email, devices, keep } = options
  const found = await findSettings({
    parts,
    options: readOptions(discoverOptionsSchema, { email, devices, keep }),
    text,
    signal: clientSignal(reply),
  })
  const hasProfile = canHaveProfile({ found, parts, protocol: options.protocol })
  const url = hasProfile ? profileUrl({ found, parts, text, protocol: options.protocol }) : null
  const guide = renderGuide(
    buildGuide(client, {
      answer: found.answer,
      protocol: options.protocol,
      // A step without a way to the profile would lead nowhere.
      hasProfile: hasProfile && (format === 'html' || url !== null),
      language: text.language,
    }),
    { text, email: found.email.address, profileUrl: url },
  )
  // The address is echoed (R43).
  reply.header('cache-control', 'no-store')
  if (format === 'html') return asPage(reply, text.language).send(guidePage({ guide, text, hasProfile }))
  reply.header('content-language', text.language).header('vary', 'accept, accept-language')
  return format === 'markdown'
    ? reply.type('text/markdown; charset=utf-8').send(guideMarkdown(guide, text))
    : reply.type('application/json; charset=utf-8').send(JSON.stringify(guide))
}

/** @throws Problem NOT_FOUND, which names those that there are */
function readClient(name: string): GuideClient {
  const client = GUIDE_CLIENTS.find((known) => known === name)
  if (client === undefined) throw new Problem('NOT_FOUND', { detail: 'detail-GUIDE_UNKNOWN' })
  return client
}

interface ProfileCall {
  readonly found: FoundAnswer
  readonly parts: AppParts
  readonly protocol: 'imap' | 'pop3' | undefined
}

/** The same question that `/v1/mobileconfig` will ask, so that the guide offers no profile which then is refused. */
function canHaveProfile({ found, parts, protocol }: ProfileCall): boolean {
  const { answer: settings, discovery, email } = found
  const way = protocol ?? settings.recommendation?.protocol
  if (way === undefined) return false
  const view = settingsView(parts.operator?.settings(email.domain) ?? discovery, email)
  const texts = { displayName: '', description: '', organization: '' }
  return writeMobileconfig(view, { protocol: way, texts }).ok
}

function profileUrl(call: ProfileCall & { readonly text: Translator }): string | null {
  const { found, parts, text } = call
  if (parts.publicUrl === undefined) return null
  const query = new URLSearchParams({
    email: found.email.address,
    protocol: call.protocol ?? found.answer.recommendation?.protocol ?? 'imap',
    lang: text.language,
  })
  return `${parts.publicUrl}/v1/mobileconfig?${query.toString()}`
}

const responses = {
  '200': answer('The guide', {
    'application/json': { schema: outputSchema(guideAnswerSchema) },
    'text/html': { schema: { type: 'string' } },
    'text/markdown': { schema: { type: 'string' } },
  }),
  ...problems('EMAIL_INVALID', 'QUERY_INVALID', 'FORMAT_UNSUPPORTED', ...LOOKUP_PROBLEMS, 'NOT_FOUND'),
}
const body = { schema: inputSchema(optionsSchema) }

export const guidePaths: Paths = {
  '/v1/guides/{client}': {
    get: {
      operationId: 'guide',
      summary: 'How to set up the account in a mail program',
      tags: ['pages'],
      parameters: [...parameters(paramsSchema, 'path'), ...parameters(optionsSchema, 'query')],
      responses,
    },
    post: {
      operationId: 'guideByPost',
      summary: 'The same, with the address in the body, where no log keeps it',
      tags: ['pages'],
      parameters: parameters(paramsSchema, 'path'),
      requestBody: {
        required: true,
        content: { 'application/json': body, 'application/x-www-form-urlencoded': body },
      },
      responses: { ...responses, ...problems('BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED') },
    },
  },
}
