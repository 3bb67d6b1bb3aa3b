/**
 * Real servers from Debian's packages, found and verified by mailscout over real sockets on the real ports; and other
 * people's mail programs, which log in to them with nothing but our answer and a password.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import t, { type Test } from 'tap'
import {
  type DiscoverAnswer,
  discoverAnswerSchema,
  type Problem,
  problemSchema,
} from '../../../src/domain/answer.js'
import type { CheckAnswer } from '../../../src/domain/domain-check.js'
import { type LabService, serviceBeside } from '../../lab/service.js'
import {
  type Account,
  curl,
  type Endpoint,
  fetchmail,
  mbsync,
  message,
  msmtp,
  python,
  runInside,
} from './clients.js'
import { OWN_DOMAIN, SERVICE_HOST } from './domains.js'
import { missingProgram, run, until } from './processes.js'
import { type Servers, startServers, whyNoServers } from './site.js'
import { startThunderbird } from './thunderbird.js'

const skip = (await whyNoServers()) ?? false
const scene = (name: string, run: (t: Test) => Promise<void>) => t.test(name, { skip }, run)
/** Of a test with further programs. */
const withPrograms = (programs: Readonly<Record<string, string>>) => ({
  skip: skip === false ? (missingProgram(programs) ?? false) : skip,
})

t.setTimeout(120_000)
const services: LabService[] = []
const begun = performance.now()
const servers = skip === false ? await startServers() : (null as unknown as Servers)
t.comment(`servers: ${Math.round(performance.now() - begun)} ms`)
t.teardown(async () => {
  for (const service of services) await service.close()
  if (skip === false) await servers.close()
})

function serve(environment: Readonly<Record<string, string>> = {}): LabService {
  const service = serviceBeside(servers.surroundings, environment)
  services.push(service)
  return service
}

const service = skip === false ? serve({ MAILSCOUT_DNSSEC: 'trust-ad' }) : (null as unknown as LabService)

async function discover(t: Test, domain: string, { app } = service) {
  const response = await app.inject(`/v1/discover?email=ann@${domain}&verify=always`)
  const body = response.json<DiscoverAnswer & Problem>()
  const schema = response.statusCode === 200 ? discoverAnswerSchema : problemSchema
  t.ok(schema.safeParse(body).success, `${domain}: the answer has the shape of the contract`)
  return { status: response.statusCode, retryAfter: response.headers['retry-after'], body }
}

type Answered = DiscoverAnswer['servers']['imap'][number]

/** `host:port security trust` of each server, with the TLS version or the reason why there is none. */
function told(body: DiscoverAnswer): string[] {
  const { imap, pop3, smtp, managesieve } = body.servers
  return [...imap, ...pop3, ...smtp, ...managesieve].map((server) => `${place(server)} ${proof(server)}`)
}

function place({ hostname, port, security, trust }: Answered): string {
  return `${hostname}:${port} ${security} ${trust}`
}

function proof({ verification }: Answered): string {
  return verification.tls?.version ?? verification.failure?.code ?? verification.status
}

function outcome(body: { readonly sources: DiscoverAnswer['sources'] }, name: string): string | undefined {
  return body.sources.find(({ source }) => source === name)?.outcome
}

scene('each transport of Dovecot and Postfix is proved', async (t) => {
  const implicit = await discover(t, 'implicit.lab')
  t.strictSame(told(implicit.body), [
    'mail.implicit.lab:993 tls corroborated TLSv1.3',
    'mail.implicit.lab:995 tls corroborated TLSv1.3',
    'mail.implicit.lab:465 tls corroborated TLSv1.3',
  ])
  const starttls = await discover(t, 'starttls.lab')
  t.strictSame(told(starttls.body), [
    'mail.starttls.lab:143 starttls corroborated TLSv1.3',
    'mail.starttls.lab:110 starttls corroborated TLSv1.3',
    'mail.starttls.lab:587 starttls corroborated TLSv1.3',
    'mail.starttls.lab:4190 starttls corroborated TLSv1.3',
  ])
  for (const { body } of [implicit, starttls]) {
    for (const { verification } of [body.servers.imap[0]!, body.servers.pop3[0]!, body.servers.smtp[0]!]) {
      t.match(verification.saslMechanisms?.join(' '), /PLAIN LOGIN/)
    }
  }
  t.ok(implicit.body.servers.imap[0]?.verification.capabilities?.includes('IDLE'))
  t.ok(implicit.body.servers.smtp[0]?.verification.capabilities?.includes('8BITMIME'))
})

scene('what cannot prove itself is shown with the reason and written into no file', async (t) => {
  const both = (domain: string, implicit: readonly string[], starttls: readonly string[]) =>
    [
      [993, 143],
      [995, 110],
      [465, 587],
    ].flatMap(([tls, plain], i) => [
      `mail.${domain}:${tls} tls unconfirmed ${implicit[i]}`,
      `mail.${domain}:${plain} starttls unconfirmed ${starttls[i]}`,
    ])
  const thrice = (reason: string) => [reason, reason, reason]
  const cases: [string, string[]][] = [
    ['wrong.lab', both('wrong.lab', thrice('certificate'), thrice('certificate'))],
    ['expired.lab', both('expired.lab', thrice('certificate'), thrice('certificate'))],
    ['self-signed.lab', both('self-signed.lab', thrice('certificate'), thrice('certificate'))],
    // Dovecot hangs up without a word, which before any word of the server reads like a closed port (R11).
    ['old.lab', both('old.lab', ['unreachable', 'unreachable', 'tls'], thrice('tls'))],
    [
      'plain.lab',
      [143, 110, 587].map((port) => `mail.plain.lab:${port} starttls unconfirmed starttls-missing`),
    ],
  ]
  for (const [domain, expected] of cases) {
    const { status, body } = await discover(t, domain)
    t.equal(status, 200, domain)
    t.strictSame(told(body), expected, domain)
    t.equal(body.requiresConfirmation, true, domain)
    t.equal(body.recommendation, null, `${domain}: nothing is recommended`)
    const file = await service.app.inject(`/mail/config-v1.1.xml?emailaddress=ann@${domain}`)
    t.equal(file.statusCode, 404, `${domain}: no autoconfig file`)
  }
})

scene('the servers that only speak TLS 1.1 really do', async (t) => {
  for (const endpoint of ['993', '465', '587 -starttls smtp', '143 -starttls imap']) {
    const [port, ...more] = endpoint.split(' ')
    const client = (...version: string[]) =>
      run('openssl', ['s_client', '-connect', `${servers.addressOf('old')}:${port}`, ...more, ...version])
    const old = await client('-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0')
    t.match(old.stdout, /New, TLSv1\.[01], Cipher is \w/, endpoint)
    t.notMatch((await client('-tls1_2')).stdout, /New, TLSv1\.2, Cipher is \w/, `${endpoint}: not TLS 1.2`)
  }
})

scene('DNSSEC, from the signed zone to the trust of a server', async (t) => {
  const signed = await discover(t, 'signed.test')
  t.equal(place(signed.body.servers.imap[0]!), 'mail.signed.test:993 tls authenticated')
  t.match(signed.body.servers.imap[0]?.evidence, [{ channel: 'dnssec' }])
  const below = await discover(t, 'unsigned.test')
  t.equal(place(below.body.servers.imap[0]!), 'mail.unsigned.test:993 tls corroborated', 'no DS, no trust')
  const off = await discover(t, 'signed.test', serve())
  t.equal(
    place(off.body.servers.imap[0]!),
    'mail.signed.test:993 tls corroborated',
    'AD counts only on request',
  )
})

scene('a zone that does not validate is a failure, never an answer', async (t) => {
  for (const domain of ['expired.test', 'stripped.test']) {
    const { status, body, retryAfter } = await discover(t, domain)
    t.equal(status, 503, domain)
    t.equal(body.code, 'LOOKUP_FAILED', domain)
    t.ok(retryAfter, domain)
    t.match(
      body.sources.find(({ source }) => source === 'srv'),
      { outcome: 'failed', failure: { code: 'dns', detail: /SERVFAIL/ } },
      domain,
    )
  }
  const { body } = await discover(t, 'tampered.test')
  t.equal(outcome(body, 'srv'), 'failed')
  t.equal(body.degraded, true, 'the weaker answer of the usual names says so (R24)')
  t.notMatch(JSON.stringify(body), /thief/, 'the forged record went nowhere')
})

scene('more records than a datagram holds come over TCP', async (t) => {
  const { body } = await discover(t, 'many.lab')
  t.equal(place(body.servers.imap[0]!), 'mail.many.lab:993 tls corroborated')
  t.equal(body.servers.imap.length, 8, 'as many as are read')
})

scene('the same questions over HTTPS, in HTTP/2', async (t) => {
  const doh = serve({
    MAILSCOUT_DNS_SERVERS: `https://${servers.addressOf('resolver')}/dns-query`,
    MAILSCOUT_DNSSEC: 'trust-ad',
  })
  const signed = await discover(t, 'signed.test', doh)
  t.equal(place(signed.body.servers.imap[0]!), 'mail.signed.test:993 tls authenticated')
  const stripped = await discover(t, 'stripped.test', doh)
  t.equal(stripped.body.code, 'LOOKUP_FAILED')
})

scene('autoconfig files at real web hosts', async (t) => {
  const cases: [string, string, RegExp | undefined][] = [
    [
      'web.lab',
      'mail.web.lab:993 tls authenticated',
      /^https:\/\/autoconfig\.web\.lab\/mail\/config-v1\.1\.xml/,
    ],
    ['moved.lab', 'mail.moved.lab:993 tls authenticated', /^https:\/\/config\.moved\.lab\/file\.xml/],
    // From https to http: what is left is the hint of the http form.
    ['downgrade.lab', 'mail.downgrade.lab:993 tls corroborated', /^http:/],
    ['hint.lab', 'mail.hint.lab:993 tls corroborated', /^http:/],
    ['wrong-web.lab', 'mail.wrong-web.lab:993 tls corroborated', undefined],
    ['old-web.lab', 'mail.old-web.lab:993 tls corroborated', undefined],
  ]
  for (const [domain, expected, where] of cases) {
    const { body } = await discover(t, domain)
    const [server] = body.servers.imap
    t.equal(place(server!), expected)
    const read = server?.evidence.find(({ source }) => source === 'autoconfig')
    if (where) t.match(read?.where, where, domain)
    else t.equal(outcome(body, 'autoconfig'), 'absent', `${domain}: such a file is none`)
  }
})

scene('the usual names, without a record', async (t) => {
  const { body } = await discover(t, 'guess.lab')
  t.match(told(body), ['imap.guess.lab:993 tls corroborated TLSv1.3'])
  t.equal(place(body.servers.smtp[0]!), 'smtp.guess.lab:465 tls corroborated')
})

scene('what mailscout publishes for its own domain is found by every mechanism', async (t) => {
  const expected = {
    pacc: 'authenticated',
    autoconfig: 'authenticated',
    autodiscover: 'authenticated',
    srv: 'corroborated',
  }
  for (const [source, trust] of Object.entries(expected)) {
    const { body } = await discover(t, OWN_DOMAIN, serve({ MAILSCOUT_SOURCES: source }))
    t.strictSame(
      [body.servers.imap[0]!, body.servers.pop3[0]!, body.servers.smtp[0]!].map(place),
      [993, 995, 465].map((port) => `mail.${OWN_DOMAIN}:${port} tls ${trust}`),
      source,
    )
    t.strictSame(body.conflicts, [], source)
  }
})

scene('the check of a domain agrees with what is there', async (t) => {
  const faults = async (domain: string, severities = ['error']) => {
    const { findings } = (
      await servers.authority.app.inject(`/v1/domains/${domain}/check`)
    ).json<CheckAnswer>()
    const faulty = findings.filter(({ severity }) => severities.includes(severity))
    return [...new Set(faulty.map(({ code }) => code))].sort()
  }
  t.strictSame(
    await faults(OWN_DOMAIN, ['error', 'warning']),
    [],
    'nothing is wrong with what mailscout wrote',
  )
  // Warnings are for what nobody publishes, such as the missing autoconfig file.
  t.strictSame(await faults('expired.lab'), ['server-certificate'])
  t.strictSame(await faults('plain.lab'), ['starttls-missing'])
  t.strictSame(await faults('old.lab'), ['server-tls-failed', 'server-tls-old', 'server-unreachable'])
  t.strictSame(await faults('stripped.test'), ['dns-failed'])
})

/** When a message has arrived in Ann's mailbox: Postfix delivers in its own time. */
async function arrived(domain: string, subject: string): Promise<void> {
  const folder = join(servers.directory, 'mail', domain)
  const isThere = () =>
    existsSync(folder) &&
    readdirSync(folder, { recursive: true, withFileTypes: true }).some(
      (entry) =>
        entry.isFile() &&
        readFileSync(join(entry.parentPath, entry.name), 'latin1').includes(`Subject: ${subject}`),
    )
  await until(isThere)
}

/** Fetches a file over https, from the name and past the proxy that everybody sees. */
async function download(url: string): Promise<string> {
  const { status, stdout, stderr } = await runInside(site(), [
    'curl',
    ...['--silent', '--show-error', '--fail', '--cacert', servers.caFile, url],
  ])
  if (status !== 0) throw new Error(`${url}: ${stderr}`)
  return stdout
}

function site() {
  const { directory, caFile, password } = servers
  return { directory, caFile, password, resolver: servers.addressOf('resolver') }
}

scene('curl logs in with what the JSON says', async (t) => {
  for (const domain of ['implicit.lab', 'starttls.lab', OWN_DOMAIN]) {
    const { body } = await discover(t, domain)
    const { incoming, outgoing, alternative } = body.recommendation!
    const text = message(`ann@${domain}`, 'sent by curl')
    const sent = await curl(site(), endpoint(outgoing), { protocol: 'smtp', input: text })
    t.equal(sent.status, 0, `${domain} SMTP: ${sent.stderr}`)
    await arrived(domain, 'sent by curl')
    const imap = await curl(site(), endpoint(incoming), { protocol: 'imap', path: 'INBOX;MAILINDEX=1' })
    t.match(imap, { status: 0, stdout: /Subject: sent by curl/ }, `${domain} IMAP`)
    const pop3 = await curl(site(), endpoint(alternative?.incoming), { protocol: 'pop3', path: '1' })
    t.match(pop3, { status: 0, stdout: /Subject: sent by curl/ }, `${domain} POP3`)
  }
  const { body } = await discover(t, OWN_DOMAIN)
  const incoming = endpoint(body.recommendation?.incoming)
  const refused = await curl({ ...site(), password: 'wrong' }, incoming, { protocol: 'imap' })
  t.equal(refused.status, 67, 'another password does not do (CURLE_LOGIN_DENIED)')
})

t.test(
  'msmtp, mbsync and fetchmail log in with what the autoconfig file says',
  withPrograms({ msmtp: 'msmtp', mbsync: 'isync', fetchmail: 'fetchmail', xmllint: 'libxml2-utils' }),
  async (t) => {
    const url = `https://autoconfig.${OWN_DOMAIN}/mail/config-v1.1.xml?emailaddress=ann@${OWN_DOMAIN}`
    const file = join(servers.directory, 'config-v1.1.xml')
    writeFileSync(file, await download(url))
    const value = async (type: string, name: string) => {
      const path = `normalize-space(//*[@type="${type}"]/${name})`
      const { stdout } = await run('xmllint', ['--nonet', '--xpath', path, file])
      return stdout.trim()
    }
    const server = async (type: string): Promise<Endpoint> => ({
      hostname: await value(type, 'hostname'),
      port: Number(await value(type, 'port')),
      security: (await value(type, 'socketType')) === 'SSL' ? 'tls' : 'starttls',
      username: await value(type, 'username'),
    })
    const account: Account = {
      imap: await server('imap'),
      pop3: await server('pop3'),
      smtp: await server('smtp'),
    }
    const sent = await msmtp(site(), account, message(`ann@${OWN_DOMAIN}`, 'sent by msmtp'))
    t.equal(sent.status, 0, sent.stderr)
    await arrived(OWN_DOMAIN, 'sent by msmtp')
    const [copied, fetched] = await Promise.all([mbsync(site(), account), fetchmail(site(), account)])
    t.equal(copied.status, 0, copied.stderr)
    // Whichever reads it first marks it as seen for the other.
    const mails = ['new', 'cur'].flatMap((part) =>
      readdirSync(join(copied.folder, part)).map((name) =>
        readFileSync(join(copied.folder, part, name), 'utf8'),
      ),
    )
    t.match(mails.join('\n'), /Subject: sent by msmtp/, 'mbsync over IMAP')
    t.equal(fetched.status, 0, fetched.stderr + fetched.stdout)
    t.match(fetched.mail, /Subject: sent by msmtp/, 'fetchmail over POP3')
  },
)

t.test(
  'Python logs in with what the Apple profile says',
  withPrograms({ python3: 'python3', curl: 'curl' }),
  async (t) => {
    const profile = (protocol: string) =>
      download(`https://${SERVICE_HOST}/v1/mobileconfig?email=ann@${OWN_DOMAIN}&protocol=${protocol}`)
    const [imap, pop3] = [await profile('imap'), await profile('pop3')]
    const sent = await python(site(), imap, 'send')
    t.equal(sent.status, 0, sent.stderr)
    await arrived(OWN_DOMAIN, 'sent by Python')
    for (const [name, text] of Object.entries({ imap, pop3 })) {
      t.match(await python(site(), text, 'read'), { status: 0, stdout: /Subject: sent by Python/ }, name)
    }
  },
)

t.test(
  'Thunderbird finds the account by each of its ways and logs in',
  withPrograms({ thunderbird: 'thunderbird' }),
  async (t) => {
    const thunderbird = await startThunderbird(site(), `https://${SERVICE_HOST}/v1.1/`)
    t.teardown(() => thunderbird.stop())
    const email = `ann@${OWN_DOMAIN}`
    const logins = () =>
      servers.output().match(/(imap|pop3)-login: Info: Login: user=<ann@own\.lab>/g)?.length ?? 0
    const before = logins()
    const found = await thunderbird.setUp({ email, password: servers.password })
    const TLS = 3
    const server = (type: string, port: number) => ({
      ...{ type, hostname: `mail.${OWN_DOMAIN}`, port, socketType: TLS, username: email },
    })
    const account = {
      incoming: [server('imap', 993), server('pop3', 995)],
      outgoing: [server('smtp', 465)],
      logins: ['imap logged in', 'pop3 logged in'],
    }
    t.match(found, {
      isp: { source: 'xml-from-isp-https', ...account },
      db: { source: 'xml-from-db', ...account },
      autodiscover: { source: /^exchange-from-/, ...account },
    })
    t.equal(logins() - before, 6, 'Dovecot saw every one of these logins')
  },
)

function endpoint(server: Answered | null | undefined): Endpoint {
  if (!server || server.security === 'plain') throw new TypeError('no server to log in to')
  const { hostname, port, security, username } = server
  return { hostname, port, security, username }
}
