/**
 * Keeps every line that services under test log, so that `npm run logs:check` can search all of them for what must not
 * be there (R13, R43).
 */
import { appendFileSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const DIRECTORY = fileURLToPath(new URL('../../.tap/service-logs/', import.meta.url))
mkdirSync(DIRECTORY, { recursive: true })
const FILE = `${DIRECTORY}${String(process.pid)}.log`

/** @param line with or without its end */
export function keepLogLine(line: string): void {
  appendFileSync(FILE, line.endsWith('\n') ? line : `${line}\n`)
}
