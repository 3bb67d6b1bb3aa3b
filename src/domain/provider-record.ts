/** What the API tells of the provider database (design section 4): facts, both languages, no lookup involved. */
import { z } from 'zod'
import { authMethodSchema, documentationSchema, oauth2Schema, portSchema } from './mail-settings.js'

const textsSchema = z.object({ en: z.string(), de: z.string() })

/** One line of the list. */
export const providerSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  access: z.enum(['full', 'none', 'unknown']),
  protocols: z.array(z.enum(['imap', 'pop3', 'smtp', 'jmap', 'caldav', 'carddav'])),
  domainCount: z.int().min(0),
  confidence: z.enum(['high', 'medium', 'low']),
  /** The day the settings were last held against the references. */
  verified: z.iso.date(),
  /** The day lies further back than the limit (R28). */
  stale: z.boolean(),
})
export type ProviderSummary = z.infer<typeof providerSummarySchema>

const endpointSchema = z.object({
  hostname: z.string(),
  port: portSchema,
  security: z.enum(['tls', 'starttls']),
  /** With `%EMAIL…%` placeholders. */
  username: z.string(),
  authentication: z.array(authMethodSchema),
})

export const providerRecordSchema = providerSummarySchema.extend({
  /** Why mail programs get no access. */
  reason: textsSchema.nullable(),
  domains: z.array(z.string()),
  servers: z.object({
    imap: z.array(endpointSchema),
    pop3: z.array(endpointSchema),
    smtp: z.array(endpointSchema),
  }),
  notOffered: z.array(z.enum(['imap', 'pop3', 'smtp'])),
  requires: z.array(
    z.object({ kind: z.string(), url: z.string().optional(), texts: textsSchema.optional() }),
  ),
  documentation: z.array(documentationSchema),
  webmail: z.string().nullable(),
  oauth2: oauth2Schema.nullable(),
  links: z.object({
    jmap: z.string().nullable(),
    caldav: z.string().nullable(),
    carddav: z.string().nullable(),
  }),
  mx: z.array(z.object({ match: z.string(), value: z.string(), class: z.string() })),
  references: z.array(z.string()),
})
export type ProviderRecord = z.infer<typeof providerRecordSchema>

/** `GET /v1/providers`. */
export const providerListSchema = z.object({ providers: z.array(providerSummarySchema) })

/** The database as the API sees it. */
export interface ProviderDirectory {
  /** Providers that a domain, an MX host or a part of a name leads to, best first; all of them for an empty text. */
  find(text: string, limit: number): ProviderSummary[]
  get(id: string): ProviderRecord | null
}
