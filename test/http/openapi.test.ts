/** The specification, the checked-in file and the routes say the same. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { openApiDocument, openApiYaml } from '../../src/http/openapi.js'
import { ASSETS } from '../../src/web/assets.js'
import { startLab } from '../lab/lab.js'
import { serviceBeside } from '../lab/service.js'

interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path'
  readonly required: boolean
}
interface Operation {
  readonly operationId: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: unknown
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const
type Method = (typeof METHODS)[number]

/** For each parameter an operation may ask for, a value that the lab can answer. */
const VALUES: Readonly<Record<string, string>> = {
  domain: 'providerdb.lab',
  email: 'ann@providerdb.lab',
  emailaddress: 'ann@providerdb.lab',
  id: 'bigmail',
  query: 'big',
  client: 'thunderbird',
  file: ASSETS['page.css'].path.replace('/assets/', ''),
  Protocol: 'AutodiscoverV1',
  '/v1/tls/ask domain': 'autoconfig.operator.lab',
  '/autodiscover/autodiscover.json/v1.0/{email} email': 'ann@operator.lab',
}

/** Paths that answer only at names of the operator's domain (R42). */
const HOSTS: readonly (readonly [RegExp, string])[] = [
  [/^\/autodiscover\//, 'autodiscover.operator.lab'],
  [/user-agent-configuration/, 'ua-auto-config.operator.lab'],
]

const { paths } = openApiDocument() as {
  paths: Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>>
}
const operations = Object.entries(paths).flatMap(([path, item]) =>
  METHODS.flatMap((method) => {
    const operation = item[method]
    return operation ? [{ path, method, operation }] : []
  }),
)

const lab = await startLab()
const { app, ...service } = serviceBeside(lab, { MAILSCOUT_PUBLIC_URL: 'https://mailscout.lab' })
t.teardown(async () => {
  await service.close()
  await lab.close()
})
await app.ready()

t.test('the checked-in file is what the code generates', (t) => {
  const file = readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8')
  t.ok(file === openApiYaml(), 'otherwise: npm run openapi')
  t.end()
})

t.test('every route is documented, and nothing else', (t) => {
  const routes = readTree(app.printRoutes({ commonPrefix: false }))
  t.ok(routes.length > 0)
  t.same(
    routes.sort(),
    operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`).sort(),
    'routes and documented operations',
  )
  t.end()
})

t.test('every operation answers as documented', async (t) => {
  t.equal(new Set(operations.map(({ operation }) => operation.operationId)).size, operations.length)
  for (const { path, method, operation } of operations) {
    for (const extra of ['', 'nonsense=1']) {
      const { url, body } = request(path, operation)
      const response = await app.inject({
        method: method.toUpperCase() as Uppercase<Method>,
        url: extra === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${extra}`,
        headers: { host: HOSTS.find(([pattern]) => pattern.test(path))?.[1] ?? 'localhost' },
        ...(body === undefined ? {} : { payload: body }),
      })
      const documented = operation.responses[String(response.statusCode)]
      t.ok(documented, `${method} ${url} ${extra}: ${response.statusCode} is documented`)
      if (extra === '') t.equal(response.statusCode, 200, `${method} ${url}: a plain call succeeds`)
      const type = String(response.headers['content-type']).split(';')[0]
      t.ok(type !== undefined && documented?.content?.[type], `${method} ${url} ${extra}: so is ${type}`)
    }
  }
})

t.test('the README lists what there is', async (t) => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const firstColumn = (heading: string) => {
    const section = readme.split(`\n## ${heading}\n`)[1]?.split(/\n##+ /)[0] ?? ''
    return [...section.matchAll(/^\| (`.+?) \|/gm)].map(([, cell = '']) => cell)
  }
  const words = (cells: readonly string[]) =>
    cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word))

  t.same(
    words(firstColumn('Endpoints'))
      .map((endpoint) => endpoint.replace(/\?.*/, ''))
      .sort(),
    operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`).sort(),
    'endpoints',
  )
  const { sources } = (await app.inject('/v1/discover?email=ann@nothing.test')).json<{
    sources: { source: string }[]
  }>()
  t.same(
    words(firstColumn('Sources')),
    sources.map(({ source }) => source),
    'sources in order of rank',
  )
  const config = readFileSync(new URL('../../src/config.ts', import.meta.url), 'utf8')
  const known = [...config.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name = '']) => name)
  const settings = words(firstColumn('Settings'))
  t.ok(settings.length > 3, 'the settings that most will want')
  t.same(
    settings.filter((name) => !known.includes(name)),
    [],
    'all of them exist; docs/configuration.md has the rest',
  )
})

/** Reads Fastify's drawing of its routes, where a path continues that of the line above it one step to the left. */
function readTree(drawing: string): string[] {
  const parents: string[] = []
  return drawing
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const match = /^((?:│ {3}| {4})*)[├└]── (\S+)(?: \((.+)\))?$/.exec(line)
      if (!match) throw new Error(`cannot read "${line}"`)
      const [, indent = '', part = '', methods = ''] = match
      const depth = indent.length / 4
      const path = `${depth === 0 ? '' : (parents[depth - 1] ?? '')}${part}`
      parents[depth] = path
      // HEAD comes with every GET.
      return methods
        .split(', ')
        .filter((method) => method !== '' && method !== 'HEAD')
        .map((method) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
    })
}

/** The plainest call: what is required, and the address where one may be given. */
function request(path: string, operation: Operation): { url: string; body?: object } {
  const valueOf = (name: string) => {
    const value = VALUES[`${path} ${name}`] ?? VALUES[name]
    if (value === undefined) throw new Error(`${path}: the test knows no value for ${name}`)
    return value
  }
  const parameters = operation.parameters ?? []
  const query = parameters
    .filter(({ name, required, ...rest }) => rest.in === 'query' && (required || name === 'emailaddress'))
    .map(({ name }) => `${name}=${valueOf(name)}`)
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => valueOf(name))
  return {
    url: query.length === 0 ? filled : `${filled}?${query.join('&')}`,
    ...(operation.requestBody === undefined ? {} : { body: bodyFor(path, valueOf('email')) }),
  }
}

function bodyFor(path: string, email: string): object {
  return path.endsWith('/batch') ? { emails: [email] } : { email }
}
