/** What the ways to a DNS server (UDP, TCP, HTTPS) have in common. */
import { type Failure, failure } from '../domain/errors.js'
import type { Question, Reply } from './dns-message.js'

export type Exchanged =
  | { readonly reply: Reply }
  | { readonly failure: Failure }
  /** A bug on the way: to be thrown where somebody listens. */
  | { readonly bug: Error }

export interface DnsTransport {
  /**
   * Asks one server once, without a time limit of its own. Callbacks instead of promises and signals: a lookup asks
   * dozens of questions, and most of their cost would be the bookkeeping.
   * @param done called at most once, never before `send` has returned, never after giving up
   * @returns a function that gives up and releases every handle; calling it late or twice does nothing
   */
  send(question: Question, done: (result: Exchanged) => void): () => void
}

export interface ServerAddress {
  readonly address: string
  readonly port: number
}

export const SERVER_UNREACHABLE: { readonly failure: Failure } = {
  failure: failure('dns', 'the DNS server could not be reached'),
}
export const REPLY_MALFORMED: { readonly failure: Failure } = {
  failure: failure('dns', 'the reply of the DNS server is malformed'),
}
