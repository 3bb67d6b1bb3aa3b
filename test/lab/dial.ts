/** The dialling end of the lab's wire; it may live in another process than the servers. */
import { connect, type LookupFunction, type Socket } from 'node:net'

export interface WireEnd {
  /** Of the lab's one listener, on loopback. */
  readonly port: number
  readonly rttMs: number
  /** Whether somebody listens at `address port`. */
  readonly isServed: (place: string) => boolean
  /** Whether the address swallows every packet. */
  readonly isBlack: (address: string) => boolean
  /** Tells the listener which service the connection from this local port is for. */
  readonly connected: (from: number, place: string) => void
}

/** Stands in for `net.connect`. */
export function createDial(wire: WireEnd): (address: string, port: number) => Socket {
  /** The look-up hook decides the fate of the dial: answer at once or after a round trip, fail, or never call back. */
  function fate(address: string, served: boolean): LookupFunction {
    return (_hostname, _options, callback) => {
      if (wire.isBlack(address)) return
      const answer = () => {
        if (served) callback(null, '127.0.0.1', 4)
        else callback(refusal(address), '')
      }
      if (wire.rttMs > 0) setTimeout(answer, wire.rttMs)
      else process.nextTick(answer)
    }
  }

  return (address, port) => {
    const place = `${address} ${port}`
    const served = wire.isServed(place)
    const socket = connect({
      host: 'lab',
      port: wire.port,
      noDelay: true,
      autoSelectFamily: false,
      lookup: fate(address, served),
    })
    if (served) {
      socket.once('connect', () => {
        wire.connected(socket.localPort ?? 0, place)
      })
    }
    return socket
  }
}

function refusal(address: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`connect ECONNREFUSED ${address}`), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
    address,
  })
}
