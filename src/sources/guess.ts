/**
 * Guessing (R35): the usual host names under the exact domain, asked live. Only what proves itself with a valid
 * certificate counts, so everything found here is verified; it never ranks above a declared server.
 */
import { randomBytes } from 'node:crypto'
import type { Failure } from '../domain/errors.js'
import type { Hostname } from '../domain/hostname.js'
import type { DeclaredServer, MailProtocol, Security } from '../domain/mail-settings.js'
import type { ProbeResult, Resolver, Source, SourceOutcome, SourceQuery } from '../domain/source.js'
import { isNullMx, lowestPreference } from './mx.js'

/** Seconds a guess may be kept: nobody promised that it stays. */
const GUESS_TTL_SECONDS = 3600

interface Attempt {
  readonly protocol: MailProtocol
  /** Best first; '' is the bare domain. */
  readonly labels: readonly string[]
  readonly ports: Readonly<Record<Exclude<Security, 'plain'>, number>>
}

const ATTEMPTS: readonly Attempt[] = [
  { protocol: 'imap', labels: ['imap', 'mail', ''], ports: { tls: 993, starttls: 143 } },
  { protocol: 'pop3', labels: ['pop', 'pop3', 'mail', ''], ports: { tls: 995, starttls: 110 } },
  { protocol: 'smtp', labels: ['smtp', 'mail', ''], ports: { tls: 465, starttls: 587 } },
]
const LABELS = [...new Set(ATTEMPTS.flatMap((attempt) => attempt.labels))]

export function createGuessSource(parts: {
  readonly resolver: Resolver
  /** A label nobody has published, to find wildcard DNS; injected by tests. */
  readonly unlikelyLabel?: () => string
}): Source {
  const unlikelyLabel = parts.unlikelyLabel ?? (() => `x${randomBytes(8).toString('hex')}`)
  return {
    name: 'guess',
    async find(query) {
      const resolver = parts.resolver
      const [mx, wildcard, ...named] = await Promise.all([
        resolver.mx(query.domain, query.signal),
        resolver.addresses(`${unlikelyLabel()}.${query.domain}`, query.signal),
        ...LABELS.map(async (label) => ({
          label,
          hostname: (label === '' ? query.domain : `${label}.${query.domain}`) as Hostname,
          lookup: await resolver.addresses(
            label === '' ? query.domain : `${label}.${query.domain}`,
            query.signal,
          ),
        })),
      ])
      if (mx.kind === 'found' && isNullMx(mx.value)) {
        return { outcome: 'skipped', reason: 'null MX: the domain accepts no mail' } // R4
      }
      const decoys = new Set(wildcard.kind === 'found' ? wildcard.value : [])
      const hosts = new Map<string, Hostname>()
      for (const { label, hostname, lookup } of named) {
        if (lookup.kind !== 'found') continue
        // Under wildcard DNS a name proves nothing; one that leads elsewhere than the wildcard was published on purpose.
        const onPurpose = label === '' || lookup.value.some((address) => !decoys.has(address))
        if (onPurpose) hosts.set(label, hostname)
      }
      const ownMx = mx.kind === 'found' ? lowestPreference(mx.value) : null
      // R35: in the exact domain; beside it, under one registrable domain, others may live (a university, a city).
      if (ownMx && (ownMx === query.domain || ownMx.endsWith(`.${query.domain}`))) hosts.set('mx', ownMx)
      const failed = named.find(({ lookup }) => lookup.kind === 'failed')?.lookup
      if (hosts.size === 0) {
        return failed?.kind === 'failed'
          ? { outcome: 'failed', failure: failed.failure }
          : { outcome: 'absent' }
      }
      const outcome = outcomeOf(
        await Promise.all(ATTEMPTS.map((attempt) => ask(attempt, hosts, query))),
        query,
      )
      // A name that could not be resolved may have been the right one (R37).
      return outcome.outcome === 'absent' && failed?.kind === 'failed'
        ? { outcome: 'failed', failure: failed.failure }
        : outcome
    },
  }
}

interface Answer {
  readonly server: DeclaredServer
  readonly result: ProbeResult
}

/** Implicit TLS on all hosts at once; STARTTLS only where none of them has it (R32). */
async function ask(
  attempt: Attempt,
  hosts: ReadonlyMap<string, Hostname>,
  query: SourceQuery,
): Promise<Answer[]> {
  const names = [...attempt.labels, 'mx'].flatMap((label) => hosts.get(label) ?? [])
  const answers: Answer[] = []
  for (const security of ['tls', 'starttls'] as const) {
    const port = attempt.ports[security]
    const round = await bestAnswers(
      [...new Set(names)].map(async (hostname, declaredOrder): Promise<Answer> => {
        const target = { protocol: attempt.protocol, hostname, port, security }
        const result = await query.prober.probe(target, query.signal)
        return { server: { ...target, username: null, authentication: [], declaredOrder }, result }
      }),
    )
    answers.push(...round)
    if (round.some(({ result }) => result.kind === 'verified')) break
  }
  return answers
}

/** Milliseconds that better names have once a worse one has proved itself. */
const GRACE_MS = 250

/**
 * The answers of hosts asked side by side, best name first. Once one has proved itself, worse names are not waited for
 * and better ones not for long: one silent host must not hold up all others.
 */
function bestAnswers(asked: readonly Promise<Answer>[]): Promise<readonly Answer[]> {
  if (asked.length === 0) return Promise.resolve([])
  return new Promise((resolve, reject) => {
    const ended = new Map<number, Answer>()
    let grace: NodeJS.Timeout | undefined
    const settle = () => {
      clearTimeout(grace)
      resolve([...ended].sort(([a], [b]) => a - b).map(([, answer]) => answer))
    }
    for (const [place, answer] of asked.entries()) {
      answer.then((value) => {
        ended.set(place, value)
        const proved = asked.findIndex((_, index) => ended.get(index)?.result.kind === 'verified')
        const open = asked.findIndex((_, index) => !ended.has(index))
        if (open === -1 || (proved !== -1 && proved < open)) settle()
        else if (proved !== -1) grace ??= setTimeout(settle, GRACE_MS)
      }, reject)
    }
  })
}

function outcomeOf(perProtocol: readonly (readonly Answer[])[], query: SourceQuery): SourceOutcome {
  const answers = perProtocol.flat()
  const servers = answers.flatMap(({ server, result }) =>
    result.kind === 'verified' ? [{ ...server, verification: result.verification }] : [],
  )
  if (servers.length > 0) {
    return {
      outcome: 'found',
      ttlSeconds: GUESS_TTL_SECONDS,
      findings: [
        {
          channel: 'insecure',
          evidence: { where: `usual names under ${query.domain}`, channel: 'probe' },
          servers,
        },
      ],
    }
  }
  const failures = answers.flatMap(({ server, result }) =>
    result.kind === 'failed' ? [{ server, failure: result.failure }] : [],
  )
  const timedOut = failures.find(({ failure }) => COULD_NOT_LOOK.has(failure.code))
  if (timedOut) return { outcome: 'failed', failure: timedOut.failure }
  const [refuted] = failures
  if (!refuted) return { outcome: 'absent' }
  const { server, failure } = refuted
  return { outcome: 'absent', detail: `${server.hostname}:${server.port} is not usable: ${failure.detail}` }
}

/** The rest is an answer: somebody is there who cannot prove himself. */
const COULD_NOT_LOOK: ReadonlySet<Failure['code']> = new Set(['timeout', 'dns'])
