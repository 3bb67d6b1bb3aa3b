/**
 * DNS over UDP with fallback to TCP. Forged replies are kept out as RFC 5452 asks: connected sockets (the kernel drops
 * datagrams from other addresses and ports), random ports, random ids, random letter case.
 */
import { randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { decodeReply, encodeQuestion, isTruncated, matchReply } from './dns-message.js'
import { type DnsTransport, type Exchanged, SERVER_UNREACHABLE, type ServerAddress } from './dns-transport.js'

/** Sockets open at once per server. Opening one costs more than a question; several spread the ports. */
const MAX_SOCKETS = 4
/** A socket then takes no more questions, so that under constant load no port is in use for long. */
const MAX_QUESTIONS_PER_SOCKET = 64

interface Pending {
  readonly asked: Buffer
  readonly settle: (result: Exchanged | 'use-tcp') => void
}

/** A socket that lives as long as questions wait on it. */
interface Channel {
  readonly socket: Socket
  readonly pending: Map<number, Pending>
  questions: number
  /** `none`: this machine has no socket left for it. */
  state: 'opening' | 'connected' | 'none'
}

/** @param tcp asked again when a reply was cut off (TC) or has lost the letter case of the question */
export function createUdpTransport(server: ServerAddress, tcp: DnsTransport): DnsTransport {
  const channels = new Set<Channel>()

  function open(): Channel {
    const family = isIPv6(server.address.replace(/%.*/, '')) ? 6 : 4
    const socket = createSocket({
      type: family === 6 ? 'udp6' : 'udp4',
      // The server is given by address: nothing is to be looked up.
      lookup: (address, _options, done) => {
        done(null, address, family)
      },
    })
    const channel: Channel = { socket, pending: new Map(), questions: 0, state: 'opening' }
    socket.on('message', (message) => {
      receive(channel, message)
    })
    socket.on('error', () => {
      if (channel.state === 'opening') channel.state = 'none'
      // ICMP "port unreachable" and its kin say nothing about which question: all of them ask elsewhere.
      for (const { settle } of [...channel.pending.values()]) settle(SERVER_UNREACHABLE)
    })
    socket.once('connect', () => {
      channel.state = 'connected'
      for (const { asked } of channel.pending.values()) socket.send(asked)
    })
    socket.once('listening', () => {
      socket.connect(server.port, server.address)
    })
    // Left to `connect`, a bind that fails would leave a socket that can neither be used nor closed.
    socket.bind({ port: 0, exclusive: true })
    channels.add(channel)
    return channel
  }

  function pick(): Channel {
    const usable = [...channels].filter(
      ({ questions, state }) => questions < MAX_QUESTIONS_PER_SOCKET && state !== 'none',
    )
    return (usable.length < MAX_SOCKETS ? undefined : usable[randomInt(usable.length)]) ?? open()
  }

  function release(channel: Channel, id: number): void {
    channel.pending.delete(id)
    if (channel.pending.size > 0 || !channels.delete(channel)) return
    channel.socket.close()
  }

  return {
    send(question, done) {
      const channel = pick()
      let id = randomInt(0x10000)
      while (channel.pending.has(id)) id = randomInt(0x10000)
      const asked = encodeQuestion(question, id)
      let giveUp = (): void => {
        release(channel, id)
      }
      channel.pending.set(id, {
        asked,
        settle(result) {
          release(channel, id)
          if (result === 'use-tcp') giveUp = tcp.send(question, done)
          else done(result)
        },
      })
      channel.questions++
      if (channel.state === 'connected') channel.socket.send(asked)
      if (channel.state === 'none') setImmediate(() => channel.pending.get(id)?.settle(SERVER_UNREACHABLE))
      return () => {
        giveUp()
      }
    },
  }
}

/** What cannot be the reply is ignored and the wait goes on, so that a forged datagram cannot end a question. */
function receive(channel: Channel, message: Buffer): void {
  const pending = message.length < 2 ? undefined : channel.pending.get(message.readUInt16BE(0))
  if (pending === undefined) return
  const match = matchReply(message, pending.asked)
  if (match === 'no') return
  if (match === 'other-case' || isTruncated(message)) {
    pending.settle('use-tcp')
    return
  }
  const reply = decodeReply(message)
  if (reply !== null) pending.settle({ reply })
}
