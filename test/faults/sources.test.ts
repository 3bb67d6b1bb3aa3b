/** Each source slow, failing, lying, flapping: what a client sees, and what is seen once the source is well again. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { DiscoverAnswer, Problem } from '../../src/domain/answer.js'
import { ask } from '../fakes/service-process.js'
import { reportUnderFire } from '../hostile/under-fire.js'
import { startLab } from '../lab/lab.js'
import { serviceBeside } from '../lab/service.js'
import {
  BROKEN_SOURCES,
  type BrokenSource,
  breakSource,
  brokenWorld,
  domainOf,
  type Fault,
  LIAR,
  mendSource,
  secondOf,
} from './broken-world.js'

const BUDGET_MS = 700
/** Milliseconds beside the budget, for the way to the answer: in the middle, and where the machine is busy. */
const MARGIN_MS = { middle: 50, most: 250 }
/** Seconds that an answer may be kept in which a source failed: by kind (R37), the longest. */
const FAILED_SECONDS = 10
const INCOMPLETE_SECONDS = 300
/** The longest that a DNS answer is believed. */
const DNS_SECONDS = 3600
const counts = { survived: 0, asked: 0, lost: 0 }

/** Kept answers age by this clock, and so by as much as a test says. */
const trueTime = performance.now.bind(performance)
let passedMs = 0
performance.now = () => trueTime() + passedMs
const pass = (seconds: number) => (passedMs += seconds * 1000)

const lab = await startLab({ world: brokenWorld() })
const providers = t.testdir({})
const ownFile = join(providers, 'own.json')
const OWN = {
  id: 'own',
  name: 'Our mail',
  access: 'full',
  domains: ['own.lab'],
  imap: [{ hostname: 'imap.own.lab', port: 993, security: 'tls' }],
  pop3: [],
  smtp: [{ hostname: 'smtp.own.lab', port: 465, security: 'tls' }],
  references: ['https://own.lab/'],
  verified: '2026-11-27',
  confidence: 'high',
}
writeFileSync(ownFile, JSON.stringify(OWN))
const { app, mailscout, bugs, ...service } = serviceBeside(lab, {
  MAILSCOUT_BUDGET_MS: String(BUDGET_MS),
  MAILSCOUT_PROVIDERS_DIR: providers,
})
const url = await app.listen({ host: '127.0.0.1', port: 0 })
t.teardown(async () => {
  await service.close()
  await lab.close()
})

async function discover(domain: string, query = '') {
  counts.asked += 1
  const startedAt = trueTime()
  const reply = await ask(`${url}/v1/discover?email=ann@${domain}${query}`).catch((error: unknown) => {
    counts.lost += 1
    throw error
  })
  const body = JSON.parse(reply.body) as DiscoverAnswer & Problem
  return { status: reply.status, headers: reply.headers, body, tookMs: trueTime() - startedAt }
}

/** What is known once everything that was under way has ended. */
async function discoverAll(domain: string) {
  await discover(domain)
  await mailscout.service.idle()
  return discover(domain)
}

const reportOf = ({ sources }: Pick<DiscoverAnswer, 'sources'>, name: BrokenSource) =>
  sources.find(({ source }) => source === name)
const firstHosts = ({ recommendation }: DiscoverAnswer) =>
  [recommendation?.incoming.hostname, recommendation?.outgoing?.hostname].map((host) => host ?? 'none')
const keptSeconds = ({ cache }: DiscoverAnswer) => (Date.parse(cache.expiresAt) - Date.now()) / 1000

/** The second source's servers come first, in time, and the broken source is not said to have nothing. */
function servesFromTheOther(t: Test, source: BrokenSource, answer: Awaited<ReturnType<typeof discover>>) {
  const domain = domainOf(source)
  t.equal(answer.status, 200)
  t.ok(answer.tookMs <= BUDGET_MS + MARGIN_MS.middle, `${source}: ${answer.tookMs.toFixed(0)} ms`)
  t.strictSame(firstHosts(answer.body), [`reading.${domain}`, `sending.${domain}`])
  t.ok(answer.body.servers.imap[0]?.sources.includes(secondOf(source)))
}

const EXPECTED: Readonly<Record<Exclude<Fault, 'lying'>, RegExp>> = {
  slow: /^timeout$/,
  failing: /^(http-status|dns)$/,
}

for (const [fault, codes] of Object.entries(EXPECTED) as [Exclude<Fault, 'lying'>, RegExp][]) {
  void t.test(`the other source answers in time and says what is missing: ${fault}`, async (t) => {
    await asksAnew()
    for (const source of BROKEN_SOURCES) breakSource(domainOf(source), fault)
    // One after the other: the time that one takes is that of a client.
    for (const source of BROKEN_SOURCES) servesFromTheOther(t, source, await discover(domainOf(source)))
    await mailscout.service.idle()
    for (const source of BROKEN_SOURCES) {
      const answer = await discover(domainOf(source))
      servesFromTheOther(t, source, answer)
      const report = reportOf(answer.body, source)
      t.match(report, { outcome: 'failed', failure: { code: codes } }, `${source} ${fault}`)
      t.ok(keptSeconds(answer.body) <= INCOMPLETE_SECONDS, 'not for longer than what is incomplete')
    }
    for (const source of BROKEN_SOURCES) mendSource(domainOf(source))
    pass(INCOMPLETE_SECONDS + 1)
    await becomesWhole(t)
  })

  void t.test(`nobody else knows: could not look, and seconds later it is found: ${fault}`, async (t) => {
    await asksAnew()
    const domains = BROKEN_SOURCES.map((source) => domainOf(source, true))
    for (const domain of domains) breakSource(domain, fault)
    const times: number[] = []
    for (const source of BROKEN_SOURCES) {
      const { status, headers, body, tookMs } = await discover(domainOf(source, true))
      t.equal(`${status} ${body.code}`, '503 LOOKUP_FAILED', `${source}: nothing is said to be absent`)
      t.equal(headers['retry-after'], String(FAILED_SECONDS))
      t.match(reportOf(body, source), { outcome: 'failed', failure: { code: codes } })
      times.push(tookMs)
    }
    times.sort((a, b) => a - b)
    t.ok((times[times.length >> 1] ?? Infinity) <= BUDGET_MS + MARGIN_MS.middle)
    t.ok((times.at(-1) ?? Infinity) <= BUDGET_MS + MARGIN_MS.most)
    await mailscout.service.idle()
    for (const domain of domains) mendSource(domain)
    t.equal((await discover(domainOf('guess', true))).status, 503, 'kept')
    pass(FAILED_SECONDS + 1)
    for (const source of BROKEN_SOURCES) {
      const { status, body } = await discover(domainOf(source, true))
      t.equal(status, 200, `${source}: the next lookup finds it`)
      t.equal(reportOf(body, source)?.outcome, 'found')
      counts.survived += 1
    }
  })
}

/** Nothing is kept any more, neither of answers nor of the DNS; and all code is loaded. */
async function asksAnew() {
  await discover(domainOf('srv', true))
  await mailscout.service.idle()
  mailscout.service.forget()
  pass(DNS_SECONDS + 1)
}

/** Everything is found again by whoever asks next. */
async function becomesWhole(t: Test) {
  for (const source of BROKEN_SOURCES) {
    const { status, body } = await discoverAll(domainOf(source))
    t.equal(status, 200)
    t.equal(reportOf(body, source)?.outcome, 'found', `${source} is heard again`)
    counts.survived += 1
  }
}

void t.test('lying: nobody is led to the liar', async (t) => {
  await asksAnew()
  for (const source of BROKEN_SOURCES) breakSource(domainOf(source), 'lying')
  for (const source of BROKEN_SOURCES) {
    const domain = domainOf(source)
    servesFromTheOther(t, source, await discover(domain))
    await mailscout.service.idle()
    const answer = await discover(domain)
    servesFromTheOther(t, source, answer)
    const report = reportOf(answer.body, source)
    const servers = Object.values(answer.body.servers).flat()
    const lies = servers.filter(({ registrableDomain }) => registrableDomain === LIAR)
    for (const { trust } of lies) t.equal(trust, 'unconfirmed')
    t.ok(
      report?.outcome === 'failed' || lies.length > 0 || report?.detail !== undefined,
      `${source}: what it says is shown as a hint, or why it is not: ${JSON.stringify(report)}`,
    )
    // Only its 404 says that it has no entry; a page in its place says that somebody else has answered (R37).
    if (source === 'ispdb') t.match(report, { outcome: 'failed', failure: { code: 'document' } })
    for (const path of [`v1.1/${domain}`, `v1/mobileconfig?email=ann@${domain}`]) {
      const { status, body } = await ask(`${url}/${path}`)
      t.equal(status, 200)
      t.notOk(body.includes(LIAR))
    }
  }
  for (const source of BROKEN_SOURCES) mendSource(domainOf(source))
  // What the DNS has said is believed for its time.
  pass(DNS_SECONDS + 1)
  await becomesWhole(t)
})

void t.test('flapping: a bad moment takes no good answer away', async (t) => {
  for (const fault of ['slow', 'failing'] as const) {
    await Promise.all(BROKEN_SOURCES.map((source) => discover(domainOf(source, true))))
    await mailscout.service.idle()
    for (const source of BROKEN_SOURCES) breakSource(domainOf(source, true), fault)
    const refreshed = await Promise.all(
      BROKEN_SOURCES.map((source) => discover(domainOf(source, true), '&refresh=true')),
    )
    await mailscout.service.idle()
    t.strictSame(new Set(refreshed.map(({ status }) => status)), new Set([503]))
    for (const source of BROKEN_SOURCES) {
      const { status, body } = await discover(domainOf(source, true))
      t.equal(status, 200, `${source}: what was found before still serves`)
      t.equal(reportOf(body, source)?.outcome, 'found')
    }
    for (const source of BROKEN_SOURCES) mendSource(domainOf(source, true))
    for (const source of BROKEN_SOURCES) {
      t.equal((await discover(domainOf(source, true), '&refresh=true')).status, 200)
      if (fault === 'failing') counts.survived += 1
    }
    await mailscout.service.idle()
  }
})

void t.test('the operator’s file is broken and mended', async (t) => {
  const isServed = async () => {
    const { status, body } = await discover('own.lab')
    t.equal(status, 200)
    t.strictSame(firstHosts(body), ['imap.own.lab', 'smtp.own.lab'])
    await mailscout.service.idle()
  }
  await isServed()
  for (const text of ['', '{', JSON.stringify({ ...OWN, imap: 'none' }), `${JSON.stringify(OWN)}}`]) {
    writeFileSync(ownFile, text)
    await mailscout.operatorFiles.reread()
    t.equal(
      (JSON.parse((await ask(`${url}/readyz`)).body) as { providers: { status: string } }).providers.status,
      'stale',
    )
    await isServed()
    mailscout.service.forget()
    await isServed()
    counts.survived += 1
  }
  writeFileSync(ownFile, JSON.stringify(OWN))
  await mailscout.operatorFiles.reread()
  await isServed()
})

void t.test('counts', (t) => {
  t.strictSame(bugs, [])
  reportUnderFire(t, {
    'faults of a source survived, each source × each fault': counts.survived,
    'requests sent while a source was broken': counts.asked,
    'requests lost while a source was broken': counts.lost,
  })
  t.end()
})
