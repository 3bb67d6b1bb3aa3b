/**
 * What answers have in common, for the compression (RFC 1950 section 2.2, preset dictionary): an answer as it usually
 * looks, so that one costs only what is its own. A change here makes a new format (`PACK_FORMAT`); nothing breaks.
 */

const NO_SERVERS = { jmap: [], caldav: [], carddav: [], managesieve: [], exchange: [] }

function server(host: string, port: number, proof: object) {
  return {
    hostname: `${host}.`,
    port,
    security: 'tls',
    username: '%EMAILADDRESS%',
    authentication: ['password-cleartext'],
    trust: 'corroborated',
    requiresConfirmation: false,
    registrableDomain: '',
    sources: ['provider-db', 'mx', 'srv', 'autoconfig'],
    declaredOrder: 0,
    verification: {
      status: 'verified',
      checkedAt: '2026-',
      tls: { version: 'TLSv1.3', certificateExpiresAt: '2026-' },
      ...proof,
    },
    evidence: [{ source: 'autoconfig', where: 'https://autoconfig.', channel: 'https' }],
  }
}

function report(source: string, outcome: string, rest: object = {}) {
  return { source, outcome, durationMs: 1, ...rest }
}

const TIMEOUT = { failure: { code: 'timeout', detail: 'the server did not answer in time' } }

/** Rare words, which need not stand near the end, where references are shortest. */
const RARE = [
  { verification: { status: 'unchecked' }, trust: 'unconfirmed', requiresConfirmation: true },
  {
    verification: {
      status: 'failed',
      failure: {
        code: 'certificate',
        detail: 'the certificate was refused: it is not valid for the host name',
      },
    },
  },
  {
    security: 'starttls',
    username: '%EMAILLOCALPART%',
    authentication: ['oauth2', 'password-encrypted'],
    trust: 'authenticated',
  },
  {
    evidence: [{ source: 'ispdb', where: 'https://autoconfig.thunderbird.net/v1.1/', channel: 'https' }],
    trust: 'curated',
  },
  {
    evidence: [
      { source: 'srv', where: 'SRV _imaps._tcp.', channel: 'dns' },
      { source: 'srv', where: 'SRV _submissions._tcp.', channel: 'dnssec' },
    ],
  },
  {
    evidence: [
      { source: 'provider-db', where: 'provider ', channel: 'curated' },
      { source: 'mx', where: 'MX ', channel: 'dns' },
    ],
  },
  { evidence: [{ source: 'guess', where: '', channel: 'probe' }], sources: ['guess'] },
  {
    where: [
      '/.well-known/autoconfig/mail/config-v1.1.xml',
      '/autodiscover/autodiscover.xml',
      '/.well-known/jmap',
      '/mail/config-v1.1.xml',
    ],
  },
  {
    provider: {
      id: '',
      name: '',
      documentation: [
        { url: 'https://support.', language: 'de' },
        { url: 'https://www.', language: 'en' },
      ],
    },
  },
  {
    oauth2: {
      issuer: 'https://',
      authorizationUrl: 'https://login.',
      tokenUrl: 'https://',
      scopes: ['https://'],
    },
  },
  {
    notices: [
      { code: 'app-password-required', params: { provider: '' }, url: 'https://', texts: { de: '', en: '' } },
    ],
  },
  {
    warnings: [
      { code: 'srv-target-outside-domain', params: { hostname: '' } },
      { code: 'mx-target-outside-domain', params: { hostname: '' } },
    ],
  },
  {
    warnings: [
      { code: 'insecure-http', params: {} },
      { code: 'degraded', params: { sources: '' } },
      { code: 'conflict' },
      { code: 'cleartext-rejected' },
    ],
  },
  {
    conflicts: [
      {
        protocol: 'imap',
        kind: 'hostname',
        chosen: { sources: ['mx'], value: '' },
        other: { sources: ['autoconfig'], value: ':993 tls' },
      },
    ],
  },
  {
    rejected: [
      {
        source: 'autoconfig',
        protocol: 'imap',
        hostname: '',
        port: 143,
        reason: 'cleartext',
        server: { protocol: 'imap', hostname: '', port: 143, security: 'plain' },
      },
    ],
  },
  report('jmap', 'failed', TIMEOUT),
  report('guess', 'absent', { detail: '993 is not usable: the certificate was refused' }),
  report('guess', 'skipped', { detail: 'settled by a better source' }),
  report('srv', 'skipped', { detail: 'not awaited: the answer was settled' }),
  report('autodiscover', 'failed', {
    failure: { code: 'dns', detail: 'the DNS servers did not answer in time' },
  }),
]

const USUAL = {
  domain: '',
  kind: 'found',
  provider: null,
  servers: {
    imap: [
      server('imap', 993, {
        capabilities: [
          'IMAP4REV1',
          'IDLE',
          'UIDPLUS',
          'AUTH=PLAIN',
          'AUTH=LOGIN',
          'ID',
          'ENABLE',
          'NAMESPACE',
          'LITERAL+',
          'SASL-IR',
          'LOGIN-REFERRALS',
          'MOVE',
          'SPECIAL-USE',
          'QUOTA',
          'AUTH=XOAUTH2',
          'AUTH=OAUTHBEARER',
        ],
        saslMechanisms: ['PLAIN', 'LOGIN'],
      }),
    ],
    pop3: [
      server('pop', 995, {
        capabilities: [
          'TOP',
          'UIDL',
          'RESP-CODES',
          'PIPELINING',
          'AUTH-RESP-CODE',
          'USER',
          'SASL PLAIN LOGIN',
        ],
        saslMechanisms: ['USER', 'PLAIN', 'LOGIN'],
      }),
    ],
    smtp: [
      server('smtp', 465, {
        capabilities: [
          'PIPELINING',
          'SIZE 52428800',
          'VRFY',
          'ETRN',
          'ENHANCEDSTATUSCODES',
          '8BITMIME',
          'DSN',
          'SMTPUTF8',
          'CHUNKING',
          'AUTH PLAIN LOGIN',
        ],
        saslMechanisms: ['PLAIN', 'LOGIN'],
      }),
    ],
    ...NO_SERVERS,
  },
  oauth2: null,
  notices: [],
  receivesMail: true,
  suggestions: [],
  warnings: [],
  conflicts: [],
  rejected: [],
  notOffered: [],
  degraded: false,
  sources: [
    report('operator', 'absent'),
    report('pacc', 'absent'),
    report('autoconfig', 'found'),
    report('provider-db', 'absent'),
    report('ispdb', 'absent'),
    report('mx', 'absent'),
    report('srv', 'absent'),
    report('autodiscover', 'absent'),
    report('jmap', 'absent'),
    report('dav', 'absent'),
    report('guess', 'absent'),
  ],
  ttlSeconds: 3600,
  lookedUpAt: 17,
}

export const DICTIONARY: Buffer = Buffer.from(JSON.stringify([...RARE, USUAL]))
