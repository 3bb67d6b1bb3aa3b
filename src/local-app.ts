/**
 * The application in this process, without a socket and without limits: the command line and the library send it the
 * requests that others send over the network, so that they can never say something else than the API.
 */
import { compose, type Mailscout, type Surroundings, type Watchers } from './compose.js'
import type { Config } from './config.js'
import { buildApp } from './http/app.js'

export interface LocalApp {
  readonly app: ReturnType<typeof buildApp>
  readonly mailscout: Mailscout
}

export interface LocalAppParts {
  readonly config: Config
  readonly surroundings: Surroundings
}

/** @throws ProviderFileError */
export function openLocalApp({ config, surroundings }: LocalAppParts, watchers: Watchers = {}): LocalApp {
  const mailscout = compose(config, surroundings, watchers)
  const app = buildApp({
    service: mailscout.service,
    checker: mailscout.checker,
    isOwnDomain: (name) => mailscout.operatorIndex.findByDomain(name) !== null,
    operator: mailscout.operator,
    ...(mailscout.publicUrl === undefined ? {} : { publicUrl: mailscout.publicUrl }),
    now: surroundings.now ?? Date.now,
    version: mailscout.version,
    providers: mailscout.providers,
  })
  return { app, mailscout }
}
