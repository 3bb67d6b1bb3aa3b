/** Trouble that a client hears of: routes throw it, the error handler alone turns it into a problem document. */
import type { FastifyBaseLogger } from 'fastify'
import type { Discovery } from '../domain/discovery.js'
import type { ProblemCode } from '../domain/errors.js'
import type { CatalogueKey } from '../i18n/catalogue.js'
import { ClientGone } from './client-signal.js'

export interface ProblemOptions {
  /** A sentence of the catalogue. */
  readonly detail?: CatalogueKey
  /** An English sentence about the request's form, where the catalogue has none. */
  readonly detailText?: string
  /** For Retry-After (RFC 9110 section 10.2.3), where it is known. */
  readonly retryAfterSeconds?: number
  /** A lookup that found nothing: its sources, hints and provider belong to the answer (design section 4). */
  readonly discovery?: Discovery
}

export class Problem extends Error {
  readonly code: ProblemCode
  readonly options: ProblemOptions

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(code)
    this.code = code
    this.options = options
  }
}

const CODE_BY_KIND = {
  reserved: 'NAME_RESERVED',
  'no-mail': 'NO_MAIL',
  absent: 'NOTHING_FOUND',
  failed: 'LOOKUP_FAILED',
} as const

/** Throws the problem for a lookup without settings; returns for one with. @throws Problem */
export function requireFound(discovery: Discovery): void {
  if (discovery.kind === 'found') return
  const code = CODE_BY_KIND[discovery.kind]
  throw new Problem(code, { detail: `detail-${code}`, discovery })
}

/** Whatever was thrown, as a problem; anything but a Problem is a bug, which is logged and tells the client nothing. */
export function toProblem(error: unknown, log: FastifyBaseLogger): Problem {
  if (error instanceof Problem) return error
  if (error instanceof ClientGone) return new Problem('LOOKUP_FAILED')
  log.error({ err: error }, 'unexpected error')
  return new Problem('INTERNAL')
}
