/** Asks a service for many domains, at a rate or as fast as it answers, and counts what came of it. */
import { Agent, request } from 'undici'
import { loadDomain } from './world.js'

/** Plain data: it may go to another process. */
export interface Order {
  readonly url: string
  /** Connections, and requests at a time where no rate is given. */
  readonly connections: number
  /** Requests a second, whether earlier ones are answered or not; left out: the next one when one is answered. */
  readonly rate?: number
  /** Ends after so many requests or milliseconds, or by the signal. */
  readonly amount?: number
  readonly forMs?: number
  /** Number of the first new domain. */
  readonly from: number
  /** Of so many requests one is for a new domain, the others for kept ones; 1: all are new, Infinity: none. */
  readonly coldEvery: number
  /** The address on loopback that asks. */
  readonly localAddress?: string
  /** Each request names another client in X-Forwarded-For. */
  readonly manyClients?: true
}

/**
 * `found` and `absent` are answers; `limited` is 429, `overloaded` 503 OVERLOADED and `failed` 503 LOOKUP_FAILED, each with
 * what R10 and R37 promise beside; `error` is anything else.
 */
type Outcome = 'found' | 'absent' | 'limited' | 'overloaded' | 'failed' | 'error'

export interface Tally {
  readonly seconds: number
  readonly counts: Readonly<Record<Outcome, number>>
  /** How often, by what happened. */
  readonly errors: Readonly<Record<string, number>>
  /** Milliseconds of those that were answered. */
  readonly cold: readonly number[]
  readonly kept: readonly number[]
  /** For the next order. */
  readonly next: number
}

/** Domains that are asked for once before, and then kept. */
export const KEPT_DOMAINS = 5
const TICK_MS = 5
/** Longer than any pause between two requests on one connection. */
const KEEP_MS = 60_000

/** The share of values, 0 to 1, that are not above; NaN without any. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

/** Never rejects: whatever goes wrong is counted. */
export async function carryOut(order: Order, signal?: AbortSignal): Promise<Tally> {
  const { url, rate, amount = Infinity, forMs = Infinity, coldEvery } = order
  const agent = new Agent({
    connections: order.connections,
    keepAliveTimeout: KEEP_MS,
    ...(order.localAddress !== undefined && { localAddress: order.localAddress }),
  })
  const counts = { found: 0, absent: 0, limited: 0, overloaded: 0, failed: 0, error: 0 }
  const errors: Record<string, number> = {}
  const times = { cold: [] as number[], kept: [] as number[] }
  if (rate !== undefined) {
    // Whoever asks all the time has his connections open.
    const open = () => request(`${url}/healthz`, { dispatcher: agent }).then(({ body }) => body.dump())
    await Promise.all(Array.from({ length: order.connections }, open))
  }
  const startedAt = performance.now()
  let asked = 0
  let next = order.from

  async function one(): Promise<void> {
    const isCold = asked % coldEvery === coldEvery - 1
    const domain = loadDomain(isCold ? next++ : asked % KEPT_DOMAINS)
    asked += 1
    const headers = order.manyClients && { 'x-forwarded-for': clientAddress(asked) }
    const began = performance.now()
    const { outcome, what } = await answerTo(`${url}/v1/discover?email=ann@${domain}`, { agent, headers })
    counts[outcome] += 1
    if (outcome === 'error') errors[what] = (errors[what] ?? 0) + 1
    if (outcome === 'found' || outcome === 'absent')
      times[isCold ? 'cold' : 'kept'].push(performance.now() - began)
  }
  const goesOn = () => !signal?.aborted && asked < amount && performance.now() - startedAt < forMs

  if (rate === undefined) {
    const lane = async () => {
      while (goesOn()) await one()
    }
    await Promise.all(Array.from({ length: order.connections }, lane))
  } else {
    await atRate({ rate, goesOn, isDue: () => asked < (rate * (performance.now() - startedAt)) / 1000 }, one)
  }
  const seconds = (performance.now() - startedAt) / 1000
  await agent.close()
  return { seconds, counts, errors, ...times, next }
}

async function atRate(
  { goesOn, isDue }: { rate: number; goesOn: () => boolean; isDue: () => boolean },
  one: () => Promise<void>,
): Promise<void> {
  const open = new Set<Promise<void>>()
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      while (goesOn() && isDue()) {
        const running = one().finally(() => open.delete(running))
        open.add(running)
      }
      if (goesOn()) return
      clearInterval(timer)
      resolve()
    }, TICK_MS)
  })
  await Promise.all(open)
}

async function answerTo(
  url: string,
  { agent, headers }: { readonly agent: Agent; readonly headers: Record<string, string> | undefined },
): Promise<{ readonly outcome: Outcome; readonly what: string }> {
  try {
    const answer = await request(url, { dispatcher: agent, ...(headers && { headers }) })
    const text = await answer.body.text()
    if (answer.statusCode === 200) return { outcome: 'found', what: '' }
    const { code } = JSON.parse(text) as { code?: string }
    const what = `${String(answer.statusCode)} ${String(code)}`
    if (what === '404 NOTHING_FOUND') return { outcome: 'absent', what }
    const toldWhen = Number(answer.headers['retry-after']) >= 1
    if (what === '429 RATE_LIMITED' && toldWhen && answer.headers['ratelimit'] !== undefined)
      return { outcome: 'limited', what }
    if (what === '503 OVERLOADED' && toldWhen) return { outcome: 'overloaded', what }
    if (what === '503 LOOKUP_FAILED' && toldWhen) return { outcome: 'failed', what }
    return { outcome: 'error', what }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return { outcome: 'error', what: code ?? message }
  }
}

/** Of 10.0.0.0/8; they come again after 16 million. */
function clientAddress(number: number): string {
  return `10.${String((number >> 16) & 255)}.${String((number >> 8) & 255)}.${String(number & 255)}`
}
