/**
 * One server of the hot benchmark in a process of its own: the whole service with all its duties, or bare node:http
 * with the same bytes. Tells its port, and its CPU time when asked.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readConfig } from '../src/config.js'
import { start } from '../src/serve.js'

/** The parent's first message. */
export type Order =
  | { readonly kind: 'service'; readonly environment: Readonly<Record<string, string>> }
  | { readonly kind: 'bare'; readonly body: string; readonly contentType: string }

export interface Ready {
  readonly port: number
}

/** Answer to any later message. */
export interface Spent {
  readonly cpuMs: number
}

async function bare(body: string, contentType: string): Promise<number> {
  // As text: one write with the head, the fastest that node:http can.
  const text = Buffer.from(body, 'base64').toString()
  const server = createServer((request, response) => {
    request.resume()
    response.setHeader('content-type', contentType)
    response.end(text)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}

process.once('message', (order: Order) => {
  const listening =
    order.kind === 'bare'
      ? bare(order.body, order.contentType)
      : start(readConfig(order.environment)).then(({ url }) => Number(new URL(url).port))
  void listening.then((port) => {
    process.on('message', () => {
      const { user, system } = process.cpuUsage()
      process.send?.({ cpuMs: (user + system) / 1000 } satisfies Spent)
    })
    process.send?.({ port } satisfies Ready)
  })
})
process.once('disconnect', () => process.exit())
