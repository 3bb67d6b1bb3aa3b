/** What every page of ours is sent with (R43): its own content security policy, and no trace in caches of what was typed. */
import type { FastifyReply } from 'fastify'
import type { Language } from '../i18n/translate.js'

/** Nothing inline, nothing from elsewhere, and no text that becomes markup in the browser. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

export function asPage(reply: FastifyReply, language: Language): FastifyReply {
  return reply
    .header('content-security-policy', PAGE_POLICY)
    .header('content-language', language)
    .header('vary', 'accept, accept-language')
    .type('text/html; charset=utf-8')
}
