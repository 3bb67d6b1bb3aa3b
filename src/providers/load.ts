/** Reads a directory of provider files, the built-in one or an operator's (R51). */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ProviderEntry, providerEntrySchema } from './entry.js'

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

/**
 * Reads every `*.json` of a directory, in the order of the file names.
 * @throws ProviderFileError for the first file that is unreadable, breaks the schema, or claims an id, a domain or an
 * MX rule that another file has; the caller keeps its last good list
 */
export function loadProviders(directory: string): ProviderEntry[] {
  const claims = new Map<string, string>()
  return providerFiles(directory).map((file) => {
    const entry = parseProvider(readProviderFile(directory, file), file)
    claim(claims, entry, file)
    return entry
  })
}

/** Reads one entry from the text of its file. @throws ProviderFileError */
export function parseProvider(text: string, file: string): ProviderEntry {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new ProviderFileError(file, '', `is no JSON: ${error.message}`)
  }
  const result = providerEntrySchema.safeParse(json)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new ProviderFileError(file, issue?.path.map(String).join('.') ?? '', issue?.message ?? 'is invalid')
}

function providerFiles(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .sort()
  } catch (error) {
    throw new ProviderFileError(directory, '', `cannot be read (${errorCode(error)})`)
  }
}

function readProviderFile(directory: string, file: string): string {
  try {
    return readFileSync(join(directory, file), 'utf8')
  } catch (error) {
    throw new ProviderFileError(file, '', `cannot be read (${errorCode(error)})`)
  }
}

function claim(claims: Map<string, string>, entry: ProviderEntry, file: string): void {
  const wanted: [string, string][] = [
    ['id', entry.id],
    ...entry.domains.map((domain): [string, string] => ['domains', domain]),
    ...entry.mx.map((rule): [string, string] => ['mx', `${rule.match} ${rule.value}`]),
  ]
  for (const [field, value] of wanted) {
    const key = `${field} ${value}`
    const other = claims.get(key)
    if (other !== undefined)
      throw new ProviderFileError(file, field, `${value} is already claimed by ${other}`)
    claims.set(key, file)
  }
}

function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code)
  throw error
}
