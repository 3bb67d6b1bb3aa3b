/** R46 as a table: the keys that a payload of ours has, each with its type and whether it must stand there. */
import { z } from 'zod'

/** Empty values are refused by some devices. */
const text = z.string().min(1)
const hostname = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)
const port = z.int().min(1).max(65535)
/** Its default is false. */
const yes = z.literal(true)
const method = z.enum(['EmailAuthPassword', 'EmailAuthCRAMMD5'])

const every = {
  PayloadVersion: z.literal(1),
  PayloadIdentifier: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/),
  // RFC 9562 section 5.5, in upper case.
  PayloadUUID: z.string().regex(/^[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/),
}

/** Strict, so that no password key can slip in. */
const mail = z.strictObject({
  ...every,
  PayloadType: z.literal('com.apple.mail.managed'),
  PayloadDisplayName: text,
  EmailAccountDescription: text,
  EmailAccountType: z.enum(['EmailTypeIMAP', 'EmailTypePOP']),
  EmailAddress: text,
  IncomingMailServerAuthentication: method,
  IncomingMailServerHostName: hostname,
  IncomingMailServerPortNumber: port,
  IncomingMailServerUseSSL: yes,
  IncomingMailServerUsername: text,
  OutgoingMailServerAuthentication: method,
  OutgoingMailServerHostName: hostname,
  OutgoingMailServerPortNumber: port,
  OutgoingMailServerUseSSL: yes,
  OutgoingMailServerUsername: text,
  OutgoingPasswordSameAsIncomingPassword: yes,
})

const caldav = z.strictObject({
  ...every,
  PayloadType: z.literal('com.apple.caldav.account'),
  CalDAVAccountDescription: text,
  CalDAVHostName: hostname,
  CalDAVPort: port,
  CalDAVUseSSL: yes,
  CalDAVUsername: text,
  CalDAVPrincipalURL: text.optional(),
})

const carddav = z.strictObject({
  ...every,
  PayloadType: z.literal('com.apple.carddav.account'),
  CardDAVAccountDescription: text,
  CardDAVHostName: hostname,
  CardDAVPort: port,
  CardDAVUseSSL: yes,
  CardDAVUsername: text,
  CardDAVPrincipalURL: text.optional(),
})

/** A parsed profile with its payloads; identifiers and UUIDs must differ within it. */
export const profileSchema = z
  .strictObject({
    ...every,
    PayloadType: z.literal('Configuration'),
    PayloadDisplayName: text,
    PayloadDescription: text.optional(),
    PayloadOrganization: text.optional(),
    PayloadRemovalDisallowed: z.literal(false),
    PayloadContent: z.array(z.discriminatedUnion('PayloadType', [mail, caldav, carddav])).min(1),
  })
  .refine(({ PayloadContent, ...outer }) => {
    const all = [outer, ...PayloadContent]
    return ['PayloadIdentifier' as const, 'PayloadUUID' as const].every(
      (key) => new Set(all.map((one) => one[key])).size === all.length,
    )
  }, 'each payload has an identifier and a UUID of its own')
