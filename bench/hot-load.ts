/** Processes to be measured, loaded by autocannon: CPU per answer as they count it themselves. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import type { Order, Ready, Spent } from './hot-server.js'

const CONNECTIONS = 32

export interface Ask {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A process to be measured. */
export class Server {
  readonly #child: ChildProcess
  #port = 0

  /** @param log a file: where a supervisor would put it */
  constructor(log: number) {
    this.#child = fork(fileURLToPath(new URL('hot-server.ts', import.meta.url)), [], {
      stdio: ['ignore', log, 'inherit', 'ipc'],
    })
  }

  async start(order: Order): Promise<this> {
    this.#port = ((await this.#ask(order)) as Ready).port
    return this
  }

  async cpuMs(): Promise<number> {
    return ((await this.#ask('cpu')) as Spent).cpuMs
  }

  url(path: string): string {
    return `http://127.0.0.1:${String(this.#port)}${path}`
  }

  stop(): void {
    this.#child.disconnect()
  }

  #ask(message: Order | string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#child.once('message', (answer) => {
        this.#child.off('exit', reject)
        resolve(answer)
      })
      this.#child.once('exit', reject)
      this.#child.send(message)
    })
  }
}

export interface Round {
  readonly cpuUs: number
  readonly p99: number
  readonly perSecond: number
}

/** Asks so often, over so many connections, and rejects where not all answers are good. */
export async function load(server: Server, ask: Ask, amount: number): Promise<Round> {
  const start = performance.now()
  const before = await server.cpuMs()
  const result = await autocannon({
    url: server.url(ask.path),
    connections: CONNECTIONS,
    amount,
    method: ask.body === undefined ? 'GET' : 'POST',
    headers: { ...ask.headers },
    ...(ask.body === undefined ? {} : { body: ask.body }),
  })
  const cpuMs = (await server.cpuMs()) - before
  const answered = result['2xx']
  if (result.non2xx > 0 || result.errors > 0 || answered === 0)
    throw new Error(`${ask.path}: not all were 200`)
  return {
    cpuUs: (cpuMs * 1000) / answered,
    p99: result.latency.p99,
    perSecond: (answered * 1000) / (performance.now() - start),
  }
}

export function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}
