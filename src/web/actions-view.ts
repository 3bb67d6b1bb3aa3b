/** What can be taken along: profile, QR code, XML. Only what really exists is shown. */
import type { FoundSettings, View } from './page-input.js'
import { copyButton } from './server-card.js'
import { type Child, h } from './tree.js'

export function actions({ content, text }: View<FoundSettings>): Child {
  const { answer, asked, hasProfile, qrSvg } = content
  const protocol = answer.recommendation?.protocol
  if (!hasProfile) return null
  return h(
    'section',
    { class: 'actions', 'aria-labelledby': 'actions' },
    h('h2', { id: 'actions' }, text.text('page-actions')),
    h(
      'form',
      // By POST: the address stands in no URL, log or history.
      { method: 'post', action: '/v1/mobileconfig' },
      h('input', { type: 'hidden', name: 'email', value: asked.email }),
      h('input', { type: 'hidden', name: 'lang', value: text.language }),
      h('input', { type: 'hidden', name: 'protocol', value: protocol ?? 'imap' }),
      h('button', { type: 'submit' }, text.text('page-profile')),
      ' ',
      h('span', { class: 'hint' }, text.text('page-profile-hint')),
    ),
    qrSvg === null
      ? null
      : h(
          'details',
          { id: 'qr' },
          h('summary', {}, text.text('page-qr')),
          h('img', {
            class: 'qr',
            src: `data:image/svg+xml;base64,${Buffer.from(qrSvg).toString('base64')}`,
            alt: text.text('page-qr-alt'),
            width: '240',
            height: '240',
          }),
          h('p', { class: 'hint' }, text.text('page-qr-hint')),
        ),
  )
}

/** For those who serve or debug settings themselves. */
export function xmlFile({ content: { xml }, text }: View<FoundSettings>): Child {
  if (xml === null) return null
  return h(
    'details',
    { id: 'xml' },
    h('summary', {}, text.text('page-xml')),
    copyButton({ what: 'XML', value: xml, text }),
    h('pre', { class: 'xml', tabindex: '0' }, xml),
  )
}
