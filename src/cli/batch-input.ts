/** The addresses of a file: one a line, or one column of a CSV file. Read as they are needed, never all at once. */
import { createReadStream, statSync } from 'node:fs'
import { readCsv } from '../formats/csv.js'

/** A file that cannot be read as it is said to be; the message is ready for the reader. */
export class InputFault extends Error {
  override readonly name = 'InputFault'
}

export interface InputAddress {
  /** Among the addresses; the first is 0, as in the API's batch. */
  readonly index: number
  /** Of the file; the first is 1. */
  readonly line: number
  /** As it stands there, without blanks around it; whether it is one is for the API to say. */
  readonly email: string
}

export interface InputFormat {
  readonly csv: boolean
  /** Name in the first row, or number from 1 on; found by the first row when left out. */
  readonly column: string | undefined
}

type Bytes = AsyncIterable<string | Uint8Array>

/** Far beyond any address (R1): what is longer is none, and is not kept. */
const MAX_ADDRESS_LENGTH = 1000
/** How a column of addresses is usually called. */
const COLUMN_NAME = /^(e-?mail|mail)([ _-]?(address|addresse|adresse|adress))?$|^address$/i

/** @throws InputFault, CsvFault */
export async function* readAddresses(bytes: Bytes, format: InputFormat): AsyncGenerator<InputAddress> {
  let index = 0
  for await (const { line, email } of format.csv ? readColumn(bytes, format) : readLines(bytes)) {
    yield { index, line, email: email.trim().slice(0, MAX_ADDRESS_LENGTH) }
    index += 1
  }
}

/** Null where a file can be read only once, as a pipe. */
export async function countAddresses(file: string, format: InputFormat): Promise<number | null> {
  if (!statSync(file).isFile()) return null
  let count = 0
  for await (const address of readAddresses(createReadStream(file), format)) count = address.index + 1
  return count
}

async function* readLines(bytes: Bytes): AsyncGenerator<{ line: number; email: string }> {
  let line = 0
  let rest = ''
  for await (const piece of decode(bytes)) {
    const lines = (rest + piece).split('\n')
    // A line that never ends must not fill the memory.
    rest = (lines.pop() ?? '').slice(0, 2 * MAX_ADDRESS_LENGTH)
    for (const email of lines) {
      line += 1
      if (email.trim() !== '') yield { line, email }
    }
  }
  if (rest.trim() !== '') yield { line: line + 1, email: rest }
}

async function* readColumn(
  bytes: Bytes,
  { column }: InputFormat,
): AsyncGenerator<{ line: number; email: string }> {
  let position: number | undefined
  for await (const { line, cells } of readCsv(decode(bytes))) {
    if (position === undefined) {
      position = columnOf(cells, column)
      // A first row of names holds no address.
      if (!cells[position]?.includes('@')) continue
    }
    yield { line, email: cells[position] ?? '' }
  }
}

/** @throws InputFault */
function columnOf(first: readonly string[], column: string | undefined): number {
  const names = first.map((name) => name.trim())
  if (column === undefined) {
    const named = names.findIndex((name) => COLUMN_NAME.test(name))
    const position = named === -1 ? names.findIndex((name) => name.includes('@')) : named
    if (position !== -1) return position
    throw new InputFault(
      `which column has the addresses? Say it with --column; there are ${names.join(', ')}`,
    )
  }
  const wanted = column.toLowerCase()
  const position = /^\d+$/.test(column)
    ? Number(column) - 1
    : names.findIndex((name) => name.toLowerCase() === wanted)
  if (position >= 0 && position < names.length) return position
  throw new InputFault(`--column: the first row has no column ${column}`)
}

/** UTF-8 with or without byte order mark. */
async function* decode(bytes: Bytes): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const piece of bytes)
    yield typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true })
  yield decoder.decode()
}
