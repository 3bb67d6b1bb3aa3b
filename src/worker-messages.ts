/** What workers and the process above them tell each other about metrics. */
import { randomUUID } from 'node:crypto'
import type { Worker } from 'node:cluster'

/** Milliseconds; a worker that is stuck is left out of the sum. */
const PATIENCE_MS = 1000

/** Metrics as the counting library writes them. */
export type Metrics = readonly object[]

export type WorkerMessage =
  /** Worker to the one above: somebody wants to see the metrics. */
  | { readonly kind: 'metrics-wanted'; readonly id: string }
  /** And back. */
  | { readonly kind: 'metrics-of-all'; readonly id: string; readonly metrics: readonly Metrics[] }
  /** To each worker. */
  | { readonly kind: 'metrics-asked'; readonly id: string }
  /** And back. */
  | { readonly kind: 'metrics-told'; readonly id: string; readonly metrics: Metrics }

const KINDS: readonly unknown[] = ['metrics-wanted', 'metrics-of-all', 'metrics-asked', 'metrics-told']

/** Undefined for what others say on the same channel. */
export function readMessage(message: unknown): WorkerMessage | undefined {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return undefined
  // Both ends are of one version: what bears one of our kinds has its shape.
  return KINDS.includes(message.kind) ? (message as WorkerMessage) : undefined
}

/** Undefined where the worker does not answer in time. */
export function askForMetrics(worker: Worker): Promise<Metrics | undefined> {
  if (!worker.isConnected()) return Promise.resolve(undefined)
  const id = randomUUID()
  return new Promise((resolve) => {
    const end = (metrics: Metrics | undefined) => {
      clearTimeout(timer)
      worker.off('message', onMessage)
      resolve(metrics)
    }
    const onMessage = (message: unknown) => {
      const read = readMessage(message)
      if (read?.kind === 'metrics-told' && read.id === id) end(read.metrics)
    }
    const timer = setTimeout(end, PATIENCE_MS, undefined)
    worker.on('message', onMessage)
    worker.send({ kind: 'metrics-asked', id })
  })
}

/** The channel to the process above, as a worker has it. */
export interface Channel {
  send(message: WorkerMessage): void
  listen(onMessage: (message: unknown) => void): void
}

/**
 * In a worker: tells what it has counted whenever it is asked, and fetches what all have.
 * @returns rejects never; only the own metrics where the process above does not answer in time
 */
export function joinPeers(channel: Channel, own: () => Promise<Metrics>): () => Promise<readonly Metrics[]> {
  const waiting = new Map<string, (all: readonly Metrics[]) => void>()
  channel.listen((message) => {
    const read = readMessage(message)
    if (read?.kind === 'metrics-of-all') waiting.get(read.id)?.(read.metrics)
    if (read?.kind !== 'metrics-asked') return
    void own().then((metrics) => {
      channel.send({ kind: 'metrics-told', id: read.id, metrics })
    })
  })
  return async () => {
    const id = randomUUID()
    const all = await new Promise<readonly Metrics[] | undefined>((resolve) => {
      const timer = setTimeout(resolve, 2 * PATIENCE_MS, undefined)
      waiting.set(id, (metrics) => {
        clearTimeout(timer)
        resolve(metrics)
      })
      channel.send({ kind: 'metrics-wanted', id })
    })
    waiting.delete(id)
    return all ?? [await own()]
  }
}
