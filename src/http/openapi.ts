/** The OpenAPI document: what each route file says of its paths, and the schemas they share. */
import { stringify } from 'yaml'
import { discoverAnswerSchema, problemSchema } from '../domain/answer.js'
import { UNLIMITED } from './limits/unlimited.js'
import { type Json, outputSchema, type Paths, problems } from './openapi-parts.js'
import { autoconfigPaths } from './routes/autoconfig.js'
import { autodiscoverPaths } from './routes/autodiscover.js'
import { batchPaths } from './routes/batch.js'
import { checkPaths } from './routes/check.js'
import { checkPagePaths } from './routes/check-page.js'
import { discoverPaths } from './routes/discover.js'
import { docsPaths } from './routes/docs.js'
import { domainPaths } from './routes/domains.js'
import { eventPaths } from './routes/events.js'
import { guidePaths } from './routes/guides.js'
import { metricsPaths } from './routes/metrics.js'
import { mobileconfigPaths } from './routes/mobileconfig.js'
import { paccPaths } from './routes/pacc.js'
import { qrPaths } from './routes/qr.js'
import { tlsAskPaths } from './routes/tls-ask.js'
import { zonePaths } from './routes/zone.js'
import { operationsPaths } from './routes/operations.js'
import { pagePaths } from './routes/page.js'
import { providerPaths } from './routes/providers.js'
import { readyPaths } from './routes/ready.js'

const PATHS: readonly Paths[] = [
  discoverPaths,
  eventPaths,
  batchPaths,
  domainPaths,
  checkPaths,
  autoconfigPaths,
  mobileconfigPaths,
  autodiscoverPaths,
  paccPaths,
  zonePaths,
  qrPaths,
  tlsAskPaths,
  operationsPaths,
  pagePaths,
  checkPagePaths,
  guidePaths,
  docsPaths,
  providerPaths,
  readyPaths,
  metricsPaths,
]

/** The whole document as an object, for the file, the endpoint and the test that compares it with the routes. */
export function openApiDocument(): Json {
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
      { name: 'pages', description: 'Pages for people' },
      { name: 'operations', description: 'For those who run the service' },
    ],
    paths: withLimits(Object.assign({}, ...PATHS) as Paths),
    components: {
      schemas: { Settings: outputSchema(discoverAnswerSchema), Problem: outputSchema(problemSchema) },
    },
  }
}

/** Every operation can be refused for its number alone, so no route has to say it. */
function withLimits(paths: Paths): Paths {
  const refused = problems('RATE_LIMITED')
  const limited = (operation: Json): Json => ({
    ...operation,
    responses: { ...refused, ...(operation['responses'] as Json) },
  })
  return Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => [
      path,
      UNLIMITED.has(path)
        ? methods
        : Object.fromEntries(
            Object.entries(methods).map(([method, operation]) => [method, limited(operation as Json)]),
          ),
    ]),
  )
}

export function openApiYaml(): string {
  return stringify(openApiDocument(), { aliasDuplicateObjects: false, lineWidth: 120 })
}
