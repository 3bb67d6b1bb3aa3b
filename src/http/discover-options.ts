/** What a caller may say beside the address (design section 4), read once for GET and POST. */
import { z } from 'zod'
import { type EmailAddress, parseEmailAddress } from '../domain/email-address.js'
import { type Hostname, parseMailDomain } from '../domain/hostname.js'
import { Problem } from './problem.js'

/** Query strings carry text, JSON bodies may carry booleans. */
const flag = z
  .union([z.boolean(), z.enum(['true', 'false'])])
  .transform((value) => value === true || value === 'true')

export const discoverOptionsSchema = z.strictObject({
  email: z
    .string({
      error: ({ input }) =>
        input === undefined
          ? 'is missing: pass the e-mail address as `email`'
          : 'must be one address, as text',
    })
    .describe('The e-mail address'),
  devices: z.enum(['one', 'many']).optional().describe('How many devices read this mail'),
  keep: z.enum(['server', 'device']).optional().describe('Who keeps the mail'),
  verify: z
    .enum(['auto', 'always', 'never'])
    .default('auto')
    .describe('Whether servers are checked live first'),
  refresh: flag.default(false).describe('Ask anew whatever the cache holds'),
  allowCleartext: flag.default(false).describe('Also list servers without encryption, with a warning'),
  sendAddress: flag
    .default(false)
    .describe(
      'Let the address itself leave for https hosts of its own domain; otherwise only the domain does',
    ),
  lang: z.string().max(35).optional().describe('Language of the texts; wins over Accept-Language'),
})
export type DiscoverOptions = z.output<typeof discoverOptionsSchema>

/** Names under which people send secrets; such a request is refused whole, and nothing of it is looked at (R5). */
const SECRET = /pass(word|wd|wort|phrase|code)?$|^pwd$|^pw$|secret|kennwort/i

/** @throws Problem QUERY_INVALID */
export function refuseSecrets(input: unknown): void {
  if (typeof input !== 'object' || input === null) return
  if (Object.keys(input).some((name) => SECRET.test(name))) {
    throw new Problem('QUERY_INVALID', { detail: 'detail-PASSWORD' })
  }
}

/** @throws Problem QUERY_INVALID, naming the first parameter that is wrong */
export function readOptions<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  refuseSecrets(input)
  const parsed = schema.safeParse(input ?? {})
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const name = issue?.path.map(String).join('.') ?? ''
  throw new Problem('QUERY_INVALID', {
    detailText: `${name === '' ? 'The request' : name}: ${issue?.message ?? ''}`,
  })
}

/** @throws Problem EMAIL_INVALID */
export function readEmail(text: string): EmailAddress {
  const parsed = parseEmailAddress(text)
  if (!parsed.ok) throw new Problem('EMAIL_INVALID', { detail: parsed.fault })
  return parsed.value
}

/** @throws Problem QUERY_INVALID */
export function readDomain(text: string): Hostname {
  const parsed = parseMailDomain(text)
  if (!parsed.ok) throw new Problem('QUERY_INVALID', { detail: parsed.fault })
  return parsed.value
}
