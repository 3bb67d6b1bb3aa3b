/** The answers that are kept: in the memory of this process, and behind it in what all processes share. */
import type { SharedStore, SharedValue } from '../cache/shared-store.js'
import type { KeptInStore, Lifetime, Store } from '../cache/store.js'
import type { Discovery } from '../domain/discovery.js'
import type { Hostname } from '../domain/hostname.js'
import { FAILED, keeping } from './lifetime.js'

export interface KeptAnswersParts {
  readonly store: Store<Discovery>
  /** What other processes keep, and who of all looks a domain up. */
  readonly shared?: SharedStore<Discovery>
}

/** What is asked by default is kept under the domain itself, the rest under more words. Only the former is shared. */
export type AnswerKey = Hostname | `${Hostname} ${string}`

/** Seconds: a failure may be that of this machine alone; others hear of it only while they wait for it. */
const SHARED_FAILURE_SECONDS = 2

export class KeptAnswers {
  readonly #store: Store<Discovery>
  readonly #shared: SharedStore<Discovery> | undefined
  /** Counts the sets of files that answers are made from. */
  #generation = 0

  constructor({ store, shared }: KeptAnswersParts) {
    this.#store = store
    this.#shared = shared
  }

  get generation(): number {
    return this.#generation
  }

  /** Counts as use. */
  peek(key: AnswerKey): KeptInStore<Discovery> | undefined {
    return this.#store.peek(key)
  }

  /** However its renewal ends: a domain that cannot be asked at the moment is not asked at every use. */
  postpone(domain: Hostname): void {
    this.#store.postpone(domain, FAILED)
  }

  /** Drops everything, and keeps nothing that is still being made. Others drop theirs when their files change. */
  forget(): void {
    this.#generation += 1
    this.#store.forget()
  }

  /** From another process, kept here from now on. */
  async find(domain: Hostname): Promise<Discovery | undefined> {
    const born = this.#generation
    return this.#adopt(domain, await this.#shared?.find(domain), born)
  }

  /**
   * The right to look the domain up, before all other processes; or what one of them has found meanwhile. Rejects only
   * with the signal's reason.
   */
  async claim(domain: Hostname, signal: AbortSignal): Promise<Discovery | (() => void)> {
    if (!this.#shared) return () => undefined
    const born = this.#generation
    const own = this.#store.look(domain)
    const turn = await this.#shared.claim(domain, own ? { signal, olderThanMs: own.freshForMs } : { signal })
    if (turn.kind === 'mine') return turn.release
    return this.#adopt(domain, turn.shared, born) ?? turn.shared.value
  }

  /** @param born the generation in which the lookup began */
  keep(key: AnswerKey, discovery: Discovery, { lifetime, born }: { lifetime: Lifetime; born: number }): void {
    if (born !== this.#generation) return
    const kept = this.#store.look(key)?.value()
    // Asking anew at a bad moment must not put a worse answer in the place of a good one.
    if (kept?.kind === 'found' && isWorse(discovery, kept)) return
    this.#store.set(key, discovery, lifetime)
    if (key !== discovery.domain) return
    const hasFailed = discovery.kind === 'failed'
    this.#shared?.set(key, discovery, {
      ttlSeconds: hasFailed ? SHARED_FAILURE_SECONDS : lifetime.ttlSeconds,
      weak: hasFailed || discovery.degraded,
    })
  }

  #adopt(domain: Hostname, shared: SharedValue<Discovery> | undefined, born: number): Discovery | undefined {
    if (!shared || born !== this.#generation) return undefined
    const { value, ttlSeconds } = shared
    this.#store.set(domain, value, { ...keeping(value), ttlSeconds })
    return value
  }
}

function isWorse(discovery: Discovery, kept: Discovery): boolean {
  return discovery.kind === 'failed' || (discovery.degraded && !kept.degraded)
}
