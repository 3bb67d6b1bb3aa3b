/** The parent's end of cold-lab.ts: starts it, dials into it, asks what it has seen. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createDial } from '../../test/lab/dial.js'
import type { WireDirectory } from '../../test/lab/network.js'

export type ToLab = { kind: 'connected'; from: number; place: string } | { kind: 'count' }
export type FromLab = Ready | Counts

interface Ready extends WireDirectory {
  readonly kind: 'ready'
  readonly environment: Readonly<Record<string, string>>
  readonly providersDirectory: string
  /** PEM; one array for all, so that they share what is made of it. */
  readonly ca: readonly string[]
  /** By host name. */
  readonly addresses: Readonly<Record<string, string>>
}

/** What the lab has seen since it was asked last. */
export interface Counts {
  readonly kind: 'counts'
  readonly dns: number
  readonly http: number
  /** Full ones. */
  readonly handshakes: readonly { readonly host: string; readonly port: number }[]
  readonly resumed: number
}

export interface RemoteLab extends Omit<Ready, 'kind'> {
  readonly dial: (address: string, port: number) => Socket
  counts(): Promise<Counts>
  /** Connections dialled, and bytes on those that have ended, since asked last. */
  traffic(): { connections: number; bytes: number }
  close(): Promise<void>
}

export async function startLabProcess(rttMs: number, world: 'latency' | 'cpu'): Promise<RemoteLab> {
  const child = fork(fileURLToPath(new URL('../cold-lab.ts', import.meta.url)), [String(rttMs), world])
  const ready = await heard(child, 'ready')
  const served = new Set(ready.served)
  const black = new Set(ready.black)
  const dial = createDial({
    port: ready.port,
    rttMs,
    isServed: (place) => served.has(place),
    isBlack: (address) => black.has(address),
    connected: (from, place) => child.send({ kind: 'connected', from, place } satisfies ToLab),
  })
  let seen = { connections: 0, bytes: 0 }
  return {
    ...ready,
    dial(address, port) {
      const socket = dial(address, port)
      socket.once('connect', () => (seen.connections += 1))
      socket.once('close', () => (seen.bytes += socket.bytesRead + socket.bytesWritten))
      return socket
    },
    async counts() {
      child.send({ kind: 'count' } satisfies ToLab)
      return heard(child, 'counts')
    },
    traffic() {
      const told = seen
      seen = { connections: 0, bytes: 0 }
      return told
    },
    async close() {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}

function heard<Kind extends FromLab['kind']>(
  child: ChildProcess,
  kind: Kind,
): Promise<Extract<FromLab, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const onExit = () => {
      reject(new Error('the lab has ended'))
    }
    child.once('exit', onExit)
    child.on('message', function listen(message: FromLab) {
      if (message.kind !== kind) return
      child.off('message', listen)
      child.off('exit', onExit)
      resolve(message as Extract<FromLab, { kind: Kind }>)
    })
  })
}
