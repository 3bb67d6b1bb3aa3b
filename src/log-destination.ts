/**
 * Where the lines of the log go: to a file descriptor, several in one write. Whatever becomes of it (a full disk, a reader
 * that is slow or gone), the service goes on: pino's own destination throws on a full disk, and its last flush then never ends.
 */
import { writeSync } from 'node:fs'
import type { DestinationStream } from 'pino'

/** Characters that leave at once: one write for each line costs as much as a request. */
const SEND_AT = 4096
/** Milliseconds a line waits at most, and between attempts where writing fails. */
const SEND_MS = 100
/** Characters kept while nothing can be written, some thousand lines; later ones are lost, and counted. */
const MAX_WAITING = 1024 * 1024
/** Milliseconds that the last lines may wait for a reader that is slow. */
const LAST_MS = 1000

export interface LogDestinationOptions {
  readonly descriptor: number
  /** Lines were lost, and now it can be written again. */
  readonly onLost: (lines: number) => void
  /** As `writeSync` of node:fs; for tests. */
  readonly write?: (descriptor: number, octets: Uint8Array) => number
}

export class LogDestination implements DestinationStream {
  readonly #options: LogDestinationOptions
  readonly #write: (descriptor: number, octets: Uint8Array) => number
  /** Of what was written in part. */
  #rest: Uint8Array = new Uint8Array()
  #text = ''
  #lost = 0
  #state: 'good' | 'failing' | 'gone' = 'good'
  #isTimed = false

  constructor(options: LogDestinationOptions) {
    this.#options = options
    this.#write = options.write ?? writeSync
  }

  /** @param line with its line feed. Never throws. */
  write(line: string): void {
    if (this.#state === 'gone') return
    if (this.#text.length + line.length > MAX_WAITING) {
      this.#lost += 1
      return
    }
    this.#text += line
    // Where it fails, the timer alone tries.
    if (this.#text.length >= SEND_AT && this.#state === 'good') this.#send()
    this.#tryLater()
  }

  /** Writes what waits, as far as that can be done within a second: for the end of the process. Never throws. */
  flushSync(): void {
    const until = performance.now() + LAST_MS
    let code = this.#send()
    while (code === 'EAGAIN' && performance.now() < until) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
      code = this.#send()
    }
  }

  get #isWaiting(): boolean {
    return this.#text !== '' || this.#rest.length > 0
  }

  #tryLater(): void {
    if (!this.#isWaiting || this.#isTimed) return
    this.#isTimed = true
    const attempt = () => {
      this.#isTimed = false
      this.#send()
      this.#tryLater()
    }
    setTimeout(attempt, SEND_MS).unref()
  }

  /** @returns the code of the error, where there is one */
  #send(): string | undefined {
    try {
      while (this.#isWaiting) {
        if (this.#rest.length === 0) {
          this.#rest = Buffer.from(this.#text)
          this.#text = ''
        }
        this.#rest = this.#rest.subarray(this.#write(this.#options.descriptor, this.#rest))
      }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      // A pipe without a reader never has one again.
      this.#state = code === 'EPIPE' ? 'gone' : 'failing'
      if (code === 'EPIPE') this.#forget()
      return code
    }
    this.#state = 'good'
    const lost = this.#lost
    this.#lost = 0
    if (lost > 0) this.#options.onLost(lost)
    return undefined
  }

  #forget(): void {
    this.#text = ''
    this.#rest = new Uint8Array()
  }
}
