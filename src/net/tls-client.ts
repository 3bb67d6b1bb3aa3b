/** The TLS client of guarded-connect: chain and host name always verified, TLS 1.2 or newer (R6, R32), sessions resumed. */
import { constants, type X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import * as tls from 'node:tls'
import { onAbort } from './on-abort.js'

/** One session is about 2 KB; this many hosts are hot at once. */
const MAX_SESSIONS = 500
/** A resumed session repeats an earlier check of the certificate; "verified live" should not mean last week. */
const MAX_SESSION_AGE_MS = 10 * 60 * 1000

export interface HandshakeTarget {
  /** A-labels, lower case: sent as SNI and matched against the certificate. */
  readonly hostname: string
  readonly alpn?: readonly string[]
  /**
   * Resumes an earlier session, which spares both sides most of the work. The socket then shows no certificate (Node
   * hands out the chain of full handshakes only), so it is nothing for who must report one (R39).
   */
  readonly resume: boolean
}

export interface TlsClient {
  /**
   * Negotiates TLS on a connected socket.
   * @throws the signal's reason when it aborts, else the error of the socket or of TLS; the socket is then destroyed
   */
  handshake(socket: Socket, target: HandshakeTarget, signal: AbortSignal): Promise<tls.TLSSocket>
}

/** @param ca extra trust anchors in PEM, besides those of Node and NODE_EXTRA_CA_CERTS */
export function createTlsClient(ca?: readonly string[]): TlsClient {
  const secureContext = contextWith(ca ?? NO_ANCHORS)
  const sessions = createSessionCache()

  return {
    handshake(socket, target, signal) {
      return new Promise((resolve, reject) => {
        const key = `${target.hostname}:${String(socket.remotePort)}`
        const session = target.resume ? sessions.get(key) : undefined
        const secured: tls.TLSSocket = tls.connect({
          socket,
          secureContext,
          servername: target.hostname,
          checkServerIdentity: (hostname) => checkIdentity(hostname, secured),
          rejectUnauthorized: true,
          ...(target.alpn !== undefined && { ALPNProtocols: [...target.alpn] }),
          ...(session !== undefined && { session }),
        })
        // Node would turn the whole chain into objects for checkServerIdentity, at a third of a handshake's cost.
        secured.getPeerCertificate = noCertificate
        let fresh: Buffer | undefined
        let verified = false
        let cause: Error | undefined

        const abort = (): void => {
          cause = signal.reason as Error
          secured.destroy()
          socket.destroy()
        }
        // Stays for good: an error between this promise and the caller's first listener must not be unhandled.
        secured.on('error', (error) => {
          cause ??= error
        })
        // Node verifies the name only in full handshakes, so a session may be kept only once that has happened.
        secured.on('session', (data) => {
          if (!target.resume) return
          fresh = data
          if (verified) sessions.set(key, data)
        })
        const closed = (): void => {
          stopListening()
          socket.destroy()
          sessions.delete(key)
          reject(cause ?? closedEarly())
        }
        secured.once('close', closed)
        secured.once('secureConnect', () => {
          stopListening()
          secured.off('close', closed)
          verified = true
          if (fresh !== undefined) sessions.set(key, fresh)
          resolve(secured)
        })
        const stopListening = onAbort(signal, abort)
        if (signal.aborted) abort()
      })
    },
  }
}

const NO_ANCHORS: readonly string[] = []
/** Shared by all clients with the same anchors: reading all root certificates costs 20 milliseconds. */
const contexts = new WeakMap<readonly string[], tls.SecureContext>()

function contextWith(ca: readonly string[]): tls.SecureContext {
  const known = contexts.get(ca)
  if (known !== undefined) return known
  const context = tls.createSecureContext({
    minVersion: 'TLSv1.2',
    // In TLS 1.2 a server may ask to negotiate anew, as often as it likes, at our cost; the name was checked but once.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    // Without `ca` Node adds NODE_EXTRA_CA_CERTS by itself.
    ...(ca.length > 0 && { ca: [...tls.rootCertificates, ...extraCertificates(), ...ca] }),
  })
  contexts.set(ca, context)
  return context
}

/**
 * The certificate that the server has proved to own in a full handshake of ours; none after a resumed one.
 * Kept because Node takes the leaf out of the chain when it is asked for: a second question gets another certificate.
 */
export function certificateOf(socket: tls.TLSSocket): X509Certificate | undefined {
  return certificates.get(socket)
}
const certificates = new WeakMap<tls.TLSSocket, X509Certificate>()

/** RFC 9525 section 6.3: only subjectAltName counts, where the common name once did; wildcards are whole labels. */
function checkIdentity(hostname: string, socket: tls.TLSSocket): Error | undefined {
  const certificate = socket.getPeerX509Certificate()
  // Node asks again when the server has asked for another handshake, which OpenSSL then declined.
  if (certificate === undefined) {
    return Object.assign(new Error('the server wants another handshake'), {
      code: 'ERR_SSL_NO_RENEGOTIATION',
    })
  }
  const matches = certificate.checkHost(hostname, { subject: 'never', partialWildcards: false })
  if (matches === undefined) {
    return Object.assign(new Error('the certificate names another host'), {
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
  }
  certificates.set(socket, certificate)
  return undefined
}

/** Node calls it for checkServerIdentity alone, whose place checkIdentity has taken. */
const noCertificate = (() => ({})) as unknown as tls.TLSSocket['getPeerCertificate']

function closedEarly(): Error {
  return Object.assign(new Error('closed during the TLS handshake'), { code: 'ECONNRESET' })
}

/** Node 22.15 and newer can tell; older versions offer no way to combine own anchors with NODE_EXTRA_CA_CERTS. */
function extraCertificates(): string[] {
  const list = (tls as { getCACertificates?: (type: 'extra') => string[] }).getCACertificates
  return list?.('extra') ?? []
}

interface SessionCache {
  get(key: string): Buffer | undefined
  set(key: string, session: Buffer): void
  delete(key: string): void
}

function createSessionCache(): SessionCache {
  const entries = new Map<string, { session: Buffer; expiresAt: number }>()
  return {
    get(key) {
      const entry = entries.get(key)
      return entry !== undefined && entry.expiresAt > performance.now() ? entry.session : undefined
    },
    set(key, session) {
      entries.delete(key)
      entries.set(key, { session, expiresAt: performance.now() + MAX_SESSION_AGE_MS })
      const [oldest] = entries.keys()
      if (entries.size > MAX_SESSIONS && oldest !== undefined) entries.delete(oldest)
    },
    delete(key) {
      entries.delete(key)
    },
  }
}
