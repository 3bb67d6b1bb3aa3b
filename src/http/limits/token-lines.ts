/**
 * Bearer tokens as they stand in the operator's file, one a line: a name, the digest of the token, then what its holder may.
 * `name sha256:<hex> [requests=<n>] [cold=<n>] [refresh]`. A token is 256 random bits, so a plain digest tells nothing
 * about it; words that people think of would need a slow one, and are not taken.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { Budgets } from './client-limits.js'

/** Of one that holds a token. */
export interface TokenRights {
  readonly name: string
  /** Per minute; those of any client where the line names none. */
  readonly budgets: Partial<Budgets>
  /** Whether he may ask anew whatever the cache holds. */
  readonly refresh: boolean
}

export interface TokenEntry extends TokenRights {
  /** SHA-256 of the token. */
  readonly digest: Buffer
}

/** Each token is compared with all of them; more need another kind of service. */
const MAX_TOKENS = 1000
const MAX_PER_MINUTE = 1_000_000
const PREFIX = 'mst_'
const TOKEN = /^mst_[\w-]{43}$/
const NAME = /^[\w.-]{1,64}$/
const DIGEST = /^sha256:[\da-f]{64}$/
const BUDGET = /^(requests|cold)=(\d{1,7})$/

/** Whether a text has the shape of our tokens; what has not need not be compared with any. */
export function isToken(text: string): boolean {
  return TOKEN.test(text)
}

export function makeToken(): string {
  return PREFIX + randomBytes(32).toString('base64url')
}

export function tokenDigest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** The line for the file, as `readTokenLines` reads it. */
export function tokenLine({ name, digest, budgets, refresh }: TokenEntry): string {
  const { requests, cold } = budgets
  return [
    name,
    `sha256:${digest.toString('hex')}`,
    ...(requests === undefined ? [] : [`requests=${requests}`]),
    ...(cold === undefined ? [] : [`cold=${cold}`]),
    ...(refresh ? ['refresh'] : []),
  ].join(' ')
}

/** @returns what is wrong and in which line; never the line itself, which may hold a token by mistake */
export function readTokenLines(text: string): readonly TokenEntry[] | string {
  const entries: TokenEntry[] = []
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const words = line.trim().split(/\s+/)
    if (line.trim() === '' || line.trim().startsWith('#')) continue
    const entry = readWords(words)
    const fault = typeof entry === 'string' ? entry : twice(entry, entries)
    if (fault !== null) return `line ${index + 1}: ${fault}`
    entries.push(entry as TokenEntry)
    if (entries.length > MAX_TOKENS) return `line ${index + 1}: more than ${MAX_TOKENS} tokens`
  }
  return entries
}

export function isTokenName(text: string): boolean {
  return NAME.test(text)
}

function readWords([name = '', digest = '', ...rights]: readonly string[]): TokenEntry | string {
  if (!NAME.test(name)) return 'the name must be 1 to 64 letters, digits, dots, hyphens or underscores'
  if (!DIGEST.test(digest)) return 'behind the name must stand sha256: and 64 hexadecimal digits'
  const budgets: { requests?: number; cold?: number } = {}
  let refresh = false
  for (const right of rights) {
    const [, which, digits] = BUDGET.exec(right) ?? []
    const amount = Number(digits)
    if (which !== undefined && amount >= 1 && amount <= MAX_PER_MINUTE) {
      budgets[which as 'requests' | 'cold'] = amount
    } else if (right === 'refresh') refresh = true
    else return `may only hold requests=<n> and cold=<n> from 1 to ${MAX_PER_MINUTE}, and refresh`
  }
  return { name, digest: Buffer.from(digest.slice('sha256:'.length), 'hex'), budgets, refresh }
}

function twice(entry: TokenEntry, before: readonly TokenEntry[]): string | null {
  if (before.some(({ name }) => name === entry.name)) return 'the name stands there twice'
  return before.some(({ digest }) => digest.equals(entry.digest)) ? 'the token stands there twice' : null
}
