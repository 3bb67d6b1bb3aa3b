/** The page without a browser: what is sent, with which headers, and that found text stays text. */
import t from 'tap'
import { pino } from 'pino'
import type { DomainCheck } from '../../src/discovery/check-domain.js'
import { buildApp } from '../../src/http/app.js'
import { ASSETS } from '../../src/web/assets.js'
import { checkPage } from '../../src/web/check-view.js'
import { h, toHtml } from '../../src/web/tree.js'
import { translator } from '../../src/i18n/translate.js'
import { deferred, never, orAborted, settled } from '../fakes/deferred.js'
import { startLab } from '../lab/lab.js'
import { serviceBeside } from '../lab/service.js'

const lab = await startLab()
const { app, mailscout, logLines, bugs, ...service } = serviceBeside(lab)
t.teardown(async () => {
  await service.close()
  await lab.close()
})

/** As the browser's plain form sends it. */
async function post(fields: Record<string, string>, headers: Record<string, string> = {}) {
  return app.inject({
    method: 'POST',
    url: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(fields).toString(),
  })
}

t.test('text is escaped, and only harmless elements can be made', (t) => {
  t.equal(
    toHtml(h('p', { title: '"<&\'>', hidden: true, lang: undefined }, '<b>&"', null, [h('br'), 'x'])),
    '<p title="&quot;&lt;&amp;&#39;&gt;" hidden>&lt;b&gt;&amp;&quot;<br>x</p>',
  )
  for (const href of [
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    '//elsewhere.test/',
    'ftp://x',
  ]) {
    t.equal(toHtml(h('a', { href }, 'x')), '<a>x</a>', href)
  }
  for (const href of ['https://a.test/', 'http://a.test/', '/docs', '#main', '?lang=de']) {
    t.match(toHtml(h('a', { href }, 'x')), 'href=', href)
  }
  for (const name of ['onclick', 'style', 'srcdoc', 'a b', '"']) t.throws(() => h('p', { [name]: 'x' }), name)
  t.throws(() => toHtml(['p onclick=x', {}, []]))
  t.end()
})

t.test('pages carry their policy and nothing inline', async (t) => {
  const start = await app.inject('/?lang=de')
  const found = await post({ email: 'Ann.Secret@all.test', lang: 'de' })
  const docs = await app.inject('/docs')
  for (const { body, headers } of [start, found, docs]) {
    t.equal(headers['content-type'], 'text/html; charset=utf-8')
    t.notMatch(body, /<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:/i)
    const policy = String(headers['content-security-policy'])
    t.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'/)
    for (const part of ["form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"])
      t.match(policy, part)
    t.notMatch(policy, /unsafe|\*/)
    t.notMatch(body, /https?:\/\/(?!www\.w3\.org)[^"]*\.(js|css|woff2?|png)/i, 'nothing from elsewhere')
    t.equal(headers['set-cookie'], undefined)
  }
  t.match(start.headers['cache-control'], /^public/)
  const again = await app.inject({
    url: '/?lang=de',
    headers: { 'if-none-match': String(start.headers['etag']) },
  })
  t.equal(again.statusCode, 304)
  t.equal(found.headers['cache-control'], 'no-store', 'an answer with an address is kept nowhere')
  t.match(found.body, /Nehmen Sie IMAP/)
  t.match(docs.body, /GET \/v1\/discover/)
})

t.test('the language: switch, lang, Accept-Language', async (t) => {
  const german = await app.inject({ url: '/', headers: { 'accept-language': 'de-AT, en;q=0.5' } })
  t.match(german.body, '<html lang="de">')
  t.match((await app.inject({ url: '/?lang=en', headers: { 'accept-language': 'de' } })).body, 'lang="en"')
  const empty = await post({ email: '', switch: 'en' }, { 'accept-language': 'de' })
  t.equal(empty.statusCode, 200, 'switching before anything was asked is no fault')
  t.match(empty.body, /If in doubt: IMAP/)
  const kept = await post({ email: 'ann@all.test', lang: 'de', switch: 'en', devices: 'one', keep: 'device' })
  t.match(kept.body, /Choose POP3/)
  t.match(kept.body, /<input type="radio" id="keep-device"[^>]* checked>/)
})

t.test('trouble is a page with its status', async (t) => {
  for (const [email, status, words] of [
    ['', 400, 'Es fehlt die Adresse'],
    [' ann ', 400, 'kein gültige|keine gültige'],
    ['ann@nothing.test', 404, 'keine Einstellungen gefunden'],
    ['ann@dnsfail.test', 503, 'Noch einmal versuchen'],
    ['ann@nomail.test', 404, 'nimmt keine E-Mails an'],
  ] as const) {
    const { statusCode, body } = await post({ email, lang: 'de' })
    t.equal(statusCode, status, email)
    t.match(body, new RegExp(words), email)
  }
  const attack = await post({ email: '"><script>alert(1)</script>@all.test' })
  t.equal(attack.statusCode, 400)
  t.match(attack.body, '&quot;&gt;&lt;script&gt;')
  t.notMatch(attack.body, '<script>alert')
  t.equal((await post({ email: 'a@all.test', password: 'x' })).statusCode, 400, 'no password, ever (R5)')
})

t.test('the script gets sources and a tree', async (t) => {
  const response = await post({ email: 'ann@all.test', lang: 'de' }, { accept: 'text/event-stream' })
  t.equal(response.headers['content-type'], 'text/event-stream; charset=utf-8')
  t.match(response.body, /event: source\ndata: \{"source":"autoconfig","outcome":"found"/)
  const page = /event: page\ndata: (.*)\n/.exec(response.body)?.[1] ?? ''
  t.match(JSON.parse(page), ['div', { class: 'result' }, Array])
  const nothing = await post({ email: 'ann@nothing.test' }, { accept: 'text/event-stream' })
  t.match(nothing.body, /event: page\n/, 'trouble is drawn as well')
})

t.test('profile by POST, and its QR code where the service knows its own name', async (t) => {
  const page = await post({ email: 'Ann.Secret@all.test', lang: 'de' })
  t.match(page.body, /<form method="post" action="\/v1\/mobileconfig">/)
  t.notMatch(page.body, /<img/, 'no code without MAILSCOUT_PUBLIC_URL')
  const profile = await app.inject({
    method: 'POST',
    url: '/v1/mobileconfig',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'email=Ann.Secret%2Bnews%40all.test&lang=de&protocol=pop3',
  })
  t.equal(profile.statusCode, 200)
  t.match(profile.body, 'Ann.Secret+news@all.test')
  t.match(profile.body, 'EmailTypePOP')
  const named = buildApp({
    service: mailscout.service,
    isOwnDomain: () => false,
    now: Date.now,
    version: '0',
    publicUrl: 'https://mail.example.de',
  })
  const form = { email: 'ann@all.test', lang: 'de' }
  const withCode = await named.inject({ method: 'POST', url: '/', payload: form })
  t.match(withCode.body, /<img class="qr" src="data:image\/svg\+xml;base64,[^"]+" alt="QR-Code/)
  t.match(withCode.body, 'XML-Datei')
  t.equal((await named.inject('/check?domain=all.test')).statusCode, 404, 'no check, no page of it')
  t.notMatch((await named.inject('/')).body, /action="\/check"/, 'and no way to it')
})

t.test('assets keep for a year under names of their content', async (t) => {
  const start = await app.inject('/')
  for (const { path, mediaType, body } of Object.values(ASSETS)) {
    t.match(start.body, `"${path}"`)
    const plain = await app.inject(path)
    t.equal(plain.headers['content-type'], mediaType)
    t.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable')
    t.same(plain.rawPayload, body)
    const packed = await app.inject({ url: path, headers: { 'accept-encoding': 'gzip, br' } })
    t.equal(packed.headers['content-encoding'], 'br')
    t.ok(packed.rawPayload.length < body.length)
  }
  t.equal((await app.inject('/assets/page.000000000000.js')).statusCode, 404)
  t.equal((await app.inject('/assets/..%2fpackage.json')).statusCode, 404)
})

t.test('findings of the domain check by severity, with records to copy', async (t) => {
  const body = checkPage({
    text: translator('de'),
    domain: 'a.test',
    outcome: {
      findings: [
        { severity: 'ok', text: 'Alles gut.' },
        {
          severity: 'error',
          text: 'Fehlt.',
          fix: 'Anlegen.',
          record: '_imaps._tcp SRV 0 1 993 imap.a.test.',
        },
      ],
    },
  })
  t.match(body, /Fehler \(1\).*Fehlt\..*Abhilfe: <\/strong>Anlegen\..*In Ordnung \(1\)/s)
  t.match(body, 'data-copy="_imaps._tcp SRV 0 1 993 imap.a.test."')
  t.match((await app.inject('/check?lang=de')).body, /Domain prüfen/)
  t.match((await app.inject('/check?lang=de&domain=%20ann@all.test')).body, 'Prüfung von all.test')
  t.match((await app.inject('/check?lang=de&domain=no_dot')).body, 'kein gültiger Domainname')
  t.match((await app.inject('/check?lang=de&domain=dnsfail.test')).body, 'id="answer"')
})

t.test('the check ends when its reader leaves', async (t) => {
  const started = deferred<AbortSignal>()
  const lines: string[] = []
  const patient = buildApp({
    service: mailscout.service,
    checker: {
      check: ({ signal }) => {
        started.resolve(signal)
        return orAborted(never<DomainCheck>(), signal)
      },
    },
    isOwnDomain: () => false,
    now: Date.now,
    version: '0',
    logger: pino({ write: (line: string) => lines.push(line) }),
  })
  t.teardown(() => patient.close())
  const reader = new AbortController()
  const asking = patient.inject({ url: '/check?domain=all.test', signal: reader.signal })
  const signal = await started.promise
  t.equal(signal.aborted, false)
  reader.abort()
  await t.rejects(asking)
  await settled()
  t.equal(signal.aborted, true)
  t.notMatch(lines.join(''), 'unexpected error', 'which is no bug')
})

t.test('the log knows no address', (t) => {
  t.notMatch(logLines.join(''), /ann\.secret/i)
  t.same(bugs, [])
  t.end()
})
