/** The worlds of the cold benchmark, each so made that one way alone leads to the settings, and what is allowed there. */
import { autoconfigXml, xml } from '../../test/lab/documents.js'
import { SOURCES_WORLD } from '../../test/lab/world-sources.js'
import {
  AUTOCONFIG_PATH,
  hiddenServers,
  hiddenSrv,
  type LabDomain,
  type LabHost,
  READING,
  SENDING,
  WELL_KNOWN_PATH,
  type World,
  worldOf,
} from '../../test/lab/world.js'

export interface Row {
  readonly what: string
  readonly domain: string
  /** Round trips: until settings are first known that only a check on its way could still change, and checked. */
  readonly usable?: number
  readonly verified?: number
  /** Milliseconds, where the limit is no matter of round trips. */
  readonly answeredMs?: number
  /** Asked for first, by the same process. */
  readonly warmUp?: string
  /** Somebody is silent there: the strategies beside ours wait for many seconds. */
  readonly black?: true
  /** Whether the ISPDB, too, is silent. */
  readonly deadIspdb?: true
}

/** Milliseconds, MAILSCOUT_BUDGET_MS. */
export const BUDGET_MS = 5000

export const ROWS: readonly Row[] = [
  { what: 'provider database', domain: 'providerdb.lab', usable: 0.5 },
  { what: 'MX names a known provider', domain: 'mx-known.test', usable: 2 },
  { what: 'https autoconfig', domain: 'ac.test', usable: 4.3, verified: 5.5 },
  { what: 'https well-known', domain: 'wk.test', usable: 4.3, verified: 5.5 },
  { what: 'ISPDB', domain: 'db.test', usable: 4.3, verified: 5.5 },
  { what: 'MX leads to a hoster’s file', domain: 'customer.test', usable: 4.7, verified: 10 },
  {
    what: '… with a kept ISPDB connection',
    domain: 'customer.test',
    usable: 4.7,
    verified: 8,
    warmUp: 'nothing.test',
  },
  { what: 'SRV', domain: 'srv.test', usable: 4.3, verified: 6.5 },
  { what: 'guessed hosts', domain: 'plain.test', usable: 5.5, verified: 5.5 },
  { what: 'ISPDB, own web hosts silent', domain: 'db-dark.test', usable: 9.5, verified: 9.5, black: true },
  { what: 'guess, own web hosts silent', domain: 'dark.test', usable: 10.5, verified: 10.5, black: true },
  { what: 'nothing anywhere (404)', domain: 'nothing.test', usable: 4.5 },
  {
    what: 'everything silent',
    domain: 'void.test',
    answeredMs: BUDGET_MS + 50,
    black: true,
    deadIspdb: true,
  },
]

const SILENT: LabHost = { swallows: true }
/** Answers every path with 404, as the web site of a domain without mail settings does. */
const WEBSITE: LabHost = { https: {}, http: {} }

function usualServers(domain: string): Record<string, LabHost> {
  return { [`imap.${domain}`]: READING, [`pop.${domain}`]: READING, [`smtp.${domain}`]: SENDING }
}

/** The file that names the usual servers of a domain. */
export function usualFile(domain: string): string {
  return autoconfigXml(domain, [
    { type: 'imap', hostname: `imap.${domain}`, port: 993, socketType: 'SSL' },
    { type: 'pop3', hostname: `pop.${domain}`, port: 995, socketType: 'SSL' },
    { type: 'smtp', hostname: `smtp.${domain}`, port: 465, socketType: 'SSL' },
  ])
}

type Described = Omit<LabDomain, 'description' | 'shows'>

export const USUAL = {
  autoconfig: (domain: string): Described => ({
    hosts: {
      ...usualServers(domain),
      [domain]: WEBSITE,
      [`autoconfig.${domain}`]: { https: { [AUTOCONFIG_PATH]: xml(usualFile(domain)) } },
    },
  }),
  wellKnown: (domain: string): Described => ({
    hosts: { ...usualServers(domain), [domain]: { https: { [WELL_KNOWN_PATH]: xml(usualFile(domain)) } } },
  }),
  ispdb: (domain: string): Described => ({
    ispdb: usualFile(domain),
    hosts: { ...usualServers(domain), [domain]: WEBSITE },
  }),
  guess: (domain: string): Described => ({ hosts: { ...usualServers(domain), [domain]: WEBSITE } }),
  srv: (domain: string): Described => ({
    hosts: { ...hiddenServers(domain), [domain]: WEBSITE },
    records: hiddenSrv(domain),
  }),
}

/** Web hosts of the domain that lose every packet, under all the names that sources ask at. */
function silentWeb(domain: string): Record<string, LabHost> {
  return Object.fromEntries(
    ['', 'autoconfig.', 'autodiscover.', 'ua-auto-config.'].map((label) => [`${label}${domain}`, SILENT]),
  )
}

export const LATENCY_WORLD: World = {
  ...SOURCES_WORLD,
  ...worldOf({
    'ac.test': USUAL.autoconfig('ac.test'),
    'wk.test': USUAL.wellKnown('wk.test'),
    'db.test': USUAL.ispdb('db.test'),
    'srv.test': USUAL.srv('srv.test'),
    'plain.test': USUAL.guess('plain.test'),
    'mx-known.test': {
      hosts: { 'mx-known.test': WEBSITE },
      records: { 'mx-known.test': { MX: [[10, 'mx1.bigmail.test']] } },
    },
    'customer.test': {
      hosts: { 'customer.test': WEBSITE },
      records: { 'customer.test': { MX: [[10, 'mx1.host-ing.test']] } },
    },
    'host-ing.test': {
      furniture: true,
      hosts: usualServers('host-ing.test'),
      ispdb: usualFile('host-ing.test'),
    },
    'db-dark.test': {
      ispdb: usualFile('db-dark.test'),
      hosts: { ...usualServers('db-dark.test'), ...silentWeb('db-dark.test') },
    },
    'dark.test': { hosts: { ...usualServers('dark.test'), ...silentWeb('dark.test') } },
    'nothing.test': { hosts: { 'nothing.test': WEBSITE } },
    'void.test': {
      hosts: {
        ...silentWeb('void.test'),
        ...Object.fromEntries(['imap', 'pop', 'smtp', 'mail'].map((label) => [`${label}.void.test`, SILENT])),
        'ispdb.void.test': SILENT,
      },
    },
  }),
}

export const DEAD_ISPDB_URL = 'https://ispdb.void.test/v1.1/'
