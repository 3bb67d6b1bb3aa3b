/**
 * The MailProber port: proves live that a mail server is what a record or document says it is (R32 to R34).
 *
 * Implicit TLS: connect, verify, greet, ask for capabilities, leave. STARTTLS: greet, ask, change to TLS, verify, ask
 * again, leave. One connection per probe; the same flow for every protocol, whose differences are `*-speech.ts`.
 */
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { failure } from '../domain/errors.js'
import type { MailProber, ProbeResult, ProbeTarget } from '../domain/source.js'
import { ALLOWED_PORTS } from './address-policy.js'
import { NetError, UNREACHABLE } from './classify-error.js'
import { startDeadline } from './deadline.js'
import { type GuardedConnector, NameAbsentError } from './guarded-connect.js'
import { imapSpeech } from './imap-speech.js'
import { type DialogueLimits, type MailDialogue, openDialogue } from './mail-dialogue.js'
import type { MailProtocolSpeech } from './mail-protocol.js'
import { printable, saslNames, type TlsProof, tlsProof } from './mail-proof.js'
import { managesieveSpeech } from './managesieve-speech.js'
import { onAbort } from './on-abort.js'
import { pop3Speech } from './pop3-speech.js'
import { smtpSpeech } from './smtp-speech.js'
import { NOT_ASKED } from './target-budget.js'

export interface MailProberParts {
  readonly connector: GuardedConnector
  readonly now?: () => number
  /** Milliseconds for one command and its whole answer. */
  readonly stepTimeoutMs?: number
  /** Milliseconds for one probe. */
  readonly totalTimeoutMs?: number
  /** What EHLO says. */
  readonly ehloName?: string
}

/** Some servers look up the caller's name before they greet; two seconds is common, five would eat the whole lookup. */
export const STEP_TIMEOUT_MS = 3000
/** A lookup has about 5 s; a probe that ends just before it still counts as failed instead of not done. */
export const PROBE_TOTAL_TIMEOUT_MS = 4800
/** An address literal is what mail programs without a name send (RFC 5321 section 4.1.3); it tells nothing of us. */
const DEFAULT_EHLO_NAME = '[127.0.0.1]'
/** Time for our farewell to arrive; nobody waits for it. */
const LEAVE_MS = 250

export function createMailProber(parts: MailProberParts): MailProber {
  const { connector, now = Date.now, stepTimeoutMs = STEP_TIMEOUT_MS } = parts
  const speeches: Readonly<Record<ProbeTarget['protocol'], MailProtocolSpeech>> = {
    imap: imapSpeech,
    pop3: pop3Speech,
    smtp: smtpSpeech(parts.ehloName ?? DEFAULT_EHLO_NAME),
    managesieve: managesieveSpeech,
  }
  return {
    async probe(target, signal) {
      signal.throwIfAborted()
      const deadline = startDeadline(signal, parts.totalTimeoutMs ?? PROBE_TOTAL_TIMEOUT_MS)
      const limits = { signal: deadline.signal, stepTimeoutMs }
      try {
        const visit = { target, speech: speeches[target.protocol], limits }
        const { capabilities, tls } = await (target.security === 'tls'
          ? visitTls(connector, visit)
          : visitStartTls(connector, visit))
        return {
          kind: 'verified',
          verification: {
            status: 'verified',
            checkedAt: new Date(now()).toISOString(),
            tls,
            capabilities: printable(capabilities),
          },
          saslMechanisms: saslNames(visit.speech.saslMechanisms(capabilities)),
        }
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof NetError)) throw error
        if (!isOddPort(target) || error.failure === NOT_ASKED) return unverified(error)
        await ended(deadline.signal)
        signal.throwIfAborted()
        return { kind: 'absent', failure: UNREACHABLE }
      } finally {
        deadline.clear()
      }
    },
  }
}

/**
 * R10: a configuration file may name any port of any host. On a port that is none of mail's only success may tell
 * something; neither the words nor the time of a failure may tell open from closed, or we would be a port scanner.
 */
function isOddPort({ port, declaredPort }: ProbeTarget): boolean {
  return declaredPort === true && !ALLOWED_PORTS.has(port)
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else onAbort(signal, resolve)
  })
}

interface Visit {
  readonly target: ProbeTarget
  readonly speech: MailProtocolSpeech
  readonly limits: DialogueLimits
}

interface Proof {
  readonly tls: TlsProof
  readonly capabilities: readonly string[]
}

async function visitTls(connector: GuardedConnector, { target, speech, limits }: Visit): Promise<Proof> {
  const socket = await connect(connector, target, limits.signal)
  if (!(socket instanceof TLSSocket)) throw new TypeError('the connector gave no TLS for a TLS target')
  const tls = tlsProof(socket)
  const capabilities = await talk(socket, limits, async (dialogue) => {
    await speech.greet(dialogue, 'tls')
    return farewell(dialogue, speech, await speech.capabilities(dialogue))
  })
  leave(socket)
  return { tls, capabilities }
}

/** R33: only greeting, capabilities and STARTTLS go over the wire before TLS, and QUIT where there is no TLS. */
async function visitStartTls(connector: GuardedConnector, { target, speech, limits }: Visit): Promise<Proof> {
  const plain = await connect(connector, target, limits.signal)
  const refusal = await talk(plain, limits, async (dialogue) => {
    await speech.greet(dialogue, 'starttls')
    const offered = speech.offersStartTls(await speech.capabilities(dialogue))
    if (offered && (await speech.startTls(dialogue))) {
      // Sent in the clear, these octets would be taken for a part of the protected session (CVE-2011-0411).
      if (dialogue.hasLeftover()) throw new NetError(INJECTION)
      return null
    }
    return farewell(dialogue, speech, offered ? STARTTLS_DECLINED : STARTTLS_MISSING)
  })
  if (refusal !== null) {
    leave(plain)
    throw new NetError(refusal)
  }
  const secured = await upgrade(connector, plain, { hostname: target.hostname, signal: limits.signal })
  const tls = tlsProof(secured)
  const capabilities = await talk(secured, limits, async (dialogue) =>
    farewell(dialogue, speech, await speech.capabilities(dialogue)),
  )
  leave(secured)
  return { tls, capabilities }
}

const STARTTLS_MISSING = failure('starttls-missing', 'the server does not offer STARTTLS')
const STARTTLS_DECLINED = failure('starttls-missing', 'the server offers STARTTLS but declines it')
const HUNG_UP = failure('tls', 'the server hangs up instead of negotiating TLS')
const INJECTION = failure('starttls-injection', 'the server sends more behind its answer to STARTTLS')

/** A server that has spoken is no secret any more: hanging up now is a fault of its own, not absence. */
async function upgrade(
  connector: GuardedConnector,
  plain: Socket,
  target: { readonly hostname: string; readonly signal: AbortSignal },
): Promise<TLSSocket> {
  try {
    return await connector.upgrade(plain, target)
  } catch (error) {
    if (error instanceof NetError && error.failure.code === 'unreachable') throw new NetError(HUNG_UP)
    throw error
  }
}

function farewell<T>(dialogue: MailDialogue, speech: MailProtocolSpeech, result: T): T {
  dialogue.send(speech.farewell)
  return result
}

async function connect(
  connector: GuardedConnector,
  target: ProbeTarget,
  signal: AbortSignal,
): Promise<Socket> {
  const { hostname, port, declaredPort } = target
  const socket = await connector.connect({
    hostname,
    port,
    tls: target.security === 'tls',
    signal,
    ...(declaredPort !== undefined && { declaredPort }),
  })
  return socket
}

/** Runs a part of the dialogue; the socket survives only when it ends well. */
async function talk<T>(
  socket: Socket,
  limits: DialogueLimits,
  part: (dialogue: MailDialogue) => Promise<T>,
): Promise<T> {
  // Stays for good: a reset between two parts or after the farewell is nobody's concern.
  socket.on('error', () => undefined)
  const dialogue = openDialogue(socket, limits)
  try {
    return await part(dialogue)
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    dialogue.release()
  }
}

/** Says goodbye in the background (R34): the answer need not wait, the socket never stays. */
function leave(socket: Socket): void {
  const timer = setTimeout(() => {
    socket.destroy()
  }, LEAVE_MS)
  socket.once('close', () => {
    clearTimeout(timer)
  })
  socket.end()
  socket.resume()
}

/** R11: whether nobody listens, something refuses or a policy forbids, the answer is the same. */
function unverified(error: NetError): ProbeResult {
  const cause = error.failure
  const nobodyThere = error instanceof NameAbsentError || cause.code === 'unreachable'
  return { kind: nobodyThere ? 'absent' : 'failed', failure: cause }
}
