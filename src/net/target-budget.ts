/**
 * How often this process connects to one stranger (R10): whatever many clients ask for with whatever many domains, no
 * host hears from us more often than a busy mail program's own users would make it.
 *
 * Counted by the address that is dialled, because any name may lead to it, and by the registrable domain of the name,
 * because a wildcard may lead to a whole network. Addresses of the operator's own networks are his to burden.
 */
import { failure } from '../domain/errors.js'
import { type Hostname, registrableDomain } from '../domain/hostname.js'
import { RateWindows } from '../domain/rate-window.js'
import type { SharedCounters } from '../domain/shared-counters.js'
import { ALLOWED_PORTS } from './address-policy.js'
import { NetError } from './classify-error.js'

/**
 * Connections per minute. A cold lookup makes up to 30 to a small domain whose hosts are one machine, its check 50: so
 * some eight lookups of domains on one shared host, four a second, which no server notices.
 */
export const MAX_PER_TARGET = 240
/**
 * The same for hosts of known providers, to which a good part of all lookups leads: 16 lookups at a time, half a second
 * each, every third ending at one provider with four probes. None of them notices that either.
 */
export const MAX_PER_KNOWN_TARGET = 2400
/** Ports that are none of mail's, per address: hosts with such a port are rare, and scanners want thousands. */
export const MAX_PER_ODD_PORTS = 10

/** Inconclusive on purpose: it says nothing about the server, and never that it is not there. */
export const NOT_ASKED = failure('timeout', 'not asked: too many connections to this server within a minute')

export interface TargetBudget {
  /**
   * Counts one connection to the name and gives the addresses that may be dialled for it.
   * @throws NetError NOT_ASKED when there is none left
   */
  admit(target: Target): readonly string[]
  /** Counts an address as it is dialled. */
  dialled(address: string, port: number): void
}

export interface Target {
  readonly hostname: Hostname
  readonly addresses: readonly string[]
  readonly port: number
}

export interface TargetBudgetParts {
  /** The operator's own networks. */
  readonly isOwn: (address: string) => boolean
  /** Whether a registrable domain is one of a known provider's or a database's. */
  readonly isKnown: (domain: Hostname) => boolean
  /** Milliseconds of any clock, a monotonic one by default; since the epoch where counts are shared. */
  readonly now?: () => number
  /** What all processes count together; each counts for itself when left out. */
  readonly shared?: SharedCounters
}

export function createTargetBudget(parts: TargetBudgetParts): TargetBudget {
  const { now = () => performance.now(), shared } = parts
  const counted = (name: string) =>
    new RateWindows({ now, ...(shared && { shared: { counters: shared, name } }) })
  const windows = counted('target')
  const oddPorts = counted('odd-port')
  const isOdd = (port: number) => port !== 80 && !ALLOWED_PORTS.has(port)

  return {
    admit({ hostname, addresses, port }) {
      if (addresses.every(parts.isOwn)) return addresses
      const domain = registrableDomain(hostname)
      const limit = parts.isKnown(domain) ? MAX_PER_KNOWN_TARGET : MAX_PER_TARGET
      const left = addresses.filter(
        (address) =>
          parts.isOwn(address) ||
          (windows.peek(address, limit).allowed &&
            (!isOdd(port) || oddPorts.peek(address, MAX_PER_ODD_PORTS).allowed)),
      )
      if (left.length === 0 || !windows.take(domain, limit).allowed) throw new NetError(NOT_ASKED)
      return left
    },
    dialled(address, port) {
      if (parts.isOwn(address)) return
      // The limit was looked at before; here only the count matters.
      windows.take(address, Infinity)
      if (isOdd(port)) oddPorts.take(address, Infinity)
    },
  }
}
