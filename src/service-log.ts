/** The log of a process that serves: one line of JSON each, on standard output. */
import { type DestinationStream, type Logger, pino } from 'pino'
import type { Config } from './config.js'
import { LogDestination } from './log-destination.js'

const STANDARD_OUTPUT = 1

export interface ServiceLog {
  readonly log: Logger
  /** Writes what waits; to be called before the process ends, however it ends. */
  readonly flush: () => void
}

/** @param sink takes each line at once, for tests; standard output when left out */
export function openLog(
  { LOG_LEVEL: level }: Pick<Config, 'LOG_LEVEL'>,
  sink?: DestinationStream,
): ServiceLog {
  const options = { level, serializers: { err: withoutData } }
  if (sink) return { log: pino(options, sink), flush: () => undefined }
  const destination = new LogDestination({
    descriptor: STANDARD_OUTPUT,
    onLost: (lines) => {
      log.warn({ lines }, 'the log could not be written for a while; so many lines of it are lost')
    },
  })
  const log = pino(options, destination)
  return {
    log,
    flush: () => {
      destination.flushSync()
    },
  }
}

/** What an error is and where it arose, without what others hang onto it: Node's parser adds the request's bytes (R13). */
function withoutData(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const { name, message, stack, cause } = error
  return {
    type: name,
    message,
    ...('code' in error ? { code: error.code } : {}),
    stack,
    ...(cause === undefined ? {} : { cause: withoutData(cause) }),
  }
}
