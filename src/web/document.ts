/** The HTML document around every page: head, language switch, main part, footer. No script or style stands in it. */
import { type Language, LANGUAGES, type Translator } from '../i18n/translate.js'
import { ASSETS } from './assets.js'
import { type Child, h, toHtml, type TreeElement } from './tree.js'

/** What a language calls itself. */
const OWN_NAMES = { en: 'English', de: 'Deutsch' } satisfies Record<Language, string>

export interface DocumentParts {
  readonly text: Translator
  readonly title: string
  readonly main: readonly Child[]
  /** The form's id: switching the language then keeps what was typed. Without it the switch is a set of links. */
  readonly formId?: string
  /** Parameters of this page that the links of the language switch keep, ending in `&`. */
  readonly query?: string
}

export function renderDocument({ text, title, main, formId, query = '' }: DocumentParts): string {
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
      languageSwitch({ text, formId, query }),
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

function languageSwitch(input: { text: Translator; formId: string | undefined; query: string }): TreeElement {
  const { text, formId } = input
  return h(
    'nav',
    { class: 'languages', 'aria-label': text.text('page-language') },
    LANGUAGES.map((language) => {
      const current = language === text.language ? 'true' : undefined
      const shared = { lang: language, 'aria-current': current }
      return formId === undefined
        ? h('a', { ...shared, href: `?${input.query}lang=${language}` }, OWN_NAMES[language])
        : h(
            'button',
            { ...shared, type: 'submit', form: formId, name: 'switch', value: language },
            OWN_NAMES[language],
          )
    }),
  )
}
