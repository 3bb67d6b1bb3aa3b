/**
 * A small internet on loopback inside one process: name server, web hosts with a certificate authority of their own,
 * mail servers with every TLS mode and fault. It is reached without root: the service gets `dial` in place of
 * `net.connect`, the name server's address and the root certificate.
 */
import { fileURLToPath } from 'node:url'
import type { Dial } from '../../src/net/guarded-connect.js'
import { createLabCa, type LabCa } from './ca.js'
import { type LabDns, type LabRecords, type LabZone, startLabDns } from './dns-server.js'
import { xml } from './documents.js'
import { createIdentities, type Identities } from './identity.js'
import { LabLog } from './log.js'
import { serveMail } from './mail-server.js'
import { createLabNetwork, type LabNetwork } from './network.js'
import { createLabWeb, type LabWeb, type WebRoute } from './web-server.js'
import { FAULTS_WORLD } from './world-faults.js'
import { SERVICES_WORLD } from './world-services.js'
import { SOURCES_WORLD } from './world-sources.js'
import type { LabDomain, LabHost, World } from './world.js'

export interface LabOptions {
  /** Round trip in milliseconds on every connection and DNS question; default 0. */
  readonly rttMs?: number
  /** Default: `defineWorld()`. */
  readonly world?: World
}

export interface Lab {
  readonly dial: Dial
  /** `127.0.0.1:port` */
  readonly dnsServer: string
  readonly caPem: string
  /** Issues further certificates, for tests with servers of their own. */
  readonly ca: LabCa
  /** The settings of the process (design section 5) that point the service at the lab. */
  readonly environment: Readonly<Record<string, string>>
  /** Directory of the lab's provider database, for the place of data/providers. */
  readonly providersDirectory: string
  readonly domains: readonly { readonly name: string; readonly description: string; readonly shows: string }[]
  readonly log: LabLog
  /** For a dialler in another process. */
  readonly wire: Pick<LabNetwork, 'directory' | 'connected' | 'open'>
  /** What the name server says to one message in wire form; null is silence. */
  answer(message: Buffer): Buffer | null
  /** The address of a host, to tell dials apart. */
  addressOf(host: string): string | undefined
  hosts(): readonly string[]
  close(): Promise<void>
}

export const ISPDB_HOST = 'ispdb.lab.test'
export const ISPDB_URL = `https://${ISPDB_HOST}/v1.1/`
/** DNS over HTTPS (RFC 8484), answering from the same table. */
const DOH_HOST = 'dns.lab.test'

/** The whole world of `npm run lab`: one domain per source and per fault. */
export function defineWorld(): World {
  return { ...SOURCES_WORLD, ...SERVICES_WORLD, ...FAULTS_WORLD }
}

/** Starts the lab; nothing of it keeps the process alive, and `close` ends every connection. */
export async function startLab({ rttMs = 0, world = defineWorld() }: LabOptions = {}): Promise<Lab> {
  const log = new LabLog()
  const ca = await createLabCa()
  const network = await createLabNetwork({ log, rttMs })
  const web = createLabWeb(log)
  const site: Site = { log, network, web, identities: createIdentities(ca, log) }
  const addresses = new Map<string, string>()
  const dnsBox: { dns?: LabDns } = {}
  const zones = new Map<string, LabZone>()

  const everything = { ...world, 'lab.test': furniture(world, dnsBox) }
  for (const [domain, described] of Object.entries(everything)) {
    for (const [name, host] of Object.entries(described.hosts ?? {})) {
      addresses.set(name, addressAt(addresses.size))
      settle({ name, host, address: addressAt(addresses.size - 1) }, site)
    }
    zones.set(domain, zoneOf(domain, described, addresses))
  }
  const dns = await startLabDns({ zones, log, rttMs })
  dnsBox.dns = dns

  return {
    dial: (address, port) => network.dial(address, port),
    dnsServer: dns.address,
    caPem: ca.pem,
    ca,
    environment: {
      MAILSCOUT_DNS_SERVERS: dns.address,
      MAILSCOUT_ISPDB_URLS: ISPDB_URL,
      MAILSCOUT_ALLOW_NETWORKS: '127.0.0.0/8',
      MAILSCOUT_ALLOW_SPECIAL_USE_NAMES: 'true',
      MAILSCOUT_PROVIDERS_DIR: fileURLToPath(new URL('operator', import.meta.url)),
    },
    providersDirectory: fileURLToPath(new URL('providers', import.meta.url)),
    domains: Object.entries(world)
      .filter(([, domain]) => !domain.furniture)
      .map(([name, { description, shows }]) => ({ name, description, shows })),
    log,
    wire: network,
    answer: (message) => dns.respond(message, 'udp'),
    addressOf: (host) => addresses.get(host),
    hosts: () => [...addresses.keys()],
    async close() {
      web.close()
      await Promise.all([dns.close(), network.close()])
    },
  }
}

interface Site {
  readonly log: LabLog
  readonly network: LabNetwork
  readonly web: LabWeb
  readonly identities: Identities
}

/** Puts a host's services on the wire. */
function settle({ name, host, address }: { name: string; host: LabHost; address: string }, site: Site): void {
  const { network, web, identities, log } = site
  const certificate = host.certificate ?? 'good'
  if (host.swallows) network.swallow(address, name)
  const { https, http } = host
  if (https) {
    network.listen({ address, port: 443, host: name }, (stream) => {
      stream.on('error', () => undefined)
      void identities.secure(stream, { host: name, port: 443, certificate }).then((secured) => {
        secured.once('secure', () => {
          web.serve(secured, { routes: https, secure: true })
        })
      })
    })
  }
  if (http) {
    network.listen({ address, port: 80, host: name }, (stream) => {
      web.serve(stream, { routes: http, secure: false })
    })
  }
  for (const [text, service] of Object.entries(host.mail ?? {})) {
    const port = Number(text)
    const mailSite = { host: name, port, service, certificate: service.certificate ?? certificate }
    network.listen({ address, port, host: name }, (stream) => {
      void serveMail(stream, mailSite, { log, identities })
    })
  }
}

/** The described records, an address for every host, and an MX host where nobody listens. */
function zoneOf(domain: string, described: LabDomain, addresses: ReadonlyMap<string, string>): LabZone {
  const records: Record<string, LabRecords> = { ...described.records }
  for (const name of Object.keys(described.hosts ?? {})) {
    const own = records[name]
    if (own?.A ?? own?.AAAA ?? own?.CNAME) continue
    records[name] = withMore(own, { A: [addresses.get(name) ?? ''] })
  }
  const apex = records[domain]
  if (!apex?.MX && !apex?.fault && !described.furniture) {
    records[domain] = withMore(apex, { MX: [[10, `mx.${domain}`]] })
    records[`mx.${domain}`] ??= { A: ['127.9.9.9'] }
  }
  const { madeUp } = described
  return {
    records,
    ...(described.signed && { signed: true }),
    ...(madeUp && { madeUp: (name) => madeUp(name, (host) => addresses.get(host) ?? '') }),
  }
}

/** What is there is not copied: it may have faults that come and go. */
function withMore(records: LabRecords = {}, more: LabRecords): LabRecords {
  return Object.setPrototypeOf({ ...more }, records) as LabRecords
}

/** The lab's own domain: its ISPDB and DNS over HTTPS. */
function furniture(world: World, dnsBox: { readonly dns?: LabDns }): LabDomain {
  const files = Object.entries(world).flatMap(([name, { ispdb }]): [string, WebRoute][] =>
    ispdb === undefined ? [] : [[`/v1.1/${name}`, typeof ispdb === 'string' ? xml(ispdb) : ispdb]],
  )
  return {
    description: 'the lab itself',
    shows: '',
    furniture: true,
    hosts: {
      [ISPDB_HOST]: { https: Object.fromEntries(files) },
      [DOH_HOST]: {
        https: {
          '/dns-query': (request) => {
            const encoded = request.query.get('dns')
            const message = encoded === null ? request.octets : Buffer.from(encoded, 'base64url')
            const body = dnsBox.dns?.respond(message, 'https')
            if (!body) return { fault: 'never' }
            return { headers: { 'content-type': 'application/dns-message' }, body }
          },
        },
      },
    },
  }
}

/** One address per host: 127.20.0.1 onwards, 250 to a block. */
function addressAt(index: number): string {
  return `127.20.${Math.floor(index / 250)}.${(index % 250) + 1}`
}
