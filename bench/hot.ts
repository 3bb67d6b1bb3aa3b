/**
 * Answers from the cache with every production duty on: CPU time per answer as a ratio to bare node:http that sends the
 * same bytes, both loaded at the same time, so that whatever else the machine does falls on both. Latencies beside it.
 * Exits 1 when a ratio misses its limit.
 */
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { signingSet } from '../test/formats/signing-certificates.js'
import { type Ask, load, middle, type Round, Server } from './hot-load.js'
import { operatorDirectory } from './operator-directory.js'

/** Answers: enough for the compiler, and for what the first asker pays to be there. */
const WARM_UP = 10_000
const ROUND = 6000
/** Each with both servers side by side; the middle one counts. */
const ROUNDS = 5
/** Of the 99th percentile, against bare (issue 6). */
const LIMIT_LATENCY = 3
const OWN = 'hoster-of-benchmarks.com'
const HOST = 'config.hoster.test'

interface Subject extends Ask {
  readonly name: string
  /** The least ratio to bare; null where none is promised. */
  readonly limit: number | null
  readonly host?: string
}

const OUTLOOK = 'http://schemas.microsoft.com/exchange/autodiscover/outlook'
const REQUEST = `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="${OUTLOOK}/requestschema/2006"><Request>
<EMailAddress>ann@${OWN}</EMailAddress><AcceptableResponseSchema>${OUTLOOK}/responseschema/2006a</AcceptableResponseSchema>
</Request></Autodiscover>`

const SUBJECTS: readonly Subject[] = [
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

async function compare(service: Server, subject: Subject): Promise<void> {
  const ask = { ...subject, headers: { host: subject.host ?? HOST, ...subject.headers } }
  // Not fetch: that one chooses the Host header itself.
  const answer = await request(service.url(ask.path), {
    method: ask.body === undefined ? 'GET' : 'POST',
    headers: ask.headers,
    body: ask.body ?? null,
  })
  const bytes = Buffer.from(await answer.body.arrayBuffer())
  const bare = await new Server(log).start({
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

const log = openSync(join(scratch, 'log'), 'a')
console.log('CPU per answer, ratio to bare node:http with the same bytes, both loaded at once')
const service = await new Server(log).start({ kind: 'service', environment: await environment() })
const only = process.argv[2]
for (const ask of SUBJECTS.filter(({ name }) => only === undefined || name.includes(only)))
  await compare(service, ask)
service.stop()
