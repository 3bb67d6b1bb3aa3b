/** Starts the service and waits until it is told to stop; shared by `npm start` and `mailscout serve`. */
import type { Logger } from 'pino'
import { openValkey, type Valkey } from './cache/valkey.js'
import { compose, type Mailscout, type Surroundings } from './compose.js'
import { type Config, ConfigError, processConfig } from './config.js'
import { awaitEnd } from './end-of-process.js'
import { buildApp } from './http/app.js'
import { drain } from './http/drain.js'
import { Metrics } from './http/metrics.js'
import { domainFields } from './log-domains.js'
import { ProviderFileError } from './providers/provider-file.js'
import { createSurveillance } from './providers/watch.js'
import { selfCheck } from './self-check.js'
import { openLog, type ServiceLog } from './service-log.js'
import { openSnapshot } from './snapshot-keeper.js'
import type { openProfileSigner } from './signing-keys.js'
import { openTokenFile } from './token-file.js'
import { joinPeers } from './worker-messages.js'

/** Milliseconds beside the budget of a lookup that accepted requests have after SIGTERM: for their wait for a place. */
const DRAIN_MARGIN_MS = 1000

export interface Running {
  readonly url: string
  /** Reads the operator's files and certificates again, changed or not. */
  reread(): Promise<void>
  /** Answers what was accepted, ends what runs behind the answers, and takes no longer than the budget of a lookup. */
  close(): Promise<void>
}

/** Listens, and says so. @throws ConfigError, ProviderFileError, or the error of listening */
export async function start(
  config: Config,
  surroundings: Surroundings = {},
  { log, flush }: ServiceLog = openLog(config),
): Promise<Running> {
  const signer = await signerOf(config, {
    now: surroundings.now ?? Date.now,
    onState: (state) => {
      const troubled = state.status !== 'valid' || state.reason !== undefined
      log[troubled ? 'warn' : 'info'](state, 'signing certificate')
    },
  })
  const tokens = openTokenFile(config, {
    onChange: (count) => {
      log.info({ tokens: count }, 'tokens read again')
    },
    onRefused: (reason) => {
      log.error({ reason }, 'tokens refused; the last good ones stay')
    },
  })
  const metrics = new Metrics()
  metrics.showProcess()
  const { worker } = surroundings
  if (worker) metrics.addUp(joinPeers(worker.channel, () => metrics.values()))
  const valkey = openCache(config, log)
  const named = domainFields(config)
  const parts = compose(config, valkey ? { ...surroundings, valkey } : surroundings, {
    onReport: (report) => {
      metrics.countReport(report)
    },
    onLookup: (discovery, { ms, requestId }) => {
      const { domain, kind, degraded } = discovery
      metrics.countLookup(discovery)
      const reqId = requestId === undefined ? {} : { reqId: requestId }
      log.info({ ...reqId, ...named(domain), kind, degraded, ms: Math.round(ms) }, 'lookup')
    },
    onAnswer: (by) => {
      metrics.countAnswer(by)
    },
    onProbe: (report) => {
      metrics.countProbe(report)
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
  const { now = Date.now } = surroundings
  const snapshot = openSnapshot(config, { ...parts.kept, now, log, slot: worker?.slot })
  const ending = new AbortController()
  const { limits } = parts.traffic
  const unfollow = parts.operatorFiles.follow(createSurveillance())
  const app = buildApp({
    service: parts.service,
    isOwnDomain: (domain) => parts.operatorIndex.findByDomain(domain) !== null,
    operator: parts.operator,
    ...(parts.publicUrl === undefined ? {} : { publicUrl: parts.publicUrl }),
    now,
    version: parts.version,
    providers: parts.providers,
    providerFiles: () => parts.operatorFiles.state(),
    ...(signer ? { signer } : {}),
    checker: parts.checker,
    ready: parts.ready,
    metrics,
    isDraining: () => ending.signal.aborted,
    ...(valkey ? { isCacheThere: () => valkey.isThere } : {}),
    ...parts.traffic,
    ...(limits && tokens ? { limits: { ...limits, tokens: () => tokens.entries() } } : {}),
    logger: log,
  })
  const url = await app.listen({ host: config.HOST, port: config.PORT })
  void snapshot?.begin()
  // Of several processes one is enough.
  const checking =
    config.MAILSCOUT_SELF_CHECK && (worker?.slot ?? 0) === 0
      ? checkOwnDomains(parts, { log, signal: ending.signal })
      : undefined
  return {
    url,
    async reread() {
      tokens?.reread()
      await Promise.all([parts.operatorFiles.reread(), signer?.reread()])
    },
    async close() {
      ending.abort(new Error('the service stops'))
      unfollow()
      tokens?.close()
      signer?.close()
      const timeMs = config.MAILSCOUT_BUDGET_MS + DRAIN_MARGIN_MS
      const until = performance.now() + timeMs
      const isWhole = await drain(app, timeMs)
      if (!isWhole) log.warn({ timeMs }, 'connections were cut: their requests took too long')
      await checking
      await atMost(parts.service.idle(), until - performance.now())
      await snapshot?.close()
      await valkey?.close()
      flush()
    },
  }
}

/** What signs takes time and memory to load, and most do not sign. */
async function signerOf(...[config, parts]: Parameters<typeof openProfileSigner>) {
  if (config.MAILSCOUT_SIGNING_CERT === undefined) return undefined
  return (await import('./signing-keys.js')).openProfileSigner(config, parts)
}

/** Resolves with the work, or after the milliseconds: what is still looked up then is for the cache alone. */
async function atMost(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const end = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.max(0, ms))))
  await Promise.race([work, end])
  clearTimeout(timer)
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

/**
 * Runs until SIGTERM or SIGINT, or until an error that nobody caught; a second signal ends the process at once.
 * @returns the exit code: 0, 1 after such an error, or 2 for settings or files that do not fit
 */
export async function serve(surroundings: Surroundings = {}): Promise<number> {
  try {
    return await serveUntilTold(processConfig(), surroundings)
  } catch (error) {
    const message = startFailure(error)
    if (message === null) throw error
    process.stderr.write(`mailscout: ${message}\n`)
    return 2
  }
}

async function serveUntilTold(config: Config, surroundings: Surroundings): Promise<number> {
  const serviceLog = openLog(config)
  process.once('exit', serviceLog.flush)
  const end = awaitEnd({
    log: serviceLog.log,
    // Ctrl-C reaches workers too, but it is the process above that tells them when to end.
    signals: surroundings.worker ? ['SIGTERM'] : ['SIGTERM', 'SIGINT'],
    atOnce: (code) => process.exit(code),
  })
  try {
    const running = await start(config, surroundings, serviceLog)
    const onHangup = () => void running.reread()
    process.on('SIGHUP', onHangup)
    await end.told
    await running.close()
    process.off('SIGHUP', onHangup)
    return end.code
  } finally {
    end.dispose()
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
