/**
 * Records for the domain's administrator to publish (R49), in the zone file syntax of RFC 1035 section 5: SRV by
 * RFC 6186, RFC 8314 section 5.1, RFC 6764 and RFC 8620; names of the configuration services; the PACC digest.
 */
import type { Hostname } from '../domain/hostname.js'
import { writePacc } from './pacc.js'
import type { SettingsView, WritableServer } from './settings-view.js'

export interface ZoneOptions {
  /** The host that serves autoconfig, Autodiscover and PACC for the domain; null leaves their records out. */
  readonly serviceHost: Hostname | null
  /** PACC records that are published now: one that differs is kept beside the new one until caches have let it go. */
  readonly publishedPacc?: readonly string[]
}

/** One hour: short enough to correct a mistake, long enough to be cached. */
const TTL_SECONDS = 3600
/** A character-string holds at most 255 octets (RFC 1035 section 3.3). */
const MAX_CHARACTER_STRING = 255

/** The zone text for a view without address; relative names, one record per line, ends with a line feed. */
export function writeZone(view: SettingsView, options: ZoneOptions): string {
  const lines = [
    `; Mail client configuration of ${view.domain}. "." as target means: decidedly not offered (RFC 2782).`,
    `$ORIGIN ${view.domain}.`,
    `$TTL ${TTL_SECONDS}`,
    ...pair(view, 'imap', { tls: '_imaps._tcp', starttls: '_imap._tcp' }),
    ...pair(view, 'pop3', { tls: '_pop3s._tcp', starttls: '_pop3._tcp' }),
    ...pair(view, 'smtp', { tls: '_submissions._tcp', starttls: '_submission._tcp' }),
    ...single(view.jmap, '_jmap._tcp'),
    ...single(view.managesieve, '_sieve._tcp'),
    ...dav(view.caldav, '_caldavs._tcp'),
    ...dav(view.carddav, '_carddavs._tcp'),
    ...services(view, options),
  ]
  return `${lines.join('\n')}\n`
}

/** The record of the offered transport; both names are denied when the protocol is not offered at all. */
function pair(
  view: SettingsView,
  protocol: 'imap' | 'pop3' | 'smtp',
  names: { readonly tls: string; readonly starttls: string },
): string[] {
  const server = view[protocol]
  if (server === null) {
    // A server that is only suggested, or that failed, is neither published nor denied.
    if (!view.notOffered.includes(protocol))
      return [`; ${protocol}: no confirmed server known, no record written`]
    return [denied(names.tls), denied(names.starttls)]
  }
  // Half of all _submission records in the wild carry 465; none of ours may (R18, R49).
  if (server.security === 'starttls' && server.port === 465) {
    return [`; ${protocol}: STARTTLS on port 465 cannot be published, no record written`]
  }
  return [srv(names[server.security], server)]
}

function single(server: WritableServer | null, name: string): string[] {
  return server === null ? [] : [srv(name, server)]
}

/** RFC 6764 section 4: the path, when it is one for all users, in a TXT record of the same name. */
function dav(server: WritableServer | null, name: string): string[] {
  if (server === null) return []
  const path = server.url === undefined ? '/' : new URL(server.url).pathname
  const shared = path !== '/' && !path.includes('%EMAIL')
  return [srv(name, server), ...(shared ? [`${name} IN TXT ${quoted(`path=${path}`)}`] : [])]
}

function services(view: SettingsView, { serviceHost, publishedPacc = [] }: ZoneOptions): string[] {
  if (serviceHost === null) {
    return ['; autoconfig, autodiscover, ua-auto-config: point them at the host that serves the files']
  }
  const alias = (label: string): string[] =>
    // The service may itself be one of these names: an alias of itself resolves to nothing.
    serviceHost === `${label}.${view.domain}` ? [] : [`${label} IN CNAME ${serviceHost}.`]
  const pacc = writePacc(view)
  return [
    ...alias('autoconfig'),
    ...alias('autodiscover'),
    `_autodiscover._tcp IN SRV 0 1 443 ${serviceHost}.`,
    ...(pacc === null
      ? []
      : [
          ...alias('ua-auto-config'),
          `_ua-auto-config IN TXT ${quoted(pacc.txt)}`,
          ...previous(pacc.txt, publishedPacc),
        ]),
  ]
}

/** Rollover (R29, R48): while both stand, mail programs take the old document and the new one. */
function previous(txt: string, published: readonly string[]): string[] {
  const same = (record: string) => record.replaceAll('; ', ';') === txt.replaceAll('; ', ';')
  const [old] = published
  // Once the new digest stands, the old one has done its work.
  if (old === undefined || published.some(same)) return []
  return [
    `; The digest published now: remove it ${TTL_SECONDS / 3600} hour after the new document is served.`,
    `_ua-auto-config IN TXT ${quoted(old)}`,
  ]
}

function srv(name: string, { port, hostname }: WritableServer): string {
  return `${name} IN SRV 0 1 ${port} ${hostname}.`
}

function denied(name: string): string {
  return `${name} IN SRV 0 0 0 .`
}

/** Character-strings of at most 255 octets; backslash and quote escaped, nothing else can occur in our texts. */
function quoted(text: string): string {
  const parts = text.match(new RegExp(`.{1,${MAX_CHARACTER_STRING}}`, 'g')) ?? ['']
  return parts.map((part) => `"${part.replace(/["\\]/g, '\\$&')}"`).join(' ')
}
