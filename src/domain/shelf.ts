/** Keeps what was made ready from kept answers, bounded by the bytes it weighs; whatever is gone is made again. */
export interface Shelf<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value, kept: { readonly bytes: number; readonly ttlSeconds: number }): void
}
