/** What stands around the service goes down and comes back: name servers, and the engine that processes share. */
import { Writable } from 'node:stream'
import { pino } from 'pino'
import t from 'tap'
import { readConfig } from '../../src/config.js'
import type { DiscoverAnswer, Problem } from '../../src/domain/answer.js'
import { start } from '../../src/serve.js'
import { ask } from '../fakes/service-process.js'
import { findValkey, freePort, TroubledWay, ValkeyServer } from '../fakes/valkey-server.js'
import { reportUnderFire } from '../hostile/under-fire.js'
import { startLab } from '../lab/lab.js'
import { reply, type Script, startScriptedDns } from '../net/scripted-dns.js'

const BUDGET_MS = 1500
/** Lines of the log that call something an error. */
const faults: string[] = []
const counts = { survived: 0, asked: 0, lost: 0, slowestRecovery: 0 }
const lab = await startLab()
t.teardown(() => lab.close())

async function startService(environment: Readonly<Record<string, string>>) {
  const config = readConfig({
    ...lab.environment,
    MAILSCOUT_BUDGET_MS: String(BUDGET_MS),
    MAILSCOUT_RATE_LIMIT_MAX: '1000000',
    MAILSCOUT_RATE_LIMIT_COLD_MAX: '1000000',
    MAILSCOUT_SELF_CHECK: 'off',
    PORT: String(await freePort()),
    ...environment,
  })
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (/"level":[56]0/.test(chunk.toString())) faults.push(chunk.toString())
      done()
    },
  })
  const service = await start(
    config,
    { dial: lab.dial, ca: [lab.caPem], builtinProvidersDirectory: lab.providersDirectory },
    { log: pino(sink), flush: () => undefined },
  )
  t.teardown(() => service.close())
  const discover = async (domain: string) => {
    counts.asked += 1
    const startedAt = performance.now()
    const answer = await ask(`${service.url}/v1/discover?email=ann@${domain}`).catch((error: unknown) => {
      counts.lost += 1
      throw error
    })
    const body = JSON.parse(answer.body) as DiscoverAnswer & Problem
    return { ...answer, body, tookMs: performance.now() - startedAt }
  }
  return { url: service.url, discover }
}

/* Name servers */

const well: Script = (asked) => lab.answer(asked.raw) ?? []
const DOWN: Readonly<Record<string, Script>> = {
  silent: () => [],
  'out of order': (asked) => reply(asked, { rcode: 'SERVFAIL' }),
  'closed to us': (asked) => reply(asked, { rcode: 'REFUSED' }),
  'talking nonsense': (asked) => [asked.raw.subarray(0, 20), Buffer.alloc(40, 7)],
}
/** These need no name to be looked up, or one that is still known. */
const UNTROUBLED = ['operator', 'provider-db', 'ispdb']
/** Milliseconds beside the budget; the machine may be busy with other things as well. */
const MARGIN_MS = 200

void t.test('the name server is down', async (t) => {
  const names = await startScriptedDns(well)
  t.teardown(() => names.close())
  const { discover } = await startService({ MAILSCOUT_DNS_SERVERS: names.address })
  t.equal((await discover('ispdb.test')).status, 200)
  const unknown = ['srv.test', 'autoconfig.test', 'pacc.test', 'guess.test']
  const others = ['wellknown.test', 'httphint.test', 'autodiscover.test', 'sieve.test']
  for (const [index, [name, script]] of Object.entries(DOWN).entries()) {
    names.script = script
    for (const domain of ['ispdb.test', 'operator.lab', 'providerdb.lab']) {
      t.equal((await discover(domain)).status, 200, `${name}: ${domain} is kept, or needs no name`)
    }
    const { status, headers, body, tookMs } = await discover(unknown[index] ?? '')
    t.equal(`${status} ${body.code}`, '503 LOOKUP_FAILED', name)
    t.equal(headers['retry-after'], '10')
    t.ok(tookMs <= BUDGET_MS + MARGIN_MS, `${name}: ${tookMs.toFixed(0)} ms`)
    for (const { source, outcome } of body.sources) {
      if (!UNTROUBLED.includes(source)) t.match(outcome, /^(failed|skipped)$/, `${name}: ${source}`)
    }
    names.script = well
    const back = await discover(others[index] ?? '')
    t.equal(back.status, 200, `${name}: the next lookup finds what is there`)
    counts.slowestRecovery = Math.max(counts.slowestRecovery, back.tookMs)
    counts.survived += 1
  }
})

void t.test('half of the name servers are down', async (t) => {
  const names = await startScriptedDns(well)
  t.teardown(() => names.close())
  const nobody = `127.0.0.1:${await freePort()}`
  for (const servers of [
    [names.address, lab.dnsServer],
    [lab.dnsServer, names.address],
    [nobody, lab.dnsServer],
  ]) {
    for (const [name, script] of Object.entries(DOWN)) {
      names.script = script
      const { discover } = await startService({
        MAILSCOUT_DNS_SERVERS: servers.join(','),
        MAILSCOUT_BUDGET_MS: '5000',
      })
      const { status, body, tookMs } = await discover('srv.test')
      t.equal(status, 200, name)
      t.equal(body.servers.imap[0]?.hostname, 'reading.srv.test')
      t.notOk(
        body.sources.some(({ failure }) => failure?.code === 'dns'),
        `${name}: every name could be looked up`,
      )
      // A name and its address: the second server is asked after 0.3 s each.
      t.ok(tookMs < 2000, `${name}: ${tookMs.toFixed(0)} ms`)
      if (servers[0] === nobody) break
    }
    counts.survived += 1
  }
})

/* The engine */

const program = findValkey()
const skip = program === undefined && 'neither valkey-server nor redis-server is installed'
/** Milliseconds that a request may take longer while the engine is in trouble, in the middle. */
const MAX_ADDED_MS = 5

void t.test('the shared cache is slow, down and back', { skip }, async (t) => {
  const engine = await ValkeyServer.start(program ?? '')
  t.teardown(() => engine.kill())
  const way = await TroubledWay.to(engine.port)
  t.teardown(() => {
    way.close()
  })
  // A lookup that costs next to nothing shows what the engine adds.
  const { url, discover } = await startService({
    MAILSCOUT_VALKEY_URL: way.url,
    MAILSCOUT_SOURCES: 'operator',
  })
  const isShared = async () =>
    (JSON.parse((await ask(`${url}/readyz`)).body) as { cache: { status: string } }).cache.status === 'shared'
  let number = 0
  const shared = async () => {
    const startedAt = performance.now()
    while (!(await isShared())) await discover(`d${(number += 1)}.test`)
    return performance.now() - startedAt
  }
  const median = async () => {
    const times: number[] = []
    for (let asked = 0; asked < 40; asked += 1) {
      const { status, tookMs } = await discover(asked % 2 === 0 ? 'operator.lab' : `d${(number += 1)}.test`)
      t.equal(status, asked % 2 === 0 ? 200 : 404)
      times.push(tookMs)
    }
    return times.sort((a, b) => a - b)[times.length >> 1] ?? Infinity
  }
  await shared()
  await median()
  const usual = await median()
  const troubles = {
    slow: () => (way.delayMs = 50),
    silent: () => (way.delayMs = Infinity),
    down: () => engine.kill(),
  }
  for (const [name, trouble] of Object.entries(troubles)) {
    await trouble()
    while (await isShared()) await discover(`d${(number += 1)}.test`)
    const added = (await median()) - usual
    t.ok(added < MAX_ADDED_MS, `${name}: ${added.toFixed(1)} ms more`)
    way.delayMs = 0
    if (name === 'down') await engine.start()
    counts.slowestRecovery = Math.max(counts.slowestRecovery, await shared())
    counts.survived += 1
  }
})

void t.test('counts', (t) => {
  t.strictSame(faults, [])
  // Without an engine there are fewer.
  if (skip === false) {
    reportUnderFire(t, {
      'faults of name servers and of the shared cache survived': counts.survived,
      'requests lost while they were in trouble': counts.lost,
      'milliseconds until the service used them again, at the longest': Math.ceil(counts.slowestRecovery),
    })
  }
  t.end()
})
