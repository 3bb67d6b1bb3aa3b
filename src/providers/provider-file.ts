/** One file of the database, from its bytes to an entry, and the error that refuses it. */
import { type AutoconfigFacts, autoconfigToEntry } from './autoconfig-entry.js'
import { operatorEntrySchema, type ProviderEntry, providerEntrySchema } from './entry.js'

/** A file of the database that cannot be used; the message is one line: file, field, reason. */
export class ProviderFileError extends Error {
  readonly file: string
  readonly field: string
  readonly reason: string

  constructor(file: string, field: string, reason: string) {
    super(`${file}: ${field === '' ? '' : `${field}: `}${reason.replace(/\s+/g, ' ')}`)
    this.name = 'ProviderFileError'
    this.file = file
    this.field = field
    this.reason = reason
  }
}

/** What an autoconfig file holds, or why it cannot be read. */
export type XmlReading =
  { readonly ok: true; readonly facts: AutoconfigFacts } | { readonly ok: false; readonly reason: string }

export interface FileOptions {
  /** An operator's directory: special-use domains are allowed there (R3 is lifted for his own names). */
  readonly operator?: boolean
  /** Reads plain autoconfig files, `*.xml`; without it they are not looked at. */
  readonly readXml?: (bytes: Uint8Array) => XmlReading
  /** Milliseconds since the epoch: the date of entries whose format has none. */
  readonly now?: () => number
}

export interface ReadEntry {
  readonly file: string
  readonly entry: ProviderEntry
  /** What the file says and the entry leaves out, one line each. */
  readonly notes: readonly string[]
}

/** Reads one entry from the text of its file. @throws ProviderFileError */
export function parseProvider(text: string, file: string, options: FileOptions = {}): ProviderEntry {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new ProviderFileError(file, '', `is no JSON: ${error.message}`)
  }
  return checkEntry(json, file, options)
}

/** Reads a file of either kind. @throws ProviderFileError */
export function readEntry(bytes: Uint8Array, file: string, options: FileOptions): ReadEntry {
  if (!file.endsWith('.xml') || options.readXml === undefined) {
    return { file, entry: parseProvider(new TextDecoder().decode(bytes), file, options), notes: [] }
  }
  const reading = options.readXml(bytes)
  if (!reading.ok) throw new ProviderFileError(file, '', reading.reason)
  const today = new Date((options.now ?? Date.now)()).toISOString().slice(0, 10)
  const { draft, notes } = autoconfigToEntry(reading.facts, { file, today })
  return { file, entry: checkEntry(draft, file, options), notes: notes.map((note) => `${file}: ${note}`) }
}

function checkEntry(draft: unknown, file: string, options: FileOptions): ProviderEntry {
  const result = (options.operator === true ? operatorEntrySchema : providerEntrySchema).safeParse(draft)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new ProviderFileError(file, issue?.path.map(String).join('.') ?? '', issue?.message ?? 'is invalid')
}
