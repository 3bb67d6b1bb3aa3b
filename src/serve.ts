/** Starts the service and waits until it is told to stop; shared by `npm start` and `mailscout serve`. */
import { pino } from 'pino'
import { compose, type Surroundings } from './compose.js'
import { type Config, ConfigError, processConfig } from './config.js'
import { buildApp } from './http/app.js'
import { ProviderFileError } from './providers/provider-file.js'
import { createSurveillance } from './providers/watch.js'
import { openProfileSigner } from './signing-keys.js'

/** Milliseconds a request may still take after SIGTERM before its connection is cut. */
const DRAIN_MS = 10_000

export interface Running {
  readonly url: string
  /** Reads the operator's files again, changed or not. */
  reread(): Promise<void>
  close(): Promise<void>
}

/** Listens, and says so. @throws ConfigError, ProviderFileError, or the error of listening */
export async function start(config: Config, surroundings: Surroundings = {}): Promise<Running> {
  const log = pino({ level: config.LOG_LEVEL })
  const signer = await openProfileSigner(config, {
    now: surroundings.now ?? Date.now,
    onState: (state) => {
      const troubled = state.status !== 'valid' || state.reason !== undefined
      log[troubled ? 'warn' : 'info'](state, 'signing certificate')
    },
  })
  const parts = compose(config, surroundings, {
    onLookup: ({ domain, kind, degraded }) => {
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
    logger: log,
  })
  const url = await app.listen({ host: config.HOST, port: config.PORT })
  return {
    url,
    async reread() {
      await parts.operatorFiles.reread()
    },
    async close() {
      unfollow()
      signer?.close()
      const cut = setTimeout(() => {
        app.server.closeAllConnections()
      }, DRAIN_MS)
      try {
        await app.close()
        await parts.service.idle()
      } finally {
        clearTimeout(cut)
      }
    },
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
    return `PORT: cannot listen (${error.message})`
  }
  return null
}
