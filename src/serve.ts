/** Starts the service and waits until it is told to stop; shared by `npm start` and `mailscout serve`. */
import { type Logger, pino } from 'pino'
import { openValkey, type Valkey } from './cache/valkey.js'
import { compose, type Mailscout, type Surroundings } from './compose.js'
import { type Config, ConfigError, processConfig } from './config.js'
import { buildApp } from './http/app.js'
import { Metrics } from './http/metrics.js'
import { ProviderFileError } from './providers/provider-file.js'
import { createSurveillance } from './providers/watch.js'
import { selfCheck } from './self-check.js'
import type { openProfileSigner } from './signing-keys.js'
import { joinPeers } from './worker-messages.js'

/** Milliseconds a request may still take after SIGTERM before its connection is cut. */
const DRAIN_MS = 10_000

/** Lines leave together, ten times a second at the latest and before the process ends: one write each costs a request. */
const LOG_TO_STANDARD_OUTPUT = { minLength: 4096, periodicFlush: 100, sync: true }

export interface Running {
  readonly url: string
  /** Reads the operator's files again, changed or not. */
  reread(): Promise<void>
  close(): Promise<void>
}

/** Listens, and says so. @throws ConfigError, ProviderFileError, or the error of listening */
export async function start(config: Config, surroundings: Surroundings = {}): Promise<Running> {
  const log = pino({ level: config.LOG_LEVEL }, pino.destination(LOG_TO_STANDARD_OUTPUT))
  const signer = await signerOf(config, {
    now: surroundings.now ?? Date.now,
    onState: (state) => {
      const troubled = state.status !== 'valid' || state.reason !== undefined
      log[troubled ? 'warn' : 'info'](state, 'signing certificate')
    },
  })
  const metrics = new Metrics()
  metrics.showProcess()
  const { worker } = surroundings
  if (worker) metrics.addUp(joinPeers(worker.channel, () => metrics.values()))
  const valkey = openCache(config, log)
  const parts = compose(config, valkey ? { ...surroundings, valkey } : surroundings, {
    onReport: (report) => {
      metrics.countReport(report)
    },
    onLookup: (discovery) => {
      const { domain, kind, degraded } = discovery
      metrics.countLookup(discovery)
      log.info({ domain, kind, degraded }, 'lookup')
    },
    onBug: (where, error) => {
      log.error({ where, err: error }, 'a source failed unexpectedly')
    },
    onProvidersChanged: (state) => {
      log.info(state, 'provider files read again')
    },
    onProvidersRefused: ({ file, field, reason }) => {
      log.error({ file, field, reason }, 'provider files refused; the last good ones stay')
    },
  })
  const unfollow = parts.operatorFiles.follow(createSurveillance())
  const app = buildApp({
    service: parts.service,
    isOwnDomain: (domain) => parts.operatorIndex.findByDomain(domain) !== null,
    operator: parts.operator,
    ...(parts.publicUrl === undefined ? {} : { publicUrl: parts.publicUrl }),
    now: surroundings.now ?? Date.now,
    version: parts.version,
    providers: parts.providers,
    providerFiles: () => parts.operatorFiles.state(),
    ...(signer ? { signer } : {}),
    checker: parts.checker,
    ready: parts.ready,
    metrics,
    ...parts.traffic,
    logger: log,
  })
  const ending = new AbortController()
  const url = await app.listen({ host: config.HOST, port: config.PORT })
  // Of several processes one is enough.
  const checking =
    config.MAILSCOUT_SELF_CHECK && (worker?.slot ?? 0) === 0
      ? checkOwnDomains(parts, { log, signal: ending.signal })
      : undefined
  return {
    url,
    async reread() {
      await parts.operatorFiles.reread()
    },
    async close() {
      ending.abort(new Error('the service stops'))
      unfollow()
      signer?.close()
      const cut = setTimeout(() => {
        app.server.closeAllConnections()
      }, DRAIN_MS)
      try {
        await app.close()
        await checking
        await parts.service.idle()
        await valkey?.close()
      } finally {
        clearTimeout(cut)
      }
    },
  }
}

/** What signs takes time and memory to load, and most do not sign. */
async function signerOf(...[config, parts]: Parameters<typeof openProfileSigner>) {
  if (config.MAILSCOUT_SIGNING_CERT === undefined) return undefined
  return (await import('./signing-keys.js')).openProfileSigner(config, parts)
}

function openCache(config: Config, log: Logger): Valkey | undefined {
  const { MAILSCOUT_VALKEY_URL: url } = config
  if (url === undefined) return undefined
  return openValkey({
    url,
    onChange: (isThere) => {
      if (isThere) log.info('the shared cache answers again')
      else log.warn('the shared cache does not answer in time; this process goes on without it')
    },
  })
}

/** Never rejects: a self-check is a courtesy to the operator, its end no reason to stop. */
async function checkOwnDomains(
  { checker, operatorIndex }: Pick<Mailscout, 'checker' | 'operatorIndex'>,
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<void> {
  const domains = operatorIndex.entries.flatMap((entry) => entry.domains)
  if (domains.length === 0) return
  try {
    const result = await selfCheck({
      checker,
      domains,
      signal,
      onMismatch: (domain, { code, where, params }) => {
        log.warn({ domain, code, where, ...params }, 'what is public is not what the entry says')
      },
    })
    log.info(result, 'own domains checked')
  } catch (error) {
    if (!signal.aborted) log.error({ err: error }, 'the check of own domains failed')
  }
}

/** Runs until SIGTERM or SIGINT. @returns the exit code: 0, or 2 for settings or files that do not fit */
export async function serve(surroundings: Surroundings = {}): Promise<number> {
  try {
    const running = await start(processConfig(), surroundings)
    const onHangup = () => void running.reread()
    process.on('SIGHUP', onHangup)
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve)
    })
    await running.close()
    process.off('SIGHUP', onHangup)
    return 0
  } catch (error) {
    const message = startFailure(error)
    if (message === null) throw error
    process.stderr.write(`mailscout: ${message}\n`)
    return 2
  }
}

/** One line for what an operator can mend; null for a bug. */
export function startFailure(error: unknown): string | null {
  if (error instanceof ConfigError || error instanceof ProviderFileError) return error.message
  if (error instanceof Error && 'syscall' in error && error.syscall === 'listen') {
    const name = 'code' in error && error.code === 'EADDRNOTAVAIL' ? 'HOST' : 'PORT'
    return `${name}: cannot listen (${error.message})`
  }
  if (error instanceof Error && 'syscall' in error && error.syscall === 'getaddrinfo') {
    return `HOST: cannot be resolved (${error.message})`
  }
  return null
}
