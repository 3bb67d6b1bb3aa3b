/** The words of the guides: for which programs there is one, and what the service answers. */
import { z } from 'zod'
import { answerMessageSchema } from './answer.js'

/** As the path names them (design section 4). */
export const GUIDE_CLIENTS = [
  'thunderbird',
  'outlook',
  'apple-mail',
  'iphone',
  'android',
  'thunderbird-android',
  'windows-mail',
] as const
export const guideClientSchema = z.enum(GUIDE_CLIENTS)
export type GuideClient = z.infer<typeof guideClientSchema>

/** What the programs are called, in every language. */
export const PROGRAM_NAMES: Readonly<Record<GuideClient, string>> = {
  thunderbird: 'Thunderbird',
  outlook: 'Outlook',
  'apple-mail': 'Apple Mail',
  iphone: 'iPhone/iPad',
  android: 'Gmail (Android)',
  'thunderbird-android': 'Thunderbird (Android)',
  'windows-mail': 'Windows Mail',
}

/** `GET /v1/guides/{client}`: one structure, written as JSON, HTML or Markdown. */
export const guideAnswerSchema = z.object({
  client: guideClientSchema,
  /** The program's own name. */
  program: z.string(),
  title: z.string(),
  email: z.string(),
  /** Null where no server can be used safely. */
  protocol: z.enum(['imap', 'pop3']).nullable(),
  /** What this program cannot do for this account, and what to be careful with. */
  warnings: z.array(answerMessageSchema),
  steps: z.array(
    answerMessageSchema.extend({
      /** The heading this step and the following ones stand under. */
      section: z.string().optional(),
      /** What to type or choose. */
      values: z
        .array(
          z.object({
            label: z.string(),
            value: z.string(),
            /** To be typed as it stands; otherwise it is a choice in the program. */
            exact: z.boolean(),
          }),
        )
        .optional(),
    }),
  ),
  notes: z.array(answerMessageSchema),
})
export type GuideAnswer = z.infer<typeof guideAnswerSchema>
