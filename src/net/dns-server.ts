/** Reads how the operator or the system writes a DNS server. */
import { getServers } from 'node:dns'
import { isIP } from 'node:net'
import { createTcpTransport } from './dns-tcp.js'
import type { DnsTransport } from './dns-transport.js'
import { createUdpTransport } from './dns-udp.js'
import { createDohTransport, type DohOptions } from './doh-exchange.js'

const DNS_PORT = 53

/** The servers the system uses, as `createDnsResolver` takes them. */
export function systemServers(): string[] {
  return getServers()
}

/**
 * @param server `ip`, `ip:port`, `[ipv6]:port` or `https://…/dns-query`
 * @throws Error that names the text when it is none of these
 */
export function createServerTransport(server: string, doh?: DohOptions): DnsTransport {
  if (server.startsWith('https://') && URL.canParse(server)) return createDohTransport(server, doh)
  const { address, port } = parseAddress(server)
  const endpoint = { address, port }
  return createUdpTransport(endpoint, createTcpTransport(endpoint))
}

function parseAddress(server: string): { address: string; port: number } {
  const [, bracketed, plain, digits] = /^(?:\[(.+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(server) ?? []
  // A bare IPv6 address has no room for a port.
  const address = isIP(server) === 6 ? server : (bracketed ?? plain ?? '')
  const port = digits === undefined ? DNS_PORT : Number(digits)
  if (isIP(address) === 0 || (bracketed !== undefined && isIP(bracketed) !== 6) || port < 1 || port > 65535) {
    throw new Error(`"${server}" is no DNS server: expected ip, ip:port, [ipv6]:port or https://…/dns-query`)
  }
  return { address, port }
}
