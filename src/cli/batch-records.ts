/** One line of the batch's result for each address: as the API's batch writes it, or as a row for a spreadsheet. */
import type { DiscoverAnswer, Problem } from '../domain/answer.js'
import type { Server } from '../domain/mail-settings.js'
import { foreignText, oneLine, readCsvLine, writeCsv } from '../formats/csv.js'
import { EXIT } from './terminal.js'

export const BATCH_FORMATS = ['ndjson', 'csv'] as const
export type BatchFormat = (typeof BATCH_FORMATS)[number]

export interface BatchRecord {
  readonly index: number
  /** Of the input file. */
  readonly line: number
  readonly email: string
  readonly status: number
  readonly body: DiscoverAnswer | Problem
}

/** What a record says of itself when it is read back. */
export interface RecordHead {
  readonly index: number
  readonly email: string
  readonly outcome: Outcome
}

export type Outcome = 'found' | 'nothing' | 'bad' | 'failed' | 'internal'

const ENDPOINT_COLUMNS = ['hostname', 'port', 'security', 'username', 'trust'] as const
const COLUMNS = [
  'index',
  'line',
  'email',
  'status',
  'code',
  'provider',
  'protocol',
  ...ENDPOINT_COLUMNS.map((name) => `incoming_${name}`),
  ...ENDPOINT_COLUMNS.map((name) => `outgoing_${name}`),
  'requires_confirmation',
  'degraded',
  'notices',
]
export const CSV_HEADER = writeCsv(COLUMNS)

export function writeRecord(record: BatchRecord, format: BatchFormat): string {
  return format === 'csv' ? writeCsv(cellsOf(record)) : `${JSON.stringify(record)}\n`
}

export function outcomeOf({ status, code }: { status: number; code?: string | undefined }): Outcome {
  if (status === 200) return 'found'
  if (status === 404) return 'nothing'
  if (status < 500) return 'bad'
  return code === 'INTERNAL' ? 'internal' : 'failed'
}

/** Null for a line that no batch has written. */
export function readRecord(line: string, format: BatchFormat): RecordHead | null {
  if (format === 'ndjson') return readNdjson(line)
  const [index = '', , email, status = '', code] = readCsvLine(line)
  if (!/^\d+$/.test(index) || email === undefined || !/^\d{3}$/.test(status)) return null
  return { index: Number(index), email, outcome: outcomeOf({ status: Number(status), code }) }
}

/** Whether a record that was read back is about this address. */
export function isAbout(head: RecordHead, email: string, format: BatchFormat): boolean {
  return head.email === (format === 'csv' ? oneLine(email) : email)
}

/** Of a whole batch: the worst of its addresses. */
export function batchExitCode(counts: Readonly<Record<Outcome, number>>): number {
  if (counts.internal > 0) return EXIT.internal
  if (counts.failed > 0) return EXIT.lookupFailed
  return counts.nothing + counts.bad > 0 ? EXIT.nothingFound : EXIT.found
}

function readNdjson(line: string): RecordHead | null {
  try {
    const { index, email, status, body } = JSON.parse(line) as Partial<BatchRecord>
    if (typeof index !== 'number' || typeof email !== 'string' || typeof status !== 'number') return null
    const code = body !== undefined && 'code' in body ? body.code : undefined
    return { index, email, outcome: outcomeOf({ status, code }) }
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function cellsOf({ index, line, email, status, body }: BatchRecord): string[] {
  const head = [String(index), String(line), email, String(status)]
  if ('code' in body) {
    const provider = foreignText(body.provider?.name ?? '')
    const empty = COLUMNS.slice(head.length + 2, -1).map(() => '')
    return [...head, body.code, provider, ...empty, codes(body.notices)]
  }
  const { recommendation, provider, notices } = body
  return [
    ...head,
    '',
    foreignText(provider?.name ?? ''),
    recommendation?.protocol ?? '',
    ...endpoint(recommendation?.incoming),
    ...endpoint(recommendation?.outgoing),
    String(body.requiresConfirmation),
    String(body.degraded),
    codes(notices),
  ]
}

function endpoint(server: Server | null | undefined): string[] {
  if (!server) return ENDPOINT_COLUMNS.map(() => '')
  return ENDPOINT_COLUMNS.map((name) => foreignText(String(server[name])))
}

function codes(messages: readonly { readonly code: string }[] = []): string {
  return messages.map(({ code }) => code).join(' ')
}
