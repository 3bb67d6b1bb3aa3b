/** What a guide is made of: sentences by their codes, which i18n turns into the reader's language, and found values. */
import type { AnswerMessage } from '../domain/answer.js'
import type { GuideClient } from '../domain/guide.js'

/** A sentence of the catalogue; a parameter with several values becomes a list as the reader's language writes it. */
export interface GuideText {
  readonly code: string
  readonly params?: Readonly<Record<string, string | readonly string[]>>
  readonly url?: string
}

/** Ours, or one that came with the settings in the reader's language already. */
export type Sentence = GuideText | AnswerMessage

export interface GuideValue {
  /** The catalogue's code of the field's name. */
  readonly label: string
  /** As found, or by its code where it is a choice. */
  readonly value: string | { readonly code: string }
}

export interface GuideStep {
  /** Steps of one section follow each other. */
  readonly section?: GuideText
  readonly text: Sentence
  readonly values?: readonly GuideValue[]
  /** Here belongs the way to the configuration profile. */
  readonly profile?: true
}

export interface Guide {
  readonly client: GuideClient
  readonly program: string
  readonly title: GuideText
  readonly protocol: 'imap' | 'pop3' | null
  readonly warnings: readonly Sentence[]
  readonly steps: readonly GuideStep[]
  readonly notes: readonly Sentence[]
}

export function say(code: string, params?: GuideText['params']): GuideText {
  return params === undefined ? { code } : { code, params }
}

export function step(code: string, params?: GuideText['params']): GuideStep {
  return { text: say(code, params) }
}

/** The steps under one heading. */
export function section(heading: GuideText, steps: readonly GuideStep[]): GuideStep[] {
  return steps.map((one) => ({ ...one, section: heading }))
}
