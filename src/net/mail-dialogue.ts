/**
 * Reads lines from a server that may be silent, endless, hostile or no mail server at all. Lines end with CRLF or, as
 * some servers write, LF; octets are kept one to one as Latin-1.
 */
import type { Socket } from 'node:net'
import { failure } from '../domain/errors.js'
import { classifyError, NetError, TIMED_OUT, UNREACHABLE } from './classify-error.js'
import { onAbort } from './on-abort.js'

/** The longest line that a protocol allows (RFC 7162 section 4); real ones are under 1 KiB. */
const MAX_LINE_BYTES = 8 * 1024
/** Greeting and capabilities are under 4 KiB; anything near this is no answer to our questions. */
const MAX_TOTAL_BYTES = 64 * 1024
/** Real EHLO and CAPA answers have under 40 lines. */
const MAX_LINES = 200

export interface MailDialogue {
  /** Sends one command and starts the time of the next step anew. */
  send(command: string): void
  /**
   * The next line without its end.
   * @throws NetError `timeout`, `protocol` or `unreachable`; the signal's reason when it aborts
   */
  readLine(): Promise<string>
  /** Whether the server has sent something that nobody has read (R33). */
  hasLeftover(): boolean
  /** Stops listening and leaves the socket open; nothing may be read afterwards. */
  release(): void
}

export interface DialogueLimits {
  readonly signal: AbortSignal
  /** Milliseconds from one command to the end of its whole answer. */
  readonly stepTimeoutMs: number
}

/** Takes over the reading side of a connected socket; the caller still has to destroy it. */
export function openDialogue(socket: Socket, { signal, stepTimeoutMs }: DialogueLimits): MailDialogue {
  let buffer = Buffer.alloc(0)
  let total = 0
  let lines = 0
  /** Why nothing more will come. */
  let end: unknown
  let wake: () => void = () => undefined

  const stop = (reason: unknown): void => {
    end ??= reason
    wake()
  }
  const onEvent = (): void => {
    wake()
  }
  const onClose = (): void => {
    stop(new NetError(UNREACHABLE))
  }
  const startStep = (): NodeJS.Timeout =>
    setTimeout(() => {
      stop(new NetError(TIMED_OUT))
    }, stepTimeoutMs)
  let timer = startStep()

  socket.on('readable', onEvent)
  socket.on('end', onClose)
  socket.on('close', onClose)
  socket.on('error', stop)
  const stopListening = onAbort(signal, onEvent)
  if (socket.destroyed) onClose()

  /** R11: a close before the first octet reads like a refusal, unless TLS has proved that a server is there. */
  function whyItEnded(): NetError {
    const cause = classifyError(end)
    const spoke = total > 0 || 'encrypted' in socket
    return cause.code === 'unreachable' && spoke ? protocolError('it hung up') : new NetError(cause)
  }

  function pull(): boolean {
    const chunk = socket.read() as Buffer | null
    if (chunk === null) return false
    total += chunk.length
    if (total > MAX_TOTAL_BYTES) throw protocolError('it sends too much')
    buffer = Buffer.concat([buffer, chunk])
    return true
  }

  return {
    send(command) {
      clearTimeout(timer)
      timer = startStep()
      socket.write(`${command}\r\n`)
    },
    async readLine() {
      for (;;) {
        signal.throwIfAborted()
        const newline = buffer.indexOf(0x0a)
        if (newline > MAX_LINE_BYTES || (newline === -1 && buffer.length > MAX_LINE_BYTES)) {
          throw protocolError('its line is too long')
        }
        if (newline !== -1) {
          lines += 1
          if (lines > MAX_LINES) throw protocolError('its answer has too many lines')
          const line = buffer.toString('latin1', 0, newline)
          buffer = buffer.subarray(newline + 1)
          return line.endsWith('\r') ? line.slice(0, -1) : line
        }
        if (pull()) continue
        if (end !== undefined) throw whyItEnded()
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    hasLeftover() {
      return buffer.length > 0 || socket.readableLength > 0
    },
    release() {
      clearTimeout(timer)
      socket.off('readable', onEvent)
      socket.off('end', onClose)
      socket.off('close', onClose)
      socket.off('error', stop)
      stopListening()
    },
  }
}

/** The server speaks, but not as the protocol wants. */
export function protocolError(what: string): NetError {
  return new NetError(failure('protocol', `the server does not speak the protocol: ${what}`))
}
