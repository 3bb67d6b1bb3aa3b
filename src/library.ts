/**
 * mailscout inside another program, without a server: `import { createMailscout } from 'mailscout'`. The questions go to
 * the same application that serves HTTP, so the answers are the same to the letter.
 */
import { readEventStream } from './client/event-stream.js'
import { readConfig } from './config.js'
import type { AnswerSource, DiscoverAnswer, Problem } from './domain/answer.js'
import { openLocalApp } from './local-app.js'
import type { Dial } from './net/happy-eyeballs.js'

export type { AnswerSource, DiscoverAnswer, Problem } from './domain/answer.js'

export interface MailscoutOptions {
  /**
   * Settings by the names of docs/configuration.md, such as `{ MAILSCOUT_BUDGET_MS: '3000' }`. The environment is not
   * read: pass `process.env` where it should count.
   */
  readonly settings?: Readonly<Record<string, string | undefined>>
  /** Certificate authorities that are believed beside those of Node, as PEM. */
  readonly ca?: readonly string[]
  /** Hears of what must not happen: a source that threw. The lookup goes on without it. */
  readonly onBug?: (where: string, error: unknown) => void
  /** What takes the place of the real world in tests. */
  readonly laboratory?: Laboratory
}

export interface Laboratory {
  /** Opens a connection to an address that was checked. */
  readonly dial?: Dial
  /** In place of the built-in provider database. */
  readonly builtinProvidersDirectory?: string
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/** As `POST /v1/discover` takes them. */
export interface DiscoverOptions {
  /** How many devices read this mail. */
  readonly devices?: 'one' | 'many'
  /** Who keeps the mail. */
  readonly keep?: 'server' | 'device'
  /** Whether servers are checked live first; `auto` when left out. */
  readonly verify?: 'auto' | 'always' | 'never'
  /** Ask anew whatever is kept from before. */
  readonly refresh?: boolean
  /** Also list servers without encryption, with a warning. */
  readonly allowCleartext?: boolean
  /** Let the address itself leave for https hosts of its own domain; otherwise only the domain does. */
  readonly sendAddress?: boolean
  /** Of the texts, such as `de`; English when left out. */
  readonly lang?: string
  /** Ends the lookup; the promise rejects with its reason. */
  readonly signal?: AbortSignal
}

export type DiscoverResult =
  { readonly ok: true; readonly answer: DiscoverAnswer } | { readonly ok: false; readonly problem: Problem }

export type DiscoverEvent =
  | { readonly type: 'source'; readonly source: AnswerSource }
  | { readonly type: 'preview' | 'result' | 'update'; readonly answer: DiscoverAnswer }
  | { readonly type: 'problem'; readonly problem: Problem }

export interface Mailscout {
  /** Expected trouble is a problem in the result; rejects when aborted or closed. */
  discover(email: string, options?: DiscoverOptions): Promise<DiscoverResult>
  /**
   * The lookup live: sources as each one ends, then one `result` or `problem`. Before the result a `preview` may come, whose
   * servers are still being checked; behind it an `update`, where a late source or check changed something. Leaving the
   * loop ends the lookup, or the wait for what is late.
   */
  events(email: string, options?: DiscoverOptions): AsyncGenerator<DiscoverEvent>
  /** Waits until nothing is looked up in the background any more; questions after it reject. */
  close(): Promise<void>
}

/**
 * One instance keeps its answers, as a server does: make one for the whole program.
 * @throws ConfigError for a setting that is wrong, ProviderFileError for a broken file of MAILSCOUT_PROVIDERS_DIR, each
 * with a message of one line that names it
 */
export function createMailscout(options: MailscoutOptions = {}): Mailscout {
  const { settings = {}, ca, onBug, laboratory } = options
  const { app, mailscout } = openLocalApp(
    { config: readConfig(settings), surroundings: { ...laboratory, ...(ca === undefined ? {} : { ca }) } },
    onBug === undefined ? {} : { onBug },
  )
  let closed = false
  const request = (path: string, email: string, { signal, lang = 'en', ...rest }: DiscoverOptions) => {
    if (closed) throw new Error('this mailscout is closed')
    signal?.throwIfAborted()
    return {
      method: 'POST',
      url: path,
      // Problems are written before the body has been read.
      headers: { 'accept-language': lang },
      payload: { email, lang, ...rest },
    } as const
  }
  return {
    async discover(email, given = {}) {
      const { signal } = given
      const question = request('/v1/discover', email, given)
      const response = await untilAborted(
        app.inject({ ...question, ...(signal === undefined ? {} : { signal }) }),
        signal,
      )
      return response.statusCode === 200
        ? { ok: true, answer: response.json<DiscoverAnswer>() }
        : { ok: false, problem: response.json<Problem>() }
    },
    async *events(email, given = {}) {
      const question = request('/v1/discover/events', email, given)
      // Aborted by the caller, or by his leaving the loop.
      const ended = new AbortController()
      const signal = given.signal ? AbortSignal.any([given.signal, ended.signal]) : ended.signal
      try {
        const response = await app.inject({ ...question, signal, payloadAsStream: true })
        const pieces = response.stream().setEncoding('utf8') as AsyncIterable<string>
        if (response.statusCode !== 200) {
          let text = ''
          for await (const piece of pieces) text += piece
          yield { type: 'problem', problem: JSON.parse(text) as Problem }
          return
        }
        for await (const { event, data } of readEventStream(pieces)) yield toEvent(event, data)
      } catch (error) {
        given.signal?.throwIfAborted()
        throw error
      } finally {
        ended.abort()
      }
    },
    async close() {
      closed = true
      await app.close()
      await mailscout.service.idle()
    },
  }
}

/** With the signal's own reason, however the work takes its abortion: as an error, or as a lookup that failed. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await work
  } finally {
    signal?.throwIfAborted()
  }
}

function toEvent(event: string, data: unknown): DiscoverEvent {
  if (event === 'source') return { type: 'source', source: data as AnswerSource }
  if (event === 'preview' || event === 'result' || event === 'update') {
    return { type: event, answer: data as DiscoverAnswer }
  }
  return { type: 'problem', problem: data as Problem }
}
