/** Which face a lab host shows in a TLS handshake. */
import type { Duplex } from 'node:stream'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'
import type { LabCa } from './ca.js'

/** `tls1.1` has a good certificate and speaks nothing newer. */
export type CertificateKind = 'good' | 'wrong-name' | 'expired' | 'self-signed' | 'tls1.1'

export interface Identities {
  /** The server's side of a handshake on the stream; resolves at once, errors end the socket. */
  secure(stream: Duplex, name: string, kind?: CertificateKind): Promise<TLSSocket>
}

const HOUR_MS = 3_600_000

export function createIdentities(ca: LabCa): Identities {
  const contexts = new Map<string, Promise<SecureContext>>()

  async function makeContext(name: string, kind: CertificateKind): Promise<SecureContext> {
    const { key, cert } = await ca.issue({
      names: [kind === 'wrong-name' ? 'somebody-else.test' : name],
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
    async secure(stream, name, kind = 'good') {
      const id = `${kind} ${name}`
      let context = contexts.get(id)
      if (!context) contexts.set(id, (context = makeContext(name, kind)))
      const secureContext = await context
      const socket = new TLSSocket(stream, {
        isServer: true,
        secureContext,
        ALPNProtocols: ['http/1.1'],
      })
      socket.on('error', () => undefined)
      return socket
    },
  }
}
