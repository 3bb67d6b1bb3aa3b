/**
 * Every document we write, from settings with whatever text strangers may have put in: none becomes markup, a command to a
 * terminal or a line of its own. (That documents follow their grammar and agree is shown in test/formats.)
 */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parse as parsePlist } from 'plist'
import t from 'tap'
import { mustBePage } from '../../fuzz/targets/promises.js'
import { renderAnswer } from '../../src/cli/discover-text.js'
import { style } from '../../src/cli/terminal.js'
import { recommend } from '../../src/discovery/recommend.js'
import { discoverAnswerSchema } from '../../src/domain/answer.js'
import type { CheckAnswer } from '../../src/domain/domain-check.js'
import { parseEmailAddress } from '../../src/domain/email-address.js'
import { GUIDE_CLIENTS } from '../../src/domain/guide.js'
import { displayText, MAX_DISPLAY_NAME } from '../../src/formats/display-text.js'
import { writeZone } from '../../src/formats/dns-zone.js'
import { renderJson } from '../../src/formats/json.js'
import { writeJunit } from '../../src/formats/junit.js'
import { writeMobileconfig } from '../../src/formats/mobileconfig.js'
import { writeQrSvg } from '../../src/formats/qr.js'
import { settingsView } from '../../src/formats/settings-view.js'
import { readXml } from '../../src/formats/xml.js'
import { buildGuide } from '../../src/guides/build-guide.js'
import { guideMarkdown } from '../../src/http/guide-markdown.js'
import { guidePage } from '../../src/http/guide-page.js'
import { renderGuide } from '../../src/http/render-guide.js'
import { LANGUAGES, translator } from '../../src/i18n/translate.js'
import { resultView } from '../../src/web/result-view.js'
import { startPage } from '../../src/web/start-page.js'
import { localParts, settings } from '../formats/generated-settings.js'

const RUNS = 150
/** Texts that try to be something else in one of the documents. */
const attacks = fc.constantFrom(
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onclick='x",
  '</title></svg><svg onload=x>',
  '[x](javascript:alert(1)) ![y](https://evil.test/) `code` **b** <b>',
  '{{7*7}} ${x} %EMAILADDRESS% {provider}',
  '&lt;script&gt; &#60;b&#62; ]]>',
)
const notices = fc.array(
  fc.record({ code: fc.constant('provider-enable'), params: attacks.map((text) => ({ text })) }),
  { maxLength: 2 },
)
const input = fc.record({
  discovery: settings,
  localPart: localParts,
  name: fc.oneof(attacks, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })),
  notices,
  language: fc.constantFrom(...LANGUAGES),
  client: fc.constantFrom(...GUIDE_CLIENTS),
  protocol: fc.constantFrom('imap' as const, 'pop3' as const, undefined),
})

/** CommonMark: a bracket or angle that is neither escaped nor within a code span could start a link or an element. */
function mustBePlainMarkdown(markdown: string): void {
  const bare = markdown.replace(/\\[\\`*_[\]<>&|~#]/g, '').replace(/(`+)[^\n]*?[^`]\1(?!`)/g, '')
  const links = bare.replace(/<https:\/\/[^<>\s]+>/g, '')
  assert.doesNotMatch(links, /[<>[\]]/, 'unescaped')
  assert.doesNotMatch(markdown, /[^\P{Cc}\n]/u)
}

t.test('no found text becomes markup, in any document and language', (t) => {
  const made = { pages: 0, profiles: 0 }
  fc.assert(
    fc.property(input, ({ discovery: generated, localPart, name, notices, language, client, protocol }) => {
      const email = parseEmailAddress(`${localPart}@${generated.domain}`)
      assert.ok(email.ok)
      // As every reader of documents hands names on (R25).
      const shown = displayText(name, MAX_DISPLAY_NAME) || generated.domain
      const provider = generated.provider && { ...generated.provider, name: shown }
      const discovery = { ...generated, provider, notices }
      const text = translator(language)
      const answer = renderJson({
        discovery,
        email: email.value,
        recommendation: recommend(discovery.servers, {}),
        texts: (message) => text.message(message),
        now: discovery.lookedUpAt,
        allowCleartext: false,
      })
      discoverAnswerSchema.parse(JSON.parse(JSON.stringify(answer)))
      const asked = { email: email.value.address }
      const content = { asked, answer, hasProfile: true, xml: '<a>&</a>', qrSvg: '<svg></svg>' }
      mustBePage(startPage({ text, asked, result: resultView({ content, text }), hasCheck: true }))
      const question = { answer, protocol, hasProfile: true, language }
      const guide = renderGuide(buildGuide(client, question), {
        text,
        email: email.value.address,
        profileUrl: 'https://config.test/',
      })
      mustBePage(guidePage({ guide, text, hasProfile: true }))
      mustBePlainMarkdown(guideMarkdown(guide, text))
      assert.doesNotMatch(renderAnswer(answer, { text, look: style(false) }), /[^\P{Cc}\n]|\p{Bidi_Control}/u)
      made.pages += 1
      const view = settingsView(discovery, email.value)
      for (const incoming of ['imap', 'pop3'] as const) {
        const texts = { displayName: name, description: name, organization: name }
        const profile = writeMobileconfig(view, { protocol: incoming, texts })
        if (!profile.ok) continue
        made.profiles += 1
        const read = parsePlist(profile.body) as { PayloadContent: { EmailAddress: string }[] }
        assert.equal(read.PayloadContent[0]?.EmailAddress, email.value.address)
      }
      for (const line of writeZone(settingsView(discovery, null), { serviceHost: null }).split('\n'))
        assert.match(line, /^(?:[;$].*|[a-z0-9._-]+ IN (?:SRV|CNAME|TXT) [\x20-\x7e]+)?$/)
    }),
    { numRuns: RUNS },
  )
  t.equal(made.pages, RUNS)
  t.ok(made.profiles > 20, `${made.profiles} profiles`)
  t.end()
})

t.test('JUnit: any sentence comes back as it was', (t) => {
  const words = fc.oneof(attacks, fc.string({ unit: 'grapheme' }))
  fc.assert(
    fc.property(words, words, words, (sentence, fix, where) => {
      const answer = {
        domain: 'kunde.de',
        checkedAt: '2026-11-23T00:00:00.000Z',
        findings: [{ code: 'x', severity: 'error', text: sentence, fix, where }],
      } as unknown as CheckAnswer
      const read = readXml(Buffer.from(writeJunit([answer])))
      assert.ok(read.ok)
      const failure = read.root.children[0]?.children[0]?.children[0]
      const clean = (raw: string) =>
        raw
          .replace(/[\t\r\n]+/g, ' ')
          .replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '')
          .trim()
      assert.equal(failure?.attributes.get('message'), clean(sentence))
      assert.equal(failure.text, clean(fix))
    }),
    { numRuns: RUNS },
  )
  t.pass(`${RUNS} documents`)
  t.end()
})

t.test('QR codes: any text but an address of our own gives none', (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.webUrl(), fc.string(), attacks), (given) => {
      assert.equal(writeQrSvg(given, 'https://config.kunde.de'), null)
    }),
  )
  t.match(
    writeQrSvg('https://config.kunde.de/v1/mobileconfig?email=a%40b.de', 'https://config.kunde.de'),
    /^<svg/,
  )
  t.end()
})
