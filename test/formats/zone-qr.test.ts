import { decodeQR } from 'qr/decode.js'
import t from 'tap'
import type { SourceReport } from '../../src/domain/discovery.js'
import { writeAutoconfig } from '../../src/formats/autoconfig-write.js'
import { readAutoconfig } from '../../src/formats/autoconfig-read.js'
import { readAutodiscover } from '../../src/formats/autodiscover-read.js'
import { writeAutodiscover } from '../../src/formats/autodiscover-write.js'
import { writeZone } from '../../src/formats/dns-zone.js'
import { digestMatches, readPacc, writePacc } from '../../src/formats/pacc.js'
import { writeMobileconfig } from '../../src/formats/mobileconfig.js'
import { writeQrPng, writeQrSvg } from '../../src/formats/qr.js'
import { settingsView } from '../../src/formats/settings-view.js'
import { email, host, sampleDiscovery, sampleServer, sampleServers } from './sample-discovery.js'

const serviceHost = host('config.provider.de')

function zone(
  servers = {},
  change = {},
  options = { serviceHost: serviceHost as typeof serviceHost | null },
) {
  return writeZone(
    settingsView(sampleDiscovery({ servers: sampleServers(servers), ...change }), null),
    options,
  )
}

t.test('zone: real ports, denials, service names and the digest (R49)', (t) => {
  const lines = zone().trimEnd().split('\n')
  t.same(lines.slice(1, 6), [
    '$ORIGIN kunde.de.',
    '$TTL 3600',
    '_imaps._tcp IN SRV 0 1 993 imap.provider.de.',
    '_pop3s._tcp IN SRV 0 1 995 pop.provider.de.',
    '_submissions._tcp IN SRV 0 1 465 smtp.provider.de.',
  ])
  t.same(lines.slice(6, 10), [
    'autoconfig IN CNAME config.provider.de.',
    'autodiscover IN CNAME config.provider.de.',
    '_autodiscover._tcp IN SRV 0 1 443 config.provider.de.',
    'ua-auto-config IN CNAME config.provider.de.',
  ])
  const txt = /^_ua-auto-config IN TXT "(.*)"$/.exec(lines[10] ?? '')?.[1] ?? ''
  const body = writePacc(settingsView(sampleDiscovery(), null))?.body ?? ''
  t.ok(digestMatches(new TextEncoder().encode(body), [txt]))
  t.equal(lines.length, 11)
  t.end()
})

t.test('zone: what is not offered, not confirmed or not expressible', (t) => {
  t.match(zone({ pop3: [] }), '_pop3s._tcp IN SRV 0 0 0 .\n_pop3._tcp IN SRV 0 0 0 .\n')
  const failed: SourceReport[] = [{ source: 'srv', outcome: 'failed', durationMs: 1 }]
  t.notMatch(zone({ pop3: [] }, { sources: failed }), '0 0 0 .', 'a failed source proves no absence (R37)')
  t.match(zone({ pop3: [] }, { sources: failed, notOffered: ['pop3'] }), '_pop3s._tcp IN SRV 0 0 0 .')
  const unconfirmed = zone({ pop3: [sampleServer('pop.fremd.de', 995, { trust: 'unconfirmed' })] })
  t.match(unconfirmed, '; pop3: no confirmed server known')
  t.notMatch(unconfirmed, '_pop3')
  const starttls = zone({ smtp: [sampleServer('s.provider.de', 587, { security: 'starttls' })] })
  t.match(starttls, '_submission._tcp IN SRV 0 1 587 s.provider.de.')
  t.notMatch(starttls, 'ua-auto-config', 'PACC knows implicit TLS only')
  t.notMatch(
    zone({ smtp: [sampleServer('s.de', 465, { security: 'starttls' })] }),
    /_submission\._tcp.* 465 /,
  )
  t.match(zone({}, {}, { serviceHost: null }), '; autoconfig')
  t.end()
})

t.test('zone: a new PACC digest beside the published one, and no name for itself (R48)', (t) => {
  const old = `v=UAAC1; a=sha256; d=${'A'.repeat(43)}=`
  const text = (publishedPacc: string[]) =>
    writeZone(settingsView(sampleDiscovery(), null), { serviceHost, publishedPacc })
  const current = /TXT "(v=UAAC1[^"]+)"/.exec(text([]))?.[1] ?? ''
  const digests = (published: string[]) =>
    [...text(published).matchAll(/_ua-auto-config IN TXT "([^"]+)"/g)].map(([, digest]) => digest)
  t.same(digests([]), [current])
  t.same(digests([old]), [current, old], 'both stand while caches may hold either')
  t.same(digests([old, current]), [current], 'the new one is out: nothing is kept')
  t.same(digests([current.replaceAll('; ', ';')]), [current], 'spaces do not count')
  const self = writeZone(settingsView(sampleDiscovery(), null), { serviceHost: host('autoconfig.kunde.de') })
  t.notMatch(self, 'autoconfig IN CNAME autoconfig')
  t.match(self, 'autodiscover IN CNAME autoconfig.kunde.de.')
  t.end()
})

t.test('zone: services found by URL', (t) => {
  const dav = (path: string) => [
    sampleServer('dav.provider.de', 443, { url: `https://dav.provider.de${path}` }),
  ]
  const text = zone({
    jmap: [sampleServer('jmap.provider.de', 443, { url: 'https://jmap.provider.de/s' })],
    managesieve: [sampleServer('sieve.provider.de', 4190, { security: 'starttls' })],
    caldav: dav(`/${'a'.repeat(300)}\\"/`),
    carddav: dav('/%EMAILADDRESS%/'),
  })
  t.match(text, '_jmap._tcp IN SRV 0 1 443 jmap.provider.de.')
  t.match(text, '_sieve._tcp IN SRV 0 1 4190 sieve.provider.de.')
  t.match(text, /_caldavs\._tcp IN TXT "path=\/a{249}" "a{51}\/%22\/"/)
  t.notMatch(text, '_carddavs._tcp IN TXT')
  t.notMatch(zone({ caldav: [sampleServer('dav.provider.de', 443)] }), '_caldavs._tcp IN TXT')
  t.end()
})

/** Draws the SVG's unit squares, so that a real decoder can read them. */
function pixels(svg: string): { width: number; height: number; data: Uint8Array } {
  const size = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1])
  const scale = 4
  const width = size * scale
  const data = new Uint8Array(width * width * 4).fill(255)
  let x = 0
  let y = 0
  for (const [, command, a = '0', , b = '0'] of svg.matchAll(/([Mm])(-?\d+)([ ,])?(-?\d+)?/g)) {
    const [dx, dy] = [Number(a), Number(b)]
    ;[x, y] = command === 'M' ? [dx, dy] : [x + dx, y + dy]
    for (let py = y * scale; py < (y + 1) * scale; py++) {
      for (let px = x * scale; px < (x + 1) * scale; px++)
        data.fill(0, (py * width + px) * 4, (py * width + px) * 4 + 3)
    }
  }
  return { width, height: width, data }
}

t.test('qr: an https URL of this service and nothing else (R47)', (t) => {
  const base = 'https://mail.provider.de'
  const url = `${base}/v1/mobileconfig?email=ann%40kunde.de&protocol=imap`
  const svg = writeQrSvg(url, base) ?? ''
  t.match(svg, /^<svg [^<]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  t.equal(decodeQR(pixels(svg)), url)
  const refused = [
    'http://mail.provider.de/',
    'https://evil.de/',
    'https://u:p@mail.provider.de/',
    'javascript:alert(1)',
    'mailto:ann@kunde.de',
    'x',
    `${base}/${'a'.repeat(600)}`,
  ]
  for (const text of refused) t.equal(writeQrSvg(text, base), null, text)
  t.equal(writeQrSvg(url, ''), null)
  t.equal(writeQrPng('http://mail.provider.de/', base), null)
  t.end()
})

t.test('no format lets a name break out of its place', (t) => {
  const names = [
    '<>&"\'',
    ']]>',
    'a\r\nb: c',
    '\u202eevil',
    '--><x/>',
    '%EMAILADDRESS%',
    '\u0000',
    'x'.repeat(10_000),
  ]
  for (const name of names) {
    const provider = { id: 'x', name, documentation: [{ url: 'https://a.de/?"<>&=\'', language: 'de' }] }
    const discovery = sampleDiscovery({ provider })
    const ann = email('"a<b>&c"@kunde.de')
    const bytes = (text: string | null | undefined) => new TextEncoder().encode(text ?? '')
    const context = { domain: host('kunde.de'), source: 'operator', sentAddress: ann.address } as const
    const label = JSON.stringify(name.slice(0, 20))
    const autoconfig = readAutoconfig(bytes(writeAutoconfig(settingsView(discovery, ann))), context)
    t.equal(autoconfig.ok && autoconfig.document.servers[0]?.username, '"a<b>&c"@kunde.de', label)
    const autodiscover = readAutodiscover(bytes(writeAutodiscover(settingsView(discovery, ann))), context)
    t.equal(autodiscover.kind === 'settings' && autodiscover.servers[0]?.username, '%EMAILADDRESS%')
    const pacc = readPacc(bytes(writePacc(settingsView(discovery, null))?.body), context)
    t.equal(pacc.ok && pacc.document.servers.length, 3)
    t.equal(zone({}, { provider }).split('\n').length, 12, 'one record per line')
    const texts = { displayName: name, description: name, organization: name }
    const view = settingsView(discovery, ann)
    const profile = writeMobileconfig(view, { protocol: 'imap', texts })
    for (const written of [writeAutoconfig(view) ?? '', profile.ok ? profile.body : '']) {
      t.not(written, '')
      t.notMatch(written, /\u202e|\r|<x\/>|\]\]>|x{201}/, label)
      t.notOk(written.includes('\u0000'))
    }
  }
  t.end()
})
