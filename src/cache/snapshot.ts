/**
 * Kept answers in a file, so that a restart starts warm. First a line of JSON that says what the entries are made from and
 * when, then each entry: length of the key and of the bytes, checksum of both (32-bit), three times as milliseconds left
 * when it was written (64-bit floats), key, bytes. The last entry is all zeros: a file that ends without it was cut and
 * holds what stands before. Entries carry domains, never an address (R13).
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { PACK_FORMAT } from './pack.js'
import type { Entry, Times } from './segment.js'

const HEADER_BYTES = 36
/** Positions within it. */
const AT = { keyLength: 0, length: 4, checksum: 8, freshUntil: 12, goneAt: 20, dueAt: 28 } as const
const MAX_KEY_BYTES = 512
const MAX_ENTRY_BYTES = 1024 * 1024
const MAX_TITLE_BYTES = 1024
const NEWLINE = 0x0a
/** Octets handed to the file at once. */
const CHUNK_BYTES = 256 * 1024

export type SavedEntry = Pick<Entry, 'key' | 'bytes'> & Times

/** What can be saved and restored; times are milliseconds from now. */
export interface Savable {
  saved(): Iterable<SavedEntry>
  /** What is kept already is newer and stays. */
  restore(entry: SavedEntry): void
}

export interface SnapshotFile {
  readonly path: string
  /** What answers are made from: those of other files or settings are no answers of ours. */
  readonly origin: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Replaces the file whole or not at all, readable for this user only. @returns entries written. @throws what the file system says */
export async function writeSnapshot({ path, origin, now }: SnapshotFile, from: Savable): Promise<number> {
  const unfinished = `${path}.${String(process.pid)}.new`
  let count = 0
  const octets = function* () {
    yield Buffer.from(`${JSON.stringify({ format: PACK_FORMAT, origin, savedAt: now() })}\n`)
    let chunk: Uint8Array[] = []
    let size = 0
    for (const entry of from.saved()) {
      const head = header(entry)
      chunk.push(head, entry.bytes)
      size += head.length + entry.bytes.length
      count += 1
      if (size < CHUNK_BYTES) continue
      yield Buffer.concat(chunk)
      chunk = []
      size = 0
    }
    yield Buffer.concat([...chunk, Buffer.alloc(HEADER_BYTES)])
  }
  try {
    await pipeline(octets, createWriteStream(unfinished, { mode: 0o600 }))
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
  return count
}

export type SnapshotResult =
  /** `isWhole` is false where the file was cut: what stood before the cut is restored. */
  | { readonly kind: 'restored'; readonly entries: number; readonly isWhole: boolean }
  /** There is none, it is none, or it is made from something else. */
  | { readonly kind: 'absent' | 'unreadable' | 'foreign' }

/** Reads piece by piece, so that others are served meanwhile. @throws what the file system says, but not that there is no file */
export async function readSnapshot(
  file: SnapshotFile,
  into: Savable,
  signal?: AbortSignal,
): Promise<SnapshotResult> {
  const reader = new SnapshotReader(file, into)
  try {
    const chunks = createReadStream(file.path, { highWaterMark: CHUNK_BYTES, ...(signal && { signal }) })
    for await (const chunk of chunks) {
      const refusal = reader.take(chunk as Buffer)
      if (refusal) return refusal
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { kind: 'absent' }
    throw error
  }
  return reader.end()
}

class SnapshotReader {
  readonly #file: SnapshotFile
  readonly #into: Savable
  #rest: Buffer = Buffer.alloc(0)
  /** Since the file was written, in milliseconds; undefined before its first line is read. */
  #age: number | undefined
  #entries = 0
  #isWhole = false
  #isBroken = false

  constructor(file: SnapshotFile, into: Savable) {
    this.#file = file
    this.#into = into
  }

  /** @returns why the file is not for us */
  take(chunk: Buffer): SnapshotResult | undefined {
    if (this.#isBroken) return undefined
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    if (this.#age === undefined) {
      const refusal = this.#readTitle()
      if (refusal) return refusal
    }
    if (this.#age !== undefined) this.#readEntries(this.#age)
    return undefined
  }

  end(): SnapshotResult {
    if (this.#age === undefined) return { kind: 'unreadable' }
    return { kind: 'restored', entries: this.#entries, isWhole: this.#isWhole }
  }

  #readTitle(): SnapshotResult | undefined {
    const end = this.#rest.subarray(0, MAX_TITLE_BYTES).indexOf(NEWLINE)
    if (end === -1) return this.#rest.length < MAX_TITLE_BYTES ? undefined : { kind: 'unreadable' }
    const title = readJson(this.#rest.toString('utf8', 0, end))
    if (typeof title?.['savedAt'] !== 'number') return { kind: 'unreadable' }
    if (title['format'] !== PACK_FORMAT || title['origin'] !== this.#file.origin) return { kind: 'foreign' }
    // A clock that was set back must not make anything live longer than it would have.
    this.#age = Math.max(0, this.#file.now() - title['savedAt'])
    this.#rest = this.#rest.subarray(end + 1)
    return undefined
  }

  #readEntries(age: number): void {
    while (!this.#isBroken && this.#rest.length >= HEADER_BYTES) {
      const keyLength = this.#rest.readUInt32LE(AT.keyLength)
      const length = this.#rest.readUInt32LE(AT.length)
      if (keyLength === 0 || keyLength > MAX_KEY_BYTES || length > MAX_ENTRY_BYTES) {
        this.#isWhole = keyLength === 0 && length === 0
        this.#breakOff()
        return
      }
      const end = HEADER_BYTES + keyLength + length
      if (this.#rest.length < end) return
      const said = this.#rest.subarray(HEADER_BYTES, end)
      if (crc32(said) !== this.#rest.readUInt32LE(AT.checksum)) {
        this.#breakOff()
        return
      }
      this.#restore(said, { keyLength, age })
      this.#rest = this.#rest.subarray(end)
    }
  }

  #restore(said: Buffer, { keyLength, age }: { readonly keyLength: number; readonly age: number }): void {
    const left = (at: number) => this.#rest.readDoubleLE(at) - age
    const times = { freshUntil: left(AT.freshUntil), goneAt: left(AT.goneAt), dueAt: left(AT.dueAt) }
    if (!(times.goneAt > 0)) return
    this.#entries += 1
    const key = said.toString('latin1', 0, keyLength)
    this.#into.restore({ key, bytes: said.subarray(keyLength), ...times })
  }

  /** Whatever follows something broken is not read. */
  #breakOff(): void {
    this.#isBroken = true
    this.#rest = Buffer.alloc(0)
  }
}

function header({ key, bytes, freshUntil, goneAt, dueAt }: SavedEntry): Buffer {
  const head = Buffer.alloc(HEADER_BYTES + key.length)
  head.writeUInt32LE(key.length, AT.keyLength)
  head.writeUInt32LE(bytes.length, AT.length)
  head.writeDoubleLE(freshUntil, AT.freshUntil)
  head.writeDoubleLE(goneAt, AT.goneAt)
  head.writeDoubleLE(dueAt, AT.dueAt)
  head.write(key, HEADER_BYTES, 'latin1')
  head.writeUInt32LE(crc32(bytes, crc32(head.subarray(HEADER_BYTES))), AT.checksum)
  return head
}

function readJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
