/**
 * A real name server (NSD) with zones signed by BIND's tools, behind a real validating resolver (Unbound) that trusts the
 * parent zone's key (RFC 4035, RFC 5011 section 2 aside: the anchor is a file). `test` is signed, `lab` is not.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemon, runOrThrow, startDaemon } from './processes.js'

export interface ZoneFile {
  /** Below `test` or `lab`, without the trailing dot. */
  readonly origin: string
  /** Records in zone file syntax; SOA and NS are added. */
  readonly text: string
  /** The parent holds a DS record; see `SIGNATURES` for what the zone itself holds. */
  readonly signatures?: keyof typeof SIGNATURES
}

/** What becomes of a zone after it was signed. */
const SIGNATURES = {
  good: (text: string) => text,
  /** Somebody sends mail programs to a host of his own; the signatures stay. */
  tampered: (text: string) => text.replaceAll(/(SRV\s+0 1 \d+ )mail\./g, '$1thief.'),
  /** The zone's own signatures have run out. */
  expired: (text: string) => text,
  /** Without signatures and keys, as if the zone had never been signed. */
  stripped: (_signed: string, plain: string) => plain,
}

export interface DnsSite {
  readonly directory: string
  readonly nameserver: string
  readonly resolver: string
  /** Of the resolver's DNS over HTTPS: file with key and certificate in PEM. */
  readonly certificate: string
}

const HEAD = (nameserver: string) =>
  ['$TTL 300', `@ IN SOA ns.${nameserver}. hostmaster.${nameserver}. 1 3600 600 86400 60`].join('\n')

/** Signs the zones and serves them. */
export async function startDns(site: DnsSite, zones: readonly ZoneFile[]): Promise<Daemon[]> {
  const directory = join(site.directory, 'dns')
  mkdirSync(directory)
  const children = zones.map((zone) => ({ zone, ds: writeZoneFile(directory, zone) }))
  for (const parent of ['test', 'lab']) {
    const below = children.filter(({ zone }) => zone.origin.endsWith(`.${parent}`))
    const text = [
      `ns IN A ${site.nameserver}`,
      ...below.map(({ zone, ds }) => `${zone.origin}. IN NS ns.${parent}.\n${ds}`),
    ].join('\n')
    const signatures = parent === 'test' ? { signatures: 'good' as const } : {}
    const ds = writeZoneFile(directory, { origin: parent, text, ...signatures })
    if (parent === 'test') writeFileSync(join(directory, 'anchor'), ds)
  }
  const nsd = join(directory, 'nsd.conf')
  writeFileSync(nsd, nsdConfiguration(site, directory, [...zones.map(({ origin }) => origin), 'test', 'lab']))
  const unbound = join(directory, 'unbound.conf')
  writeFileSync(unbound, unboundConfiguration(site, directory))
  return [
    await startDaemon({ command: ['nsd', '-d', '-c', nsd], listens: [`${site.nameserver} 53`] }),
    await startDaemon({
      command: ['unbound', '-d', '-c', unbound],
      listens: [`${site.resolver} 53`, `${site.resolver} 443`],
    }),
  ]
}

/** @returns the DS record for the parent; empty for a zone without signatures */
function writeZoneFile(directory: string, { origin, text, signatures }: ZoneFile): string {
  const parent = origin.slice(origin.lastIndexOf('.') + 1)
  const plain = `$ORIGIN ${origin}.\n${HEAD(parent)}\n@ IN NS ns.${parent}.\n${text}\n`
  const file = join(directory, origin)
  writeFileSync(file, plain)
  if (signatures === undefined) return ''
  // One key for both parts (RFC 6781 section 3.1, single-type signing).
  runOrThrow('dnssec-keygen', ['-q', '-K', directory, '-a', 'ECDSAP256SHA256', '-f', 'KSK', origin])
  const dates = signatures === 'expired' ? ['-s', '20200101000000', '-e', '20200201000000'] : []
  runOrThrow(
    'dnssec-signzone',
    ['-q', '-S', '-z', '-P', '-K', directory, '-o', origin, '-f', `${file}.signed`, ...dates, file],
    directory,
  )
  writeFileSync(file, SIGNATURES[signatures](readFileSync(`${file}.signed`, 'utf8'), plain))
  return readFileSync(join(directory, `dsset-${origin}.`), 'utf8')
}

function nsdConfiguration(site: DnsSite, directory: string, origins: readonly string[]): string {
  return [
    'server:',
    `  ip-address: ${site.nameserver}`,
    '  username: ""',
    '  server-count: 1',
    '  database: ""',
    `  zonesdir: "${directory}"`,
    `  pidfile: "${directory}/nsd.pid"`,
    `  zonelistfile: "${directory}/zone.list"`,
    `  xfrdfile: "${directory}/xfrd.state"`,
    'remote-control:',
    '  control-enable: no',
    ...origins.map((origin) => `zone:\n  name: "${origin}"\n  zonefile: "${origin}"`),
    '',
  ].join('\n')
}

function unboundConfiguration(site: DnsSite, directory: string): string {
  return [
    'server:',
    `  directory: "${directory}"`,
    '  chroot: ""',
    '  username: ""',
    '  pidfile: ""',
    '  do-daemonize: no',
    '  use-syslog: no',
    `  interface: ${site.resolver}`,
    // DNS over HTTPS (RFC 8484), in HTTP/2 and nothing else.
    `  interface: ${site.resolver}@443`,
    `  tls-service-key: "${site.certificate}"`,
    `  tls-service-pem: "${site.certificate}"`,
    '  access-control: 127.0.0.0/8 allow',
    '  do-not-query-localhost: no',
    '  qname-minimisation: no',
    '  module-config: "validator iterator"',
    `  trust-anchor-file: "${directory}/anchor"`,
    '  val-log-level: 2',
    // Nothing is ever asked outside of this machine.
    '  local-zone: "." refuse',
    '  local-zone: "test." transparent',
    '  local-zone: "lab." transparent',
    'remote-control:',
    '  control-enable: no',
    ...['test', 'lab'].map((name) => `stub-zone:\n  name: "${name}"\n  stub-addr: ${site.nameserver}`),
    '',
  ].join('\n')
}
