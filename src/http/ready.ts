/** An answer made ready to be sent, as the shelf keeps it. */
import type { Shelved } from '../domain/shelf.js'
import type { ProfileAccount } from '../formats/mobileconfig.js'
import type { Cuts } from '../formats/spliced-text.js'

export type Ready = Shelved<AboutReady>

export interface AboutReady extends Cuts {
  readonly stamp: number
  /** Milliseconds since the epoch. */
  readonly lookedUpAt: number
  readonly ttlSeconds: number
  /** Of the bytes, where they are the same for everybody. */
  readonly etag?: string
  /** Of a profile: what its names are made from, and whether it leaves signed. */
  readonly profile?: { readonly account: ProfileAccount; readonly signed: boolean }
}
