/** The form for the address, and the list that shows the sources while they are asked. */
import { SOURCE_NAMES } from '../domain/mail-settings.js'
import type { Translator } from '../i18n/translate.js'
import type { Asked, View } from './page-input.js'
import { h, type TreeElement } from './tree.js'

export const ASK_FORM = 'ask'

export function askForm({ content: asked, text }: View<Asked>): TreeElement {
  return h(
    'form',
    // The server judges the address, in the reader's language; browsers refuse addresses that are valid.
    { id: ASK_FORM, class: 'ask', method: 'post', action: '/', novalidate: true },
    h('input', { type: 'hidden', name: 'lang', value: text.language }),
    h('label', { for: 'email' }, text.text('page-email')),
    h(
      'div',
      { class: 'ask-row' },
      h('input', {
        id: 'email',
        name: 'email',
        type: 'email',
        value: asked.email,
        autocomplete: 'email',
        autocapitalize: 'none',
        spellcheck: 'false',
        required: true,
        'aria-describedby': 'email-hint',
      }),
      h('button', { type: 'submit', class: 'main-action' }, text.text('page-submit')),
    ),
    h('p', { id: 'email-hint', class: 'hint' }, text.text('page-email-hint')),
  )
}

/** Hidden until the script sets the sources in motion; the words it needs travel as data. */
export function progress(text: Translator): TreeElement {
  return h(
    'section',
    {
      id: 'progress',
      class: 'progress',
      hidden: true,
      'aria-labelledby': 'progress-heading',
      'data-searching': text.text('page-searching'),
      'data-broken': text.text('page-broken'),
      'data-waiting': text.text('page-waiting'),
      'data-found': text.text('outcome-found'),
      'data-absent': text.text('outcome-absent'),
      'data-failed': text.text('outcome-failed'),
      'data-skipped': text.text('outcome-skipped'),
      'data-copied': text.text('page-copied'),
    },
    h('h2', { id: 'progress-heading' }, text.text('page-progress')),
    h(
      'ul',
      { class: 'sources' },
      SOURCE_NAMES.map((source) =>
        h(
          'li',
          { 'data-source': source, class: 'source waiting' },
          h('span', { class: 'source-name' }, text.text(`page-source-${source}`)),
          h('span', { class: 'source-state' }, text.text('page-waiting')),
        ),
      ),
    ),
  )
}
