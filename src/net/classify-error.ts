/** Turns what sockets, TLS and the HTTP parser throw into failures as values. */
import { type Failure, failure } from '../domain/errors.js'

/** Expected trouble of the network while it travels as an exception within net/. */
export class NetError extends Error {
  override readonly name: string = 'NetError'
  readonly failure: Failure

  constructor(failure: Failure) {
    // Dozens in a lookup are thrown to be caught; where each arose is in no log, and costs more than the rest of it.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(failure.detail)
    Error.stackTraceLimit = stackTraceLimit
    this.failure = failure
  }
}

/** R11: blocked, refused, reset, closed and unreachable are one sentence, so that nobody learns which it was. */
export const UNREACHABLE: Failure = failure('unreachable', 'the server could not be reached')
export const TIMED_OUT: Failure = failure('timeout', 'the server did not answer in time')

/** Inconclusive on purpose: it says nothing about the server, and never that nobody is there (R37). */
export const NO_MEANS: Failure = failure('timeout', 'not asked: this machine can open no connection now')

/** Descriptors, ports, memory or the network of this machine are used up or down: we could not look. */
const NO_MEANS_CODES = new Set([
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENETDOWN',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
])
const UNREACHABLE_CODES = new Set([
  'EACCES',
  'EAFNOSUPPORT',
  'ECANCELED',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EINVAL',
  'ENETUNREACH',
  'ENOTCONN',
  'EPERM',
  'EPIPE',
  'ERR_SOCKET_CLOSED',
  'ERR_SOCKET_CLOSED_BEFORE_CONNECTION',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_WRITE_AFTER_END',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
  'UND_ERR_SOCKET',
])
const TIMEOUT_CODES = new Set([
  'ETIMEDOUT',
  'ERR_SOCKET_CONNECTION_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
])
const NAME_CODES = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME'])

const NOT_TRUSTED = 'it is not issued by a trusted authority'
const WRONG_NAME = 'it is not valid for the host name'
/** OpenSSL's X509_V_ERR_* names as Node reports them; the messages themselves may quote the certificate. */
const CERTIFICATE_REASONS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  CERT_REVOKED: 'it was revoked',
  CERT_SIGNATURE_FAILURE: 'its signature is wrong',
  CERT_UNTRUSTED: NOT_TRUSTED,
  CERT_REJECTED: NOT_TRUSTED,
  CERT_CHAIN_TOO_LONG: 'its chain is too long',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  ERROR_IN_CERT_NOT_AFTER_FIELD: 'its dates cannot be read',
  ERROR_IN_CERT_NOT_BEFORE_FIELD: 'its dates cannot be read',
  ERR_TLS_CERT_ALTNAME_FORMAT: WRONG_NAME,
  ERR_TLS_CERT_ALTNAME_INVALID: WRONG_NAME,
  HOSTNAME_MISMATCH: WRONG_NAME,
  INVALID_CA: 'its issuer may not issue certificates',
  INVALID_PURPOSE: 'it is not meant for servers',
  PATH_LENGTH_EXCEEDED: 'its chain is too long',
  SELF_SIGNED_CERT_IN_CHAIN: NOT_TRUSTED,
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: 'its signature is wrong',
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: 'its signature is wrong',
  UNABLE_TO_GET_ISSUER_CERT: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOT_TRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it is not issued by a trusted authority, or its chain is incomplete',
  // Newer OpenSSL reasons for which Node has no name of its own.
  UNSPECIFIED: 'it cannot be verified',
}

/**
 * Describes an error of a socket, of TLS, of undici or of the HTTP parser.
 * @throws the error itself when it is none of these: a bug or an abort must not look like a network failure
 */
export function classifyError(error: unknown): Failure {
  if (error instanceof NetError) return error.failure
  const code = codeOf(error)
  if (NO_MEANS_CODES.has(code)) return NO_MEANS
  if (UNREACHABLE_CODES.has(code)) return UNREACHABLE
  if (TIMEOUT_CODES.has(code)) return TIMED_OUT
  if (NAME_CODES.has(code)) return failure('dns', 'the name could not be looked up')
  const reason = Object.hasOwn(CERTIFICATE_REASONS, code) ? CERTIFICATE_REASONS[code] : undefined
  if (reason !== undefined) return failure('certificate', `the certificate was refused: ${reason}`)
  if (code === 'EPROTO' || /^ERR_(SSL|TLS|OSSL)_/.test(code)) {
    return failure('tls', `no TLS connection could be agreed on (${tlsReason(code)})`)
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') {
    return failure('too-large', 'the header of the answer is too large')
  }
  if (/^(HPE_|UND_ERR_(RES|RESPONSE|REQ)_|Z_)/.test(code)) {
    return failure('protocol', 'the answer does not follow the protocol')
  }
  // Whatever else the operating system says about a socket.
  if (error instanceof Error && 'syscall' in error) return UNREACHABLE
  throw error
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** `ERR_SSL_WRONG_VERSION_NUMBER` → `wrong version number`. */
function tlsReason(code: string): string {
  if (code === 'EPROTO') return 'protocol error'
  return code
    .replace(/^ERR_(SSL|TLS|OSSL)_/, '')
    .replaceAll('_', ' ')
    .toLowerCase()
}
