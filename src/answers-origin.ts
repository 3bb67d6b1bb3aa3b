/** What answers are made from, as a short name: only processes with the same may hand each other answers. */
import { createHash } from 'node:crypto'
import type { Config } from './config.js'
import type { ProviderIndex } from './providers/provider-index.js'

export interface OriginParts {
  readonly config: Config
  readonly version: string
  /** The operator's files may be reread. */
  readonly indexes: () => readonly ProviderIndex[]
}

/** Reading all entries takes some milliseconds, so it is done once for each set of files. */
export function answersOrigin({ config, version, indexes }: OriginParts): () => string {
  const digests = new WeakMap<ProviderIndex, string>()
  const digestOf = (index: ProviderIndex) => {
    const known = digests.get(index)
    if (known !== undefined) return known
    const digest = shorten(index.entries)
    digests.set(index, digest)
    return digest
  }
  const settings = [
    version,
    config.MAILSCOUT_SOURCES,
    config.MAILSCOUT_ISPDB_URLS,
    config.MAILSCOUT_DNSSEC,
    config.MAILSCOUT_ALLOW_NETWORKS,
    config.MAILSCOUT_ALLOW_SPECIAL_USE_NAMES,
  ]
  let last: { readonly of: readonly ProviderIndex[]; readonly name: string } | undefined
  return () => {
    const of = indexes()
    if (last?.of.length !== of.length || of.some((index, place) => index !== last?.of[place])) {
      last = { of, name: shorten([settings, of.map(digestOf)]) }
    }
    return last.name
  }
}

function shorten(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 12)
}
