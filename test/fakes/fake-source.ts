/** A source that says what the test tells it to, when the test tells it to; it keeps what it was asked. */
import type { SourceName } from '../../src/domain/mail-settings.js'
import type { Source, SourceOutcome, SourceQuery } from '../../src/domain/source.js'
import { orAborted } from './deferred.js'

export type SourceAnswer =
  SourceOutcome | Promise<SourceOutcome> | ((query: SourceQuery) => Promise<SourceOutcome>)

export class FakeSource implements Source {
  readonly name: SourceName
  readonly queries: SourceQuery[] = []
  readonly #answer: SourceAnswer

  constructor(name: SourceName, answer: SourceAnswer) {
    this.name = name
    this.#answer = answer
  }

  find(query: SourceQuery): Promise<SourceOutcome> {
    this.queries.push(query)
    const answer = this.#answer
    return orAborted(typeof answer === 'function' ? answer(query) : answer, query.signal)
  }
}
