/** The service as a process of its own, as `npm start` runs it, and a load of requests that tells who was let down. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { keepLogLine } from './kept-log.js'
import { freePort } from './valkey-server.js'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
/** Faults that nobody catches, at a signal: what a bug in a timer or a promise would do. */
const FAULTY = `data:text/javascript,process.on('SIGUSR2', () => { Promise.reject(new Error('a bug')) })`

export interface ProcessOptions {
  /** In place of the service's own main module. */
  readonly program?: string
  /** What starts it, such as a shell that sets limits first; the command line of the service is appended. */
  readonly launcher?: readonly string[]
  /** Takes the log in place of a pipe that is read. */
  readonly output?: number
  /** Opens a channel for messages. */
  readonly talks?: boolean
}

export interface LogLine {
  readonly level: number
  readonly msg?: string
  readonly [field: string]: unknown
}

export class ServiceProcess {
  readonly url: string
  readonly lines: LogLine[] = []
  readonly ended: Promise<[number | null, string | null]>
  readonly #child: ChildProcess
  readonly #heard = new Set<() => void>()

  private constructor(child: ChildProcess, url: string) {
    this.#child = child
    this.url = url
    this.ended = once(child, 'close') as Promise<[number | null, string | null]>
    if (!child.stdout) return
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.lines.push(JSON.parse(line) as LogLine)
      keepLogLine(line)
      for (const call of this.#heard) call()
    })
  }

  /** Resolves once `listeners` processes listen. */
  static async start(
    environment: Readonly<Record<string, string>>,
    listeners = 1,
    options: ProcessOptions = {},
  ): Promise<ServiceProcess> {
    const { program = MAIN, launcher = [], output, talks = false } = options
    const port = await freePort()
    const node = [process.execPath, ...process.execArgv, '--import', FAULTY, program]
    const [command = '', ...args] = [...launcher, ...node]
    const child = spawn(command, args, {
      env: { ...process.env, ...environment, PORT: String(port) },
      stdio: ['ignore', output ?? 'pipe', 'inherit', ...(talks ? (['ipc'] as const) : [])],
    })
    const service = new ServiceProcess(child, `http://127.0.0.1:${port}`)
    if (output === undefined) await service.heard(/^Server listening/, listeners)
    else await service.answers()
    return service
  }

  /** Resolves once it answers, for a service whose log nobody reads. */
  async answers(): Promise<void> {
    while ((await ask(`${this.url}/healthz`).catch(() => null)) === null) {
      if (!this.isRunning) throw new Error('it ended before it answered')
    }
  }

  send(message: object): void {
    this.#child.send(message)
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#child.on('message', listener)
  }

  /** Resolves once so many lines of the log say it. */
  async heard(text: RegExp, count = 1): Promise<LogLine[]> {
    const found = () => this.lines.filter(({ msg }) => text.test(msg ?? ''))
    while (found().length < count) {
      await new Promise<void>((resolve, reject) => {
        const call = () => {
          this.#heard.delete(call)
          resolve()
        }
        this.#heard.add(call)
        void this.ended.then(() => {
          reject(new Error(`it ended before it said ${String(text)}`))
        })
      })
    }
    return found()
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }
}

export interface Reply {
  readonly status: number
  readonly body: string
  readonly headers: IncomingMessage['headers']
}

/** @param agent keeps the connection; a new one for each request when left out */
export async function ask(url: string, agent: Agent | false = false): Promise<Reply> {
  const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) }
}

export interface Load {
  /** By status; `refused`: nobody listened any more, so nothing was accepted. */
  readonly counts: Map<number | 'refused', number>
  /** Names of those whose connection broke: let down, unless it was new and still in the system's queue. */
  readonly broken: { readonly id: string; readonly isNew: boolean }[]
  /** Resolves once nobody listens, or after `stop`. */
  readonly ended: Promise<void>
  stop(): void
}

let loads = 0

/** Clients that ask one thing after the other, half of them on a connection that is kept. At most 20,000 requests. */
export function startLoad(urlOf: (number: number) => string, clients = 8): Load {
  const counts: Load['counts'] = new Map()
  const broken: { id: string; isNew: boolean }[] = []
  const count = (what: number | 'refused') => counts.set(what, (counts.get(what) ?? 0) + 1)
  let stopped = false
  let number = 0
  const load = (loads += 1)
  const client = async (agent: Agent | false) => {
    while (!stopped && number < 20_000) {
      const id = `load-${load}-${(number += 1)}`
      const request = get(urlOf(number), { agent, headers: { 'x-request-id': id } })
      try {
        const [response] = (await once(request, 'response')) as [IncomingMessage]
        await text(response)
        count(response.statusCode ?? 0)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') {
          count('refused')
          break
        }
        broken.push({ id, isNew: !request.reusedSocket })
      }
    }
    if (agent) agent.destroy()
  }
  const all = Array.from({ length: clients }, (_, index) =>
    client(index % 2 === 0 && new Agent({ keepAlive: true, maxSockets: 1 })),
  )
  return {
    counts,
    broken,
    ended: Promise.all(all).then(() => undefined),
    stop() {
      stopped = true
    },
  }
}

/** Resolves once so many more have been answered. */
export async function answered(load: Load, count: number): Promise<void> {
  const all = () => [...load.counts.values()].reduce((sum, one) => sum + one, 0)
  const from = all()
  while (all() < from + count) await new Promise(setImmediate)
}
