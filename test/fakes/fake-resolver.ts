/** A DNS made of a table: `mx example.de` → answer. It keeps the questions and throws at one nobody planned. */
import { failure } from '../../src/domain/errors.js'
import type { Lookup, MxRecord, Resolver, SrvRecord } from '../../src/domain/source.js'
import { orAborted } from './deferred.js'

export type DnsAnswer = Lookup<unknown> | Promise<Lookup<unknown>>
export type DnsTable = Readonly<Record<string, DnsAnswer>>

export class FakeResolver implements Resolver {
  /** In the order they came, as the keys of the table are written. */
  readonly questions: string[] = []
  readonly #table: DnsTable
  readonly #otherwise: DnsAnswer | undefined

  constructor(table: DnsTable = {}, otherwise?: DnsAnswer) {
    this.#table = table
    this.#otherwise = otherwise
  }

  mx(name: string, signal: AbortSignal): Promise<Lookup<readonly MxRecord[]>> {
    return this.#ask(`mx ${name}`, signal)
  }
  srv(name: string, signal: AbortSignal): Promise<Lookup<readonly SrvRecord[]>> {
    return this.#ask(`srv ${name}`, signal)
  }
  txt(name: string, signal: AbortSignal): Promise<Lookup<readonly string[]>> {
    return this.#ask(`txt ${name}`, signal)
  }
  addresses(name: string, signal: AbortSignal): Promise<Lookup<readonly string[]>> {
    return this.#ask(`addresses ${name}`, signal)
  }

  #ask<T>(question: string, signal: AbortSignal): Promise<Lookup<T>> {
    this.questions.push(question)
    const answer = this.#table[question] ?? this.#otherwise
    if (answer === undefined)
      return Promise.reject(new Error(`nobody planned the DNS question "${question}"`))
    return orAborted(answer as Lookup<T> | Promise<Lookup<T>>, signal)
  }
}

interface Fate {
  readonly ttlSeconds?: number
  readonly authenticated?: boolean
}

export function dnsFound<T>(value: T, { ttlSeconds = 300, authenticated = false }: Fate = {}): Lookup<T> {
  return { kind: 'found', value, ttlSeconds, authenticated }
}

export function dnsAbsent({ ttlSeconds = 60, authenticated = false }: Fate = {}): Lookup<never> {
  return { kind: 'absent', ttlSeconds, authenticated }
}

export function dnsTimeout(): Lookup<never> {
  return { kind: 'failed', failure: failure('timeout', 'no answer from the DNS') }
}

/** `mx('mx.example.de 10', 'mx2.example.de 20')`; the null MX is `mx(' 0')`. */
export function mxRecords(...lines: string[]): MxRecord[] {
  return lines.map((line) => {
    const [exchange = '', preference = ''] = line.split(' ')
    return { exchange, preference: Number(preference) }
  })
}

/** Records as a zone writes them, `priority weight port target`; the target `.` becomes empty. */
export function srvRecords(...lines: string[]): SrvRecord[] {
  return lines.map((line) => {
    const [priority, weight, port, target = ''] = line.split(' ')
    return {
      priority: Number(priority),
      weight: Number(weight),
      port: Number(port),
      target: target === '.' ? '' : target,
    }
  })
}
