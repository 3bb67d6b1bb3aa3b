/** The service in front of a lab, in process: what `npm run lab` serves, without a listening socket. */
import { Writable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { compose, type Mailscout } from '../../src/compose.js'
import { readConfig } from '../../src/config.js'
import { buildApp } from '../../src/http/app.js'
import { keepLogLine } from '../fakes/kept-log.js'
import type { Lab } from './lab.js'

export interface LabService {
  readonly app: FastifyInstance
  readonly mailscout: Mailscout
  /** Every line the service logged. */
  readonly logLines: string[]
  /** Errors that no source should throw. */
  readonly bugs: unknown[]
  close(): Promise<void>
}

/** Tests ask hundreds of things from one address; test/http/limits.test.ts sets limits of its own. */
const NOT_LIMITED = {
  MAILSCOUT_RATE_LIMIT_MAX: '1000000',
  MAILSCOUT_RATE_LIMIT_COLD_MAX: '1000000',
  MAILSCOUT_MAX_COLD_LOOKUPS: '1024',
}

/** What a service needs of a lab; without `dial` it opens real sockets. */
export type Surrounded = Pick<Lab, 'caPem' | 'environment' | 'providersDirectory'> &
  Partial<Pick<Lab, 'dial'>>

export function serviceBeside(
  lab: Surrounded,
  environment: Readonly<Record<string, string>> = {},
): LabService {
  const logLines: string[] = []
  const bugs: unknown[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logLines.push(chunk.toString())
      keepLogLine(chunk.toString())
      done()
    },
  })
  const mailscout = compose(
    readConfig({ ...NOT_LIMITED, ...lab.environment, ...environment }),
    {
      ...(lab.dial ? { dial: lab.dial } : {}),
      ca: [lab.caPem],
      builtinProvidersDirectory: lab.providersDirectory,
    },
    { onBug: (where, error) => bugs.push([where, error]) },
  )
  const app = buildApp({
    service: mailscout.service,
    isOwnDomain: (domain) => mailscout.operatorIndex.findByDomain(domain) !== null,
    operator: mailscout.operator,
    checker: mailscout.checker,
    ...mailscout.traffic,
    ...(mailscout.publicUrl === undefined ? {} : { publicUrl: mailscout.publicUrl }),
    now: Date.now,
    version: mailscout.version,
    providers: mailscout.providers,
    providerFiles: () => mailscout.operatorFiles.state(),
    logger: pino(sink),
  })
  return {
    app,
    mailscout,
    logLines,
    bugs,
    async close() {
      await app.close()
      await mailscout.service.idle()
    },
  }
}
