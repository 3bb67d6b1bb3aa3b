/** The port through which profiles are signed in the authority role (R42, R46), and how its certificate is doing. */

export interface CertificateState {
  /** `expiring`: under 30 days left · `expired`: nothing is signed any more, and nothing is sent unsigned instead. */
  readonly status: 'valid' | 'expiring' | 'expired'
  /** ISO 8601; the earliest end in the chain. */
  readonly expiresAt: string
  /** Set while the files on disk are refused and those before them sign: what is wrong with them. */
  readonly reason?: string
}

export interface ProfileSigner {
  /** The profile as CMS SignedData, DER. @throws SigningError: the caller must not send the profile unsigned instead */
  sign(profile: string | Uint8Array): Promise<Uint8Array>
  state(): CertificateState
  /** Ends the watch over the files. */
  close(): void
}

/** Nothing could be signed, or what was signed did not pass its check. */
export class SigningError extends Error {
  override readonly name = 'SigningError'
}
