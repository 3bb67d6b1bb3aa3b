/** Nothing to show, and why: what is wrong, and what the reader can do about it. */
import type { Problem } from '../domain/answer.js'
import { ASK_FORM } from './ask-view.js'
import { sources } from './details-view.js'
import type { Asked, View } from './page-input.js'
import { todo } from './result-view.js'
import { h, type TreeElement } from './tree.js'

export function problemView({ content, text }: View<{ asked: Asked; problem: Problem }>): TreeElement {
  const { asked, problem } = content
  const localPart = asked.email.slice(0, asked.email.lastIndexOf('@'))
  return h(
    'div',
    { class: 'result' },
    h(
      'div',
      { class: 'headline bad' },
      h('h2', { id: 'answer', tabindex: '-1' }, problem.title),
      h('p', {}, problem.detail),
      (problem.suggestions ?? []).map((domain) => {
        const email = `${localPart}@${domain}`
        // A second value for `email`: the last one counts (R53: offered, never applied).
        return h(
          'p',
          {},
          h(
            'button',
            { type: 'submit', form: ASK_FORM, name: 'correction', value: email },
            text.text('page-typo', { email }),
          ),
        )
      }),
      problem.status === 503
        ? h('p', {}, h('button', { type: 'submit', form: ASK_FORM }, text.text('page-retry')))
        : null,
    ),
    problem.provider === undefined
      ? null
      : h('p', { class: 'asked' }, text.text('page-provider', { provider: problem.provider.name })),
    todo(problem.notices ?? [], text),
    problem.sources === undefined || problem.sources.length === 0
      ? null
      : h(
          'div',
          { class: 'more' },
          h(
            'details',
            { id: 'details' },
            h('summary', {}, text.text('page-sources')),
            sources(problem.sources, text),
          ),
        ),
  )
}
