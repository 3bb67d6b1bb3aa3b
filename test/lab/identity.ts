/** Which face a lab host shows in a TLS handshake. */
import type { Duplex } from 'node:stream'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'
import { LRUCache } from 'lru-cache'
import type { LabCa } from './ca.js'
import type { LabLog } from './log.js'

/**
 * `tls1.1` has a good certificate and speaks nothing newer; `any-name` has one for whatever name the client asks for, as a
 * machine has that serves many domains.
 */
export type CertificateKind = 'good' | 'any-name' | 'wrong-name' | 'expired' | 'self-signed' | 'tls1.1'

export interface Identities {
  /** The server's side of a handshake on the stream: resolves before it is done, errors only end the socket. */
  secure(stream: Duplex, face: Face): Promise<TLSSocket>
}

export interface Face {
  readonly host: string
  /** Each port has tickets of its own: a session of one service is not resumed by another. */
  readonly port: number
  readonly certificate: CertificateKind
}

const HOUR_MS = 3_600_000

/** Contexts are large, and of many domains each is asked for a few times within a second. */
const MAX_CONTEXTS_BY_NAME = 500

export function createIdentities(ca: LabCa, log: LabLog): Identities {
  const contexts = new Map<string, Promise<SecureContext>>()
  const byName = new LRUCache<string, Promise<SecureContext>>({ max: MAX_CONTEXTS_BY_NAME })

  function contextFor(name: string): Promise<SecureContext> {
    let context = byName.get(name)
    if (!context) byName.set(name, (context = makeContext({ host: name, port: 0, certificate: 'good' })))
    return context
  }

  async function makeContext({ host, certificate: kind }: Face): Promise<SecureContext> {
    const { key, cert } = await ca.issue({
      names: [kind === 'wrong-name' ? 'somebody-else.test' : host],
      ...(kind === 'expired' && { notAfter: new Date(Date.now() - HOUR_MS) }),
      selfSigned: kind === 'self-signed',
    })
    const old = kind === 'tls1.1'
    return createSecureContext({
      key,
      cert,
      // OpenSSL 3 refuses the hash of TLS 1.1 above security level 0.
      ...(old && { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    })
  }

  return {
    async secure(stream, face) {
      const id = `${face.host}:${face.port} ${face.certificate}`
      let context = contexts.get(id)
      if (!context) contexts.set(id, (context = makeContext(face)))
      const secureContext = await context
      const socket = new TLSSocket(stream, {
        isServer: true,
        secureContext,
        ALPNProtocols: ['http/1.1'],
        ...(face.certificate === 'any-name' && {
          SNICallback: (name, done) => {
            contextFor(name).then((found) => {
              done(null, found)
            }, done)
          },
        }),
      })
      socket.on('error', () => undefined)
      socket.once('secure', () => {
        log.handshakes.push({ host: face.host, port: face.port, resumed: socket.isSessionReused() })
      })
      return socket
    },
  }
}
