/** The lab's troubled domains: at least one per fault, each so made that a careless client would fall for it. */
import { autoconfigXml, parkedPage, redirect, signInFirst, xml } from './documents.js'
import {
  AUTOCONFIG_PATH,
  AUTODISCOVER_PATH,
  hiddenAutoconfig,
  hiddenEntries,
  hiddenServers,
  hiddenSrv,
  IMAP,
  IMAPS,
  READING,
  SENDING,
  SUBMISSION,
  SUBMISSIONS,
  type LabDomain,
  WELL_KNOWN_PATH,
  type World,
} from './world.js'

/** A domain whose guessable servers have one fault in common, and SRV records that name them. */
function faulty(domain: string, words: Pick<LabDomain, 'description' | 'shows' | 'hosts'>): LabDomain {
  return {
    ...words,
    records: {
      [`_imaps._tcp.${domain}`]: { SRV: [[0, 1, 993, `imap.${domain}`]] },
      [`_imap._tcp.${domain}`]: { SRV: [[0, 1, 143, `imap.${domain}`]] },
      [`_submissions._tcp.${domain}`]: { SRV: [[0, 1, 465, `smtp.${domain}`]] },
      [`_submission._tcp.${domain}`]: { SRV: [[0, 1, 587, `smtp.${domain}`]] },
    },
  }
}

export const FAULTS_WORLD: World = {
  'nothing.test': {
    description: 'exists, has a website, no mail at all',
    shows: 'NOTHING_FOUND: every source says absent',
    hosts: { 'nothing.test': { https: { '/': parkedPage } } },
    records: { 'nothing.test': { MX: [] } },
  },
  'nomail.test': {
    description: 'a null MX (RFC 7505), though imap.<domain> listens',
    shows: 'NO_MAIL, nothing is guessed',
    hosts: { 'imap.nomail.test': READING, 'smtp.nomail.test': SENDING },
    records: { 'nomail.test': { MX: [[0, '.']] } },
  },
  'blackhole.test': {
    description: 'every address swallows packets',
    shows: 'LOOKUP_FAILED within the budget: sources time out',
    hosts: Object.fromEntries(
      ['', 'autoconfig.', 'autodiscover.', 'ua-auto-config.', 'imap.', 'pop.', 'pop3.', 'smtp.', 'mail.'].map(
        (label) => [`${label}blackhole.test`, { swallows: true as const }],
      ),
    ),
  },
  'dnsfail.test': {
    description: 'the name server answers SERVFAIL to everything',
    shows: 'LOOKUP_FAILED, never "absent"',
    records: { 'dnsfail.test': { fault: 'servfail' }, '*.dnsfail.test': { fault: 'servfail' } },
  },
  'dnssilent.test': {
    description: 'the name server never answers',
    shows: 'LOOKUP_FAILED within the budget',
    records: { 'dnssilent.test': { fault: 'silent' }, '*.dnssilent.test': { fault: 'silent' } },
  },
  'dnstcp.test': {
    description: 'answers fit only into TCP',
    shows: 'source srv, after asking again over TCP',
    hosts: hiddenServers('dnstcp.test'),
    records: Object.fromEntries(
      Object.entries(hiddenSrv('dnstcp.test')).map(([name, records]) => [
        name,
        { ...records, fault: 'truncated' as const },
      ]),
    ),
  },
  'stale-panel.test': {
    description: 'a forgotten panel publishes its own servers, but mail is delivered to bigmail.test',
    shows: "the MX's provider ranks first, the panel's servers are a conflict",
    hosts: {
      ...hiddenServers('stale-panel.test'),
      'autoconfig.stale-panel.test': {
        https: { [AUTOCONFIG_PATH]: xml(hiddenAutoconfig('stale-panel.test')) },
      },
    },
    records: { 'stale-panel.test': { MX: [[10, 'mx1.bigmail.test']] } },
  },
  'cleartext.test': {
    description: 'an autoconfig file that lists servers without encryption first',
    shows: 'the plain ones in rejected, the one IMAP server with TLS in the answer',
    hosts: {
      ...hiddenServers('cleartext.test'),
      'autoconfig.cleartext.test': {
        https: {
          [AUTOCONFIG_PATH]: xml(
            autoconfigXml('cleartext.test', [
              { type: 'pop3', hostname: 'reading.cleartext.test', port: 110, socketType: 'plain' },
              { type: 'imap', hostname: 'reading.cleartext.test', port: 143, socketType: 'plain' },
              { type: 'imap', hostname: 'reading.cleartext.test', port: 993, socketType: 'SSL' },
              { type: 'smtp', hostname: 'sending.cleartext.test', port: 587, socketType: 'plain' },
              { type: 'smtp', hostname: 'sending.cleartext.test', port: 465, socketType: 'yes' },
            ]),
          ),
        },
      },
    },
  },
  'badcert.test': faulty('badcert.test', {
    description: "the mail servers show somebody else's certificate",
    shows: 'verification failed with the reason: the name does not match',
    hosts: {
      'imap.badcert.test': { ...READING, certificate: 'wrong-name' },
      'smtp.badcert.test': { ...SENDING, certificate: 'wrong-name' },
    },
  }),
  'expiredcert.test': faulty('expiredcert.test', {
    description: 'the certificates have expired',
    shows: 'verification failed with the reason: expired',
    hosts: {
      'imap.expiredcert.test': { ...READING, certificate: 'expired' },
      'smtp.expiredcert.test': { ...SENDING, certificate: 'expired' },
    },
  }),
  'selfsigned.test': faulty('selfsigned.test', {
    description: 'the certificates are self-signed',
    shows: 'verification failed with the reason: unknown issuer',
    hosts: {
      'imap.selfsigned.test': { ...READING, certificate: 'self-signed' },
      'smtp.selfsigned.test': { ...SENDING, certificate: 'self-signed' },
    },
  }),
  'oldtls.test': faulty('oldtls.test', {
    description: 'the servers speak TLS 1.1 and nothing newer',
    shows: 'verification failed: no common TLS version',
    hosts: {
      'imap.oldtls.test': { ...READING, certificate: 'tls1.1' },
      'smtp.oldtls.test': { ...SENDING, certificate: 'tls1.1' },
    },
  }),
  'nostarttls.test': faulty('nostarttls.test', {
    description: 'ports 143 and 587 listen without STARTTLS, 993 and 465 are closed',
    shows: 'verification failed: starttls-missing; nothing is offered in the clear',
    hosts: {
      'imap.nostarttls.test': { mail: { 143: { ...IMAP, mode: 'plain' } } },
      'smtp.nostarttls.test': { mail: { 587: { ...SUBMISSION, mode: 'plain' } } },
    },
  }),
  'injection.test': faulty('injection.test', {
    description: 'bytes stand behind the line that says TLS may begin (CVE-2011-0411)',
    shows: 'verification failed: starttls-injection',
    hosts: {
      'imap.injection.test': { mail: { 143: { ...IMAP, fault: 'injection' } } },
      'smtp.injection.test': { mail: { 587: { ...SUBMISSION, fault: 'injection' } } },
    },
  }),
  'silent.test': faulty('silent.test', {
    description: 'the servers accept connections and say nothing',
    shows: 'verification failed: timeout, within the budget',
    hosts: {
      'imap.silent.test': { mail: { 993: { ...IMAPS, fault: 'silent' }, 143: { ...IMAP, fault: 'silent' } } },
      'smtp.silent.test': {
        mail: { 465: { ...SUBMISSIONS, fault: 'silent' }, 587: { ...SUBMISSION, fault: 'silent' } },
      },
    },
  }),
  'babble.test': faulty('babble.test', {
    description: 'endless greetings, a line of one megabyte, garbage',
    shows: 'verification failed: protocol or too-large',
    hosts: {
      'imap.babble.test': {
        mail: { 993: { ...IMAPS, fault: 'long-line' }, 143: { ...IMAP, fault: 'garbage' } },
      },
      'smtp.babble.test': {
        mail: { 465: { ...SUBMISSIONS, fault: 'endless-greeting' }, 587: { ...SUBMISSION, fault: 'busy' } },
      },
    },
  }),
  'wildcard.test': {
    description: 'a wildcard record: every name exists, leads to a parked page and to listening mail ports',
    shows:
      'a listening guess proves nothing: unconfirmed or nothing, and the page of 200 is no configuration',
    hosts: {
      '*.wildcard.test': {
        https: { '*': parkedPage },
        http: { '*': parkedPage },
        mail: { ...READING.mail, ...SENDING.mail },
      },
    },
  },
  'redirect-out.test': {
    description: 'the autoconfig address redirects to another domain',
    shows: 'followed, but only a suggestion: warning for the redirect out of the domain',
    hosts: {
      ...hiddenServers('redirect-out.test'),
      'autoconfig.redirect-out.test': {
        https: { [AUTOCONFIG_PATH]: redirect(`https://files.elsewhere.test/redirect-out.xml`) },
      },
    },
  },
  'redirect-http.test': {
    description: 'the https autoconfig address redirects to http',
    shows: 'the hop to http is refused',
    hosts: {
      ...hiddenServers('redirect-http.test'),
      'autoconfig.redirect-http.test': {
        https: { [AUTOCONFIG_PATH]: redirect('http://files.redirect-http.test/config.xml') },
      },
      'files.redirect-http.test': { http: { '/config.xml': xml(hiddenAutoconfig('redirect-http.test')) } },
    },
  },
  'redirect-loop.test': {
    description: 'the autoconfig address redirects to itself',
    shows: 'source autoconfig absent, because of the redirect',
    hosts: {
      'autoconfig.redirect-loop.test': {
        https: { [AUTOCONFIG_PATH]: redirect(`https://autoconfig.redirect-loop.test${AUTOCONFIG_PATH}`) },
      },
    },
  },
  'html200.test': {
    description: 'every path answers 200 with a web page',
    shows: 'no configuration is read from HTML; the SRV records still count',
    hosts: {
      ...hiddenServers('html200.test'),
      'html200.test': { https: { '*': parkedPage } },
      'autoconfig.html200.test': { https: { '*': parkedPage }, http: { '*': parkedPage } },
      'autodiscover.html200.test': { https: { '*': parkedPage } },
    },
    records: hiddenSrv('html200.test'),
  },
  'bigfile.test': {
    description: 'the autoconfig file never ends',
    shows: 'source autoconfig absent, because the file is too large',
    hosts: {
      'autoconfig.bigfile.test': {
        https: { [AUTOCONFIG_PATH]: { headers: { 'content-type': 'text/xml' }, fault: 'endless' } },
      },
    },
  },
  'webcert.test': {
    description: 'the autoconfig host has a certificate for another name',
    shows: 'the file is not read: source autoconfig absent, because of the certificate',
    hosts: {
      ...hiddenServers('webcert.test'),
      'autoconfig.webcert.test': {
        https: { [AUTOCONFIG_PATH]: xml(hiddenAutoconfig('webcert.test')) },
        certificate: 'wrong-name',
      },
    },
  },
  'srv-outside.test': {
    description: 'SRV records lead to servers of another domain',
    shows: 'unconfirmed, with the warning srv-target-outside-domain',
    records: hiddenSrv('srv-outside.test', 'elsewhere.test'),
  },
  'srv-465.test': {
    description: '_submission with port 465, as half of all such records have it',
    shows: 'read as implicit TLS, with a warning',
    hosts: hiddenServers('srv-465.test'),
    records: {
      '_imaps._tcp.srv-465.test': { SRV: [[0, 1, 993, 'reading.srv-465.test']] },
      '_submission._tcp.srv-465.test': { SRV: [[0, 1, 465, 'sending.srv-465.test']] },
    },
  },
  'conflict.test': {
    description: 'autoconfig and SRV name different servers',
    shows: 'autoconfig first (authenticated), the others listed, conflict reported',
    hosts: {
      ...hiddenServers('conflict.test'),
      'new.conflict.test': { mail: { ...READING.mail, ...SENDING.mail } },
      'autoconfig.conflict.test': { https: { [AUTOCONFIG_PATH]: xml(hiddenAutoconfig('conflict.test')) } },
    },
    records: {
      '_imaps._tcp.conflict.test': { SRV: [[0, 1, 993, 'new.conflict.test']] },
      '_submissions._tcp.conflict.test': { SRV: [[0, 1, 465, 'new.conflict.test']] },
    },
  },
  'slow-autoconfig.test': {
    description: 'the autoconfig host never answers; SRV records are there',
    shows: 'the SRV answer with degraded: true',
    hosts: {
      ...hiddenServers('slow-autoconfig.test'),
      'autoconfig.slow-autoconfig.test': { https: { '*': { fault: 'never' } } },
    },
    records: hiddenSrv('slow-autoconfig.test'),
  },
  'exchange-401.test': {
    description: 'Autodiscover asks for a password',
    shows: 'Exchange reported as present, no challenge answered',
    hosts: {
      'autodiscover.exchange-401.test': { https: { [AUTODISCOVER_PATH]: signInFirst('exchange') } },
    },
  },
  'private.test': {
    description: 'names that lead to private addresses, and a redirect to one',
    shows: 'nothing private is ever dialled; failures read like any other',
    hosts: {
      'private.test': { https: { [WELL_KNOWN_PATH]: redirect('https://intern.private.test/config.xml') } },
    },
    records: {
      'autoconfig.private.test': { A: ['10.0.0.1'] },
      'autodiscover.private.test': { A: ['169.254.169.254'] },
      'imap.private.test': { A: ['192.168.1.1'], AAAA: ['::1', 'fd00::1'] },
      'intern.private.test': { A: ['10.0.0.1'] },
      '_imaps._tcp.private.test': { SRV: [[0, 1, 993, 'localhost']] },
      '_submissions._tcp.private.test': { SRV: [[0, 1, 465, 'imap.private.test']] },
    },
  },
  'pacc-baddigest.test': {
    description: 'a PACC document that does not match its digest',
    shows: 'the document is never parsed: source pacc answers absent and says why',
    hosts: {
      ...hiddenServers('pacc-baddigest.test'),
      'ua-auto-config.pacc-baddigest.test': {
        https: { '*': { headers: { 'content-type': 'application/json' }, body: '{"protocols":{}}\n' } },
      },
    },
    records: {
      '_ua-auto-config.pacc-baddigest.test': {
        TXT: ['v=UAAC1; a=sha256; d=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='],
      },
    },
  },
  'elsewhere.test': {
    description: 'where redirect-out.test and srv-outside.test lead',
    shows: '',
    furniture: true,
    hosts: {
      ...hiddenServers('elsewhere.test'),
      'files.elsewhere.test': {
        https: {
          '/redirect-out.xml': xml(autoconfigXml('redirect-out.test', hiddenEntries('redirect-out.test'))),
        },
      },
    },
  },
}
