/** Builds the HTTP application; never listens, so that tests can inject requests. */
import fastify, { type FastifyInstance, LogController } from 'fastify'
import type { AppParts } from './app-parts.js'
import { installCors } from './cors.js'
import { installErrorHandler, refuseUnreadable } from './error-handler.js'
import { installLimits } from './limits/install-limits.js'
import { installMethodCheck } from './method-check.js'
import { Metrics } from './metrics.js'
import { readQuery } from './query-string.js'
import { requestIds } from './request-id.js'
import { installRequestLog } from './request-log.js'
import { autoconfigRoutes } from './routes/autoconfig.js'
import { autodiscoverRoutes, lowerCaseAutodiscover } from './routes/autodiscover.js'
import { batchRoutes } from './routes/batch.js'
import { checkRoutes } from './routes/check.js'
import { checkPageRoutes } from './routes/check-page.js'
import { discoverRoutes } from './routes/discover.js'
import { docsRoutes } from './routes/docs.js'
import { domainRoutes } from './routes/domains.js'
import { eventRoutes } from './routes/events.js'
import { guideRoutes } from './routes/guides.js'
import { metricsRoutes } from './routes/metrics.js'
import { mobileconfigRoutes } from './routes/mobileconfig.js'
import { operationsRoutes } from './routes/operations.js'
import { paccRoutes } from './routes/pacc.js'
import { pageRoutes } from './routes/page.js'
import { providerRoutes } from './routes/providers.js'
import { qrRoutes } from './routes/qr.js'
import { readyRoutes } from './routes/ready.js'
import { tlsAskRoutes } from './routes/tls-ask.js'
import { zoneRoutes } from './routes/zone.js'

/** No request of ours is larger: an address, some options, or an Autodiscover document (R45). */
const BODY_LIMIT_BYTES = 64 * 1024
/** A client that sends its request one byte at a time must not hold a connection for long. */
const REQUEST_TIMEOUT_MS = 10_000
/** A path parameter is a domain or an identifier. */
const MAX_PARAM_LENGTH = 260

/** On every answer (R43): constant, so they cost next to nothing. */
const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const

/** A public https address means that TLS ends in front of us (R43, RFC 6797). */
const BEHIND_TLS = { 'strict-transport-security': 'max-age=31536000' } as const

export function buildApp(given: AppParts): FastifyInstance {
  const headers = given.publicUrl === undefined ? SECURITY_HEADERS : { ...SECURITY_HEADERS, ...BEHIND_TLS }
  const app = fastify({
    frameworkErrors: refuseUnreadable(headers),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // What arrives on an open connection while the process ends is answered as well, and told to come no more on it.
    return503OnClosing: false,
    genReqId: requestIds(),
    logController: new LogController({ disableRequestLogging: true }),
    rewriteUrl: ({ url = '/' }) => lowerCaseAutodiscover(url),
    // Zod checks what comes in, and answers are written by their formats: Fastify's own compilers stay unloaded.
    schemaController: { compilersFactory: { buildValidator: unused, buildSerializer: unused } },
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH, querystringParser: readQuery },
    ...(given.logger ? { loggerInstance: given.logger } : {}),
    ...(given.trustProxy === undefined ? {} : { trustProxy: proxies(given.trustProxy) }),
  })
  // Text bodies are not part of the contract; without this Fastify would accept them.
  app.removeContentTypeParser('text/plain')
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-request-id', request.id)
    done()
  })
  const metrics = given.metrics ?? new Metrics()
  metrics.showState(given)
  installRequestLog(app, metrics)
  installCors(app)
  installErrorHandler(app)
  const parts = installLimits(app, { ...given, metrics })
  installMethodCheck(app)
  // Made when somebody asks: few do, and it takes more time than all routes together.
  operationsRoutes(app, async () => (await import('./openapi.js')).openApiYaml())
  discoverRoutes(app, parts)
  eventRoutes(app, parts)
  batchRoutes(app, parts)
  domainRoutes(app, parts)
  checkRoutes(app, parts)
  autoconfigRoutes(app, parts)
  mobileconfigRoutes(app, parts)
  autodiscoverRoutes(app, parts)
  paccRoutes(app, parts)
  zoneRoutes(app, parts)
  qrRoutes(app, parts)
  tlsAskRoutes(app, parts)
  providerRoutes(app, parts)
  readyRoutes(app, parts)
  metricsRoutes(app, metrics)
  pageRoutes(app, parts)
  checkPageRoutes(app)
  guideRoutes(app, parts)
  docsRoutes(app, async () => (await import('./openapi.js')).openApiDocument())
  return app
}

function unused(): never {
  throw new Error('no route has a schema of Fastify')
}

type TrustProxy = string[] | ((address: string, hop: number) => boolean)

function proxies(trusted: readonly string[] | number): TrustProxy {
  return typeof trusted === 'number' ? (_address, hop) => hop < trusted : [...trusted]
}
