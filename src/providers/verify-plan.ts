/**
 * Which servers a check of the database must visit, each once however many entries name it, and what their answers
 * mean for the entries. Pure: the connections are made elsewhere.
 */
import type { Hostname } from '../domain/hostname.js'
import type { AuthMethod } from '../domain/mail-settings.js'
import type { ProbeResult, ProbeTarget } from '../domain/source.js'
import type { Endpoint } from './endpoint.js'
import type { ProviderEntry } from './entry.js'
import type { CheckedServer } from './verify-state.js'

export interface PlannedServer {
  /** `imap imap.example.com:993 tls` */
  readonly key: string
  readonly target: ProbeTarget
  readonly authentication: readonly AuthMethod[]
}

export interface PlannedProvider {
  readonly id: string
  readonly keys: readonly string[]
  /** Servers named after the customer's own MX host: there is none to connect to. */
  readonly unnamed: number
}

export interface VerifyPlan {
  readonly providers: readonly PlannedProvider[]
  /** In the order of the providers. */
  readonly servers: readonly PlannedServer[]
}

export function planVerification(entries: readonly ProviderEntry[]): VerifyPlan {
  const servers = new Map<string, PlannedServer>()
  const providers = entries.map((entry): PlannedProvider => {
    const keys = new Set<string>()
    let unnamed = 0
    for (const { protocol, endpoint, authentication } of everyServer(entry)) {
      const { hostname, port, security } = endpoint
      if (hostname.includes('{')) {
        unnamed += 1
        continue
      }
      const key = `${protocol} ${hostname}:${port} ${security}`
      keys.add(key)
      if (servers.has(key)) continue
      // A reviewed entry declares the port (R9).
      const target = { protocol, hostname: hostname as Hostname, port, security, declaredPort: true }
      servers.set(key, { key, target, authentication })
    }
    return { id: entry.id, keys: [...keys], unnamed }
  })
  return { providers, servers: [...servers.values()] }
}

function everyServer(entry: ProviderEntry) {
  const own = [{ lists: entry, authentication: entry.authentication }]
  const behindMx = entry.mx.flatMap(({ servers }) =>
    servers === undefined
      ? []
      : [{ lists: servers, authentication: servers.authentication ?? entry.authentication }],
  )
  return [...own, ...behindMx].flatMap(({ lists, authentication }) =>
    (['imap', 'pop3', 'smtp'] as const).flatMap((protocol) =>
      lists[protocol].map((endpoint: Endpoint) => ({
        protocol,
        endpoint,
        authentication: endpoint.authentication ?? authentication,
      })),
    ),
  )
}

/** What is kept of one visit. */
export function checkedServer(server: PlannedServer, result: ProbeResult, at: string): CheckedServer {
  if (result.kind !== 'verified') {
    return { status: 'failed', at, code: result.failure.code, detail: result.failure.detail }
  }
  const doubt = signInDoubt(server, result.saslMechanisms)
  return { status: 'verified', at, ...(doubt === null ? {} : { doubt }) }
}

const OAUTH2_MECHANISMS = ['XOAUTH2', 'OAUTHBEARER']
const PASSWORD_MECHANISMS = ['PLAIN', 'LOGIN']

/** Advertised lists are hints (R36): they are worth a look by a person, and change no entry. */
function signInDoubt({ target, authentication }: PlannedServer, sasl: readonly string[]): string | null {
  if (sasl.length === 0) return null
  const offers = (mechanisms: readonly string[]) => mechanisms.some((name) => sasl.includes(name))
  if (authentication.includes('oauth2') && !offers(OAUTH2_MECHANISMS)) {
    return `does not advertise OAuth 2 (${sasl.join(', ')})`
  }
  // IMAP and POP3 take passwords by commands of their own, which no list names.
  const password = authentication.includes('password-cleartext') && target.protocol === 'smtp'
  return password && !offers(PASSWORD_MECHANISMS) ? `advertises no password (${sasl.join(', ')})` : null
}

export type Verdict = 'verified' | 'failed' | 'unfinished' | 'nothing-to-check'

/** `verified` only when every server that the entry offers answered as the entry says. */
export function verdictOf(
  { keys, unnamed }: PlannedProvider,
  results: ReadonlyMap<string, CheckedServer>,
): Verdict {
  const states = keys.map((key) => results.get(key)?.status)
  if (states.includes('failed')) return 'failed'
  if (states.includes(undefined)) return 'unfinished'
  return states.length === 0 || unnamed > 0 ? 'nothing-to-check' : 'verified'
}

/** The file's text with another `verified` day and nothing else changed; null when it has that day, or a later one. */
export function redate(text: string, day: string): string | null {
  // The schema is strict, so the key stands once; inside a sentence its quotes would be escaped.
  const found = /("verified"\s*:\s*")(\d{4}-\d{2}-\d{2})(")/.exec(text)
  if (found === null || (found[2] ?? '') >= day) return null
  return `${text.slice(0, found.index)}${found[1] ?? ''}${day}${found[3] ?? ''}${text.slice(found.index + found[0].length)}`
}
