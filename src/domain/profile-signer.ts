/** The port through which profiles are signed in the authority role (R42, R46), and how its certificate is doing. */

export interface CertificateState {
  /** `expiring`: under 30 days left · `expired`: nothing is signed any more, and nothing is sent unsigned instead. */
  readonly status: 'valid' | 'expiring' | 'expired'
  /** ISO 8601; the earliest end in the chain. */
  readonly expiresAt: string
  /** Set while the files on disk are refused and those before them sign: what is wrong with them. */
  readonly reason?: string
}

/** A profile, one character for each octet. */
export interface Filled {
  readonly octets: string
  /** What was put in that is made from the address; empty where nobody asks for it again. */
  readonly values: readonly string[]
}

/** What stands around a profile's octets once it is signed, one character for each octet, and the values of `Filled`. */
export interface Wrapped {
  readonly head: string
  readonly tail: string
  readonly values: readonly string[]
}

export interface ProfileSigner {
  /**
   * Makes the profile CMS SignedData, DER. What came of a name lately comes again, and nothing is made.
   * @param name the same for the same profile, and for no other
   * @throws SigningError: the caller must not send the profile unsigned instead
   */
  wrap(name: string, make: () => Filled): Promise<Wrapped>
  state(): CertificateState
  /** Ends the watch over the files. */
  close(): void
}

/** Nothing could be signed, or what was signed did not pass its check. */
export class SigningError extends Error {
  override readonly name = 'SigningError'
}
