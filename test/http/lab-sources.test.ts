/** PACC, Autodiscover, JMAP, DAV and ManageSieve through the whole line, against the small internet. */
import t from 'tap'
import { type DiscoverAnswer, discoverAnswerSchema } from '../../src/domain/answer.js'
import type { Protocol } from '../../src/domain/mail-settings.js'
import { PLACEHOLDER_LOCAL_PART } from '../../src/sources/placeholder-address.js'
import { startLab } from '../lab/lab.js'
import { serviceBeside } from '../lab/service.js'

const lab = await startLab()
const { app, bugs, ...service } = serviceBeside(lab)
t.teardown(async () => {
  await service.close()
  await lab.close()
})

async function discover(domain: string, query = ''): Promise<DiscoverAnswer> {
  const response = await app.inject(`/v1/discover?email=Ann.Secret@${domain}${query}`)
  t.equal(response.statusCode, 200, `${domain} is found`)
  const body = response.json<DiscoverAnswer>()
  t.ok(discoverAnswerSchema.safeParse(body).success, `${domain}: the answer has the shape of the contract`)
  return body
}

/** The answer once what was not waited for has come in, too. */
async function discoverAll(domain: string): Promise<DiscoverAnswer> {
  await discover(domain)
  await service.mailscout.service.idle()
  return discover(domain)
}

function first(body: DiscoverAnswer, protocol: Protocol): string {
  const server = body.servers[protocol][0]
  return server ? `${server.url ?? `${server.hostname}:${server.port}`} ${server.trust}` : 'none'
}

function outcomeOf(body: DiscoverAnswer, name: string) {
  return body.sources.find(({ source }) => source === name)
}

t.test('pacc', async (t) => {
  const body = await discover('pacc.test')
  t.equal(first(body, 'imap'), 'reading.pacc.test:993 authenticated')
  t.equal(first(body, 'smtp'), 'sending.pacc.test:465 authenticated')
  t.same(body.servers.imap[0]?.sources, ['pacc'])
  t.equal(body.provider?.name, 'Lab mail')
  t.equal(body.degraded, false)
  const corroborated = await discoverAll('all.test')
  t.same(corroborated.servers.imap[0]?.sources, ['pacc', 'autoconfig', 'ispdb', 'srv', 'autodiscover'])
  t.same(corroborated.conflicts, [])
})

t.test('pacc without a matching digest is not used (R29)', async (t) => {
  const response = await app.inject('/v1/discover?email=ann@pacc-baddigest.test')
  const body = response.json<DiscoverAnswer>()
  const report = outcomeOf(body, 'pacc')
  t.equal(report?.outcome, 'absent')
  t.match(report?.detail, /digest/)
  t.equal(response.statusCode, 404, 'nothing else is known of the domain')
})

t.test('oauth issuer with the endpoints of its metadata (R30)', async (t) => {
  const body = await discover('oauth.test')
  t.same(body.oauth2, {
    issuer: 'https://login.oauth.test/realm',
    authorizationUrl: 'https://login.oauth.test/authorize',
    tokenUrl: 'https://login.oauth.test/token',
    scopes: [],
  })
  t.same(body.servers.imap[0]?.authentication, ['oauth2', 'password-cleartext'])
  t.same(body.servers.imap[0]?.verification.saslMechanisms, ['PLAIN', 'XOAUTH2', 'OAUTHBEARER'], 'R36')
})

t.test('oauth issuer by the metadata of the protected resource (R30)', async (t) => {
  const body = await discoverAll('jmap-oauth.test')
  t.equal(first(body, 'jmap'), 'https://jmap-oauth.test/.well-known/jmap authenticated')
  t.same(body.oauth2, {
    issuer: 'https://login.jmap-oauth.test',
    authorizationUrl: 'https://login.jmap-oauth.test/authorize',
    tokenUrl: 'https://login.jmap-oauth.test/token',
    scopes: ['urn:ietf:params:jmap:mail'],
  })
})

t.test('autodiscover', async (t) => {
  const body = await discover('autodiscover.test')
  t.equal(first(body, 'imap'), 'reading.autodiscover.test:993 authenticated')
  t.equal(first(body, 'pop3'), 'reading.autodiscover.test:995 authenticated')
  t.equal(first(body, 'smtp'), 'sending.autodiscover.test:465 authenticated')
  t.equal(body.servers.imap[0]?.username, 'Ann.Secret@autodiscover.test')
  const bodies = lab.log.http.filter(({ method }) => method === 'POST').map((request) => request.body)
  t.ok(bodies.length > 0)
  t.ok(
    bodies.every((text) => text.includes(PLACEHOLDER_LOCAL_PART)),
    'R13',
  )

  const bySrv = await discover('autodiscover-srv.test')
  t.equal(first(bySrv, 'imap'), 'reading.autodiscover-srv.test:993 corroborated')
  t.match(bySrv.servers.imap[0]?.evidence[0]?.where, 'SRV _autodiscover._tcp.autodiscover-srv.test')
})

t.test('exchange that wants a sign-in (R31)', async (t) => {
  const body = await discover('exchange-401.test')
  t.equal(
    first(body, 'exchange'),
    'https://autodiscover.exchange-401.test/autodiscover/autodiscover.xml authenticated',
  )
  t.equal(body.servers.exchange[0]?.verification.status, 'verified')
  t.equal(body.recommendation, null, 'no server for IMAP or POP3 is known')
  t.match(
    body.notices.find(({ code }) => code === 'exchange-sign-in'),
    { text: /Exchange/ },
  )
  const german = await discover('exchange-401.test', '&lang=de')
  t.match(german.notices[0]?.text, /Unter autodiscover\.exchange-401\.test gibt es einen Exchange-Server/)
  t.notOk(
    lab.log.http.some(({ headers }) => 'authorization' in headers),
    'no challenge was answered',
  )

  const beside = await discoverAll('exchange-http.test')
  t.equal(first(beside, 'imap'), 'reading.exchange-http.test:993 corroborated', 'Exchange never hides IMAP')
  t.match(first(beside, 'exchange'), /office\.elsewhere\.test\S+ unconfirmed/)
  t.ok(beside.warnings.some(({ code }) => code === 'redirect-outside-domain'))
  t.equal(beside.requiresConfirmation, false, 'the recommended servers need none')
})

t.test('a publisher who demands an address gets a placeholder (R13)', async (t) => {
  const body = await discover('wants-address.test')
  t.equal(first(body, 'imap'), 'reading.wants-address.test:993 authenticated')
  t.equal(body.servers.imap[0]?.username, 'Ann.Secret@wants-address.test')
  const byDomain = await app.inject('/v1/domains/wants-address.test')
  t.equal(byDomain.json<DiscoverAnswer>().servers.imap[0]?.username, '%EMAILADDRESS%')
})

t.test('jmap, calendars, address books, filters', async (t) => {
  const jmap = await discoverAll('jmap.test')
  t.equal(first(jmap, 'imap'), 'reading.jmap.test:993 corroborated')
  t.equal(first(jmap, 'jmap'), 'https://api.jmap.test/jmap/session authenticated')
  t.equal(jmap.servers.jmap.length, 1, 'both ways lead to one server')
  t.equal(jmap.servers.jmap[0]?.verification.status, 'verified')

  const dav = await discoverAll('dav.test')
  t.equal(first(dav, 'caldav'), 'https://cloud.dav.test/dav/ authenticated')
  t.equal(first(dav, 'carddav'), 'https://cloud.dav.test/dav/ authenticated')

  const sieve = await discover('sieve.test')
  t.equal(first(sieve, 'imap'), 'reading.sieve.test:993 corroborated')
  await service.mailscout.service.idle()
  t.equal(
    first(await discover('sieve.test'), 'managesieve'),
    'filters.sieve.test:4190 corroborated',
    'checked behind the answer, for the next one',
  )

  const refused = await discoverAll('nodav.test')
  t.same(refused.notOffered, ['caldav'])
  t.same(refused.servers.caldav, [])
  t.match(first(refused, 'carddav'), 'https://nodav.test/.well-known/carddav')
})

t.test('services beside mail decide only where nothing else is known', async (t) => {
  const alone = await discover('jmap-only.test')
  t.equal(first(alone, 'jmap'), 'https://jmap-only.test/.well-known/jmap authenticated')
  t.equal(alone.recommendation, null)

  const slow = serviceBeside(lab, { MAILSCOUT_BUDGET_MS: '3000' })
  t.teardown(() => slow.close())
  const started = performance.now()
  const response = await slow.app.inject('/v1/discover?email=ann@slow-services.test')
  const elapsed = performance.now() - started
  const body = response.json<DiscoverAnswer>()
  t.equal(first(body, 'imap'), 'reading.slow-services.test:993 corroborated')
  t.equal(body.degraded, false)
  t.ok(elapsed < 2500, `the answer did not wait for them (${Math.round(elapsed)} ms)`)
  for (const name of ['jmap', 'dav']) t.equal(outcomeOf(body, name)?.outcome, 'skipped', name)
})

t.test('no source threw', async (t) => {
  await service.mailscout.service.idle()
  t.same(bugs, [])
})
