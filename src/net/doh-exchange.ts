/**
 * DNS over HTTPS (RFC 8484). The URL is the operator's own setting, not discovered data: it is dialled as it stands,
 * past the address policy, and its host is looked up by the system.
 */
import type { Agent } from 'undici'
import { classifyError } from './classify-error.js'
import { decodeReply, encodeQuestion, matchReply } from './dns-message.js'
import { type DnsTransport, type Exchanged, REPLY_MALFORMED, SERVER_UNREACHABLE } from './dns-transport.js'

/** Connections at once when the server speaks only HTTP/1.1; a lookup asks about thirty questions in a burst. */
const MAX_CONNECTIONS = 8
/** Milliseconds; the question itself has moved on to another server by then. */
const HTTP_TIMEOUT_MS = 4000
/** A DNS message never exceeds this (RFC 8484 section 6). */
const MAX_MESSAGE_BYTES = 65_535
const MEDIA_TYPE = 'application/dns-message'

export interface DohOptions {
  /** Extra trust anchors in PEM, for a server with a private certificate. */
  readonly ca?: readonly string[]
}

/** @throws TypeError for a text that is no URL */
export function createDohTransport(url: string, options: DohOptions = {}): DnsTransport {
  const { origin, pathname, search } = new URL(url)
  let agent: Promise<Agent> | undefined

  async function exchange(body: Buffer, signal: AbortSignal): Promise<Exchanged> {
    try {
      const response = await (
        await (agent ??= openAgent(options))
      ).request({
        origin,
        path: pathname + search,
        method: 'POST',
        headers: { 'content-type': MEDIA_TYPE, accept: MEDIA_TYPE },
        body,
        signal,
      })
      const message = Buffer.from(await response.body.arrayBuffer())
      if (response.statusCode !== 200) return SERVER_UNREACHABLE
      const reply = matchReply(message, body) === 'no' ? null : decodeReply(message)
      return reply === null ? REPLY_MALFORMED : { reply }
    } catch (error) {
      return signal.aborted ? SERVER_UNREACHABLE : describe(error)
    }
  }

  return {
    send(question, done) {
      const controller = new AbortController()
      // RFC 8484 section 4.1: with TLS around it the id guards nothing, so it is 0 and costs no randomness.
      void exchange(encodeQuestion(question, 0), controller.signal).then((result) => {
        if (!controller.signal.aborted) done(result)
      })
      return () => {
        controller.abort(GAVE_UP)
      }
    },
  }
}

/** undici is loaded by those who need it: it takes a sixth of the time of a start. */
async function openAgent({ ca }: DohOptions): Promise<Agent> {
  const { Agent } = await import('undici')
  return new Agent({
    // Unbound speaks nothing else (RFC 8484 section 5.2 recommends it as the minimum).
    allowH2: true,
    connections: MAX_CONNECTIONS,
    headersTimeout: HTTP_TIMEOUT_MS,
    bodyTimeout: HTTP_TIMEOUT_MS,
    maxResponseSize: MAX_MESSAGE_BYTES,
    connect: { timeout: HTTP_TIMEOUT_MS, ...(ca && { ca: [...ca] }) },
  })
}

function describe(error: unknown): Exchanged {
  try {
    return { failure: { ...classifyError(error), code: 'dns' } }
  } catch (bug) {
    return { bug: bug instanceof Error ? bug : new Error(String(bug)) }
  }
}

/** Made once: an abort without reason builds an exception with a stack each time. */
const GAVE_UP = new Error('the question was given up')
