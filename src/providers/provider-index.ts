/** Finds providers by e-mail domain, by MX host and by name (R52, R53). Built once; lookups are a few map reads. */
import type { Hostname } from '../domain/hostname.js'
import { editDistance } from './edit-distance.js'
import type { Endpoint } from './endpoint.js'
import type { ProviderEntry } from './entry.js'
import { matchMxRule, type MxRule, ruleSuffix } from './mx-rule.js'

/** An entry chosen by an MX host, with the servers for mail behind that host. */
export interface MxMatch {
  readonly entry: ProviderEntry
  readonly rule: MxRule
  /** The rule's own servers with its captures filled in, else the entry's; empty for every class without mailboxes. */
  readonly servers: Readonly<Record<'imap' | 'pop3' | 'smtp', readonly Endpoint[]>>
}

export interface ProviderIndex {
  readonly entries: readonly ProviderEntry[]
  /** Number of domains. */
  readonly size: number
  /** Exact domain only: a parent's entry says nothing about its children (R14). */
  findByDomain(domain: Hostname): ProviderEntry | null
  /** The best rule for an MX host (any letter case, trailing dot allowed): exact, template, prefix, longest suffix. */
  findByMx(host: string): MxMatch | null
  findById(id: string): ProviderEntry | null
  /** Entries whose id, name or a domain holds the text, best first. */
  search(text: string, limit: number): ProviderEntry[]
  /** A popular domain that the given one may be a slip of; a hint, never to be applied (R53). */
  suggestDomain(domain: string): Hostname | null
}

/** Order of precedence among rules that match one host (R52). */
const PRECEDENCE = ['exact', 'template', 'prefix', 'suffix'] as const

/** Names of this length and more may differ in two places: `hotmial.con`. In shorter ones two changes hit strangers. */
const LONG_NAME = 11
/** `me.com` or `qq.com` as a target would turn every two-letter name into a typo. */
const MIN_TARGET_LABEL = 3

interface IndexedRule {
  readonly entry: ProviderEntry
  readonly rule: MxRule
}
type RuleTables = Readonly<Record<(typeof PRECEDENCE)[number], Map<string, IndexedRule[]>>>

export function createProviderIndex(entries: readonly ProviderEntry[]): ProviderIndex {
  const domains = new Map<string, ProviderEntry>()
  const ids = new Map<string, ProviderEntry>()
  const rules: RuleTables = { exact: new Map(), template: new Map(), prefix: new Map(), suffix: new Map() }
  const popular: { name: Hostname; rank: number }[] = []
  for (const entry of entries) {
    ids.set(entry.id, entry)
    for (const domain of entry.domains) domains.set(domain, entry)
    for (const [name, rank] of Object.entries(entry.popularity))
      popular.push({ name: name as Hostname, rank })
    for (const rule of entry.mx) addRule(rules, entry, rule)
  }
  // `mxbiz*` before `mx*`: the longer beginning says more.
  for (const list of rules.prefix.values()) list.sort((a, b) => b.rule.value.length - a.rule.value.length)
  popular.sort((a, b) => a.rank - b.rank)
  const targets = popular.filter(({ name }) => name.indexOf('.') >= MIN_TARGET_LABEL)

  return {
    entries,
    size: domains.size,
    findByDomain: (domain) => domains.get(domain) ?? null,
    findByMx: (host) => findRule(rules, host.toLowerCase().replace(/\.$/, '')),
    findById: (id) => ids.get(id) ?? null,
    search: (text, limit) => searchEntries(entries, text.trim().toLowerCase(), limit),
    suggestDomain: (domain) => (domains.has(domain) ? null : nearest(targets, domain)),
  }
}

function addRule(rules: RuleTables, entry: ProviderEntry, rule: MxRule): void {
  const key = ruleSuffix(rule)
  const list = rules[rule.match].get(key)
  if (list === undefined) rules[rule.match].set(key, [{ entry, rule }])
  else list.push({ entry, rule })
}

function findRule(rules: RuleTables, host: string): MxMatch | null {
  for (const match of PRECEDENCE) {
    const table = rules[match]
    for (let rest = host; rest !== ''; rest = parentName(rest)) {
      for (const { entry, rule } of table.get(rest) ?? []) {
        const captures = matchMxRule(rule, host)
        if (captures !== null) return { entry, rule, servers: serversBehind(entry, rule, captures) }
      }
      if (match === 'exact') break
    }
  }
  return null
}

function parentName(name: string): string {
  const dot = name.indexOf('.')
  return dot === -1 ? '' : name.slice(dot + 1)
}

const NO_SERVERS = { imap: [], pop3: [], smtp: [] }

function serversBehind(
  entry: ProviderEntry,
  rule: MxRule,
  captures: Readonly<Record<string, string>>,
): MxMatch['servers'] {
  const own = rule.servers
  if (own === undefined) return rule.class === 'mailbox' ? entry : NO_SERVERS
  const fill = (list: readonly Endpoint[]) =>
    list.map((server) => ({
      ...server,
      hostname: server.hostname.replace(/\{([a-z]+)\}/g, (all, name: string) => captures[name] ?? all),
    }))
  return { imap: fill(own.imap), pop3: fill(own.pop3), smtp: fill(own.smtp) }
}

function nearest(targets: readonly { name: Hostname }[], domain: string): Hostname | null {
  let found: Hostname | null = null
  // Ranked order and a strict comparison below: of equally near names the more popular one wins.
  let limit = domain.length >= LONG_NAME ? 2 : 1
  for (const { name } of targets) {
    const distance = editDistance(domain, name, limit)
    if (distance > limit) continue
    found = name
    if (distance === 1) break
    limit = distance - 1
  }
  return found
}

function searchEntries(entries: readonly ProviderEntry[], text: string, limit: number): ProviderEntry[] {
  const score = (entry: ProviderEntry): number => {
    if (entry.id === text || (entry.domains as string[]).includes(text)) return 0
    const name = entry.name.toLowerCase()
    if (entry.id.startsWith(text) || name.startsWith(text)) return 1
    if (entry.id.includes(text) || name.includes(text)) return 2
    return entry.domains.some((domain) => domain.includes(text)) ? 3 : 4
  }
  return entries
    .map((entry) => ({ entry, rank: score(entry) }))
    .filter(({ rank }) => rank < 4)
    .sort((a, b) => a.rank - b.rank || a.entry.id.localeCompare(b.entry.id, 'en'))
    .slice(0, limit)
    .map(({ entry }) => entry)
}
