/** Keeps what was made ready from kept answers, bounded in bytes; whatever is gone is made again. */

/** Octets, and what must be known about them: plain data that JSON can hold. */
export interface Shelved<About> {
  readonly about: About
  /** A view into the shelf, not to be written to. */
  readonly octets: Uint8Array
}

export interface Shelf<About> {
  get(key: string): Shelved<About> | undefined
  set(key: string, value: Shelved<About>): void
}
