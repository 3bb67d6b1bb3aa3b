/** `GET /v1/domains/{domain}/check`: what a domain publishes and what is wrong with it, for its administrator. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { CheckedDomain } from '../../discovery/check-domain.js'
import { type CheckFinding, checkCodeFacts } from '../../domain/check-codes.js'
import { type CheckAnswer, checkAnswerSchema, SEVERITIES } from '../../domain/domain-check.js'
import { toUnicode } from '../../domain/hostname.js'
import { chooseLanguage, translator, type Translator } from '../../i18n/translate.js'
import type { AppParts } from '../app-parts.js'
import { clientSignal } from '../client-signal.js'
import { discoverOptionsSchema, readDomain, readOptions } from '../discover-options.js'
import { sendCacheable } from '../etag.js'
import { answer, NOT_MODIFIED, outputSchema, parameters, type Paths, problems } from '../openapi-parts.js'
import { Problem } from '../problem.js'
import { domainParamsSchema } from './domains.js'

export const checkOptionsSchema = discoverOptionsSchema.pick({ lang: true })

/** Seconds; the check itself is kept as long. */
const MAX_AGE_SECONDS = 60

export function checkRoutes(app: FastifyInstance, { checker }: AppParts): void {
  if (!checker) return
  app.get('/v1/domains/:domain/check', async (request, reply) => {
    const options = readOptions(checkOptionsSchema, request.query)
    const domain = readDomain(readOptions(domainParamsSchema, request.params).domain)
    const check = await checker.check({ domain, signal: clientSignal(reply) })
    if (check.kind !== 'checked') {
      const code = check.kind === 'reserved' ? 'NAME_RESERVED' : 'LOOKUP_FAILED'
      throw new Problem(code, { detail: `detail-${code}` })
    }
    const text = translator(chooseLanguage(options.lang, request.headers['accept-language']))
    reply
      .header('content-language', text.language)
      .header('vary', 'accept-language')
      .type('application/json; charset=utf-8')
    const body = JSON.stringify(renderCheck(check, text))
    return sendCacheable({ request, reply, body, maxAgeSeconds: MAX_AGE_SECONDS })
  })
}

function renderCheck(check: CheckedDomain, text: Translator): CheckAnswer {
  const findings = check.findings.map((finding) => renderFinding(finding, text))
  const used = new Set(findings.map(({ severity }) => severity))
  return {
    domain: check.domain,
    unicodeDomain: toUnicode(check.domain),
    own: check.own,
    verdict: SEVERITIES.find((severity) => used.has(severity)) ?? 'ok',
    findings,
    mechanisms: mechanismsOf(check),
    checkedAt: new Date(check.checkedAt).toISOString(),
  }
}

function renderFinding(finding: CheckFinding, text: Translator): CheckAnswer['findings'][number] {
  const { code, where, record } = finding
  const params = { ...finding.params, ...(where === undefined ? {} : { where }) }
  const { severity, defect } = checkCodeFacts(code)
  return {
    code,
    severity,
    ...(defect === undefined ? {} : { defect }),
    text: text.text(`check-${code}`, params),
    fix: text.text(`fix-${code}`, params),
    ...(where === undefined ? {} : { where }),
    ...(record === undefined ? {} : { record }),
  }
}

function mechanismsOf({ places, published }: CheckedDomain): CheckAnswer['mechanisms'] {
  const web = places.map(({ mechanism, where, outcome, detail, failure }) => {
    const why = detail ?? failure?.detail
    return { mechanism, where, outcome, ...(why === undefined ? {} : { detail: why }) }
  })
  const srv = published.filter(({ mechanism }) => mechanism === 'srv')
  const all = [
    ...web,
    ...srv.map(({ mechanism, where }) => ({ mechanism, where, outcome: 'published' as const })),
  ]
  return all.map((one) => ({
    ...one,
    servers: published
      .filter(({ mechanism }) => mechanism === one.mechanism)
      .flatMap(({ servers }) =>
        servers.map(({ protocol, hostname, port, security }) => ({ protocol, hostname, port, security })),
      ),
  }))
}

export const checkPaths: Paths = {
  '/v1/domains/{domain}/check': {
    get: {
      operationId: 'checkDomain',
      summary: 'What a domain publishes, what is wrong with it, and what mends it',
      tags: ['settings'],
      parameters: [
        ...parameters(domainParamsSchema, 'path'),
        ...parameters(z.strictObject(checkOptionsSchema.shape), 'query'),
      ],
      responses: {
        '200': answer('The findings, worst first', {
          'application/json': { schema: outputSchema(checkAnswerSchema) },
        }),
        '304': NOT_MODIFIED,
        ...problems('QUERY_INVALID', 'NAME_RESERVED', 'LOOKUP_FAILED', 'OVERLOADED', 'INTERNAL'),
      },
    },
  },
}
