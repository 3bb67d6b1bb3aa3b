/** `mailscout providers validate|find|show|stats`: looking at the database without any connection. */
import { createProviderIndex } from '../providers/provider-index.js'
import { findEntries } from '../providers/directory.js'
import type { ProviderEntry } from '../providers/entry.js'
import { checkProviders } from '../providers/load.js'
import { providerStats } from '../providers/stats.js'
import { OPERATOR_FILES } from '../operator-files.js'
import { readArguments, usageError } from './arguments.js'
import type { CommandSpec } from './command.js'
import {
  DIRECTORY_OPTION,
  directoryOf,
  PROVIDERS_EXIT_CODES,
  type ProvidersParts,
  readDirectory,
} from './providers-parts.js'
import { EXIT, table } from './terminal.js'

/** A person reads one screen. */
const FOUND_LIMIT = 20

export const VALIDATE = {
  name: 'providers validate',
  summary: 'check every file; each broken one on a line',
  usage: ['[directory] [options]'],
  description: ['Reads every provider file and says which field of which file breaks a rule.'],
  arguments: [{ name: 'directory', completes: 'directory' }],
  options: { json: DIRECTORY_OPTION.json },
  exitCodes: { 0: 'every file is good', 1: 'internal error', 2: 'a file is broken' },
  examples: [
    { command: 'mailscout providers validate', shows: 'the built-in database' },
    {
      command: 'mailscout providers validate ./providers',
      shows: "an operator's files, before they are used",
    },
  ],
} as const satisfies CommandSpec

export const FIND = {
  name: 'providers find',
  summary: 'by a part of a name, an e-mail domain or an MX host',
  usage: ['<text> [options]'],
  description: ["Searches the operator's entries and the built-in ones."],
  arguments: [{ name: 'text' }],
  options: DIRECTORY_OPTION,
  exitCodes: PROVIDERS_EXIT_CODES,
  examples: [
    { command: 'mailscout providers find gmail.com', shows: 'whose domain it is' },
    { command: 'mailscout providers find mx01.mail.icloud.com', shows: 'whose MX host it is' },
  ],
} as const satisfies CommandSpec

export const SHOW = {
  name: 'providers show',
  summary: 'one entry',
  usage: ['<id> [options]'],
  description: ['Prints everything that one entry of the database says.'],
  arguments: [{ name: 'id' }],
  options: DIRECTORY_OPTION,
  exitCodes: PROVIDERS_EXIT_CODES,
  examples: [{ command: 'mailscout providers show gmail', shows: 'the entry, to be read' }],
} as const satisfies CommandSpec

export const STATS = {
  name: 'providers stats',
  summary: 'counts by confidence, access, protocol, requirement, MX class and age',
  usage: ['[options]'],
  description: ['Counts the entries of the database.'],
  arguments: [],
  options: DIRECTORY_OPTION,
  exitCodes: { 0: 'counts printed', 1: 'internal error', 2: 'bad input, or a broken file' },
  examples: [{ command: 'mailscout providers stats --json', shows: 'the counts, for a script' }],
} as const satisfies CommandSpec

/** Every broken file on a line of its own; exit code 2 when there is one. @throws UsageError, ProviderFileError */
export function validateCommand(args: readonly string[], parts: ProvidersParts): number {
  const { values, positionals } = readArguments(args, VALIDATE)
  if (positionals.length > 1) throw usageError(VALIDATE, 'validate takes one directory')
  const { directory, options } = directoryOf(positionals[0], parts)
  const { good, faults } = checkProviders(directory, options)
  const notes = good.flatMap((one) => one.notes)
  if (values.json === true) {
    const problems = faults.map(({ file, field, reason }) => ({ file, field, reason }))
    parts.terminal.out(pretty({ directory, good: good.length, problems, notes }))
  } else {
    for (const note of notes) parts.terminal.out(`note: ${note}\n`)
    for (const { message } of faults) parts.terminal.out(`${message}\n`)
    parts.terminal.out(`${good.length} good, ${faults.length} broken (${directory})\n`)
  }
  return faults.length > 0 ? EXIT.badInput : EXIT.found
}

/** By a part of a name, an e-mail domain or an MX host. @throws UsageError, ProviderFileError */
export function findCommand(args: readonly string[], parts: ProvidersParts): number {
  const { values, positionals } = readArguments(args, FIND)
  const [text] = positionals
  if (text === undefined || positionals.length > 1) throw usageError(FIND, 'find takes one text')
  const indexes = allEntries(values.dir, parts).map(createProviderIndex)
  const found = indexes.flatMap((index) => findEntries(index, text, FOUND_LIMIT)).slice(0, FOUND_LIMIT)
  const mx = indexes.map((index) => index.findByMx(text)).find((match) => match !== null)
  if (values.json === true) {
    const rule = mx === undefined ? null : { id: mx.entry.id, value: mx.rule.value, class: mx.rule.class }
    parts.terminal.out(pretty({ mx: rule, providers: found }))
  } else if (found.length === 0) parts.terminal.err(`nothing known about ${text}\n`)
  else {
    parts.terminal.out(
      table(found.map(({ id, name, access, domains }) => [id, name, access, domains.slice(0, 3).join(' ')])),
    )
    if (mx !== undefined) {
      parts.terminal.out(
        `As an MX host: ${mx.rule.match} rule ${mx.rule.value} of ${mx.entry.id}, class ${mx.rule.class}\n`,
      )
    }
  }
  return found.length === 0 ? EXIT.nothingFound : EXIT.found
}

/** @throws UsageError, ProviderFileError */
export function showCommand(args: readonly string[], parts: ProvidersParts): number {
  const { values, positionals } = readArguments(args, SHOW)
  const [id] = positionals
  if (id === undefined || positionals.length > 1) throw usageError(SHOW, 'show takes one id')
  const entry = allEntries(values.dir, parts)
    .flat()
    .find((one) => one.id === id)
  if (entry === undefined) {
    parts.terminal.err(`no provider has the id ${id}; try: mailscout providers find ${id}\n`)
    return EXIT.nothingFound
  }
  parts.terminal.out(values.json === true ? pretty(entry) : describe(entry))
  return EXIT.found
}

/** @throws UsageError, ProviderFileError */
export function statsCommand(args: readonly string[], parts: ProvidersParts): number {
  const { values, positionals } = readArguments(args, STATS)
  if (positionals.length > 0) throw usageError(STATS, 'stats takes no argument; name a directory with --dir')
  const entries = readDirectory(values.dir, parts).map(({ entry }) => entry)
  const stats = providerStats(entries, (parts.surroundings.now ?? Date.now)())
  if (values.json === true) {
    parts.terminal.out(pretty(stats))
    return EXIT.found
  }
  const { providers, domains, ...groups } = stats
  parts.terminal.out(`${providers} providers, ${domains} domains\n`)
  for (const [name, counts] of Object.entries(groups)) {
    const rows = Object.entries(counts).map(([key, number]) => [key, String(number)])
    parts.terminal.out(`\n${TITLES[name as keyof typeof groups]}\n${table(rows)}`)
  }
  return EXIT.found
}

const TITLES = {
  confidence: 'Confidence',
  access: 'Access for mail programs',
  protocol: 'Protocol',
  requirement: 'Requirement',
  mxClass: 'MX rules by class',
  age: 'Last held against the references',
} as const

/** The operator's entries before the built-in ones, as in a lookup; or those of the named directory alone. */
function allEntries(named: string | undefined, parts: ProvidersParts): ProviderEntry[][] {
  const own = parts.config.MAILSCOUT_PROVIDERS_DIR
  const operators = named === undefined && own !== undefined ? [checkProviders(own, OPERATOR_FILES).good] : []
  return [...operators, readDirectory(named, parts)].map((good) => good.map(({ entry }) => entry))
}

function describe(entry: ProviderEntry): string {
  const servers = (['imap', 'pop3', 'smtp'] as const).flatMap((protocol) =>
    entry[protocol].map(({ hostname, port, security, username, authentication }) => [
      protocol.toUpperCase(),
      `${hostname}:${port}`,
      security,
      username ?? entry.username,
      (authentication ?? entry.authentication).join(', '),
    ]),
  )
  const facts = [
    ['access', entry.access + (entry.reason === undefined ? '' : `: ${entry.reason.en}`)],
    ['domains', entry.domains.join(' ')],
    [
      'requires',
      entry.requires.map(({ kind, url }) => (url === undefined ? kind : `${kind} ${url}`)).join(', '),
    ],
    ['mx', entry.mx.map((rule) => `${rule.match} ${rule.value} (${rule.class})`).join(', ')],
    ['oauth2', entry.oauth2?.issuer ?? ''],
    ['webmail', entry.webmail ?? ''],
    ['help', entry.documentation.map(({ url }) => url).join(' ')],
    ['confidence', entry.confidence],
    ['verified', entry.verified],
    ['references', entry.references.join('; ')],
  ].filter(([, value]) => value !== '')
  return `${entry.name} (${entry.id})\n${table(servers)}${table(facts)}`
}

export function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
