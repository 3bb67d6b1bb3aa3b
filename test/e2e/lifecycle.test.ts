/** The service as a process: told to end, told to read again, with faults nobody caught, and while its cache dies. */
import { Agent } from 'node:http'
import t, { type Test } from 'tap'
import {
  answered,
  ask,
  type Load,
  type LogLine,
  ServiceProcess,
  startLoad,
} from '../fakes/service-process.js'
import { findValkey, ValkeyServer } from '../fakes/valkey-server.js'
import { startScriptedDns } from '../net/scripted-dns.js'

const OWN = {
  id: 'own',
  name: 'Our mail',
  access: 'full',
  domains: ['own.test'],
  imap: [{ hostname: 'imap.own.test', port: 993, security: 'tls' }],
  pop3: [],
  smtp: [{ hostname: 'smtp.own.test', port: 465, security: 'tls' }],
  references: ['https://own.test/'],
  verified: '2026-11-27',
  confidence: 'high',
}
/** Milliseconds; what a lookup takes here, as the name server says nothing. */
const BUDGET_MS = 300
const FATAL = 60

const silence = await startScriptedDns(() => [])
// Each of its processes compiles the service first.
t.setTimeout(180_000)
t.teardown(() => silence.close())
const providers = t.testdir({ 'own.json': JSON.stringify(OWN) })
const SETTINGS = {
  LOG_LEVEL: 'info',
  MAILSCOUT_DNS_SERVERS: silence.address,
  MAILSCOUT_PROVIDERS_DIR: providers,
  MAILSCOUT_SOURCES: 'operator,srv',
  MAILSCOUT_ALLOW_SPECIAL_USE_NAMES: 'true',
  MAILSCOUT_BUDGET_MS: String(BUDGET_MS),
  MAILSCOUT_RATE_LIMIT_MAX: '1000000',
  MAILSCOUT_RATE_LIMIT_COLD_MAX: '1000000',
  MAILSCOUT_MAX_COLD_LOOKUPS: '1024',
  MAILSCOUT_SELF_CHECK: 'off',
}

/** Mostly from the operator's file, every tenth by a lookup that takes its whole time. */
const urlOf = (service: ServiceProcess) => (number: number) =>
  `${service.url}/v1/discover?email=ann@${number % 10 === 0 ? `d${number}.slow.test` : 'own.test'}`

/** A request that is under way once the name server has been asked for it. */
async function underWay(service: ServiceProcess, name: string) {
  const answer = ask(`${service.url}/v1/discover?email=ann@${name}`)
  answer.catch(() => undefined)
  while (!silence.asked.some((asked) => asked.name.endsWith(name))) await new Promise(setImmediate)
  return { answer }
}

const requestLines = (lines: readonly LogLine[]) =>
  lines.filter(({ route }) => route === '/v1/discover').length

function letNobodyDown(t: Test, load: Load, service: ServiceProcess) {
  const { counts, broken } = load
  // A connection that the system still had in its queue was not accepted; the log has a line for all that were.
  const lost = broken.filter(({ id, isNew }) => !isNew || service.lines.some(({ reqId }) => reqId === id))
  t.strictSame(lost, [], `nobody was let down: ${JSON.stringify([...counts])}`)
  t.ok((counts.get(200) ?? 0) > 100)
  t.ok((counts.get(503) ?? 0) > 10)
  t.strictSame(
    [...counts.keys()].filter((key) => ![200, 503, 'refused'].includes(key)),
    [],
  )
  t.ok(
    requestLines(service.lines) >= (counts.get(200) ?? 0) + (counts.get(503) ?? 0),
    'the log has a line for each, to the last one',
  )
}

const program = findValkey()

void t.test('a day in the life of a process', { timeout: 120_000 }, async (t) => {
  const engine = program === undefined ? undefined : await ValkeyServer.start(program)
  if (engine) t.teardown(() => engine.kill())
  const service = await ServiceProcess.start({
    ...SETTINGS,
    ...(engine ? { MAILSCOUT_VALKEY_URL: engine.url } : {}),
  })
  const ready = async (agent: Agent | false = false) => {
    const { status: code, body } = await ask(`${service.url}/readyz`, agent)
    return { code, ...(JSON.parse(body) as { status: string; cache: { status: string } }) }
  }

  service.signal('SIGHUP')
  await service.heard(/^provider files read again/)

  const load = startLoad(urlOf(service))
  await answered(load, 200)
  if (engine) {
    while ((await ready()).cache.status !== 'shared') await new Promise(setImmediate)
    await engine.kill()
    while ((await ready()).cache.status !== 'degraded') await answered(load, 20)
    t.equal((await ready()).code, 200, 'ready without it')
    await answered(load, 100)
    await engine.start()
    while ((await ready()).cache.status !== 'shared') await answered(load, 20)
    await service.heard(/^the shared cache answers again/)
  }

  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.match(await ready(agent), { code: 200, status: 'ready' })
  const toldAt = performance.now()
  service.signal('SIGTERM')
  await service.heard(/^told to end/)
  const last = await ask(`${service.url}/readyz`, agent)
  t.match(last, { status: 503, body: /^\{"status":"draining"/, headers: { connection: 'close' } })
  await load.ended
  t.strictSame(await service.ended, [0, null])
  t.ok(performance.now() - toldAt < BUDGET_MS + 1500, 'within the time of a lookup')
  letNobodyDown(t, load, service)
  await t.rejects(ask(service.url), { code: 'ECONNREFUSED' })
})

void t.test('an error nobody caught, and an end that is wanted at once', { timeout: 120_000 }, async (t) => {
  const [faulty, patient] = await Promise.all([
    ServiceProcess.start(SETTINGS),
    ServiceProcess.start({ ...SETTINGS, MAILSCOUT_BUDGET_MS: '60000' }),
  ])
  const asked = await underWay(faulty, 'before.test')
  const never = await underWay(patient, 'never.test')
  faulty.signal('SIGUSR2')
  t.equal((await asked.answer).status, 503, 'what was accepted is answered')
  t.strictSame(await faulty.ended, [1, null])
  const [fatal] = faulty.lines.filter(({ level }) => level === FATAL)
  t.match(fatal, { err: { message: 'a bug', stack: /a bug/ } })

  patient.signal('SIGTERM')
  await patient.heard(/^told to end/)
  t.ok(patient.isRunning, 'a lookup is under way')
  const toldAt = performance.now()
  while (patient.isRunning) {
    patient.signal('SIGTERM')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  t.strictSame(await patient.ended, [143, null])
  t.ok(performance.now() - toldAt < 10_000, 'and not awaited')
  await t.rejects(never.answer)
})

void t.test('several processes', { timeout: 120_000 }, async (t) => {
  const service = await ServiceProcess.start({ ...SETTINGS, MAILSCOUT_WORKERS: '2' }, 2)
  service.signal('SIGHUP')
  await service.heard(/^provider files read again/, 2)
  const load = startLoad(urlOf(service))
  await answered(load, 300)
  service.signal('SIGTERM')
  await load.ended
  t.strictSame(await service.ended, [0, null])
  t.strictSame(
    [...load.counts.keys()].filter((key) => ![200, 503, 'refused'].includes(key)),
    [],
  )
  t.ok((load.counts.get(200) ?? 0) > 100)
})
