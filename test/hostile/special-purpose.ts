/**
 * The IANA special-purpose address registries (RFC 6890, RFC 8190 and the documents named at each line), written down a
 * second time and independently of src/net/address-policy.ts, with the multicast, site-local and 6bone blocks that stand in
 * other registries.
 */
export interface SpecialRange {
  readonly name: string
  /** First and last, and in between: one in the middle, and those that somebody really uses. */
  readonly addresses: readonly string[]
  /** The neighbours on both sides, where those are ordinary public addresses. */
  readonly neighbours: readonly string[]
}

/* name | first last | inside | neighbour before, neighbour after */

export const IPV4_RANGES = read(`
this network (RFC 791)                  | 0.0.0.0 0.255.255.255 | 0.0.0.1 0.128.0.0 | - 1.0.0.0
private 10/8 (RFC 1918)                 | 10.0.0.0 10.255.255.255 | 10.0.0.1 10.96.0.1 10.128.0.0 | 9.255.255.255 11.0.0.0
carrier-grade NAT (RFC 6598)            | 100.64.0.0 100.127.255.255 | 100.100.100.200 100.96.0.0 | 100.63.255.255 100.128.0.0
loopback (RFC 1122)                     | 127.0.0.0 127.255.255.255 | 127.0.0.1 127.0.0.53 127.1.1.1 127.128.0.0 | 126.255.255.255 128.0.0.0
a cloud host agent                      | 168.63.129.16 168.63.129.16 | | 168.63.129.15 168.63.129.17
link-local (RFC 3927)                   | 169.254.0.0 169.254.255.255 | 169.254.169.254 169.254.170.2 169.254.169.123 | 169.253.255.255 169.255.0.0
private 172.16/12 (RFC 1918)            | 172.16.0.0 172.31.255.255 | 172.17.0.1 172.24.0.0 | 172.15.255.255 172.32.0.0
IETF protocol assignments (RFC 6890)    | 192.0.0.0 192.0.0.255 | 192.0.0.128 | 191.255.255.255 192.0.1.0
IPv4 service continuity (RFC 7335)      | 192.0.0.0 192.0.0.7 | 192.0.0.1 | - -
dummy address (RFC 7600)                | 192.0.0.8 192.0.0.8 | | - -
PCP anycast (RFC 7723)                  | 192.0.0.9 192.0.0.9 | | - -
TURN anycast (RFC 8155)                 | 192.0.0.10 192.0.0.10 | | - -
NAT64/DNS64 discovery (RFC 7050)        | 192.0.0.170 192.0.0.171 | | - -
documentation 1 (RFC 5737)              | 192.0.2.0 192.0.2.255 | 192.0.2.128 | 192.0.1.255 192.0.3.0
AS112-v4 (RFC 7535)                     | 192.31.196.0 192.31.196.255 | 192.31.196.1 | 192.31.195.255 192.31.197.0
AMT (RFC 7450)                          | 192.52.193.0 192.52.193.255 | 192.52.193.1 | 192.52.192.255 192.52.194.0
6to4 relay anycast (RFC 7526)           | 192.88.99.0 192.88.99.255 | 192.88.99.1 192.88.99.2 | 192.88.98.255 192.88.100.0
private 192.168/16 (RFC 1918)           | 192.168.0.0 192.168.255.255 | 192.168.0.1 192.168.1.1 192.168.128.0 | 192.167.255.255 192.169.0.0
direct delegation AS112 (RFC 7534)      | 192.175.48.0 192.175.48.255 | 192.175.48.1 192.175.48.6 | 192.175.47.255 192.175.49.0
benchmarking (RFC 2544)                 | 198.18.0.0 198.19.255.255 | 198.19.0.0 | 198.17.255.255 198.20.0.0
documentation 2 (RFC 5737)              | 198.51.100.0 198.51.100.255 | 198.51.100.128 | 198.51.99.255 198.51.101.0
documentation 3 (RFC 5737)              | 203.0.113.0 203.0.113.255 | 203.0.113.128 | 203.0.112.255 203.0.114.0
multicast (RFC 5771)                    | 224.0.0.0 239.255.255.255 | 224.0.0.1 224.0.0.251 233.252.0.1 232.0.0.0 | 223.255.255.255 -
reserved (RFC 1112)                     | 240.0.0.0 255.255.255.254 | 248.0.0.0 | - -
limited broadcast (RFC 919)             | 255.255.255.255 255.255.255.255 | | - -
`)

export const IPV6_RANGES = read(`
unspecified (RFC 4291)                  | :: :: | | - -
loopback (RFC 4291)                     | ::1 ::1 | | - -
IPv4-compatible (RFC 4291)              | ::2 ::255.255.255.255 | ::8.8.8.8 | - -
IPv4-mapped (RFC 4291)                  | ::ffff:0.0.0.0 ::ffff:255.255.255.255 | ::ffff:8.8.8.8 | - -
NAT64 (RFC 6052)                        | 64:ff9b:: 64:ff9b::255.255.255.255 | 64:ff9b::8.8.8.8 | - -
local-use NAT64 (RFC 8215)              | 64:ff9b:1:: 64:ff9b:1:ffff:ffff:ffff:ffff:ffff | 64:ff9b:1:8000:: | - -
discard-only (RFC 6666)                 | 100:: 100::ffff:ffff:ffff:ffff | 100::1 | - -
dummy prefix (RFC 9780)                 | 100:0:0:1:: 100:0:0:1:ffff:ffff:ffff:ffff | 100:0:0:1::1 | - -
IETF protocol assignments (RFC 2928)    | 2001:: 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff | 2001:100:: | 2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff 2001:200::
Teredo (RFC 4380)                       | 2001:0:0:: 2001:0:ffff:ffff:ffff:ffff:ffff:ffff | 2001:0:4136:e378:8000:63bf:3fff:fdd2 | - -
PCP anycast (RFC 7723)                  | 2001:1::1 2001:1::1 | | - -
TURN anycast (RFC 8155)                 | 2001:1::2 2001:1::2 | | - -
DNS-SD SRP anycast (RFC 9665)           | 2001:1::3 2001:1::3 | | - -
benchmarking (RFC 5180)                 | 2001:2:: 2001:2:0:ffff:ffff:ffff:ffff:ffff | 2001:2:0:8000:: | - -
AMT (RFC 7450)                          | 2001:3:: 2001:3:ffff:ffff:ffff:ffff:ffff:ffff | 2001:3:8000:: | - -
AS112-v6 (RFC 7535)                     | 2001:4:112:: 2001:4:112:ffff:ffff:ffff:ffff:ffff | 2001:4:112::1 | - -
ORCHID (RFC 4843)                       | 2001:10:: 2001:1f:ffff:ffff:ffff:ffff:ffff:ffff | 2001:18:: | - -
ORCHIDv2 (RFC 7343)                     | 2001:20:: 2001:2f:ffff:ffff:ffff:ffff:ffff:ffff | 2001:28:: | - -
drone identifiers (RFC 9374)            | 2001:30:: 2001:3f:ffff:ffff:ffff:ffff:ffff:ffff | 2001:38:: | - -
documentation (RFC 3849)                | 2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff | 2001:db8:8000:: | 2001:db7:ffff:ffff:ffff:ffff:ffff:ffff 2001:db9::
6to4 (RFC 3056)                         | 2002:: 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff | 2002:8000:: | 2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff 2003::
direct delegation AS112 (RFC 7534)      | 2620:4f:8000:: 2620:4f:8000:ffff:ffff:ffff:ffff:ffff | 2620:4f:8000::6 | 2620:4f:7fff:ffff:ffff:ffff:ffff:ffff 2620:4f:8001::
6bone (RFC 3701)                        | 3ffe:: 3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff | 3ffe:8000:: | 3ffd:ffff:ffff:ffff:ffff:ffff:ffff:ffff -
documentation 2 (RFC 9637)              | 3fff:: 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff | 3fff:800:: | - 3fff:1000::
SRv6 SIDs (RFC 9602)                    | 5f00:: 5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff | 5f00:8000:: | - -
outside global unicast                  | 4000:: fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff | 8000:: 1fff:ffff::1 | - -
unique local (RFC 4193)                 | fc00:: fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff | fd00::1 fd00:ec2::254 fd20:ce::254 | - -
link-local (RFC 4291)                   | fe80:: febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff | fe80::1 fe80::a9fe:a9fe | - -
site-local (RFC 3879)                   | fec0:: feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff | fec0:0:0:ffff::1 | - -
multicast (RFC 4291)                    | ff00:: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff | ff02::1 ff05::1:3 | - -
`)

function read(table: string): readonly SpecialRange[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', ends = '', inside = '', around = ''] = line.split('|').map((cell) => cell.trim())
      const words = (text: string) => text.split(' ').filter((word) => /[\d:]/.test(word))
      return {
        name,
        addresses: [...new Set([...words(ends), ...words(inside)])],
        neighbours: words(around),
      }
    })
}

/** IPv4 addresses that an attacker would wrap into IPv6; the last one is public, and its wrappings are refused too. */
export const WRAPPED = [
  ...['0.0.0.0', '10.0.0.1', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1', '192.168.1.1'],
  ...['198.18.0.1', '224.0.0.1', '255.255.255.255', '8.8.8.8'],
]

/** Every way in which IPv6 carries an IPv4 address (RFC 4291, 2765, 3056, 4380, 5214, 6052 section 2.2, 8215). */
export function wrappings(ipv4: string): Readonly<Record<string, string>> {
  const octets = ipv4.split('.').map(Number)
  const hex = (...at: number[]) => at.map((i) => (octets[i] ?? 0).toString(16).padStart(2, '0')).join('')
  const [high, low] = [hex(0, 1), hex(2, 3)]
  const inverted = octets.map((octet) => (octet ^ 0xff).toString(16).padStart(2, '0'))
  return {
    mapped: `::ffff:${ipv4}`,
    'mapped, in hex': `0:0:0:0:0:ffff:${high}:${low}`,
    compatible: `::${ipv4}`,
    translated: `::ffff:0:${ipv4}`,
    '6to4': `2002:${high}:${low}::1`,
    '6to4 with ISATAP': `2002:${high}:${low}:1:200:5efe:${high}:${low}`,
    'Teredo server': `2001:0:${high}:${low}:8000:63bf:3fff:fdd2`,
    'Teredo client': `2001:0:4136:e378:8000:63bf:${inverted.slice(0, 2).join('')}:${inverted.slice(2).join('')}`,
    NAT64: `64:ff9b::${ipv4}`,
    'local NAT64, /48': `64:ff9b:1:${high}:00${hex(2)}:${hex(3)}00:0:0`,
    'local NAT64, /64': `64:ff9b:1:0:00${hex(0)}:${hex(1, 2)}:${hex(3)}00:0`,
    'local NAT64, /96': `64:ff9b:1:0:0:0:${high}:${low}`,
    'ISATAP, public prefix': `2600:1901::5efe:${ipv4}`,
    'ISATAP, universal bit': `2a00:1450:4001::200:5efe:${ipv4}`,
    'ISATAP, link-local': `fe80::5efe:${ipv4}`,
  }
}
