/** Comma-separated values (RFC 4180), read piece by piece and written line by line. */

export interface CsvRecord {
  /** Where it begins in the text; the first line is 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** A quote that is opened and never closed swallows the rest of a file: better to say where. */
export class CsvFault extends Error {
  override readonly name = 'CsvFault'
  readonly line: number

  constructor(line: number) {
    super(`line ${line}: a quotation mark is opened and never closed`)
    this.line = line
  }
}

/** Longer cells hold nothing that we look for; what is beyond is dropped, so that no file can fill the memory. */
const MAX_CELL_LENGTH = 4096
/** Spreadsheets write semicolons where the comma is the decimal sign. */
const DELIMITERS = [',', ';', '\t'] as const

/**
 * Records of a text that comes in pieces; empty lines are left out. The delimiter is the one that the first line has
 * most of.
 * @throws CsvFault
 */
export async function* readCsv(pieces: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  let reader: Reader | undefined
  let head = ''
  for await (const piece of pieces) {
    if (reader === undefined) {
      head += piece
      if (!head.includes('\n') && head.length < MAX_CELL_LENGTH) continue
      reader = new Reader(delimiterOf(head))
      yield* reader.push(head)
    } else yield* reader.push(piece)
  }
  if (reader === undefined) {
    reader = new Reader(delimiterOf(head))
    yield* reader.push(head)
  }
  yield* reader.end()
}

/**
 * One record and its line end. Line breaks within a cell become spaces, so that each record is one line.
 * @param cells what strangers wrote is marked by `foreignText`
 */
export function writeCsv(cells: readonly string[]): string {
  return `${cells.map(cellText).join(',')}\r\n`
}

/** The cells of one line that `writeCsv` wrote. @throws CsvFault */
export function readCsvLine(line: string): readonly string[] {
  const reader = new Reader(',')
  const [record] = [...reader.push(line), ...reader.end()]
  return record?.cells ?? []
}

/** Spreadsheets run a cell that begins like a formula; what comes from strangers never does. */
export function foreignText(text: string): string {
  return /^[=+\-@\t]/.test(text) ? `'${text}` : text
}

/** As `writeCsv` writes it and `readCsv` gives it back. */
export function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ')
}

function cellText(text: string): string {
  const line = oneLine(text)
  return /[",;\t]|^\s|\s$/.test(line) ? `"${line.replaceAll('"', '""')}"` : line
}

function delimiterOf(text: string): string {
  const [first = ''] = text.split('\n', 1)
  const count = (delimiter: string) => first.split(delimiter).length
  return [...DELIMITERS].sort((a, b) => count(b) - count(a))[0] ?? ','
}

class Reader {
  readonly #delimiter: string
  #line = 1
  #begun = 1
  #cells: string[] = []
  #cell = ''
  #quoted = false
  /** The last character was a quote inside quotes: either its end, or the first half of a doubled one. */
  #pending = false

  constructor(delimiter: string) {
    this.#delimiter = delimiter
  }

  *push(piece: string): Generator<CsvRecord> {
    for (const character of piece) {
      const record = this.#take(character)
      if (record) yield record
    }
  }

  *end(): Generator<CsvRecord> {
    if (this.#quoted && !this.#pending) throw new CsvFault(this.#begun)
    const record = this.#finish()
    if (record) yield record
  }

  #take(character: string): CsvRecord | null {
    if (this.#quoted && !this.#pending) {
      if (character === '"') this.#pending = true
      else this.#append(character)
      if (character === '\n') this.#line += 1
      return null
    }
    if (character === '"') {
      // A doubled quote, or the first one of a cell; anywhere else it is a character like others.
      if (this.#pending) this.#append('"')
      else if (this.#cell !== '') return this.#append('"')
      this.#quoted = true
      this.#pending = false
      return null
    }
    this.#quoted = false
    this.#pending = false
    if (character === this.#delimiter) {
      this.#cells.push(this.#cell)
      this.#cell = ''
      return null
    }
    if (character !== '\n') return character === '\r' ? null : this.#append(character)
    this.#line += 1
    return this.#finish()
  }

  #append(character: string): null {
    if (this.#cell.length < MAX_CELL_LENGTH) this.#cell += character
    return null
  }

  #finish(): CsvRecord | null {
    const cells = [...this.#cells, this.#cell]
    const record = { line: this.#begun, cells }
    this.#cells = []
    this.#cell = ''
    this.#quoted = false
    this.#pending = false
    this.#begun = this.#line
    return cells.every((cell) => cell === '') ? null : record
  }
}
