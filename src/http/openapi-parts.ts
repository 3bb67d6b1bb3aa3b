/** Building blocks of the OpenAPI document: zod schemas become parameters and answers. */
import { z } from 'zod'
import { PROBLEM_STATUS, type ProblemCode } from '../domain/errors.js'

export type Json = Record<string, unknown>
/** Path → method → operation, as each route file describes its own. */
export type Paths = Record<string, Json>

const INPUT = { target: 'draft-2020-12', io: 'input' } as const
const OUTPUT = { target: 'draft-2020-12', io: 'output', reused: 'inline' } as const

/** What a client sends. */
export function inputSchema(schema: z.ZodType): Json {
  return withoutDialect(z.toJSONSchema(schema, INPUT))
}

/** What a client gets. */
export function outputSchema(schema: z.ZodType): Json {
  return withoutDialect(z.toJSONSchema(schema, OUTPUT))
}

function withoutDialect(schema: object): Json {
  const json: Json = { ...schema }
  delete json['$schema']
  return json
}

/** Each property of an object schema becomes a parameter. */
export function parameters(schema: z.ZodObject, place: 'query' | 'path'): Json[] {
  const { properties = {}, required = [] } = inputSchema(schema) as { properties?: Json; required?: string[] }
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

export function answer(description: string, content: Json): Json {
  return { description, content }
}

/** An answer whose body is text of the given media type. */
export function textAnswer(description: string, mediaType: string): Json {
  return answer(description, { [mediaType]: { schema: { type: 'string' } } })
}

export const SETTINGS_ANSWER = answer('The settings', {
  'application/json': { schema: { $ref: '#/components/schemas/Settings' } },
})
export const NOT_MODIFIED = { description: 'The client has these bytes already' }
export const LOOKUP_PROBLEMS = [
  'NAME_RESERVED',
  'NO_MAIL',
  'NOTHING_FOUND',
  'LOOKUP_FAILED',
  'OVERLOADED',
  'INTERNAL',
] as const satisfies readonly ProblemCode[]

/** The problems an operation can answer with, one response per status. */
export function problems(...codes: readonly ProblemCode[]): Json {
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
