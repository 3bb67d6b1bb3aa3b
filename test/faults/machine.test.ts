/** What a machine does to the service: disks and descriptors at their end, a loop that stands still, clocks that jump. */
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { batchCommand } from '../../src/cli/batch.js'
import { UsageError } from '../../src/cli/terminal.js'
import { readConfig } from '../../src/config.js'
import type { DiscoverAnswer, Problem } from '../../src/domain/answer.js'
import { LogDestination } from '../../src/log-destination.js'
import { answered, ask, type ProcessOptions, ServiceProcess, startLoad } from '../fakes/service-process.js'
import { reportUnderFire } from '../hostile/under-fire.js'
import { startLab } from '../lab/lab.js'
import { serviceBeside } from '../lab/service.js'
import { mountSmallDisk } from './small-disk.js'
import type { FromService, LabNearby, Trouble } from './troubled-service.js'

const BUDGET_MS = 5000
const DAY_MS = 86_400_000
const FATAL = 60
const counts = { survived: 0, asked: 0, lost: 0, slowestRecovery: 0 }

// Each process compiles the service first.
t.setTimeout(180_000)
const lab = await startLab()
t.teardown(() => lab.close())
const SETTINGS = {
  ...lab.environment,
  LOG_LEVEL: 'info',
  MAILSCOUT_BUDGET_MS: String(BUDGET_MS),
  MAILSCOUT_RATE_LIMIT_MAX: '1000000',
  MAILSCOUT_RATE_LIMIT_COLD_MAX: '1000000',
  MAILSCOUT_MAX_COLD_LOOKUPS: '1024',
  MAILSCOUT_SELF_CHECK: 'off',
}

const urlOf = (service: ServiceProcess, domain: string, query = '') =>
  `${service.url}/v1/discover?email=ann@${domain}${query}`

/** Counts what is asked, and what gets no answer. */
async function discover(url: string, agent: Agent | false = false) {
  counts.asked += 1
  try {
    const { status, headers, body } = await ask(url, agent)
    return { status, headers, body: JSON.parse(body) as DiscoverAnswer & Problem }
  } catch (error) {
    counts.lost += 1
    throw error
  }
}

/** A process beside the lab, which can be troubled. */
async function startNearby(environment: Readonly<Record<string, string>> = {}, options: ProcessOptions = {}) {
  const nearby: LabNearby = {
    wire: lab.wire.directory(),
    ca: lab.caPem,
    providersDirectory: lab.providersDirectory,
  }
  const program = new URL('troubled-service.ts', import.meta.url).pathname
  const service = await ServiceProcess.start(
    { ...SETTINGS, ...environment, LAB_NEARBY: JSON.stringify(nearby) },
    1,
    { program, talks: true, ...options },
  )
  const heard = new Set<(message: FromService) => void>()
  service.onMessage((message) => {
    const told = message as FromService
    if (told.kind === 'connected') lab.wire.connected(told.from, told.place)
    for (const call of heard) call(told)
  })
  const next = (kind: FromService['kind']) =>
    new Promise<void>((resolve) => {
      const call = (message: FromService) => {
        if (message.kind !== kind) return
        heard.delete(call)
        resolve()
      }
      heard.add(call)
    })
  return {
    service,
    next,
    trouble: async (trouble: Trouble) => {
      service.send(trouble)
      await next('troubled')
    },
    /** The lookup of the domain has come to its very end, and is kept. */
    finished: async (domain: string) => {
      while (!service.lines.some((line) => line.msg === 'lookup' && line['domain'] === domain)) {
        await service.heard(/^lookup$/, service.lines.filter(({ msg }) => msg === 'lookup').length + 1)
      }
    },
    end: async () => {
      service.signal('SIGTERM')
      t.strictSame(await service.ended, [0, null])
      t.strictSame(
        service.lines.filter(({ level }) => level === FATAL),
        [],
      )
      counts.survived += 1
    },
  }
}

const outcomes = ({ sources }: DiscoverAnswer) =>
  sources.map(({ source, outcome }) => `${source} ${outcome}`).filter((text) => !text.endsWith(' skipped'))

void t.test('the event loop stands still for two seconds, then the clock jumps', async (t) => {
  const BLOCK_MS = 2000
  const domains = ['autoconfig', 'pacc', 'ispdb', 'srv', 'guess', 'autodiscover', 'dav', 'nothing'].map(
    (name) => `${name}.test`,
  )
  const control = serviceBeside(lab, { MAILSCOUT_BUDGET_MS: String(BUDGET_MS) })
  const asked = async (domain: string) =>
    (await control.app.inject(`/v1/discover?email=ann@${domain}`)).json<DiscoverAnswer>()
  await Promise.all(domains.map(asked))
  await control.mailscout.service.idle()
  const expected = await Promise.all(domains.map(async (domain) => outcomes(await asked(domain))))
  await control.close()

  const { service, trouble, next, finished, end } = await startNearby({
    MAILSCOUT_RATE_LIMIT_MAX: String(LIMIT),
  })
  const startedAt = performance.now()
  const underWay = next('connected')
  const replies = domains.map((domain) => discover(urlOf(service, domain)))
  await underWay
  const blocked = trouble({ kind: 'block', ms: BLOCK_MS })
  // Those who come while it stands still wait, and are served.
  const late = Array.from({ length: 20 }, () => discover(`${service.url}/v1/providers?query=lab`))
  await blocked
  for (const { status } of await Promise.all(late)) t.equal(status, 200)
  const statuses = (await Promise.all(replies)).map(({ status }) => status)
  const tookMs = performance.now() - startedAt
  counts.slowestRecovery = Math.max(counts.slowestRecovery, tookMs - BLOCK_MS)
  t.ok(tookMs < BLOCK_MS + BUDGET_MS + 50, `${tookMs.toFixed(0)} ms`)
  t.strictSame(statuses, [...domains.slice(1).map(() => 200), 404])
  await Promise.all(domains.map(finished))
  for (const [index, domain] of domains.entries()) {
    const { body } = await discover(urlOf(service, domain))
    t.strictSame(
      outcomes(body),
      expected[index],
      `${domain}: every source says what it says without the block`,
    )
  }
  counts.survived += 1
  await theClockJumps(t, { service, trouble })
  await end()
})

void t.test('descriptors are used up', async (t) => {
  const { service, end } = await startNearby(
    { MAILSCOUT_SOURCES: 'autoconfig' },
    // Enough to load all modules at once.
    { launcher: ['sh', '-c', 'ulimit -n 400; exec "$@"', 'sh'] },
  )
  // Known to the resolver's memory, so that only the connections to the servers are missing below.
  t.equal((await discover(urlOf(service, 'autoconfig.test'))).status, 200)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.equal((await discover(`${service.url}/v1/providers?query=lab`, agent)).status, 200)

  const held: Socket[] = []
  const { port } = new URL(service.url)
  const turnedAway = new Promise<void>((resolve) => {
    for (let number = 0; number < 500; number += 1) {
      const socket = connect(Number(port), '127.0.0.1')
      socket.on('error', () => undefined)
      socket.on('close', () => {
        resolve()
      })
      held.push(socket)
    }
  })
  await turnedAway
  const startedAt = performance.now()
  const noConnection = await discover(urlOf(service, 'autoconfig.test', '&verify=never'), agent)
  t.match(noConnection, {
    status: 503,
    headers: { 'retry-after': '10' },
    body: { code: 'LOOKUP_FAILED', sources: [{ source: 'autoconfig', outcome: 'failed' }] },
  })
  t.match(noConnection.body.sources[0]?.failure, { code: 'timeout', detail: /^not asked/ })
  const noName = await discover(urlOf(service, 'nothing.test'), agent)
  t.match(noName, { status: 503, body: { sources: [{ outcome: 'failed', failure: { code: 'dns' } }] } })
  t.ok(performance.now() - startedAt < 1000, 'both are told at once, not when a time limit is over')
  t.equal((await discover(`${service.url}/v1/providers?query=lab`, agent)).status, 200)
  await t.rejects(ask(`${service.url}/healthz`), 'who comes anew is turned away at once')

  const freedAt = performance.now()
  for (const socket of held) socket.destroy()
  let reply: Awaited<ReturnType<typeof discover>> | undefined
  while (reply?.status !== 200) {
    reply = await ask(urlOf(service, 'wellknown.test')).then(
      ({ status, headers, body }) => ({
        status,
        headers,
        body: JSON.parse(body) as DiscoverAnswer & Problem,
      }),
      () => undefined,
    )
  }
  counts.slowestRecovery = Math.max(counts.slowestRecovery, performance.now() - freedAt)
  t.strictSame(reply.body.servers.imap[0]?.sources, ['autoconfig'])
  agent.destroy()
  await end()
})

/** Of requests a minute: more than the test before needs. */
const LIMIT = 60

async function theClockJumps(
  t: Test,
  { service, trouble }: Pick<Awaited<ReturnType<typeof startNearby>>, 'service' | 'trouble'>,
) {
  const first = await discover(urlOf(service, 'ispdb.test'))
  t.equal(first.status, 200)
  for (const aheadMs of [-DAY_MS, DAY_MS, 0]) {
    let refused = await discover(urlOf(service, 'ispdb.test'))
    for (let number = 0; number < LIMIT; number += 1) refused = await discover(urlOf(service, 'ispdb.test'))
    t.equal(refused.status, 429)
    t.ok(Number(refused.headers['retry-after']) <= 60)
    await trouble({ kind: 'clock', aheadMs })
    const name = `${String(aheadMs / DAY_MS)} days ahead`
    const questions = lab.log.dns.length
    const kept = await discover(urlOf(service, 'ispdb.test'))
    t.equal(kept.status, 200, `${name}: nobody is shut out`)
    t.same(kept.body.servers.imap, first.body.servers.imap)
    t.equal(lab.log.dns.length, questions, `${name}: what is kept serves for its time`)
    const anew = await discover(urlOf(service, 'srv.test', '&refresh=true'))
    t.equal(anew.status, 200)
    t.equal(anew.body.servers.imap[0]?.verification.status, 'verified', `${name}: a lookup has its time`)
  }
}

void t.test('a worker is killed under load', async (t) => {
  const service = await ServiceProcess.start(
    {
      ...SETTINGS,
      MAILSCOUT_WORKERS: '2',
      MAILSCOUT_SOURCES: 'operator,srv',
      MAILSCOUT_BUDGET_MS: '300',
    },
    2,
  )
  const pids = service.lines.flatMap(({ msg, pid }) =>
    msg?.startsWith('Server listening') ? [Number(pid)] : [],
  )
  const oneOf = (number: number) =>
    urlOf(service, number % 40 === 0 ? `d${number}.dnssilent.test` : 'operator.lab', '&verify=never')
  const load = startLoad(oneOf)
  await answered(load, 100)
  // Standing still, it takes none of the connections that are on their way to it when it is killed.
  process.kill(pids[0] ?? 0, 'SIGSTOP')
  const onTheirWay = Array.from({ length: 20 }, () =>
    ask(`${service.url}/healthz`).then(Boolean, () => false),
  )
  await answered(load, 100)
  const killedAt = performance.now()
  process.kill(pids[0] ?? 0, 'SIGKILL')
  const taken = await Promise.all(onTheirWay)
  t.ok(taken.includes(true), 'each comes to an end: the other answers, and what he was to take is closed')
  await answered(load, 1)
  counts.slowestRecovery = Math.max(counts.slowestRecovery, performance.now() - killedAt)
  t.match((await service.heard(/^a worker has ended; another takes its place/))[0], { signal: 'SIGKILL' })
  await answered(load, 100)
  load.stop()
  await load.ended
  // Nobody takes its time while it starts.
  await service.heard(/^Server listening/, 3)
  const again = startLoad(oneOf)
  await answered(again, 100)
  again.stop()
  await again.ended
  t.strictSame(again.broken, [])
  service.signal('SIGTERM')
  t.strictSame(await service.ended, [0, null])
  counts.survived += 1
  // As many as were waited for; a fast machine asks more.
  counts.asked += 320
  const { broken } = load
  t.ok(broken.length <= 8, `only what was in its hands, one for each client at most: ${broken.length}`)
  const byOthers = broken.filter(({ id }) =>
    service.lines.some(({ reqId, pid }) => reqId === id && pid !== pids[0]),
  )
  counts.lost += byOthers.length
  t.strictSame([...load.counts.keys()].sort(), [200, 503])
  const places = new Set(service.lines.filter(({ route }) => route !== undefined).map(({ pid }) => pid))
  t.equal(places.size, 3, 'the one that took its place serves')
})

/* The disk is full */

void t.test('a log that cannot be written', async (t) => {
  const written: Uint8Array[] = []
  const textSince = (from: number) => Buffer.concat(written.slice(from)).toString()
  const trouble = { code: '', octets: Infinity }
  const lost: number[] = []
  const destination = new LogDestination({
    descriptor: -1,
    onLost: (lines) => lost.push(lines),
    write: (_, octets) => {
      if (trouble.code !== '') throw Object.assign(new Error(trouble.code), { code: trouble.code })
      const taken = octets.subarray(0, trouble.octets)
      written.push(taken)
      return taken.length
    },
  })
  const line = `${'ä'.repeat(999)}\n`
  for (let number = 0; number < 5; number += 1) destination.write(line)
  t.equal(written.length, 1, 'several in one write')
  trouble.code = 'ENOSPC'
  destination.flushSync()
  for (let number = 0; number < 3000; number += 1) destination.write(line)
  trouble.code = ''
  trouble.octets = 777
  destination.flushSync()
  t.equal(lost.length, 1)
  t.ok(textSince(0) === line.repeat(3005 - (lost[0] ?? 0)), 'what was kept comes whole and in order')
  t.ok((lost[0] ?? 0) > 1000, 'it does not fill the memory either')

  trouble.code = 'EAGAIN'
  destination.write(line)
  const startedAt = performance.now()
  destination.flushSync()
  t.ok(performance.now() - startedAt >= 1000, 'a slow reader gets a second at the end')
  trouble.code = ''
  const before = written.length
  while (written.length === before) await new Promise(setImmediate)
  t.equal(textSince(before), line, 'and otherwise what waited, as soon as it reads')

  trouble.code = 'EPIPE'
  destination.write(line.repeat(5))
  trouble.code = ''
  destination.write(line)
  destination.flushSync()
  t.equal(textSince(before), line, 'nobody reads any more')
})

const disk = mountSmallDisk(64)
const skip = disk === undefined && 'only root may mount a small disk'

// The least that anybody can try.
void t.test(
  'a disk that is full for ever',
  { skip: disk !== undefined && 'the next one shows more' },
  async (t) => {
    const output = openSync('/dev/full', 'w')
    const service = await ServiceProcess.start(SETTINGS, 1, { output })
    closeSync(output)
    for (let number = 0; number < 40; number += 1) {
      t.equal((await discover(urlOf(service, 'operator.lab', '&verify=never'))).status, 200)
    }
    const toldAt = performance.now()
    service.signal('SIGTERM')
    t.strictSame(await service.ended, [0, null])
    t.ok(performance.now() - toldAt < BUDGET_MS + 1500)
    counts.survived += 1
  },
)

void t.test('a disk that is full for a while', { skip }, async (t) => {
  if (!disk) return
  const log = join(disk.path, 'log')
  const snapshots = join(disk.path, 'snapshots')
  mkdirSync(snapshots)
  writeFileSync(join(snapshots, 'cache'), 'of before')
  const output = openSync(log, 'a')
  const service = await ServiceProcess.start(
    { ...SETTINGS, MAILSCOUT_CACHE_SNAPSHOT: join(snapshots, 'cache') },
    1,
    { output },
  )
  closeSync(output)
  const lines = () => readFileSync(log, 'utf8').split('\n').slice(0, -1)
  const askSome = async () => {
    for (let number = 0; number < 40; number += 1) {
      t.equal((await discover(urlOf(service, 'operator.lab', '&verify=never'))).status, 200)
    }
  }
  await askSome()
  disk.fill()
  await askSome()
  disk.free()
  const freedAt = performance.now()
  const requests = () => lines().filter((line) => line.includes('/v1/discover')).length
  while (requests() < 80) await new Promise(setImmediate)
  counts.slowestRecovery = Math.max(counts.slowestRecovery, performance.now() - freedAt)
  t.equal(requests(), 80, 'no line is lost or cut')
  for (const line of lines()) JSON.parse(line)

  disk.fill()
  service.signal('SIGTERM')
  t.strictSame(await service.ended, [0, null])
  t.strictSame(readdirSync(snapshots), ['cache'])
  t.equal(readFileSync(join(snapshots, 'cache'), 'utf8'), 'of before', 'the last snapshot stays')
  disk.free()
  counts.survived += 1
})

void t.test('a batch whose disk is full goes on where it was', { skip }, async (t) => {
  if (!disk) return
  const input = join(t.testdir(), 'in.txt')
  const output = join(disk.path, 'out.ndjson')
  const addresses = Array.from({ length: 60 }, (_, number) => `ann${100 + number}@operator.lab`)
  const run = (count: number) => {
    writeFileSync(input, addresses.slice(0, count).join('\n'))
    return batchCommand([input, '--output', output, '--verify', 'never', '--concurrency', '4'], {
      terminal: { out: () => undefined, err: () => undefined, colour: false, language: undefined },
      config: readConfig(SETTINGS),
      surroundings: { dial: lab.dial, ca: [lab.caPem], builtinProvidersDirectory: lab.providersDirectory },
      settings: () => [],
      interactive: false,
      signal: new AbortController().signal,
      input: process.stdin,
    })
  }
  await t.rejects(run(addresses.length), UsageError, 'more than the disk holds')
  const whole = readFileSync(output, 'utf8').split('\n').length - 1
  t.ok(whole > 1)
  rmSync(output)
  await t.rejects(run(whole + 1), UsageError, 'a last line that fits in part is not done')
  rmSync(join(disk.path, 'log'))
  t.equal(await run(whole + 1), 0)
  const lines = readFileSync(output, 'utf8').trimEnd().split('\n')
  t.strictSame(
    lines.map((line) => (JSON.parse(line) as { email: string }).email),
    addresses.slice(0, whole + 1),
    'every address once',
  )
  counts.survived += 1
})

void t.test('counts', { skip }, (t) => {
  reportUnderFire(t, {
    'faults of the machine survived': counts.survived,
    'requests sent while the machine was troubled': counts.asked,
    'accepted requests lost, but for those in the hands of a killed worker': counts.lost,
    'milliseconds until it answered again after the longest trouble of the machine': Math.ceil(
      counts.slowestRecovery,
    ),
  })
  t.end()
})
