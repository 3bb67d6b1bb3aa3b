/** The Resolver port over DNS: found, absent and failed stay apart, aliases are followed, records come typed. */
import { isIP } from 'node:net'
import type { Answer } from 'dns-packet'
import type { Failure } from '../domain/errors.js'
import type { Lookup, Resolver } from '../domain/source.js'
import { dnsFailure, normalName, readReply, shownName } from './dns-answer.js'
import { ATTEMPT_TIMEOUT_MS, askServers } from './dns-exchange.js'
import { isQueryName, type QuestionType } from './dns-message.js'
import { DnsPanel } from './dns-panel.js'
import { createServerTransport } from './dns-server.js'
import type { DohOptions } from './doh-exchange.js'
import { onAbort } from './on-abort.js'

export { systemServers } from './dns-server.js'

/** Milliseconds one lookup may take with all retries and aliases: what is left of a budget of 5 s must do for a connect. */
const LOOKUP_TIMEOUT_MS = 4000
/** As the system's own resolver (MAXNS): more servers only prolong the wait. */
const MAX_SERVERS = 3
/** RFC 8305 section 3 waits 50 ms for the other address family; who advises others can be more patient. */
const OTHER_FAMILY_GRACE_MS = 250

export interface DnsResolverOptions {
  /** `ip`, `ip:port`, `[ipv6]:port` or `https://…/dns-query`; asked in this order, the first three. */
  readonly servers: readonly string[]
  /** Believe the AD bit: the servers validate DNSSEC and the path to them is safe (RFC 6840 section 5.8). */
  readonly trustAd?: boolean
  /** Milliseconds until a server counts as silent. */
  readonly attemptTimeoutMs?: number
  readonly doh?: DohOptions
}

type Records = Lookup<readonly Answer[]>

/** @throws Error for a server that cannot be read, or for none */
export function createDnsResolver(options: DnsResolverOptions): Resolver {
  const servers = options.servers.slice(0, MAX_SERVERS)
  if (servers.length === 0) throw new Error('no DNS server is given')
  const panel = new DnsPanel(servers.map((server) => createServerTransport(server, options.doh)))
  const trustAd = options.trustAd === true
  const attemptTimeoutMs = options.attemptTimeoutMs ?? ATTEMPT_TIMEOUT_MS

  async function lookup(name: string, type: QuestionType, signal: AbortSignal): Promise<Records> {
    const endsAt = performance.now() + LOOKUP_TIMEOUT_MS
    const seen = new Set<string>()
    let owner = normalName(name)
    let ttlSeconds = Infinity
    let authenticated = trustAd
    for (;;) {
      // An alias may lead to any name, so every hop is checked.
      if (!isQueryName(owner)) return dnsFailure('this is no name the DNS can be asked for')
      const question = { name: owner, type, wantsAd: trustAd }
      const timeoutMs = Math.max(1, endsAt - performance.now())
      const reply = await askServers({ panel, question, attemptTimeoutMs, timeoutMs }, signal)
      if (!('rcode' in reply)) return { kind: 'failed', failure: reply }
      // Trust is ANDed over every hop.
      authenticated &&= reply.authenticated
      const reading = readReply(reply, question, seen)
      if (reading.kind === 'failed') return reading
      ttlSeconds = Math.min(ttlSeconds, reading.ttlSeconds)
      if (reading.kind === 'absent') return { kind: 'absent', ttlSeconds, authenticated }
      if (reading.kind === 'found')
        return { kind: 'found', value: reading.records, ttlSeconds, authenticated }
      owner = reading.target
    }
  }

  return {
    async mx(name, signal) {
      return mapFound(await lookup(name, 'MX', signal), (record) =>
        record.type === 'MX'
          ? [{ preference: record.data.preference ?? 0, exchange: shownName(record.data.exchange) }]
          : [],
      )
    },
    async srv(name, signal) {
      return mapFound(await lookup(name, 'SRV', signal), (record) => {
        if (record.type !== 'SRV') return []
        const { priority = 0, weight = 0, port, target } = record.data
        return [{ priority, weight, port, target: shownName(target) }]
      })
    },
    async txt(name, signal) {
      return mapFound(await lookup(name, 'TXT', signal), (record) =>
        record.type === 'TXT' ? [joinStrings(record.data)] : [],
      )
    },
    addresses(name, signal) {
      return bothFamilies((type, stop) => lookup(name, type, stop), signal)
    },
  }
}

/** Asks for A and AAAA at once; the second may be a little late, but cannot hold up or spoil what the first has found. */
async function bothFamilies(
  ask: (type: 'A' | 'AAAA', signal: AbortSignal) => Promise<Records>,
  signal: AbortSignal,
): Promise<Lookup<readonly string[]>> {
  signal.throwIfAborted()
  const controller = new AbortController()
  const stopListening = onAbort(signal, () => {
    controller.abort(signal.reason)
  })
  let grace: NodeJS.Timeout | undefined
  const askFamily = async (type: 'A' | 'AAAA'): Promise<Lookup<readonly string[]>> => {
    try {
      const answer = mapFound(await ask(type, controller.signal), addressOf)
      if (answer.kind === 'found') {
        grace ??= setTimeout(() => {
          controller.abort(TOO_LATE)
        }, OTHER_FAMILY_GRACE_MS)
      }
      return answer
    } catch (error) {
      if (error === TOO_LATE) return { kind: 'failed', failure: TOO_LATE.failure }
      throw error
    }
  }
  try {
    return combine(await Promise.all([askFamily('AAAA'), askFamily('A')]))
  } finally {
    clearTimeout(grace)
    stopListening()
  }
}

class TooLate extends Error {
  readonly failure: Failure = { code: 'timeout', detail: 'the other address family was faster' }
}
/** Made once: aborting with it must not cost a stack trace per lookup. */
const TOO_LATE = new TooLate()

function combine(answers: readonly Lookup<readonly string[]>[]): Lookup<readonly string[]> {
  const found = answers.filter((answer) => answer.kind === 'found')
  const failed = answers.find((answer) => answer.kind === 'failed')
  if (found.length === 0 && failed !== undefined) return failed
  const basis = found.length > 0 ? found : answers.filter((answer) => answer.kind === 'absent')
  const ttlSeconds = Math.min(...basis.map((answer) => answer.ttlSeconds))
  const authenticated = basis.every((answer) => answer.authenticated)
  if (found.length === 0) return { kind: 'absent', ttlSeconds, authenticated }
  return { kind: 'found', value: found.flatMap((answer) => answer.value), ttlSeconds, authenticated }
}

function mapFound<T>(records: Records, read: (record: Answer) => readonly T[]): Lookup<readonly T[]> {
  if (records.kind !== 'found') return records
  const value = records.value.flatMap(read)
  return value.length > 0 ? { ...records, value } : dnsFailure('the DNS records are malformed')
}

/** dns-packet does not check the length of the data, so a cut-off address may come out as anything. */
function addressOf(record: Answer): string[] {
  return (record.type === 'A' || record.type === 'AAAA') && isIP(record.data) !== 0 ? [record.data] : []
}

/** RFC 7208 section 3.3 and others: the character-strings of one record are joined without anything between. */
function joinStrings(data: string | Buffer | (string | Buffer)[]): string {
  const parts = Array.isArray(data) ? data : [data]
  return Buffer.concat(parts.map((part) => Buffer.from(part))).toString()
}
