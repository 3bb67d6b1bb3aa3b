/** Holds an entry against an autoconfig file of the same provider, field by field. Pure. */
import type { AuthMethod, DeclaredServer, Security } from '../domain/mail-settings.js'
import type { AutoconfigFacts } from './autoconfig-entry.js'
import type { Endpoint } from './endpoint.js'
import type { ProviderEntry } from './entry.js'

export interface Difference {
  readonly protocol: 'imap' | 'pop3' | 'smtp'
  /** `server`: one side has no counterpart at all. */
  readonly field: 'server' | 'hostname' | 'port' | 'security' | 'username' | 'authentication'
  /** Null: missing here. */
  readonly ours: string | null
  /** Null: missing there. */
  readonly theirs: string | null
}

interface Side {
  readonly hostname: string
  readonly port: number
  readonly security: Security
  /** Null where the side does not say. */
  readonly username: string | null
  /** Empty where the side does not say. */
  readonly authentication: readonly AuthMethod[]
}

export function compareEntry(
  entry: ProviderEntry,
  facts: Pick<AutoconfigFacts, 'servers' | 'rejected'>,
): Difference[] {
  // Cleartext servers belong to what the other list says, too.
  const theirs = [
    ...facts.servers,
    ...facts.rejected.map(({ server }) => server).filter((server) => server !== undefined),
  ].sort((a, b) => a.declaredOrder - b.declaredOrder)
  return (['imap', 'pop3', 'smtp'] as const).flatMap((protocol) => {
    const pairs = pairUp(
      entry[protocol].map((endpoint) => ourSide(entry, endpoint)),
      theirs.filter((server) => server.protocol === protocol).map(theirSide),
    )
    return pairs.flatMap((pair) => differences(pair).map((difference) => ({ protocol, ...difference })))
  })
}

type Pair = readonly [Side | null, Side | null]

/** Same place first; what is left is paired in order among servers of one transport, where the host or port moved. */
function pairUp(ours: readonly Side[], theirs: readonly Side[]): Pair[] {
  const left = [...theirs]
  const take = (matches: (side: Side) => boolean): Side | null => {
    const index = left.findIndex(matches)
    return index === -1 ? null : (left.splice(index, 1)[0] ?? null)
  }
  const here = ours.map((our) => ({
    our,
    their: take(({ hostname, port }) => hostname === our.hostname && port === our.port),
  }))
  const pairs = here.map(({ our, their }): Pair => [
    our,
    their ?? take(({ security }) => security === our.security),
  ])
  return [...pairs, ...left.map((their): Pair => [null, their])]
}

function differences([ours, theirs]: Pair): Omit<Difference, 'protocol'>[] {
  if (ours === null || theirs === null) {
    return [{ field: 'server', ours: placeOf(ours), theirs: placeOf(theirs) }]
  }
  const fields = (['hostname', 'port', 'security', 'username', 'authentication'] as const).map((field) => ({
    field,
    ours: textOf(ours, field),
    theirs: textOf(theirs, field),
  }))
  return fields.filter((field) => field.ours !== field.theirs && field.ours !== null && field.theirs !== null)
}

function placeOf(side: Side | null): string | null {
  return side === null ? null : `${side.hostname}:${side.port} ${side.security}`
}

function textOf(side: Side, field: keyof Side): string | null {
  if (field !== 'authentication') return side[field] === null ? null : String(side[field])
  return side.authentication.length === 0 ? null : side.authentication.join(', ')
}

function ourSide(entry: ProviderEntry, endpoint: Endpoint): Side {
  return {
    hostname: endpoint.hostname,
    port: endpoint.port,
    security: endpoint.security,
    username: endpoint.username ?? entry.username,
    authentication: endpoint.authentication ?? entry.authentication,
  }
}

function theirSide({ hostname, port, security, username, authentication }: DeclaredServer): Side {
  return { hostname, port, security, username, authentication }
}
