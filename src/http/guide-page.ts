/** A guide as a page. Forms instead of links, so that the address stands in no URL. */
import type { AnswerMessage } from '../domain/answer.js'
import { GUIDE_CLIENTS, type GuideAnswer, PROGRAM_NAMES } from '../domain/guide.js'
import type { Translator } from '../i18n/translate.js'
import { renderDocument } from '../web/document.js'
import { copyButton } from '../web/server-card.js'
import { type Child, h, type TreeElement } from '../web/tree.js'

export interface GuidePage {
  readonly guide: GuideAnswer
  readonly text: Translator
  /** The step whose address is the profile's gets a button. */
  readonly hasProfile: boolean
}

export function guidePage({ guide, text, hasProfile }: GuidePage): string {
  return renderDocument({
    text,
    title: guide.title,
    asked: { email: guide.email },
    action: `/v1/guides/${guide.client}`,
    main: [
      h('h1', {}, guide.title),
      messages({ id: 'warnings', heading: text.text('guide-warnings'), list: guide.warnings, text }),
      ...sections(guide)
        .map(({ heading, steps }) => [
          heading === undefined ? null : h('h2', {}, heading),
          h(
            'ol',
            {},
            steps.map((step) =>
              h(
                'li',
                {},
                h('p', {}, step.text, link(step, text)),
                step.code === 'guide-apple-profile' && hasProfile ? profileForm(guide, text) : null,
                step.values === undefined ? null : values(step.values, text),
              ),
            ),
          ),
        ])
        .flat(),
      messages({ id: 'notes', heading: text.text('guide-notes'), list: guide.notes, text }),
      programs(guide, text),
    ],
  })
}

type Step = GuideAnswer['steps'][number]

function sections({ steps }: GuideAnswer): { heading: string | undefined; steps: Step[] }[] {
  const groups: { heading: string | undefined; steps: Step[] }[] = []
  for (const step of steps) {
    const last = groups.at(-1)
    if (last && last.heading === step.section) last.steps.push(step)
    else groups.push({ heading: step.section, steps: [step] })
  }
  return groups
}

function values(list: NonNullable<Step['values']>, text: Translator): TreeElement {
  return h(
    'dl',
    { class: 'rows' },
    list.flatMap(({ label, value, exact }) => [
      h('dt', {}, label),
      h(
        'dd',
        {},
        h('span', { class: exact ? 'value exact' : 'value' }, value),
        exact ? copyButton({ what: label, value, text }) : null,
      ),
    ]),
  )
}

function messages(input: {
  id: string
  heading: string
  list: readonly AnswerMessage[]
  text: Translator
}): Child {
  const { id, heading, list, text } = input
  if (list.length === 0) return null
  return h(
    'section',
    { class: id, 'aria-labelledby': id },
    h('h2', { id }, heading),
    h(
      'ul',
      {},
      list.map((message) => h('li', {}, message.text, link(message, text))),
    ),
  )
}

function link({ url, code }: AnswerMessage, text: Translator): Child {
  if (url === undefined || code === 'guide-apple-profile') return null
  return [' ', h('a', { href: url, rel: 'noreferrer noopener' }, text.text('page-more-help'))]
}

function hidden(fields: Readonly<Record<string, string>>): TreeElement[] {
  return Object.entries(fields).map(([name, value]) => h('input', { type: 'hidden', name, value }))
}

function profileForm({ email, protocol }: GuideAnswer, text: Translator): TreeElement {
  return h(
    'form',
    { method: 'post', action: '/v1/mobileconfig' },
    hidden({ email, lang: text.language, protocol: protocol ?? 'imap' }),
    h('button', { type: 'submit' }, text.text('guide-profile-button')),
  )
}

function programs({ client, email, protocol }: GuideAnswer, text: Translator): TreeElement {
  return h(
    'form',
    { method: 'post', action: `/v1/guides/${client}`, 'aria-labelledby': 'programs' },
    h('h2', { id: 'programs' }, text.text('guide-other-programs')),
    hidden({ email, lang: text.language, format: 'html', ...(protocol === null ? {} : { protocol }) }),
    GUIDE_CLIENTS.filter((other) => other !== client)
      .map((other) => [
        h('button', { type: 'submit', formaction: `/v1/guides/${other}` }, PROGRAM_NAMES[other]),
        ' ',
      ])
      .flat(),
  )
}
