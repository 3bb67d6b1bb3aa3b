/**
 * The lab's wire: every host has an address of its own, but one listener on an ephemeral loopback port serves them all,
 * so neither root nor free ports 443 or 993 are needed. A dialled socket is paired with the accepted one by the port it
 * came from, and the accepted end is handed to whoever serves the dialled address and port.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { createDial } from './dial.js'
import type { LabLog } from './log.js'

/** Serves one accepted connection; the stream comes paused, so that a slow start of TLS loses nothing. */
export type Serve = (stream: Duplex) => void

export interface LabNetwork {
  /** Stands in for `net.connect`: takes the place of the service's injected `Dial`. */
  dial(address: string, port: number): Socket
  listen(endpoint: { address: string; port: number; host: string }, serve: Serve): void
  /** From now on the address swallows every packet: connects neither succeed nor fail. */
  swallow(address: string, host: string): void
  /** What a dialler in another process needs to know, once everybody listens. */
  directory(): WireDirectory
  /** Such a dialler tells which service the connection from its port is for. */
  connected(from: number, place: string): void
  /** Listens for a served place on a port of its own at 127.0.0.1, for a process that dials there by itself. */
  open(place: string): Promise<number>
  close(): Promise<void>
}

/** What is reachable on the wire, as plain data. */
export interface WireDirectory {
  /** Of the one listener, on loopback. */
  readonly port: number
  readonly rttMs: number
  /** `address port` of every service. */
  readonly served: readonly string[]
  /** Addresses that swallow every packet. */
  readonly black: readonly string[]
}

export interface NetworkOptions {
  readonly log: LabLog
  /** Round trip in milliseconds: one for the connect, half of one on every chunk in each direction. */
  readonly rttMs: number
}

/** Connections that wait to be accepted: a burst of lookups must not look like packets lost. */
const BACKLOG = 4096

export async function createLabNetwork({ log, rttMs }: NetworkOptions): Promise<LabNetwork> {
  const served = new Map<string, Serve>()
  const hosts = new Map<string, string>()
  const black = new Set<string>()
  const open = new Set<Socket>()
  /** Ends that wait for their other half, by the dialling port. */
  const accepted = new Map<number, Socket>()
  const dialled = new Map<number, Serve>()
  const doors = new Set<Server>()

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

  function connected(from: number, place: string): void {
    const serve = served.get(place)
    if (!serve) return
    const peer = accepted.get(from)
    accepted.delete(from)
    if (peer) start(peer, serve)
    else dialled.set(from, serve)
  }

  const dial = createDial({
    port: hubPort,
    rttMs,
    isServed: (place) => served.has(place),
    isBlack: (address) => black.has(address),
    connected,
  })

  return {
    dial(address, port) {
      log.dials.push({ address, port, host: hosts.get(address) ?? null })
      return dial(address, port)
    },
    connected,
    async open(place) {
      const door = createServer({ pauseOnConnect: true, noDelay: true, allowHalfOpen: false }, (socket) => {
        keep(socket)
        const serve = served.get(place)
        if (serve) start(socket, serve)
        else socket.destroy()
      })
      doors.add(door)
      door.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG })
      await once(door, 'listening')
      return (door.address() as AddressInfo).port
    },
    directory: () => ({ port: hubPort, rttMs, served: [...served.keys()], black: [...black] }),
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
      for (const door of doors) door.close()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
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
