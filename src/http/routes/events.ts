/**
 * `GET` and `POST /v1/discover/events`: the sources live as each one ends, then `result` or `problem`; before the result
 * a `preview` where only live checks are missing, behind it an `update` where something came late.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { renderSources } from '../../formats/json.js'
import { chooseLanguage, translator } from '../../i18n/translate.js'
import type { AppParts } from '../app-parts.js'
import { clientSignal } from '../client-signal.js'
import { discoverOptionsSchema, readEmail, readOptions } from '../discover-options.js'
import { problemDocument } from '../error-handler.js'
import { sendEvents } from '../event-stream.js'
import { findSettings, laterSettings } from '../find-settings.js'
import { inputSchema, parameters, type Paths, problems, textAnswer } from '../openapi-parts.js'
import { toProblem } from '../problem.js'

export function eventRoutes(app: FastifyInstance, parts: AppParts): void {
  const path = '/v1/discover/events'
  app.get(path, (request, reply) => stream({ input: request.query, request, reply, parts }))
  app.post(path, (request, reply) => stream({ input: request.body, request, reply, parts }))
}

function stream(call: {
  input: unknown
  request: FastifyRequest
  reply: FastifyReply
  parts: AppParts
}): FastifyReply {
  const { request, reply, parts } = call
  // What is wrong with the request itself is said by the status, before the stream begins.
  const options = readOptions(discoverOptionsSchema, call.input)
  readEmail(options.email)
  const text = translator(chooseLanguage(options.lang, request.headers['accept-language']))
  const signal = clientSignal(reply)
  reply.header('content-language', text.language)
  return sendEvents({
    reply,
    async produce(send) {
      try {
        const call = { parts, options, text, signal }
        const found = await findSettings({
          ...call,
          onReport: (report) => {
            send('source', renderSources([report])[0])
          },
          onPreview: (answer) => {
            send('preview', answer)
          },
        })
        send('result', found.answer)
        const later = await laterSettings(call, found)
        if (later) send('update', later.answer)
      } catch (error) {
        if (signal.aborted) return
        send('problem', problemDocument(toProblem(error, request.log), text, request.id))
      }
    },
  })
}

const responses = {
  '200': textAnswer(
    'Events `source` (as in the list `sources` of the settings), then `result` (the settings) or `problem`. Before `result` ' +
      'a `preview` may come: the settings, while their servers are still being checked; behind it an `update`: the settings ' +
      'anew, where a late source or check changed them. The stream ends when nothing more will come.',
    'text/event-stream',
  ),
  ...problems('EMAIL_INVALID', 'QUERY_INVALID', 'INTERNAL'),
}

export const eventPaths: Paths = {
  '/v1/discover/events': {
    get: {
      operationId: 'discoverEvents',
      summary: 'The lookup live, as server-sent events',
      tags: ['settings'],
      parameters: parameters(discoverOptionsSchema, 'query'),
      responses,
    },
    post: {
      operationId: 'discoverEventsByPost',
      summary: 'The same, with the address in the body, where no log keeps it',
      tags: ['settings'],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: inputSchema(discoverOptionsSchema) } },
      },
      responses: { ...responses, ...problems('BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED') },
    },
  },
}
