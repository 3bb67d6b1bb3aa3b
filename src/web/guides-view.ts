/** The way from the servers found to the steps in one's own mail program. */
import { GUIDE_CLIENTS, PROGRAM_NAMES } from '../domain/guide.js'
import type { FoundSettings, View } from './page-input.js'
import { type Child, h } from './tree.js'

export function guideChoice({ content: { answer, asked }, text }: View<FoundSettings>): Child {
  const protocol = answer.recommendation?.protocol
  if (protocol === undefined) return null
  return h(
    'section',
    { class: 'guides', 'aria-labelledby': 'guides' },
    h('h2', { id: 'guides' }, text.text('page-guides')),
    h(
      'form',
      // By POST: the address stands in no URL, log or history.
      { method: 'post', action: `/v1/guides/${GUIDE_CLIENTS[0]}` },
      Object.entries({ email: asked.email, lang: text.language, protocol, format: 'html' }).map(
        ([name, value]) => h('input', { type: 'hidden', name, value }),
      ),
      GUIDE_CLIENTS.map((client) =>
        h('button', { type: 'submit', formaction: `/v1/guides/${client}` }, PROGRAM_NAMES[client]),
      ),
    ),
  )
}
