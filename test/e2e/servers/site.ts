/**
 * Real servers on the real ports, each at an address of its own: NSD, Unbound, Dovecot, Postfix, nginx, and mailscout in
 * the authority role behind the proxy of deploy/examples. Certificates, keys, passwords and state are made in a directory
 * that goes away with them.
 */
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CertificateRequest, createLabCa, type LabCa } from '../../lab/ca.js'
import { type LabService, serviceBeside, type Surrounded } from '../../lab/service.js'
import {
  type Certificates,
  certifiedNames,
  defineDomains,
  mailFaces,
  OWN_DOMAIN,
  type Place,
  PLACES,
  SERVICE_HOST,
  webHosts,
} from './domains.js'
import { startDns } from './dns.js'
import { startDovecot } from './dovecot.js'
import type { MailSite } from './mail-face.js'
import { startPostfix } from './postfix.js'
import { type Daemon, isFree, missingProgram, run, runOrThrow, takeAddressBlock } from './processes.js'
import { startFront, startWebHosts } from './web.js'

const UPSTREAM_PORT = 8080
/** Each with its packages. */
const PROGRAMS = {
  nsd: 'nsd',
  unbound: 'unbound',
  'dnssec-signzone': 'bind9-utils',
  dovecot: 'dovecot-imapd dovecot-pop3d dovecot-managesieved',
  postfix: 'postfix',
  nginx: 'nginx-light',
  openssl: 'openssl',
  curl: 'curl',
  setpriv: 'util-linux',
}

export interface Servers {
  readonly directory: string
  /** File with the root certificate in PEM. */
  readonly caFile: string
  readonly password: string
  /** What points a service at them, through real sockets. */
  readonly surroundings: Surrounded
  readonly authority: LabService
  addressOf(place: Place): string
  /** What the daemons said. */
  output(): string
  close(): Promise<void>
}

const PORTS = [53, 80, 110, 143, 443, 465, 587, 993, 995, 4190]

/** Why the servers cannot run here, for the reason of a skip. */
export async function whyNoServers(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) {
    return 'needs root: the real ports are below 1024, and the servers change to users of their own'
  }
  const missing = missingProgram(PROGRAMS)
  if (missing !== undefined) return missing
  if ((await run('unshare', ['--mount', 'true'])).status !== 0) return 'needs mount namespaces'
  const block = await takeAddressBlock()
  const free = await Promise.all(PORTS.map((port) => isFree(block.at(PLACES.nobody), port)))
  await block.release()
  const taken = PORTS.filter((_, i) => !free[i])
  return taken.length > 0
    ? `a server of this machine has port ${taken.join(', ')} at all addresses`
    : undefined
}

export async function startServers(): Promise<Servers> {
  const block = await takeAddressBlock()
  const directory = mkdtempSync(join(tmpdir(), 'mailscout-servers-'))
  // The daemons change to users of their own.
  chmodSync(directory, 0o755)
  const daemons: Daemon[] = []
  const opened: { authority?: LabService } = {}
  const close = async () => {
    await Promise.all(daemons.map((daemon) => daemon.stop()))
    await opened.authority?.close()
    await block.release()
    rmSync(directory, { recursive: true, force: true })
  }
  const addressOf = (place: Place) => block.at(PLACES[place])
  try {
    const ca = await createLabCa()
    const caFile = join(directory, 'ca.pem')
    writeFileSync(caFile, ca.pem)
    const surroundings: Surrounded = {
      caPem: ca.pem,
      providersDirectory: directory,
      environment: {
        MAILSCOUT_DNS_SERVERS: addressOf('resolver'),
        MAILSCOUT_ISPDB_URLS: '',
        MAILSCOUT_BUILTIN_PROVIDERS: 'off',
        MAILSCOUT_ALLOW_NETWORKS: '127.0.0.0/8',
        MAILSCOUT_ALLOW_SPECIAL_USE_NAMES: 'true',
      },
    }
    const authority = serviceBeside(surroundings, {
      MAILSCOUT_PROVIDERS_DIR: writeEntry(directory),
      MAILSCOUT_PUBLIC_URL: `https://${SERVICE_HOST}`,
      MAILSCOUT_TRUST_PROXY: 'loopback',
    })
    opened.authority = authority
    await authority.app.listen({ host: addressOf('front'), port: UPSTREAM_PORT })
    const domains = defineDomains(addressOf)
    const site: MailSite = {
      directory,
      users: domains.filter(({ mailbox }) => mailbox).map(({ name }) => `ann@${name}`),
      password: randomBytes(12).toString('hex'),
      owner: {
        uid: Number(runOrThrow('id', ['-u', 'nobody'])),
        gid: Number(runOrThrow('id', ['-g', 'nobody'])),
      },
    }
    const certificates = await writeCertificates({
      directory,
      ca,
      names: certifiedNames(domains),
      resolver: addressOf('resolver'),
    })
    const faces = mailFaces(addressOf, certificates)
    const zone = await authority.app.inject(`/v1/domains/${OWN_DOMAIN}/zone`)
    const zones = domains.map(({ name: origin, records, signatures }) => ({
      origin,
      text: origin === OWN_DOMAIN ? `${records}\n${zone.body}` : records,
      ...(signatures && { signatures }),
    }))
    const { good: certificate } = certificates
    const [address, nameserver, resolver] = [
      addressOf('front'),
      addressOf('nameserver'),
      addressOf('resolver'),
    ]
    daemons.push(
      ...(await startDns({ directory, nameserver, resolver, certificate: certificates.resolver }, zones)),
    )
    const starting = [
      startDovecot(
        site,
        faces.filter(({ tls }) => tls !== 'old'),
      ),
      startDovecot(
        site,
        faces.filter(({ tls }) => tls === 'old'),
      ),
      startPostfix(site, faces),
      startWebHosts(directory, webHosts(addressOf, certificates)),
      startFront(directory, {
        address,
        domain: OWN_DOMAIN,
        serviceHost: SERVICE_HOST,
        upstream: `${address}:${UPSTREAM_PORT}`,
        certificate,
      }),
    ]
    for (const result of await Promise.allSettled(starting)) {
      if (result.status === 'fulfilled') daemons.push(result.value)
      else throw result.reason
    }
    return {
      directory,
      caFile,
      password: site.password,
      surroundings,
      authority,
      addressOf,
      output: () => daemons.map((daemon) => daemon.output()).join('\n'),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The entry of the own domain, as an operator writes it. */
function writeEntry(directory: string): string {
  const own = join(directory, 'operator')
  mkdirSync(own)
  const hostname = `mail.${OWN_DOMAIN}`
  const servers = (tls: number, starttls: number) => [
    { hostname, port: tls, security: 'tls' },
    { hostname, port: starttls, security: 'starttls' },
  ]
  const entry = {
    id: 'own',
    name: 'Own & Sons',
    access: 'full',
    domains: [OWN_DOMAIN],
    imap: servers(993, 143),
    pop3: servers(995, 110),
    smtp: servers(465, 587),
    confidence: 'high',
    references: ['this test'],
    verified: '2099-12-31',
  }
  writeFileSync(join(own, 'own.json'), JSON.stringify(entry))
  return own
}

const HOUR_MS = 3_600_000

/** Files with key and certificate, for every face that a server shows. */
async function writeCertificates(parts: {
  readonly directory: string
  readonly ca: LabCa
  readonly names: readonly string[]
  readonly resolver: string
}): Promise<Certificates> {
  const { directory, ca, names, resolver } = parts
  const write = async (kind: keyof Certificates, request: Partial<CertificateRequest>) => {
    const { key, cert } = await ca.issue({ names, ...request })
    const file = join(directory, `${kind}.pem`)
    writeFileSync(file, key + '\n' + cert + '\n')
    return file
  }
  return {
    // The domain check warns of less than a month.
    good: await write('good', { notAfter: new Date(Date.now() + 60 * 24 * HOUR_MS) }),
    wrong: await write('wrong', { names: ['somebody-else.lab'] }),
    expired: await write('expired', { notAfter: new Date(Date.now() - HOUR_MS) }),
    selfSigned: await write('selfSigned', { selfSigned: true }),
    resolver: await write('resolver', { names: [resolver] }),
  }
}
