/**
 * The lab's wire: every host has an address of its own, but one listener on an ephemeral loopback port serves them all,
 * so neither root nor free ports 443 or 993 are needed. A dialled socket is paired with the accepted one by the port it
 * came from, and the accepted end is handed to whoever serves the dialled address and port.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type LookupFunction, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { LabLog } from './log.js'

/** Serves one accepted connection; the stream comes paused, so that a slow start of TLS loses nothing. */
export type Serve = (stream: Duplex) => void

export interface LabNetwork {
  /** Stands in for `net.connect`: takes the place of the service's injected `Dial`. */
  dial(address: string, port: number): Socket
  listen(endpoint: { address: string; port: number; host: string }, serve: Serve): void
  /** From now on the address swallows every packet: connects neither succeed nor fail. */
  swallow(address: string, host: string): void
  close(): Promise<void>
}

export interface NetworkOptions {
  readonly log: LabLog
  /** Round trip in milliseconds: one for the connect, half of one on every chunk in each direction. */
  readonly rttMs: number
}

export async function createLabNetwork({ log, rttMs }: NetworkOptions): Promise<LabNetwork> {
  const served = new Map<string, Serve>()
  const hosts = new Map<string, string>()
  const black = new Set<string>()
  const open = new Set<Socket>()
  /** Ends that wait for their other half, by the dialling port. */
  const accepted = new Map<number, Socket>()
  const dialled = new Map<number, Serve>()

  function start(stream: Socket, serve: Serve): void {
    serve(rttMs > 0 ? new DelayedStream(stream, rttMs / 2) : stream)
  }

  const hub = createServer({ pauseOnConnect: true, noDelay: true, allowHalfOpen: false }, (socket) => {
    keep(socket)
    const port = socket.remotePort ?? 0
    const serve = dialled.get(port)
    dialled.delete(port)
    if (serve) start(socket, serve)
    else accepted.set(port, socket)
  })
  hub.listen(0, '127.0.0.1')
  await once(hub, 'listening')
  hub.unref()
  const hubPort = (hub.address() as AddressInfo).port

  function keep(socket: Socket): void {
    open.add(socket)
    // A reset is daily business on a network; whoever uses the socket has listeners of his own.
    socket.on('error', () => undefined)
    socket.once('close', () => open.delete(socket))
  }

  /** The look-up hook decides the fate of the dial: answer at once or after a round trip, fail, or never call back. */
  function fate(address: string, serve: Serve | undefined): LookupFunction {
    return (_hostname, _options, callback) => {
      if (black.has(address)) return
      const answer = () => {
        if (serve) callback(null, '127.0.0.1', 4)
        else callback(refusal(address), '')
      }
      if (rttMs > 0) setTimeout(answer, rttMs)
      else process.nextTick(answer)
    }
  }

  return {
    dial(address, port) {
      log.dials.push({ address, port, host: hosts.get(address) ?? null })
      const serve = served.get(`${address} ${port}`)
      const socket = connect({
        host: 'lab',
        port: hubPort,
        noDelay: true,
        autoSelectFamily: false,
        lookup: fate(address, serve),
      })
      if (serve) {
        socket.once('connect', () => {
          const from = socket.localPort ?? 0
          const peer = accepted.get(from)
          accepted.delete(from)
          if (peer) start(peer, serve)
          else dialled.set(from, serve)
        })
      }
      return socket
    },
    listen({ address, port, host }, serve) {
      hosts.set(address, host)
      served.set(`${address} ${port}`, serve)
    },
    swallow(address, host) {
      hosts.set(address, host)
      black.add(address)
    },
    async close() {
      const closed = once(hub, 'close')
      hub.close()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

function refusal(address: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`connect ECONNREFUSED ${address}`), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
    address,
  })
}

/** A stream that carries every chunk a fixed time later; equal delays keep the order. */
class DelayedStream extends Duplex {
  readonly #inner: Socket
  readonly #delayMs: number

  constructor(inner: Socket, delayMs: number) {
    super({ allowHalfOpen: false })
    this.pause()
    this.#inner = inner
    this.#delayMs = delayMs
    inner.on('data', (chunk: Buffer) => {
      setTimeout(() => this.push(chunk), delayMs)
    })
    inner.once('end', () => {
      setTimeout(() => this.push(null), delayMs)
    })
    inner.once('close', () => {
      setTimeout(() => this.destroy(), delayMs)
    })
    inner.resume()
  }

  override _read(): void {
    // Chunks are pushed as they come: the lab's dialogues are far too short to need back-pressure.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    setTimeout(() => {
      if (this.#inner.writable) this.#inner.write(chunk)
    }, this.#delayMs)
    done()
  }

  override _final(done: () => void): void {
    setTimeout(() => {
      this.#inner.end()
    }, this.#delayMs)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    setTimeout(() => this.#inner.destroy(), this.#delayMs)
    done(error)
  }
}
