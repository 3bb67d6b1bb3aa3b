/** A world of as many domains as anybody asks for: each is made up when it is asked, and leads to one of few machines. */
import type { LabRecords } from '../../test/lab/dns-server.js'
import { autoconfigXml, xml } from '../../test/lab/documents.js'
import type { WebRequest } from '../../test/lab/web-server.js'
import { AUTOCONFIG_PATH, READING, SENDING, type World, worldOf } from '../../test/lab/world.js'

/** How the settings of a domain are found. Of the last kind there are none. */
const KINDS = ['ispdb', 'file', 'mx', 'srv', 'guess', 'nothing'] as const
type Kind = (typeof KINDS)[number]

const HOSTER = 'hoster-of-load.test'
/** The hoster's machine for web sites: an answer for every host name. */
const WEB = `web.${HOSTER}`
const [IMAP, POP, SMTP] = [`imap.${HOSTER}`, `pop.${HOSTER}`, `smtp.${HOSTER}`]
/** A machine of each kind for those who have a mail server under their own name. */
const [OWN_READING, OWN_SENDING] = [`reading.${HOSTER}`, `sending.${HOSTER}`]
const ISPDB = 'ispdb.load.test'
export const LOAD_ISPDB_URL = `https://${ISPDB}/v1.1/`
/** Nobody listens there. */
const NOBODY = '127.9.9.9'

/** The n-th domain; the kinds take turns. */
export function loadDomain(number: number): string {
  return `${KINDS[number % KINDS.length]!}-${number}.test`
}

function split(name: string): { prefix: string; kind: Kind } | null {
  const match = /^(?:(.+)\.)?([a-z]+)-\d+\.test$/.exec(name)
  const kind = KINDS.find((known) => known === match?.[2])
  return kind === undefined ? null : { prefix: match?.[1] ?? '', kind }
}

const SRV: Readonly<Record<string, readonly [port: number, host: string]>> = {
  '_imaps._tcp': [993, IMAP],
  '_pop3s._tcp': [995, POP],
  '_submissions._tcp': [465, SMTP],
}

function recordsOf(name: string, addressOf: (host: string) => string): LabRecords | null {
  const parts = split(name)
  if (!parts) return null
  const { prefix, kind } = parts
  const at = (host: string): LabRecords => ({ A: [addressOf(host)] })
  if (prefix === '') {
    const MX: LabRecords['MX'] = [[10, kind === 'mx' ? `mx.${HOSTER}` : `mx.${name}`]]
    // Half of all have a web site.
    return kind === 'mx' || kind === 'srv' || kind === 'guess' ? { MX } : { ...at(WEB), MX }
  }
  if (prefix === 'mx') return { A: [NOBODY] }
  if (kind === 'file' && prefix === 'autoconfig') return at(WEB)
  if (kind === 'guess' && (prefix === 'imap' || prefix === 'pop')) return at(OWN_READING)
  if (kind === 'guess' && prefix === 'smtp') return at(OWN_SENDING)
  const srv = kind === 'srv' ? SRV[prefix] : undefined
  return srv ? { SRV: [[0, 1, ...srv]] } : null
}

function fileOf(domain: string) {
  return xml(
    autoconfigXml(domain, [
      { type: 'imap', hostname: IMAP, port: 993, socketType: 'SSL' },
      { type: 'pop3', hostname: POP, port: 995, socketType: 'SSL' },
      { type: 'smtp', hostname: SMTP, port: 465, socketType: 'SSL' },
    ]),
  )
}

const NOT_THERE = { status: 404, body: 'not here\n' }

function site({ path, headers }: WebRequest) {
  const [, domain] = /^autoconfig\.(file-.*)$/.exec(headers['host'] ?? '') ?? []
  return domain !== undefined && path === AUTOCONFIG_PATH ? fileOf(domain) : NOT_THERE
}

function databaseEntry({ path }: WebRequest) {
  const domain = path.slice(path.lastIndexOf('/') + 1)
  return split(domain)?.kind === 'ispdb' ? fileOf(domain) : NOT_THERE
}

export const LOAD_WORLD: World = worldOf({
  test: { furniture: true, madeUp: recordsOf },
  'load.test': { furniture: true, hosts: { [ISPDB]: { https: { '*': databaseEntry } } } },
  [HOSTER]: {
    furniture: true,
    records: { [`mx.${HOSTER}`]: { A: [NOBODY] } },
    hosts: {
      [WEB]: { https: { '*': site }, http: { '*': site }, certificate: 'any-name' },
      [`autoconfig.${HOSTER}`]: { https: { [AUTOCONFIG_PATH]: fileOf(HOSTER) } },
      [IMAP]: READING,
      [POP]: READING,
      [SMTP]: SENDING,
      [OWN_READING]: { ...READING, certificate: 'any-name' },
      [OWN_SENDING]: { ...SENDING, certificate: 'any-name' },
    },
  },
})
