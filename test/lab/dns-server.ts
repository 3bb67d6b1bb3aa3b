/**
 * The lab's name server, UDP and TCP on one loopback port: answers like a validating resolver (RFC 1035, 2308, 4035),
 * from a table. Zones may be signed in name only: the AD bit is set where the table says so.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import {
  type Answer,
  AUTHENTIC_DATA,
  type DecodedPacket,
  decode,
  encode,
  type Packet,
  type Question,
  RECURSION_AVAILABLE,
  TRUNCATED_RESPONSE,
} from 'dns-packet'
import type { DnsEntry, LabLog } from './log.js'

export interface LabRecords {
  readonly A?: readonly string[]
  readonly AAAA?: readonly string[]
  readonly CNAME?: string
  /** Preference and exchange; `.` for the null MX (RFC 7505). */
  readonly MX?: readonly (readonly [preference: number, exchange: string])[]
  /** Priority, weight, port, target; `.` for "decidedly not offered" (RFC 2782). */
  readonly SRV?: readonly (readonly [priority: number, weight: number, port: number, target: string])[]
  /** Each text is cut into character-strings of 255 octets. */
  readonly TXT?: readonly string[]
  /** Seconds; default 300. */
  readonly ttl?: number
  /** `silent` gives no answer at all; `truncated` answers in full over TCP only. */
  readonly fault?: 'servfail' | 'refused' | 'silent' | 'truncated' | undefined
}

/** A zone by its apex; names in it are written in full, `*.` wildcards allowed. */
export interface LabZone {
  readonly records: Readonly<Record<string, LabRecords>>
  readonly signed?: boolean
  /** The records of a name that is not written down, made up when it is asked; null where it does not exist. */
  readonly madeUp?: (name: string) => LabRecords | null
}

export interface LabDns {
  /** `127.0.0.1:port` */
  readonly address: string
  /** The answer to one message in wire form, or null where the name is silent: for DNS over HTTPS. */
  respond(message: Buffer, transport: DnsEntry['transport']): Buffer | null
  close(): Promise<void>
}

export interface DnsOptions {
  readonly zones: ReadonlyMap<string, LabZone>
  readonly log: LabLog
  readonly rttMs: number
}

const DEFAULT_TTL = 300
/** How long a negative answer may be kept (RFC 2308: the lesser of the SOA's TTL and its minimum). */
const NEGATIVE_TTL = 60
/** RFC 1035 section 4.2.1: the size of an answer without EDNS. */
const CLASSIC_UDP_SIZE = 512
/** dns-packet takes response codes as flag bits. */
const RCODE = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const
const MAX_CNAMES = 8

export async function startLabDns(options: DnsOptions): Promise<LabDns> {
  const { log, rttMs } = options
  const table = createTable(options.zones)
  const udp = createSocket('udp4')
  const sockets = new Set<Socket>()
  const later = (deliver: () => void) => {
    if (rttMs > 0) setTimeout(deliver, rttMs)
    else deliver()
  }

  function respond(message: Buffer, transport: DnsEntry['transport']): Buffer | null {
    let query: DecodedPacket
    try {
      query = decode(message)
    } catch {
      return null
    }
    const question = query.questions?.[0]
    if (!question) return encode({ id: query.id ?? 0, type: 'response', flags: RCODE.FORMERR })
    log.dns.push({ name: question.name, type: question.type, transport })
    const answer = table.answer(question)
    if (answer === null) return null
    const opt = query.additionals?.find((record) => record.type === 'OPT')
    const wantsAd = query.flag_ad || (opt?.type === 'OPT' && opt.flag_do)
    const packet: Packet = {
      id: query.id ?? 0,
      type: 'response',
      flags:
        answer.rcode |
        RECURSION_AVAILABLE |
        (query.flag_rd ? 0x0100 : 0) |
        // RFC 6840 section 5.8: only for those who ask for it.
        (answer.signed && wantsAd ? AUTHENTIC_DATA : 0),
      questions: [question],
      answers: answer.answers,
      authorities: answer.authorities,
      additionals: opt
        ? [{ type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0, options: [] } as unknown as Answer]
        : [],
    }
    const wire = encode(packet)
    const room = opt?.type === 'OPT' ? Math.max(opt.udpPayloadSize, CLASSIC_UDP_SIZE) : CLASSIC_UDP_SIZE
    if (transport !== 'udp' || (wire.length <= room && !answer.truncated)) return wire
    return encode({
      ...packet,
      flags: (packet.flags ?? 0) | TRUNCATED_RESPONSE,
      answers: [],
      authorities: [],
    })
  }

  udp.on('message', (message, peer) => {
    const wire = respond(message, 'udp')
    if (wire)
      later(() => {
        if (!closed) udp.send(wire, peer.port, peer.address)
      })
  })

  const tcp = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
    let buffer = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      buffer = Buffer.concat([buffer, chunk])
      // RFC 1035 section 4.2.2: two octets of length before each message.
      while (buffer.length >= 2 && buffer.length >= 2 + buffer.readUInt16BE(0)) {
        const end = 2 + buffer.readUInt16BE(0)
        const wire = respond(buffer.subarray(2, end), 'tcp')
        buffer = buffer.subarray(end)
        if (!wire) continue
        const length = Buffer.alloc(2)
        length.writeUInt16BE(wire.length)
        later(() => socket.write(Buffer.concat([length, wire])))
      }
    })
  })

  let closed = false
  const port = await listenOnBoth(udp, tcp)
  udp.unref()
  tcp.unref()
  return {
    address: `127.0.0.1:${port}`,
    respond,
    async close() {
      closed = true
      const ended = Promise.all([once(udp, 'close'), once(tcp, 'close')])
      udp.close()
      tcp.close()
      for (const socket of sockets) socket.destroy()
      await ended
    },
  }
}

/** Ports tried until one is free for both; a second try is rare, a tenth means that something else is wrong. */
const MAX_PORTS_TRIED = 10

/**
 * Resolvers ask again over TCP at the same port. TCP chooses it: its ports are also lent to every connection that is
 * opened, so that one which is free for UDP is often taken there.
 */
export async function listenOnBoth(udp: ReturnType<typeof createSocket>, tcp: Server): Promise<number> {
  for (let tried = 1; ; tried += 1) {
    tcp.listen(0, '127.0.0.1')
    await once(tcp, 'listening')
    const { port } = tcp.address() as AddressInfo
    try {
      udp.bind(port, '127.0.0.1')
      await once(udp, 'listening')
      return port
    } catch (error) {
      if (tried === MAX_PORTS_TRIED) throw error
      tcp.close()
      await once(tcp, 'close')
    }
  }
}

interface TableAnswer {
  readonly rcode: number
  readonly answers: Answer[]
  readonly authorities: Answer[]
  readonly signed: boolean
  readonly truncated: boolean
}

function createTable(zones: ReadonlyMap<string, LabZone>) {
  const names = new Map<string, LabRecords>()
  /** Every name that exists, the empty non-terminals above a record included (RFC 8020). */
  const existing = new Set<string>(zones.keys())
  for (const [apex, zone] of zones) {
    for (const [written, records] of Object.entries(zone.records)) {
      const name = written.toLowerCase()
      names.set(name, records)
      for (let node = name; node !== '' && node !== apex; node = parent(node)) existing.add(node)
    }
  }

  function find(name: string): { records: LabRecords; exists: boolean } {
    if (existing.has(name)) return { records: names.get(name) ?? {}, exists: true }
    let encloser = parent(name)
    while (encloser !== '' && !existing.has(encloser)) encloser = parent(encloser)
    const madeUp = zones.get(apexOf(name))?.madeUp?.(name)
    if (madeUp) return { records: madeUp, exists: true }
    // RFC 4592: only the wildcard of the closest encloser counts.
    const wildcard = names.get(`*.${encloser}`)
    return { records: wildcard ?? {}, exists: wildcard !== undefined }
  }

  function apexOf(name: string): string {
    let apex = name
    while (apex !== '' && !zones.has(apex)) apex = parent(apex)
    return apex
  }

  function answer(question: Question): TableAnswer | null {
    const answers: Answer[] = []
    let name = question.name.toLowerCase()
    let signed = true
    let truncated = false
    for (let hops = 0; hops < MAX_CNAMES; hops += 1) {
      const apex = apexOf(name)
      signed &&= zones.get(apex)?.signed ?? false
      const { records, exists } = find(name)
      truncated ||= records.fault === 'truncated'
      const rest = { answers, signed, truncated, authorities: [] }
      if (records.fault === 'silent') return null
      if (records.fault === 'servfail') return { ...rest, rcode: RCODE.SERVFAIL }
      if (records.fault === 'refused') return { ...rest, rcode: RCODE.REFUSED }
      const found = toAnswers(hops === 0 ? question.name : name, question.type, records)
      answers.push(...found)
      if (found.length > 0) return { ...rest, rcode: RCODE.NOERROR }
      if (records.CNAME === undefined) {
        const rcode = exists ? RCODE.NOERROR : RCODE.NXDOMAIN
        return { ...rest, rcode, authorities: [soa(apex)] }
      }
      answers.push({ type: 'CNAME', name, ttl: records.ttl ?? DEFAULT_TTL, data: records.CNAME })
      name = records.CNAME.toLowerCase()
    }
    return { rcode: RCODE.SERVFAIL, answers: [], authorities: [], signed, truncated }
  }

  return { answer }
}

function toAnswers(name: string, type: string, records: LabRecords): Answer[] {
  const head = { name, ttl: records.ttl ?? DEFAULT_TTL }
  switch (type) {
    case 'A':
      return (records.A ?? []).map((data) => ({ ...head, type: 'A', data }))
    case 'AAAA':
      return (records.AAAA ?? []).map((data) => ({ ...head, type: 'AAAA', data }))
    case 'CNAME':
      return records.CNAME === undefined ? [] : [{ ...head, type: 'CNAME', data: records.CNAME }]
    case 'MX':
      return (records.MX ?? []).map(([preference, exchange]) => ({
        ...head,
        type: 'MX',
        data: { preference, exchange },
      }))
    case 'SRV':
      return (records.SRV ?? []).map(([priority, weight, port, target]) => ({
        ...head,
        type: 'SRV',
        data: { priority, weight, port, target },
      }))
    case 'TXT':
      return (records.TXT ?? []).map((text) => ({
        ...head,
        type: 'TXT',
        data: text.match(/.{1,255}/gs) ?? [''],
      }))
    default:
      return []
  }
}

function soa(apex: string): Answer {
  return {
    type: 'SOA',
    name: apex === '' ? '.' : apex,
    ttl: NEGATIVE_TTL,
    data: {
      mname: 'ns.lab.test',
      rname: 'hostmaster.lab.test',
      serial: 1,
      refresh: 3600,
      retry: 600,
      expire: 86_400,
      minimum: NEGATIVE_TTL,
    },
  }
}

function parent(name: string): string {
  const dot = name.indexOf('.')
  return dot === -1 ? '' : name.slice(dot + 1)
}
