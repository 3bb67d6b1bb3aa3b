/** For a domain's administrator: the findings of the check by severity, with the records to copy. */
import type { Translator } from '../i18n/translate.js'
import { renderDocument } from './document.js'
import type { CheckFinding, View } from './page-input.js'
import { copyButton } from './server-card.js'
import { type Child, h, type TreeElement } from './tree.js'

const SEVERITIES = ['error', 'warning', 'info', 'ok'] as const

export function checkForm({ content: domain, text }: View<string>): TreeElement {
  return h(
    'form',
    // A domain is nobody's address: it may stand in a URL, which can then be kept and passed on.
    { class: 'ask', method: 'get', action: '/check' },
    h('input', { type: 'hidden', name: 'lang', value: text.language }),
    h('label', { for: 'domain' }, text.text('page-check-domain')),
    h(
      'div',
      { class: 'ask-row' },
      h('input', {
        id: 'domain',
        name: 'domain',
        type: 'text',
        value: domain,
        autocapitalize: 'none',
        spellcheck: 'false',
        required: true,
      }),
      h('button', { type: 'submit' }, text.text('page-check-submit')),
    ),
  )
}

/** The way in, on the start page. */
export function checkTeaser(text: Translator): TreeElement {
  return h(
    'details',
    { class: 'check-teaser', id: 'check' },
    h('summary', {}, text.text('page-check-heading')),
    h('p', {}, text.text('page-check-intro')),
    checkForm({ content: '', text }),
  )
}

export type CheckOutcome =
  | { readonly findings: readonly CheckFinding[] }
  | { readonly trouble: { readonly title: string; readonly detail: string } }

/** The page of its own; the outcome is null before anything was asked. */
export function checkPage({
  text,
  domain,
  outcome,
}: {
  readonly text: Translator
  readonly domain: string
  readonly outcome: CheckOutcome | null
}): string {
  return renderDocument({
    text,
    title: text.text('page-check-heading'),
    query: domain === '' ? '' : `domain=${encodeURIComponent(domain)}&`,
    main: [
      h(
        'section',
        { class: 'hero' },
        h('h1', {}, text.text('page-check-heading')),
        h('p', { class: 'intro' }, text.text('page-check-intro')),
        checkForm({ content: domain, text }),
      ),
      outcome === null ? null : h('div', { id: 'result' }, outcomeView(domain, outcome, text)),
      h('p', {}, h('a', { href: `/?lang=${text.language}` }, text.text('page-back'))),
    ],
  })
}

function outcomeView(domain: string, outcome: CheckOutcome, text: Translator): TreeElement {
  if ('trouble' in outcome) {
    const { title, detail } = outcome.trouble
    return h('div', { class: 'headline bad' }, h('h2', { id: 'answer' }, title), h('p', {}, detail))
  }
  return h(
    'div',
    { class: 'result' },
    h('h2', { id: 'answer' }, text.text('page-check-title', { domain })),
    SEVERITIES.map((severity) => group(severity, outcome.findings, text)),
  )
}

function group(
  severity: CheckFinding['severity'],
  findings: readonly CheckFinding[],
  text: Translator,
): TreeElement | null {
  const some = findings.filter((finding) => finding.severity === severity)
  if (some.length === 0) return null
  return h(
    'section',
    { class: `findings ${severity}`, 'aria-labelledby': `findings-${severity}` },
    h('h3', { id: `findings-${severity}` }, `${text.text(`page-check-${severity}`)} (${some.length})`),
    h(
      'ul',
      {},
      some.map((finding) => h('li', {}, ...findingLines(finding, text))),
    ),
  )
}

function findingLines({ text: sentence, fix, record }: CheckFinding, text: Translator): Child[] {
  return [
    h('p', {}, sentence),
    fix === undefined || fix === null || fix === ''
      ? null
      : h('p', {}, h('strong', {}, `${text.text('page-check-fix')}: `), fix),
    record === undefined || record === null || record === ''
      ? null
      : h(
          'div',
          { class: 'record' },
          h('pre', { tabindex: '0' }, record),
          copyButton({ what: text.text('page-check-record'), value: record, text }),
        ),
  ]
}
