/** The whole house with one thing hostile: the document a domain publishes, or the request a client sends. */
import assert from 'node:assert/strict'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { parse as parsePlist } from 'plist'
import { createMemoryStore } from '../../src/cache/store.js'
import { createDiscoveryService } from '../../src/discovery/discovery-service.js'
import { discoverAnswerSchema } from '../../src/domain/answer.js'
import type { Discovery } from '../../src/domain/discovery.js'
import type { Resolver } from '../../src/domain/source.js'
import { readAutoconfig } from '../../src/formats/autoconfig-read.js'
import { GUIDE_CLIENTS } from '../../src/domain/guide.js'
import { buildApp } from '../../src/http/app.js'
import { createAutoconfigSource } from '../../src/sources/autoconfig.js'
import { createSrvSource } from '../../src/sources/srv.js'
import type { FuzzTarget } from '../target.js'
import { fixture } from './documents.js'
import { knownHost, mustBePage, mustBeServers } from './promises.js'

const DOMAIN = knownHost('kunde.de')
const PUBLISHED = 'https://autoconfig.kunde.de/mail/config-v1.1.xml'
const ADDRESS = 'ann@kunde.de'

interface House {
  readonly app: FastifyInstance
  /** Publishes another document, and forgets the answers of before. */
  readonly publish: (document: Uint8Array) => void
  readonly idle: () => Promise<void>
  readonly bugs: unknown[]
}

const absent = () => Promise.resolve({ kind: 'absent', ttlSeconds: 60, authenticated: false } as const)
const emptyDns: Resolver = { mx: absent, srv: absent, txt: absent, addresses: absent }

function openHouse(): House {
  let document: Uint8Array = fixture('autoconfig-1.2-2026-11-23.xml')
  const bugs: unknown[] = []
  const service = createDiscoveryService({
    sources: [
      createAutoconfigSource({
        http: {
          request: ({ url }) =>
            Promise.resolve(
              url === PUBLISHED
                ? {
                    kind: 'found',
                    response: {
                      status: 200,
                      body: document,
                      contentType: 'text/xml',
                      url,
                      secure: true,
                      stayedInDomain: true,
                      ttlSeconds: null,
                    },
                  }
                : { kind: 'absent', status: 404, ttlSeconds: 60 },
            ),
        },
      }),
      createSrvSource({ resolver: emptyDns }),
    ],
    prober: {
      probe: () =>
        Promise.resolve({ kind: 'absent', failure: { code: 'unreachable', detail: 'nobody listens' } }),
    },
    budgetMs: 5000,
    now: Date.now,
    store: createMemoryStore<Discovery>({ maxBytes: 1024 * 1024 }),
    allowSpecialUseNames: false,
    suggest: () => [],
    onBug: (_where, error) => bugs.push(error),
  })
  const app = buildApp({
    service,
    isOwnDomain: () => false,
    publicUrl: 'https://config.mailscout.dev',
    now: Date.now,
    version: '0',
  })
  return {
    app,
    publish(next) {
      document = next
      service.forget()
    },
    idle: () => service.idle(),
    bugs,
  }
}

let opened: House | undefined
/** Building an application takes longer than a hundred requests to it. */
const house = (): House => (opened ??= openHouse())

const ENQUIRIES: readonly InjectOptions[] = [
  { url: `/v1/discover?email=${ADDRESS}&verify=never` },
  { url: `/mail/config-v1.1.xml?emailaddress=${ADDRESS}` },
  { url: `/v1/mobileconfig?email=${ADDRESS}&protocol=imap` },
  { url: `/v1/domains/${DOMAIN}/zone` },
  {
    method: 'POST',
    url: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `email=${ADDRESS}`,
  },
]

/** A published document, and everything that is made of it. */
export const pageTarget: FuzzTarget = {
  name: 'page',
  seeds: () => [
    fixture('autoconfig-1.1-2026-11-23.xml'),
    fixture('autoconfig-1.2-2026-11-23.xml'),
    `<clientConfig version="1.1"><emailProvider id="kunde.de"><domain>kunde.de</domain><displayName>&lt;script&gt;alert(1)&lt;/script&gt;"'</displayName>
<incomingServer type="imap"><hostname>imap.kunde.de</hostname><port>993</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.kunde.de</hostname><port>465</port><socketType>SSL</socketType><username>x"&lt;b&gt;\`%EMAILLOCALPART%</username><authentication>password-cleartext</authentication></outgoingServer>
<enable visiturl="https://kunde.de/?&quot;&lt;x"><instruction lang="en">Do &lt;b onclick=x&gt;this&lt;/b&gt; [x](javascript:y)</instruction></enable>
<documentation url="https://kunde.de/h"><descr lang="de">x</descr></documentation></emailProvider></clientConfig>`,
  ],
  async run(bytes) {
    const { app, publish, idle, bugs } = house()
    publish(bytes)
    const guide = GUIDE_CLIENTS[bytes.length % GUIDE_CLIENTS.length] ?? 'outlook'
    const guides = ['html', 'markdown'].map((format) => ({
      url: `/v1/guides/${guide}?email=${ADDRESS}&format=${format}`,
    }))
    for (const enquiry of [...ENQUIRIES, ...guides]) {
      const { statusCode, body, headers } = await app.inject(enquiry)
      assert.ok([200, 404, 422].includes(statusCode), `${statusCode}: ${body.slice(0, 300)}`)
      const type = String(headers['content-type']).replace(/;.*/, '')
      assert.ok(body.length < 1024 * 1024, `${body.length} characters of ${type}`)
      if (type.endsWith('json')) checkJson(body, statusCode)
      else if (type === 'text/html') mustBePage(body)
      else if (type === 'text/xml') checkXml(body)
      else if (type === 'application/x-apple-aspen-config') parsePlist(body)
      else if (type === 'text/plain') assert.doesNotMatch(body, /[^\n\x20-\x7e]/, 'zone text is ASCII')
      else assert.doesNotMatch(body, /[\p{Cs}\u202a-\u202e]|[^\P{Cc}\n]/u, type)
    }
    await idle()
    assert.deepEqual(bugs, [])
  },
}

function checkJson(body: string, statusCode: number): void {
  const value: unknown = JSON.parse(body)
  if (statusCode === 200) discoverAnswerSchema.parse(value)
}

function checkXml(body: string): void {
  const read = readAutoconfig(Buffer.from(body), { domain: DOMAIN, source: 'autoconfig' })
  assert.ok(read.ok, 'our own reader takes what we write')
  mustBeServers(read.document.servers, 6)
  assert.deepEqual(read.document.rejected, [])
}

/** `METHOD url`, header lines, an empty line, the body. */
export const requestTarget: FuzzTarget = {
  name: 'request',
  seeds: () => [
    `GET /v1/discover?email=${ADDRESS}&devices=one HTTP/1.1\nAccept: application/json\nOrigin: https://a.de\n\n`,
    `POST /v1/discover\nContent-Type: application/json\n\n{"email":"${ADDRESS}","keep":"device"}`,
    `POST /v1/discover/batch\nContent-Type: application/json\n\n{"emails":["${ADDRESS}","x"]}`,
    `POST /\nContent-Type: application/x-www-form-urlencoded\n\nemail=${ADDRESS}&lang=de`,
    `GET /mail/config-v1.1.xml?emailaddress=${ADDRESS}\nHost: autoconfig.kunde.de\nIf-None-Match: *\n\n`,
    `POST /autodiscover/autodiscover.xml\nContent-Type: text/xml\n\n<Autodiscover/>`,
    'GET /autodiscover/autodiscover.json?Protocol=AutodiscoverV1\n\n',
    `GET /v1/guides/outlook?email=${ADDRESS}&format=html&lang=ro\nAccept-Language: de\n\n`,
    'GET /v1/domains/kunde.de/zone\n\n',
    `GET /v1/qr.svg?email=${ADDRESS}\n\n`,
    'GET /v1/providers?query=a&limit=3\nX-Forwarded-For: 1.2.3.4\n\n',
    'OPTIONS /v1/discover\nOrigin: null\nAccess-Control-Request-Method: POST\n\n',
    'GET /v1/tls/ask?domain=autoconfig.kunde.de\n\n',
  ],
  async run(bytes) {
    const { app, bugs } = house()
    const response = await app.inject(readRequest(bytes)).catch((error: unknown) => {
      // What node's own parser would have refused before us.
      if (error instanceof TypeError || error instanceof RangeError) return null
      throw error
    })
    if (response === null) return
    const { statusCode, headers, body } = response
    assert.ok(statusCode < 500 || statusCode === 503, `${statusCode}: ${body.slice(0, 300)}`)
    if (statusCode !== 404 || headers['content-type'] !== undefined) {
      assert.equal(headers['x-content-type-options'], 'nosniff')
    }
    assert.equal(headers['set-cookie'], undefined)
    if (String(headers['content-type']).startsWith('text/html')) mustBePage(body)
    mustBeJson(String(headers['content-type']), body)
    assert.deepEqual(bugs, [])
  },
}

function mustBeJson(type: string, body: string): void {
  if (body === '') return
  if (/[/+]json(?:;|$)/.test(type)) JSON.parse(body)
  // One document per line, each complete.
  else if (type.startsWith('application/x-ndjson'))
    for (const line of body.trimEnd().split('\n')) JSON.parse(line)
}

const METHODS = ['GET', 'POST', 'OPTIONS', 'HEAD', 'PUT', 'DELETE'] as const

function readRequest(bytes: Uint8Array): InjectOptions {
  const all = Buffer.from(bytes).toString('latin1')
  const end = all.indexOf('\n\n')
  const [first = '', ...lines] = (end === -1 ? all : all.slice(0, end)).split('\n')
  const [method = '', url = '/'] = first.split(' ')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const [, name, value] = /^([A-Za-z-]{1,40}): ?([\t\x20-\x7e\x80-\xff]*)$/.exec(line) ?? []
    // Injection makes these itself from the body.
    if (name === undefined || /^(content-length|transfer-encoding|expect)$/i.test(name)) continue
    headers[name.toLowerCase()] = value ?? ''
  }
  const path = url.startsWith('/') && !url.startsWith('//') ? url : '/'
  return {
    method: METHODS.find((known) => known === method) ?? 'GET',
    // As node's parser hands it on: no control characters, no spaces.
    url: path.replace(/[^\x21-\x7e]/g, encodeURIComponent),
    headers,
    ...(end === -1 || method === 'GET' || method === 'HEAD'
      ? {}
      : { payload: Buffer.from(bytes.subarray(end + 2)) }),
  }
}
