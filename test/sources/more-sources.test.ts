/** PACC, Autodiscover, JMAP, CalDAV and CardDAV, OAuth metadata, and the placeholder address. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { parseEmailAddress } from '../../src/domain/email-address.js'
import type { Hostname } from '../../src/domain/hostname.js'
import type { DeclaredServer, OAuth2 } from '../../src/domain/mail-settings.js'
import type {
  Absent,
  Found,
  HttpOutcome,
  HttpRequest,
  HttpResponse,
  Source,
  SourceOutcome,
} from '../../src/domain/source.js'
import { createAutoconfigSource } from '../../src/sources/autoconfig.js'
import { createAutodiscoverSource } from '../../src/sources/autodiscover.js'
import { createDavSource } from '../../src/sources/dav.js'
import { createJmapSource } from '../../src/sources/jmap.js'
import { withOAuthMetadata } from '../../src/sources/oauth-metadata.js'
import { createPaccSource } from '../../src/sources/pacc.js'
import { PLACEHOLDER_LOCAL_PART } from '../../src/sources/placeholder-address.js'
import { withProtectedResource } from '../../src/sources/protected-resource.js'
import { sourceContract } from '../contract/source-contract.js'
import { deferred, never } from '../fakes/deferred.js'
import { FakeHttpClient, httpAbsent, httpFailed, type HttpTable, page } from '../fakes/fake-http-client.js'
import { FakeProber } from '../fakes/fake-prober.js'
import {
  dnsAbsent,
  dnsFound,
  type DnsTable,
  dnsTimeout,
  FakeResolver,
  srvRecords,
} from '../fakes/fake-resolver.js'

const NOW = Date.parse('2026-11-23T00:00:00Z')
const DOMAIN = 'kunde.de' as Hostname
const PLACEHOLDER = `${PLACEHOLDER_LOCAL_PART}@kunde.de`
const now = () => NOW
const random = () => 0
const VERIFIED = { status: 'verified', checkedAt: '2026-11-23T00:00:00.000Z' }

sourceContract(t, { name: 'pacc', create: (network) => createPaccSource(network) })
sourceContract(t, {
  name: 'autodiscover',
  create: (network) => createAutodiscoverSource({ ...network, now }),
})
sourceContract(t, { name: 'jmap', create: (network) => createJmapSource({ ...network, now }) })
sourceContract(t, { name: 'dav', create: (network) => createDavSource({ ...network, now }) })
sourceContract(t, {
  name: 'pacc with OAuth metadata',
  create: (network) => withOAuthMetadata(createPaccSource(network), network),
})
sourceContract(t, {
  name: 'jmap with protected resource metadata',
  create: (network) => withProtectedResource(createJmapSource({ ...network, now }), network),
})

interface World {
  readonly web?: HttpTable
  readonly dns?: DnsTable
  readonly sendAddress?: string
  readonly domain?: string
  /** What every other URL answers. */
  readonly otherwise?: HttpTable[string]
}

/** Asks one source about kunde.de in a world where everything not in the tables is absent. */
async function ask(make: (parts: Parts) => Source, world: World = {}) {
  const http = new FakeHttpClient(world.web, world.otherwise ?? httpAbsent())
  const resolver = new FakeResolver(world.dns, dnsAbsent())
  const address = parseEmailAddress(world.sendAddress ?? '')
  const outcome = await make({ http, resolver, now, random }).find({
    domain: (world.domain ?? DOMAIN) as Hostname,
    signal: new AbortController().signal,
    prober: new FakeProber(),
    ...(address.ok ? { sendAddress: address.value } : {}),
  })
  return { outcome, http, resolver }
}
interface Parts {
  readonly http: FakeHttpClient
  readonly resolver: FakeResolver
  readonly now: () => number
  readonly random: () => number
}

function found(outcome: SourceOutcome): Found {
  assert.equal(outcome.outcome, 'found', JSON.stringify(outcome))
  return outcome
}
function only(outcome: SourceOutcome) {
  const { findings } = found(outcome)
  assert.equal(findings.length, 1, JSON.stringify(findings))
  const [finding] = findings
  assert.ok(finding)
  return finding
}
function absent(outcome: SourceOutcome): Absent {
  assert.equal(outcome.outcome, 'absent', JSON.stringify(outcome))
  return outcome
}
function failedWith(outcome: SourceOutcome): string {
  assert.equal(outcome.outcome, 'failed', JSON.stringify(outcome))
  return outcome.failure.code
}
const brief = ({ protocol, hostname, port, security }: DeclaredServer) =>
  `${protocol} ${hostname}:${port} ${security}`
const codes = (messages: readonly { code: string }[] = []) => messages.map(({ code }) => code)
const status = (code: number, change: Partial<HttpResponse> = {}) => page('', { status: code, ...change })
const redirectTo = (location: string, code = 302) => status(code, { location })

void t.test('pacc', async (t) => {
  const URL_PACC = 'https://ua-auto-config.kunde.de/.well-known/user-agent-configuration.json'
  const TXT = 'txt _ua-auto-config.kunde.de'
  const document = JSON.stringify({
    protocols: { imap: { host: 'imap.kunde.de' }, submit: { host: 'smtp.kunde.de' } },
    authentication: { password: true },
    info: { provider: { name: 'Kunde' } },
  })
  const record = (body: string) =>
    `v=UAAC1; a=sha256; d=${createHash('sha256').update(body).digest('base64')}`
  const pacc = (world: World) => ask(createPaccSource, world)

  await t.test('a document whose digest stands in the DNS', async (t) => {
    const { outcome, http } = await pacc({
      web: { [URL_PACC]: page(document, { ttlSeconds: 900 }) },
      dns: { [TXT]: dnsFound(['v=spf1 -all', record('the next one'), record(document)]) },
    })
    const finding = only(outcome)
    t.strictSame(finding.servers.map(brief), ['imap imap.kunde.de:993 tls', 'smtp smtp.kunde.de:465 tls'])
    t.equal(finding.channel, 'authenticated')
    t.strictSame(finding.evidence, { where: URL_PACC, channel: 'https' })
    t.equal(finding.provider?.name, 'Kunde')
    t.equal(found(outcome).ttlSeconds, 300, 'no longer than the record lives')
    t.equal(http.requests[0]?.keepInDomain, true, 'no redirect leads out of the domain')
  })

  await t.test('R29: no digest, no document', async (t) => {
    const dns = (...records: string[]) => ({ [TXT]: dnsFound(records) })
    const web = { [URL_PACC]: page(document) }
    const other = absent((await pacc({ web, dns: dns(record('something else')) })).outcome)
    t.match(other.detail, /digest/)
    t.equal(other.ttlSeconds, 300)
    absent((await pacc({ web, dns: dns('v=UAAC2; a=sha256; d=x') })).outcome)
    t.equal(
      absent((await pacc({ web, dns: { [TXT]: dnsAbsent() } })).outcome).ttlSeconds,
      60,
      'no record: nothing to use',
    )
    t.equal(failedWith((await pacc({ web, dns: { [TXT]: dnsTimeout() } })).outcome), 'timeout')
    const silent = { [URL_PACC]: never<HttpOutcome>() }
    absent((await pacc({ web: silent, dns: { [TXT]: dnsAbsent() } })).outcome)
    t.pass('without a record nobody waits for the document')
  })

  await t.test('what the document’s host answers', async (t) => {
    const dns = { [TXT]: dnsFound([record(document), record('<html>')]) }
    absent((await pacc({ dns })).outcome)
    t.equal(failedWith((await pacc({ dns, web: { [URL_PACC]: httpFailed('timeout') } })).outcome), 'timeout')
    absent((await pacc({ dns, web: { [URL_PACC]: httpFailed('certificate') } })).outcome)
    absent((await pacc({ dns: { [TXT]: dnsTimeout() } })).outcome)
    t.match(absent((await pacc({ dns, web: { [URL_PACC]: page('<html>') } })).outcome).detail, /JSON/)
    const suffix = await pacc({ domain: 'co.uk' })
    t.equal(suffix.outcome.outcome, 'skipped', 'C3: ua-auto-config.co.uk is a stranger')
    t.strictSame(suffix.http.urls, [])
  })
})

void t.test('autodiscover', async (t) => {
  const PATH = '/autodiscover/autodiscover.xml'
  const ROOT = `https://kunde.de${PATH}`
  const HOST = `https://autodiscover.kunde.de${PATH}`
  const PLAIN = `http://autodiscover.kunde.de${PATH}`
  const SRV = 'srv _autodiscover._tcp.kunde.de'
  const autodiscover = (world: World = {}) => ask(createAutodiscoverSource, world)

  const response = (content: string) => `<?xml version="1.0"?>
    <Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
    <Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
    ${content}</Response></Autodiscover>`
  const account = (content: string) => page(response(`<Account>${content}</Account>`))
  const settings = (host = 'imap.kunde.de', more = '') =>
    account(`<Action>settings</Action><Protocol><Type>IMAP</Type><Server>${host}</Server><Port>993</Port>
      <SSL>on</SSL>${more}</Protocol>`)
  const redirectUrl = (url: string) =>
    account(`<Action>redirectUrl</Action><RedirectUrl>${url}</RedirectUrl>`)
  const redirectAddr = (address: string) =>
    account(`<Action>redirectAddr</Action><RedirectAddr>${address}</RedirectAddr>`)
  const body = (request: HttpRequest | undefined) => request?.body ?? ''

  await t.test('asks https at both hosts, plain http for a redirect only, and the SRV record', async (t) => {
    const { outcome, http, resolver } = await autodiscover()
    absent(outcome)
    t.strictSame(http.urls, [ROOT, HOST, PLAIN])
    t.strictSame(resolver.questions, [SRV])
    for (const request of http.requests.slice(0, 2)) {
      t.equal(request.method, 'POST')
      t.equal(request.contentType, 'text/xml; charset=utf-8')
      t.equal(request.maxRedirects, 0, 'redirects are followed by hand')
      t.match(body(request), `<EMailAddress>${PLACEHOLDER}</EMailAddress>`, 'R13')
    }
    t.match(http.requests[2], { allowHttp: true, maxRedirects: 0 })
    t.equal(http.requests[2]?.body, undefined, 'nothing is told over plain http (R6)')
    const deep = await autodiscover({ domain: 'co.uk' })
    t.strictSame(deep.http.urls, [], 'C3: autodiscover.co.uk is a stranger')
  })

  await t.test('settings of the first place that names mail servers', async (t) => {
    const { outcome } = await autodiscover({
      web: { [ROOT]: settings('first.kunde.de'), [HOST]: settings('second.kunde.de') },
    })
    const finding = only(outcome)
    t.strictSame(finding.servers.map(brief), ['imap first.kunde.de:993 tls'])
    t.equal(finding.channel, 'authenticated')
    t.strictSame(finding.evidence, { where: ROOT, channel: 'https' })
    t.strictSame(finding.warnings, [])
    t.equal(found(outcome).ttlSeconds, 3600)
    const slow = deferred<HttpOutcome>()
    const asking = autodiscover({ web: { [ROOT]: slow.promise, [HOST]: settings('second.kunde.de') } })
    slow.resolve(httpAbsent())
    t.equal(only((await asking).outcome).servers[0]?.hostname, 'second.kunde.de')
  })

  await t.test('IMAP and Exchange both come out', async (t) => {
    const file = readFileSync(
      new URL('../fixtures/autodiscover-exchange-2026-11-23.xml', import.meta.url),
      'utf8',
    )
    const { servers } = only((await autodiscover({ web: { [HOST]: page(file) } })).outcome)
    const protocols = new Set(servers.map(({ protocol }) => protocol))
    t.ok(protocols.has('imap') && protocols.has('exchange'))
    t.ok(servers.some(({ url }) => url === 'https://mail.kunde.de/EWS/Exchange.asmx'))

    // R31: a request to sign in does not end the search.
    const both = found(
      (await autodiscover({ web: { [ROOT]: status(401), [HOST]: settings() } })).outcome,
    ).findings
    t.strictSame(
      both.map(({ servers: [server] }) => server?.protocol),
      ['exchange', 'imap'],
    )
  })

  await t.test('R31: 401 is reported, never answered', async (t) => {
    const { outcome, http } = await autodiscover({ web: { [HOST]: status(401) } })
    const finding = only(outcome)
    t.match(finding.servers[0], {
      protocol: 'exchange',
      hostname: 'autodiscover.kunde.de',
      port: 443,
      security: 'tls',
      url: HOST,
      verification: VERIFIED,
    })
    t.strictSame(finding.notices, [
      { code: 'exchange-sign-in', params: { hostname: 'autodiscover.kunde.de' } },
    ])
    t.equal(http.urls.filter((url) => url === HOST).length, 1)
    const made = http.urls.filter((url) => /^https:\/\/autodiscover\.kunde\.de\/x[0-9a-f]{16}$/.test(url))
    t.equal(made.length, 1, 'one request to a path of nobody')
  })

  await t.test('a server that wants a sign-in for everything proves nothing', async (t) => {
    const { outcome, http } = await autodiscover({ otherwise: status(401) })
    t.match(absent(outcome).detail, /whatever it is asked for/)
    t.equal(http.urls.filter((url) => /\/x[0-9a-f]{16}$/.test(url)).length, 2, 'one for each host')
    const silent = autodiscover({ web: { [HOST]: status(401) }, otherwise: httpFailed('timeout') })
    t.equal(only((await silent).outcome).servers.length, 1, 'silence takes nothing back')
  })

  await t.test('the login name is a template again', async (t) => {
    const login = async (name: string, world: World = {}) => {
      const web = { [HOST]: settings('imap.kunde.de', `<LoginName>${name}</LoginName>`), ...world.web }
      return only((await autodiscover({ ...world, web })).outcome).servers[0]?.username
    }
    t.equal(await login(PLACEHOLDER), '%EMAILADDRESS%')
    t.equal(await login(PLACEHOLDER_LOCAL_PART), '%EMAILLOCALPART%')
    t.equal(await login('ann@kunde.de', { sendAddress: 'ann@kunde.de' }), '%EMAILADDRESS%')
    // After redirectAddr it is the other domain's address.
    const other = `https://konzern.de${PATH}`
    const name = `${PLACEHOLDER_LOCAL_PART}@konzern.de`
    t.equal(
      await login('', {
        web: {
          [HOST]: redirectAddr('somebody@konzern.de'),
          [other]: settings('imap.konzern.de', `<LoginName>${name}</LoginName>`),
        },
      }),
      '%EMAILLOCALPART%@konzern.de',
    )
  })

  await t.test('redirects: http status, redirectUrl, redirectAddr', async (t) => {
    const inside = `https://mail.kunde.de${PATH}`
    for (const answer of [redirectTo(inside), redirectTo(inside, 307), redirectUrl(inside)]) {
      const { outcome, http } = await autodiscover({ web: { [HOST]: answer, [inside]: settings() } })
      t.match(only(outcome), { channel: 'authenticated', evidence: { where: inside, channel: 'https' } })
      t.equal(http.requests.at(-1)?.method, 'POST', 'the question is put again')
    }
    const outside = `https://hoster.net${PATH}`
    for (const answer of [redirectTo(outside), redirectUrl(outside), redirectAddr('x@hoster.net')]) {
      const { outcome } = await autodiscover({
        web: { [HOST]: answer, [outside]: settings('imap.hoster.net') },
      })
      const finding = only(outcome)
      t.match(finding, { channel: 'insecure', evidence: { where: outside, channel: 'https-redirected' } })
      t.strictSame(codes(finding.warnings), ['redirect-outside-domain'], 'U3')
    }
    // There and back again is not trusted either.
    const { outcome } = await autodiscover({
      web: { [HOST]: redirectTo(outside), [outside]: redirectTo(inside), [inside]: settings() },
    })
    t.equal(only(outcome).channel, 'insecure')
  })

  await t.test('redirects that lead nowhere', async (t) => {
    const told = async (web: HttpTable) => absent((await autodiscover({ web })).outcome).detail
    t.match(await told({ [HOST]: redirectTo(HOST) }), /leads back/)
    t.match(await told({ [HOST]: status(302) }), /without a target/)
    t.match(await told({ [HOST]: redirectTo('https://[::1]/x') }), /no host name/)
    t.match(await told({ [HOST]: redirectAddr('x@co.uk') }), /public suffix/)
    t.match(await told({ [HOST]: httpFailed('document', 'the URL is refused: not https') }), /not https/)
    absent((await autodiscover({ web: { [HOST]: redirectAddr('x@konzern.de') } })).outcome)
    const lost = await autodiscover({
      web: { [HOST]: redirectAddr('x@konzern.de'), [`https://konzern.de${PATH}`]: httpFailed('timeout') },
    })
    t.equal(failedWith(lost.outcome), 'timeout')

    // R7: at most ten further steps, whoever leads us on.
    const endless = (request: HttpRequest) => {
      const { hostname, searchParams } = new URL(request.url)
      return redirectTo(`https://${hostname}/x?n=${Number(searchParams.get('n')) + 1}`)(request)
    }
    const http = new FakeHttpClient({ [PLAIN]: httpAbsent() }, endless)
    const resolver = new FakeResolver({}, dnsAbsent())
    const outcome = await createAutodiscoverSource({ http, resolver, now }).find({
      domain: DOMAIN,
      signal: new AbortController().signal,
      prober: new FakeProber(),
    })
    t.match(absent(outcome).detail, /more than 10 redirects/)
    t.equal(http.urls.length, 3 + 10)
    // redirectAddr counts as well.
    let domains = 0
    const chain = new FakeHttpClient({}, (request: HttpRequest) => {
      domains += 1
      return redirectAddr(`x@firma-${domains}.de`)(request)
    })
    const parts = { http: chain, resolver, now }
    const ended = await createAutodiscoverSource(parts).find({
      domain: DOMAIN,
      signal: new AbortController().signal,
      prober: new FakeProber(),
    })
    t.match(absent(ended).detail, /more than 10 redirects/)
    t.ok(chain.urls.length <= 3 + 10)
  })

  await t.test('answers that hold nothing', async (t) => {
    const told = async (answer: HttpTable[string]) =>
      absent((await autodiscover({ web: { [HOST]: answer } })).outcome).detail
    t.match(await told(page(response('<Error><ErrorCode>500</ErrorCode></Error>'))), /error 500/)
    t.ok(await told(page('<html><body>Parked</body></html>')))
    t.match(await told(account('<Action>settings</Action>')), /names no server/)
    t.equal(failedWith((await autodiscover({ web: { [HOST]: httpFailed('timeout') } })).outcome), 'timeout')
    t.equal(failedWith((await autodiscover({ web: { [PLAIN]: httpFailed('timeout') } })).outcome), 'timeout')
    absent((await autodiscover({ web: { [ROOT]: httpFailed('certificate') } })).outcome)
    const cleartext = only(
      (
        await autodiscover({
          web: {
            [HOST]:
              account(`<Action>settings</Action><Protocol><Type>IMAP</Type><Server>imap.kunde.de</Server>
              <Port>143</Port><SSL>on</SSL><Encryption>None</Encryption></Protocol>`),
          },
        })
      ).outcome,
    )
    t.match(cleartext.rejected, [{ source: 'autodiscover', reason: 'cleartext' }], 'C6')
    t.strictSame(cleartext.servers, [])
  })

  await t.test('plain http may only point to https', async (t) => {
    const target = `https://mail.kunde.de${PATH}`
    const hint = only(
      (await autodiscover({ web: { [PLAIN]: redirectTo(target), [target]: settings() } })).outcome,
    )
    t.match(hint, { channel: 'insecure', evidence: { where: `${PLAIN} → ${target}`, channel: 'http' } })
    t.strictSame(codes(hint.warnings), ['insecure-http'])
    const outside = `https://autodiscover.hoster.net${PATH}`
    const office = only(
      (await autodiscover({ web: { [PLAIN]: redirectTo(outside), [outside]: status(401) } })).outcome,
    )
    t.equal(office.channel, 'insecure')
    t.strictSame(codes(office.warnings), ['redirect-outside-domain'])
    t.equal(office.servers[0]?.url, outside)
    const { http, outcome } = await autodiscover({ web: { [PLAIN]: redirectTo(`http://x.kunde.de${PATH}`) } })
    absent(outcome)
    t.equal(http.urls.length, 3, 'no second cleartext request')
    absent((await autodiscover({ web: { [PLAIN]: settings() } })).outcome)
    t.pass('settings over http are not even read')
  })

  await t.test('SRV names an https host', async (t) => {
    const bySrv = async (line: string, authenticated = false) => {
      const [, , , host = ''] = line.split(' ')
      const web = { [`https://${host}${PATH}`]: settings() }
      return autodiscover({ web, dns: { [SRV]: dnsFound(srvRecords(line), { authenticated }) } })
    }
    const inside = only((await bySrv('0 0 443 ex.kunde.de')).outcome)
    t.match(inside, {
      channel: 'insecure',
      evidence: {
        where: `SRV _autodiscover._tcp.kunde.de → https://ex.kunde.de${PATH}`,
        channel: 'dns',
      },
      warnings: [],
    })
    const outside = only((await bySrv('0 0 443 ex.hoster.net')).outcome)
    t.equal(outside.channel, 'insecure')
    t.strictSame(codes(outside.warnings), ['srv-target-outside-domain'], 'U4')
    const signed = only((await bySrv('0 0 443 ex.hoster.net', true)).outcome)
    t.match(signed, { channel: 'authenticated', evidence: { channel: 'dnssec' }, warnings: [] })
    for (const line of ['0 0 8443 ex.kunde.de', '0 0 443 .']) absent((await bySrv(line)).outcome)
    t.equal(failedWith((await autodiscover({ dns: { [SRV]: dnsTimeout() } })).outcome), 'timeout')
  })

  await t.test('ways that meet ask but once, and tell once', async (t) => {
    const { outcome, http } = await autodiscover({
      web: { [ROOT]: redirectTo(HOST), [HOST]: status(401), [PLAIN]: redirectTo(HOST) },
      dns: { [SRV]: dnsFound(srvRecords('0 0 443 autodiscover.kunde.de')) },
    })
    t.equal(only(outcome).channel, 'authenticated')
    t.equal(http.urls.filter((url) => url === HOST).length, 1)
  })

  await t.test('R24: a silent better place is told', async (t) => {
    const dns = { [SRV]: dnsFound(srvRecords('0 0 443 ex.kunde.de')) }
    const web = { [`https://ex.kunde.de${PATH}`]: settings(), [ROOT]: httpFailed('timeout') }
    t.equal(found((await autodiscover({ web, dns })).outcome).missed?.code, 'timeout')
    const enough = await autodiscover({ web: { [ROOT]: httpFailed('timeout'), [HOST]: settings() } })
    t.equal(found(enough.outcome).missed, undefined, 'equally trusted')
    const exchange = await autodiscover({ web: { [ROOT]: httpFailed('timeout'), [HOST]: status(401) } })
    t.equal(found(exchange.outcome).missed?.code, 'timeout', 'the other may have named IMAP')
  })

  await t.test('R13: the address, when it may leave, stays with https in the domain', async (t) => {
    const outside = `https://hoster.net${PATH}`
    const V2 =
      'https://autodiscover.kunde.de/autodiscover/autodiscover.json?Email=ann%40kunde.de&Protocol=AutodiscoverV1'
    const { http } = await autodiscover({
      sendAddress: 'ann@kunde.de',
      web: { [ROOT]: redirectTo(outside), [PLAIN]: redirectTo(outside), [outside]: settings() },
    })
    t.ok(http.urls.includes(V2))
    const told = http.requests.filter((request) => /ann/.test(request.url + body(request)))
    t.strictSame(told.map(({ url }) => url).sort(), [HOST, V2, ROOT].sort())
    t.ok(told.every(({ keepInDomain }) => keepInDomain === true))
    t.match(body(http.requests.find(({ url }) => url === outside)), PLACEHOLDER_LOCAL_PART)

    const other = await autodiscover({ sendAddress: 'ann@anderswo.de' })
    t.notMatch(JSON.stringify(other.http.requests.map(({ url, body }) => [url, body])), 'ann')

    const version2 = async (answer: HttpTable[string]) =>
      autodiscover({
        sendAddress: 'ann@kunde.de',
        web: {
          [V2]: answer,
          [`https://v1.kunde.de${PATH}`]: settings(),
          [outside]: settings('imap.hoster.net'),
        },
      })
    const at = (url: string) => page(JSON.stringify({ Protocol: 'AutodiscoverV1', Url: url }))
    t.match(only((await version2(at(`https://v1.kunde.de${PATH}`))).outcome), {
      channel: 'authenticated',
      evidence: { where: `https://v1.kunde.de${PATH}` },
    })
    const vendor = only((await version2(at(outside))).outcome)
    t.equal(vendor.channel, 'insecure')
    t.strictSame(codes(vendor.warnings), ['redirect-outside-domain'])
    for (const answer of [at('http://v1.kunde.de/'), page('<html>'), httpFailed('tls')]) {
      absent((await version2(answer)).outcome)
    }
    t.equal(failedWith((await version2(httpFailed('timeout'))).outcome), 'timeout')
  })
})

void t.test('jmap', async (t) => {
  const WELL_KNOWN = 'https://kunde.de/.well-known/jmap'
  const SRV = 'srv _jmap._tcp.kunde.de'
  const jmap = (world: World) => ask(createJmapSource, world)
  const session = JSON.stringify({ capabilities: {}, apiUrl: 'https://api.kunde.de/jmap/' })

  await t.test('well-known: a sign-in or a session proves it', async (t) => {
    for (const answer of [status(401), page(session)]) {
      const { outcome, http } = await jmap({ web: { [WELL_KNOWN]: answer } })
      t.match(only(outcome), {
        channel: 'authenticated',
        evidence: { where: WELL_KNOWN, channel: 'https' },
        servers: [
          {
            protocol: 'jmap',
            hostname: 'kunde.de',
            port: 443,
            security: 'tls',
            url: WELL_KNOWN,
            verification: VERIFIED,
          },
        ],
        warnings: [],
      })
      t.notOk(http.requests[0]?.keepInDomain, 'there is no address to keep')
    }
    for (const answer of [
      page('<html>parked</html>', { contentType: 'text/html' }),
      page('{}'),
      page('{"apiUrl":"https://x.de/"}'),
      status(405),
      httpFailed('certificate'),
    ]) {
      absent((await jmap({ web: { [WELL_KNOWN]: answer } })).outcome)
    }
    t.equal(failedWith((await jmap({ web: { [WELL_KNOWN]: httpFailed('timeout') } })).outcome), 'timeout')
    absent((await jmap({ domain: 'co.uk', web: { 'https://co.uk/.well-known/jmap': status(401) } })).outcome)
  })

  await t.test('a server that wants a sign-in for everything proves nothing', async (t) => {
    const { outcome, http } = await jmap({ otherwise: status(401) })
    absent(outcome)
    t.equal(http.urls.length, 2)
    t.match(http.urls[1], /^https:\/\/kunde\.de\/x[0-9a-f]{16}$/)
    const bySrv = await jmap({
      dns: { [SRV]: dnsFound(srvRecords('0 1 443 api.kunde.de')) },
      otherwise: status(401),
    })
    t.match(only(bySrv.outcome).servers, [{ hostname: 'api.kunde.de' }], 'the record declares it')
    t.equal(only(bySrv.outcome).servers[0]?.verification, undefined)
    t.equal((await jmap({ web: { [WELL_KNOWN]: page(session) } })).http.urls.length, 1, 'only after a 401')
  })

  await t.test('the URL is where the redirects ended', async (t) => {
    const inside = status(401, { url: 'https://api.kunde.de/jmap/session?x=1', ttlSeconds: 60 })
    const near = (await jmap({ web: { [WELL_KNOWN]: inside } })).outcome
    t.equal(found(near).ttlSeconds, 60)
    t.match(only(near), {
      channel: 'authenticated',
      servers: [{ hostname: 'api.kunde.de', url: 'https://api.kunde.de/jmap/session' }],
    })
    const outside = status(401, { url: 'https://api.hoster.net/jmap', stayedInDomain: false })
    const far = only((await jmap({ web: { [WELL_KNOWN]: outside } })).outcome)
    t.match(far, { channel: 'insecure', evidence: { channel: 'https-redirected' } })
    t.strictSame(codes(far.warnings), ['redirect-outside-domain'])
  })

  await t.test('SRV declares, asking proves', async (t) => {
    const bySrv = async (lines: string[], web: HttpTable = {}, authenticated = false) =>
      jmap({ web, dns: { [SRV]: dnsFound(srvRecords(...lines), { authenticated }) } })
    const api = 'https://api.kunde.de/.well-known/jmap'
    const proved = only(
      (await bySrv(['0 1 443 api.kunde.de'], { [api]: status(401, { url: 'https://api.kunde.de/s' }) }))
        .outcome,
    )
    t.match(proved, {
      channel: 'insecure',
      evidence: { where: 'SRV _jmap._tcp.kunde.de', channel: 'dns' },
      servers: [{ url: 'https://api.kunde.de/s', verification: VERIFIED }],
    })
    const fates: [HttpTable[string], object | undefined][] = [
      [httpFailed('certificate'), { status: 'failed', failure: { code: 'certificate' } }],
      [httpAbsent(), { status: 'failed', failure: { code: 'http-status' } }],
      [page('<html>'), undefined],
    ]
    for (const [answer, verification] of fates) {
      const [server] = only((await bySrv(['0 1 443 api.kunde.de'], { [api]: answer })).outcome).servers
      t.equal(server?.url, api, 'what the record says stands')
      if (verification) t.match(server?.verification, verification)
      else t.equal(server?.verification, undefined)
    }
    const odd = await bySrv(['0 1 8443 api.kunde.de'])
    t.match(only(odd.outcome).servers, [{ port: 8443, url: 'https://api.kunde.de:8443/.well-known/jmap' }])
    t.strictSame(odd.http.urls, [WELL_KNOWN], 'R9: the port is not dialled for the web')

    const away = status(401, { url: 'https://x.net/s', stayedInDomain: false })
    const signed = only((await bySrv(['0 1 443 api.kunde.de'], { [api]: away }, true)).outcome)
    t.match(signed, { channel: 'authenticated', servers: [{ hostname: 'api.kunde.de', url: api }] })
    t.strictSame(codes(signed.warnings), ['redirect-outside-domain'], 'DNSSEC does not vouch for it')
    const outside = only((await bySrv(['0 1 443 api.hoster.net'])).outcome)
    t.strictSame(codes(outside.warnings), ['srv-target-outside-domain'])
    t.strictSame(only((await bySrv(['0 1 443 api.hoster.net'], {}, true)).outcome).warnings, [])

    const many = await bySrv(['3 1 443 c.kunde.de', '1 1 443 a.kunde.de', '2 1 443 b.kunde.de'])
    t.strictSame(
      only(many.outcome).servers.map(({ hostname, declaredOrder }) => [hostname, declaredOrder]),
      [
        ['a.kunde.de', 0],
        ['b.kunde.de', 1],
      ],
    )
    absent((await bySrv(['0 1 443 192.0.2.1'])).outcome)
    absent((await bySrv(['0 1 0 api.kunde.de'])).outcome)
  })

  await t.test('the target "." decides against it', async (t) => {
    const { outcome } = await jmap({
      web: { [WELL_KNOWN]: status(401) },
      dns: { [SRV]: dnsFound(srvRecords('0 0 0 .')) },
    })
    t.match(only(outcome), { servers: [], notOffered: ['jmap'] })
  })

  await t.test('one place is enough, and one failure is told when there is none', async (t) => {
    const dns = { [SRV]: dnsTimeout() }
    only((await jmap({ dns, web: { [WELL_KNOWN]: status(401) } })).outcome)
    t.equal(failedWith((await jmap({ dns })).outcome), 'timeout')
  })
})

void t.test('dav', async (t) => {
  const dav = (world: World) => ask(createDavSource, world)
  const CAL = 'https://kunde.de/.well-known/caldav'
  const CARD = 'https://kunde.de/.well-known/carddav'

  await t.test('asks without credentials, both services at once', async (t) => {
    const { outcome, http, resolver } = await dav({})
    absent(outcome)
    t.strictSame(http.urls, [CAL, CARD])
    t.strictSame(resolver.questions, [
      'srv _caldavs._tcp.kunde.de',
      'txt _caldavs._tcp.kunde.de',
      'srv _carddavs._tcp.kunde.de',
      'txt _carddavs._tcp.kunde.de',
    ])
  })

  await t.test('what proves a service, and what a parked domain answers', async (t) => {
    const at = (code: number, path: string, contentType = '') =>
      status(code, { url: `https://kunde.de${path}`, contentType })
    const proofs = [
      at(401, '/.well-known/caldav'),
      at(207, '/.well-known/caldav'),
      at(405, '/dav/'),
      at(200, '/dav/'),
    ]
    for (const answer of proofs) {
      const finding = only((await dav({ web: { [CAL]: answer } })).outcome)
      t.strictSame(finding.servers.map(brief), ['caldav kunde.de:443 tls'])
    }
    const pages = [
      at(200, '/', 'text/html; charset=utf-8'),
      at(200, '/.well-known/caldav', 'text/plain'),
      at(405, '/.well-known/caldav'),
    ]
    for (const answer of pages) absent((await dav({ web: { [CAL]: answer } })).outcome)
  })

  await t.test('both services share the question about the sign-in', async (t) => {
    const { outcome, http } = await dav({ otherwise: status(401) })
    absent(outcome)
    t.equal(http.urls.length, 3)
  })

  await t.test('SRV, and the path that stands in TXT', async (t) => {
    const asked = async (...txt: string[]) => {
      const { outcome, http } = await dav({
        dns: {
          'srv _carddavs._tcp.kunde.de': dnsFound(srvRecords('0 1 443 cloud.kunde.de')),
          ...(txt.length > 0 ? { 'txt _carddavs._tcp.kunde.de': dnsFound(txt) } : {}),
        },
      })
      t.match(only(outcome).servers, [{ protocol: 'carddav', hostname: 'cloud.kunde.de' }])
      return http.urls.find((url) => url.startsWith('https://cloud.')) ?? ''
    }
    t.equal(await asked('path=/dav/'), 'https://cloud.kunde.de/dav/')
    const plain = 'https://cloud.kunde.de/.well-known/carddav'
    t.equal(await asked(), plain)
    for (const text of ['path=dav', 'path=//evil.net/', 'path=/a b', 'x']) t.equal(await asked(text), plain)
  })

  await t.test('one found, one failed is found', async (t) => {
    const { outcome } = await dav({ web: { [CAL]: httpFailed('timeout'), [CARD]: status(401) } })
    t.strictSame(only(outcome).servers.map(brief), ['carddav kunde.de:443 tls'])
  })
})

void t.test('OAuth metadata', async (t) => {
  const ISSUER = 'https://login.kunde.de/realm'
  const RFC8414 = 'https://login.kunde.de/.well-known/oauth-authorization-server/realm'
  const OPENID = 'https://login.kunde.de/realm/.well-known/openid-configuration'
  const metadata = (change = {}) =>
    page(
      JSON.stringify({
        issuer: ISSUER,
        authorization_endpoint: 'https://login.kunde.de/authorize',
        token_endpoint: 'https://login.kunde.de/token',
        ...change,
      }),
    )
  const oauth = async (web: HttpTable, oauth2?: Partial<OAuth2> | null, channel = 'authenticated') => {
    const outcome = {
      outcome: 'found',
      ttlSeconds: 60,
      findings: [
        {
          channel,
          evidence: { where: 'here', channel: 'https' },
          servers: [],
          ...(oauth2 === null ? {} : { oauth2: { issuer: ISSUER, scopes: ['mail'], ...oauth2 } }),
        },
      ],
    } as unknown as Found
    const inner: Source = { name: 'pacc', find: () => Promise.resolve(outcome) }
    const asked = await ask(({ http }) => withOAuthMetadata(inner, { http }), { web })
    return { oauth2: only(asked.outcome).oauth2, http: asked.http }
  }
  const ends = {
    authorizationUrl: 'https://login.kunde.de/authorize',
    tokenUrl: 'https://login.kunde.de/token',
  }

  await t.test('fills in the endpoints of the issuer', async (t) => {
    const { oauth2, http } = await oauth({ [RFC8414]: metadata() })
    t.strictSame(oauth2, { ...ends, issuer: ISSUER, scopes: ['mail'] })
    t.strictSame(http.urls, [RFC8414, OPENID])
    t.ok(http.requests.every(({ maxRedirects }) => maxRedirects === 0))
    t.match((await oauth({ [OPENID]: metadata() })).oauth2, ends)
    const kept = { tokenUrl: 'https://other.kunde.de/token' }
    t.match((await oauth({ [RFC8414]: metadata() }, kept)).oauth2, { ...ends, ...kept })
    const root = 'https://login.kunde.de'
    const bare = { [`${root}/.well-known/oauth-authorization-server`]: metadata({ issuer: root }) }
    t.match((await oauth(bare, { issuer: root })).oauth2, ends)
  })

  await t.test('R30: only the issuer itself is believed', async (t) => {
    const refused: HttpTable[string][] = [
      metadata({ issuer: `${ISSUER}/` }),
      metadata({ issuer: undefined }),
      metadata({ token_endpoint: 'http://login.kunde.de/token' }),
      metadata({ authorization_endpoint: undefined }),
      page('<html>'),
      redirectTo('https://elsewhere.net/'),
      httpFailed('timeout'),
    ]
    for (const answer of refused) {
      t.strictSame((await oauth({ [RFC8414]: answer })).oauth2, { issuer: ISSUER, scopes: ['mail'] })
    }
  })

  await t.test('nobody is asked in vain', async (t) => {
    t.strictSame((await oauth({}, ends)).http.urls, [], 'nothing is missing')
    t.strictSame((await oauth({}, {}, 'insecure')).http.urls, [], 'a hint sends us nowhere')
    t.strictSame((await oauth({}, null)).http.urls, [])
    for (const issuer of ['accounts.kunde.de', 'http://kunde.de', 'https://', 'https://kunde.de/?a=b']) {
      t.strictSame((await oauth({}, { issuer })).http.urls, [], issuer)
    }
    const absentSource: Source = { name: 'pacc', find: () => Promise.resolve({ outcome: 'absent' }) }
    absent((await ask(({ http }) => withOAuthMetadata(absentSource, { http }))).outcome)
  })

  await t.test('an abort and a bug are thrown, silence is not', async (t) => {
    const inner: Source = {
      name: 'pacc',
      find: () =>
        Promise.resolve({
          outcome: 'found',
          ttlSeconds: 1,
          findings: [
            {
              channel: 'authenticated',
              evidence: { where: '', channel: 'https' },
              servers: [],
              oauth2: { issuer: ISSUER, scopes: [] },
            },
          ],
        }),
    }
    const query = { domain: DOMAIN, prober: new FakeProber() }
    const controller = new AbortController()
    const silent = new FakeHttpClient({}, never())
    const asking = withOAuthMetadata(inner, { http: silent }).find({ ...query, signal: controller.signal })
    controller.abort(new Error('gone'))
    await t.rejects(asking, new Error('gone'))
    const slow = withOAuthMetadata(inner, { http: silent, timeoutMs: 1 })
    const outcome = await slow.find({ ...query, signal: new AbortController().signal })
    t.strictSame(only(outcome).oauth2, { issuer: ISSUER, scopes: [] }, 'silence costs the endpoints only')
    const unplanned = withOAuthMetadata(inner, { http: new FakeHttpClient() })
    await t.rejects(unplanned.find({ ...query, signal: new AbortController().signal }), /nobody planned/)
  })
})

void t.test('protected resource metadata', async (t) => {
  const RESOURCE = 'https://api.kunde.de/jmap/session'
  const RFC9728 = 'https://api.kunde.de/.well-known/oauth-protected-resource/jmap/session'
  const ISSUER = 'https://login.kunde.de'
  const RFC8414 = `${ISSUER}/.well-known/oauth-authorization-server`
  const OPENID = `${ISSUER}/.well-known/openid-configuration`
  const ends = { authorizationUrl: `${ISSUER}/authorize`, tokenUrl: `${ISSUER}/token` }
  const resource = (change = {}) =>
    page(
      JSON.stringify({
        resource: RESOURCE,
        authorization_servers: [ISSUER],
        scopes_supported: ['urn:ietf:params:jmap:mail', 'offline_access'],
        ...change,
      }),
    )
  const issuer = (change = {}) =>
    page(
      JSON.stringify({
        issuer: ISSUER,
        authorization_endpoint: ends.authorizationUrl,
        token_endpoint: ends.tokenUrl,
        client_id: 'nobody wants it',
        ...change,
      }),
    )
  const confirmedBy = { [RFC8414]: issuer() }
  const server = { protocol: 'jmap', hostname: 'api.kunde.de', port: 443, security: 'tls', url: RESOURCE }
  const finding = (change = {}) => ({
    channel: 'authenticated',
    evidence: { where: 'here', channel: 'https' },
    servers: [server],
    ...change,
  })
  const source = (...findings: object[]): Source => ({
    name: 'jmap',
    find: () => Promise.resolve({ outcome: 'found', ttlSeconds: 60, findings } as unknown as Found),
  })
  const protectedBy = async (web: HttpTable, ...findings: object[]) => {
    const inner = source(...(findings.length === 0 ? [finding()] : findings))
    const { outcome, http } = await ask(({ http }) => withProtectedResource(inner, { http }), { web })
    return { oauth2: found(outcome).findings[0]?.oauth2, outcome, http }
  }
  const at = (url: string, protocol = 'jmap') => finding({ servers: [{ ...server, protocol, url }] })

  await t.test('names the issuer, its endpoints and the scopes', async (t) => {
    const { oauth2, http } = await protectedBy({ [RFC9728]: resource(), ...confirmedBy })
    t.strictSame(oauth2, {
      ...ends,
      issuer: ISSUER,
      scopes: ['urn:ietf:params:jmap:mail', 'offline_access'],
    })
    t.strictSame(http.urls, [RFC9728, RFC8414, OPENID])
    t.ok(http.requests.every(({ maxRedirects }) => maxRedirects === 0))

    const many = Array.from({ length: 50 }, (_, at) => `s${at}`)
    const web = { [RFC9728]: resource({ scopes_supported: [1, 'a b', '', ...many] }), ...confirmedBy }
    t.strictSame((await protectedBy(web)).oauth2?.scopes, many.slice(0, 20))
    const bare = { [RFC9728]: resource({ scopes_supported: undefined }), ...confirmedBy }
    t.strictSame((await protectedBy(bare)).oauth2?.scopes, [])
    const servers = ['http://login.kunde.de', 7, ISSUER, 'https://other.kunde.de']
    const several = { [RFC9728]: resource({ authorization_servers: servers }), ...confirmedBy }
    t.equal((await protectedBy(several)).oauth2?.issuer, ISSUER, 'the first over https')
  })

  await t.test('the well-known part comes between host and path', async (t) => {
    const root = 'https://dav.kunde.de/'
    const short = 'https://dav.kunde.de/.well-known/oauth-protected-resource'
    const ofRoot = { [short]: resource({ resource: root }), ...confirmedBy }
    t.match((await protectedBy(ofRoot, at(root, 'caldav'))).oauth2, ends)
    const ofPath = { [`${short}/dav/`]: resource({ resource: `${root}dav/` }), ...confirmedBy }
    t.match((await protectedBy(ofPath, at(`${root}dav/`, 'carddav'))).oauth2, ends)
  })

  await t.test('R30: anything else changes nothing', async (t) => {
    const refused: HttpTable[string][] = [
      resource({ resource: `${RESOURCE}/` }),
      resource({ resource: ` ${RESOURCE}` }),
      resource({ resource: undefined }),
      resource({ authorization_servers: ['http://login.kunde.de'] }),
      resource({ authorization_servers: ISSUER }),
      resource({ authorization_servers: [] }),
      page('<html>'),
      page('['.repeat(50)),
      page(JSON.stringify({ resource: RESOURCE, more: 'x'.repeat(200_000) })),
      redirectTo('https://elsewhere.net/'),
      httpAbsent(404),
      httpFailed('timeout'),
    ]
    for (const answer of refused) {
      const { outcome, http } = await protectedBy({ [RFC9728]: answer, ...confirmedBy })
      t.strictSame(only(outcome), finding())
      t.strictSame(http.urls, [RFC9728], 'no issuer is asked')
    }
    const unconfirmed: HttpTable[string][] = [
      issuer({ issuer: `${ISSUER}/` }),
      issuer({ token_endpoint: undefined }),
      redirectTo('https://elsewhere.net/'),
      httpAbsent(404),
    ]
    for (const answer of unconfirmed) {
      const { outcome } = await protectedBy({ [RFC9728]: resource(), [RFC8414]: answer })
      t.strictSame(only(outcome), finding(), 'an issuer that nobody confirms is not named')
    }
  })

  await t.test('nobody is asked in vain, and nobody twice', async (t) => {
    const silent = [
      finding({ channel: 'insecure' }),
      finding({ oauth2: { issuer: ISSUER, scopes: [] } }),
      finding({ servers: [] }),
      finding({ servers: [{ ...server, protocol: 'imap' }] }),
      ...['http://api.kunde.de/', 'https://api.kunde.de/?a=b', 'https://api.kunde.de/%EMAILADDRESS%/'].map(
        (url) => at(url),
      ),
    ]
    for (const one of silent) {
      const { outcome, http } = await protectedBy({}, one)
      t.strictSame(only(outcome), one)
      t.strictSame(http.urls, [])
    }
    const web = { [RFC9728]: resource(), ...confirmedBy }
    const { outcome, http } = await protectedBy(web, finding(), finding({ channel: 'insecure' }), finding())
    const named = found(outcome).findings.map(({ oauth2 }) => oauth2?.issuer)
    t.strictSame(named, [ISSUER, undefined, ISSUER])
    t.equal(http.urls.filter((url) => url === RFC9728).length, 1)
  })

  await t.test('an abort and a bug are thrown, silence is not', async (t) => {
    // The time limit alone keeps no process alive, and fakes hold no socket.
    const awake = setInterval(() => undefined, 1000)
    t.teardown(() => {
      clearInterval(awake)
    })
    const query = { domain: DOMAIN, prober: new FakeProber() }
    const patient = { ...query, signal: new AbortController().signal }
    const mute = [
      new FakeHttpClient({}, never()),
      new FakeHttpClient({ [RFC9728]: resource() }, never()), // the issuer keeps silent
    ]
    for (const http of mute) {
      const slow = withProtectedResource(source(finding()), { http, timeoutMs: 5 })
      t.strictSame(only(await slow.find(patient)), finding(), 'silence costs the sign-in server only')
      const controller = new AbortController()
      const asking = withProtectedResource(source(finding()), { http }).find({
        ...query,
        signal: controller.signal,
      })
      controller.abort(new Error('gone'))
      await t.rejects(asking, new Error('gone'))
    }
    const unplanned = withProtectedResource(source(finding()), { http: new FakeHttpClient() })
    await t.rejects(unplanned.find(patient), /nobody planned/)
  })
})

void t.test('R13: a publisher who demands an address gets a placeholder', async (t) => {
  const HOST = 'https://autoconfig.kunde.de/mail/config-v1.1.xml'
  const file = (login: string) => `<clientConfig version="1.1"><emailProvider id="kunde.de">
    <domain>kunde.de</domain><incomingServer type="imap"><hostname>imap.kunde.de</hostname><port>993</port>
    <socketType>SSL</socketType><username>${login}</username>
    <authentication>password-cleartext</authentication></incomingServer>
    <calendar type="caldav"><url>https://dav.kunde.de/${login}/</url>
    <authentication>http-basic</authentication></calendar></emailProvider></clientConfig>`
  const asked = `${HOST}?emailaddress=${encodeURIComponent(PLACEHOLDER)}`
  const autoconfig = (web: HttpTable, sendAddress?: string) =>
    ask(({ http }) => createAutoconfigSource({ http }), {
      web,
      ...(sendAddress === undefined ? {} : { sendAddress }),
    })

  const { outcome, http } = await autoconfig({ [HOST]: httpAbsent(400), [asked]: page(file(PLACEHOLDER)) })
  const finding = only(outcome)
  t.equal(finding.servers[0]?.username, '%EMAILADDRESS%')
  t.equal(finding.evidence.where, HOST, 'evidence holds no address')
  const second = http.requests.find(({ url }) => url === asked)
  t.equal(second?.keepInDomain, true)
  t.strictSame(
    only((await autoconfig({ [HOST]: httpAbsent(400), [asked]: page(file(PLACEHOLDER_LOCAL_PART)) })).outcome)
      .servers[0]?.username,
    '%EMAILLOCALPART%',
  )
  t.equal(
    finding.servers.find(({ protocol }) => protocol === 'caldav')?.url,
    'https://dav.kunde.de/%EMAILADDRESS%/',
  )

  for (const code of [404, 403]) {
    t.notOk((await autoconfig({ [HOST]: httpAbsent(code) })).http.urls.includes(asked), String(code))
  }
  absent((await autoconfig({ [HOST]: httpAbsent(400), [asked]: httpAbsent(400) })).outcome)
  const real = `${HOST}?emailaddress=ann%40kunde.de`
  const told = await autoconfig({ [real]: httpAbsent(400) }, 'ann@kunde.de')
  t.notOk(
    told.http.urls.some((url) => url.includes(PLACEHOLDER_LOCAL_PART)),
    'the real one was refused',
  )
  t.notOk(
    told.http.urls.some((url) => url.startsWith('http:') && url.includes('emailaddress')),
    'R6: never over http',
  )
})
