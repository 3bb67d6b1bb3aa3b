/**
 * What the service counts of itself, for Prometheus. Labels are names of ours and numbers only: a domain or an address
 * would tell who looks for what (R13), and every new one would stay in memory for good.
 */
import { AggregatorRegistry, collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'
import { ANSWERED_BY, type AnsweredBy } from '../domain/answered-by.js'
import type { Discovery, SourceReport } from '../domain/discovery.js'
import { type ServiceState, showState } from './metrics-state.js'

/** Seconds: kept answers take about one millisecond, cold lookups up to the budget of some seconds. */
const REQUEST_BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** Seconds: no source is quicker than one question to the DNS or slower than the budget. */
const SOURCE_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** `requests` and `lookups` are those of one client, `places` the cold lookups at a time of all. */
type LimitName = 'requests' | 'lookups' | 'places'

interface Answered {
  /** The route's pattern, never the path. */
  readonly route: string
  readonly status: number
  /** Milliseconds. */
  readonly ms: number
}

/** A live check of a mail server. */
interface Probed {
  readonly protocol: string
  readonly outcome: string
  readonly ms: number
}

/** One per application; the process-wide registry of prom-client stays empty, so that applications do not mix. */
export class Metrics {
  readonly #registry = new Registry()
  #gather: (() => Promise<readonly (readonly object[])[]>) | undefined
  readonly #requests = new Counter({
    name: 'mailscout_requests_total',
    help: 'Requests answered, by route and status',
    labelNames: ['route', 'status'] as const,
    registers: [this.#registry],
  })
  readonly #requestSeconds = new Histogram({
    name: 'mailscout_request_seconds',
    help: 'Time until a request was answered, by route',
    labelNames: ['route'] as const,
    buckets: REQUEST_BUCKETS,
    registers: [this.#registry],
  })
  readonly #outcomes = new Counter({
    name: 'mailscout_source_outcomes_total',
    help: 'How sources ended, by source and outcome; kept answers ask none',
    labelNames: ['source', 'outcome'] as const,
    registers: [this.#registry],
  })
  readonly #sourceSeconds = new Histogram({
    name: 'mailscout_source_seconds',
    help: 'Time a source took, by source; those that were skipped are left out',
    labelNames: ['source'] as const,
    buckets: SOURCE_BUCKETS,
    registers: [this.#registry],
  })
  readonly #lookups = new Counter({
    name: 'mailscout_lookups_total',
    help: 'Lookups that the cache could not answer, by what they found',
    labelNames: ['kind'] as const,
    registers: [this.#registry],
  })
  readonly #limited = new Counter({
    name: 'mailscout_limited_total',
    help: 'Refusals, by limit: requests or lookups of a client, places for lookups of all',
    labelNames: ['limit'] as const,
    registers: [this.#registry],
  })

  readonly #probes = new Counter({
    name: 'mailscout_probes_total',
    help: 'Live checks of mail servers, by protocol and outcome; not-asked: the budget of the server was used up',
    labelNames: ['protocol', 'outcome'] as const,
    registers: [this.#registry],
  })
  readonly #probeSeconds = new Histogram({
    name: 'mailscout_probe_seconds',
    help: 'Time a live check took, by protocol',
    labelNames: ['protocol'] as const,
    buckets: SOURCE_BUCKETS,
    registers: [this.#registry],
  })
  readonly #answers: Record<AnsweredBy, number> = {
    ready: 0,
    memory: 0,
    stale: 0,
    shared: 0,
    joined: 0,
    lookup: 0,
  }

  constructor() {
    const answers = this.#answers
    new Counter({
      name: 'mailscout_answers_total',
      help: 'Answers about domains, by what they came from: ready bytes, memory (stale: past its time), the shared cache, a lookup',
      labelNames: ['by'] as const,
      registers: [this.#registry],
      collect() {
        this.reset()
        for (const by of ANSWERED_BY) this.inc({ by }, answers[by])
      },
    })
  }

  /** The media type of `text()`. */
  get contentType(): string {
    return this.#registry.contentType
  }

  /** Prometheus text format 0.0.4. */
  async text(): Promise<string> {
    if (!this.#gather) return this.#registry.metrics()
    const all = await this.#gather()
    return AggregatorRegistry.aggregate(all.map((values) => [...values])).metrics()
  }

  /** What is counted here, for adding up. */
  async values(): Promise<readonly object[]> {
    return this.#registry.getMetricsAsJSON()
  }

  /** From now on `text` shows what several processes have counted together. */
  addUp(gather: () => Promise<readonly (readonly object[])[]>): void {
    this.#gather = gather
  }

  countRequest({ route, status, ms }: Answered): void {
    this.#requests.inc({ route, status })
    this.#requestSeconds.observe({ route }, ms / 1000)
  }

  countReport({ source, outcome, durationMs }: SourceReport): void {
    this.#outcomes.inc({ source, outcome })
    // It took no time because nothing was asked, which would make the others look quick.
    if (outcome !== 'skipped') this.#sourceSeconds.observe({ source }, durationMs / 1000)
  }

  countLookup({ kind }: Pick<Discovery, 'kind'>): void {
    this.#lookups.inc({ kind })
  }

  countRefusal(limit: LimitName): void {
    this.#limited.inc({ limit })
  }

  /** A plain number: answers from ready bytes cost a few microseconds in all. */
  countAnswer(by: AnsweredBy): void {
    this.#answers[by] += 1
  }

  countProbe({ protocol, outcome, ms }: Probed): void {
    this.#probes.inc({ protocol, outcome })
    // Those that were not let through took no time.
    if (outcome !== 'not-asked') this.#probeSeconds.observe({ protocol }, ms / 1000)
  }

  /** Once per application. */
  showState(state: ServiceState): void {
    showState(this.#registry, state)
  }

  /** Adds memory, processor and event loop of the process: for the one application that serves, as they cost time. */
  showProcess(): void {
    collectDefaultMetrics({ register: this.#registry })
  }
}
