/** What every command that looks up an address lets its caller say, as the API takes it, and how it ends. */
import type { Problem } from '../domain/answer.js'
import { LANGUAGES } from '../i18n/translate.js'
import type { OptionSpec } from './command.js'
import { EXIT } from './terminal.js'

export const LOOKUP_OPTIONS = {
  devices: { type: 'string', choices: ['one', 'many'], help: 'how many devices read this mail' },
  keep: { type: 'string', choices: ['server', 'device'], help: 'who keeps the mail' },
  verify: {
    type: 'string',
    choices: ['auto', 'always', 'never'],
    help: 'whether servers are checked live before they are shown',
  },
  'allow-cleartext': { type: 'boolean', help: 'also list servers without encryption' },
  'send-address': {
    type: 'boolean',
    help: 'let the address itself leave for https hosts of its own domain',
  },
} as const satisfies Readonly<Record<string, OptionSpec>>

export const LANGUAGE_OPTION = {
  type: 'string',
  value: 'LANGUAGE',
  choices: LANGUAGES,
  help: `of the texts: ${LANGUAGES.join(', ')} (default: the terminal's)`,
} as const satisfies OptionSpec

export const LOOKUP_EXIT_CODES = {
  0: 'settings found',
  1: 'internal error',
  2: 'the address, an option or a setting of the process is wrong',
  3: 'nothing found: every source was asked and has nothing',
  4: 'the lookup failed: some source could not be asked and no other had an answer',
} as const

interface LookupValues {
  readonly devices?: string
  readonly keep?: string
  readonly verify?: string
  readonly 'allow-cleartext'?: boolean
  readonly 'send-address'?: boolean
}

/** The options as the body of `POST /v1/discover` has them; whether they fit is for the API to say. */
export function lookupPayload(values: LookupValues): Record<string, string | boolean> {
  const { devices, keep, verify } = values
  return {
    allowCleartext: values['allow-cleartext'] ?? false,
    sendAddress: values['send-address'] ?? false,
    ...(devices === undefined ? {} : { devices }),
    ...(keep === undefined ? {} : { keep }),
    ...(verify === undefined ? {} : { verify }),
  }
}

export function lookupExitCode({ status, code }: Pick<Problem, 'status' | 'code'>): number {
  if (status < 500) return status === 404 ? EXIT.nothingFound : EXIT.badInput
  return code === 'INTERNAL' ? EXIT.internal : EXIT.lookupFailed
}
