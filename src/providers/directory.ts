/** Searching the database by whatever a person has: a name, an e-mail domain, an MX host. */
import { parseHostname } from '../domain/hostname.js'
import type { ProviderDirectory, ProviderRecord, ProviderSummary } from '../domain/provider-record.js'
import { isStale } from './entry-to-finding.js'
import type { Endpoint } from './endpoint.js'
import type { ProviderEntry } from './entry.js'
import type { ProviderIndex } from './provider-index.js'

/** Entries that the text leads to: exact domain, then MX host, then names and domains that hold it. */
export function findEntries(index: ProviderIndex, text: string, limit: number): ProviderEntry[] {
  const name = parseHostname(text.trim())
  const exact = name === null ? [] : [index.findByDomain(name), index.findByMx(name)?.entry ?? null]
  const found = [...exact.filter((entry) => entry !== null), ...index.search(text, limit)]
  return [...new Set(found)].slice(0, limit)
}

/** @param parts.now milliseconds since the epoch, for the age of entries */
export function createProviderDirectory(parts: {
  readonly index: () => ProviderIndex
  readonly now: () => number
}): ProviderDirectory {
  return {
    find: (text, limit) =>
      findEntries(parts.index(), text, limit).map((entry) => summary(entry, parts.now())),
    get(id) {
      const entry = parts.index().findById(id)
      return entry === null ? null : record(entry, parts.now())
    },
  }
}

function summary(entry: ProviderEntry, now: number): ProviderSummary {
  const { id, name, access, confidence, verified } = entry
  return {
    id,
    name,
    access,
    protocols: [
      ...(['imap', 'pop3', 'smtp'] as const).filter((protocol) => entry[protocol].length > 0),
      ...(['jmap', 'caldav', 'carddav'] as const).filter((protocol) => entry[protocol] !== undefined),
    ],
    domainCount: entry.domains.length,
    confidence,
    verified,
    stale: isStale(entry, now),
  }
}

function record(entry: ProviderEntry, now: number): ProviderRecord {
  const servers = (list: readonly Endpoint[]) =>
    list.map(({ hostname, port, security, username, authentication }) => ({
      hostname,
      port,
      security,
      username: username ?? entry.username,
      authentication: authentication ?? entry.authentication,
    }))
  return {
    ...summary(entry, now),
    reason: entry.reason ?? null,
    domains: entry.domains,
    servers: { imap: servers(entry.imap), pop3: servers(entry.pop3), smtp: servers(entry.smtp) },
    notOffered: entry.notOffered,
    requires: entry.requires,
    documentation: entry.documentation,
    webmail: entry.webmail ?? null,
    oauth2: entry.oauth2 ?? null,
    links: {
      jmap: entry.jmap ?? null,
      caldav: entry.caldav ?? null,
      carddav: entry.carddav ?? null,
    },
    mx: entry.mx.map(({ match, value, class: kind }) => ({ match, value, class: kind })),
    references: entry.references,
  }
}
