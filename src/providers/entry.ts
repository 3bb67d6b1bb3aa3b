/**
 * One provider of the database: the schema of built-in and operator files alike (R51). Every lint that can be said about
 * one entry alone stands here; what needs several entries (a domain claimed twice) stands in `load.ts`.
 */
import { z } from 'zod'
import { hostnameSchema, isPublicSuffix, isSpecialUse } from '../domain/hostname.js'
import { documentationSchema, oauth2Schema } from '../domain/mail-settings.js'
import { authenticationSchema, serverLists, usernameSchema } from './endpoint.js'
import { type LoginLookup, loginsSchema } from './logins.js'
import { mxRuleSchema } from './mx-rule.js'
import { httpsUrlSchema, requirementSchema, textsSchema } from './requirement.js'

/** RFC 1035 labels make good ids: they go into file names, URLs and metrics. */
const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/

const ownDomainSchema = hostnameSchema.refine(
  (name) => !isPublicSuffix(name),
  'is a public suffix: strangers live below it (R15)',
)
const domainSchema = ownDomainSchema.refine((name) => !isSpecialUse(name), 'is a special-use name (R3)')

const entryShape = z.strictObject({
  id: z.string().max(40).regex(ID, 'must be lower-case letters and digits joined by single hyphens'),
  name: z.string().min(1).max(60),
  /** `none`: the provider lets no mail program in (or is no mailbox); `unknown`: nobody wrote down how. */
  access: z.enum(['full', 'none', 'unknown']),
  /** Why there is no access: required for `none`. */
  reason: textsSchema.optional(),
  domains: z.array(domainSchema).default([]),
  /** Rank among the most used mail domains (1 is the first): the targets of typo hints (R53). */
  popularity: z.record(z.string(), z.int().min(1)).default({}),
  /** Best first, implicit TLS before STARTTLS (R23). */
  ...serverLists,
  username: usernameSchema.default('%EMAILADDRESS%'),
  /** Best first; `oauth2` alone where the provider refuses passwords (R30). */
  authentication: authenticationSchema.default(['password-cleartext']),
  /** Protocols the provider says it does not have, so that no guess re-invents them. */
  notOffered: z.array(z.enum(['imap', 'pop3', 'smtp'])).default([]),
  requires: z.array(requirementSchema).default([]),
  documentation: z.array(documentationSchema.strict()).default([]),
  webmail: httpsUrlSchema.optional(),
  /** Issuer, endpoints, scopes; never a client id or secret (R30). */
  oauth2: oauth2Schema.strict().optional(),
  jmap: httpsUrlSchema.optional(),
  caldav: httpsUrlSchema.optional(),
  carddav: httpsUrlSchema.optional(),
  mx: z.array(mxRuleSchema).default([]),
  confidence: z.enum(['high', 'medium', 'low']),
  /** What the settings were taken from: URLs, or names of lists. */
  references: z.array(z.string().min(1)).min(1),
  /** The day the settings were last held against the references (R28). */
  verified: z.iso.date(),
})

function lint(entry: z.infer<typeof entryShape>, context: z.RefinementCtx): void {
  const fault = (path: string, message: string) => {
    context.addIssue({ code: 'custom', path: [path], message })
  }
  const { imap, pop3, smtp } = entry
  const incoming = imap.length + pop3.length
  if (entry.access === 'full') {
    const mailboxes = entry.mx.filter((rule) => rule.class === 'mailbox' || rule.class === 'ambiguous')
    // Hosters whose servers are named per customer have them in their MX rules alone.
    const perRule = mailboxes.length > 0 && mailboxes.every((rule) => rule.servers !== undefined)
    const noneHere = incoming + smtp.length === 0
    if (noneHere && perRule && entry.domains.length > 0)
      fault('domains', 'servers exist only behind MX rules')
    if (!(noneHere && perRule) && (incoming === 0 || smtp.length === 0)) {
      fault('access', 'full access needs IMAP or POP3, and SMTP')
    }
  } else {
    if (incoming + smtp.length > 0) fault('access', `servers are listed although access is ${entry.access}`)
    if (entry.access === 'none' && entry.reason === undefined) fault('reason', 'access none needs a reason')
  }
  for (const protocol of entry.notOffered) {
    if (entry[protocol].length > 0) fault('notOffered', `${protocol} has servers`)
  }
  for (const domain of Object.keys(entry.popularity)) {
    if (!(entry.domains as string[]).includes(domain))
      fault('popularity', `${domain} is not among the domains`)
  }
  if (entry.domains.length === 0 && entry.mx.length === 0) fault('domains', 'needs a domain or an MX rule')
  const twice = entry.domains.find((domain, index) => entry.domains.indexOf(domain) !== index)
  if (twice !== undefined) fault('domains', `${twice} is listed twice`)
}

export const providerEntrySchema = entryShape.superRefine(lint)

/** An operator's entry: R3 is lifted for the names that his own network uses, such as `corp.internal`. */
export const operatorEntrySchema = entryShape
  .extend({
    domains: z.array(ownDomainSchema).default([]),
    /** Login names that follow from no template; they stand in place of `username`. */
    logins: loginsSchema.optional(),
  })
  .superRefine(lint)

export type ProviderEntry = z.infer<typeof providerEntrySchema> & {
  readonly logins?: z.infer<typeof loginsSchema> | undefined
  /** What the file that `logins` names says, once it has been read. */
  readonly loginOf?: LoginLookup
}
