/**
 * Thunderbird itself, without a window: its own code looks the configuration up, reads it and logs in. It is driven over
 * Marionette (Firefox source documentation, "Marionette protocol"): JSON messages with their length in front.
 */
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { insideNetwork } from './clients.js'
import { startDaemon } from './processes.js'

export interface FoundServer {
  readonly type: string
  readonly hostname: string
  readonly port: number
  /** nsMsgSocketType: 0 plain, 2 STARTTLS, 3 TLS. */
  readonly socketType: number
  readonly username: string
}

/** By place: the provider's own hosts (`isp`), the database that `mailnews.auto_config_url` names (`db`), Autodiscover. */
export type FoundBy = Readonly<Record<'isp' | 'db' | 'autodiscover', FoundAccount | string>>

export interface FoundAccount {
  readonly source: string
  readonly incoming: readonly FoundServer[]
  readonly outgoing: readonly FoundServer[]
  /** What became of the login at each incoming server. */
  readonly logins: readonly string[]
}

export interface ThunderbirdSite {
  readonly directory: string
  readonly resolver: string
  readonly caFile: string
}

export interface Thunderbird {
  /** Sets the account up as its dialogue does, with nothing but the address and the password. */
  setUp(account: { readonly email: string; readonly password: string }): Promise<FoundBy>
  stop(): Promise<void>
}

/** Nothing is asked beyond this machine; what the network looks like decides nothing. */
const PREFERENCES = {
  'app.update.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'mailnews.start_page.enabled': false,
  'marionette.port': 0,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.manage-offline-status': false,
  'network.proxy.type': 0,
  'network.trr.mode': 5,
  'services.settings.server': 'https://localhost.invalid/',
}
const SCRIPT_LIMIT_MS = 30_000

export async function startThunderbird(site: ThunderbirdSite, databaseUrl: string): Promise<Thunderbird> {
  const home = join(site.directory, 'thunderbird')
  const profile = join(home, 'profile')
  mkdirSync(profile, { recursive: true })
  const preferences = { ...PREFERENCES, 'mailnews.auto_config_url': databaseUrl }
  writeFileSync(
    join(profile, 'user.js'),
    Object.entries(preferences)
      .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
      .join(''),
  )
  const portFile = join(profile, 'MarionetteActivePort')
  const daemon = await startDaemon({
    command: insideNetwork(site, [
      'env',
      ...[`HOME=${home}`, 'thunderbird', '--headless', '--no-remote', '--profile', profile],
      ...['--marionette', '-remote-allow-system-access'],
    ]),
    listens: [
      () => (existsSync(portFile) ? `127.0.0.1 ${readFileSync(portFile, 'utf8').trim()}` : undefined),
    ],
  })
  const marionette = await openMarionette(Number(readFileSync(portFile, 'utf8')))
  await marionette.ask('WebDriver:NewSession', {})
  await marionette.ask('Marionette:SetContext', { value: 'chrome' })
  await marionette.ask('WebDriver:SetTimeouts', { script: SCRIPT_LIMIT_MS })
  const root = readFileSync(site.caFile, 'utf8').replaceAll(/-----.*-----|\s/g, '')
  return {
    async setUp({ email, password }) {
      const answer = await marionette.ask('WebDriver:ExecuteAsyncScript', {
        script: SET_UP,
        args: [{ email, password, root }],
        newSandbox: false,
        sandbox: 'system',
      })
      return (answer as { value: FoundBy }).value
    },
    async stop() {
      marionette.close()
      await daemon.stop()
    },
  }
}

interface Marionette {
  ask(command: string, parameters: object): Promise<unknown>
  close(): void
}

async function openMarionette(port: number): Promise<Marionette> {
  const socket: Socket = connect({ host: '127.0.0.1', port })
  let waiting = Buffer.alloc(0)
  const messages: unknown[] = []
  socket.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk])
    for (;;) {
      const colon = waiting.indexOf(':')
      const end = colon + 1 + Number(waiting.subarray(0, colon).toString())
      if (colon < 0 || waiting.length < end) break
      messages.push(JSON.parse(waiting.subarray(colon + 1, end).toString()))
      waiting = waiting.subarray(end)
      socket.emit('message')
    }
  })
  const next = async () => {
    while (messages.length === 0) await once(socket, 'message')
    return messages.shift()
  }
  await next()
  let id = 0
  return {
    async ask(command, parameters) {
      const message = JSON.stringify([0, ++id, command, parameters])
      socket.write(`${Buffer.byteLength(message)}:${message}`)
      const [, , error, result] = (await next()) as [number, number, { message: string } | null, unknown]
      if (error !== null) throw new Error(`${command}: ${error.message}`)
      return result
    },
    close() {
      socket.destroy()
    },
  }
}

/** Runs inside Thunderbird: what its account set-up calls, one place of configuration after the other. */
const SET_UP = `
const [{ email, password, root }, done] = arguments
const module = (name) => ChromeUtils.importESModule('resource:///modules/accountcreation/' + name + '.sys.mjs')
const { FetchConfig } = module('FetchConfig')
const { fetchConfigFromExchange } = module('ExchangeAutoDiscover')
const { AccountConfig } = module('AccountConfig')
const { ConfigVerifier } = module('ConfigVerifier')
const domain = email.split('@')[1]
const { signal } = new AbortController()
const refuse = () => Promise.reject(new Error('no redirect may be needed'))
Cc['@mozilla.org/security/x509certdb;1'].getService(Ci.nsIX509CertDB).addCertFromBase64(root, 'C,,')

const shown = ({ type, hostname, port, socketType, username }) => ({ type, hostname, port, socketType, username })
async function login(config, incoming) {
  const one = config.copy()
  one.incoming = incoming
  one.incoming.password = password
  try {
    await new ConfigVerifier(null, signal).verifyConfig(one, false)
    return incoming.type + ' logged in'
  } catch (error) {
    return incoming.type + ' failed: ' + error
  }
}
async function account(find) {
  try {
    const config = await find()
    AccountConfig.replaceVariables(config, 'Ann', email, password)
    const incoming = [config.incoming, ...config.incomingAlternatives]
    const logins = []
    for (const server of incoming) logins.push(await login(config, server))
    return {
      source: config.subSource,
      incoming: incoming.map(shown),
      outgoing: [config.outgoing, ...config.outgoingAlternatives].map(shown),
      logins,
    }
  } catch (error) {
    return String(error)
  }
}
;(async () => ({
  isp: await account(() => FetchConfig.fromISP(domain, email, signal)),
  db: await account(() => FetchConfig.fromDB(domain, signal)),
  autodiscover: await account(() => fetchConfigFromExchange(domain, email, signal, null, password, refuse)),
}))().then(done, (error) => done(String(error)))
`
