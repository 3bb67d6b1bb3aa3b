/** Autoconfig XML for Thunderbird and its kin, on the paths they ask (R44), in both roles (R42). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Discovery } from '../../domain/discovery.js'
import type { EmailAddress } from '../../domain/email-address.js'
import type { Hostname } from '../../domain/hostname.js'
import { writeAutoconfig } from '../../formats/autoconfig-write.js'
import { settingsView } from '../../formats/settings-view.js'
import { standIn } from '../../formats/spliced-text.js'
import type { AppParts } from '../app-parts.js'
import { keptSettings, readAuthority, requestAuthority, settingsFor } from '../authority.js'
import { clientSignal } from '../client-signal.js'
import { readDomain, readEmail, refuseSecrets } from '../discover-options.js'
import { MAX_AGE_SECONDS, sendCacheable } from '../etag.js'
import { LOOKUP_PROBLEMS, NOT_MODIFIED, type Paths, problems, textAnswer } from '../openapi-parts.js'
import { Problem, requireFound } from '../problem.js'
import {
  canBeSpliced,
  madeForAddresses,
  madeForAll,
  readyAnswer,
  sendReady,
  sendReadyFor,
} from '../ready-answers.js'

/** Mail programs expect the file here on a host of the domain's own; the last is the draft's new name. */
const CLASSIC_PATHS = [
  '/mail/config-v1.1.xml',
  '/.well-known/autoconfig/mail/config-v1.1.xml',
  '/.well-known/mail-v1.xml',
]

export function autoconfigRoutes(app: FastifyInstance, parts: AppParts): void {
  for (const path of CLASSIC_PATHS) {
    app.get(path, async (request, reply) => {
      refuseSecrets(request.query)
      const { emailaddress } = request.query as { emailaddress?: unknown }
      const address = typeof emailaddress === 'string' ? readEmail(emailaddress) : null
      const domain = address?.domain ?? hostDomain(request, parts)
      if (domain === null) throw new Problem('NOT_FOUND', { detail: 'detail-UNKNOWN_HOST' })
      if (address === null || isOwnOrNobodys(request, { parts, domain })) {
        const sent = sendReadyFile({ request, reply, parts }, { domain, address })
        if (sent) return sent
      }
      const discovery = await settingsFor(parts, { domain, email: address, signal: clientSignal(reply) })
      if (address !== null) requireHosted({ request, parts, discovery })
      return sendAutoconfig({ request, reply, discovery, address })
    })
  }
  app.get('/v1.1/:domain', async (request, reply) => {
    refuseSecrets(request.query)
    const domain = readDomain((request.params as { domain: string }).domain)
    const sent = sendReadyFile({ request, reply, parts }, { domain, address: null })
    if (sent) return sent
    const discovery = await settingsFor(parts, { domain, signal: clientSignal(reply) })
    return sendAutoconfig({ request, reply, discovery, address: null })
  })
}

/** Thunderbird for Android never sends the address: then the Host names the domain, if it is one of the operator's. */
function hostDomain(request: FastifyRequest, parts: AppParts): Hostname | null {
  return requestAuthority(request, parts, 'autoconfig')?.domain ?? null
}

/**
 * At a name of the operator's, only his domains and those whose MX leads to him are answered for (R42): Thunderbird asks
 * `autoconfig.<base domain of the MX>` with the address of any customer. @throws Problem NOT_FOUND
 */
function requireHosted(call: { request: FastifyRequest; parts: AppParts; discovery: Discovery }): void {
  const { request, parts, discovery } = call
  // Where the MX could not be asked nobody knows whose the domain is: that is a failure, no absence (R37).
  if (isOwnOrNobodys(request, { parts, domain: discovery.domain }) || discovery.kind === 'failed') return
  if (parts.operator?.leadsHere(discovery) !== true) throw new Problem('NOT_FOUND')
}

/** Whether the domain is the operator's, or the request addresses no name of his. */
function isOwnOrNobodys(
  request: FastifyRequest,
  { parts, domain }: { readonly parts: AppParts; readonly domain: Hostname },
): boolean {
  return parts.isOwnDomain(domain) || readAuthority(request.headers.host, parts.isOwnDomain) === null
}

/** Sends the file of settings that are at hand. @returns null: the long way then */
export function sendReadyFile(
  { request, reply, parts }: { request: FastifyRequest; reply: FastifyReply; parts: AppParts },
  { domain, address }: { readonly domain: Hostname; readonly address: EmailAddress | null },
): FastifyReply | null {
  if (address !== null && !canBeSpliced(parts, address)) return null
  const kept = keptSettings(request, parts, domain)
  const xml = (discovery: Discovery, email: EmailAddress | null) =>
    writeAutoconfig(settingsView(discovery, email))
  const form =
    address === null
      ? { variant: 'autoconfig', make: (found: Discovery) => madeForAll(xml(found, null)) }
      : {
          variant: 'autoconfig for address',
          make: (found: Discovery) => madeForAddresses(xml(found, standIn(domain))),
        }
  const ready = kept && readyAnswer(parts, { kept, domain, ...form })
  if (!ready) return null
  reply.type('text/xml; charset=utf-8')
  if (address === null) return sendReady({ request, reply, ready })
  // An answer that echoes an address is nobody else's (R43).
  return sendReadyFor(reply.header('cache-control', 'no-store'), ready, { email: address, now: parts.now() })
}

/** Sends the file of a finished lookup. @throws Problem */
export function sendAutoconfig(call: {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly discovery: Discovery
  readonly address: EmailAddress | null
}): FastifyReply {
  const { request, reply, discovery, address } = call
  requireFound(discovery)
  const xml = writeAutoconfig(settingsView(discovery, address))
  if (xml === null) throw new Problem('NOTHING_FOUND', { detail: 'detail-NO_CONFIRMED_SERVERS', discovery })
  reply.type('text/xml; charset=utf-8')
  // An answer that echoes an address is nobody else's (R43).
  if (address) return reply.header('cache-control', 'no-store').send(xml)
  const maxAgeSeconds = Math.min(MAX_AGE_SECONDS, discovery.ttlSeconds)
  return sendCacheable({ request, reply, body: xml, maxAgeSeconds })
}

const XML_ANSWERS = {
  '200': textAnswer('The autoconfig file', 'text/xml'),
  '304': NOT_MODIFIED,
  ...problems('EMAIL_INVALID', 'QUERY_INVALID', ...LOOKUP_PROBLEMS, 'NOT_FOUND'),
}

function classicPath(operationId: string): Paths[string] {
  const emailaddress = {
    name: 'emailaddress',
    in: 'query',
    required: false,
    description:
      'The address; without it the Host must belong to a domain of the operator, and placeholders stay',
    schema: { type: 'string' },
  }
  return {
    get: {
      operationId,
      summary: 'Autoconfig XML as Thunderbird asks for it',
      tags: ['formats'],
      parameters: [emailaddress],
      responses: XML_ANSWERS,
    },
  }
}

export const autoconfigPaths: Paths = {
  '/mail/config-v1.1.xml': classicPath('autoconfig'),
  '/.well-known/autoconfig/mail/config-v1.1.xml': classicPath('autoconfigWellKnown'),
  '/.well-known/mail-v1.xml': classicPath('autoconfigMailV1'),
  '/v1.1/{domain}': {
    get: {
      operationId: 'autoconfigByDomain',
      summary: 'Autoconfig XML by domain, as ISPDB serves it',
      tags: ['formats'],
      parameters: [{ name: 'domain', in: 'path', required: true, schema: { type: 'string' } }],
      responses: XML_ANSWERS,
    },
  },
}
