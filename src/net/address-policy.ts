/**
 * Which addresses and ports may be dialled (R8, R9). Pure decisions; guarded-connect applies them.
 *
 * Sources: the IANA special-purpose registries for IPv4 and IPv6 (RFC 6890, RFC 8190), RFC 4291, RFC 5214.
 */
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

export interface AddressPolicy {
  /** Whether a connection to this address may be opened; false for anything that is no plain IP address. */
  allows(address: string): boolean
}

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Range = readonly [Address, number]

const REFUSED_IPV4 = [
  '0.0.0.0/8', // "this network", RFC 791
  '10.0.0.0/8', // private, RFC 1918
  '100.64.0.0/10', // carrier-grade NAT, RFC 6598; holds one cloud's metadata server
  '127.0.0.0/8', // loopback, RFC 1122
  '168.63.129.16/32', // a cloud's host agent on a public address: reachable from inside its machines only
  '169.254.0.0/16', // link-local, RFC 3927; holds the metadata servers of most clouds
  '172.16.0.0/12', // private, RFC 1918
  '192.0.0.0/24', // IETF protocol assignments, RFC 6890
  '192.0.2.0/24', // documentation, RFC 5737
  '192.31.196.0/24', // AS112, RFC 7535
  '192.52.193.0/24', // AMT, RFC 7450
  '192.88.99.0/24', // 6to4 relay anycast, RFC 7526
  '192.168.0.0/16', // private, RFC 1918
  '192.175.48.0/24', // AS112, RFC 7534
  '198.18.0.0/15', // benchmarking, RFC 2544
  '198.51.100.0/24', // documentation, RFC 5737
  '203.0.113.0/24', // documentation, RFC 5737
  '224.0.0.0/4', // multicast, RFC 5771
  '240.0.0.0/4', // reserved, RFC 1112, and broadcast
].map(range)

/** Everything outside is loopback, mapped, translated, discard, SRv6, unique local, site-local, link-local or multicast. */
const GLOBAL_UNICAST_IPV6 = range('2000::/3')
const REFUSED_IPV6 = [
  '2001::/23', // IETF protocol assignments: Teredo, benchmarking, AMT, AS112, ORCHID, DRIP
  '2001:db8::/32', // documentation, RFC 3849
  '2002::/16', // 6to4, RFC 3056: embeds IPv4
  '2620:4f:8000::/48', // AS112, RFC 7534
  '3ffe::/16', // the former 6bone, RFC 3701
  '3fff::/20', // documentation, RFC 9637
].map(range)

/**
 * @param options.allowNetworks CIDRs that may be dialled although they are special, for intranets and labs
 * @throws Error for a text that is no CIDR
 */
export function createAddressPolicy(options: { readonly allowNetworks: readonly string[] }): AddressPolicy {
  const allowed = options.allowNetworks.map(range)
  return {
    allows(address) {
      // Zone ids name an interface of this machine; node:net accepts only complete spellings, ipaddr.js also 127.1.
      if (isIP(address) === 0 || address.includes('%')) return false
      const parsed = ipaddr.parse(address)
      return isPublic(parsed) || inAny(parsed, allowed)
    },
  }
}

/** Tells whether an address lies in one of the networks. @throws Error for a text that is no CIDR */
export function createNetworkMatcher(networks: readonly string[]): (address: string) => boolean {
  const ranges = networks.map(range)
  return (address) => ranges.length > 0 && isIP(address) !== 0 && inAny(ipaddr.parse(address), ranges)
}

function isPublic(address: Address): boolean {
  if (address instanceof ipaddr.IPv4) return !inAny(address, REFUSED_IPV4)
  return inAny(address, [GLOBAL_UNICAST_IPV6]) && !inAny(address, REFUSED_IPV6) && !isIsatap(address)
}

function inAny(address: Address, ranges: readonly Range[]): boolean {
  return ranges.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits))
}

/** RFC 5214 section 6.1: interface identifiers ::0:5efe:a.b.c.d and ::200:5efe:a.b.c.d, in any prefix. */
function isIsatap(address: ipaddr.IPv6): boolean {
  const [, , , , high, low] = address.parts
  return (high === 0 || high === 0x200) && low === 0x5efe
}

function range(cidr: string): Range {
  return ipaddr.parseCIDR(cidr)
}

/**
 * Whether a host is an IP address in any spelling a resolver or URL parser may accept: dotted, short, decimal, hex,
 * octal, full-width digits, bracketed or bare IPv6, with a zone id or a trailing dot (R6, R8).
 */
export function isIpLiteral(host: string): boolean {
  if (/[:[\]%]/.test(host)) return true
  // NFKC turns full-width digits and stops into ASCII, as UTS #46 does; the ideographic stop is left over.
  const plain = host.normalize('NFKC').replaceAll('\u3002', '.').toLowerCase().replace(/\.$/, '')
  // WHATWG URL, "ends in a number": such a host is read as IPv4 or not at all.
  return /^(\d+|0x[0-9a-f]*)$/.test(plain.slice(plain.lastIndexOf('.') + 1))
}

/** R9: the ports of HTTPS, IMAP, POP3, submission and ManageSieve, which any source may name. */
export const ALLOWED_PORTS: ReadonlySet<number> = new Set([443, 143, 993, 110, 995, 587, 465, 4190])
/** Server-to-server mail: dialling it makes the service look like, or serve as, a spam tool. */
const SMTP_RELAY_PORT = 25
const HTTP_PORT = 80

export interface PortReason {
  /** The http autoconfig hint (R6). */
  readonly httpHint?: boolean
  /** A trusted source declared the port for the protocol. */
  readonly declared?: boolean
}

/** R9: whether a port may be dialled. */
export function portAllowed(port: number, reason: PortReason = {}): boolean {
  if (!Number.isInteger(port) || port < 1 || port > 65535 || port === SMTP_RELAY_PORT) return false
  if (port === HTTP_PORT) return reason.httpHint === true
  return ALLOWED_PORTS.has(port) || reason.declared === true
}
