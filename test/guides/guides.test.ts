/** The guides: for each program and kind of account the right values, and what that program cannot do. */
import t from 'tap'
import { guideCommand } from '../../src/cli/guide.js'
import { readConfig } from '../../src/config.js'
import { recommend } from '../../src/discovery/recommend.js'
import type { Problem } from '../../src/domain/answer.js'
import type { Discovery } from '../../src/domain/discovery.js'
import {
  GUIDE_CLIENTS,
  type GuideAnswer,
  guideAnswerSchema,
  type GuideClient,
} from '../../src/domain/guide.js'
import { renderJson } from '../../src/formats/json.js'
import { buildGuide } from '../../src/guides/build-guide.js'
import { guideMarkdown } from '../../src/http/guide-markdown.js'
import { guidePage } from '../../src/http/guide-page.js'
import { renderGuide } from '../../src/http/render-guide.js'
import { en } from '../../src/i18n/en.js'
import { type Language, translator } from '../../src/i18n/translate.js'
import { email, sampleDiscovery, sampleServer, sampleServers } from '../formats/sample-discovery.js'
import { startLab } from '../lab/lab.js'
import { serviceBeside } from '../lab/service.js'
import { worldOf } from '../lab/world.js'

interface Wish {
  readonly discovery?: Partial<Discovery>
  readonly address?: string
  readonly protocol?: 'imap' | 'pop3'
  readonly language?: Language
  readonly hasProfile?: boolean
  readonly profileUrl?: string
}

function guideFor(client: GuideClient, wish: Wish = {}): GuideAnswer {
  const text = translator(wish.language ?? 'en')
  const discovery = sampleDiscovery(wish.discovery)
  const address = email(wish.address ?? 'ann@kunde.de')
  const answer = renderJson({
    discovery,
    email: address,
    recommendation: recommend(discovery.servers, {}),
    texts: (message) => text.message(message),
    now: discovery.lookedUpAt,
    allowCleartext: false,
  })
  const guide = buildGuide(client, {
    answer,
    protocol: wish.protocol,
    hasProfile: wish.hasProfile ?? false,
    language: text.language,
  })
  return renderGuide(guide, { text, email: address.address, profileUrl: wish.profileUrl ?? null })
}

const codes = (list: readonly { readonly code: string }[]) => list.map(({ code }) => code)
const valuesAt = (guide: GuideAnswer, code: string) =>
  Object.fromEntries(
    (guide.steps.find((one) => one.code === code)?.values ?? []).map(({ label, value }) => [label, value]),
  )

const OAUTH = { authentication: ['oauth2'] as const }
function oauthOnly(imap: string, smtp: string): Partial<Discovery> {
  const change = { authentication: [...OAUTH.authentication] }
  return {
    servers: sampleServers({
      imap: [sampleServer(imap, 993, change)],
      pop3: [sampleServer(imap, 995, change)],
      smtp: [sampleServer(smtp, 465, change)],
    }),
  }
}

t.test('every guide of a plain account carries the values of both servers', (t) => {
  for (const client of GUIDE_CLIENTS) {
    const guide = guideFor(client)
    guideAnswerSchema.parse(guide)
    t.match(guide, { client, email: 'ann@kunde.de', protocol: 'imap' }, client)
    t.match(guide.title, /ann@kunde\.de/)
    const incoming = valuesAt(guide, 'guide-incoming')
    t.match(incoming, { Server: 'imap.provider.de', Port: '993', 'User name': 'ann@kunde.de' }, client)
    t.match(valuesAt(guide, 'guide-outgoing'), { Server: 'smtp.provider.de', Port: '465' }, client)
    t.ok(codes(guide.steps).includes('guide-try'), `${client}: ends with a try`)
    t.match(guide.notes.find(({ code }) => code === 'guide-help-page')?.url, 'https://hilfe.provider.de/mail')
  }
  t.match(valuesAt(guideFor('thunderbird'), 'guide-incoming'), {
    Encryption: 'SSL/TLS',
    'Sign-in': 'normal password',
  })
  t.match(valuesAt(guideFor('iphone'), 'guide-incoming'), { 'Use SSL': 'on' })
  t.end()
})

t.test('the reader may choose POP3; what is not offered is said', (t) => {
  const pop3 = guideFor('outlook', { protocol: 'pop3' })
  t.equal(pop3.protocol, 'pop3')
  t.match(valuesAt(pop3, 'guide-incoming'), { Server: 'pop.provider.de', Port: '995' })
  t.ok(codes(pop3.warnings).includes('guide-outlook-pop3'), 'not every Outlook can')
  t.ok(codes(pop3.steps).includes('leave-on-server'))
  const imapOnly = guideFor('iphone', {
    protocol: 'pop3',
    discovery: { servers: sampleServers({ pop3: [] }) },
  })
  t.equal(imapOnly.protocol, 'imap')
  t.match(imapOnly.warnings[0], { code: 'guide-not-offered', text: /^POP3 is not offered/ })
  t.end()
})

t.test('sign-in pages: only of services that the program knows (R50)', (t) => {
  const google = oauthOnly('imap.gmail.com', 'smtp.gmail.com')
  for (const client of GUIDE_CLIENTS.filter((one) => one !== 'windows-mail')) {
    const guide = guideFor(client, { discovery: google })
    t.match(
      guide.steps.find(({ code }) => code === 'guide-sign-in-page')?.text,
      /sign-in page of Google/,
      client,
    )
  }
  t.match(valuesAt(guideFor('thunderbird', { discovery: google }), 'guide-incoming')['Sign-in'], /OAuth2/)

  const comcast = oauthOnly('imap.comcast.net', 'smtp.comcast.net')
  const phone = guideFor('iphone', { discovery: comcast })
  t.match(phone.warnings[0]?.text, /knows such pages only of Google, Microsoft, Yahoo, and AOL/)
  t.same(codes(phone.steps), ['guide-use-instead'], 'no values that would not work')
  t.match(phone.steps[0]?.text, /possible are: Thunderbird\.$/)

  const nobody = oauthOnly('imap.provider.de', 'smtp.provider.de')
  t.same(codes(guideFor('thunderbird', { discovery: nobody }).steps), ['guide-use-webmail'])
  t.match(guideFor('windows-mail', { discovery: nobody }).warnings[0]?.code, 'guide-sign-in-nobody')

  const unsaid = sampleDiscovery({
    oauth2: { issuer: 'login.provider.de', scopes: [] },
    servers: sampleServers({ imap: [sampleServer('imap.provider.de', 993, { authentication: [] })] }),
  })
  t.same(codes(guideFor('thunderbird', { discovery: unsaid }).steps), ['guide-use-webmail'], 'R30')

  const byPop3 = guideFor('outlook', { discovery: google, protocol: 'pop3' })
  t.equal(byPop3.warnings[0]?.code, 'guide-sign-in-pop3')
  const thunderbird = guideFor('thunderbird', { discovery: google, protocol: 'pop3' })
  t.ok(codes(thunderbird.steps).includes('guide-sign-in-page'))
  t.end()
})

t.test('other kinds of sign-in', (t) => {
  const withMethod = (...authentication: ('password-encrypted' | 'gssapi')[]) => ({
    discovery: {
      servers: sampleServers({
        imap: [sampleServer('imap.provider.de', 993, { authentication })],
        smtp: [sampleServer('smtp.provider.de', 465, { authentication: [] })],
      }),
    },
  })
  const encrypted = guideFor('thunderbird', withMethod('password-encrypted'))
  t.equal(valuesAt(encrypted, 'guide-incoming')['Sign-in'], 'encrypted password')
  t.equal(valuesAt(encrypted, 'guide-outgoing')['Sign-in'], 'normal password')
  t.equal(guideFor('outlook', withMethod('password-encrypted')).warnings[0]?.code, 'guide-sign-in-encrypted')
  t.equal(guideFor('thunderbird', withMethod('gssapi')).warnings[0]?.code, 'guide-special-sign-in')
  t.end()
})

t.test('what must be done first comes first, and only what matters', (t) => {
  const notices = [
    { code: 'app-password-required', params: { provider: 'Provider' }, url: 'https://provider.de/app' },
    { code: 'enable-imap', params: { provider: 'Provider' } },
    { code: 'enable-pop3', params: { provider: 'Provider' } },
    { code: 'exchange-sign-in', params: { hostname: 'ex.provider.de' } },
  ]
  const imap = guideFor('thunderbird', { discovery: { notices } })
  t.same(codes(imap.steps).slice(0, 2), ['app-password-required', 'enable-imap'])
  t.equal(imap.steps[0]?.url, 'https://provider.de/app')
  t.match(valuesAt(imap, 'guide-incoming'), { Password: 'an app password, see above' })
  t.equal(imap.notes[0]?.code, 'exchange-sign-in')
  t.same(codes(guideFor('thunderbird', { discovery: { notices }, protocol: 'pop3' }).steps).slice(0, 2), [
    'app-password-required',
    'enable-pop3',
  ])
  const signedIn = guideFor('thunderbird', {
    discovery: { ...oauthOnly('imap.gmail.com', 'smtp.gmail.com'), notices },
  })
  t.same(codes(signedIn.steps).slice(0, 2), ['enable-imap', 'guide-thunderbird-open'], 'no app password')
  const bridge = { notices: [{ code: 'bridge-required', params: { provider: 'Provider' } }] }
  t.equal(guideFor('iphone', { discovery: bridge }).warnings[0]?.code, 'guide-bridge-phone')
  t.notOk(codes(guideFor('thunderbird', { discovery: bridge }).warnings).includes('guide-bridge-phone'))
  t.end()
})

t.test('unconfirmed servers: their domain in full before anything else (R38)', (t) => {
  const unsure = { trust: 'unconfirmed', requiresConfirmation: true } as const
  const guide = guideFor('thunderbird', {
    discovery: {
      servers: sampleServers({
        imap: [sampleServer('imap.elsewhere.net', 993, unsure)],
        pop3: [],
        smtp: [sampleServer('smtp.other.net', 465, unsure)],
      }),
      warnings: [{ code: 'cleartext-rejected' }, { code: 'conflict' }],
    },
  })
  t.match(guide.steps[0], { code: 'guide-confirm', text: /belong to elsewhere\.net and other\.net/ })
  t.same(codes(guide.warnings), ['conflict'])
  t.end()
})

t.test('Apple: a profile where one can be made, by hand below; STARTTLS is explained', (t) => {
  const profileUrl = 'https://mailscout.example.net/v1/mobileconfig?email=ann%40kunde.de'
  for (const client of ['iphone', 'apple-mail'] as const) {
    const guide = guideFor(client, { hasProfile: true, profileUrl })
    t.match(guide.steps[0], { section: /profile/, code: 'guide-apple-profile', url: profileUrl }, client)
    const icloud = guideFor(client, {
      discovery: { servers: sampleServers({ imap: [sampleServer('imap.mail.me.com', 993)] }) },
    })
    t.same(codes(icloud.steps), ['guide-apple-icloud', 'guide-try'])
    t.ok(guide.steps.some(({ section }) => section === 'By hand'))
  }
  const starttls = {
    servers: sampleServers({ smtp: [sampleServer('smtp.provider.de', 587, { security: 'starttls' })] }),
  }
  const guide = guideFor('iphone', { discovery: starttls })
  t.ok(codes(guide.notes).includes('guide-apple-starttls'))
  t.notOk(codes(guide.steps).includes('guide-apple-profile'))
  t.end()
})

t.test('Outlook: three programs, a user name that is not the address, whose cloud suggests what', (t) => {
  const guide = guideFor('outlook', {
    discovery: {
      servers: sampleServers({ imap: [sampleServer('imap.provider.de', 993, { username: 'ann1' })] }),
    },
  })
  t.same(
    [...new Set(guide.steps.map(({ section }) => section))],
    [
      'Your values',
      'The new Outlook for Windows',
      'Classic Outlook for Windows',
      'Outlook for Mac',
      'Finally',
    ],
  )
  t.ok(codes(guide.steps).includes('guide-outlook-username'))
  t.ok(codes(guide.warnings).includes('guide-outlook-cloud'))
  t.ok(codes(guide.notes).includes('guide-outlook-suggests'))
  t.end()
})

t.test('no safe server, no sending, Windows Mail', (t) => {
  const none = guideFor('android', { discovery: { servers: sampleServers({ imap: [], pop3: [] }) } })
  t.equal(none.protocol, null)
  t.same(codes(none.steps), ['guide-ask-provider'])
  t.match(none.warnings[0]?.text, /Enter no password/)
  const mute = guideFor('android', { discovery: { servers: sampleServers({ smtp: [] }), provider: null } })
  t.ok(codes(mute.warnings).includes('guide-no-outgoing'))
  t.notOk(codes(mute.steps).some((code) => code === 'guide-try' || code === 'guide-outgoing'))
  t.equal(codes(mute.notes).includes('guide-help-page'), false)
  t.match(guideFor('windows-mail').warnings[0]?.text, /end of 2024/)
  t.end()
})

t.test('Markdown and HTML escape what came from outside', (t) => {
  const provider = { id: 'x', name: '<script>*x*</script> [a](http://e.net)', documentation: [] }
  const guide = guideFor('thunderbird', {
    address: 'ann`b_c@kunde.de',
    discovery: { provider, notices: [{ code: 'enable-imap', params: { provider: provider.name } }] },
  })
  const markdown = guideMarkdown(guide, translator('en'))
  t.match(markdown, /^# Thunderbird: set up ann\\`b\\_c@kunde\.de\n/)
  t.match(markdown, '`` ann`b_c@kunde.de ``')
  t.match(markdown, '\\<script\\>\\*x\\*\\</script\\> \\[a\\]')
  t.match(markdown, /\n1\. Turn on IMAP/)
  const html = guidePage({ guide, text: translator('en'), hasProfile: true })
  t.notMatch(html, '<script>*x*')
  t.match(html, '&lt;script&gt;*x*')
  t.match(html, /<dt>Server<\/dt><dd><span class="value exact">imap\.provider\.de<\/span>/)
  t.notMatch(html, /href="[^"]*ann/, 'no address in a link')
  t.end()
})

t.test('every sentence of every guide exists in German', (t) => {
  const known: readonly string[] = Object.values(en)
  for (const client of GUIDE_CLIENTS) {
    for (const protocol of ['imap', 'pop3'] as const) {
      for (const hasProfile of [true, false]) {
        const guide = guideFor(client, { language: 'de', protocol, hasProfile })
        const spoken = [...guide.warnings, ...guide.steps, ...guide.notes].map(({ text }) => text)
        for (const sentence of spoken) {
          t.match(sentence, / /, `a sentence, not a code: ${sentence}`)
          t.notOk(known.includes(sentence), sentence)
          t.notMatch(sentence, /\{\w+\}/)
        }
      }
    }
  }
  t.end()
})

t.test('over HTTP and on the command line', async (t) => {
  const lab = await startLab({ world: worldOf({}) })
  const shipped = { ...lab, providersDirectory: new URL('../../data/providers', import.meta.url).pathname }
  const environment = { MAILSCOUT_ALLOW_SPECIAL_USE_NAMES: 'false', MAILSCOUT_PROVIDERS_DIR: '' }
  const { app, ...service } = serviceBeside(shipped, environment)
  t.teardown(async () => {
    await service.close()
    await lab.close()
  })
  const url = '/v1/guides/iphone?email=ann@gmx.de'

  await t.test('three formats, by Accept and by parameter', async (t) => {
    const types = {
      json: 'application/json; charset=utf-8',
      html: 'text/html; charset=utf-8',
      markdown: 'text/markdown; charset=utf-8',
    }
    for (const [format, type] of Object.entries(types)) {
      const byName = await app.inject(`${url}&format=${format}`)
      const byAccept = await app.inject({ url, headers: { accept: type.split(';')[0] ?? '' } })
      for (const response of [byName, byAccept]) {
        t.equal(response.statusCode, 200, format)
        t.equal(response.headers['content-type'], type)
        t.equal(response.headers['cache-control'], 'no-store')
        t.match(response.body, 'imap.gmx.net')
      }
      t.equal(byName.body, byAccept.body)
    }
    const browser = await app.inject({
      method: 'POST',
      url: '/v1/guides/iphone',
      headers: {
        accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: 'email=ann%40gmx.de&lang=en&switch=de',
    })
    t.match(browser.body, '<html lang="de">')
    t.match(browser.body, /action="\/v1\/mobileconfig"/, 'the profile by POST')
    t.match(browser.headers['content-security-policy'], "default-src 'none'")
    t.equal((await app.inject({ url, headers: { accept: 'image/png' } })).statusCode, 406)
  })

  await t.test('languages: lang over Accept-Language', async (t) => {
    const german = await app.inject({ url, headers: { 'accept-language': 'de-CH,de;q=0.9' } })
    t.equal(german.headers['content-language'], 'de')
    t.match(german.json<GuideAnswer>().title, /einrichten$/)
    const english = await app.inject({ url: `${url}&lang=en`, headers: { 'accept-language': 'de' } })
    t.match(english.json<GuideAnswer>().title, /set up ann@gmx\.de$/)
  })

  await t.test('an unknown program gets the list, a wrong call its problem', async (t) => {
    const unknown = await app.inject('/v1/guides/eudora?email=ann@gmx.de')
    t.equal(unknown.statusCode, 404)
    t.equal(unknown.json<Problem>().code, 'NOT_FOUND')
    for (const client of GUIDE_CLIENTS) t.match(unknown.json<Problem>().detail, client)
    t.equal((await app.inject('/v1/guides/iphone')).statusCode, 400)
    t.equal((await app.inject(`${url}&password=geheim`)).statusCode, 400)
    t.equal((await app.inject('/v1/guides/iphone?email=ann@example.com')).statusCode, 404)
  })

  await t.test('mailscout guide', async (t) => {
    const run = async (...args: string[]) => {
      let out = ''
      let err = ''
      const code = await guideCommand(args, {
        terminal: {
          out: (text) => (out += text),
          err: (text) => (err += text),
          colour: false,
          language: 'de',
        },
        config: readConfig({ ...lab.environment, ...environment }),
        surroundings: {
          dial: lab.dial,
          ca: [lab.caPem],
          builtinProvidersDirectory: shipped.providersDirectory,
        },
      })
      return { code, out, err }
    }
    const plain = await run('outlook', 'ann@web.de')
    t.equal(plain.code, 0)
    t.match(plain.out, /^Outlook: ann@web\.de einrichten\n/)
    t.match(plain.out, / {5}Server +imap\.web\.de\n/)
    t.match((await run('thunderbird', 'ann@web.de', '--protocol', 'pop3', '--lang', 'en')).out, 'pop3.web.de')
    t.match((await run('iphone', 'ann@web.de', '--format', 'markdown')).out, /^# iPhone\/iPad: ann@web\.de/)
    t.equal((await run('eudora', 'ann@web.de')).code, 2)
    t.equal((await run('iphone', 'ann@example.com')).code, 3)
    t.match((await run('--help')).out, /Exit codes/)
    await t.rejects(run('iphone'), { name: 'UsageError' })
    await t.rejects(run('iphone', 'ann@web.de', '--frobnicate'), { name: 'UsageError' })
  })
})
