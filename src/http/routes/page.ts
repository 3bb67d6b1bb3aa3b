/**
 * The page: `GET /`, `POST /` from its form, and its assets. Without JavaScript the form is answered by a whole page; the
 * page's script asks for the same as a stream of events and gets the result as a tree.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { chooseLanguage, type Translator, translator } from '../../i18n/translate.js'
import { renderSources } from '../../formats/json.js'
import { ASSETS } from '../../web/assets.js'
import type { Asked } from '../../web/page-input.js'
import { problemView } from '../../web/problem-view.js'
import { resultView } from '../../web/result-view.js'
import { startPage } from '../../web/start-page.js'
import type { TreeElement } from '../../web/tree.js'
import type { AppParts } from '../app-parts.js'
import { clientSignal } from '../client-signal.js'
import { discoverOptionsSchema, readOptions } from '../discover-options.js'
import { problemDocument } from '../error-handler.js'
import { sendCacheable } from '../etag.js'
import { type SendEvent, sendEvents } from '../event-stream.js'
import { findSettings, type FoundAnswer, laterSettings, type SettingsCall } from '../find-settings.js'
import { acceptForms } from '../form-body.js'
import { asPage } from '../html.js'
import { answer, inputSchema, parameters, type Paths, problems, textAnswer } from '../openapi-parts.js'
import { pageSettings } from '../page-settings.js'
import { Problem, toProblem } from '../problem.js'
import { hasCheck } from './check-page.js'

const MAX_AGE_SECONDS = 300
/** An asset's name changes with its content. */
const FOREVER = 'public, max-age=31536000, immutable'

const FILES = new Map(Object.values(ASSETS).map((asset) => [asset.path.replace('/assets/', ''), asset]))

export const assetParamsSchema = z.strictObject({
  file: z.string().describe('Name with the hash of the content, as the page names it'),
})
export const pageQuerySchema = discoverOptionsSchema.pick({ lang: true })
export const pageFormSchema = discoverOptionsSchema.pick({ lang: true, devices: true, keep: true }).extend({
  email: z.string().default('').describe('The e-mail address'),
  switch: z.string().optional().describe('Another language for the page; wins over `lang`'),
  correction: z.string().optional().describe('A suggested address the reader has chosen; wins over `email`'),
})

export function pageRoutes(app: FastifyInstance, parts: AppParts): void {
  app.get('/', (request, reply) => {
    const { lang } = readOptions(pageQuerySchema, request.query)
    const text = translator(chooseLanguage(lang, request.headers['accept-language']))
    asPage(reply, text.language)
    const body = startPage({ text, asked: { email: '' }, result: null, hasCheck: hasCheck(app) })
    return sendCacheable({ request, reply, body, maxAgeSeconds: MAX_AGE_SECONDS })
  })
  void app.register((scope, _options, ready) => {
    acceptForms(scope)
    scope.post('/', (request, reply) => respond({ app, request, reply, parts }))
    ready()
  })
  app.get('/assets/:file', (request, reply) => {
    const { file } = readOptions(assetParamsSchema, request.params)
    const asset = FILES.get(file)
    if (!asset) throw new Problem('NOT_FOUND')
    const brotli = /\bbr\b/.test(request.headers['accept-encoding'] ?? '')
    reply.header('cache-control', FOREVER).header('vary', 'accept-encoding').type(asset.mediaType)
    return brotli ? reply.header('content-encoding', 'br').send(asset.brotli) : reply.send(asset.body)
  })
}

interface PageCall {
  readonly app: FastifyInstance
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly parts: AppParts
}

async function respond({ app, request, reply, parts }: PageCall): Promise<FastifyReply> {
  const form = readOptions(pageFormSchema, request.body)
  const asked: Asked = {
    email: (form.correction ?? form.email).trim(),
    devices: form.devices,
    keep: form.keep,
  }
  const text = translator(chooseLanguage(form.switch ?? form.lang, request.headers['accept-language']))
  const question: Question = { asked, text, parts, request, signal: clientSignal(reply) }
  if (request.headers.accept?.includes('text/event-stream') === true) {
    reply.header('content-language', text.language)
    return sendEvents({
      reply,
      async produce(send) {
        const { tree, found } = await settle(question, send)
        send('page', tree)
        const later = found && (await laterSettings(callOf(question), found))
        if (later) send('page', drawn(question, later))
      },
    })
  }
  // Only the language was switched.
  const empty = asked.email === '' && form.switch !== undefined
  const { tree, status } = empty ? { tree: null, status: 200 } : await settle(question)
  return asPage(reply, text.language)
    .code(status)
    .header('cache-control', 'no-store')
    .send(startPage({ text, asked, result: tree, hasCheck: hasCheck(app) }))
}

interface Question {
  readonly asked: Asked
  readonly text: Translator
  readonly parts: AppParts
  readonly request: FastifyRequest
  readonly signal: AbortSignal
}

/** Trouble is drawn as well; never rejects. */
async function settle(
  question: Question,
  send?: SendEvent,
): Promise<{ tree: TreeElement; status: number; found?: FoundAnswer }> {
  const { asked, text, request } = question
  try {
    const onReport = send && {
      onReport: (report: Parameters<typeof renderSources>[0][number]) => {
        send('source', renderSources([report])[0])
      },
    }
    const found = await findSettings({ ...callOf(question), ...onReport })
    return { tree: drawn(question, found), status: 200, found }
  } catch (error) {
    const problem = problemDocument(toProblem(error, request.log), text, request.id)
    return { tree: problemView({ content: { asked, problem }, text }), status: problem.status }
  }
}

/** @throws Problem */
function callOf({ asked, parts, text, signal }: Question): SettingsCall {
  return { parts, options: readOptions(discoverOptionsSchema, { ...asked }), text, signal }
}

function drawn({ asked, parts, text }: Question, found: FoundAnswer): TreeElement {
  return resultView({ content: pageSettings({ asked, found, text, parts }), text })
}

const ANSWERS = {
  '200': textAnswer('The page', 'text/html'),
  ...problems('QUERY_INVALID', 'INTERNAL'),
}
const FORM = { schema: inputSchema(pageFormSchema) }
const PAGE_OR_EVENTS = {
  description: 'The page, or with `Accept: text/event-stream` the sources and the result as events',
  content: {
    'text/html': { schema: { type: 'string' } },
    'text/event-stream': { schema: { type: 'string' } },
  },
}

const PROBLEM_PAGE = {
  description: 'The page, saying why not; a problem document where not even the form could be read',
  content: {
    'text/html': { schema: { type: 'string' } },
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
  },
}

export const pagePaths: Paths = {
  '/': {
    get: {
      operationId: 'page',
      summary: 'The page for people',
      tags: ['pages'],
      parameters: parameters(pageQuerySchema, 'query'),
      responses: { ...ANSWERS, '304': { description: 'The client has these bytes already' } },
    },
    post: {
      operationId: 'pageByForm',
      summary: 'The page with settings for an address',
      tags: ['pages'],
      requestBody: {
        required: true,
        content: { 'application/x-www-form-urlencoded': FORM, 'application/json': FORM },
      },
      responses: {
        '200': PAGE_OR_EVENTS,
        ...Object.fromEntries(['400', '404', '500', '503'].map((status) => [status, PROBLEM_PAGE])),
        ...problems('BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED'),
      },
    },
  },
  '/assets/{file}': {
    get: {
      operationId: 'asset',
      summary: 'A file of the page; its name changes with its content',
      tags: ['pages'],
      parameters: parameters(assetParamsSchema, 'path'),
      responses: {
        '200': answer('The file', {
          ...Object.fromEntries(
            Object.values(ASSETS).map(({ mediaType }) => [
              mediaType.replace(/;.*/, ''),
              { schema: { type: 'string' } },
            ]),
          ),
        }),
        ...problems('NOT_FOUND', 'INTERNAL'),
      },
    },
  },
}
