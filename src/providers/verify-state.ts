/** What a check of the database has done so far, as a file, so that an interrupted one can go on. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { ProviderFileError } from './provider-file.js'

const checkedServerSchema = z.strictObject({
  status: z.enum(['verified', 'failed']),
  at: z.iso.datetime(),
  /** Set when failed. */
  code: z.string().optional(),
  detail: z.string().optional(),
  /** Something for a person to look at, though the server answered. */
  doubt: z.string().optional(),
})
export type CheckedServer = z.infer<typeof checkedServerSchema>

const stateSchema = z.strictObject({
  version: z.literal(1),
  results: z.record(z.string(), checkedServerSchema),
})

/** Empty where there is no such file yet. @throws ProviderFileError when the file is something else */
export function readVerifyState(file: string): Map<string, CheckedServer> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT') return new Map()
    throw new ProviderFileError(file, '', `cannot be read (${code})`)
  }
  const parsed = stateSchema.safeParse(jsonOf(text))
  if (!parsed.success) throw new ProviderFileError(file, '', 'is not the state of a check')
  return new Map(Object.entries(parsed.data.results))
}

/** Written whole and put in place at once: a crash leaves the file of before. */
export function writeVerifyState(file: string, results: ReadonlyMap<string, CheckedServer>): void {
  replaceFile(file, `${JSON.stringify({ version: 1, results: Object.fromEntries(results) })}\n`)
}

export function replaceFile(file: string, text: string): void {
  const draft = `${file}.new`
  writeFileSync(draft, text)
  renameSync(draft, file)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
