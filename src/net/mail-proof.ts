/** What a probe brings home: the facts of the TLS session and the server's own words, made harmless (R25, R39). */
import type { TLSSocket } from 'node:tls'
import type { Verification } from '../domain/mail-settings.js'
import { protocolError } from './mail-dialogue.js'
import { certificateOf } from './tls-client.js'

export type TlsProof = NonNullable<Verification['tls']>

/** Servers list about 30; both caps only keep a hostile one from filling the answer. */
const MAX_CAPABILITIES = 64
const MAX_CAPABILITY_LENGTH = 64
/** RFC 4422 section 3.1. */
const SASL_NAME = /^[A-Z0-9_-]{1,20}$/

/**
 * Must be called right after the handshake: a closed socket has forgotten its version.
 * @throws NetError when the server is gone already
 */
export function tlsProof(socket: TLSSocket): TlsProof {
  const version = socket.getProtocol()
  const certificate = certificateOf(socket)
  // Nothing to be had means a closed socket.
  if (version === null || certificate === undefined) throw protocolError('it hung up')
  const expires = new Date(certificate.validTo)
  return { version, certificateExpiresAt: expires.toISOString() }
}

/** Capabilities for the answer: printable ASCII, upper case, each once, few and short. */
export function printable(capabilities: readonly string[]): string[] {
  const clean = capabilities.map((entry) =>
    entry
      .replace(/[^\x20-\x7e]/g, '')
      .trim()
      .toUpperCase()
      .slice(0, MAX_CAPABILITY_LENGTH),
  )
  return [...new Set(clean)].filter((entry) => entry !== '').slice(0, MAX_CAPABILITIES)
}

/** SASL mechanisms, upper case, each once; what is no mechanism name is left out. */
export function saslNames(names: readonly string[]): string[] {
  const upper = names.map((name) => name.toUpperCase()).filter((name) => SASL_NAME.test(name))
  return [...new Set(upper)].slice(0, MAX_CAPABILITIES)
}
