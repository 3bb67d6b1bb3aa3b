/**
 * Answers per second and format, over real connections on loopback, as a ratio to bare node:http in the same run. The
 * server runs in a process of its own and its CPU time is what counts, so that neither the asking side nor the rest of
 * the machine makes the figure. Prints; exits 1 only when an answer is wrong.
 */
import { fork } from 'node:child_process'
import { createServer, request, Agent, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { compose } from '../src/compose.js'
import { readConfig } from '../src/config.js'
import { buildApp } from '../src/http/app.js'
import { operatorDirectory } from './operator-directory.js'

const CONNECTIONS = 16
const WARM_UP = 500
const ROUND = 1500
/** The best of so many counts: whatever disturbs makes a round slower, never faster. */
const ROUNDS = 3
/** What a small settings document weighs. */
const BARE_BODY = 'x'.repeat(1500)
/** Special-use, so that the zone text does not ask the DNS what it holds (R3); the other is for what looks up. */
const DOMAIN = 'hoster.test'
const LOOKED_UP = 'hoster-of-benchmarks.com'

interface Started {
  readonly bare: number
  readonly service: number
}
interface Cpu {
  readonly cpuMs: number
}

async function serve(): Promise<void> {
  const bare = createServer((_request, response) => {
    response.setHeader('content-type', 'text/xml; charset=utf-8')
    response.end(BARE_BODY)
  })
  await new Promise<void>((resolve) => {
    bare.listen(0, '127.0.0.1', resolve)
  })
  const { service, operator, operatorIndex } = compose(
    readConfig({
      MAILSCOUT_PROVIDERS_DIR: operatorDirectory([DOMAIN, LOOKED_UP]),
      MAILSCOUT_BUILTIN_PROVIDERS: 'off',
      MAILSCOUT_SOURCES: 'operator',
      // Never asked; without it the system's own would be read.
      MAILSCOUT_DNS_SERVERS: '127.0.0.1:9',
    }),
  )
  const app = buildApp({
    service,
    operator,
    isOwnDomain: (domain) => operatorIndex.findByDomain(domain) !== null,
    publicUrl: 'https://config.hoster.test',
    now: Date.now,
    version: 'bench',
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.({ cpuMs: (user + system) / 1000 } satisfies Cpu)
  })
  process.once('disconnect', () => process.exit())
  const portOf = (address: ReturnType<typeof bare.address>) => (address as AddressInfo).port
  process.send?.({ bare: portOf(bare.address()), service: portOf(app.server.address()) } satisfies Started)
}

interface Ask {
  readonly name: string
  readonly path: string
  readonly host: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string
  readonly status?: number
}

const OUTLOOK = 'http://schemas.microsoft.com/exchange/autodiscover/outlook'
const REQUEST = `<Autodiscover xmlns="${OUTLOOK}/requestschema/2006"><Request><EMailAddress>ann@${DOMAIN}</EMailAddress>
<AcceptableResponseSchema>${OUTLOOK}/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>`
const AUTOCONFIG = { path: '/mail/config-v1.1.xml', host: `autoconfig.${DOMAIN}` }

function asks(etag: string): Ask[] {
  const host = 'config.hoster.test'
  return [
    { name: 'autoconfig, by Host', ...AUTOCONFIG },
    { name: 'autoconfig, 304', ...AUTOCONFIG, headers: { 'if-none-match': etag }, status: 304 },
    {
      name: 'autoconfig, address',
      ...AUTOCONFIG,
      path: `${AUTOCONFIG.path}?emailaddress=ann@${DOMAIN}`,
    },
    {
      name: 'Autodiscover XML',
      path: '/autodiscover/autodiscover.xml',
      host: `autodiscover.${DOMAIN}`,
      headers: { 'content-type': 'text/xml' },
      body: REQUEST,
    },
    {
      name: 'Autodiscover JSON',
      path: `/autodiscover/autodiscover.json?Email=ann@${DOMAIN}&Protocol=AutodiscoverV1`,
      host: `autodiscover.${DOMAIN}`,
    },
    { name: 'mobileconfig', path: `/v1/mobileconfig?email=ann@${DOMAIN}`, host },
    { name: 'PACC', path: '/.well-known/user-agent-configuration.json', host: `ua-auto-config.${DOMAIN}` },
    { name: 'zone text', path: `/v1/domains/${DOMAIN}/zone`, host },
    { name: 'QR code, SVG', path: `/v1/qr.svg?email=ann@${DOMAIN}`, host },
    { name: 'QR code, PNG', path: `/v1/qr.png?email=ann@${DOMAIN}`, host },
    { name: 'JSON', path: `/v1/discover?email=ann@${LOOKED_UP}&verify=never`, host },
    { name: 'on-demand TLS', path: `/v1/tls/ask?domain=autoconfig.${DOMAIN}`, host },
  ]
}

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })

/** Resolves with the ETag once the answer has been read. */
async function send(
  port: number,
  { path, host, headers = {}, body, status = 200, name }: Ask,
): Promise<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    request({ agent, host: '127.0.0.1', port, path, method, headers: { ...headers, host } }, resolve)
      .on('error', reject)
      .end(body)
  })
  response.resume()
  await new Promise((resolve) => response.once('end', resolve))
  if (response.statusCode !== status) throw new Error(`${name}: status ${String(response.statusCode)}`)
  return response.headers.etag ?? ''
}

async function load(port: number, ask: Ask, count: number): Promise<void> {
  let left = count
  const client = async () => {
    while (left-- > 0) await send(port, ask)
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, client))
}

async function measure(): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), ['server'])
  const message = <T>() =>
    new Promise<T>((resolve) => {
      server.once('message', (value) => {
        resolve(value as T)
      })
    })
  const ports = await message<Started>()
  const cpu = async () => {
    const answer = message<Cpu>()
    server.send('cpu')
    return (await answer).cpuMs
  }
  /** Milliseconds of the server's CPU, and of the clock, for one answer. */
  const round = async (port: number, ask: Ask) => {
    const [before, start] = [await cpu(), performance.now()]
    await load(port, ask, ROUND)
    const clock = performance.now() - start
    return { cpuMs: ((await cpu()) - before) / ROUND, clockMs: clock / ROUND }
  }
  const bareAsk: Ask = { name: 'bare node:http', path: '/', host: 'localhost' }
  await load(ports.bare, bareAsk, WARM_UP)
  console.log(
    `${''.padEnd(22)} ${'CPU µs'.padStart(8)} ${'per CPU s'.padStart(10)} ${'per s'.padStart(8)}   ratio`,
  )
  const print = (name: string, best: { cpuMs: number; clockMs: number }, ratio: number) => {
    const columns = [
      (best.cpuMs * 1000).toFixed(0).padStart(8),
      (1000 / best.cpuMs).toFixed(0).padStart(10),
      (1000 / best.clockMs).toFixed(0).padStart(8),
      ratio.toFixed(2).padStart(7),
    ]
    console.log(`${name.padEnd(22)} ${columns.join(' ')}`)
  }
  let fastest = { cpuMs: Infinity, clockMs: Infinity }
  for (const ask of asks(await send(ports.service, { name: 'etag', ...AUTOCONFIG }))) {
    await load(ports.service, ask, WARM_UP)
    let best = { cpuMs: Infinity, clockMs: Infinity }
    let bare = best
    // In turn, so that both meet the same weather.
    for (let count = 0; count < ROUNDS; count += 1) {
      bare = least(bare, await round(ports.bare, bareAsk))
      best = least(best, await round(ports.service, ask))
    }
    fastest = least(fastest, bare)
    print(ask.name, best, bare.cpuMs / best.cpuMs)
  }
  print('bare node:http', fastest, 1)
  agent.destroy()
  server.disconnect()
}

type Cost = { readonly cpuMs: number; readonly clockMs: number }
function least(one: Cost, other: Cost): Cost {
  return { cpuMs: Math.min(one.cpuMs, other.cpuMs), clockMs: Math.min(one.clockMs, other.clockMs) }
}

await (process.argv[2] === 'server' ? serve() : measure())
