/** The provider database by exact e-mail domain (R14, R53): the operator's own files, and the built-in entries. */
import type { ProviderInfo } from '../domain/mail-settings.js'
import type { Source, SourceOutcome } from '../domain/source.js'
import { entryToFinding } from '../providers/entry-to-finding.js'
import type { ProviderEntry } from '../providers/entry.js'
import type { ProviderIndex } from '../providers/provider-index.js'

/** Seconds. Entries change with a release or a reread of the files, which empties the cache anyway. */
export const DATABASE_TTL_SECONDS = 86_400

export function createProviderSource(parts: {
  readonly name: 'operator' | 'provider-db'
  /** Asked anew each time, because the operator's files may be reread. */
  readonly index: () => ProviderIndex
  readonly now: () => number
}): Source {
  return {
    name: parts.name,
    find({ domain }) {
      const entry = parts.index().findByDomain(domain)
      const outcome: SourceOutcome = entry
        ? fromEntry(parts, entry)
        : { outcome: 'absent', ttlSeconds: DATABASE_TTL_SECONDS }
      return Promise.resolve(outcome)
    },
  }
}

function fromEntry(
  parts: { readonly name: 'operator' | 'provider-db'; readonly now: () => number },
  entry: ProviderEntry,
): SourceOutcome {
  const finding = entryToFinding(entry, parts.now())
  if (finding.servers.length === 0) {
    const known: { provider: ProviderInfo } = { provider: finding.provider }
    return {
      outcome: 'absent',
      ttlSeconds: DATABASE_TTL_SECONDS,
      detail: `the entry ${entry.id} knows no servers`,
      noAccess: entry.access === 'none',
      notices: finding.notices,
      ...known,
    }
  }
  const operator = parts.name === 'operator'
  return {
    outcome: 'found',
    ttlSeconds: DATABASE_TTL_SECONDS,
    findings: [
      {
        ...finding,
        channel: operator ? 'operator' : 'curated',
        evidence: { where: `${entry.id}.json`, channel: operator ? 'file' : 'curated' },
      },
    ],
  }
}
