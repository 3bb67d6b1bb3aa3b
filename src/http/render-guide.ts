/** A guide in the reader's language: codes become sentences, lists are joined as the language does it. */
import type { AnswerMessage } from '../domain/answer.js'
import type { GuideAnswer } from '../domain/guide.js'
import type { Guide, GuideText, GuideValue, Sentence } from '../guides/guide.js'
import type { Translator } from '../i18n/translate.js'

export interface GuideRendering {
  readonly text: Translator
  readonly email: string
  /** Where the profile can be downloaded; null where no URL can be given. */
  readonly profileUrl: string | null
}

export function renderGuide(guide: Guide, { text, email, profileUrl }: GuideRendering): GuideAnswer {
  const sentence = (one: Sentence) => renderSentence(one, text)
  return {
    client: guide.client,
    program: guide.program,
    title: sentence(guide.title).text,
    email,
    protocol: guide.protocol,
    warnings: guide.warnings.map(sentence),
    steps: guide.steps.map(({ text: words, section, values, profile }) => ({
      ...sentence(words),
      ...(profile === true && profileUrl !== null ? { url: profileUrl } : {}),
      ...(section === undefined ? {} : { section: sentence(section).text }),
      ...(values === undefined ? {} : { values: values.map((value) => renderValue(value, text)) }),
    })),
    notes: guide.notes.map(sentence),
  }
}

function renderSentence(sentence: Sentence, text: Translator): AnswerMessage {
  if ('text' in sentence) return sentence
  const { code, url } = sentence
  return { code, text: text.message({ code, params: joined(sentence, text) }), ...(url ? { url } : {}) }
}

function joined({ params = {} }: GuideText, text: Translator): Record<string, string> {
  const list = new Intl.ListFormat(text.language, { type: 'conjunction' })
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : list.format(value),
    ]),
  )
}

function renderValue(
  { label, value }: GuideValue,
  text: Translator,
): { label: string; value: string; exact: boolean } {
  return {
    label: text.message({ code: label }),
    value: typeof value === 'string' ? value : text.message(value),
    exact: typeof value === 'string',
  }
}
