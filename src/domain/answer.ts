/**
 * The answers of the service as schemas (design section 4): the one place from which the types, the checks of the tests
 * and the documentation come. Not used as a serialiser: that would cost more than the rest of a hot request.
 */
import { z } from 'zod'
import { PROBLEM_STATUS, type ProblemCode } from './errors.js'
import { hostnameSchema } from './hostname.js'
import {
  oauth2Schema,
  portSchema,
  PROTOCOLS,
  protocolSchema,
  providerInfoSchema,
  type Rejected,
  serverSchema,
  sourceNameSchema,
} from './mail-settings.js'

/** A sentence for the reader, in his language, with the code it was made from. */
export const answerMessageSchema = z.object({
  code: z.string(),
  text: z.string(),
  url: z.string().optional(),
})
export type AnswerMessage = z.infer<typeof answerMessageSchema>

const answerSourceSchema = z.object({
  source: sourceNameSchema,
  outcome: z.enum(['found', 'absent', 'failed', 'skipped']),
  durationMs: z.number().min(0),
  /** Set when failed. */
  failure: z.object({ code: z.string(), detail: z.string() }).optional(),
  /** Set when skipped. */
  reason: z.string().optional(),
  /** What a source that found nothing knows about it. */
  detail: z.string().optional(),
})
export type AnswerSource = z.infer<typeof answerSourceSchema>

const conflictSideSchema = z.object({ sources: z.array(sourceNameSchema).readonly(), value: z.string() })

const REJECTION_REASONS = [
  'cleartext',
  'invalid-hostname',
  'invalid-port',
  'invalid-security',
  'invalid-authentication',
  'unknown-placeholder',
  'incomplete',
  'limit',
] as const satisfies readonly Rejected['reason'][]

const incomingProtocolSchema = z.enum(['imap', 'pop3'])

/** `GET /v1/discover` and its kin. */
export const discoverAnswerSchema = z.object({
  query: z.object({
    /** Null where the question was about a domain. */
    email: z.string().nullable(),
    domain: hostnameSchema,
    unicodeDomain: z.string(),
    registrableDomain: hostnameSchema,
  }),
  provider: providerInfoSchema.nullable(),
  servers: z.object(
    Object.fromEntries(PROTOCOLS.map((protocol) => [protocol, z.array(serverSchema)])) as Record<
      (typeof PROTOCOLS)[number],
      z.ZodArray<typeof serverSchema>
    >,
  ),
  recommendation: z
    .object({
      protocol: incomingProtocolSchema,
      incoming: serverSchema,
      outgoing: serverSchema.nullable(),
      reasons: z.array(answerMessageSchema),
      alternative: z.object({ protocol: incomingProtocolSchema, incoming: serverSchema }).nullable(),
    })
    .nullable(),
  oauth2: oauth2Schema.nullable(),
  notices: z.array(answerMessageSchema),
  warnings: z.array(answerMessageSchema),
  conflicts: z.array(
    z.object({
      protocol: protocolSchema,
      kind: z.enum(['hostname', 'transport', 'username', 'not-offered']),
      chosen: conflictSideSchema,
      other: conflictSideSchema,
    }),
  ),
  rejected: z.array(
    z.object({
      source: sourceNameSchema,
      protocol: protocolSchema,
      hostname: z.string(),
      port: portSchema.nullable(),
      reason: z.enum(REJECTION_REASONS),
    }),
  ),
  notOffered: z.array(protocolSchema),
  requiresConfirmation: z.boolean(),
  degraded: z.boolean(),
  /** Present where the domain looks like a slip for a well-known one; a hint only (R53). */
  suggestions: z.array(z.string()).optional(),
  sources: z.array(answerSourceSchema),
  cache: z.object({ ageSeconds: z.int().min(0), expiresAt: z.iso.datetime() }),
})
export type DiscoverAnswer = z.infer<typeof discoverAnswerSchema>

/** RFC 9457 problem document with the stable `code` of design section 4. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
  code: z.enum(Object.keys(PROBLEM_STATUS) as [ProblemCode, ...ProblemCode[]]),
  instance: z.string().optional(),
  sources: z.array(answerSourceSchema).optional(),
  suggestions: z.array(z.string()).optional(),
  provider: providerInfoSchema.optional(),
  notices: z.array(answerMessageSchema).optional(),
})
export type Problem = z.infer<typeof problemSchema>
