/** The language of an answer: `lang` over Accept-Language. */
import type { FastifyRequest } from 'fastify'
import { chooseLanguage, type Language } from '../i18n/translate.js'

export function requestLanguage(request: FastifyRequest): Language {
  // A request whose path could not be read has no query, in spite of its type.
  const lang = (request.query as { lang?: unknown } | null)?.lang
  return chooseLanguage(typeof lang === 'string' ? lang : undefined, request.headers['accept-language'])
}
