/** Two questions about the reader's life with his mail; each answer changes the advice at once (R40). */
import { ASK_FORM } from './ask-view.js'
import type { Asked, View } from './page-input.js'
import { h, type TreeElement } from './tree.js'

export function questions({ content: asked, text }: View<Asked>): TreeElement {
  return h(
    'section',
    { class: 'questions', 'aria-labelledby': 'questions' },
    h('h2', { id: 'questions' }, text.text('page-questions')),
    h(
      'div',
      { class: 'question-row' },
      question({
        name: 'devices',
        legend: text.text('page-devices'),
        chosen: asked.devices,
        options: [
          ['many', text.text('page-devices-many')],
          ['one', text.text('page-devices-one')],
        ],
      }),
      question({
        name: 'keep',
        legend: text.text('page-keep'),
        chosen: asked.keep,
        options: [
          ['server', text.text('page-keep-server')],
          ['device', text.text('page-keep-device')],
        ],
      }),
    ),
    h('button', { type: 'submit', form: ASK_FORM, class: 'no-js-only' }, text.text('page-update')),
  )
}

interface Question {
  readonly name: 'devices' | 'keep'
  readonly legend: string
  readonly chosen: string | undefined
  readonly options: readonly (readonly [value: string, label: string])[]
}

function question({ name, legend, chosen, options }: Question): TreeElement {
  return h(
    'fieldset',
    {},
    h('legend', {}, legend),
    options.map(([value, label]) =>
      h(
        'label',
        { class: 'choice' },
        h('input', {
          type: 'radio',
          id: `${name}-${value}`,
          name,
          value,
          form: ASK_FORM,
          checked: value === chosen,
        }),
        h('span', {}, label),
      ),
    ),
  )
}
