/** The HTML document around every page: head, language switch, main part, footer. No script or style stands in it. */
import { type Language, LANGUAGES, type Translator } from '../i18n/translate.js'
import { ASSETS } from './assets.js'
import type { Asked } from './page-input.js'
import { type Child, h, toHtml, type TreeElement } from './tree.js'

/** What a language calls itself. */
function ownName(language: Language): string {
  const name = new Intl.DisplayNames(language, { type: 'language' }).of(language) ?? language
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1)
}

export interface DocumentParts {
  readonly text: Translator
  readonly title: string
  readonly main: readonly Child[]
  /** What was asked, which the language switch then keeps. Without it the switch is a set of links. */
  readonly asked?: Asked
  /** Where the switch asks again; the page itself without it. */
  readonly action?: string
  /** Parameters of this page that the links of the language switch keep, ending in `&`. */
  readonly query?: string
}

export function renderDocument({
  text,
  title,
  main,
  asked,
  action = '/',
  query = '',
}: DocumentParts): string {
  const head = h(
    'head',
    {},
    h('meta', { charset: 'utf-8' }),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('title', {}, title),
    h('meta', { name: 'description', content: text.text('page-description') }),
    h('meta', { name: 'color-scheme', content: 'light dark' }),
    h('link', { rel: 'stylesheet', href: ASSETS['page.css'].path }),
    h('link', { rel: 'icon', href: ASSETS['icon.svg'].path, type: 'image/svg+xml' }),
    h('script', { type: 'module', src: ASSETS['page.js'].path }),
  )
  const body = h(
    'body',
    {},
    h('a', { class: 'skip', href: '#main' }, text.text('page-skip')),
    h(
      'header',
      { class: 'bar' },
      h('a', { class: 'brand', href: `/?lang=${text.language}` }, 'mailscout'),
      languageSwitch({ text, asked, action, query }),
    ),
    h('main', { id: 'main', tabindex: '-1' }, ...main),
    h(
      'footer',
      { class: 'bar' },
      h('p', {}, text.text('page-footer')),
      h('p', {}, h('a', { href: '/docs' }, text.text('page-footer-api'))),
    ),
  )
  return `<!doctype html>\n${toHtml(h('html', { lang: text.language }, head, body))}\n`
}

function languageSwitch(input: {
  text: Translator
  asked: Asked | undefined
  action: string
  query: string
}): TreeElement {
  const { text, asked } = input
  const label = { class: 'languages', 'aria-label': text.text('page-language') }
  const choices = LANGUAGES.map((language) => {
    const shared = { lang: language, 'aria-current': language === text.language ? 'true' : undefined }
    return asked === undefined
      ? h('a', { ...shared, href: `?${input.query}lang=${language}` }, ownName(language))
      : h('button', { ...shared, type: 'submit', name: 'switch', value: language }, ownName(language))
  })
  if (asked === undefined) return h('nav', label, choices)
  // A form of its own: as part of the other one, its first button would be pressed by the Enter key.
  return h(
    'nav',
    label,
    h(
      'form',
      { id: 'languages', method: 'post', action: input.action },
      Object.entries(asked).map(([name, value]: [string, string | undefined]) =>
        value === undefined ? null : h('input', { type: 'hidden', name, value }),
      ),
      choices,
    ),
  )
}
