/** The language of an answer: `lang` over Accept-Language. */
import type { FastifyRequest } from 'fastify'
import { chooseLanguage, type Language } from '../i18n/translate.js'

export function requestLanguage(request: FastifyRequest): Language {
  const { lang } = request.query as { lang?: unknown }
  return chooseLanguage(typeof lang === 'string' ? lang : undefined, request.headers['accept-language'])
}
