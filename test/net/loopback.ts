/** The real guarded connector on loopback: every name resolves, every port is dialled at a test server's own port. */
import { once } from 'node:events'
import { type AddressInfo, connect, type Server, type Socket } from 'node:net'
import type { Test } from 'tap'
import type { Resolver } from '../../src/domain/source.js'
import { createGuardedConnector, type GuardedConnector } from '../../src/net/guarded-connect.js'

export interface Loopback {
  readonly connector: GuardedConnector
  /**
   * Starts servers; from now on connections to a port go to the server named for it, and to none that was named
   * before. Everything is closed when the test ends.
   */
  serve(t: Test, servers: Servers): Promise<Traffic>
}

/** By the port that is dialled; a missing port is refused. */
export type Servers = Readonly<Record<number, Server>>

export interface Traffic {
  /** The ports asked for, one per dialled connection. */
  readonly dialled: readonly number[]
  /** The client ends of all connections. */
  readonly sockets: readonly Socket[]
}

/**
 * One connector for a whole file, because it reads all root certificates when it starts (25 ms).
 * Names below `.nowhere.test` do not exist; those below `.dnsless.test` cannot be looked up.
 * @param ca the one trust anchor besides the roots, in PEM
 */
export function createLoopback(ca: string): Loopback {
  let current: { servers: Servers; dialled: number[]; sockets: Socket[] } | undefined
  const connector = createGuardedConnector({
    resolver: { ...nothingElse, addresses },
    policy: { allows: () => true },
    ca: [ca],
    dial(_address, port) {
      const server = current?.servers[port]
      const socket = connect({ host: '127.0.0.1', port: server ? (server.address() as AddressInfo).port : 1 })
      current?.dialled.push(port)
      current?.sockets.push(socket)
      return socket
    },
  })
  return {
    connector,
    async serve(t, servers) {
      const accepted = new Set<Socket>()
      for (const server of Object.values(servers)) {
        server.on('connection', (socket: Socket) => {
          accepted.add(socket)
          socket.on('error', () => undefined)
        })
        server.listen(0, '127.0.0.1')
        await once(server, 'listening')
      }
      const dialled: number[] = []
      const sockets: Socket[] = []
      current = { servers, dialled, sockets }
      t.teardown(() => {
        for (const socket of [...accepted, ...sockets]) socket.destroy()
        for (const server of Object.values(servers)) server.close()
      })
      return { dialled, sockets }
    },
  }
}

const addresses: Resolver['addresses'] = (name) => {
  if (name.endsWith('.nowhere.test')) {
    return Promise.resolve({ kind: 'absent', ttlSeconds: 77, authenticated: false })
  }
  if (name.endsWith('.dnsless.test')) {
    return Promise.resolve({ kind: 'failed', failure: { code: 'dns', detail: 'no answer' } })
  }
  return Promise.resolve({ kind: 'found', value: ['192.0.2.1'], ttlSeconds: 60, authenticated: false })
}

const unplanned = () => Promise.reject(new Error('nobody planned this question'))
const nothingElse = { mx: unplanned, srv: unplanned, txt: unplanned }
