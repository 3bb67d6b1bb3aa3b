/** Keeps what was made ready from kept answers, bounded by the bytes it weighs; whatever is gone is made again. */
export interface Shelf<Value> {
  get(key: string): Value | undefined
  /** @param bytes what the value weighs */
  set(key: string, value: Value, bytes: number): void
}
