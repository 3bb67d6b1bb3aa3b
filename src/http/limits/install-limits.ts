/**
 * The limits of the service (R10): requests and cold lookups per client, cold lookups at a time, and no lookup for our
 * own kind. Routes know nothing of it: they get a service and a checker that pass the turnstile.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { OverloadedError, type Turnstile } from '../../discovery/cold-gate.js'
import type { AppParts, LimitSettings } from '../app-parts.js'
import { replyOf } from '../client-signal.js'
import { isOwnKind } from '../own-kind.js'
import { Problem } from '../problem.js'
import { bearerOf } from './bearer.js'
import { clientKey } from './client-key.js'
import {
  type Account,
  ClientLimits,
  type ClientLimitsOptions,
  policyOf,
  type Verdict,
} from './client-limits.js'
import type { TokenRights } from './token-lines.js'
import { UNLIMITED } from './unlimited.js'

/** Adds the hook that counts, and returns the parts whose lookups are limited. */
export function installLimits(app: FastifyInstance, parts: AppParts): AppParts {
  const { limits, now, service, checker, metrics } = parts
  const onRefusal = (limit: 'requests' | 'lookups') => metrics?.countRefusal(limit)
  const counting = limits && countingOf(limits, { now, onRefusal })
  if (counting) countRequests(app, counting)

  const turnstileFor = (reply: FastifyReply | undefined): { turnstile?: Turnstile } => {
    if (!counting) return {}
    const { clients, accountOf, gate } = counting
    const admit = () => {
      if (!reply) return undefined
      const verdict = clients.takeCold(accountOf(reply))
      if (verdict instanceof Promise)
        return verdict.then((late) => {
          heed(reply, late)
        })
      heed(reply, verdict)
      return undefined
    }
    const client = reply && accountOf(reply).key
    return { turnstile: { admit, enter: (signal) => gate.enter(signal, client) } }
  }
  const limited = async <T>(signal: AbortSignal, work: (by: { turnstile?: Turnstile }) => Promise<T>) => {
    const reply = replyOf(signal)
    if (reply) refuseOwnKind(reply)
    try {
      return await work(turnstileFor(reply))
    } catch (error) {
      if (!(error instanceof OverloadedError)) throw error
      metrics?.countRefusal('places')
      throw new Problem('OVERLOADED', { detail: 'detail-OVERLOADED' })
    }
  }
  return {
    ...parts,
    service: {
      discover: (request) =>
        limited(request.signal, (by) => {
          const reply = replyOf(request.signal)
          if (request.refresh === true && reply && counting?.mayRefresh(reply.request) === false) {
            throw new Problem('QUERY_INVALID', { detail: 'detail-REFRESH' })
          }
          return service.discover({ ...request, ...by, ...(reply && { requestId: reply.request.id }) })
        }),
      // Nobody is asked for it, so no limit but that of requests applies.
      kept: (domain) => service.kept(domain),
      unfinished: (question) => service.unfinished(question),
      forget: () => {
        service.forget()
      },
      idle: () => service.idle(),
    },
    ...(checker && {
      checker: { check: (request) => limited(request.signal, (by) => checker.check({ ...request, ...by })) },
    }),
    ...(counting && {
      charge: (reply, requests) => {
        heed(reply, counting.clients.takeRequests(counting.accountOf(reply), requests))
      },
    }),
  }
}

interface Counting {
  readonly clients: ClientLimits
  readonly accountOf: (reply: FastifyReply) => Account
  /** Remembers whose token the request shows; false for one that nobody holds. */
  readonly recognise: (request: FastifyRequest) => boolean
  /** Whether who asks may have a new answer where one is kept. */
  readonly mayRefresh: (request: FastifyRequest) => boolean
  readonly gate: LimitSettings['gate']
}

function countingOf(
  limits: LimitSettings,
  options: Pick<ClientLimitsOptions, 'now' | 'onRefusal'>,
): Counting {
  const { shared, gate, tokens, requests, cold } = limits
  /** Of the requests that show a token. */
  const holders = new WeakMap<FastifyRequest, TokenRights>()
  return {
    clients: new ClientLimits({ ...options, ...(shared && { shared }) }),
    accountOf({ request }) {
      const holder = tokens && holders.get(request)
      return holder
        ? { key: `token ${holder.name}`, budgets: { requests, cold, ...holder.budgets } }
        : { key: clientKey(request.ip), budgets: limits }
    },
    recognise(request) {
      const holder = tokens && bearerOf(request, tokens())
      if (holder === 'unknown') return false
      if (holder) holders.set(request, holder)
      return true
    },
    mayRefresh: (request) => tokens === undefined || holders.get(request)?.refresh === true,
    gate,
  }
}

function countRequests(app: FastifyInstance, { clients, accountOf, recognise }: Counting): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (UNLIMITED.has(request.routeOptions.url ?? '')) {
      done()
      return
    }
    // A token that nobody holds is counted to the address, so that guessing has an end.
    const isRecognised = recognise(request)
    const account = accountOf(reply)
    reply.header('ratelimit-policy', policyOf(account.budgets))
    const verdict = clients.takeRequests(account)
    if (!verdict.allowed) {
      done(refusal(reply, verdict))
      return
    }
    reply.header('ratelimit', verdict.rateLimit)
    done(isRecognised ? undefined : new Problem('QUERY_INVALID', { detail: 'detail-TOKEN_UNKNOWN' }))
  })
}

/** @throws Problem RATE_LIMITED */
function heed(reply: FastifyReply, verdict: Verdict): void {
  if (!verdict.allowed) throw refusal(reply, verdict)
  say(reply, verdict)
}

function refusal(reply: FastifyReply, verdict: Verdict): Problem {
  say(reply, verdict)
  return new Problem('RATE_LIMITED', {
    detail: 'detail-RATE_LIMITED',
    retryAfterSeconds: verdict.retryAfter,
  })
}

/** One header for all limits that were touched; of an answer that is under way the headers have left. */
function say(reply: FastifyReply, { rateLimit }: Verdict): void {
  if (reply.sent) return
  const before = reply.getHeader('ratelimit')
  const others =
    typeof before === 'string' ? before.split(', ').filter((item) => !sameLimit(item, rateLimit)) : []
  reply.header('ratelimit', [...others, rateLimit].join(', '))
}

function sameLimit(one: string, other: string): boolean {
  return one.split(';', 1)[0] === other.split(';', 1)[0]
}

function refuseOwnKind({ request }: FastifyReply): void {
  if (isOwnKind(request)) throw new Problem('QUERY_INVALID', { detail: 'detail-OWN_AGENT' })
}
