/** Turns an entry of the database into the parts of a finding: servers, provider, notices, age. Pure. */
import type { Hostname } from '../domain/hostname.js'
import type { AuthMethod, DeclaredServer, Message, Protocol } from '../domain/mail-settings.js'
import type { Finding } from '../domain/source.js'
import type { Endpoint } from './endpoint.js'
import type { ProviderEntry } from './entry.js'
import type { MxClass } from './mx-rule.js'
import type { MxMatch } from './provider-index.js'
import type { Requirement } from './requirement.js'

/**
 * Days after which an entry no longer stops the search (R28). Eighteen months: the big providers changed hosts, ports
 * or sign-in about every second year, and a monthly check has missed a year and a half by then.
 */
export const MAX_AGE_DAYS = 540
const DAY_MS = 86_400_000

/** What a source adds its channel and evidence to; without servers the answer is `absent` with provider and notices. */
export type FindingParts = Pick<Finding, 'servers' | 'oauth2'> &
  Required<Pick<Finding, 'provider' | 'notices' | 'warnings' | 'notOffered' | 'stale'>>

/**
 * The parts of a finding that an entry, or an MX match, gives.
 * @param now milliseconds since the epoch, for the age of the entry
 */
export function entryToFinding(chosen: ProviderEntry | MxMatch, now: number): FindingParts {
  const match = 'rule' in chosen ? chosen : null
  const entry = match === null ? (chosen as ProviderEntry) : match.entry
  const own = match?.rule.servers
  const defaults = {
    username: own?.username ?? entry.username,
    authentication: own?.authentication ?? entry.authentication,
  }
  const lists = match?.servers ?? entry
  const mail = (['imap', 'pop3', 'smtp'] as const).flatMap((protocol) =>
    lists[protocol].map((endpoint, order) => declare(protocol, { ...defaults, ...defined(endpoint) }, order)),
  )
  const servers = mail.length === 0 ? [] : [...mail, ...urlServers(entry, defaults.authentication)]
  return {
    servers,
    provider: { id: entry.id, name: entry.name, documentation: documentation(entry) },
    notices: notices(entry, match, servers),
    warnings: entry.confidence === 'low' && servers.length > 0 ? [{ code: 'low-confidence-entry' }] : [],
    notOffered: match === null || servers.length > 0 ? entry.notOffered : [],
    stale: isStale(entry, now),
    ...(entry.oauth2 !== undefined && servers.some((server) => server.authentication.includes('oauth2'))
      ? { oauth2: plainOauth2(entry.oauth2) }
      : {}),
  }
}

/** Whether the entry's date is older than the limit (R28). */
export function isStale(
  entry: Pick<ProviderEntry, 'verified'>,
  now: number,
  maxAgeDays = MAX_AGE_DAYS,
): boolean {
  return now - Date.parse(entry.verified) > maxAgeDays * DAY_MS
}

type Filled = Omit<Endpoint, 'username' | 'authentication'> &
  Pick<DeclaredServer, 'authentication'> & { username: string }

function declare(protocol: Protocol, server: Filled, declaredOrder: number): DeclaredServer {
  const { hostname, port, security, username, authentication } = server
  return { protocol, hostname: hostname as Hostname, port, security, username, authentication, declaredOrder }
}

/** JMAP, CalDAV and CardDAV: https alone, so port and security follow from the URL. */
function urlServers(entry: ProviderEntry, authentication: readonly AuthMethod[]): DeclaredServer[] {
  return (['jmap', 'caldav', 'carddav'] as const).flatMap((protocol): DeclaredServer[] => {
    const url = entry[protocol]
    if (url === undefined) return []
    const { hostname, port } = new URL(url)
    const server = { hostname, port: port === '' ? 443 : Number(port), security: 'tls' as const }
    // Where there is OAuth, JMAP takes its bearer tokens and no app password.
    const ways: readonly AuthMethod[] =
      protocol === 'jmap' && authentication.includes('oauth2') ? ['oauth2'] : authentication
    return [{ ...declare(protocol, { ...server, username: entry.username, authentication: ways }, 0), url }]
  })
}

/** The webmail closes the list: where nothing else works, a user can still read there. */
function documentation(entry: ProviderEntry) {
  const pages = entry.documentation.map(({ url, language }) =>
    language === undefined ? { url } : { url, language },
  )
  return entry.webmail === undefined ? pages : [...pages, { url: entry.webmail }]
}

const NOTICE_CODES: Readonly<Record<Requirement['kind'], string>> = {
  'app-password': 'app-password-required',
  'app-password-with-2fa': 'app-password-with-2fa',
  'separate-password': 'separate-password',
  'enable-imap': 'enable-imap',
  'enable-pop3': 'enable-pop3',
  'enable-smtp': 'enable-smtp',
  'enable-access': 'enable-access',
  'admin-approval': 'admin-approval',
  'paid-plan': 'paid-plan-required',
  bridge: 'bridge-required',
}

/** Classes of MX that say nothing about where the mailbox is (R17). */
const NO_MAILBOX: readonly MxClass[] = ['gateway', 'forwarder', 'inbound-api', 'alias', 'ambiguous']

function notices(entry: ProviderEntry, match: MxMatch | null, servers: readonly DeclaredServer[]): Message[] {
  const params = { provider: entry.name }
  const home = entry.webmail ?? entry.documentation[0]?.url
  const list: Message[] = (match?.rule.requires ?? entry.requires).map(({ kind, url, texts }) => ({
    code: NOTICE_CODES[kind],
    params,
    ...(url === undefined ? {} : { url }),
    ...(texts === undefined ? {} : { texts }),
  }))
  if (match !== null && NO_MAILBOX.includes(match.rule.class) && servers.length === 0) {
    return [{ code: `mx-${match.rule.class}`, params }]
  }
  if (servers.length > 0) {
    const passwordless = servers.every(({ authentication }) =>
      authentication.every((way) => way === 'oauth2'),
    )
    return passwordless ? [{ code: 'oauth2-only', params }, ...list] : list
  }
  if (entry.access === 'full') return list
  const unusable: Message = {
    code: entry.access === 'none' ? 'no-access' : 'access-unknown',
    params,
    ...(home === undefined ? {} : { url: home }),
    ...(entry.reason === undefined ? {} : { texts: entry.reason }),
  }
  return [unusable, ...list]
}

function plainOauth2({ issuer, authorizationUrl, tokenUrl, scopes }: NonNullable<ProviderEntry['oauth2']>) {
  return {
    issuer,
    scopes,
    ...(authorizationUrl === undefined ? {} : { authorizationUrl }),
    ...(tokenUrl === undefined ? {} : { tokenUrl }),
  }
}

/** Without the keys that are present but undefined, so that they do not hide a default. */
function defined({ hostname, port, security, username, authentication }: Endpoint) {
  return {
    hostname,
    port,
    security,
    ...(username === undefined ? {} : { username }),
    ...(authentication === undefined ? {} : { authentication }),
  }
}
