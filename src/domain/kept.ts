/** A kept value that need not be looked into: what is made from it can be kept beside it as long as the stamp holds. */
export interface Kept<Value> {
  /** Another one whenever the value is; never used twice in a process. */
  readonly stamp: number
  value(): Value
}
