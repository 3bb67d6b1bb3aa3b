/** Domains about which one source can be made slow, failing or lying at any moment, beside a second source that is well. */
import type { SourceName } from '../../src/domain/mail-settings.js'
import type { LabRecords } from '../lab/dns-server.js'
import {
  autoconfigXml,
  autodiscoverXml,
  json,
  paccDigest,
  paccJson,
  parkedPage,
  signInFirst,
  xml,
} from '../lab/documents.js'
import type { WebReply, WebRoute } from '../lab/web-server.js'
import {
  AUTOCONFIG_PATH,
  AUTODISCOVER_PATH,
  hiddenAutoconfig,
  hiddenEntries,
  hiddenServers,
  hiddenSrv,
  type LabDomain,
  type LabHost,
  PACC_PATH,
  READING,
  SENDING,
  worldOf,
} from '../lab/world.js'

export type Fault = 'slow' | 'failing' | 'lying'
export type BrokenSource = Exclude<SourceName, 'operator' | 'provider-db'>

/** The liar's servers are real, and have certificates of their own. */
export const LIAR = 'liar.test'

type Publishes = Pick<LabDomain, 'records' | 'hosts' | 'ispdb'>

/** What is wrong with a domain's source at the moment. */
const faults = new Map<string, Fault>()

export function breakSource(domain: string, fault: Fault): void {
  faults.set(domain, fault)
}

export function mendSource(domain: string): void {
  faults.delete(domain)
}

/** Asked at each answer: faults come and go. */
type Now = () => Fault | undefined

function web(now: Now, good: WebReply, lie: WebReply = parkedPage): WebRoute {
  return () => {
    const fault = now()
    if (fault === 'slow') return { fault: 'never' }
    if (fault === 'failing') return { status: 503 }
    return fault === 'lying' ? lie : good
  }
}

function dns(now: Now, good: LabRecords, lie = good): LabRecords {
  const told = () => (now() === 'lying' ? lie : good)
  return {
    get MX() {
      return told().MX ?? []
    },
    get SRV() {
      return told().SRV ?? []
    },
    get fault() {
      const fault = now()
      return fault === 'slow' ? 'silent' : fault === 'failing' ? 'servfail' : undefined
    },
  }
}

const liarsFile = xml(autoconfigXml('lab.test', hiddenEntries(LIAR)))

/** The source alone can name the servers of such a domain. */
const PUBLISHES: Readonly<Record<BrokenSource, (domain: string, now: Now) => Publishes>> = {
  pacc: (domain, now) => {
    const document = paccJson({ imap: `reading.${domain}`, smtp: `sending.${domain}` })
    const lie = paccJson({ imap: `reading.${LIAR}`, smtp: `sending.${LIAR}` })
    return {
      hosts: {
        [`ua-auto-config.${domain}`]: { https: { [PACC_PATH]: web(now, json(document), json(lie)) } },
      },
      records: { [`_ua-auto-config.${domain}`]: { TXT: [paccDigest(document)] } },
    }
  },
  autoconfig: (domain, now) => {
    const file = xml(hiddenAutoconfig(domain))
    return {
      hosts: {
        [`autoconfig.${domain}`]: {
          https: { [AUTOCONFIG_PATH]: web(now, file) },
          // Whoever is on the way can write here what he likes.
          http: { [AUTOCONFIG_PATH]: web(now, file, liarsFile) },
        },
      },
    }
  },
  ispdb: (domain, now) => ({ ispdb: web(now, xml(hiddenAutoconfig(domain))) }),
  mx: (domain, now) => ({
    records: {
      [domain]: dns(now, { MX: [[10, 'mx1.bigmail.test']] }, { MX: [[10, `mx.${LIAR}`]] }),
    },
  }),
  srv: (domain, now) => {
    const lies = hiddenSrv(domain, LIAR)
    const records = Object.entries(hiddenSrv(domain))
    return {
      records: Object.fromEntries(records.map(([name, good]) => [name, dns(now, good, lies[name])])),
    }
  },
  autodiscover: (domain, now) => ({
    hosts: {
      [`autodiscover.${domain}`]: {
        https: { [AUTODISCOVER_PATH]: web(now, xml(autodiscoverXml(hiddenEntries(domain)))) },
      },
    },
    records: {
      [`_autodiscover._tcp.${domain}`]: dns(now, {}, { SRV: [[0, 0, 443, `exchange.${LIAR}`]] }),
    },
  }),
  jmap: (domain, now) => ({
    hosts: { [domain]: { https: { '/.well-known/jmap': web(now, signInFirst('jmap')) } } },
    records: { [`_jmap._tcp.${domain}`]: dns(now, {}, { SRV: [[0, 1, 443, `exchange.${LIAR}`]] }) },
  }),
  dav: (domain, now) => ({
    hosts: { [domain]: { https: { '/.well-known/caldav': web(now, signInFirst('dav')) } } },
    records: { [`_caldavs._tcp.${domain}`]: dns(now, {}, { SRV: [[0, 1, 443, `exchange.${LIAR}`]] }) },
  }),
  guess: (domain, now) => ({
    hosts: { [`imap.${domain}`]: guessable(now, READING), [`smtp.${domain}`]: guessable(now, SENDING) },
    records: { [`imap.${domain}`]: namesOnly(now), [`smtp.${domain}`]: namesOnly(now) },
  }),
}

/** The address stays, but it may not be told. */
function namesOnly(now: Now): LabRecords {
  return {
    get fault() {
      return now() === 'failing' ? 'servfail' : undefined
    },
  }
}

function guessable(now: Now, host: LabHost): LabHost {
  const services = Object.entries(host.mail ?? {}).map(([port, service]) => [
    port,
    {
      ...service,
      get fault() {
        const fault = now()
        return fault === 'slow' ? 'silent' : fault === 'lying' ? 'garbage' : undefined
      },
    },
  ])
  return { mail: Object.fromEntries(services) as NonNullable<LabHost['mail']> }
}

export const BROKEN_SOURCES = Object.keys(PUBLISHES) as BrokenSource[]
const SECOND: Readonly<Partial<Record<BrokenSource, BrokenSource>>> = {
  ispdb: 'autoconfig',
  // It is called off once a trusted source has named servers.
  guess: 'srv',
}

/** The source that stays well in `domainOf(source)`: the one whose servers are the domain's own. */
export function secondOf(source: BrokenSource): BrokenSource {
  return SECOND[source] ?? 'ispdb'
}

/** With a second source, or alone. */
export function domainOf(source: BrokenSource, isAlone = false): string {
  return `${source}-${isAlone ? 'alone' : 'beside'}.test`
}

export function brokenWorld() {
  const domains = BROKEN_SOURCES.flatMap((source): [string, Publishes][] => {
    const [beside, alone] = [domainOf(source), domainOf(source, true)]
    const well = PUBLISHES[secondOf(source)](beside, () => undefined)
    return [
      [
        beside,
        together(
          hidden(beside),
          well,
          PUBLISHES[source](beside, () => faults.get(beside)),
        ),
      ],
      [
        alone,
        together(
          hidden(alone),
          PUBLISHES[source](alone, () => faults.get(alone)),
        ),
      ],
    ]
  })
  return worldOf({
    ...Object.fromEntries(domains),
    [LIAR]: {
      furniture: true,
      hosts: {
        ...hiddenServers(LIAR),
        [`autoconfig.${LIAR}`]: { https: { [AUTOCONFIG_PATH]: liarsFile } },
        [`exchange.${LIAR}`]: {
          https: {
            [AUTODISCOVER_PATH]: xml(autodiscoverXml(hiddenEntries(LIAR))),
            '/.well-known/jmap': signInFirst('liar'),
            '/.well-known/caldav': signInFirst('liar'),
          },
        },
      },
      records: { [`mx.${LIAR}`]: { A: ['127.9.9.4'] } },
    },
    'bigmail.test': {
      furniture: true,
      hosts: { 'imap.bigmail.test': READING, 'pop.bigmail.test': READING, 'smtp.bigmail.test': SENDING },
      records: { 'mx1.bigmail.test': { A: ['127.9.9.1'] } },
    },
  })
}

const hidden = (domain: string): Publishes => ({ hosts: hiddenServers(domain) })

function together(...parts: readonly Publishes[]): Publishes {
  const [ispdb] = parts.flatMap((part) => part.ispdb ?? [])
  return {
    hosts: Object.assign({}, ...parts.map((part) => part.hosts ?? {})) as NonNullable<Publishes['hosts']>,
    records: Object.assign({}, ...parts.map((part) => part.records ?? {})) as NonNullable<
      Publishes['records']
    >,
    ...(ispdb === undefined ? {} : { ispdb }),
  }
}
