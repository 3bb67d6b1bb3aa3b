/** A web made of a table: URL → answer. It keeps the requests and throws at one nobody planned. */
import { failure, type FailureCode } from '../../src/domain/errors.js'
import type { HttpClient, HttpOutcome, HttpRequest, HttpResponse } from '../../src/domain/source.js'
import { orAborted } from './deferred.js'

export type HttpAnswer = HttpOutcome | Promise<HttpOutcome> | ((request: HttpRequest) => HttpOutcome)
export type HttpTable = Readonly<Record<string, HttpAnswer>>

export class FakeHttpClient implements HttpClient {
  readonly requests: HttpRequest[] = []
  readonly #table: HttpTable
  readonly #otherwise: HttpAnswer | undefined

  constructor(table: HttpTable = {}, otherwise?: HttpAnswer) {
    this.#table = table
    this.#otherwise = otherwise
  }

  get urls(): string[] {
    return this.requests.map((request) => request.url)
  }

  request(request: HttpRequest): Promise<HttpOutcome> {
    this.requests.push(request)
    const answer = this.#table[request.url] ?? this.#otherwise
    if (answer === undefined) return Promise.reject(new Error(`nobody planned the request ${request.url}`))
    return orAborted(typeof answer === 'function' ? answer(request) : answer, request.signal)
  }
}

/** A document with status 200 over the scheme of the URL it was asked at. */
export function page(body: string, change: Partial<HttpResponse> = {}) {
  return ({ url }: HttpRequest): HttpOutcome => ({
    kind: 'found',
    response: {
      status: 200,
      body: new TextEncoder().encode(body),
      contentType: 'text/xml',
      url,
      secure: url.startsWith('https:'),
      stayedInDomain: true,
      ttlSeconds: null,
      ...change,
    },
  })
}

/** `null`: the name does not exist. */
export function httpAbsent(status: number | null = 404, ttlSeconds = 60): HttpOutcome {
  return { kind: 'absent', status, ttlSeconds }
}

export function httpFailed(code: FailureCode = 'timeout', detail = `faked ${code}`): HttpOutcome {
  return { kind: 'failed', failure: failure(code, detail) }
}
