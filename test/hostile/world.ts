/**
 * The real service, put together by `compose` as in production and with no network allowed beyond the public ones, on an
 * internet made of strangers: every name and every octet that comes back is the test's. Strangers live at public
 * addresses; whatever the service dials is recorded, and an address without a stranger refuses.
 */
import type { Duplex } from 'node:stream'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'
import type { Answer } from 'dns-packet'
import type { FastifyInstance } from 'fastify'
import { compose, type Mailscout } from '../../src/compose.js'
import { readConfig } from '../../src/config.js'
import { buildApp } from '../../src/http/app.js'
import type { Dial } from '../../src/net/guarded-connect.js'
import { createLabCa, type LabCa } from '../lab/ca.js'
import { type DialEntry, LabLog } from '../lab/log.js'
import { createLabNetwork, type LabNetwork } from '../lab/network.js'
import {
  type Asked,
  reply,
  type Reply,
  type ScriptedDns,
  soa,
  startScriptedDns,
} from '../net/scripted-dns.js'

/** The records a domain has for a question; null is silence, a reply goes out as it stands. */
export type Zone = (asked: Asked) => readonly Answer[] | Reply | readonly Reply[] | null

export interface RawRequest {
  readonly method: string
  readonly path: string
  readonly host: string
  readonly secure: boolean
  readonly body: string
}
/** What a web host does with a request: octets to send before it hangs up, or anything else with the connection. */
export type WebSite = (request: RawRequest, stream: Duplex) => string | Buffer | null

export interface HostileWorld {
  readonly mailscout: Mailscout
  readonly app: FastifyInstance
  readonly ca: LabCa
  readonly dns: ScriptedDns
  readonly network: LabNetwork
  readonly dials: DialEntry[]
  /** The one through which the service dials. */
  readonly dial: Dial
  /** The most octets that any one connection has brought in so far. */
  readonly mostReceived: () => number
  /** The octets that left over all connections that have ended so far. */
  readonly sent: () => number
  /** What a source or check threw, and what nobody caught. */
  readonly crashes: unknown[]
  /** From now on questions below the domain (two labels) get these records; without one there is nothing. */
  zone(domain: string, zone: Zone): void
  /** Puts web hosts on ports 443 and 80 of a new address; a certificate for domain and names below it. */
  web(domain: string, site: WebSite): string
  /** The TLS server's side on a stream that a stranger accepted. */
  secure(stream: Duplex, domain: string, options?: { readonly ALPNProtocols?: string[] }): Promise<TLSSocket>
  /** A public address that nobody else has. */
  newAddress(): string
  close(): Promise<void>
}

/** One client asks for everything here; test/http/limits.test.ts and abuse.test.ts look at the limits. */
const NOT_LIMITED = {
  MAILSCOUT_RATE_LIMIT_MAX: '1000000',
  MAILSCOUT_RATE_LIMIT_COLD_MAX: '1000000',
  MAILSCOUT_MAX_COLD_LOOKUPS: '1024',
}

export async function startHostileWorld(
  environment: Readonly<Record<string, string>> = {},
): Promise<HostileWorld> {
  const log = new LabLog()
  const [ca, network] = await Promise.all([createLabCa(), createLabNetwork({ log, rttMs: 0 })])
  const zones = new Map<string, Zone>()
  const contexts = new Map<string, Promise<SecureContext>>()
  const dns = await startScriptedDns((asked) => {
    const said = zones.get(asked.name.split('.').slice(-2).join('.'))?.(asked)
    if (said === null) return []
    if (said === undefined) return reply(asked, { rcode: 'NXDOMAIN', authorities: [soa(60, 60)] })
    return isRecords(said) ? reply(asked, recordsOrNone(said)) : said
  })
  const crashes: unknown[] = []
  const onCrash = (error: unknown) => crashes.push(error)
  process.on('uncaughtExceptionMonitor', onCrash)

  let mostReceived = 0
  let sent = 0
  const dial: Dial = (address, port) => {
    const socket = network.dial(address, port)
    socket.once('close', () => {
      mostReceived = Math.max(mostReceived, socket.bytesRead)
      sent += socket.bytesWritten
    })
    return socket
  }
  const mailscout = compose(
    readConfig({
      ...NOT_LIMITED,
      MAILSCOUT_DNS_SERVERS: dns.address,
      MAILSCOUT_ISPDB_URLS: '',
      MAILSCOUT_BUILTIN_PROVIDERS: 'off',
      ...environment,
    }),
    { dial, ca: [ca.pem] },
    { onBug: (where, error) => crashes.push([where, error]) },
  )
  const app = buildApp({
    service: mailscout.service,
    isOwnDomain: (domain) => mailscout.operatorIndex.findByDomain(domain) !== null,
    operator: mailscout.operator,
    checker: mailscout.checker,
    ready: mailscout.ready,
    ...mailscout.traffic,
    ...(mailscout.publicUrl === undefined ? {} : { publicUrl: mailscout.publicUrl }),
    now: Date.now,
    version: mailscout.version,
    providers: mailscout.providers,
  })

  let hosts = 0
  const newAddress = () => {
    hosts += 1
    return `45.${40 + (hosts >> 16)}.${(hosts >> 8) & 255}.${hosts & 255}`
  }
  const secure: HostileWorld['secure'] = async (stream, domain, options = {}) => {
    let context = contexts.get(domain)
    if (!context) {
      context = ca.issue({ names: [domain, `*.${domain}`] }).then((pair) => createSecureContext(pair))
      contexts.set(domain, context)
    }
    const secureContext = await context
    const socket = new TLSSocket(stream, { isServer: true, secureContext, ...options })
    socket.on('error', () => undefined)
    return socket
  }
  return {
    mailscout,
    app,
    ca,
    dns,
    network,
    dials: log.dials,
    dial,
    mostReceived: () => mostReceived,
    sent: () => sent,
    crashes,
    newAddress,
    secure,
    zone(domain, zone) {
      zones.set(domain, zone)
    },
    web(domain, site) {
      const address = newAddress()
      network.listen({ address, port: 443, host: domain }, (stream) => {
        stream.on('error', () => undefined)
        void secure(stream, domain).then((secured) => {
          speakHttp(secured, site, true)
        })
      })
      network.listen({ address, port: 80, host: domain }, (stream) => {
        speakHttp(stream, site, false)
      })
      return address
    },
    async close() {
      await app.close()
      await mailscout.service.idle()
      await Promise.all([dns.close(), network.close()])
      process.off('uncaughtExceptionMonitor', onCrash)
    },
  }
}

function isRecords(said: Exclude<ReturnType<Zone>, null>): said is readonly Answer[] {
  return Array.isArray(said) && said.every((item) => !Buffer.isBuffer(item) && 'data' in item)
}

function recordsOrNone(answers: readonly Answer[]) {
  return answers.length > 0 ? { answers: [...answers] } : { authorities: [soa(60, 60)] }
}

function speakHttp(stream: Duplex, site: WebSite, secure: boolean): void {
  let text = ''
  stream.on('error', () => undefined)
  const onData = (chunk: Buffer) => {
    text += chunk.toString('latin1')
    const end = text.indexOf('\r\n\r\n') + 4
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
    if (end < 4 || text.length < end + length) return
    const [method = '', path = ''] = text.split(' ', 2)
    const host = /^host: (.*)\r$/im.exec(text)?.[1] ?? ''
    const body = text.slice(end)
    text = ''
    const answer = site({ method, path, host, secure, body }, stream)
    if (answer !== null) stream.end(answer)
  }
  stream.on('data', onData)
  stream.resume()
}

/** An HTTP answer in full. */
export function httpAnswer(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: string | Uint8Array = '',
): Buffer {
  const octets = Buffer.from(body)
  const all = { 'content-length': String(octets.length), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} X\r\n${lines.join('')}\r\n`, 'latin1'), octets])
}

/** Sockets of every kind in this process. */
export function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => /^(TCPSocket|TLS|UDP|TCPServer)/.test(name)).length
}

/** Sockets beyond those of before, once what is closing has closed: farewells take up to a quarter of a second. */
export async function socketsLeft(before: number): Promise<number> {
  for (let turns = 0; turns < 200 && openSockets() > before; turns += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return openSockets() - before
}
