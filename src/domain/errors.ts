/** Failures of the network as values, and the table of problems the service answers with. */

/**
 * Why something could not be looked up. `unreachable` covers blocked, refused, reset and closed on purpose: seen from
 * outside they must read alike, or the service would tell where internal hosts are (R11).
 */
export type FailureCode =
  | 'timeout'
  | 'unreachable'
  | 'dns'
  /** The name is known not to exist. */
  | 'name-absent'
  | 'certificate'
  | 'tls'
  | 'starttls-missing'
  | 'starttls-injection'
  | 'http-status'
  | 'redirect'
  | 'too-large'
  | 'protocol'
  | 'document'

export interface Failure {
  readonly code: FailureCode
  /** English, for logs and the JSON answer; holds no address of a person and nothing about internal hosts. */
  readonly detail: string
}

export function failure(code: FailureCode, detail: string): Failure {
  return { code, detail }
}

/** The codes of design section 4 with their HTTP status: the only place that pairs them. */
export const PROBLEM_STATUS = {
  EMAIL_INVALID: 400,
  QUERY_INVALID: 400,
  NAME_RESERVED: 404,
  NO_MAIL: 404,
  NOTHING_FOUND: 404,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  FORMAT_UNSUPPORTED: 406,
  BODY_TOO_LARGE: 413,
  MEDIA_TYPE_UNSUPPORTED: 415,
  PROFILE_UNSUPPORTED: 422,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  LOOKUP_FAILED: 503,
  OVERLOADED: 503,
} as const

export type ProblemCode = keyof typeof PROBLEM_STATUS
