/**
 * The page in a real browser, against the small internet: what a person sees in each kind of answer. Each case saves a
 * screenshot for a person to look at; the folder is printed.
 */
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import axe from 'axe-core'
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { startLab } from '../lab/lab.js'
import { type LabService, serviceBeside } from '../lab/service.js'

const CHROMIUM = '/usr/bin/chromium'
/** As root in a container, without calls home. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const ADDRESS = /ann\.secret/i

const skip = existsSync(CHROMIUM) ? false : `no ${CHROMIUM}: apt-get install chromium`
const scene = (name: string, run: (t: Test) => Promise<void>) => t.test(name, { skip }, run)

/** Milliseconds: a browser on a busy machine. */
t.setTimeout(180_000)
const pictures = mkdtempSync(join(tmpdir(), 'mailscout-page-'))
t.comment(`screenshots: ${pictures}`)
const lab = await startLab()
const services: LabService[] = []
const browser = skip === false ? await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS }) : null
t.teardown(async () => {
  await browser?.close()
  for (const service of services) await service.close()
  await lab.close()
})

async function serve(
  environment: Readonly<Record<string, string>> = {},
  providersDirectory = lab.providersDirectory,
): Promise<{ url: string; service: LabService }> {
  const service = serviceBeside({ ...lab, providersDirectory }, environment)
  services.push(service)
  const url = await service.app.listen({ port: 0, host: '127.0.0.1' })
  return { url: url.replace('127.0.0.1', 'localhost'), service }
}

const { url, service } = await serve({ MAILSCOUT_BUDGET_MS: '2500' })
const requested: string[] = []

/** A page of its own for one test, with everything it asks for written down. */
async function open(options: BrowserContextOptions & { at?: string } = {}): Promise<Page> {
  const { at = url, ...rest } = options
  const context = await browser!.newContext({
    locale: 'de-DE',
    viewport: { width: 1100, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
    ...rest,
  })
  const page = await context.newPage()
  page.on('request', (request) => requested.push(request.url()))
  page.on('pageerror', (error) => t.fail(`the page threw: ${error.message}`))
  page.on('console', (message) => {
    // Chromium reports each 404 and 503 document so; those are wanted answers.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) {
      t.fail(`console: ${message.text()}`)
    }
  })
  await page.goto(at)
  return page
}

async function ask(page: Page, domain: string): Promise<void> {
  await page.getByLabel('E-Mail-Adresse').fill(`Ann.Secret@${domain}`)
  await page.getByRole('button', { name: 'Einstellungen suchen' }).click()
  await page.locator('#answer').waitFor()
}

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
}

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { html: string }[] }[]
}

/** The checks of axe-core, WCAG 2.2 AA and its best practices. */
async function accessible(t: Test, page: Page, name: string): Promise<void> {
  await page.evaluate(axe.source)
  const { violations }: AxeResult = await page.evaluate<AxeResult>('axe.run()')
  t.same(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    [],
    `${name}: axe finds nothing`,
  )
}

async function answerOf(page: Page): Promise<string> {
  return (await page.locator('#result').innerText()).replace(/\s+/g, ' ')
}

scene('the start explains before anything is asked', async (t) => {
  const page = await open()
  t.match(await page.title(), 'E-Mail einrichten')
  t.equal(await page.locator('html').getAttribute('lang'), 'de')
  t.match(await answerOf(page), /Im Zweifel: IMAP.*IMAP.*POP3.*SMTP/)
  await accessible(t, page, 'start')
  await picture(page, 'start-de')
})

scene('found: which to take, cards to copy, two questions that change the advice', async (t) => {
  const page = await open()
  await ask(page, 'all.test')
  t.match(await answerOf(page), /Nehmen Sie IMAP zum Empfangen, und SMTP zum Senden/)
  t.equal(await page.evaluate('document.activeElement.id'), 'answer', 'the reader is led to the answer')
  t.match(await page.locator('#status').textContent(), 'Nehmen Sie IMAP', 'and hears it')
  await accessible(t, page, 'found')
  await picture(page, 'found-de')

  await page.getByRole('button', { name: /Server kopieren: imap\.all\.test/ }).click()
  t.equal(await page.evaluate('navigator.clipboard.readText()'), 'imap.all.test')

  await page.getByLabel('nur auf einem').click()
  await page.getByLabel('auf meinem Gerät').click()
  await page.locator('#answer', { hasText: 'Nehmen Sie POP3' }).waitFor()
  t.equal(await page.evaluate('document.activeElement.id'), 'keep-device', 'the reader stays where he was')
  t.match(await answerOf(page), /pop\.all\.test.*995/)
  await page.locator('#details > summary').click()
  await page.locator('#xml > summary').click()
  await picture(page, 'found-pop3-details')
  t.match(await page.locator('#xml pre').textContent(), '<hostname>imap.all.test</hostname>')
  await accessible(t, page, 'details')

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /Profil für iPhone/ }).click(),
  ])
  t.equal(download.suggestedFilename(), 'all.test.mobileconfig')
})

scene('trouble is told apart, each with what to do', async (t) => {
  const strict = await serve({ MAILSCOUT_ALLOW_SPECIAL_USE_NAMES: 'false', MAILSCOUT_PROVIDERS_DIR: '' })
  const cases: [string, string, RegExp, string?][] = [
    ['nothing', 'nothing.test', /keine Einstellungen gefunden.*Schreibweise/],
    ['no-mail', 'nomail.test', /nimmt keine E-Mails an/],
    ['failed', 'dnsfail.test', /gerade nicht ermitteln.*Noch einmal versuchen/],
    ['reserved', 'firma.internal', /reserviert/, strict.url],
    ['invalid', 'no-dot', /keine gültige E-Mail-Adresse.*keinen Punkt/],
  ]
  for (const [name, domain, words, at] of cases) {
    const page = await open(at === undefined ? {} : { at })
    await ask(page, domain)
    t.match(await answerOf(page), words, name)
    await accessible(t, page, name)
    await picture(page, `trouble-${name}`)
    await page.context().close()
  }
})

scene('a doubtful server stays behind a deliberate yes, with its domain in full (R38)', async (t) => {
  const page = await open()
  await ask(page, 'srv-outside.test')
  t.match(await answerOf(page), /Bitte bestätigen.*elsewhere\.test/)
  t.notOk(await page.locator('#card-incoming').isVisible(), 'no server is shown yet')
  await picture(page, 'confirm')
  await page.getByText('Ja, elsewhere.test ist mein Anbieter').click()
  t.ok(await page.locator('#card-incoming').isVisible())
  await page.getByLabel('nur auf einem').click()
  await page.getByText('IMAP passt auch für ein einzelnes Gerät').waitFor()
  t.ok(await page.locator('#card-incoming').isVisible(), 'the yes stays said')
  await accessible(t, page, 'confirm')
  await picture(page, 'confirm-yes')
})

scene('conflict, POP3 alone, STARTTLS, no safe server', async (t) => {
  const cases: [string, RegExp][] = [
    ['conflict.test', /Widersprüche zwischen den Quellen.*new\.conflict\.test/],
    ['noimap.test', /Nehmen Sie POP3.*nur POP3.*belassen/],
    ['pop3-only.test', /Nehmen Sie POP3/],
    ['srv-starttls.test', /STARTTLS.*gleich nach dem Start/],
    ['badcert.test', /Keine sichere Verbindung gefunden/],
    ['stale-panel.test', /Ihr Anbieter: Big Mail/],
    ['xn--mller-kva.test', /Ergebnis für Ann\.Secret@müller\.test/],
  ]
  for (const [domain, words] of cases) {
    const page = await open()
    await ask(page, domain)
    t.match(await answerOf(page), words, domain)
    await accessible(t, page, domain)
    await picture(page, domain)
    await page.context().close()
  }
})

scene('a provider that takes no passwords', async (t) => {
  const real = await serve({}, new URL('../../data/providers', import.meta.url).pathname)
  const page = await open({ at: real.url })
  await ask(page, 'outlook.com')
  t.match(await answerOf(page), /Das müssen Sie zuerst tun.*OAuth/s)
  t.equal(await page.getByRole('button', { name: /Profil für iPhone/ }).count(), 0, 'no profile is offered')
  await accessible(t, page, 'oauth')
  await picture(page, 'oauth-only')
})

scene('the sources light up while a slow one is waited for', async (t) => {
  const page = await open()
  await page.getByLabel('E-Mail-Adresse').fill('Ann.Secret@slow-autoconfig.test')
  await page.getByRole('button', { name: 'Einstellungen suchen' }).click()
  await page.locator('[data-source="srv"].found').waitFor()
  t.ok(await page.locator('[data-source="autoconfig"].waiting').isVisible(), 'the slow one still waits')
  t.equal(await page.locator('#status').textContent(), 'Die Suche läuft …')
  await accessible(t, page, 'searching')
  await picture(page, 'searching')
  await page.locator('#answer').waitFor()
  t.match(await answerOf(page), /Nicht alle Quellen haben rechtzeitig geantwortet/)
  await picture(page, 'slow-result')
})

scene('the language is switched without losing what was asked', async (t) => {
  const page = await open()
  await ask(page, 'all.test')
  await page.getByRole('button', { name: 'English' }).click()
  await page.locator('#answer', { hasText: 'Choose IMAP' }).waitFor()
  t.equal(await page.locator('html').getAttribute('lang'), 'en')
  t.equal(await page.getByLabel('Your e-mail address').inputValue(), 'Ann.Secret@all.test')
  t.notMatch(page.url(), ADDRESS)
  await accessible(t, page, 'english')
  await picture(page, 'found-en')
})

scene('without JavaScript the plain form answers', async (t) => {
  const page = await open({ javaScriptEnabled: false })
  await page.getByLabel('E-Mail-Adresse').fill('Ann.Secret@all.test')
  await page.getByRole('button', { name: 'Einstellungen suchen' }).click()
  t.match(await answerOf(page), /Nehmen Sie IMAP.*imap\.all\.test/)
  t.equal(await page.locator('.copy:visible').count(), 0, 'no button that could do nothing')
  await page.getByLabel('nur auf einem').check()
  await page.getByLabel('auf meinem Gerät').check()
  await page.getByRole('button', { name: 'Rat anpassen' }).click()
  t.match(await answerOf(page), /Nehmen Sie POP3/)
  t.equal(page.url(), `${url}/`)
  await picture(page, 'no-javascript')
  await page.getByLabel('E-Mail-Adresse').fill('Ann.Secret@nothing.test')
  await page.getByRole('button', { name: 'Einstellungen suchen' }).click()
  t.match(await answerOf(page), /keine Einstellungen gefunden/)
})

scene('on a phone, in the dark, with little motion', async (t) => {
  const phone = {
    viewport: { width: 360, height: 740 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
    isMobile: true,
  } as const
  for (const [name, domain] of [
    ['phone-start', null],
    ['phone-found', 'all.test'],
    ['phone-confirm', 'srv-outside.test'],
    ['phone-failed', 'dnsfail.test'],
  ] as const) {
    const page = await open(phone)
    if (domain !== null) await ask(page, domain)
    const width = await page.evaluate('document.documentElement.scrollWidth')
    t.equal(width, 360, `${name}: nothing sticks out`)
    await accessible(t, page, name)
    await picture(page, name)
    await page.context().close()
  }
  const page = await open({ colorScheme: 'dark' })
  await ask(page, 'conflict.test')
  await accessible(t, page, 'dark')
  await picture(page, 'dark-conflict')
})

scene('with the keyboard alone', async (t) => {
  const page = await open()
  await page.keyboard.press('Tab')
  t.equal(await page.evaluate('document.activeElement.className'), 'skip')
  for (let steps = 0; steps < 10; steps += 1) {
    if ((await page.evaluate('document.activeElement.id')) === 'email') break
    await page.keyboard.press('Tab')
  }
  await page.keyboard.type('Ann.Secret@all.test')
  await page.keyboard.press('Enter')
  await page.locator('#answer').waitFor()
  t.equal(await page.evaluate('document.activeElement.id'), 'answer')
  await page.keyboard.press('Tab')
  t.match(
    await page.evaluate('document.activeElement.dataset.copy'),
    'imap.all.test',
    'next: the first value',
  )
  const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')
  t.equal(outline, 'solid', 'the focus is seen')
  await picture(page, 'keyboard-focus')
})

scene('a known slip is offered, not applied', async (t) => {
  const real = await serve({}, new URL('../../data/providers', import.meta.url).pathname)
  const page = await open({ at: real.url })
  await ask(page, 'gmial.com')
  t.match(await answerOf(page), /Meinten Sie Ann\.Secret@gmail\.com\?/)
  await picture(page, 'slip')
  await page.getByRole('button', { name: /Meinten Sie/ }).click()
  await page.getByText('Ergebnis für Ann.Secret@gmail.com').waitFor()
  t.equal(await page.getByLabel('E-Mail-Adresse').inputValue(), 'Ann.Secret@gmail.com')
  await picture(page, 'app-password')
})

scene('from the result to the steps in one’s own program', async (t) => {
  for (const [program, width] of [
    ['Thunderbird', 1100],
    ['iPhone', 360],
  ] as const) {
    const page = await open({ viewport: { width, height: 800 } })
    await ask(page, 'all.test')
    await picture(page, `guide-choice-${width}`)
    await page.getByRole('button', { name: program }).first().click()
    await page.getByRole('heading', { level: 1, name: program }).waitFor()
    const text = (await page.locator('main').innerText()).replace(/\s+/g, ' ')
    t.match(
      text,
      /imap\.all\.test.*993.*smtp\.all\.test.*465/,
      `${program}: the found values stand in the steps`,
    )
    t.notMatch(page.url(), ADDRESS, 'the address stands in no URL')
    t.equal(
      await page.evaluate('document.documentElement.scrollWidth <= innerWidth'),
      true,
      'nothing runs off the side',
    )
    await accessible(t, page, program)
    await picture(page, `guide-${width}`)
  }
})

scene('API browser and domain check', async (t) => {
  const page = await open({ at: `${url}/docs` })
  await page.locator('#discover > summary').click()
  t.match(await page.locator('#discover').innerText(), /email \(query, required\)/)
  await accessible(t, page, 'docs')
  await picture(page, 'docs')
  const check = await page.goto(`${url}/check?domain=all.test&lang=de`)
  if (service.app.hasRoute({ method: 'GET', url: '/v1/domains/:domain/check' })) {
    t.equal(check?.status(), 200)
    t.match(await page.locator('#answer').innerText(), 'Prüfung von all.test')
    await accessible(t, page, 'check')
    await picture(page, 'check')
  } else {
    t.equal(check?.status(), 404, 'hidden while the service cannot check')
  }
})

scene('weight, requests and time', async (t) => {
  const context = await browser!.newContext({ locale: 'de-DE' })
  const page = await context.newPage()
  const sizes: Promise<number>[] = []
  page.on('requestfinished', (request) => {
    sizes.push(request.sizes().then((size) => size.responseBodySize + size.responseHeadersSize))
  })
  await page.goto(url, { waitUntil: 'networkidle' })
  const start = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  const requests = sizes.length
  const result = await service.app.inject({
    method: 'POST',
    url: '/',
    headers: { accept: 'text/event-stream' },
    payload: { email: 'ann@autoconfig.test', lang: 'de' },
  })
  const total = start + result.rawPayload.length
  const paint = await page.evaluate(
    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0",
  )
  const firsts: number[] = []
  for (const domain of ['wellknown.test', 'ispdb.test', 'srv.test', 'guess.test', 'pacc.test']) {
    firsts.push(await timeToFirstSource(`ann@${domain}`))
  }
  firsts.sort((a, b) => a - b)
  t.comment(`start page: ${start} bytes in ${requests} requests; with one result: ${total} bytes`)
  t.comment(`first contentful paint: ${Math.round(Number(paint))} ms`)
  t.comment(`first source event, ms: ${firsts.map((ms) => ms.toFixed(1)).join(' ')}`)
  t.ok(total < 60 * 1024, 'under 60 kB with a result')
  t.ok((firsts[0] ?? Infinity) < 50, 'the first source is told within 50 ms')
  t.same(await context.cookies(), [], 'no cookie')
  await context.close()
})

async function timeToFirstSource(email: string): Promise<number> {
  const begun = performance.now()
  // eslint-disable-next-line no-restricted-globals -- a test's own client, to the test's own server
  const response = await fetch(`${url}/v1/discover/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  })
  let first = Infinity
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    if (first === Infinity && decoder.decode(chunk as Uint8Array).includes('event: source')) {
      first = performance.now() - begun
    }
  }
  return first
}

scene('nothing from elsewhere, and no address in a URL or in the log', (t) => {
  t.ok(requested.length > 50)
  for (const one of new Set(requested)) {
    t.match(one, /^(http:\/\/localhost:\d+\/|data:)/, 'asked of this service alone')
    t.notMatch(one, ADDRESS, 'no address in a URL')
  }
  for (const { logLines, bugs } of services) {
    t.notMatch(logLines.join(''), ADDRESS, 'no address in the log')
    t.same(bugs, [])
  }
  return Promise.resolve()
})
