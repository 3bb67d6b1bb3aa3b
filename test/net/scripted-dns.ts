/** A DNS server on loopback, UDP and TCP at one port, whose every reply is scripted: packets, or raw octets. */
import { createSocket } from 'node:dgram'
import { createServer, type Socket } from 'node:net'
import { type Answer, decode, type DecodedPacket, encode, type Packet } from 'dns-packet'
import { listenOnBoth } from '../lab/dns-server.js'

export const TC = 1 << 9
export const AD = 1 << 5
const RCODES = { FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const

export interface Asked {
  readonly name: string
  readonly type: string
  readonly over: 'udp' | 'tcp' | 'doh'
  readonly query: DecodedPacket
  readonly raw: Buffer
  readonly port: number
}
/** What to send: packets or raw octets, in order; nothing is silence. */
export type Reply = Packet | Buffer
export type Script = (asked: Asked) => Reply | readonly Reply[]

export function reply(asked: Asked, parts: Partial<Packet> & { rcode?: keyof typeof RCODES } = {}): Packet {
  const { rcode, flags = 0, ...rest } = parts
  return {
    type: 'response',
    id: asked.query.id,
    flags: flags | 0x180 | (rcode ? RCODES[rcode] : 0),
    questions: asked.query.questions,
    ...rest,
  }
}
export const a = (name: string, data: string, ttl = 300): Answer => ({ type: 'A', name, data, ttl })
export const cname = (name: string, data: string, ttl = 300): Answer => ({ type: 'CNAME', name, data, ttl })
export const soa = (ttl: number, minimum: number): Answer => ({
  type: 'SOA',
  name: 'lab.test',
  ttl,
  data: { mname: 'ns.lab.test', rname: 'root.lab.test', serial: 1, refresh: 1, retry: 1, expire: 1, minimum },
})
export const answers =
  (...list: Answer[]): Script =>
  (asked) =>
    reply(asked, { answers: list })
export const only =
  (type: string, script: Script): Script =>
  (asked) =>
    asked.type === type ? script(asked) : reply(asked, { authorities: [soa(60, 60)] })

export interface ScriptedDns {
  readonly address: string
  readonly asked: Asked[]
  script: Script
  /** Replaces what a TCP connection gets once its question is in. */
  overTcp?: (socket: Socket, asked: Asked) => void
  close(): Promise<void>
}

export function describe(raw: Buffer, over: Asked['over'], port: number): Asked {
  const query = decode(raw)
  const [question] = query.questions!
  return { name: question!.name.toLowerCase(), type: question!.type, over, query, raw, port }
}

function wire(packet: Reply): Buffer {
  return Buffer.isBuffer(packet) ? packet : encode(packet)
}

export async function startScriptedDns(script: Script = () => []): Promise<ScriptedDns> {
  const tcp = createServer()
  const udp = createSocket('udp4')
  const port = await listenOnBoth(udp, tcp)
  const connections = new Set<Socket>()
  const server: ScriptedDns = {
    address: `127.0.0.1:${port}`,
    asked: [],
    script,
    async close() {
      for (const socket of connections) socket.destroy()
      await Promise.all([
        new Promise((resolve) => tcp.close(resolve)),
        new Promise<void>((r) => udp.close(r)),
      ])
    },
  }
  const replies = (asked: Asked): readonly Reply[] => {
    server.asked.push(asked)
    return [server.script(asked)].flat()
  }
  udp.on('message', (raw, peer) => {
    for (const packet of replies(describe(raw, 'udp', peer.port))) {
      udp.send(wire(packet), peer.port, peer.address)
    }
  })
  tcp.on('connection', (socket) => {
    connections.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => connections.delete(socket))
    socket.once('data', (data) => {
      const asked = describe(data.subarray(2), 'tcp', socket.remotePort!)
      if (server.overTcp) {
        server.asked.push(asked)
        server.overTcp(socket, asked)
        return
      }
      for (const packet of replies(asked)) {
        const body = wire(packet)
        const prefix = Buffer.alloc(2)
        prefix.writeUInt16BE(body.length)
        // In two parts, so that the reader must assemble.
        socket.write(prefix.subarray(0, 1))
        setImmediate(() => socket.end(Buffer.concat([prefix.subarray(1), body])))
      }
    })
  })
  return server
}
