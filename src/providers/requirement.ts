/** What a user must do, or must have, before a provider's servers let a mail program in (R51). */
import { z } from 'zod'

/**
 * No other list carries these as fields.
 * - `app-password`: the account's own password is refused; a second one is made in the account
 * - `app-password-with-2fa`: only while two-step sign-in is on
 * - `separate-password`: the provider has one password for mail programs, apart from the account's
 * - `enable-imap`, `enable-pop3`, `enable-smtp`: off until switched on in the webmail
 * - `enable-access`: one switch for all mail programs
 * - `admin-approval`: the organisation's administrator must allow mail programs
 * - `paid-plan`: not on the free plan
 * - `bridge`: a program of the provider must run beside the mail program
 */
export const REQUIREMENTS = [
  'app-password',
  'app-password-with-2fa',
  'separate-password',
  'enable-imap',
  'enable-pop3',
  'enable-smtp',
  'enable-access',
  'admin-approval',
  'paid-plan',
  'bridge',
] as const

/** Sentences by language; English is always there, German for the notices that ask for a deed. */
export const textsSchema = z.strictObject({ en: z.string().min(1).max(300), de: z.string().min(1).max(300) })

export const httpsUrlSchema = z.url({ protocol: /^https$/ })

export const requirementSchema = z.strictObject({
  kind: z.enum(REQUIREMENTS),
  /** The page where it is done or explained. */
  url: httpsUrlSchema.optional(),
  /** Only where the catalogue's sentence for the kind does not say it all. */
  texts: textsSchema.optional(),
})
export type Requirement = z.infer<typeof requirementSchema>
