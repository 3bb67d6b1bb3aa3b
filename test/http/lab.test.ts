/** The whole line, from an HTTP request to servers and advice, against the small internet. */
import { XMLParser } from 'fast-xml-parser'
import { parse as parsePlist } from 'plist'
import t from 'tap'
import {
  type DiscoverAnswer,
  discoverAnswerSchema,
  type Problem,
  problemSchema,
} from '../../src/domain/answer.js'
import { startLab } from '../lab/lab.js'
import { serviceBeside } from '../lab/service.js'

const lab = await startLab()
const { app, bugs, logLines, ...service } = serviceBeside(lab)
t.teardown(async () => {
  await service.close()
  await lab.close()
})

async function discover(
  domain: string,
  query = '',
): Promise<{ status: number; body: DiscoverAnswer & Problem }> {
  const response = await app.inject(`/v1/discover?email=Ann.Secret@${domain}${query}`)
  const body = response.json<DiscoverAnswer & Problem>()
  const schema = response.statusCode === 200 ? discoverAnswerSchema : problemSchema
  t.ok(schema.safeParse(body).success, `${domain}: the answer has the shape of the contract`)
  return { status: response.statusCode, body }
}

function first(body: DiscoverAnswer, protocol: 'imap' | 'pop3' | 'smtp'): string {
  const server = body.servers[protocol][0]
  return server ? `${server.hostname}:${server.port} ${server.security} ${server.trust}` : 'none'
}

t.test('each source alone is enough to find its domain', async (t) => {
  const cases: [string, string, string, string][] = [
    [
      'operator.lab',
      'operator',
      'reading.operator.lab:993 tls operator',
      'sending.operator.lab:465 tls operator',
    ],
    [
      'providerdb.lab',
      'provider-db',
      'reading.providerdb.lab:993 tls curated',
      'sending.providerdb.lab:465 tls curated',
    ],
    [
      'autoconfig.test',
      'autoconfig',
      'reading.autoconfig.test:993 tls authenticated',
      'sending.autoconfig.test:465 tls authenticated',
    ],
    [
      'wellknown.test',
      'autoconfig',
      'reading.wellknown.test:993 tls authenticated',
      'sending.wellknown.test:465 tls authenticated',
    ],
    [
      'httphint.test',
      'autoconfig',
      'reading.httphint.test:993 tls corroborated',
      'sending.httphint.test:465 tls corroborated',
    ],
    ['ispdb.test', 'ispdb', 'reading.ispdb.test:993 tls curated', 'sending.ispdb.test:465 tls curated'],
    ['srv.test', 'srv', 'reading.srv.test:993 tls corroborated', 'sending.srv.test:465 tls corroborated'],
    [
      'srv-starttls.test',
      'srv',
      'reading.srv-starttls.test:143 starttls corroborated',
      'sending.srv-starttls.test:587 starttls corroborated',
    ],
    [
      'mx-known.test',
      'mx',
      'imap.bigmail.test:993 tls corroborated',
      'smtp.bigmail.test:465 tls corroborated',
    ],
    [
      'mx-hoster.test',
      'mx',
      'reading.hoster.test:993 tls unconfirmed',
      'sending.hoster.test:465 tls unconfirmed',
    ],
    ['guess.test', 'guess', 'imap.guess.test:993 tls corroborated', 'smtp.guess.test:465 tls corroborated'],
  ]
  for (const [domain, source, imap, smtp] of cases) {
    const { status, body } = await discover(domain)
    t.equal(status, 200, domain)
    t.equal(first(body, 'imap'), imap)
    t.equal(first(body, 'smtp'), smtp)
    t.same(body.servers.imap[0]?.sources, [source], `${domain}: only ${source} knows it`)
    t.equal(body.recommendation?.protocol, 'imap')
    t.equal(body.degraded, false, `${domain}: every source could be asked`)
    t.equal(
      body.requiresConfirmation,
      imap.endsWith('unconfirmed'),
      `${domain}: what is unconfirmed must be confirmed by the reader`,
    )
  }
})

t.test('a domain with all sources agrees', async (t) => {
  await discover('all.test')
  // The first answer waits for no more than it needs.
  await service.mailscout.service.idle()
  const { body } = await discover('all.test')
  t.same(body.conflicts, [])
  t.equal(first(body, 'imap'), 'imap.all.test:993 tls authenticated')
  for (const source of ['autoconfig', 'ispdb', 'srv']) {
    t.ok(body.servers.imap[0]?.sources.includes(source as 'srv'), `${source} corroborates`)
  }
  t.equal(body.servers.imap[0]?.verification.status, 'verified')
  t.match(body.servers.imap[0]?.verification.tls?.version, /^TLSv1\.[23]$/)
})

t.test('nothing, no mail, and could not look are three answers', async (t) => {
  const nothing = await discover('nothing.test')
  t.equal(`${nothing.status} ${nothing.body.code}`, '404 NOTHING_FOUND')
  t.ok(nothing.body.sources.every(({ outcome }) => outcome === 'absent'))
  const nomail = await discover('nomail.test')
  t.equal(`${nomail.status} ${nomail.body.code}`, '404 NO_MAIL')
  const failed = await discover('dnsfail.test')
  t.equal(`${failed.status} ${failed.body.code}`, '503 LOOKUP_FAILED')
  t.ok(failed.body.sources.some(({ outcome }) => outcome === 'failed'))
  t.equal((await app.inject('/v1/discover?email=ann@dnsfail.test')).headers['retry-after'], '10')
})

t.test('a failing or slow source never breaks what another can give', async (t) => {
  const slow = serviceBeside(lab, { MAILSCOUT_BUDGET_MS: '700' })
  t.teardown(() => slow.close())
  const response = await slow.app.inject('/v1/discover?email=ann@slow-autoconfig.test')
  const body = response.json<DiscoverAnswer>()
  t.equal(first(body, 'imap'), 'reading.slow-autoconfig.test:993 tls corroborated')
  t.equal(body.degraded, true)
  t.match(
    body.sources.find(({ source }) => source === 'autoconfig'),
    { outcome: 'failed', failure: { code: 'timeout' } },
  )
  t.ok(body.warnings.some(({ code, text }) => code === 'degraded' && text.includes('autoconfig')))

  const black = await slow.app.inject('/v1/discover?email=ann@blackhole.test')
  t.equal(black.statusCode, 503)
  t.equal(black.json<Problem>().code, 'LOOKUP_FAILED')
})

t.test('faults of a mail server keep it from being recommended', async (t) => {
  const cases: [string, RegExp][] = [
    ['badcert.test', /certificate/],
    ['expiredcert.test', /certificate|expired/],
    ['selfsigned.test', /certificate|self/],
    ['nostarttls.test', /starttls-missing|unreachable/],
    ['injection.test', /starttls-injection|unreachable/],
    ['oldtls.test', /tls|unreachable/],
    ['babble.test', /protocol|unreachable/],
  ]
  for (const [domain, code] of cases) {
    const { status, body } = await discover(domain)
    t.equal(status, 200, `${domain}: what was declared is shown`)
    for (const server of [...body.servers.imap, ...body.servers.smtp]) {
      t.equal(server.verification.status, 'failed', `${domain} ${server.hostname}:${server.port}`)
      t.match(server.verification.failure?.code, code)
      t.equal(server.trust, 'unconfirmed')
    }
    t.equal(body.recommendation, null, `${domain}: a hint whose check failed is not recommended`)
    t.same(body.conflicts, [], `${domain}: one source does not contradict itself`)
    const xml = await app.inject(`/mail/config-v1.1.xml?emailaddress=ann@${domain}`)
    t.equal(xml.statusCode, 404, `${domain}: no machine format`)
  }
})

t.test('conflicts, MX override, refusals', async (t) => {
  const conflict = (await discover('conflict.test')).body
  t.equal(first(conflict, 'imap'), 'reading.conflict.test:993 tls authenticated')
  t.match(conflict.conflicts[0], { protocol: 'imap', kind: 'hostname', other: { sources: ['srv'] } })

  const panel = (await discover('stale-panel.test')).body // R27, himalaya#648
  t.equal(first(panel, 'imap'), 'imap.bigmail.test:993 tls corroborated')
  t.match(panel.conflicts[0], { kind: 'hostname', other: { sources: ['autoconfig'] } })

  const noimap = (await discover('noimap.test')).body // R18
  t.same(noimap.notOffered, ['imap'])
  t.same(noimap.servers.imap, [])
  t.equal(noimap.recommendation?.protocol, 'pop3')
  t.ok(noimap.recommendation?.reasons.some(({ code }) => code === 'leave-on-server'))

  const clear = (await discover('cleartext.test')).body // R20
  t.ok(clear.rejected.some(({ reason }) => reason === 'cleartext'))
  t.notOk([...clear.servers.imap, ...clear.servers.smtp].some(({ security }) => security === 'plain'))
  const insisting = (await discover('cleartext.test', '&allowCleartext=true')).body
  t.ok([...insisting.servers.pop3, ...insisting.servers.smtp].some(({ security }) => security === 'plain'))
  t.ok(insisting.warnings.some(({ code }) => code === 'cleartext'))

  const outside = (await discover('srv-outside.test')).body // U4
  t.equal(first(outside, 'imap'), 'reading.elsewhere.test:993 tls unconfirmed')
  t.ok(outside.warnings.some(({ code }) => code === 'srv-target-outside-domain'))
  t.equal(outside.requiresConfirmation, true)
  t.equal(outside.servers.imap[0]?.registrableDomain, 'elsewhere.test')
})

t.test('the answer speaks the language and follows the use', async (t) => {
  const pop3 = (await discover('all.test', '&devices=one&keep=device&lang=de')).body
  t.equal(pop3.recommendation?.protocol, 'pop3')
  t.match(
    pop3.recommendation?.reasons.map(({ text }) => text).join(' '),
    /POP3 holt Ihre E-Mails.*SMTP verschickt/s,
  )
  t.equal(pop3.recommendation?.alternative?.protocol, 'imap')
  const accepted = await app.inject({
    url: '/v1/discover?email=ann@all.test',
    headers: { 'accept-language': 'pl, de;q=0.8, en;q=0.5' },
  })
  t.equal(accepted.headers['content-language'], 'de')
})

t.test('letters of the world: Unicode domains, addresses, and DNSSEC', async (t) => {
  const idn = await app.inject(`/v1/discover?email=${encodeURIComponent('jörg@Müller.test')}`)
  const body = idn.json<DiscoverAnswer>()
  t.match(body.query, {
    email: 'jörg@xn--mller-kva.test',
    domain: 'xn--mller-kva.test',
    unicodeDomain: 'müller.test',
  })
  t.ok(body.notices.some(({ code }) => code === 'smtp-utf8'))
  t.equal(body.servers.imap[0]?.username, 'jörg@xn--mller-kva.test')
  const plus = (await discover('all.test')).body
  t.notOk(plus.notices.some(({ code }) => code === 'smtp-utf8'))

  const validating = serviceBeside(lab, { MAILSCOUT_DNSSEC: 'trust-ad' })
  t.teardown(() => validating.close())
  const signed = await validating.app.inject('/v1/discover?email=ann@srv-signed.test')
  t.equal(first(signed.json<DiscoverAnswer>(), 'imap'), 'reading.srv-signed.test:993 tls authenticated')
  const unsigned = await validating.app.inject('/v1/discover?email=ann@srv.test')
  t.equal(first(unsigned.json<DiscoverAnswer>(), 'imap'), 'reading.srv.test:993 tls corroborated')
  t.equal(
    first((await discover('srv-signed.test')).body, 'imap'),
    'reading.srv-signed.test:993 tls corroborated',
  )
})

t.test('autoconfig XML keeps every section complete (R44)', async (t) => {
  const response = await app.inject('/mail/config-v1.1.xml?emailaddress=Ann.Secret@all.test')
  t.equal(response.headers['content-type'], 'text/xml; charset=utf-8')
  t.equal(response.headers['cache-control'], 'no-store')
  const parser = new XMLParser({ ignoreAttributes: false, isArray: (name) => name.endsWith('Server') })
  const { emailProvider } = (
    parser.parse(response.body) as { clientConfig: { emailProvider: Record<string, unknown> } }
  ).clientConfig
  t.match(emailProvider, {
    '@_id': 'all.test',
    domain: 'all.test',
    incomingServer: [
      {
        '@_type': 'imap',
        hostname: 'imap.all.test',
        port: 993,
        socketType: 'SSL',
        username: 'Ann.Secret@all.test',
      },
      { '@_type': 'pop3', hostname: 'pop.all.test', port: 995, socketType: 'SSL' },
    ],
    outgoingServer: [
      { '@_type': 'smtp', hostname: 'smtp.all.test', port: 465, authentication: 'password-cleartext' },
    ],
  })

  const evolution = await app.inject(
    '/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=EVOLUTIONUSER@all.test',
  )
  t.match(evolution.body, '<username>EVOLUTIONUSER@all.test</username>')
  const byDomain = await app.inject('/v1.1/all.test')
  t.match(byDomain.body, '%EMAILADDRESS%')
  const again = await app.inject({
    url: '/v1.1/all.test',
    headers: { 'if-none-match': String(byDomain.headers['etag']) },
  })
  t.equal(again.statusCode, 304)
  t.equal(again.body, '')

  const own = await app.inject({ url: '/mail/config-v1.1.xml', headers: { host: 'autoconfig.operator.lab' } })
  t.match(own.body, 'reading.operator.lab', 'a Host of the operator names the domain')
  for (const host of [
    'autoconfig.all.test',
    'evil',
    '',
    '127.0.0.1:8080',
    'autoconfig.operator.lab.evil.test',
  ]) {
    const strange = await app.inject({ url: '/mail/config-v1.1.xml', headers: { host } })
    t.equal(strange.statusCode, 404, `Host "${host}" names nothing`)
  }
})

t.test('the profile is a property list with the keys of R46', async (t) => {
  const response = await app.inject('/v1/mobileconfig?email=Ann.Secret@all.test&protocol=imap&lang=de')
  t.equal(response.statusCode, 200)
  t.match(response.headers['content-type'], 'application/x-apple-aspen-config')
  t.equal(response.headers['content-disposition'], 'attachment; filename="all.test.mobileconfig"')
  const profile = parsePlist(response.body) as {
    PayloadContent: Record<string, unknown>[]
    PayloadUUID: string
  }
  t.match(profile.PayloadContent[0], {
    PayloadType: 'com.apple.mail.managed',
    EmailAccountType: 'EmailTypeIMAP',
    EmailAddress: 'Ann.Secret@all.test',
    IncomingMailServerHostName: 'imap.all.test',
    IncomingMailServerPortNumber: 993,
    IncomingMailServerUseSSL: true,
    IncomingMailServerAuthentication: 'EmailAuthPassword',
    IncomingMailServerUsername: 'Ann.Secret@all.test',
    OutgoingMailServerHostName: 'smtp.all.test',
    OutgoingMailServerPortNumber: 465,
    OutgoingMailServerUseSSL: true,
  })
  t.notMatch(response.body, /Password<\/key>\s*<string>/, 'no password')
  const again = await app.inject('/v1/mobileconfig?email=Ann.Secret@all.test&protocol=imap&lang=de')
  t.equal(again.body, response.body, 'deterministic')
  const pop3 = await app.inject('/v1/mobileconfig?email=Ann.Secret@all.test&protocol=pop3')
  t.match(pop3.body, 'EmailTypePOP')
  const starttls = await app.inject('/v1/mobileconfig?email=ann@srv-starttls.test')
  t.equal(starttls.statusCode, 422)
  t.equal(starttls.json<Problem>().code, 'PROFILE_UNSUPPORTED')
  t.equal(
    (await app.inject('/v1/mobileconfig?email=ann@mx-hoster.test')).statusCode,
    422,
    'unconfirmed: no profile (R26)',
  )
})

t.test('options hold for every format, and a client that leaves is no error', async (t) => {
  const asked = (accept: string) =>
    app.inject({ url: '/v1/discover?email=ann@all.test&devices=one&keep=device', headers: { accept } })
  t.equal((await asked('application/json')).json<DiscoverAnswer>().recommendation?.protocol, 'pop3')
  t.match(
    (await asked('application/x-apple-aspen-config')).body,
    'EmailTypePOP',
    'the profile follows the advice',
  )

  const before = logLines.length
  const leaving = new AbortController()
  const left = app.inject({ url: '/v1/discover?email=ann@slow-autoconfig.test', signal: leaving.signal })
  leaving.abort()
  await t.rejects(left)
  await service.mailscout.service.idle()
  t.notMatch(logLines.slice(before).join(''), /"level":50/, 'nothing at level error')
})

t.test('settings of a domain are cacheable and hold no address', async (t) => {
  const response = await app.inject('/v1/domains/all.test')
  t.match(response.headers['cache-control'], /^public, max-age=\d+$/)
  const body = response.json<DiscoverAnswer>()
  t.equal(body.query.email, null)
  t.equal(body.servers.imap[0]?.username, '%EMAILADDRESS%')
  const again = await app.inject({
    url: '/v1/domains/all.test',
    headers: { 'if-none-match': String(response.headers['etag']) },
  })
  t.equal(again.statusCode, 304)
  const head = await app.inject({ method: 'HEAD', url: '/v1/domains/all.test' })
  t.equal(head.statusCode, 200)
  t.equal(head.body, '')
})

t.test(
  'the local part leaves only where the caller allowed it (R13), and never shows in the log',
  async (t) => {
    await app.inject('/v1/discover?email=Ann.Secret@autoconfig.test&refresh=true')
    t.notMatch(lab.log.everything(), /ann\.secret/i, 'nothing that left held the address')
    await app.inject('/v1/discover?email=Ann.Secret@autoconfig.test&sendAddress=true')
    await service.mailscout.service.idle()
    const told = lab.log.http.filter(({ path }) => /ann\.secret/i.test(path))
    t.ok(told.length > 0, 'the publisher was told')
    for (const { host, secure } of told) {
      t.ok(secure, 'over https')
      t.match(host, /(^|\.)autoconfig\.test$/, 'within the mail domain')
    }
    t.ok(logLines.length > 20)
    t.notMatch(logLines.join(''), /ann\.secret/i, 'the log has no local part')
    t.notMatch(logLines.join(''), /email=/, 'the log has no query string')
  },
)

t.test('mail servers saw no login, one connection per port, and polite words', async (t) => {
  await service.mailscout.service.idle()
  const spoken = lab.log.mail.map(({ line }) => line.toUpperCase())
  t.ok(spoken.length > 50)
  t.same(
    spoken.filter((line) => /\b(AUTH|LOGIN|USER|PASS|MAIL|RCPT|DATA|VRFY|EXPN)\b/.test(line)),
    [],
    'R34',
  )
  t.equal(lab.log.dials.filter(({ port }) => port === 25).length, 0, 'port 25 never (R9)')
  t.same(bugs, [], 'no source threw')
})

t.test('with default settings no private address is ever dialled', async (t) => {
  const strict = serviceBeside(lab, { MAILSCOUT_ALLOW_NETWORKS: '', MAILSCOUT_BUDGET_MS: '2000' })
  t.teardown(() => strict.close())
  lab.log.clear()
  await Promise.all(
    lab.domains.map(({ name }) => strict.app.inject(`/v1/discover?email=ann@${name}&verify=always`)),
  )
  await strict.mailscout.service.idle()
  t.ok(lab.log.dns.length > lab.domains.length, 'the names were asked for')
  t.same(lab.log.dials, [], 'and nobody was dialled, whatever DNS, redirects and literals said')
})
