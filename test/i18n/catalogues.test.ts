/** The catalogues: complete where they say so, the same placeholders everywhere, nothing left over and nothing in vain. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import t from 'tap'
import { GUIDE_CLIENTS } from '../../src/domain/guide.js'
import { chooseLanguage, isKey, LANGUAGES, translator } from '../../src/i18n/translate.js'

const SOURCE = new URL('../../src/', import.meta.url)
const I18N = new URL('i18n/', SOURCE)

type Texts = Readonly<Record<string, string>>

/** What a language's folder itself holds, by area; English does not shine through. */
async function areasOf(language: string): Promise<Readonly<Record<string, Texts>>> {
  const areas: Record<string, Texts> = {}
  for (const file of readdirSync(new URL(`${language}/`, I18N))) {
    const name = basename(file, '.ts')
    const module = (await import(new URL(`${language}/${file}`, I18N).href)) as Record<string, Texts>
    const texts = module[name]
    if (texts === undefined) throw new Error(`${language}/${file} exports no ${name}`)
    areas[name] = texts
  }
  return areas
}

/** The areas each language has in full; every other area it says in English. */
const ALL = ['advice', 'check', 'guides', 'notices', 'page', 'problems', 'warnings', 'words']
const MOST = ['advice', 'guides', 'notices', 'page', 'problems', 'warnings']
const COMPLETE: Readonly<Record<string, readonly string[]>> = {
  en: ALL,
  de: ALL,
  fr: MOST,
  es: MOST,
  it: MOST,
  ro: MOST,
}

const english = await areasOf('en')
const catalogues = new Map(
  await Promise.all(LANGUAGES.map(async (language) => [language, await areasOf(language)] as const)),
)

const placeholders = (text: string) =>
  [...new Set(text.match(/\{[^}]*\}/g) ?? [])].sort((a, b) => a.localeCompare(b))

t.test('English has every area, and no key twice', (t) => {
  t.same(Object.keys(english).sort(), ALL)
  const keys = Object.values(english).flatMap((area) => Object.keys(area))
  t.equal(new Set(keys).size, keys.length)
  t.same(Object.keys(COMPLETE).sort(), [...LANGUAGES].sort())
  t.end()
})

t.test('every language: complete areas, no strange keys, the same placeholders', (t) => {
  for (const [language, areas] of catalogues) {
    for (const name of COMPLETE[language] ?? []) {
      const missing = Object.keys(english[name] ?? {}).filter((key) => areas[name]?.[key] === undefined)
      t.same(missing, [], `${language}/${name}: nothing is missing`)
    }
    for (const [name, texts] of Object.entries(areas)) {
      for (const [key, text] of Object.entries(texts)) {
        const original = english[name]?.[key]
        if (original === undefined) t.fail(`${language}/${name}: English has no ${key}`)
        else if (placeholders(text).join() !== placeholders(original).join())
          t.fail(`${language} ${key}: placeholders of “${text}”`)
      }
    }
  }
  t.end()
})

/** Names, and words that are the same in several languages. */
const SAME =
  /^(SSL\/TLS|STARTTLS|NTLM|JMAP|Kerberos \(GSSAPI\)|Microsoft Exchange|OK|ms|Port|Server|Domain|computer|Record|Password|Alternative)$/i

function isSame(text: string): boolean {
  const words = text.replace(/\{[^}]*\}/g, '').replace(/^[\s:.,]+|[\s:.,]+$/g, '')
  return words.replace(/[\s:.,]/g, '') === '' || SAME.test(words)
}

t.test('no sentence was left in English, unfinished or untidy', (t) => {
  for (const [language, areas] of catalogues) {
    for (const [name, texts] of Object.entries(areas)) {
      for (const [key, text] of Object.entries(texts)) {
        const where = `${language} ${key}: “${text}”`
        const original = english[name]?.[key] ?? ''
        // A finding with nothing to mend.
        if (original === '' && text === '') continue
        if (language !== 'en' && text === original && !isSame(text)) t.fail(`not translated: ${where}`)
        if (text === '' || text !== text.trim() || / {2}/.test(text)) t.fail(`blanks: ${where}`)
        if (/TODO|FIXME|XXX|\?\?/.test(text)) t.fail(`unfinished: ${where}`)
        if (text !== text.normalize('NFC')) t.fail(`not NFC: ${where}`)
        if (/[a-z]'[a-z]|"/i.test(text)) t.fail(`typewriter quotes: ${where}`)
        // Romanian letters with cedilla are Turkish ones.
        if (/[şţŞŢ]/.test(text)) t.fail(`cedilla: ${where}`)
        if (/[.!?:]$/.test(original) !== /[.!?:]$/.test(text)) t.fail(`end of the sentence: ${where}`)
      }
    }
  }
  t.pass('all texts seen')
  t.end()
})

t.test('formal address: nobody is spoken to like a friend', (t) => {
  const familiar: Readonly<Record<string, RegExp>> = {
    de: /(^|[^\p{L}])(du|dich|dir|dein\w*)($|[^\p{L}])/iu,
    fr: /(^|[^\p{L}])(tu|toi|ton|tes)($|[^\p{L}])/iu,
    es: /(^|[^\p{L}])(tú|tu|tus|ti|contigo)($|[^\p{L}])/iu,
    it: /(^|[^\p{L}])(tu|tuo|tua|tuoi|tue)($|[^\p{L}])/iu,
    ro: /(^|[^\p{L}])(tu|tău|ta|tale|ție)($|[^\p{L}])/iu,
  }
  for (const [language, areas] of catalogues) {
    for (const [key, text] of Object.values(areas).flatMap((texts) => Object.entries(texts))) {
      if (familiar[language]?.test(text) === true) t.fail(`${language} ${key}: ${text}`)
    }
  }
  t.pass('all texts seen')
  t.end()
})

t.test('every key is used somewhere in src', (t) => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('i18n'))
    .map((file) => readFileSync(new URL(file, SOURCE), 'utf8'))
  const code = files.join('\n')
  const literals = new Set([...code.matchAll(/(['"])((?:(?!\1)[^\n])+)\1/g)].map(([, , text]) => text))
  const bare = new Set([...code.matchAll(/^\s*([A-Z_]+|[a-z]+):/gm)].map(([, name]) => name))
  // A key made of parts, such as `page-trust-${server.trust}`.
  const patterns = [...code.matchAll(/`([a-zA-Z-]*\$\{[^}`]+\}[a-zA-Z-]*)`/g)]
    .map(([, template = '']) => template.split(/\$\{[^}]+\}/))
    .filter((parts) => parts.join('').length >= 3)
    .map((parts) => new RegExp(`^${parts.join('[a-zA-Z0-9_-]+')}$`))
  for (const key of Object.values(english).flatMap((area) => Object.keys(area))) {
    const used = literals.has(key) || bare.has(key) || patterns.some((pattern) => pattern.test(key))
    if (!used) t.fail(`nothing uses ${key}`)
  }
  t.ok(patterns.length > 5 && literals.size > 500, 'there was something to look at')
  t.end()
})

t.test('the sentence about an unknown program names every guide', (t) => {
  for (const language of LANGUAGES) {
    const text = translator(language).text('detail-GUIDE_UNKNOWN')
    for (const client of GUIDE_CLIENTS) t.match(text, client, language)
  }
  t.end()
})

t.test('lang wins over Accept-Language; qualities count; English is left', (t) => {
  const cases: [string | undefined, string | undefined, string][] = [
    [undefined, undefined, 'en'],
    ['fr', 'de', 'fr'],
    ['fr-CA', 'de', 'fr'],
    ['xx', 'it-IT,it;q=0.9', 'it'],
    [undefined, 'ro-RO,ro;q=0.9,en;q=0.8', 'ro'],
    [undefined, 'en;q=0.3, es;q=0.7', 'es'],
    [undefined, 'de;q=0, fr;q=0.1', 'fr'],
    [undefined, 'ja, pt-BR;q=0.5', 'en'],
    [undefined, '*', 'en'],
    ['', 'de', 'de'],
  ]
  for (const [lang, accept, expected] of cases) {
    t.equal(chooseLanguage(lang, accept), expected, `${String(lang)} / ${String(accept)}`)
  }
  t.end()
})

t.test('messages: the provider’s words first, then the catalogue, then English', (t) => {
  const own = { code: 'enable-imap', texts: { en: 'Flip the switch.', de: 'Schalter umlegen.' } }
  t.equal(translator('de').message(own), 'Schalter umlegen.')
  t.match(
    translator('fr').message({ ...own, params: { provider: 'Poste' } }),
    /^Activez d’abord IMAP.*Poste\.$/,
  )
  t.equal(translator('fr').message({ code: 'own-code', texts: { en: 'Hello.' } }), 'Hello.')
  t.equal(translator('ro').message({ code: 'own-code' }), 'own-code')
  t.ok(isKey('page-title') && !isKey('toString'))
  t.end()
})
