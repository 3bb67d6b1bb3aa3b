/** A second layer behind the memory of each process, and one lookup at a time among all of them. */

export interface SharedValue<Value> {
  readonly value: Value
  /** How long it is still as good as new. */
  readonly ttlSeconds: number
}

export type Turn<Value> =
  /** Somebody has made it meanwhile. */
  | { readonly kind: 'kept'; readonly shared: SharedValue<Value> }
  /** Nobody else makes it, or nobody knows; `release` once it is kept, or has failed. */
  | { readonly kind: 'mine'; readonly release: () => void }
export interface ClaimOptions {
  readonly signal: AbortSignal
  /** What has no longer to live than this is what the asker has himself, in milliseconds. */
  readonly olderThanMs?: number
}

export interface SharedStore<Value> {
  /** Undefined where nothing is kept, or nobody knows. */
  find(key: string): Promise<SharedValue<Value> | undefined>
  /** Waits for what another process makes, until it has given up. Rejects only with the signal's reason. */
  claim(key: string, options: ClaimOptions): Promise<Turn<Value>>
  /** @param how.weak gives way to what is kept already */
  set(key: string, value: Value, how: { readonly ttlSeconds: number; readonly weak: boolean }): void
}
