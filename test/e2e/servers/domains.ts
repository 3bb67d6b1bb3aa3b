/** The domains of this test: what their zones hold, what their servers show, and what mailscout must make of them. */
import { autoconfigXml } from '../../lab/documents.js'
import { AUTOCONFIG_PATH, WELL_KNOWN_PATH } from '../../lab/world.js'
import type { ZoneFile } from './dns.js'
import type { MailFace } from './mail-face.js'
import type { WebHost } from './web.js'

/** Whose settings mailscout itself publishes, with everything that it writes. */
export const OWN_DOMAIN = 'own.lab'
export const SERVICE_HOST = 'config.hoster.lab'

/** The last octet of each address. */
export const PLACES = {
  good: 1,
  implicit: 2,
  starttls: 3,
  plain: 4,
  wrong: 5,
  expired: 6,
  selfSigned: 7,
  old: 8,
  /** Where the mail exchangers seem to be; nobody listens. */
  nobody: 25,
  resolver: 53,
  nameserver: 54,
  web: 80,
  oldWeb: 81,
  front: 82,
} as const
export type Place = keyof typeof PLACES

export type AddressOf = (place: Place) => string

/** Files with key and certificate in PEM. */
export type Certificates = Readonly<Record<'good' | 'wrong' | 'expired' | 'selfSigned' | 'resolver', string>>

export interface Domain {
  readonly name: string
  readonly records: string
  readonly signatures?: ZoneFile['signatures']
  /** Ann has a mailbox there. */
  readonly mailbox?: true
}

const IMPLICIT = ['_imaps 993', '_pop3s 995', '_submissions 465']
const STARTTLS = ['_imap 143', '_pop3 110', '_submission 587']

const srv = (services: readonly string[], host = 'mail') =>
  services.map((service) => {
    const [label, port] = service.split(' ')
    return `${label}._tcp IN SRV 0 1 ${port} ${host}`
  })

/** Which place holds `mail.<domain>`, and by which records it is found. */
const SRV_DOMAINS: readonly [name: string, place: Place, services: readonly string[]][] = [
  ['implicit.lab', 'implicit', IMPLICIT],
  ['starttls.lab', 'starttls', [...STARTTLS, '_sieve 4190']],
  ['plain.lab', 'plain', STARTTLS],
  ['wrong.lab', 'wrong', [...IMPLICIT, ...STARTTLS]],
  ['expired.lab', 'expired', [...IMPLICIT, ...STARTTLS]],
  ['self-signed.lab', 'selfSigned', [...IMPLICIT, ...STARTTLS]],
  ['old.lab', 'old', [...IMPLICIT, ...STARTTLS]],
  ['signed.test', 'good', IMPLICIT],
  ['unsigned.test', 'good', IMPLICIT],
  ['tampered.test', 'good', IMPLICIT],
  ['expired.test', 'good', IMPLICIT],
  ['stripped.test', 'good', IMPLICIT],
]
const WEB_DOMAINS = ['web', 'moved', 'downgrade', 'wrong-web', 'old-web', 'hint'].map((name) => `${name}.lab`)
const SIGNATURES: Readonly<Record<string, ZoneFile['signatures']>> = {
  'signed.test': 'good',
  'tampered.test': 'tampered',
  'expired.test': 'expired',
  'stripped.test': 'stripped',
}
const MAILBOXES: readonly string[] = [OWN_DOMAIN, 'implicit.lab', 'starttls.lab']
/** More than a datagram holds, so that the answer has to be fetched over TCP (RFC 7766). */
const MANY = 60

export function defineDomains(addressOf: AddressOf): readonly Domain[] {
  const mail = (place: Place) => `mail IN A ${addressOf(place)}`
  const mx = `@ IN MX 10 mx\nmx IN A ${addressOf('nobody')}`
  const described: Domain[] = [
    ...SRV_DOMAINS.map(([name, place, services]) => ({
      name,
      records: [mx, mail(place), `thief IN A ${addressOf('wrong')}`, ...srv(services)].join('\n'),
    })),
    ...WEB_DOMAINS.map((name) => ({
      name,
      records: [
        mx,
        mail('good'),
        `@ IN A ${addressOf('web')}`,
        `config IN A ${addressOf('web')}`,
        `autoconfig IN A ${addressOf(name === 'old-web.lab' ? 'oldWeb' : 'web')}`,
      ].join('\n'),
    })),
    {
      name: 'guess.lab',
      records: [mx, ...['imap', 'pop', 'smtp'].map((host) => `${host} IN CNAME mail`), mail('good')].join(
        '\n',
      ),
    },
    {
      name: 'many.lab',
      records: [
        mail('good'),
        ...srv(IMPLICIT),
        ...Array.from({ length: MANY }, (_, i) => `_imaps._tcp IN SRV ${i + 10} 1 993 mail-${i}`),
      ].join('\n'),
    },
    // Only its names: the other records are those that mailscout writes.
    { name: OWN_DOMAIN, records: `${mx}\n${mail('good')}` },
    { name: 'hoster.lab', records: `config IN A ${addressOf('front')}` },
  ]
  return described.map((domain) => ({
    ...domain,
    ...(SIGNATURES[domain.name] && { signatures: SIGNATURES[domain.name] }),
    ...(MAILBOXES.includes(domain.name) && { mailbox: true }),
  }))
}

/** Every name that the good certificate is for. */
export function certifiedNames(domains: readonly Domain[]): string[] {
  return domains.flatMap(({ name }) => [name, `*.${name}`])
}

const BOTH = ['tls', 'starttls'] as const

export function mailFaces(addressOf: AddressOf, certificates: Certificates): readonly MailFace[] {
  const { good, wrong, expired, selfSigned } = certificates
  const face = (place: Place, more: Partial<MailFace> = {}): MailFace => ({
    address: addressOf(place),
    transports: BOTH,
    tls: 'good',
    certificate: good,
    ...more,
  })
  return [
    face('good'),
    face('implicit', { transports: ['tls'] }),
    face('starttls', { transports: ['starttls'] }),
    face('plain', { transports: ['starttls'], tls: 'none' }),
    face('wrong', { certificate: wrong }),
    face('expired', { certificate: expired }),
    face('selfSigned', { certificate: selfSigned }),
    face('old', { tls: 'old' }),
  ]
}

export function webHosts(addressOf: AddressOf, certificates: Certificates): readonly WebHost[] {
  const xml = (name: string) =>
    autoconfigXml(name, [
      { type: 'imap', hostname: `mail.${name}`, port: 993, socketType: 'SSL' },
      { type: 'pop3', hostname: `mail.${name}`, port: 995, socketType: 'SSL' },
      { type: 'smtp', hostname: `mail.${name}`, port: 465, socketType: 'SSL' },
    ])
  const host = (domain: string, more: Partial<WebHost> = {}): WebHost => ({
    name: `autoconfig.${domain}`,
    address: addressOf('web'),
    port: 443,
    certificate: certificates.good,
    path: AUTOCONFIG_PATH,
    reply: { xml: xml(domain) },
    ...more,
  })
  return [
    host('web.lab'),
    host('moved.lab', {
      name: 'moved.lab',
      path: WELL_KNOWN_PATH,
      reply: { location: 'https://config.moved.lab/file.xml' },
    }),
    host('moved.lab', { name: 'config.moved.lab', path: '/file.xml' }),
    host('downgrade.lab', { reply: { location: `http://autoconfig.downgrade.lab${AUTOCONFIG_PATH}` } }),
    host('downgrade.lab', { port: 80 }),
    host('wrong-web.lab', { certificate: certificates.wrong }),
    host('old-web.lab', { address: addressOf('oldWeb'), oldTls: true }),
    host('hint.lab', { port: 80 }),
  ]
}
