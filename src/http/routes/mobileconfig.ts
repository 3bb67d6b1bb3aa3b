/** `GET /v1/mobileconfig`: a configuration profile for iPhone, iPad and Mac (R46), signed for own domains only (R42). */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { recommend } from '../../discovery/recommend.js'
import { writeMobileconfig } from '../../formats/mobileconfig.js'
import { settingsView } from '../../formats/settings-view.js'
import { chooseLanguage, translator } from '../../i18n/translate.js'
import type { AppParts } from '../app-parts.js'
import { clientSignal } from '../client-signal.js'
import { discoverOptionsSchema, readEmail, readOptions } from '../discover-options.js'
import { LOOKUP_PROBLEMS, parameters, type Paths, problems, textAnswer } from '../openapi-parts.js'
import { Problem, requireFound } from '../problem.js'
import { profileBody } from '../profile-body.js'

export const mobileconfigOptionsSchema = discoverOptionsSchema.pick({ email: true, lang: true }).extend({
  protocol: z
    .enum(['imap', 'pop3'])
    .optional()
    .describe('Which way to receive; the recommended one by default'),
})

export function mobileconfigRoutes(app: FastifyInstance, parts: AppParts): void {
  app.get('/v1/mobileconfig', async (request, reply) => {
    const options = readOptions(mobileconfigOptionsSchema, request.query)
    const email = readEmail(options.email)
    const discovery = await parts.service.discover({ domain: email.domain, signal: clientSignal(reply) })
    requireFound(discovery)
    const text = translator(chooseLanguage(options.lang, request.headers['accept-language']))
    const protocol = options.protocol ?? recommend(discovery.servers, {})?.protocol ?? 'imap'
    const view = settingsView(discovery, email)
    const profile = writeMobileconfig(view, {
      protocol,
      texts: {
        displayName: text.text('profile-name', { email: email.address }),
        organization: discovery.provider?.name ?? discovery.domain,
        description: text.text('profile-description', { email: email.address }),
      },
    })
    if (!profile.ok) throw new Problem('PROFILE_UNSUPPORTED', { detail: `detail-profile-${profile.reason}` })
    const body = await profileBody(parts, { view, protocol, body: profile.body })
    const charset = typeof body === 'string' ? '; charset=utf-8' : ''
    return reply
      .header('cache-control', 'no-store')
      .header('content-language', text.language)
      .header('content-disposition', `attachment; filename="${email.domain}.mobileconfig"`)
      .type(`application/x-apple-aspen-config${charset}`)
      .send(body)
  })
}

export const mobileconfigPaths: Paths = {
  '/v1/mobileconfig': {
    get: {
      operationId: 'mobileconfig',
      summary: 'Configuration profile for iPhone, iPad and Mac',
      tags: ['formats'],
      parameters: parameters(mobileconfigOptionsSchema, 'query'),
      responses: {
        '200': textAnswer('The profile', 'application/x-apple-aspen-config'),
        ...problems('EMAIL_INVALID', 'QUERY_INVALID', 'PROFILE_UNSUPPORTED', ...LOOKUP_PROBLEMS),
      },
    },
  },
}
