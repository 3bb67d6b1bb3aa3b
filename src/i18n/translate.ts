/** The one function that reads the catalogues: a message's code and parameters become a sentence in the reader's language. */
import type { Message } from '../domain/mail-settings.js'
import type { Catalogue, CatalogueKey } from './catalogue.js'
import { de } from './de.js'
import { en } from './en.js'
import { es } from './es.js'
import { fr } from './fr.js'
import { it } from './it.js'
import { ro } from './ro.js'

const CATALOGUES = { en, de, fr, es, it, ro } satisfies Record<string, Catalogue>
export type Language = keyof typeof CATALOGUES
export const LANGUAGES = Object.keys(CATALOGUES) as Language[]
export const DEFAULT_LANGUAGE: Language = 'en'

export interface Translator {
  readonly language: Language
  /** The sentence for a message: the provider's own text where it has one, else the catalogue's. */
  message(message: Message): string
  text(key: CatalogueKey, params?: Readonly<Record<string, string>>): string
}

const translators = new Map<Language, Translator>()

export function translator(language: Language): Translator {
  const known = translators.get(language)
  if (known) return known
  const catalogue: Catalogue = CATALOGUES[language]
  const text: Translator['text'] = (key, params = {}) => fill(catalogue[key], params)
  const made: Translator = {
    language,
    text,
    message: ({ code, params, texts }) =>
      texts?.[language] ?? (isKey(code) ? text(code, params) : (texts?.[DEFAULT_LANGUAGE] ?? code)),
  }
  translators.set(language, made)
  return made
}

export function isKey(code: string): code is CatalogueKey {
  return Object.hasOwn(en, code)
}

/** `{name}` is filled from the parameters; an unknown one stays visible, which the catalogue test forbids. */
function fill(text: string, params: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) => params[name] ?? whole)
}

/** Languages asked for at most: real browsers send under ten. */
const MAX_RANGES = 20

/**
 * The best language for a request: an explicit `lang` first, then Accept-Language by quality (RFC 9110 section 12.5.4),
 * then English.
 */
export function chooseLanguage(lang: string | undefined, acceptLanguage: string | undefined): Language {
  const explicit = lang === undefined ? undefined : supported(lang)
  if (explicit) return explicit
  if (acceptLanguage === undefined) return DEFAULT_LANGUAGE
  let language = chosen.get(acceptLanguage)
  if (language === undefined) {
    language = bestLanguage(acceptLanguage)
    if (chosen.size >= MAX_CHOSEN) chosen.clear()
    if (acceptLanguage.length <= MAX_CHOSEN_LENGTH) chosen.set(acceptLanguage, language)
  }
  return language
}

/** What browsers send: a few hundred headers make nearly all requests, so each is taken apart once. */
const chosen = new Map<string, Language>()
const MAX_CHOSEN = 1000
const MAX_CHOSEN_LENGTH = 100

function bestLanguage(acceptLanguage: string): Language {
  const ranges = acceptLanguage
    .split(',', MAX_RANGES)
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim())
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
      return { tag, quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
  for (const { tag } of ranges) {
    const language = supported(tag)
    if (language) return language
  }
  return DEFAULT_LANGUAGE
}

function supported(tag: string): Language | undefined {
  const primary = tag.toLowerCase().split('-')[0]
  return LANGUAGES.find((language) => language === primary)
}
