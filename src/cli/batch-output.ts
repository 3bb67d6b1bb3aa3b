/** Where a batch's lines go: standard output, or a file that is continued where an earlier run ended. */
import { closeSync, createReadStream, openSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { CsvFault } from '../formats/csv.js'
import { type BatchFormat, CSV_HEADER, type Outcome, readRecord, type RecordHead } from './batch-records.js'

/** A file that is there and not ours; the message is ready for the reader. */
export class OutputFault extends Error {
  override readonly name = 'OutputFault'
}

export interface Earlier {
  /** Addresses that are done. */
  readonly done: number
  /** The last of them, to see that the input is the same. */
  readonly last: RecordHead | null
  readonly counts: Record<Outcome, number>
}

export interface Sink {
  readonly write: (text: string) => void
  readonly close: () => void
}

export function nothingEarlier(): Earlier {
  return { done: 0, last: null, counts: { found: 0, nothing: 0, bad: 0, failed: 0, internal: 0 } }
}

/**
 * What an earlier run left in the file. A last line without its end was cut off while it was written: it is removed,
 * and its address asked again.
 * @throws OutputFault for a file that no batch has written; then nothing of it is changed
 */
export async function readEarlier(file: string, format: BatchFormat): Promise<Earlier> {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  const earlier = nothingEarlier()
  let { done, last } = earlier
  const { counts } = earlier
  const isOurs = (ours: boolean) => {
    if (!ours) throw new OutputFault(`${file} was not written by mailscout batch; name another --output`)
  }
  /** Octets of whole lines. */
  let whole = 0
  for await (const { text, ended } of lines(file, size)) {
    const isHeader = format === 'csv' && whole === 0
    if (!ended) {
      const begin = isHeader ? CSV_HEADER : beginOf(done, format)
      isOurs(text.startsWith(begin) || begin.startsWith(text))
      truncateSync(file, whole)
      break
    }
    whole += Buffer.byteLength(text) + 1
    if (isHeader) {
      isOurs(`${text}\n` === CSV_HEADER)
      continue
    }
    const head = readHead(text, format)
    isOurs(head?.index === done)
    if (head) counts[head.outcome] += 1
    last = head
    done += 1
  }
  return { done, last, counts }
}

/** Writes behind what is there; each line at once, so that Ctrl-C and power cuts lose none. */
export function openSink(file: string, format: BatchFormat): Sink {
  const descriptor = openSync(file, 'a')
  const write = (text: string) => {
    // Unlike writeSync, not content with a part of it: what no longer fits on the disk must be an error.
    writeFileSync(descriptor, text)
  }
  if (format === 'csv' && statSync(file).size === 0) write(CSV_HEADER)
  return {
    write,
    close: () => {
      closeSync(descriptor)
    },
  }
}

function readHead(line: string, format: BatchFormat): RecordHead | null {
  try {
    return readRecord(line, format)
  } catch (error) {
    if (error instanceof CsvFault) return null
    throw error
  }
}

/** How the line of an address begins, to know one that was cut off. */
function beginOf(index: number, format: BatchFormat): string {
  return format === 'csv' ? `${index},` : `{"index":${index},`
}

/** Without their line feeds; the last may not have one. */
async function* lines(file: string, size: number): AsyncGenerator<{ text: string; ended: boolean }> {
  if (size === 0) return
  let rest = Buffer.alloc(0)
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, piece])
    let begin = 0
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n', begin)) {
      yield { text: rest.toString('utf8', begin, end), ended: true }
      begin = end + 1
    }
    rest = rest.subarray(begin)
  }
  if (rest.length > 0) yield { text: rest.toString('utf8'), ended: false }
}
