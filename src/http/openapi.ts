/** The OpenAPI document, generated from the zod schemas that check requests and describe answers. */
import { stringify } from 'yaml'
import { z } from 'zod'
import { discoverAnswerSchema, problemSchema } from '../domain/answer.js'
import { PROBLEM_STATUS } from '../domain/errors.js'
import { discoverOptionsSchema } from './discover-options.js'
import { domainOptionsSchema, domainParamsSchema } from './routes/domains.js'
import { mobileconfigOptionsSchema } from './routes/mobileconfig.js'

type Json = Record<string, unknown>

const DRAFT = { target: 'draft-2020-12', io: 'input' } as const
const OUTPUT = { target: 'draft-2020-12', io: 'output', reused: 'inline' } as const

function schemaOf(schema: z.ZodType, options: typeof DRAFT | typeof OUTPUT): Json {
  const json: Json = { ...z.toJSONSchema(schema, options) }
  delete json['$schema']
  return json
}

/** Each property of an object schema becomes a parameter. */
function parameters(schema: z.ZodObject, place: 'query' | 'path'): Json[] {
  const { properties = {}, required = [] } = schemaOf(schema, DRAFT) as {
    properties?: Json
    required?: string[]
  }
  return Object.entries(properties).map(([name, value]) => {
    const { description, ...type } = value as Json
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: type,
    }
  })
}

function answer(description: string, content: Json): Json {
  return { description, content }
}

const JSON_ANSWER = answer('The settings', {
  'application/json': { schema: { $ref: '#/components/schemas/Settings' } },
})
const XML_ANSWER = answer('The autoconfig file', { 'text/xml': { schema: { type: 'string' } } })
const NOT_MODIFIED = { description: 'The client has these bytes already' }

/** The problems an operation can answer with, one response per status. */
function problems(...codes: (keyof typeof PROBLEM_STATUS)[]): Json {
  const byStatus = new Map<number, string[]>()
  for (const code of codes) {
    byStatus.set(PROBLEM_STATUS[code], [...(byStatus.get(PROBLEM_STATUS[code]) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [
      String(status),
      answer(names.join(', '), {
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      }),
    ]),
  )
}

const LOOKUP_PROBLEMS = ['NAME_RESERVED', 'NO_MAIL', 'NOTHING_FOUND', 'LOOKUP_FAILED', 'INTERNAL'] as const
const BODY_PROBLEMS = ['BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED'] as const

function classicAutoconfig(operationId: string): Json {
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
      responses: {
        '200': XML_ANSWER,
        '304': NOT_MODIFIED,
        ...problems('EMAIL_INVALID', 'QUERY_INVALID', ...LOOKUP_PROBLEMS),
      },
    },
  }
}

/** The whole document as an object, for the file, the endpoint and the test that compares it with the routes. */
export function openApiDocument(): Json {
  const discoverProblems = problems('EMAIL_INVALID', 'QUERY_INVALID', ...LOOKUP_PROBLEMS)
  return {
    openapi: '3.1.0',
    info: {
      title: 'mailscout',
      version: '1',
      summary: 'Which servers does this e-mail address need?',
      description:
        'Looks up IMAP, POP3 and SMTP settings for an e-mail address and says how far they can be trusted.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [],
    tags: [
      { name: 'settings', description: 'Settings and advice as JSON' },
      { name: 'formats', description: 'Formats that mail programs read' },
      { name: 'operations', description: 'For those who run the service' },
    ],
    paths: {
      '/v1/discover': {
        get: {
          operationId: 'discover',
          summary: 'Settings and advice for an address',
          tags: ['settings'],
          parameters: parameters(discoverOptionsSchema, 'query'),
          responses: { '200': JSON_ANSWER, ...discoverProblems },
        },
        post: {
          operationId: 'discoverByPost',
          summary: 'The same, with the address in the body, where no log keeps it',
          tags: ['settings'],
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(discoverOptionsSchema, DRAFT) } },
          },
          responses: { '200': JSON_ANSWER, ...discoverProblems, ...problems(...BODY_PROBLEMS) },
        },
      },
      '/v1/domains/{domain}': {
        get: {
          operationId: 'domain',
          summary: 'Settings of a domain, with placeholders for the address',
          tags: ['settings'],
          parameters: [
            ...parameters(domainParamsSchema, 'path'),
            ...parameters(domainOptionsSchema, 'query'),
          ],
          responses: {
            '200': JSON_ANSWER,
            '304': NOT_MODIFIED,
            ...problems('QUERY_INVALID', ...LOOKUP_PROBLEMS),
          },
        },
      },
      '/mail/config-v1.1.xml': classicAutoconfig('autoconfig'),
      '/.well-known/autoconfig/mail/config-v1.1.xml': classicAutoconfig('autoconfigWellKnown'),
      '/v1.1/{domain}': {
        get: {
          operationId: 'autoconfigByDomain',
          summary: 'Autoconfig XML by domain, as ISPDB serves it',
          tags: ['formats'],
          parameters: parameters(domainParamsSchema, 'path'),
          responses: {
            '200': XML_ANSWER,
            '304': NOT_MODIFIED,
            ...problems('QUERY_INVALID', ...LOOKUP_PROBLEMS),
          },
        },
      },
      '/v1/mobileconfig': {
        get: {
          operationId: 'mobileconfig',
          summary: 'Configuration profile for iPhone, iPad and Mac',
          tags: ['formats'],
          parameters: parameters(mobileconfigOptionsSchema, 'query'),
          responses: {
            '200': answer('The profile', {
              'application/x-apple-aspen-config': { schema: { type: 'string' } },
            }),
            ...problems('EMAIL_INVALID', 'QUERY_INVALID', 'PROFILE_UNSUPPORTED', ...LOOKUP_PROBLEMS),
          },
        },
      },
      '/healthz': {
        get: {
          operationId: 'health',
          summary: 'The process is alive',
          tags: ['operations'],
          responses: {
            '200': answer('Alive', {
              'application/json': { schema: { type: 'object', properties: { status: { const: 'ok' } } } },
            }),
            ...problems('INTERNAL'),
          },
        },
      },
      '/openapi.yaml': {
        get: {
          operationId: 'specification',
          summary: 'This document',
          tags: ['operations'],
          responses: {
            '200': answer('This document', { 'application/yaml': { schema: { type: 'string' } } }),
            ...problems('INTERNAL'),
          },
        },
      },
    },
    components: {
      schemas: {
        Settings: schemaOf(discoverAnswerSchema, OUTPUT),
        Problem: schemaOf(problemSchema, OUTPUT),
      },
    },
  }
}

export function openApiYaml(): string {
  return stringify(openApiDocument(), { aliasDuplicateObjects: false, lineWidth: 120 })
}
