/** Whom a request is counted to: the address it came from, IPv6 by /64 because one subscriber has that many (RFC 6177). */
import ipaddr from 'ipaddr.js'

/** Some proxies write the port behind the address into X-Forwarded-For. */
const WITH_PORT = /^(?:(\d{1,3}(?:\.\d{1,3}){3})|\[([\da-f:.]+)\]):\d{1,5}$/i

/** Whatever is no address is one client: it comes out of a header, and a header costs nothing. */
const UNKNOWN = 'unknown'

/** @param address as the socket or the trusted proxy names it, so it may be anything */
export function clientKey(address: string): string {
  const match = WITH_PORT.exec(address)
  const text = match?.[1] ?? match?.[2] ?? address
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return text
  if (!ipaddr.IPv6.isValid(text)) return UNKNOWN
  const parsed = ipaddr.IPv6.parse(text)
  // ::ffff:192.0.2.1 is how a socket for both families shows IPv4 (RFC 4291 section 2.5.5.2): not one /64 for all.
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString()
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}
