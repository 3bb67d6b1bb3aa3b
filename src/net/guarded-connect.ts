/**
 * The one door to other people's servers (R8): resolve, check every address, dial a checked address, verify TLS.
 * HTTP and the mail prober both go through it, so neither can be talked into reaching an internal host.
 */
import { connect as netConnect, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { failure } from '../domain/errors.js'
import { type Hostname, parseHostname } from '../domain/hostname.js'
import type { Resolver } from '../domain/source.js'
import { createTurns } from '../domain/turns.js'
import { type AddressPolicy, isIpLiteral, portAllowed } from './address-policy.js'
import { classifyError, NetError, UNREACHABLE } from './classify-error.js'
import { startDeadline } from './deadline.js'
import { type Dial, dialFirst } from './happy-eyeballs.js'
import type { TargetBudget } from './target-budget.js'
import { createTlsClient } from './tls-client.js'

export type { Dial } from './happy-eyeballs.js'

/** TCP and TLS together, in milliseconds. A healthy server far away needs under 1 s; a lookup has about 5 s in all. */
export const CONNECT_TIMEOUT_MS = 3000

/** In one turn of the event loop: half of a lookup's, and some 8 ms of CPU with what their answers cost. */
const HANDSHAKES_PER_TURN = 4

export interface GuardedTarget {
  /** A name; an IP literal in any spelling is refused. */
  readonly hostname: string
  readonly port: number
  /** Implicit TLS with SNI; chain and host name are verified. */
  readonly tls: boolean
  readonly signal: AbortSignal
  /** Given by HTTP; such connections may resume a TLS session and then show no certificate. */
  readonly alpn?: readonly string[]
  /** Opens port 80, for the http autoconfig hint only (R6). */
  readonly httpHint?: boolean
  /** A trusted source declared this port (R9). */
  readonly declaredPort?: boolean
}

export interface GuardedConnector {
  /**
   * Opens a connection; the caller owns the socket and its time-outs from then on.
   * @throws NetError (NameAbsentError when the name has no address), or the signal's reason when it aborts
   */
  connect(target: GuardedTarget): Promise<Socket | TLSSocket>
  /**
   * STARTTLS: negotiates TLS on a socket of `connect`, with the same verification and time limit.
   * @throws NetError or the signal's reason; the socket is then destroyed
   */
  upgrade(
    socket: Socket,
    target: { readonly hostname: string; readonly signal: AbortSignal },
  ): Promise<TLSSocket>
}

export interface GuardedParts {
  readonly resolver: Resolver
  readonly policy: AddressPolicy
  readonly dial?: Dial
  /** Extra trust anchors in PEM; the lab's. */
  readonly ca?: readonly string[]
  readonly connectTimeoutMs?: number
  /** How often one stranger may be connected to; without it as often as anybody asks. */
  readonly budget?: TargetBudget
}

/** The name does not exist or has no address: for callers that answer `absent` instead of `failed`. */
export class NameAbsentError extends NetError {
  override readonly name = 'NameAbsentError'
  readonly ttlSeconds: number

  constructor(ttlSeconds: number) {
    super(failure('dns', 'the name does not exist or has no address'))
    this.ttlSeconds = ttlSeconds
  }
}

export function createGuardedConnector(parts: GuardedParts): GuardedConnector {
  const { resolver, policy, budget } = parts
  const open = parts.dial ?? ((address, port) => netConnect({ host: address, port, noDelay: true }))
  const dial: Dial = (address, port) => {
    budget?.dialled(address, port)
    return open(address, port)
  }
  const timeoutMs = parts.connectTimeoutMs ?? CONNECT_TIMEOUT_MS
  // Begun a few at a time they are also answered a few at a time, where a handshake costs most. Those of STARTTLS come after a
  // dialogue, hardly ever together, and nothing may be read between its last line and TLS (R33).
  const handshakeTurn = createTurns(HANDSHAKES_PER_TURN)
  const tlsClient = createTlsClient(parts.ca)

  /** The addresses that may be dialled: all of the name, or the name is refused (R8). */
  async function checkedAddresses(hostname: string, signal: AbortSignal): Promise<readonly string[]> {
    const lookup = await resolver.addresses(hostname, signal)
    if (lookup.kind === 'failed') throw new NetError(lookup.failure)
    if (lookup.kind === 'absent') throw new NameAbsentError(lookup.ttlSeconds)
    if (!lookup.value.every((address) => policy.allows(address))) throw new NetError(UNREACHABLE)
    return lookup.value
  }

  return {
    async connect(target) {
      const { port, signal, alpn } = target
      signal.throwIfAborted()
      const hostname = checkedName(target)
      // Asked once: the addresses checked here are the addresses dialled, so DNS cannot change its mind in between.
      const checked = await checkedAddresses(hostname, signal)
      const addresses = budget?.admit({ hostname, addresses: checked, port }) ?? checked
      return withDeadline({ signal, timeoutMs }, async (stop) => {
        const socket = await dialFirst({ addresses, port, dial }, stop)
        if (!target.tls) return socket
        await handshakeTurn()
        if (socket.destroyed) throw new NetError(UNREACHABLE)
        // ALPN means HTTP, where nobody looks at the certificate; the mail prober reports it.
        const handshake = alpn === undefined ? { hostname, resume: false } : { hostname, alpn, resume: true }
        return tlsClient.handshake(socket, handshake, stop)
      })
    },
    upgrade(socket, { hostname, signal }) {
      if (signal.aborted) socket.destroy()
      return withDeadline({ signal, timeoutMs }, (stop) =>
        tlsClient.handshake(socket, { hostname, resume: false }, stop),
      )
    },
  }
}

/** @throws NetError when the host or port may not be dialled, whatever it resolves to */
function checkedName(target: GuardedTarget): Hostname {
  const hostname = isIpLiteral(target.hostname) ? null : parseHostname(target.hostname)
  const reason = { httpHint: target.httpHint === true && !target.tls, declared: target.declaredPort === true }
  if (hostname === null || !portAllowed(target.port, reason)) throw new NetError(UNREACHABLE)
  return hostname
}

/** Runs work under the caller's signal and a time limit; network errors leave as NetError, aborts as they are. */
async function withDeadline<T extends Socket>(
  limits: { readonly signal: AbortSignal; readonly timeoutMs: number },
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal } = limits
  signal.throwIfAborted()
  const deadline = startDeadline(signal, limits.timeoutMs)
  try {
    const socket = await work(deadline.signal)
    // The abort may fall between the last event and here; the caller would never hear of it again.
    if (signal.aborted) socket.destroy()
    signal.throwIfAborted()
    return socket
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw error instanceof NetError ? error : new NetError(classifyError(error))
  } finally {
    deadline.clear()
  }
}
