/** Builds the layers of the cache: this process's memory, and behind it what all processes share. */
import { createMemoryStore, type MemoryStore } from './cache/store.js'
import type { Valkey } from './cache/valkey.js'
import { createValkeyStore } from './cache/valkey-store.js'
import type { Config } from './config.js'
import type { KeptAnswersParts } from './discovery/kept-answers.js'
import type { Discovery } from './domain/discovery.js'

const MEGABYTE = 1024 * 1024
/**
 * What each layer gets of `MAILSCOUT_CACHE_MB`: packed answers of many domains, ready ones of busy domains, and DNS
 * answers, which several domains share and which serve for the time of their records.
 */
const CACHE_SHARES = { answers: 0.6, ready: 0.25, dns: 0.15 } as const
/** Milliseconds beside the budget in which a lookup may hold up the others': for its way to the engine and back. */
const LOCK_MARGIN_MS = 1000

/** In bytes, of this process. */
export function cacheBytes(config: Config, layer: keyof typeof CACHE_SHARES): number {
  const { MAILSCOUT_CACHE_MB: megabytes, MAILSCOUT_WORKERS: processes } = config
  return Math.floor(((megabytes * MEGABYTE) / processes) * CACHE_SHARES[layer])
}

/** @param how.origin names what answers are made from; without Valkey nothing is shared */
export function composeKept(
  config: Config,
  how: { readonly valkey?: Valkey; readonly origin: () => string },
): KeptAnswersParts & { readonly store: MemoryStore<Discovery> } {
  const store = createMemoryStore<Discovery>({ maxBytes: cacheBytes(config, 'answers') })
  const { valkey, origin } = how
  if (!valkey) return { store }
  const lockMs = config.MAILSCOUT_BUDGET_MS + LOCK_MARGIN_MS
  return { store, shared: createValkeyStore({ valkey, origin, lockMs }) }
}
