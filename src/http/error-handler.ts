/** The one place that writes problem documents (RFC 9457); their codes and statuses live in domain/errors.ts. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Problem as ProblemDocument } from '../domain/answer.js'
import { PROBLEM_STATUS } from '../domain/errors.js'
import { renderMessage, renderSources } from '../formats/json.js'
import { translator, type Translator } from '../i18n/translate.js'
import { requestLanguage } from './request-language.js'
import { Problem, toProblem } from './problem.js'

/** Seconds after which a failed lookup is worth another try (R37: kept only for seconds). */
const RETRY_AFTER_SECONDS = 10

export function installErrorHandler(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = fromFramework(error) ?? toProblem(error, request.log)
    return sendProblem({ problem, request, reply })
  })
  app.setNotFoundHandler((request, reply) =>
    sendProblem({ problem: new Problem('NOT_FOUND'), request, reply }),
  )
}

/**
 * For Fastify's `frameworkErrors`: a path that cannot be read belongs to no route and passes no hook. Fastify's own answer
 * would repeat the path, which may hold an address.
 */
export function refuseUnreadable(headers: Readonly<Record<string, string>>) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const problem = fromFramework(error) ?? toProblem(error, request.log)
    sendProblem({ problem, request, reply: reply.headers(headers).header('x-request-id', request.id) })
  }
}

function sendProblem(input: {
  problem: Problem
  request: FastifyRequest
  reply: FastifyReply
}): FastifyReply {
  const { problem, request, reply } = input
  const text = translator(requestLanguage(request))
  const status = PROBLEM_STATUS[problem.code]
  const wait = problem.options.retryAfterSeconds ?? (status === 503 ? RETRY_AFTER_SECONDS : null)
  if (wait !== null) reply.header('retry-after', String(wait))
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .header('content-language', text.language)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemDocument(problem, text, request.id)))
}

/** For answers that are under way already, such as event streams, too. @param requestId names the line in the log */
export function problemDocument(
  { code, options }: Problem,
  text: Translator,
  requestId: string,
): ProblemDocument {
  const { discovery } = options
  const detail = options.detailText ?? text.text(options.detail ?? code)
  const provider = discovery?.provider
  return {
    type: `urn:mailscout:problem:${code}`,
    title: text.text(code),
    status: PROBLEM_STATUS[code],
    detail,
    code,
    instance: `urn:mailscout:request:${requestId}`,
    ...(discovery
      ? { sources: renderSources(discovery.sources), suggestions: [...discovery.suggestions] }
      : {}),
    ...(discovery && provider
      ? {
          provider,
          notices: discovery.notices.map((notice) =>
            renderMessage(notice, (message) => text.message(message)),
          ),
        }
      : {}),
  }
}

/** Fastify's own errors, by status. */
function fromFramework(error: FastifyError): Problem | null {
  if (error.statusCode === 413) return new Problem('BODY_TOO_LARGE')
  if (error.statusCode === 415) return new Problem('MEDIA_TYPE_UNSUPPORTED')
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new Problem('QUERY_INVALID', { detailText: 'The request could not be read.' })
  }
  return null
}
