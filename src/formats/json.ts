/** The settings as JSON: the contract of design section 4, field by field and in its order. */
import type { AnswerMessage, AnswerSource, DiscoverAnswer } from '../domain/answer.js'
import type { Discovery, Recommendation, SourceReport } from '../domain/discovery.js'
import { type EmailAddress, needsSmtpUtf8 } from '../domain/email-address.js'
import { registrableDomain, toUnicode } from '../domain/hostname.js'
import {
  type DeclaredServer,
  type Message,
  type Protocol,
  PROTOCOLS,
  type Rejected,
  type Server,
  UNCHECKED,
} from '../domain/mail-settings.js'
import { expandServer } from './settings-view.js'

export interface JsonInput {
  readonly discovery: Discovery
  /** Fills the placeholders; null keeps them (a question about a domain). */
  readonly email: EmailAddress | null
  readonly recommendation: Recommendation | null
  /** The reader's language. */
  readonly texts: (message: Message) => string
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The caller insists on servers without encryption (R20). */
  readonly allowCleartext: boolean
}

export function renderJson(input: JsonInput): DiscoverAnswer {
  const { discovery, email, recommendation, allowCleartext } = input
  const message = (one: Message) => renderMessage(one, input.texts)
  const cleartext = allowCleartext ? cleartextServers(discovery.rejected) : []
  const list = (protocol: Protocol) =>
    [
      ...discovery.servers[protocol].filter((server) => allowCleartext || server.security !== 'plain'),
      ...cleartext.filter((one) => one.protocol === protocol).map((one) => one.server),
    ].map((server) => renderServer(server, email))
  return {
    query: {
      email: email?.address ?? null,
      domain: discovery.domain,
      unicodeDomain: toUnicode(discovery.domain),
      registrableDomain: registrableDomain(discovery.domain),
    },
    provider: discovery.provider,
    servers: Object.fromEntries(
      PROTOCOLS.map((protocol) => [protocol, list(protocol)]),
    ) as DiscoverAnswer['servers'],
    recommendation: recommendation && renderRecommendation(recommendation, input),
    oauth2: discovery.oauth2,
    notices: [...discovery.notices, ...addressNotices(email)].map(message),
    warnings: [...discovery.warnings, ...cleartextWarnings(input, cleartext)].map(message),
    conflicts: [...discovery.conflicts],
    rejected: discovery.rejected.map(({ source, protocol, hostname, port, reason }) => ({
      source,
      protocol,
      hostname,
      port,
      reason,
    })),
    notOffered: [...discovery.notOffered],
    requiresConfirmation: needsConfirmation(discovery, recommendation),
    degraded: discovery.degraded,
    ...(discovery.suggestions.length === 0 ? {} : { suggestions: [...discovery.suggestions] }),
    sources: renderSources(discovery.sources),
    cache: {
      ageSeconds: Math.max(0, Math.floor((input.now - discovery.lookedUpAt) / 1000)),
      expiresAt: new Date(discovery.lookedUpAt + discovery.ttlSeconds * 1000).toISOString(),
    },
  }
}

/** One sentence of a list, with its code and link. */
export function renderMessage(message: Message, texts: (message: Message) => string): AnswerMessage {
  const { code, url } = message
  return { code, text: texts(message), ...(url === undefined ? {} : { url }) }
}

/** The list of sources, for answers and problem documents alike. */
export function renderSources(reports: readonly SourceReport[]): AnswerSource[] {
  return reports.map(({ source, outcome, durationMs, failure, detail }) => ({
    source,
    outcome,
    durationMs: Math.round(durationMs),
    ...(failure === undefined ? {} : { failure }),
    ...(detail === undefined ? {} : outcome === 'skipped' ? { reason: detail } : { detail }),
  }))
}

function renderRecommendation(
  { protocol, incoming, outgoing, reasons, alternative }: Recommendation,
  { email, texts }: JsonInput,
): DiscoverAnswer['recommendation'] {
  return {
    protocol,
    incoming: renderServer(incoming, email),
    outgoing: outgoing && renderServer(outgoing, email),
    reasons: reasons.map((reason) => renderMessage(reason, texts)),
    alternative: alternative && {
      protocol: alternative.protocol,
      incoming: renderServer(alternative.incoming, email),
    },
  }
}

/** Spelled out, so that the order of the contract holds whatever made the server. */
function renderServer(server: Server, email: EmailAddress | null): Server {
  const { hostname, port, security, username, url, ...rest } = expandServer(server, email)
  return {
    hostname,
    port,
    security,
    ...(url === undefined ? {} : { url }),
    username,
    authentication: rest.authentication,
    trust: rest.trust,
    requiresConfirmation: rest.requiresConfirmation,
    registrableDomain: rest.registrableDomain,
    sources: rest.sources,
    declaredOrder: rest.declaredOrder,
    verification: rest.verification,
    evidence: rest.evidence,
  }
}

/** What the reader would use decides: the recommended servers, or any server when there is no recommendation (R38). */
function needsConfirmation({ servers }: Discovery, recommendation: Recommendation | null): boolean {
  const used =
    recommendation === null
      ? Object.values(servers).flat()
      : [recommendation.incoming, recommendation.outgoing].filter((server) => server !== null)
  return used.some((server) => server.requiresConfirmation)
}

interface Cleartext {
  readonly protocol: Protocol
  readonly server: Server
}

function cleartextServers(rejected: readonly Rejected[]): Cleartext[] {
  return rejected.flatMap(({ reason, server, source }) =>
    reason === 'cleartext' && server !== undefined
      ? [{ protocol: server.protocol, server: fromDeclared(server, source) }]
      : [],
  )
}

/** Nobody vouches for a server that proves nothing: it stays unconfirmed whatever source named it. */
function fromDeclared(declared: DeclaredServer, source: Rejected['source']): Server {
  const { hostname, port, security, username, authentication, declaredOrder, url } = declared
  return {
    hostname,
    port,
    security,
    username: username ?? '%EMAILADDRESS%',
    authentication: [...authentication],
    trust: 'unconfirmed',
    requiresConfirmation: true,
    registrableDomain: registrableDomain(hostname),
    sources: [source],
    declaredOrder,
    verification: UNCHECKED,
    evidence: [],
    ...(url === undefined ? {} : { url }),
  }
}

/** RFC 6531: such an address needs servers and programs that speak SMTPUTF8; known only at the edge. */
function addressNotices(email: EmailAddress | null): Message[] {
  return email && needsSmtpUtf8(email) ? [{ code: 'smtp-utf8' }] : []
}

/** U2: each server that is shown without encryption is called so. */
function cleartextWarnings({ discovery, allowCleartext }: JsonInput, added: readonly Cleartext[]): Message[] {
  if (!allowCleartext) return []
  const listed = PROTOCOLS.flatMap((protocol) =>
    discovery.servers[protocol]
      .filter((server) => server.security === 'plain')
      .map((server) => ({ protocol, server })),
  )
  return [...listed, ...added].map(({ protocol, server }) => ({
    code: 'cleartext',
    params: { protocol, hostname: server.hostname },
  }))
}
