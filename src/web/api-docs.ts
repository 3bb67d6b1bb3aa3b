/**
 * The API browser: the OpenAPI document as one readable page, drawn on the server. No library for it is under a megabyte,
 * and none works without scripts.
 */
import type { Translator } from '../i18n/translate.js'
import { renderDocument } from './document.js'
import { type Child, h, type TreeElement } from './tree.js'

/** What this page reads of an OpenAPI 3.1 document. */
export interface ApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly description?: string
  readonly schema: Schema
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly default?: unknown
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

export function apiDocsPage(document: ApiDocument, text: Translator): string {
  const { info } = document
  return renderDocument({
    text,
    title: `${info.title} API`,
    main: [
      h(
        'section',
        { class: 'hero', lang: 'en' },
        h('h1', {}, `${info.title} API`),
        h('p', { class: 'intro' }, info.description),
        h('p', {}, h('a', { href: '/openapi.yaml' }, 'openapi.yaml')),
      ),
      h(
        'div',
        { class: 'api', lang: 'en' },
        document.tags.map((tag) =>
          h(
            'section',
            { 'aria-labelledby': `tag-${tag.name}` },
            h('h2', { id: `tag-${tag.name}` }, tag.description),
            operationsOf(document, tag.name),
          ),
        ),
        h(
          'section',
          { 'aria-labelledby': 'schemas' },
          h('h2', { id: 'schemas' }, 'Schemas'),
          Object.entries(document.components.schemas).map(([name, schema]) =>
            h(
              'details',
              { id: `schema-${name}` },
              h('summary', {}, h('strong', {}, name)),
              schemaTree(schema),
            ),
          ),
        ),
      ),
    ],
  })
}

function operationsOf({ paths }: ApiDocument, tag: string): TreeElement[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(tag))
      .map(([method, operation]) => operationView(`${method.toUpperCase()} ${path}`, operation)),
  )
}

function operationView(call: string, operation: Operation): TreeElement {
  const { operationId, summary, parameters = [], requestBody, responses } = operation
  return h(
    'details',
    { id: operationId, class: 'operation' },
    h('summary', {}, h('code', {}, call), ` ${summary}`),
    parameters.length === 0
      ? null
      : [
          h('h3', {}, 'Parameters'),
          h(
            'ul',
            {},
            parameters.map((one) =>
              h(
                'li',
                {},
                h('code', {}, one.name),
                ` (${one.in}${one.required ? ', required' : ''}) ${typeName(one.schema)}`,
                one.description === undefined ? null : `: ${one.description}`,
              ),
            ),
          ),
        ],
    requestBody === undefined ? null : [h('h3', {}, 'Body'), ...contentViews(requestBody.content)],
    h('h3', {}, 'Answers'),
    h(
      'dl',
      { class: 'answers' },
      ...Object.entries(responses).map(([status, response]): Child => [
        h('dt', {}, status),
        h('dd', {}, h('p', {}, response.description), ...contentViews(response.content ?? {})),
      ]),
    ),
  )
}

function contentViews(content: Content): TreeElement[] {
  return Object.entries(content).map(([mediaType, { schema }]) =>
    h('div', {}, h('code', {}, mediaType), ' ', schemaTree(schema)),
  )
}

function schemaTree(schema: Schema): TreeElement {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    return h('a', { href: `#schema-${name}` }, name)
  }
  const properties = Object.entries(inner(schema).properties ?? {})
  if (properties.length === 0) return h('span', {}, typeName(schema))
  const required = inner(schema).required ?? []
  return h(
    'ul',
    { class: 'schema' },
    properties.map(([name, property]) =>
      h(
        'li',
        {},
        h('code', {}, name),
        ` ${typeName(property)}${required.includes(name) ? '' : ', optional'}`,
        property.description === undefined ? null : `: ${property.description}`,
        inner(property).properties === undefined ? null : schemaTree(property),
      ),
    ),
  )
}

/** The object within a list or beside null: its members are what a reader looks for. */
function inner(schema: Schema): Schema {
  if (schema.items) return inner(schema.items)
  const some = (schema.anyOf ?? schema.oneOf)?.find((one) => inner(one).properties !== undefined)
  return some ? inner(some) : schema
}

function typeName(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const options = schema.anyOf ?? schema.oneOf
  if (options) return [...new Set(options.map(typeName))].join(' | ')
  if (schema.items) return `list of ${typeName(schema.items)}`
  const name = typeof schema.type === 'string' ? schema.type : (schema.type?.join(' | ') ?? 'any')
  return `${name}${schema.format === undefined ? '' : ` (${schema.format})`}${
    schema.default === undefined ? '' : `, default ${JSON.stringify(schema.default)}`
  }`
}
