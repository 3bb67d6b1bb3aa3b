/** Reads what a reply says about one question: records, a proven absence (RFC 2308), or an alias to follow. */
import type { Answer } from 'dns-packet'
import { type Failure, failure } from '../domain/errors.js'
import { NOERROR, type Question, type Reply } from './dns-message.js'

export type Reading =
  | { readonly kind: 'found'; readonly records: readonly Answer[]; readonly ttlSeconds: number }
  | { readonly kind: 'absent'; readonly ttlSeconds: number }
  | { readonly kind: 'alias'; readonly target: string; readonly ttlSeconds: number }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** Settings change; nobody should wait more than a day for it. */
const MAX_TTL_SECONDS = 86_400
/** RFC 2308 section 5 suggests one to three hours as the sensible upper limit. */
const MAX_NEGATIVE_TTL_SECONDS = 3600
/** For a negative answer without SOA, which RFC 2308 section 5 says not to cache: just long enough to spare a retry. */
const DEFAULT_NEGATIVE_TTL_SECONDS = 60
/** Real chains have one to three links; resolvers themselves stop between 8 and 16. */
const MAX_ALIASES = 8

/**
 * @param reply NOERROR or NXDOMAIN
 * @param seen names of the chain so far, lower case; the reading adds to it, so that a loop over several replies shows
 */
export function readReply(reply: Reply, question: Question, seen: Set<string>): Reading {
  let owner = normalName(question.name)
  let ttlSeconds = MAX_TTL_SECONDS
  const asked = owner
  seen.add(owner)
  for (;;) {
    const records = reply.answers.filter((answer) => answer.type === question.type && isOwned(answer, owner))
    if (records.length > 0) {
      return { kind: 'found', records, ttlSeconds: Math.min(ttlSeconds, ...records.map(ttlOf)) }
    }
    const alias = reply.answers.find((answer) => answer.type === 'CNAME' && isOwned(answer, owner))
    if (alias?.type !== 'CNAME') break
    owner = normalName(alias.data)
    ttlSeconds = Math.min(ttlSeconds, ttlOf(alias))
    if (seen.has(owner)) return dnsFailure('the DNS name is an alias of itself')
    if (seen.size > MAX_ALIASES) return dnsFailure('the DNS name has too long a chain of aliases')
    seen.add(owner)
  }
  const negative = negativeTtl(reply)
  if (reply.rcode === NOERROR && negative === null) {
    if (owner !== asked) return { kind: 'alias', target: owner, ttlSeconds }
    if (isReferral(reply)) return dnsFailure('the DNS server does not resolve names for us')
  }
  return { kind: 'absent', ttlSeconds: Math.min(ttlSeconds, negative ?? DEFAULT_NEGATIVE_TTL_SECONDS) }
}

export function dnsFailure(detail: string): { readonly kind: 'failed'; readonly failure: Failure } {
  return { kind: 'failed', failure: failure('dns', detail) }
}

/** Lower case, no trailing dot; empty for the root. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}

/**
 * The name a record points to, which may hold any octet and is shown to people (R25): what no host name has becomes `?`,
 * which keeps it from becoming one.
 */
export function shownName(name: string): string {
  return normalName(name).replace(/[^a-z0-9._-]/gu, '?')
}

function isOwned(answer: Answer, owner: string): boolean {
  return 'class' in answer && answer.class === 'IN' && normalName(answer.name) === owner
}

/** RFC 2181 section 8: a TTL with the top bit set counts as zero. */
function ttlOf(answer: Answer): number {
  const ttl = 'ttl' in answer ? (answer.ttl ?? 0) : 0
  return ttl > 0x7fffffff ? 0 : ttl
}

/** RFC 2308 section 5: the smaller of the SOA's TTL and its MINIMUM field; null without SOA. */
function negativeTtl(reply: Reply): number | null {
  const soa = reply.authorities.find((record) => record.type === 'SOA')
  if (soa === undefined) return null
  return Math.min(ttlOf(soa), soa.data.minimum ?? 0, MAX_NEGATIVE_TTL_SECONDS)
}

/** RFC 2308 section 2.2.1: name servers instead of an answer; saying "absent" would be a guess. */
function isReferral(reply: Reply): boolean {
  return !reply.authoritative && reply.authorities.some((record) => record.type === 'NS')
}
