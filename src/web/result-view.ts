/** What was found, in the order in which a person needs it: which to take, what to do first, what to type, and why. */
import type { AnswerMessage } from '../domain/answer.js'
import type { Translator } from '../i18n/translate.js'
import { actions } from './actions-view.js'
import { details } from './details-view.js'
import { guideChoice } from './guides-view.js'
import type { FoundSettings, View } from './page-input.js'
import { picture } from './picture.js'
import { questions } from './questions.js'
import { serverCard } from './server-card.js'
import { type Child, h, type TreeElement } from './tree.js'

/** Said by the picture, or by the tip below the cards. */
const NO_REASONS = ['imap-explained', 'pop3-explained', 'leave-on-server']
/** No server asks the reader to do anything about these, or the page says them in its own words. */
const SAID_ELSEWHERE = ['conflict', 'cleartext-rejected']

export function resultView({ content, text }: View<FoundSettings>): TreeElement {
  const { answer, asked } = content
  const { recommendation } = answer
  return h(
    'div',
    { class: 'result' },
    h(
      'p',
      { class: 'asked' },
      text.text('page-result', { email: displayed(content) }),
      answer.provider === null
        ? null
        : [h('br'), text.text('page-provider', { provider: answer.provider.name })],
    ),
    headline(content, text),
    todo(
      answer.notices.filter(({ code }) => code !== unneeded(recommendation?.protocol)),
      text,
    ),
    ...(recommendation === null
      ? []
      : [
          settings(content, text),
          recommendation.alternative === null ? null : questions({ content: asked, text }),
          h(
            'section',
            { 'aria-labelledby': 'where' },
            h('h2', { id: 'where' }, text.text('page-picture')),
            picture(text, {
              way: recommendation.protocol,
              badge: text.text(
                recommendation.alternative === null ? 'page-picture-only' : 'page-picture-for-you',
              ),
            }),
          ),
          guideChoice({ content, text }),
          actions({ content, text }),
        ]),
    warnings(
      answer.warnings.filter(({ code }) => !SAID_ELSEWHERE.includes(code)),
      text,
    ),
    details({ content, text }),
  )
}

/** Nobody needs to turn on what he will not use. */
function unneeded(protocol: 'imap' | 'pop3' | undefined): string | null {
  if (protocol === undefined) return null
  return protocol === 'imap' ? 'enable-pop3' : 'enable-imap'
}

/** The address as the reader knows it: its domain not in the form of the DNS. */
function displayed({ answer }: FoundSettings): string {
  const email = answer.query.email ?? answer.query.domain
  return `${email.slice(0, email.lastIndexOf('@') + 1)}${answer.query.unicodeDomain}`
}

function headline({ answer }: FoundSettings, text: Translator): TreeElement {
  const { recommendation } = answer
  if (recommendation === null) {
    const mail = [answer.servers.imap, answer.servers.pop3, answer.servers.smtp].some(
      ({ length }) => length > 0,
    )
    const key = mail ? 'page-no-safe' : 'page-other-services'
    return h(
      'div',
      { class: 'headline bad' },
      h('h2', { id: 'answer', tabindex: '-1' }, text.text(key)),
      h('p', {}, text.text(`${key}-text`)),
    )
  }
  const { protocol, outgoing, reasons } = recommendation
  return h(
    'div',
    { class: 'headline' },
    h(
      'h2',
      { id: 'answer', tabindex: '-1' },
      h('strong', {}, text.text(`page-take-${protocol}`)),
      ' ',
      text.text(outgoing === null ? 'page-take-incoming' : 'page-take-both'),
    ),
    h(
      'p',
      {},
      reasons
        .filter(({ code }) => !NO_REASONS.includes(code))
        .map((reason) => reason.text)
        .join(' '),
    ),
  )
}

/** The cards; behind a deliberate "yes" while nobody vouches for the servers (R38, U1). */
function settings(found: FoundSettings, text: Translator): TreeElement {
  const { recommendation } = found.answer
  const used = [recommendation?.incoming, recommendation?.outgoing ?? undefined].filter(
    (server) => server !== undefined,
  )
  const domains = [...new Set(used.map((server) => server.registrableDomain))]
  const unsure = [
    ...new Set(used.filter((server) => server.requiresConfirmation).map((s) => s.registrableDomain)),
  ]
  const password = passwordOf(found)
  const format = new Intl.ListFormat(text.language, { type: 'conjunction' })
  const cards = h(
    'div',
    { class: 'cards' },
    recommendation
      ? serverCard({
          role: 'incoming',
          protocol: recommendation.protocol,
          server: recommendation.incoming,
          password,
          text,
        })
      : null,
    recommendation?.outgoing
      ? serverCard({ role: 'outgoing', protocol: 'smtp', server: recommendation.outgoing, password, text })
      : null,
  )
  const tip = recommendation?.reasons.find(({ code }) => code === 'leave-on-server')
  const belowCards = tip === undefined ? null : h('p', { class: 'tip' }, tip.text)
  if (unsure.length === 0) {
    return h(
      'section',
      { 'aria-labelledby': 'settings' },
      h('h2', { id: 'settings' }, text.text('page-settings')),
      cards,
      belowCards,
      h('p', { class: 'hint' }, text.text('page-domains', { domain: format.format(domains) })),
    )
  }
  return h(
    'section',
    { class: 'confirm', 'aria-labelledby': 'settings' },
    h('h2', { id: 'settings' }, text.text('page-confirm')),
    unsure.map((domain) => h('p', { class: 'domain' }, domain)),
    h('p', {}, text.text('page-confirm-text')),
    h(
      'details',
      { id: 'confirmed' },
      h('summary', {}, text.text('page-confirm-yes', { domain: format.format(unsure) })),
      cards,
      belowCards,
    ),
  )
}

/** Which password the program will ask for; null where the provider's own words must tell. */
function passwordOf({ answer }: FoundSettings): 'own' | 'app' | null {
  const codes = answer.notices.map(({ code }) => code)
  if (codes.includes('app-password-required')) return 'app'
  return codes.some((code) => code.includes('password') || code === 'oauth2-only') ? null : 'own'
}

export function todo(notices: readonly AnswerMessage[], text: Translator): Child {
  if (notices.length === 0) return null
  return h(
    'section',
    { class: 'todo', 'aria-labelledby': 'todo' },
    h('h2', { id: 'todo' }, text.text('page-before')),
    list(notices, text),
  )
}

function warnings(messages: readonly AnswerMessage[], text: Translator): Child {
  if (messages.length === 0) return null
  return h(
    'section',
    { class: 'warnings', 'aria-labelledby': 'warnings' },
    h('h2', { id: 'warnings' }, text.text('page-warnings')),
    list(messages, text),
  )
}

function list(messages: readonly AnswerMessage[], text: Translator): TreeElement {
  return h(
    'ul',
    {},
    messages.map(({ text: sentence, url }) =>
      h(
        'li',
        {},
        sentence,
        url === undefined
          ? null
          : [' ', h('a', { href: url, rel: 'noreferrer noopener' }, text.text('page-more-help'))],
      ),
    ),
  )
}
