/** For the curious: every server, every disagreement, every place that was asked. */
import type { AnswerSource, DiscoverAnswer } from '../domain/answer.js'
import { PROTOCOLS, type SourceName } from '../domain/mail-settings.js'
import type { Translator } from '../i18n/translate.js'
import { xmlFile } from './actions-view.js'
import type { FoundSettings, View } from './page-input.js'
import { checkText } from './server-card.js'
import { type Child, h, type TreeElement } from './tree.js'

export function details({ content, text }: View<FoundSettings>): TreeElement {
  const { answer } = content
  return h(
    'div',
    { class: 'more' },
    conflicts(answer, text),
    xmlFile({ content, text }),
    h(
      'details',
      // Where nothing can be recommended, the reasons stand here.
      { id: 'details', open: answer.recommendation === null },
      h('summary', {}, text.text('page-details')),
      h('h2', {}, text.text('page-all-servers')),
      servers(answer, text),
      rejected(answer, text),
      sources(answer.sources, text),
    ),
  )
}

function servers(answer: DiscoverAnswer, text: Translator): TreeElement {
  return h(
    'ul',
    { class: 'servers' },
    PROTOCOLS.flatMap((protocol) =>
      answer.servers[protocol].map((server) =>
        h(
          'li',
          {},
          h('strong', {}, protocol.toUpperCase()),
          ' ',
          h('span', { class: 'exact' }, server.url ?? `${server.hostname}:${server.port}`),
          ` ${text.text(`page-security-${server.security}`)}. `,
          `${text.text(`page-trust-${server.trust}`)} `,
          protocol === 'imap' || protocol === 'pop3' || protocol === 'smtp'
            ? `${checkText(server, text)} `
            : null,
          h('span', { class: 'hint' }, named(server.sources, text)),
        ),
      ),
    ),
  )
}

function conflicts({ conflicts: all }: DiscoverAnswer, text: Translator): Child {
  if (all.length === 0) return null
  return h(
    'section',
    { class: 'conflicts', 'aria-labelledby': 'conflicts' },
    h('h2', { id: 'conflicts' }, text.text('page-conflicts')),
    h('p', {}, text.text('conflict')),
    h(
      'ul',
      {},
      all.map(({ protocol, chosen, other }) =>
        h(
          'li',
          {},
          text.text('page-conflict', {
            protocol: protocol.toUpperCase(),
            chosen: chosen.value,
            chosenSources: named(chosen.sources, text),
            other: other.value,
            otherSources: named(other.sources, text),
          }),
        ),
      ),
    ),
  )
}

function rejected({ rejected: all }: DiscoverAnswer, text: Translator): Child {
  if (all.length === 0) return null
  return [
    h('h2', {}, text.text('page-rejected')),
    h(
      'ul',
      {},
      all.map(({ protocol, hostname, port, reason }) =>
        h(
          'li',
          {},
          `${protocol.toUpperCase()} `,
          h('span', { class: 'exact' }, port === null ? hostname : `${hostname}:${port}`),
          ` – ${text.text(reason === 'cleartext' ? 'page-rejected-cleartext' : 'page-rejected-other')}`,
        ),
      ),
    ),
  ]
}

/** Where we looked, with each outcome in words. */
export function sources(all: readonly AnswerSource[], text: Translator): TreeElement {
  return h(
    'div',
    {},
    h('h2', {}, text.text('page-sources')),
    h(
      'ul',
      { class: 'sources' },
      all.map(({ source, outcome, durationMs }) =>
        h(
          'li',
          { class: `source ${outcome}` },
          h('span', { class: 'source-name' }, text.text(`page-source-${source}`)),
          h(
            'span',
            { class: 'source-state' },
            text.text(`outcome-${outcome}`),
            outcome === 'skipped'
              ? null
              : ` · ${text.text('page-milliseconds', { count: String(durationMs) })}`,
          ),
        ),
      ),
    ),
  )
}

function named(names: readonly SourceName[], text: Translator): string {
  return names.map((name) => text.text(`page-source-${name}`)).join(', ')
}
