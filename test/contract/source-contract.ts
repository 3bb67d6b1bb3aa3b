/** The promises of `src/domain/source.ts`, checked for any source: call it once per source. */
import type { Test } from 'tap'
import { parseEmailAddress } from '../../src/domain/email-address.js'
import type { Hostname } from '../../src/domain/hostname.js'
import type { HttpClient, MailProber, Resolver, Source, SourceQuery } from '../../src/domain/source.js'
import { never } from '../fakes/deferred.js'
import { FakeHttpClient, httpAbsent, httpFailed } from '../fakes/fake-http-client.js'
import { FakeProber, probeAbsent, probeFailed } from '../fakes/fake-prober.js'
import { dnsAbsent, dnsTimeout, FakeResolver } from '../fakes/fake-resolver.js'

export interface Network {
  readonly resolver: Resolver
  readonly http: HttpClient
  /** Sources get it with the query; here for those that are given one when they are built. */
  readonly prober: MailProber
}

export interface SourceContract {
  readonly name: string
  create(network: Network): Source
  /** Asked about; deep enough that walking up would show. */
  readonly domain?: string
  /** Hosts outside the domain that the source may ask by its nature, such as ISPDB's. */
  readonly elsewhere?: readonly string[]
  /** The source reads files only: it has no network that could be failing or slow. */
  readonly offline?: boolean
}

/** Neither its parent nor a part of it may be asked (R14). */
const DOMAIN = 'post.firma-muster.de'
const LOCAL_PART = 'geheime.ann'

interface Fakes extends Network {
  readonly resolver: FakeResolver
  readonly http: FakeHttpClient
  readonly prober: FakeProber
}

export function sourceContract(t: Test, contract: SourceContract): void {
  const { name, domain = DOMAIN, elsewhere = [], offline = false } = contract

  const within = (host: string) => host === domain || host.endsWith(`.${domain}`)
  /** No name exists but the ones the source may ask by its nature; those say 404. */
  const emptyNetwork = (): Fakes => ({
    resolver: new FakeResolver({}, dnsAbsent()),
    http: new FakeHttpClient({}, ({ url }) => httpAbsent(within(new URL(url).hostname) ? null : 404)),
    prober: new FakeProber({}, probeAbsent()),
  })
  const failingNetwork = (): Fakes => ({
    resolver: new FakeResolver({}, dnsTimeout()),
    http: new FakeHttpClient({}, httpFailed('timeout')),
    prober: new FakeProber({}, probeFailed('timeout')),
  })
  const silentNetwork = (): Fakes => ({
    resolver: new FakeResolver({}, never()),
    http: new FakeHttpClient({}, never()),
    prober: new FakeProber({}, never()),
  })
  const ask = (network: Fakes, change: Partial<SourceQuery> = {}) =>
    contract.create(network).find({
      domain: domain as Hostname,
      signal: new AbortController().signal,
      prober: network.prober,
      ...change,
    })
  const address = parseEmailAddress(`${LOCAL_PART}@${domain}`)
  if (!address.ok) throw new Error(`the contract cannot ask for ${domain}: ${address.fault}`)

  void t.test(`${name} keeps the contract of sources`, async (t) => {
    await t.test('an empty network is absent', async (t) => {
      const network = emptyNetwork()
      t.equal((await ask(network)).outcome, 'absent')
      if (offline)
        t.strictSame([network.resolver.questions, network.http.urls, network.prober.asked], [[], [], []])
    })

    await t.test('nothing is asked under another name than the domain', async (t) => {
      // R14
      for (const network of [emptyNetwork(), failingNetwork()]) {
        await ask(network)
        const hosts = [
          ...network.resolver.questions.map((question) => question.split(' ')[1] ?? ''),
          ...network.http.urls.map((url) => new URL(url).hostname),
          ...network.prober.targets.map((target) => target.hostname as string),
        ]
        t.strictSame(
          hosts.filter((host) => !within(host) && !elsewhere.includes(host)),
          [],
        )
      }
    })

    await t.test('the local part leaves only when allowed, and only to https in the domain', async (t) => {
      // R13, R6
      const said = (network: Fakes) => ({
        dns: network.resolver.questions,
        web: network.http.requests.map(({ url, body = '' }) => ({
          url,
          text: decodeURIComponent(url) + body,
        })),
      })
      const quiet = emptyNetwork()
      await ask(quiet)
      t.notMatch(JSON.stringify(said(quiet)), LOCAL_PART)
      const open = emptyNetwork()
      await ask(open, { sendAddress: address.value })
      t.notMatch(said(open).dns.join(' '), LOCAL_PART)
      for (const { url, text } of said(open).web.filter((request) => request.text.includes(LOCAL_PART))) {
        t.equal(new URL(url).protocol, 'https:', text)
        t.ok(within(new URL(url).hostname), text)
        const request = open.http.requests.find((candidate) => candidate.url === url)
        t.equal(request?.keepInDomain, true, 'no redirect may carry it away')
      }
    })

    if (offline) return

    await t.test('a failing network is failed', async (t) => {
      const outcome = await ask(failingNetwork())
      t.equal(outcome.outcome, 'failed')
      if (outcome.outcome === 'failed') t.equal(outcome.failure.code, 'timeout')
    })

    await t.test('an abort rejects with its reason, before and while it is asking', async (t) => {
      const reason = new Error('the client is gone')
      await t.rejects(ask(silentNetwork(), { signal: AbortSignal.abort(reason) }), reason)
      const controller = new AbortController()
      const asking = ask(silentNetwork(), { signal: controller.signal })
      controller.abort(reason)
      await t.rejects(asking, reason)
    })
  })
}
