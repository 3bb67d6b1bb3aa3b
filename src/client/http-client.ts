/**
 * A typed client for the HTTP API of a mailscout that runs elsewhere. The types are made from openapi.yaml by
 * `npm run client`; `api` reaches every endpoint, the other functions are the common questions.
 */
import createClient, { type Client } from 'openapi-fetch'
import { readEventStream, readJsonLines } from './event-stream.js'
import type { components, paths } from './schema.js'

export type Settings = components['schemas']['Settings']
export type Problem = components['schemas']['Problem']

type PostBody<Path extends '/v1/discover' | '/v1/discover/batch'> =
  paths[Path]['post']['requestBody']['content']['application/json']

/** Of one question, beside the address. */
export type ClientDiscoverOptions = Omit<PostBody<'/v1/discover'>, 'email'> & { signal?: AbortSignal }
export type ClientBatchOptions = Omit<PostBody<'/v1/discover/batch'>, 'emails'> & { signal?: AbortSignal }

export type ClientResult =
  | { readonly ok: true; readonly answer: Settings }
  | { readonly ok: false; readonly problem: Problem; readonly retryAfterSeconds: number | null }

export type ClientEvent =
  | { readonly type: 'source'; readonly source: Settings['sources'][number] }
  | { readonly type: 'preview' | 'result' | 'update'; readonly answer: Settings }
  | { readonly type: 'problem'; readonly problem: Problem }

export interface ClientBatchLine {
  /** Among the addresses of the question. */
  readonly index: number
  readonly email: string
  readonly status: number
  readonly body: Settings | Problem
}

export interface ClientOptions {
  /** Of the service, such as `https://mailscout.example.com` */
  readonly baseUrl: string
  /** Sent with every request, such as `authorization` for a proxy in front. */
  readonly headers?: Readonly<Record<string, string>>
  /** In place of the global one. */
  readonly fetch?: (request: Request) => Promise<Response>
}

export interface MailscoutClient {
  readonly api: Client<paths>
  /** The address travels in the body, where no log keeps it. Rejects where the service cannot be reached. */
  discover(email: string, options?: ClientDiscoverOptions): Promise<ClientResult>
  /** The lookup live: sources as each one ends, then `result` or `problem`. Leaving the loop ends the lookup. */
  events(email: string, options?: ClientDiscoverOptions): AsyncGenerator<ClientEvent>
  /** Up to 100 addresses, each as it is ready. @throws ClientProblem where the question as a whole is refused */
  batch(emails: readonly string[], options?: ClientBatchOptions): AsyncGenerator<ClientBatchLine>
}

/** A question that was refused before there was a stream to say so. */
export class ClientProblem extends Error {
  override readonly name = 'ClientProblem'
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

export function createMailscoutClient(options: ClientOptions): MailscoutClient {
  const api = createClient<paths>({
    baseUrl: options.baseUrl,
    ...(options.headers === undefined ? {} : { headers: options.headers }),
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  })
  return {
    api,
    async discover(email, { signal, ...rest } = {}) {
      const { data, error, response } = await api.POST('/v1/discover', {
        body: { email, ...rest },
        headers: { accept: 'application/json' },
        ...optional(signal),
      })
      // What `accept` asks for; the endpoint has other formats too.
      if (data !== undefined) return { ok: true, answer: data as Settings }
      return { ok: false, problem: error, retryAfterSeconds: retryAfter(response) }
    },
    async *events(email, { signal, ...rest } = {}) {
      const { data, error } = await api.POST('/v1/discover/events', {
        body: { email, ...rest },
        parseAs: 'stream',
        ...optional(signal),
      })
      if (data === undefined || data === null) {
        yield { type: 'problem', problem: error as Problem }
        return
      }
      for await (const event of readEventStream(textOf(data))) yield toEvent(event.event, event.data)
    },
    async *batch(emails, { signal, ...rest } = {}) {
      const { data, error } = await api.POST('/v1/discover/batch', {
        body: { emails: [...emails], ...rest },
        parseAs: 'stream',
        ...optional(signal),
      })
      if (data === undefined || data === null) throw new ClientProblem(error as Problem)
      // The contract of the endpoint, which its own tests hold.
      for await (const line of readJsonLines(textOf(data))) yield line as ClientBatchLine
    },
  }
}

function optional(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
}

/** Seconds; RFC 9110 section 10.2.3 in the form that this service writes. */
function retryAfter(response: Response): number | null {
  const text = response.headers.get('retry-after')
  return text !== null && /^\d+$/.test(text) ? Number(text) : null
}

function toEvent(name: string, data: unknown): ClientEvent {
  if (name === 'source') return { type: 'source', source: data as Settings['sources'][number] }
  if (name === 'preview' || name === 'result' || name === 'update') {
    return { type: name, answer: data as Settings }
  }
  return { type: 'problem', problem: data as Problem }
}

/** Leaving the loop cancels the stream, and with it the request. */
async function* textOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  const reader = stream.getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      yield decoder.decode(next.value, { stream: true })
    }
  } finally {
    await reader.cancel()
  }
}
