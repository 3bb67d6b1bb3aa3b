/** Reads a directory of provider files, the built-in one or an operator's (R51). */
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ProviderEntry } from './entry.js'
import { readLogins } from './logins.js'
import { type FileOptions, ProviderFileError, type ReadEntry, readEntry } from './provider-file.js'

/** Everything a directory says: what can be used, and every file that cannot. */
export interface ProviderCheck {
  readonly good: readonly ReadEntry[]
  readonly faults: readonly ProviderFileError[]
}

/**
 * Reads every `*.json` (and with `readXml` every `*.xml`) of a directory and the directories below it, in the order of
 * their names.
 * @throws ProviderFileError for the first file that is unreadable, breaks the schema, or claims an id, a domain or an
 * MX rule that another file has; the caller keeps its last good list
 */
export function loadProviders(directory: string, options: FileOptions = {}): ProviderEntry[] {
  const { good, faults } = checkProviders(directory, options)
  const [first] = faults
  if (first !== undefined) throw first
  return good.map(({ entry }) => entry)
}

/** The same, with every fault instead of the first alone. @throws ProviderFileError for an unreadable directory */
export function checkProviders(directory: string, options: FileOptions = {}): ProviderCheck {
  const collector = createCollector(directory, options)
  for (const file of providerFiles(directory, options)) {
    collector.add(file, () => readFileSync(join(directory, file)))
  }
  return collector
}

/** Files between two breathers of the event loop: about 5 ms of work. */
const FILES_PER_TURN = 16

/** The same while requests are being answered: reads in the background and lets them through between files. */
export async function checkProvidersGently(
  directory: string,
  options: FileOptions = {},
): Promise<ProviderCheck> {
  const collector = createCollector(directory, options)
  for (const [index, file] of providerFiles(directory, options).entries()) {
    const reading = await readFile(join(directory, file)).catch((error: unknown) => toError(error))
    collector.add(file, () => {
      if (reading instanceof Error) throw reading
      return reading
    })
    if (index % FILES_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  return collector
}

/** Paths below the directory, in order. @throws ProviderFileError */
function providerFiles(directory: string, options: FileOptions): string[] {
  return filesBelow(directory, '', options.readXml === undefined ? /\.json$/ : /\.(json|xml)$/)
}

/** The same and what entries refer to: a change of any of them is a change. @throws ProviderFileError */
export function watchedFiles(directory: string): string[] {
  return filesBelow(directory, '', /\.(json|xml|tsv)$/)
}

function filesBelow(directory: string, below: string, kind: RegExp): string[] {
  return list(join(directory, below)).flatMap((item) => {
    const path = below === '' ? item.name : `${below}/${item.name}`
    // Editors' and Kubernetes' hidden copies of the same files.
    if (item.name.startsWith('.')) return []
    if (kind.test(item.name)) return [path]
    return item.isDirectory() ? filesBelow(directory, path, kind) : []
  })
}

function list(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    throw new ProviderFileError(directory, '', `cannot be read (${errorCode(error)})`)
  }
}

function createCollector(directory: string, options: FileOptions) {
  const claims = new Map<string, string>()
  const good: ReadEntry[] = []
  const faults: ProviderFileError[] = []
  return {
    good,
    faults,
    add(file: string, read: () => Uint8Array): void {
      try {
        const found = readEntry(readBytes(file, read), file, options)
        const entry = withLogins(found.entry, directory, file)
        claim(claims, entry, file)
        good.push({ ...found, entry })
      } catch (error) {
        if (!(error instanceof ProviderFileError)) throw error
        faults.push(error)
      }
    },
  }
}

function readBytes(file: string, read: () => Uint8Array): Uint8Array {
  try {
    return read()
  } catch (error) {
    throw new ProviderFileError(file, '', `cannot be read (${errorCode(error)})`)
  }
}

function withLogins(entry: ProviderEntry, directory: string, file: string): ProviderEntry {
  if (entry.logins === undefined) return entry
  const beside = join(dirname(file), entry.logins.file)
  const bytes = readBytes(beside, () => readFileSync(join(directory, beside)))
  const reading = readLogins(new TextDecoder().decode(bytes), entry.logins, entry.domains)
  if (reading.ok) return { ...entry, loginOf: reading.lookup }
  throw new ProviderFileError(`${beside}:${String(reading.fault.line)}`, '', reading.fault.reason)
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

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
