/** DNS over TCP (RFC 7766): for replies that do not fit a datagram. One connection per question, as they are rare. */
import { randomInt } from 'node:crypto'
import { connect } from 'node:net'
import { decodeReply, encodeQuestion, matchReply } from './dns-message.js'
import {
  type DnsTransport,
  type Exchanged,
  REPLY_MALFORMED,
  SERVER_UNREACHABLE,
  type ServerAddress,
} from './dns-transport.js'

/** RFC 1035 section 4.2.2: two octets of length before each message, which also bound it to 64 KiB. */
const PREFIX_LENGTH = 2

export function createTcpTransport(server: ServerAddress): DnsTransport {
  return {
    send(question, done) {
      const asked = encodeQuestion(question, randomInt(0x10000))
      const prefix = Buffer.alloc(PREFIX_LENGTH)
      prefix.writeUInt16BE(asked.length)
      const socket = connect({ host: server.address, port: server.port, noDelay: true })
      const chunks: Buffer[] = []
      let received = 0
      let settled = false

      const giveUp = (): void => {
        settled = true
        socket.destroy()
      }
      const finish = (result: Exchanged): void => {
        if (settled) return
        giveUp()
        done(result)
      }
      // The error event is always followed by close.
      socket.on('error', () => undefined)
      socket.on('close', () => {
        finish(received > 0 ? REPLY_MALFORMED : SERVER_UNREACHABLE)
      })
      socket.on('data', (chunk) => {
        chunks.push(chunk)
        received += chunk.length
        if (received < PREFIX_LENGTH) return
        const all = Buffer.concat(chunks)
        chunks.splice(0, chunks.length, all)
        const end = PREFIX_LENGTH + all.readUInt16BE(0)
        if (received >= end) finish(read(all.subarray(PREFIX_LENGTH, end), asked))
      })
      socket.write(Buffer.concat([prefix, asked]))
      return giveUp
    },
  }
}

/** A connection cannot be forged from off the path, so lost letter case does no harm here. */
function read(message: Buffer, asked: Buffer): Exchanged {
  const reply = matchReply(message, asked) === 'no' ? null : decodeReply(message)
  return reply === null ? REPLY_MALFORMED : { reply }
}
