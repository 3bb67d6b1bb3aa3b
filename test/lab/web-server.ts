/** The lab's web hosts: one Node HTTP server that never listens, fed with connections by the lab's network. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { LabLog } from './log.js'

export interface WebRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The body as it came. */
  readonly octets: Buffer
}

export interface WebReply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /**
   * `never`: no answer, the connection stays open · `close`: hangs up instead · `half`: announces the body and stops in
   * the middle · `endless`: a body that never ends
   */
  readonly fault?: 'never' | 'close' | 'half' | 'endless'
}

export type WebRoute = WebReply | ((request: WebRequest) => WebReply)

/** By path, `*` for every other path; letter case is ignored when no exact path fits. 404 without a route. */
export type WebRoutes = Readonly<Record<string, WebRoute>>

export interface LabWeb {
  /** Serves HTTP on the stream, which is the TLS socket for https. */
  serve(stream: Duplex, site: { routes: WebRoutes; secure: boolean }): void
  close(): void
}

/** One write of an endless body: the limit of R10 is met after a few of them. */
const ENDLESS_CHUNK = Buffer.alloc(64 * 1024, ' ')
const NOT_FOUND: WebReply = { status: 404, headers: { 'content-type': 'text/plain' }, body: 'not here\n' }

export function createLabWeb(log: LabLog): LabWeb {
  const sites = new WeakMap<Duplex, { routes: WebRoutes; secure: boolean }>()
  const streams = new Set<Duplex>()
  const server = createServer((request, response) => {
    void (async () => {
      const site = sites.get(request.socket)
      const asked = await read(request)
      log.http.push({
        host: request.headers.host ?? '',
        secure: site?.secure ?? false,
        method: asked.method,
        path: request.url ?? '',
        headers: asked.headers,
        body: asked.body,
      })
      const route = find(site?.routes ?? {}, asked.path)
      answer(response, typeof route === 'function' ? route(asked) : route)
    })().catch(() => request.socket.destroy())
  })
  return {
    serve(stream, site) {
      sites.set(stream, site)
      streams.add(stream)
      stream.once('close', () => streams.delete(stream))
      server.emit('connection', stream)
      stream.resume()
    },
    close() {
      for (const stream of streams) stream.destroy()
      server.close()
    },
  }
}

async function read(request: IncomingMessage): Promise<WebRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const octets = Buffer.concat(chunks)
  const url = new URL(request.url ?? '/', 'https://lab.test')
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers as Record<string, string>,
    body: octets.toString(),
    octets,
  }
}

function find(routes: WebRoutes, path: string): WebRoute {
  if (routes[path]) return routes[path]
  const folded = Object.keys(routes).find((route) => route.toLowerCase() === path.toLowerCase())
  return routes[folded ?? '*'] ?? NOT_FOUND
}

function answer(response: ServerResponse, reply: WebReply): void {
  const { status = 200, headers = {}, body = '', fault } = reply
  if (fault === 'never') return
  if (fault === 'close') {
    response.destroy()
    return
  }
  const octets = Buffer.from(body)
  if (fault === 'endless') {
    response.writeHead(status, headers)
    const more = () => {
      if (!response.destroyed) response.write(ENDLESS_CHUNK, () => setImmediate(more))
    }
    more()
  } else if (fault === 'half') {
    response.writeHead(status, { ...headers, 'content-length': String(octets.length) })
    response.write(octets.subarray(0, octets.length >> 1))
  } else {
    response.writeHead(status, { ...headers, 'content-length': String(octets.length) })
    response.end(octets)
  }
}
