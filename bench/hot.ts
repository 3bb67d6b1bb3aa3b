/**
 * Answers from the cache with every production duty on: CPU time per answer as a ratio to bare node:http that sends the
 * same bytes, both loaded at the same time, so that whatever else the machine does falls on both. Latencies beside it.
 * Exits 1 when a ratio misses its limit.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { request } from 'undici'
import { signingSet } from '../test/formats/signing-certificates.js'
import type { Order, Ready, Spent } from './hot-server.js'
import { operatorDirectory } from './operator-directory.js'

const CONNECTIONS = 32
/** Answers: enough for the compiler, and for what the first asker pays to be there. */
const WARM_UP = 10_000
const ROUND = 8000
/** Each with both servers side by side; the middle one counts. */
const ROUNDS = 5
/** Of the 99th percentile, against bare (issue 6). */
const LIMIT_LATENCY = 3
const OWN = 'hoster-of-benchmarks.com'
const HOST = 'config.hoster.test'

interface Ask {
  readonly name: string
  /** The least ratio to bare; null where none is promised. */
  readonly limit: number | null
  readonly path: string
  readonly host?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const OUTLOOK = 'http://schemas.microsoft.com/exchange/autodiscover/outlook'
const REQUEST = `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="${OUTLOOK}/requestschema/2006"><Request>
<EMailAddress>ann@${OWN}</EMailAddress><AcceptableResponseSchema>${OUTLOOK}/responseschema/2006a</AcceptableResponseSchema>
</Request></Autodiscover>`

const ASKS: readonly Ask[] = [
  { name: 'GET /v1/discover', limit: 0.45, path: '/v1/discover?email=ann@gmx.de' },
  { name: 'GET /v1/domains/{domain}', limit: 0.5, path: '/v1/domains/gmx.de' },
  { name: 'GET /v1.1/{domain}', limit: 0.5, path: '/v1.1/gmx.de' },
  { name: 'GET /v1.1/{own domain}', limit: 0.5, path: `/v1.1/${OWN}` },
  { name: 'autoconfig by Host', limit: 0.45, path: '/mail/config-v1.1.xml', host: `autoconfig.${OWN}` },
  {
    name: 'autoconfig, address',
    limit: 0.4,
    path: `/mail/config-v1.1.xml?emailaddress=ann@${OWN}`,
    host: `autoconfig.${OWN}`,
  },
  {
    name: 'POST Autodiscover',
    limit: 0.22,
    path: '/autodiscover/autodiscover.xml',
    host: `autodiscover.${OWN}`,
    headers: { 'content-type': 'text/xml' },
    body: REQUEST,
  },
  { name: 'signed profile, again', limit: 0.4, path: `/v1/mobileconfig?email=ann@${OWN}` },
  {
    name: 'batch of 100 addresses',
    limit: null,
    path: '/v1/discover/batch',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      emails: Array.from({ length: 100 }, (_, number) => `user${String(number)}@gmx.de`),
    }),
  },
  {
    name: 'PACC',
    limit: null,
    path: '/.well-known/user-agent-configuration.json',
    host: `ua-auto-config.${OWN}`,
  },
  { name: 'QR code, SVG', limit: null, path: `/v1/qr.svg?email=ann@${OWN}` },
  { name: 'on-demand TLS', limit: null, path: `/v1/tls/ask?domain=autoconfig.${OWN}` },
]
/** Of those without a limit: each costs more, and is asked seldom. */
const FEW = 10

const scratch = mkdtempSync(join(tmpdir(), 'mailscout-hot-'))
process.once('exit', () => {
  rmSync(scratch, { recursive: true, force: true })
})

async function environment(): Promise<Record<string, string>> {
  const { certificate, key, chain } = await signingSet('ecdsa')
  const file = (name: string, text: string) => {
    writeFileSync(join(scratch, name), text)
    return join(scratch, name)
  }
  return {
    PORT: '0',
    MAILSCOUT_PROVIDERS_DIR: operatorDirectory([OWN]),
    MAILSCOUT_SOURCES: 'operator,provider-db',
    // Never answers; without it the system's own would be asked.
    MAILSCOUT_DNS_SERVERS: '127.0.0.1:9',
    MAILSCOUT_PUBLIC_URL: `https://${HOST}`,
    MAILSCOUT_RATE_LIMIT_MAX: '1000000',
    MAILSCOUT_RATE_LIMIT_COLD_MAX: '1000000',
    MAILSCOUT_SELF_CHECK: 'off',
    MAILSCOUT_SIGNING_CERT: file('cert.pem', certificate),
    MAILSCOUT_SIGNING_KEY: file('key.pem', key),
    MAILSCOUT_SIGNING_CHAIN: file('chain.pem', chain),
  }
}

class Server {
  readonly #child: ChildProcess
  #port = 0

  constructor() {
    // The log goes where a supervisor would put it: into a file.
    const log = openSync(join(scratch, 'log'), 'a')
    this.#child = fork(fileURLToPath(new URL('hot-server.ts', import.meta.url)), [], {
      stdio: ['ignore', log, 'inherit', 'ipc'],
    })
  }

  async start(order: Order): Promise<this> {
    this.#port = ((await this.#ask(order)) as Ready).port
    return this
  }

  async cpuMs(): Promise<number> {
    return ((await this.#ask('cpu')) as Spent).cpuMs
  }

  url(path: string): string {
    return `http://127.0.0.1:${String(this.#port)}${path}`
  }

  stop(): void {
    this.#child.disconnect()
  }

  #ask(message: Order | string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#child.once('message', (answer) => {
        this.#child.off('exit', reject)
        resolve(answer)
      })
      this.#child.once('exit', reject)
      this.#child.send(message)
    })
  }
}

interface Round {
  readonly cpuUs: number
  readonly p99: number
  readonly perSecond: number
}

async function load(server: Server, ask: Ask, amount: number): Promise<Round> {
  const start = performance.now()
  const before = await server.cpuMs()
  const result = await autocannon({
    url: server.url(ask.path),
    connections: CONNECTIONS,
    amount,
    method: ask.body === undefined ? 'GET' : 'POST',
    headers: { host: ask.host ?? HOST, ...ask.headers },
    ...(ask.body === undefined ? {} : { body: ask.body }),
  })
  const cpuMs = (await server.cpuMs()) - before
  const answered = result['2xx']
  if (result.non2xx > 0 || result.errors > 0 || answered === 0)
    throw new Error(`${ask.name}: not all were 200`)
  return {
    cpuUs: (cpuMs * 1000) / answered,
    p99: result.latency.p99,
    perSecond: (answered * 1000) / (performance.now() - start),
  }
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

async function compare(service: Server, ask: Ask): Promise<void> {
  // Not fetch: that one chooses the Host header itself.
  const answer = await request(service.url(ask.path), {
    method: ask.body === undefined ? 'GET' : 'POST',
    headers: { host: ask.host ?? HOST, ...ask.headers },
    body: ask.body ?? null,
  })
  const bytes = Buffer.from(await answer.body.arrayBuffer())
  const bare = await new Server().start({
    kind: 'bare',
    body: bytes.toString('base64'),
    contentType: String(answer.headers['content-type']),
  })
  const [warmUp, round] = ask.limit === null ? [WARM_UP / FEW, ROUND / FEW] : [WARM_UP, ROUND]
  await Promise.all([load(service, ask, warmUp), load(bare, ask, warmUp)])
  const ours: Round[] = []
  const ratios: number[] = []
  const latencies: number[] = []
  for (let count = 0; count < ROUNDS; count += 1) {
    const [our, reference] = await Promise.all([load(service, ask, round), load(bare, ask, round)])
    ours.push(our)
    ratios.push(reference.cpuUs / our.cpuUs)
    latencies.push(our.p99 / Math.max(1, reference.p99))
  }
  bare.stop()
  const [ratio, latency] = [middle(ratios), middle(latencies)]
  const missed = ask.limit !== null && (ratio < ask.limit || latency > LIMIT_LATENCY)
  if (missed) process.exitCode = 1
  console.log(
    [
      ask.name.padEnd(26),
      `${String(bytes.length).padStart(6)} B`,
      `${middle(ours.map(({ cpuUs }) => cpuUs))
        .toFixed(0)
        .padStart(5)} µs`,
      `ratio ${ratio.toFixed(2)}`,
      `(limit ${ask.limit === null ? 'none' : ask.limit.toFixed(2)})`,
      `p99 ×${latency.toFixed(1)}`,
      `${middle(ours.map(({ perSecond }) => perSecond))
        .toFixed(0)
        .padStart(6)} per s`,
      missed ? 'MISSED' : '',
    ].join('  '),
  )
}

console.log('CPU per answer, ratio to bare node:http with the same bytes, both loaded at once')
const service = await new Server().start({ kind: 'service', environment: await environment() })
const only = process.argv[2]
for (const ask of ASKS.filter(({ name }) => only === undefined || name.includes(only)))
  await compare(service, ask)
service.stop()
