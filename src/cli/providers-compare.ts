/** `mailscout providers compare --ispdb <dir or URL>`: what another list says otherwise, field by field. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compose } from '../compose.js'
import { type Hostname, parseHostname } from '../domain/hostname.js'
import { type AutoconfigDocument, readAutoconfig } from '../formats/autoconfig-read.js'
import { compareEntry, type Difference } from '../providers/compare-entry.js'
import type { ProviderEntry } from '../providers/entry.js'
import { createProviderIndex, type ProviderIndex } from '../providers/provider-index.js'
import { ProviderFileError } from '../providers/provider-file.js'
import { readArguments, usageError } from './arguments.js'
import type { CommandSpec } from './command.js'
import { pretty } from './providers-offline.js'
import { visitAll } from './providers-pace.js'
import {
  DIRECTORY_OPTION,
  PACE_OPTIONS,
  PROVIDERS_EXIT_CODES,
  type ProvidersParts,
  readDirectory,
  readPace,
} from './providers-parts.js'
import { EXIT, INTERRUPTED, table } from './terminal.js'

/** Domains of one entry asked at a live list until one is known: lists name the popular ones, which stand first. */
const MAX_DOMAINS_ASKED = 3

export const COMPARE = {
  name: 'providers compare',
  summary: 'differences to a directory of autoconfig files or to a live ISPDB',
  usage: ['--ispdb <directory or URL> [options]'],
  description: ['Says field by field where another list of providers differs from the database.'],
  arguments: [],
  options: {
    ispdb: {
      type: 'string',
      value: 'X',
      completes: 'directory',
      help: 'the other list: a directory of autoconfig files, or the https URL of an ISPDB',
    },
    ...DIRECTORY_OPTION,
    ...PACE_OPTIONS,
  },
  exitCodes: {
    ...PROVIDERS_EXIT_CODES,
    0: 'everything could be compared, whatever differs',
    4: 'something could not be compared',
    130: 'ended by Ctrl-C',
  },
  examples: [
    {
      command: 'mailscout providers compare --ispdb autoconfig/ispdb',
      shows: 'against a checkout of the list',
    },
    {
      command: 'mailscout providers compare --ispdb https://autoconfig.thunderbird.net/v1.1/ --json',
      shows: 'against the live one, for a script',
    },
  ],
} as const satisfies CommandSpec

interface Comparison {
  /** Providers that both know. */
  readonly compared: { provider: string; domain: string; differences: Difference[] }[]
  /** Ids of entries with domains that the other list does not know. */
  missingThere: string[]
  /** Domains that we do not know. */
  readonly missingHere: string[]
  /** Files that are no autoconfig, and questions without an answer. */
  readonly failed: { where: string; reason: string }[]
}

/**
 * @returns 0 when everything could be compared (whatever differs), 4 when something could not, 130 after Ctrl-C
 * @throws UsageError, ProviderFileError
 */
export async function compareCommand(args: readonly string[], parts: ProvidersParts): Promise<number> {
  const { values, positionals } = readArguments(args, COMPARE)
  const { ispdb } = values
  if (ispdb === undefined || positionals.length > 0) {
    throw usageError(COMPARE, 'compare needs --ispdb with a directory of autoconfig files or an https URL')
  }
  if (ispdb.startsWith('http:')) throw usageError(COMPARE, '--ispdb: only https URLs are asked (R6)')
  const index = createProviderIndex(readDirectory(values.dir, parts).map(({ entry }) => entry))
  const result: Comparison = { compared: [], missingThere: [], missingHere: [], failed: [] }
  if (ispdb.startsWith('https:')) {
    try {
      await compareLive({ base: ispdb, index, result }, { parts, pace: readPace(values, parts) })
    } catch (error) {
      if (!parts.signal.aborted) throw error
      return INTERRUPTED
    }
  } else compareFiles(ispdb, index, result)
  result.compared.sort((a, b) => (a.provider < b.provider ? -1 : 1))
  parts.terminal.out(values.json === true ? pretty(result) : render(result))
  return result.failed.length === 0 ? EXIT.found : EXIT.lookupFailed
}

interface Task {
  readonly base: string
  readonly index: ProviderIndex
  readonly result: Comparison
}

async function compareLive(
  { base, index, result }: Task,
  { parts, pace }: { parts: ProvidersParts; pace: ReturnType<typeof readPace> },
): Promise<void> {
  const { http } = compose(parts.config, parts.surroundings)
  const { signal } = parts
  let open = index.entries.filter((entry) => entry.domains.length > 0)
  for (let round = 0; round < MAX_DOMAINS_ASKED && open.length > 0; round += 1) {
    const asked = open.filter((entry) => entry.domains.length > round)
    const unanswered = new Set<ProviderEntry>(open)
    await visitAll(
      {
        items: asked,
        placeOf: () => base,
        visit: async (entry) => {
          const domain = byPopularity(entry)[round] as Hostname
          const url = `${base.replace(/\/+$/, '')}/${domain}`
          const answer = await http.request({ url, signal, accept: 'text/xml, application/xml' })
          if (answer.kind === 'absent' && answer.status !== null) return
          unanswered.delete(entry)
          if (answer.kind !== 'found') {
            const reason = answer.kind === 'failed' ? answer.failure.detail : 'the name does not exist'
            result.failed.push({ where: url, reason })
            return
          }
          const read = readAutoconfig(answer.response.body, { domain, source: 'ispdb' })
          if (read.ok) result.compared.push(compared(entry, domain, read.document))
          else result.failed.push({ where: url, reason: read.failure.detail })
        },
      },
      pace,
    )
    open = [...unanswered]
  }
  result.missingThere.push(...open.map(({ id }) => id))
}

function byPopularity(entry: ProviderEntry): Hostname[] {
  const rank = (domain: string) => entry.popularity[domain] ?? Infinity
  return [...entry.domains].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0))
}

/** Stands for "some domain" until the file has named its own. */
const ANY_DOMAIN = parseHostname('mail.invalid') as Hostname

function compareFiles(directory: string, index: ProviderIndex, result: Comparison): void {
  const known = new Set<string>()
  for (const file of filesOf(directory)) {
    const bytes = readFileSync(join(directory, file))
    const named = parseHostname(file.replace(/\.xml$/, ''))
    const first = readAutoconfig(bytes, { domain: named ?? ANY_DOMAIN, source: 'ispdb' })
    if (!first.ok) {
      result.failed.push({ where: file, reason: first.failure.detail })
      continue
    }
    const domains = [...new Set([...(named === null ? [] : [named]), ...first.document.domains])]
    // The file's own name may be a label of its keeper; without any entry for it, the domains inside decide.
    result.missingHere.push(...first.document.domains.filter((domain) => index.findByDomain(domain) === null))
    for (const domain of domains) {
      const entry = index.findByDomain(domain)
      if (entry === null || known.has(`${entry.id} ${file}`)) continue
      known.add(`${entry.id} ${file}`)
      known.add(entry.id)
      const read = readAutoconfig(bytes, { domain, source: 'ispdb' })
      if (read.ok) result.compared.push(compared(entry, domain, read.document))
    }
  }
  result.missingThere = index.entries
    .filter(({ id, domains }) => domains.length > 0 && !known.has(id))
    .map(({ id }) => id)
}

/** @throws ProviderFileError */
function filesOf(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.') && (name.endsWith('.xml') || parseHostname(name) !== null))
      .filter((item) => item.isFile())
      .map(({ name }) => name)
      .sort()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new ProviderFileError(directory, '', `cannot be read (${code})`)
  }
}

function compared(entry: ProviderEntry, domain: Hostname, document: AutoconfigDocument) {
  return { provider: entry.id, domain, differences: compareEntry(entry, document) }
}

function render({ compared: pairs, missingThere, missingHere, failed }: Comparison): string {
  const different = pairs.filter(({ differences }) => differences.length > 0)
  const parts = different.map(
    ({ provider, domain, differences }) =>
      `${provider} (${domain})\n${table(
        differences.map(({ protocol, field, ours, theirs }) => [
          protocol,
          field,
          `here: ${ours ?? 'missing'}`,
          `there: ${theirs ?? 'missing'}`,
        ]),
      )}`,
  )
  return [
    ...parts,
    failed.length === 0 ? '' : `Not compared:\n${table(failed.map(({ where, reason }) => [where, reason]))}`,
    missingThere.length === 0 ? '' : `Missing there: ${missingThere.join(' ')}\n`,
    missingHere.length === 0 ? '' : `Missing here: ${missingHere.join(' ')}\n`,
    `${pairs.length} compared, ${different.length} differ, ${missingThere.length} missing there, `,
    `${missingHere.length} domains missing here, ${failed.length} not compared\n`,
  ].join('')
}
