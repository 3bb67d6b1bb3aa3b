/** The lab's well-behaved domains: at least one per source, each so made that no other source can answer for it. */
import {
  autoconfigXml,
  autodiscoverXml,
  type DocumentServer,
  jmapSession,
  json,
  paccDigest,
  paccJson,
  redirect,
  signInFirst,
  xml,
} from './documents.js'
import {
  AUTOCONFIG_PATH,
  AUTODISCOVER_PATH,
  hiddenAutoconfig,
  hiddenEntries,
  hiddenServers,
  hiddenSrv,
  PACC_PATH,
  POP3,
  POP3S,
  READING,
  SENDING,
  SIEVE,
  WELL_KNOWN_PATH,
  type World,
} from './world.js'

const paccDocument = paccJson({
  imap: 'reading.pacc.test',
  pop3: 'reading.pacc.test',
  smtp: 'sending.pacc.test',
})

const allEntries: DocumentServer[] = [
  { type: 'imap', hostname: 'imap.all.test', port: 993, socketType: 'SSL' },
  { type: 'pop3', hostname: 'pop.all.test', port: 995, socketType: 'SSL' },
  { type: 'smtp', hostname: 'smtp.all.test', port: 465, socketType: 'SSL' },
]
const allPacc = paccJson({ imap: 'imap.all.test', pop3: 'pop.all.test', smtp: 'smtp.all.test' })

export const SOURCES_WORLD: World = {
  // The schema of provider files refuses special-use domains (R3), so these two lie outside `.test`.
  'operator.lab': {
    description: "settings in the operator's own file",
    shows: 'source operator, trust operator',
    hosts: hiddenServers('operator.lab'),
  },
  'providerdb.lab': {
    description: 'settings in the provider database, by domain',
    shows: 'source provider-db, trust curated',
    hosts: hiddenServers('providerdb.lab'),
  },
  'autoconfig.test': {
    description: 'https://autoconfig.<domain>/ has the file',
    shows: 'source autoconfig, trust authenticated',
    hosts: {
      ...hiddenServers('autoconfig.test'),
      'autoconfig.autoconfig.test': {
        https: { [AUTOCONFIG_PATH]: xml(hiddenAutoconfig('autoconfig.test')) },
      },
    },
  },
  'wellknown.test': {
    description: 'https://<domain>/.well-known/autoconfig/ has the file',
    shows: 'source autoconfig, trust authenticated',
    hosts: {
      ...hiddenServers('wellknown.test'),
      'wellknown.test': { https: { [WELL_KNOWN_PATH]: xml(hiddenAutoconfig('wellknown.test')) } },
    },
  },
  'httphint.test': {
    description: 'the file only at http://autoconfig.<domain>/',
    shows: 'source autoconfig over http: corroborated by the certificates, address never sent',
    hosts: {
      ...hiddenServers('httphint.test'),
      'autoconfig.httphint.test': { http: { [AUTOCONFIG_PATH]: xml(hiddenAutoconfig('httphint.test')) } },
    },
  },
  'ispdb.test': {
    description: 'only the ISPDB knows the domain',
    shows: 'source ispdb, trust curated',
    hosts: hiddenServers('ispdb.test'),
    ispdb: hiddenAutoconfig('ispdb.test'),
  },
  'srv.test': {
    description: 'SRV records for IMAP, POP3 and submission, implicit TLS',
    shows: 'source srv, corroborated by the certificates; IMAP preferred by priority',
    hosts: hiddenServers('srv.test'),
    records: hiddenSrv('srv.test'),
  },
  'srv-starttls.test': {
    description: 'SRV records of the STARTTLS kind',
    shows: 'source srv, STARTTLS required on 143, 110 and 587',
    hosts: hiddenServers('srv-starttls.test'),
    records: {
      '_imap._tcp.srv-starttls.test': { SRV: [[0, 1, 143, 'reading.srv-starttls.test']] },
      '_pop3._tcp.srv-starttls.test': { SRV: [[0, 1, 110, 'reading.srv-starttls.test']] },
      '_submission._tcp.srv-starttls.test': { SRV: [[0, 1, 587, 'sending.srv-starttls.test']] },
    },
  },
  'srv-signed.test': {
    description: 'SRV records in a zone signed with DNSSEC',
    shows: 'source srv; authenticated when MAILSCOUT_DNSSEC=trust-ad, else corroborated',
    hosts: hiddenServers('srv-signed.test'),
    records: hiddenSrv('srv-signed.test'),
    signed: true,
  },
  'mx-known.test': {
    description: 'MX at a mailbox provider that the database knows',
    shows: 'source mx: the settings of bigmail.test, corroborated',
    records: { 'mx-known.test': { MX: [[10, 'mx1.bigmail.test']] } },
  },
  'mx-hoster.test': {
    description: 'MX at a hoster that publishes an autoconfig file',
    shows: 'source mx: https://autoconfig.hoster.test/, unconfirmed as the hoster is no known provider',
    records: { 'mx-hoster.test': { MX: [[10, 'mx.hoster.test']] } },
  },
  'mx-gateway.test': {
    description: 'MX at a mail filter that the database knows',
    shows: 'source mx answers absent with the class gateway; no guess from the MX',
    records: { 'mx-gateway.test': { MX: [[10, 'in.filter.test']] } },
  },
  'guess.test': {
    description: 'nothing published; imap., pop. and smtp. listen',
    shows: 'source guess, corroborated by the certificates',
    hosts: { 'imap.guess.test': READING, 'pop.guess.test': READING, 'smtp.guess.test': SENDING },
  },
  'pacc.test': {
    description: 'a PACC document with its digest in DNS',
    shows: 'source pacc, trust authenticated',
    hosts: {
      ...hiddenServers('pacc.test'),
      'ua-auto-config.pacc.test': { https: { [PACC_PATH]: json(paccDocument) } },
    },
    records: { '_ua-auto-config.pacc.test': { TXT: [paccDigest(paccDocument)] } },
  },
  'autodiscover.test': {
    description: 'Autodiscover answers with IMAP, POP3 and SMTP settings',
    shows:
      'source autodiscover, trust authenticated; the local part is a placeholder unless sendAddress is set',
    hosts: {
      ...hiddenServers('autodiscover.test'),
      'autodiscover.autodiscover.test': {
        https: { [AUTODISCOVER_PATH]: xml(autodiscoverXml(hiddenEntries('autodiscover.test'))) },
      },
    },
  },
  'autodiscover-srv.test': {
    description: '_autodiscover._tcp names the Autodiscover host',
    shows: 'source autodiscover through SRV',
    hosts: {
      ...hiddenServers('autodiscover-srv.test'),
      'exchange.autodiscover-srv.test': {
        https: { [AUTODISCOVER_PATH]: xml(autodiscoverXml(hiddenEntries('autodiscover-srv.test'))) },
      },
    },
    records: {
      '_autodiscover._tcp.autodiscover-srv.test': { SRV: [[0, 0, 443, 'exchange.autodiscover-srv.test']] },
    },
  },
  'jmap.test': {
    description: 'JMAP by SRV and /.well-known/jmap, beside IMAP',
    shows: 'source jmap names the session URL; source srv the rest',
    hosts: {
      ...hiddenServers('jmap.test'),
      'jmap.test': {
        https: { '/.well-known/jmap': redirect('https://api.jmap.test/.well-known/jmap', 301) },
      },
      'api.jmap.test': {
        https: {
          '/.well-known/jmap': redirect('/jmap/session', 307),
          '/jmap/session': (request) =>
            request.headers['authorization'] === undefined
              ? signInFirst('jmap')
              : json(jmapSession('api.jmap.test')),
        },
      },
    },
    records: {
      ...hiddenSrv('jmap.test'),
      '_jmap._tcp.jmap.test': { SRV: [[0, 1, 443, 'api.jmap.test']] },
    },
  },
  'dav.test': {
    description: 'calendar and address book by SRV and /.well-known/, beside IMAP',
    shows: 'source dav names CalDAV and CardDAV URLs; source srv the rest',
    hosts: {
      ...hiddenServers('dav.test'),
      'dav.test': {
        https: {
          '/.well-known/caldav': redirect('https://cloud.dav.test/dav/', 301),
          '/.well-known/carddav': redirect('https://cloud.dav.test/dav/', 301),
        },
      },
      'cloud.dav.test': {
        https: {
          '/dav/': signInFirst('dav'),
          '/.well-known/caldav': redirect('/dav/', 301),
          '/.well-known/carddav': redirect('/dav/', 301),
        },
      },
    },
    records: {
      ...hiddenSrv('dav.test'),
      '_caldavs._tcp.dav.test': { SRV: [[0, 1, 443, 'cloud.dav.test']], TXT: ['path=/dav/'] },
      '_carddavs._tcp.dav.test': { SRV: [[0, 1, 443, 'cloud.dav.test']], TXT: ['path=/dav/'] },
    },
  },
  'sieve.test': {
    description: 'mail filters by ManageSieve, beside IMAP',
    shows: 'source srv names managesieve on 4190',
    hosts: { ...hiddenServers('sieve.test'), 'filters.sieve.test': { mail: { 4190: SIEVE } } },
    records: {
      ...hiddenSrv('sieve.test'),
      '_sieve._tcp.sieve.test': { SRV: [[0, 1, 4190, 'filters.sieve.test']] },
    },
  },
  'all.test': {
    description: 'every source knows the domain, and all agree',
    shows: 'one server per protocol with a long list of sources, no conflict',
    hosts: {
      'imap.all.test': READING,
      'pop.all.test': READING,
      'smtp.all.test': SENDING,
      'all.test': { https: { [WELL_KNOWN_PATH]: xml(autoconfigXml('all.test', allEntries)) } },
      'autoconfig.all.test': { https: { [AUTOCONFIG_PATH]: xml(autoconfigXml('all.test', allEntries)) } },
      'autodiscover.all.test': { https: { [AUTODISCOVER_PATH]: xml(autodiscoverXml(allEntries)) } },
      'ua-auto-config.all.test': { https: { [PACC_PATH]: json(allPacc) } },
    },
    records: {
      '_imaps._tcp.all.test': { SRV: [[0, 1, 993, 'imap.all.test']] },
      '_pop3s._tcp.all.test': { SRV: [[10, 1, 995, 'pop.all.test']] },
      '_submissions._tcp.all.test': { SRV: [[0, 1, 465, 'smtp.all.test']] },
      '_ua-auto-config.all.test': { TXT: [paccDigest(allPacc)] },
    },
    ispdb: autoconfigXml('all.test', allEntries),
  },
  'pop3-only.test': {
    description: 'SRV for POP3 and submission; IMAP is named nowhere',
    shows: 'POP3 is recommended as the only way in',
    hosts: {
      'pop.pop3-only.test': { mail: { 995: POP3S, 110: POP3 } },
      'smtp.pop3-only.test': SENDING,
    },
    records: {
      '_pop3s._tcp.pop3-only.test': { SRV: [[0, 1, 995, 'pop.pop3-only.test']] },
      '_submissions._tcp.pop3-only.test': { SRV: [[0, 1, 465, 'smtp.pop3-only.test']] },
    },
  },
  'noimap.test': {
    description: 'the SRV target "." says there is no IMAP, though imap.<domain> listens',
    shows: 'imap in notOffered, no guess re-invents it; POP3 is recommended',
    hosts: { ...hiddenServers('noimap.test'), 'imap.noimap.test': READING },
    records: {
      ...hiddenSrv('noimap.test'),
      '_imaps._tcp.noimap.test': { SRV: [[0, 0, 0, '.']] },
      '_imap._tcp.noimap.test': { SRV: [[0, 0, 0, '.']] },
    },
  },
  'xn--mller-kva.test': {
    description: 'an internationalised domain: müller.test',
    shows: 'A-labels in hosts, U-labels for display',
    hosts: hiddenServers('xn--mller-kva.test'),
    records: hiddenSrv('xn--mller-kva.test'),
  },
  'bigmail.test': {
    description: 'the mailbox provider behind mx-known.test',
    shows: '',
    furniture: true,
    hosts: { 'imap.bigmail.test': READING, 'pop.bigmail.test': READING, 'smtp.bigmail.test': SENDING },
    records: { 'bigmail.test': { MX: [[10, 'mx1.bigmail.test']] }, 'mx1.bigmail.test': { A: ['127.9.9.1'] } },
  },
  'hoster.test': {
    description: 'the hoster behind mx-hoster.test',
    shows: '',
    furniture: true,
    hosts: {
      ...hiddenServers('hoster.test'),
      'autoconfig.hoster.test': { https: { [AUTOCONFIG_PATH]: xml(hiddenAutoconfig('hoster.test')) } },
    },
    records: { 'hoster.test': { MX: [[10, 'mx.hoster.test']] }, 'mx.hoster.test': { A: ['127.9.9.2'] } },
  },
  'filter.test': {
    description: 'the mail filter in front of mx-gateway.test',
    shows: '',
    furniture: true,
    records: { 'in.filter.test': { A: ['127.9.9.3'] } },
  },
}
