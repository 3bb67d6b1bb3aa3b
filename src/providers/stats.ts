/** What the database holds, counted: for its keepers, and for `npm run providers:stats`. */
import { MAX_AGE_DAYS } from './entry-to-finding.js'
import type { ProviderEntry } from './entry.js'

export type Counts = Readonly<Record<string, number>>

export interface ProviderStats {
  readonly providers: number
  readonly domains: number
  readonly confidence: Counts
  readonly access: Counts
  readonly protocol: Counts
  readonly requirement: Counts
  readonly mxClass: Counts
  /** Days since the settings were last held against the references; past the limit an entry is stale (R28). */
  readonly age: Counts
}

const DAY_MS = 86_400_000
/** Days: a quarter, half a year, a year, and the limit. */
const AGES = [90, 180, 365, MAX_AGE_DAYS]

/** @param now milliseconds since the epoch */
export function providerStats(entries: readonly ProviderEntry[], now: number): ProviderStats {
  return {
    providers: entries.length,
    domains: entries.reduce((sum, entry) => sum + entry.domains.length, 0),
    confidence: count(entries, (entry) => [entry.confidence]),
    access: count(entries, (entry) => [entry.access]),
    protocol: count(entries, protocols),
    requirement: count(entries, (entry) => [
      ...new Set(entry.requires.map(({ kind }) => kind)),
      ...(entry.authentication.every((way) => way === 'oauth2') ? ['oauth2-only'] : []),
    ]),
    mxClass: count(
      entries.flatMap((entry) => entry.mx),
      (rule) => [rule.class],
    ),
    age: count(entries, ({ verified }) => [ageGroup((now - Date.parse(verified)) / DAY_MS)]),
  }
}

function protocols(entry: ProviderEntry): string[] {
  const mail = (['imap', 'pop3', 'smtp'] as const).filter(
    (protocol) => entry[protocol].length > 0 || entry.mx.some((rule) => rule.servers?.[protocol].length),
  )
  const urls = (['jmap', 'caldav', 'carddav'] as const).filter((protocol) => entry[protocol] !== undefined)
  return [...mail, ...urls]
}

function ageGroup(days: number): string {
  const limit = AGES.find((age) => days <= age)
  return limit === undefined ? `more than ${MAX_AGE_DAYS} days (stale)` : `up to ${limit} days`
}

function count<T>(items: readonly T[], keys: (item: T) => readonly string[]): Counts {
  const counts = new Map<string, number>()
  for (const key of items.flatMap(keys)) counts.set(key, (counts.get(key) ?? 0) + 1)
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a))
}
