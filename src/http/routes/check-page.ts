/** `GET /check`: the domain check for its administrator, as a page over `/v1/domains/{domain}/check`. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { checkAnswerSchema } from '../../domain/domain-check.js'
import { chooseLanguage, type Translator, translator } from '../../i18n/translate.js'
import { checkPage, type CheckOutcome } from '../../web/check-view.js'
import { clientSignal } from '../client-signal.js'
import { discoverOptionsSchema, readDomain, readOptions } from '../discover-options.js'
import { asPage } from '../html.js'
import { parameters, type Paths, problems, textAnswer } from '../openapi-parts.js'
import { Problem } from '../problem.js'

export const checkPageSchema = discoverOptionsSchema
  .pick({ lang: true })
  .extend({ domain: z.string().default('').describe('The domain to check') })

const API = '/v1/domains/:domain/check'

/** Whether this service checks domains; the page is silent about it otherwise. */
export function hasCheck(app: FastifyInstance): boolean {
  return app.hasRoute({ method: 'GET', url: API })
}

export function checkPageRoutes(app: FastifyInstance): void {
  app.get('/check', async (request, reply) => {
    if (!hasCheck(app)) throw new Problem('NOT_FOUND')
    const { domain: typed, lang } = readOptions(checkPageSchema, request.query)
    // What people paste: of an address only the domain goes on.
    const domain = typed.slice(typed.lastIndexOf('@') + 1).trim()
    const text = translator(chooseLanguage(lang, request.headers['accept-language']))
    const outcome =
      domain === '' ? null : await check({ app, request, domain, text, signal: clientSignal(reply) })
    return asPage(reply, text.language)
      .header('cache-control', 'no-store')
      .send(checkPage({ text, domain, outcome }))
  })
}

const trouble = z.object({ title: z.string(), detail: z.string() })

/** The API itself answers, so that the page can never say something else; its limits count for the real client. */
async function check(call: {
  app: FastifyInstance
  request: FastifyRequest
  domain: string
  text: Translator
  signal: AbortSignal
}): Promise<CheckOutcome> {
  const { app, request, text, signal } = call
  const domain = domainOf(call.domain, text)
  if (typeof domain !== 'string') return domain
  const response = await app
    .inject({
      url: `/v1/domains/${encodeURIComponent(domain)}/check?lang=${text.language}`,
      remoteAddress: request.ip,
      signal,
    })
    .catch((error: unknown) => {
      signal.throwIfAborted()
      throw error
    })
  const body: unknown = response.json()
  const answer = checkAnswerSchema.safeParse(body)
  if (answer.success) return { findings: answer.data.findings }
  const problem = trouble.safeParse(body)
  return { trouble: problem.success ? problem.data : { title: text.text('INTERNAL'), detail: '' } }
}

function domainOf(typed: string, text: Translator): string | CheckOutcome {
  try {
    return readDomain(typed)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { detail } = error.options
    return {
      trouble: { title: text.text('domain-syntax'), detail: detail === undefined ? '' : text.text(detail) },
    }
  }
}

export const checkPagePaths: Paths = {
  '/check': {
    get: {
      operationId: 'checkPage',
      summary: 'The domain check as a page',
      tags: ['pages'],
      parameters: parameters(checkPageSchema, 'query'),
      responses: {
        '200': textAnswer('The page', 'text/html'),
        ...problems('QUERY_INVALID', 'NOT_FOUND', 'INTERNAL'),
      },
    },
  },
}
