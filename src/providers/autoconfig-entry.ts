/**
 * A plain autoconfig file of the operator as an entry of the database, so that both kinds of file pass one schema and
 * give one answer (R51). What the entry has no place for is left out and noted.
 */
import type { Hostname } from '../domain/hostname.js'
import type { DeclaredServer, Message, OAuth2, ProviderInfo, Rejected } from '../domain/mail-settings.js'

/** What this folder needs of a read file; `formats/` supplies it. */
export interface AutoconfigFacts {
  readonly provider: ProviderInfo
  readonly domains: readonly Hostname[]
  /** Domains of MX hosts that the file is for. */
  readonly mxDomains: readonly Hostname[]
  readonly servers: readonly DeclaredServer[]
  readonly rejected: readonly Rejected[]
  readonly oauth2: OAuth2 | null
  readonly notices: readonly Message[]
  readonly webMail: string | null
}

/** The longest id and sentence that the schema of entries takes. */
const MAX_ID = 40
const MAX_TEXT = 300

/** @returns a draft for the schema, which alone decides whether it is an entry */
export function autoconfigToEntry(
  facts: AutoconfigFacts,
  { file, today }: { readonly file: string; readonly today: string },
): { readonly draft: unknown; readonly notes: readonly string[] } {
  const notes = facts.rejected.map(
    ({ protocol, hostname, port, reason }) =>
      `${protocol} ${hostname}${port === null ? '' : `:${port}`} is left out: ${reason}`,
  )
  const usable = facts.servers.filter((server) => {
    const reason = unusable(server)
    if (reason !== null) notes.push(`${server.protocol} ${server.hostname} is left out: ${reason}`)
    return reason === null
  })
  const link = (protocol: 'jmap' | 'caldav' | 'carddav') => {
    const url = usable.find((server) => server.protocol === protocol)?.url
    return url === undefined ? {} : { [protocol]: url }
  }
  const draft = {
    id: toId(facts.provider.id),
    name: facts.provider.name,
    access: 'full',
    domains: [...new Set(facts.domains)],
    imap: endpoints(usable, 'imap'),
    pop3: endpoints(usable, 'pop3'),
    smtp: endpoints(usable, 'smtp'),
    requires: facts.notices.map(toRequirement),
    documentation: facts.provider.documentation,
    ...(facts.webMail === null ? {} : { webmail: facts.webMail }),
    ...(facts.oauth2 === null ? {} : { oauth2: facts.oauth2 }),
    ...link('jmap'),
    ...link('caldav'),
    ...link('carddav'),
    mx: [...new Set(facts.mxDomains)].map((value) => ({
      match: 'suffix',
      value,
      class: 'mailbox',
      matches: `mx.${value}`,
      not: 'mx.elsewhere.invalid',
    })),
    confidence: 'high',
    references: [`the operator's file ${file}`],
    // The format has no date; the operator vouches for the file as long as it lies there.
    verified: today,
  }
  return { draft, notes }
}

function unusable({ protocol, authentication }: DeclaredServer): string | null {
  if (protocol === 'exchange' || protocol === 'managesieve') return 'entries have no field for it'
  const open = authentication.length > 0 && authentication.every((way) => way === 'none')
  return open ? 'it asks for no sign-in' : null
}

function endpoints(servers: readonly DeclaredServer[], protocol: 'imap' | 'pop3' | 'smtp') {
  const mine = servers.filter((server) => server.protocol === protocol)
  // Implicit TLS first whatever the file's order (R23), and each place once.
  const sorted = [...mine].sort((a, b) => Number(b.security === 'tls') - Number(a.security === 'tls'))
  const seen = new Set<string>()
  return sorted
    .filter(({ hostname, port }) => {
      const place = `${hostname}:${port}`
      return !seen.has(place) && seen.add(place)
    })
    .map(({ hostname, port, security, username, authentication }) => {
      const ways = authentication.filter((way) => way !== 'none')
      return {
        hostname,
        port,
        security,
        ...(username === null ? {} : { username }),
        ...(ways.length === 0 ? {} : { authentication: ways }),
      }
    })
}

function toId(name: string): string {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return words.slice(0, MAX_ID).replace(/^-|-$/g, '')
}

function toRequirement({ url, params }: Message) {
  const sentence = params?.['text']?.slice(0, MAX_TEXT)
  return {
    kind: 'enable-access',
    ...(url === undefined ? {} : { url }),
    // The operator wrote it in one language; it is shown as he wrote it.
    ...(sentence === undefined ? {} : { texts: { en: sentence, de: sentence } }),
  }
}
