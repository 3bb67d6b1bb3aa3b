/**
 * The HostProber port: a TLS handshake with a web host for the sake of its certificate. HTTP connections resume
 * sessions and then show none, so the domain check looks for itself.
 */
import { TLSSocket } from 'node:tls'
import type { HostProber } from '../domain/domain-check.js'
import { NetError } from './classify-error.js'
import type { GuardedConnector } from './guarded-connect.js'
import { tlsProof } from './mail-proof.js'

export function createHostProber(connector: GuardedConnector): HostProber {
  return {
    async prove(hostname, signal) {
      try {
        const socket = await connector.connect({ hostname, port: 443, tls: true, signal })
        try {
          if (!(socket instanceof TLSSocket))
            throw new TypeError('the connector gave no TLS for a TLS target')
          return { kind: 'verified', ...tlsProof(socket) }
        } finally {
          socket.destroy()
        }
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof NetError)) throw error
        return { kind: 'failed', failure: error.failure }
      }
    },
  }
}
