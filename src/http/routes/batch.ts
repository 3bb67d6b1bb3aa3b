/** `POST /v1/discover/batch`: many addresses in one request, one line of JSON per address as it is ready. */
import { PassThrough } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { chooseLanguage, type Translator, translator } from '../../i18n/translate.js'
import type { AppParts } from '../app-parts.js'
import { clientSignal } from '../client-signal.js'
import { type DiscoverOptions, discoverOptionsSchema, readOptions } from '../discover-options.js'
import { problemDocument } from '../error-handler.js'
import { findSettings } from '../find-settings.js'
import { inputSchema, type Paths, problems, textAnswer } from '../openapi-parts.js'
import { toProblem } from '../problem.js'

/** A small office; more would hold one connection for minutes. */
const MAX_EMAILS = 100
/** Lookups of one batch under way at a time: nobody may use it to start hundreds of connections at once (R10). */
const MAX_AT_ONCE = 8

export const batchOptionsSchema = discoverOptionsSchema.omit({ email: true }).extend({
  emails: z.array(z.string()).min(1).max(MAX_EMAILS).describe('The e-mail addresses'),
})

export function batchRoutes(app: FastifyInstance, parts: AppParts): void {
  app.post('/v1/discover/batch', (request, reply) => {
    const { emails, ...options } = readOptions(batchOptionsSchema, request.body)
    const text = translator(chooseLanguage(options.lang, request.headers['accept-language']))
    // Each address counts; the request itself has been counted as one.
    parts.charge?.(reply, emails.length - 1)
    const signal = clientSignal(reply)
    // At most a hundred lines of some kilobytes: they need no back pressure.
    const lines = new PassThrough()
    const waiting = emails.entries()
    const worker = async () => {
      for (const [index, email] of waiting) {
        if (signal.aborted) return
        const result = await settle({ parts, options: { ...options, email }, text, signal, request })
        if (lines.writable) lines.write(`${JSON.stringify({ index, email, ...result })}\n`)
      }
    }
    void Promise.all(Array.from({ length: MAX_AT_ONCE }, worker)).finally(() => lines.end())
    return reply
      .header('cache-control', 'no-store')
      .header('content-language', text.language)
      .type('application/x-ndjson; charset=utf-8')
      .send(lines)
  })
}

/** Never rejects: each address has a status of its own. */
async function settle(call: {
  parts: AppParts
  options: DiscoverOptions
  text: Translator
  signal: AbortSignal
  request: Pick<FastifyRequest, 'id' | 'log'>
}): Promise<{ status: number; body: unknown }> {
  try {
    return { status: 200, body: (await findSettings(call)).answer }
  } catch (error) {
    // Of a client that has gone nobody reads the line.
    if (call.signal.aborted) return { status: 499, body: null }
    const { request, text } = call
    const body = problemDocument(toProblem(error, request.log), text, request.id)
    return { status: body.status, body }
  }
}

export const batchPaths: Paths = {
  '/v1/discover/batch': {
    post: {
      operationId: 'discoverBatch',
      summary: 'Settings for up to 100 addresses',
      tags: ['settings'],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: inputSchema(batchOptionsSchema) } },
      },
      responses: {
        '200': textAnswer(
          'One JSON object per line, as each is ready: `index`, `email`, `status` and `body` (the settings or a problem)',
          'application/x-ndjson',
        ),
        ...problems('QUERY_INVALID', 'BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED', 'INTERNAL'),
      },
    },
  },
}
