import cluster from 'node:cluster'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { serveProcesses } from '../src/processes.js'
import { superviseWorkers } from '../src/supervise-workers.js'
import { joinPeers, type WorkerMessage } from '../src/worker-messages.js'
import { settled } from './fakes/deferred.js'
import { freePort } from './fakes/valkey-server.js'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const PLAIN = fileURLToPath(new URL('fakes/plain-worker.mjs', import.meta.url))
const QUIET = { info: () => undefined, warn: () => undefined }
const pids = () => Object.values(cluster.workers ?? {}).flatMap((worker) => worker?.process.pid ?? [])

/** A connection of its own, so that each may meet another worker. */
async function ask(url: string): Promise<string> {
  const [response] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage]
  return text(response)
}

async function listening(count: number): Promise<void> {
  for (let heard = 0; heard < count; heard += 1) await once(cluster, 'listening')
}

// Each worker compiles the service first.
t.setTimeout(180_000)

void t.test('several processes on one port', { timeout: 120_000 }, async (t) => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  Object.assign(process.env, { MAILSCOUT_WORKERS: '2', PORT: String(port), LOG_LEVEL: 'silent' })
  cluster.setupPrimary({ exec: MAIN, args: [] })
  const code = serveProcesses()
  await listening(2)
  t.equal(pids().length, 2)

  for (let number = 0; number < 10; number += 1) await ask(`${url}/healthz`)
  const counts = await Promise.all(
    [1, 2, 3, 4].map(
      async () =>
        /mailscout_requests_total\{route="\/healthz",status="200"\} (\d+)/.exec(
          await ask(`${url}/metrics`),
        )?.[1],
    ),
  )
  t.strictSame(counts, ['10', '10', '10', '10'], 'whichever is asked, all are added up')
  t.match(await ask(`${url}/metrics`), /^mailscout_info\{version="[^"]+"\} 1$/m)

  process.emit('SIGTERM', 'SIGTERM')
  t.equal(await code, 0)
  t.strictSame(pids(), [])
  await t.rejects(ask(`${url}/healthz`))
})

void t.test('who dies is replaced', { timeout: 120_000 }, async (t) => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const warnings: unknown[] = []
  cluster.setupPrimary({ execArgv: [] })
  const log = { ...QUIET, warn: (fields: object) => warnings.push(fields) }
  const supervisor = superviseWorkers({ count: 2, exec: PLAIN, environment: { PORT: String(port) }, log })
  await listening(2)
  const before = supervisor.pids()
  supervisor.signal('SIGHUP')
  t.ok(before.includes(Number(await ask(url))))
  t.strictSame(supervisor.pids(), before, 'files are read again, nobody ends')
  // The second one is the one that took the first one's place, and it did not live long.
  for (const [place, inMs] of [
    [0, 100],
    [-1, 200],
  ] as const) {
    const dead = supervisor.pids().at(place) ?? 0
    process.kill(dead, 'SIGKILL')
    await listening(1)
    t.match(warnings.at(-1), { worker: dead, signal: 'SIGKILL', inMs })
    t.equal(supervisor.pids().length, 2)
    t.ok(supervisor.pids().includes(Number(await ask(url))))
  }
  supervisor.stop()
  supervisor.stop()
  t.equal(await supervisor.ended, 0)
  t.strictSame(pids(), [])
})

void t.test('what never fits is tried once', { timeout: 120_000 }, async (t) => {
  const warnings: string[] = []
  const { ended } = superviseWorkers({
    count: 3,
    exec: PLAIN,
    environment: { UNFIT: 'yes' },
    log: { ...QUIET, warn: (_, text) => warnings.push(text) },
  })
  t.equal(await ended, 2)
  t.strictSame(warnings, [])
})

void t.test('metrics of those who do not answer are left out', async (t) => {
  const sent: WorkerMessage[] = []
  const box: { tell: (message: unknown) => void } = { tell: () => undefined }
  const gather = joinPeers(
    { send: (message) => sent.push(message), listen: (onMessage) => (box.tell = onMessage) },
    () => Promise.resolve([{ name: 'own' }]),
  )
  box.tell('something else')
  box.tell({ kind: 'metrics-asked', id: 'a' })
  await settled()
  t.strictSame(sent.splice(0), [{ kind: 'metrics-told', id: 'a', metrics: [{ name: 'own' }] }])
  const all = gather()
  const { id } = sent[0] ?? { id: '' }
  box.tell({ kind: 'metrics-of-all', id, metrics: [[{ name: 'one' }], [{ name: 'other' }]] })
  t.strictSame(await all, [[{ name: 'one' }], [{ name: 'other' }]])
  t.strictSame(await gather(), [[{ name: 'own' }]], 'nobody above answers')
})
