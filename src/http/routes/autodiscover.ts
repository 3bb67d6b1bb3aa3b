/**
 * Autodiscover for the operator's own domains (R42, R45): version 1 (MS-OXDSCLI 24.1) and the pointer of version 2. Every
 * answer of version 1 is a document with status 200, errors included, because its clients read nothing else. Whatever
 * `Authorization` a client sends is neither asked for nor looked at, and no log line holds a header (R5).
 */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Discovery } from '../../domain/discovery.js'
import { type EmailAddress, parseEmailAddress } from '../../domain/email-address.js'
import type { Hostname } from '../../domain/hostname.js'
import type { Kept } from '../../domain/kept.js'
import {
  type AutodiscoverErrorCode,
  MAX_AUTODISCOVER_REQUEST_BYTES,
  readAutodiscoverRequest,
  writeAutodiscover,
  writeAutodiscoverError,
  writeAutodiscoverJson,
} from '../../formats/autodiscover-write.js'
import { settingsView } from '../../formats/settings-view.js'
import { standIn } from '../../formats/spliced-text.js'
import type { AppParts } from '../app-parts.js'
import { isServiceHost, personal, requestAuthority } from '../authority.js'
import { answer, type Paths, problems, textAnswer } from '../openapi-parts.js'
import { Problem } from '../problem.js'
import { canBeSpliced, madeForAddresses, readyAnswer, sendReadyFor } from '../ready-answers.js'

const XML_PATH = '/autodiscover/autodiscover.xml'
const JSON_PATH = '/autodiscover/autodiscover.json'
/** As the new Outlook asks; the address in the path is read like the parameter. */
const JSON_PATH_WITH_ADDRESS = '/autodiscover/autodiscover.json/v1.0/:email'

/** `/Autodiscover/Autodiscover.xml`, `/AutoDiscover/…`: every client has its own letter case (R45). */
const ANY_CASE = /^\/autodiscover\/autodiscover\.(?:xml|json)(?=[/?]|$)/i

/** For Fastify's `rewriteUrl`: lower-cases the path of this protocol alone, and nothing behind it. */
export function lowerCaseAutodiscover(url: string): string {
  return url.replace(ANY_CASE, (path) => path.toLowerCase())
}

export function autodiscoverRoutes(app: FastifyInstance, parts: AppParts): void {
  // A context of its own: XML bodies are taken here and nowhere else.
  void app.register((scope, _options, ready) => {
    scope.removeAllContentTypeParsers()
    const options = { parseAs: 'buffer', bodyLimit: MAX_AUTODISCOVER_REQUEST_BYTES } as const
    // Clients label the body as they like; what it is, the XML reader decides.
    scope.addContentTypeParser('*', options, (_request, body, done) => {
      done(null, body)
    })
    scope.setErrorHandler((error: FastifyError, request, reply) => {
      if (error instanceof Problem) throw error
      const unreadable = error.statusCode !== undefined && error.statusCode < 500
      if (!unreadable) request.log.error({ err: error }, 'unexpected error')
      return sendError(reply, parts, unreadable ? 600 : 603)
    })
    scope.post(XML_PATH, (request, reply) => {
      requireHost(request, parts)
      const asked = readAutodiscoverRequest(request.body instanceof Uint8Array ? request.body : EMPTY)
      if (asked.kind === 'error') return sendError(reply, parts, asked.code)
      // Another's domain is no domain of ours, and whether one is his customer must not show (R42).
      const kept = parts.operator?.kept(asked.address.domain)
      if (kept === undefined) return sendError(reply, parts, 500)
      // The new Outlook asks for ActiveSync, which no entry names.
      if (asked.kind === 'mobilesync') return sendError(reply, parts, 601)
      return sendSettings({ reply, parts, kept }, asked.address)
    })
    // Administrators open the address in a browser to see whether anybody is there; the error document says so.
    scope.get(XML_PATH, (request, reply) => {
      requireHost(request, parts)
      return sendError(reply, parts, 600)
    })
    ready()
  })
  for (const path of [JSON_PATH, JSON_PATH_WITH_ADDRESS]) {
    app.get(path, (request, reply) => {
      requireHost(request, parts)
      return sendPointer({ request, reply, parts })
    })
  }
}

const EMPTY = new Uint8Array()

/** @throws Problem NOT_FOUND at any name that is neither an own domain's nor the service's (R42) */
function requireHost(request: FastifyRequest, parts: AppParts): void {
  const known = requestAuthority(request, parts, 'autodiscover') !== null || isServiceHost(request, parts)
  if (!known) throw new Problem('NOT_FOUND', { detail: 'detail-UNKNOWN_HOST' })
}

function sendSettings(
  { reply, parts, kept }: { reply: FastifyReply; parts: AppParts; kept: Kept<Discovery> },
  address: EmailAddress,
): FastifyReply {
  const { domain } = address
  const render = (discovery: Discovery, email: EmailAddress) =>
    writeAutodiscover(settingsView(discovery, email))
  const ready =
    canBeSpliced(parts, address) &&
    readyAnswer(parts, {
      kept,
      domain,
      variant: 'autodiscover',
      make: (discovery) => madeForAddresses(render(discovery, standIn(domain))),
    })
  if (ready) return sendReadyFor(asXml(reply), ready, { email: address, now: parts.now() })
  const xml = render(personal(parts, kept.value(), address), address)
  return xml === null ? sendError(reply, parts, 501) : asXml(reply).send(xml)
}

function asXml(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store').type('text/xml; charset=utf-8')
}

function sendError(reply: FastifyReply, { now }: AppParts, code: AutodiscoverErrorCode): FastifyReply {
  const time = now()
  return asXml(reply).send(writeAutodiscoverError({ code, now: time, id: time % ID_RANGE }))
}

/** Real servers send ten digits at most. */
const ID_RANGE = 1_000_000_000

/** Version 2: where version 1 is, for addresses of own domains; errors as the vendor's service words them. */
function sendPointer(call: { request: FastifyRequest; reply: FastifyReply; parts: AppParts }): FastifyReply {
  const { request, reply, parts } = call
  reply.header('cache-control', 'no-store').type('application/json; charset=utf-8')
  const refuse = (status: number, code: string, message: string) =>
    reply.code(status).send(JSON.stringify({ ErrorCode: code, ErrorMessage: message }))
  const query = new Map(
    Object.entries(request.query as Record<string, unknown>).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === 'string' ? value : '',
    ]),
  )
  const protocol = query.get('protocol')
  if (protocol === undefined || protocol === '') {
    return refuse(400, 'MandatoryParameterMissing', 'The parameter Protocol is missing.')
  }
  const { email = query.get('email') } = request.params as { email?: string }
  const domain = pointerDomain(email, { request, parts })
  if (domain === null || !parts.isOwnDomain(domain)) {
    return refuse(404, 'UserNotFound', 'The domain is not served here.')
  }
  const { publicUrl } = parts
  const body = publicUrl === undefined ? null : writeAutodiscoverJson(protocol, `${publicUrl}${XML_PATH}`)
  // The protocol's name is not repeated: it is a stranger's text.
  return body === null
    ? refuse(400, 'InvalidProtocol', 'Only AutodiscoverV1 is available, where it is set up.')
    : reply.send(body)
}

function pointerDomain(
  email: string | undefined,
  { request, parts }: { request: FastifyRequest; parts: AppParts },
): Hostname | null {
  if (email === undefined || email === '')
    return requestAuthority(request, parts, 'autodiscover')?.domain ?? null
  const address = parseEmailAddress(email)
  return address.ok ? address.value.domain : null
}

const DOCUMENT = {
  '200': textAnswer('The settings, or the error document of the protocol (500, 501, 600 to 603)', 'text/xml'),
  ...problems('NOT_FOUND'),
}
const POINTER_REFUSED = answer('The error in the form of the protocol', {
  'application/json': {
    schema: {
      type: 'object',
      properties: { ErrorCode: { type: 'string' }, ErrorMessage: { type: 'string' } },
    },
  },
})
const POINTER = {
  '200': answer('Where version 1 is', {
    'application/json': {
      schema: { type: 'object', properties: { Protocol: { type: 'string' }, Url: { type: 'string' } } },
    },
  }),
  '400': POINTER_REFUSED,
  '404': {
    ...POINTER_REFUSED,
    content: {
      ...(POINTER_REFUSED['content'] as object),
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    },
  },
}
const PROTOCOL = {
  name: 'Protocol',
  in: 'query',
  required: true,
  description: 'AutodiscoverV1',
  schema: { type: 'string' },
}

export const autodiscoverPaths: Paths = {
  [XML_PATH]: {
    get: {
      operationId: 'autodiscoverTest',
      summary: 'The error document, for administrators who look whether somebody answers',
      tags: ['formats'],
      responses: DOCUMENT,
    },
    post: {
      operationId: 'autodiscover',
      summary: 'Autodiscover (POX) for the operator’s domains; any letter case of the path',
      tags: ['formats'],
      requestBody: { required: true, content: { 'text/xml': { schema: { type: 'string' } } } },
      responses: DOCUMENT,
    },
  },
  [JSON_PATH]: {
    get: {
      operationId: 'autodiscoverV2',
      summary: 'Autodiscover version 2: where version 1 is',
      tags: ['formats'],
      parameters: [{ name: 'Email', in: 'query', required: false, schema: { type: 'string' } }, PROTOCOL],
      responses: POINTER,
    },
  },
  [JSON_PATH_WITH_ADDRESS.replace(':email', '{email}')]: {
    get: {
      operationId: 'autodiscoverV2ByPath',
      summary: 'The same with the address in the path, as the new Outlook asks',
      tags: ['formats'],
      parameters: [{ name: 'email', in: 'path', required: true, schema: { type: 'string' } }, PROTOCOL],
      responses: POINTER,
    },
  },
}
