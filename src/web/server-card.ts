/** One server as a card: what to type into the mail program, and in words how safe it is. */
import type { FailureCode } from '../domain/errors.js'
import type { Server } from '../domain/mail-settings.js'
import { isKey, type Translator } from '../i18n/translate.js'
import { h, type Child, type TreeElement } from './tree.js'

export interface CardInput {
  readonly role: 'incoming' | 'outgoing'
  readonly protocol: 'imap' | 'pop3' | 'smtp'
  readonly server: Server
  readonly password: 'own' | 'app' | null
  readonly text: Translator
}

export function serverCard(input: CardInput): TreeElement {
  const { role, protocol, server, password, text } = input
  const methods = server.authentication
  const login = new Intl.ListFormat(text.language, { type: 'disjunction' }).format(
    methods.map((method) => text.text(`page-auth-${method}`)),
  )
  const takesPassword = methods.length === 0 || methods.some((method) => method.startsWith('password'))
  return h(
    'article',
    { class: 'card', 'aria-labelledby': `card-${role}` },
    h(
      'h3',
      { id: `card-${role}` },
      text.text(`page-${role}`),
      ' ',
      h('span', { class: 'protocol' }, protocol.toUpperCase()),
    ),
    h('p', { class: 'hint' }, text.text(`page-${role}-text`)),
    h(
      'dl',
      { class: 'rows' },
      ...row({ what: text.text('page-server'), value: server.hostname, text, copy: true }),
      ...row({ what: text.text('page-port'), value: String(server.port), text, copy: true }),
      ...row({
        what: text.text('page-security'),
        value: text.text(`page-security-${server.security}`),
        text,
      }),
      ...row({ what: text.text('page-username'), value: server.username, text, copy: true }),
      ...(methods.length === 0 ? [] : row({ what: text.text('page-login'), value: login, text })),
      ...(password === null || !takesPassword
        ? []
        : row({ what: text.text('page-password'), value: text.text(`page-password-${password}`), text })),
    ),
    proof(server, text),
  )
}

interface Row {
  readonly what: string
  readonly value: string
  readonly text: Translator
  readonly copy?: boolean
}

function row({ what, value, text, copy = false }: Row): Child[] {
  return [
    h('dt', {}, what),
    h(
      'dd',
      {},
      h('span', { class: copy ? 'value exact' : 'value' }, value),
      copy ? copyButton({ what, value, text }) : null,
    ),
  ]
}

/** Shown by the script alone: without it nothing can be copied at a press. */
export function copyButton({ what, value, text }: Row): TreeElement {
  return h(
    'button',
    {
      type: 'button',
      class: 'copy js-only',
      'data-copy': value,
      'aria-label': text.text('page-copy-what', { what, value }),
    },
    text.text('page-copy'),
  )
}

/** Lock, trust and live check, each as a sentence. */
function proof(server: Server, text: Translator): TreeElement {
  const safe = server.security !== 'plain' && server.verification.status !== 'failed'
  return h(
    'ul',
    { class: 'proof' },
    h('li', { class: safe ? 'good' : 'bad' }, lock(safe), text.text(`page-locked-${server.security}`)),
    h(
      'li',
      { class: server.trust === 'unconfirmed' ? 'doubt' : 'good' },
      text.text(`page-trust-${server.trust}`),
    ),
    h(
      'li',
      { class: { verified: 'good', failed: 'bad', unchecked: 'neutral' }[server.verification.status] },
      checkText(server, text),
    ),
  )
}

export function checkText({ verification }: Server, text: Translator): string {
  if (verification.status !== 'failed') return text.text(`page-check-${verification.status}`)
  return text.text('page-check-failed', { reason: failureText(verification.failure, text) })
}

function failureText(
  failure: { readonly code: string; readonly detail: string } | undefined,
  text: Translator,
): string {
  const key = `page-failure-${(failure?.code ?? 'protocol') as FailureCode}`
  return isKey(key) ? text.text(key) : (failure?.detail ?? '')
}

function lock(closed: boolean): TreeElement {
  return h(
    'svg',
    { viewBox: '0 0 16 16', class: 'lock', 'aria-hidden': 'true' },
    h('path', { class: 'draw-line', d: closed ? 'M5 7V5a3 3 0 0 1 6 0v2' : 'M5 7V4a3 3 0 0 1 6 -1' }),
    h('rect', { x: '3', y: '7', width: '10', height: '7', rx: '1.5', class: 'lock-body' }),
  )
}
