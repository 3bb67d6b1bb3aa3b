/**
 * Several processes on one port: starts them, replaces those that die, passes signals on, and collects what they count.
 * This process itself serves nobody, so that nothing a request does can take all of them down.
 */
import cluster, { type Worker } from 'node:cluster'
import type { Logger } from 'pino'
import { awaitEnd } from './end-of-process.js'
import { closeWhatIsNotTaken } from './handed-connections.js'
import { askForMetrics, readMessage, type WorkerMessage } from './worker-messages.js'

/** Milliseconds before a dead worker is replaced; doubled for one that did not live long. */
const REPLACE_MS = { first: 100, most: 30_000 }
/** Milliseconds; who lived that long had no trouble starting. */
const LONG_LIFE_MS = 10_000
/** Milliseconds a worker may take to end, if nobody says otherwise. */
const END_MS = 15_000
/** What `serve` ends with where a setting or a file does not fit: another attempt would fail like the first. */
const UNFIT = 2

export interface SupervisorOptions {
  readonly count: number
  /** Module of a worker and its arguments; those of this process when left out. */
  readonly exec?: string
  readonly args?: readonly string[]
  /** Added to the environment of every worker. */
  readonly environment?: Readonly<Record<string, string>>
  /** Milliseconds a worker may take to end: those it allows its requests, and some. */
  readonly endMs?: number
  readonly log: {
    info(fields: object, text: string): void
    warn(fields: object, text: string): void
  }
}

export interface Supervisor {
  /** Resolves with the exit code once all have ended. */
  readonly ended: Promise<number>
  /** Process identifiers of the workers that run. */
  pids(): number[]
  signal(name: 'SIGHUP'): void
  /** Tells all to end in an orderly way, and those that do not to end at once. */
  stop(): void
  /** Ends all at once. */
  kill(): void
}

/** The first worker must listen before the others are started, so that a wrong setting is told once. */
export function superviseWorkers(options: SupervisorOptions): Supervisor {
  const { count, log } = options
  cluster.setupPrimary({
    ...(options.exec === undefined ? {} : { exec: options.exec }),
    ...(options.args === undefined ? {} : { args: [...options.args] }),
  })
  const workers = new Map<number, Worker>()
  const waiting = new Set<NodeJS.Timeout>()
  let stopping = false
  let exitCode = 0
  let settle: (code: number) => void = () => undefined
  const ended = new Promise<number>((resolve) => (settle = resolve))

  const start = (slot: number, deaths: number) => {
    const worker = cluster.fork({ ...options.environment, WORKER_SLOT: String(slot) })
    const bornAt = performance.now()
    const life = { listened: false }
    workers.set(slot, worker)
    closeWhatIsNotTaken(worker)
    worker.on('message', (message: unknown) => {
      const read = readMessage(message)
      if (read) void answer(worker, read)
    })
    worker.once('listening', () => {
      life.listened = true
      if (slot === 0 && deaths === 0) for (let other = 1; other < count; other += 1) start(other, 0)
    })
    worker.once('exit', (code: number | null, signal: string | null) => {
      workers.delete(slot)
      if (!stopping && code === UNFIT && !life.listened) {
        exitCode = UNFIT
        stop()
      }
      if (stopping) {
        if (workers.size === 0) settle(exitCode)
        return
      }
      const livedLong = performance.now() - bornAt >= LONG_LIFE_MS
      const inMs = livedLong ? REPLACE_MS.first : Math.min(REPLACE_MS.first * 2 ** deaths, REPLACE_MS.most)
      log.warn(
        { worker: worker.process.pid, code, signal, inMs },
        'a worker has ended; another takes its place',
      )
      const timer = setTimeout(() => {
        waiting.delete(timer)
        start(slot, livedLong ? 1 : deaths + 1)
      }, inMs)
      waiting.add(timer)
    })
  }

  /** A worker was asked for the metrics: all say what they have counted, and it adds them up. */
  const answer = async (asker: Worker, { kind, id }: WorkerMessage) => {
    if (kind !== 'metrics-wanted') return
    const all = await Promise.all([...workers.values()].map(askForMetrics))
    if (asker.isConnected()) asker.send({ kind: 'metrics-of-all', id, metrics: all.filter(Boolean) })
  }

  const kill = () => {
    for (const worker of workers.values()) worker.process.kill('SIGKILL')
  }

  const stop = () => {
    if (stopping) return
    stopping = true
    for (const timer of waiting) clearTimeout(timer)
    for (const worker of workers.values()) worker.process.kill('SIGTERM')
    const last = setTimeout(kill, options.endMs ?? END_MS)
    void ended.then(() => {
      clearTimeout(last)
    })
    if (workers.size === 0) settle(exitCode)
  }

  log.info({ workers: count }, 'starting the workers')
  start(0, 0)
  return {
    ended,
    pids: () => [...workers.values()].flatMap(({ process: { pid } }) => pid ?? []),
    signal: (name) => {
      for (const worker of workers.values()) worker.process.kill(name)
    },
    stop,
    kill,
  }
}

/** Runs until this process is told to stop; told again, it ends all at once. @returns the exit code */
export async function runWorkers(options: SupervisorOptions & { readonly log: Logger }): Promise<number> {
  const supervisor = superviseWorkers(options)
  const onHangup = () => {
    supervisor.signal('SIGHUP')
  }
  process.on('SIGHUP', onHangup)
  let hasteCode: number | undefined
  const end = awaitEnd({
    log: options.log,
    signals: ['SIGTERM', 'SIGINT'],
    atOnce: (code) => {
      hasteCode = code
      supervisor.kill()
    },
  })
  void end.told.then(() => {
    supervisor.stop()
  })
  const code = await supervisor.ended
  end.dispose()
  process.off('SIGHUP', onHangup)
  return hasteCode ?? (code || end.code)
}
