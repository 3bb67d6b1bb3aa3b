/** The whole page: the question above, below it the answer or, before anything was asked, the three words explained. */
import type { Translator } from '../i18n/translate.js'
import { askForm, progress } from './ask-view.js'
import { checkTeaser } from './check-view.js'
import { renderDocument } from './document.js'
import type { Asked } from './page-input.js'
import { picture } from './picture.js'
import { h, type TreeElement } from './tree.js'

export interface StartPage {
  readonly text: Translator
  readonly asked: Asked
  /** Null before anything was asked. */
  readonly result: TreeElement | null
  /** This service can check domains. */
  readonly hasCheck: boolean
}

export function startPage({ text, asked, result, hasCheck }: StartPage): string {
  return renderDocument({
    text,
    title: text.text('page-title'),
    asked,
    main: [
      h(
        'section',
        { class: 'hero' },
        h('h1', {}, text.text('page-heading')),
        h('p', { class: 'intro' }, text.text('page-intro')),
        askForm({ content: asked, text }),
      ),
      h('p', { id: 'status', role: 'status', class: 'unseen' }),
      progress(text),
      h('div', { id: 'result' }, result ?? words(text)),
      hasCheck ? checkTeaser(text) : null,
    ],
  })
}

function words(text: Translator): TreeElement {
  const word = (name: 'imap' | 'pop3' | 'smtp') => [
    h('dt', {}, name.toUpperCase()),
    h('dd', {}, text.text(`${name}-explained`)),
  ]
  return h(
    'section',
    { class: 'words', 'aria-labelledby': 'words' },
    h('h2', { id: 'words' }, text.text('page-words')),
    h('p', { class: 'doubt' }, text.text('page-words-doubt')),
    h('dl', {}, ...word('imap'), ...word('pop3'), ...word('smtp')),
    picture(text, null),
  )
}
