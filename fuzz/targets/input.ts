/** What clients and operators type: addresses, headers, forms, settings, provider files. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { ConfigError, readConfig } from '../../src/config.js'
import { expandTemplate, parseEmailAddress } from '../../src/domain/email-address.js'
import { mixedScriptLabels, parseHostname, registrableDomain, toUnicode } from '../../src/domain/hostname.js'
import { writeQrPng, writeQrSvg } from '../../src/formats/qr.js'
import { discoverOptionsSchema, readOptions } from '../../src/http/discover-options.js'
import { clientKey } from '../../src/http/limits/client-key.js'
import { bestOffer, negotiate } from '../../src/http/negotiate.js'
import { Problem } from '../../src/http/problem.js'
import { readQuery } from '../../src/http/query-string.js'
import { chooseLanguage, LANGUAGES } from '../../src/i18n/translate.js'
import { OPERATOR_FILES } from '../../src/operator-files.js'
import { createAddressPolicy, isIpLiteral } from '../../src/net/address-policy.js'
import { readLogins } from '../../src/providers/logins.js'
import { ProviderFileError, readEntry } from '../../src/providers/provider-file.js'
import { createProviderIndex } from '../../src/providers/provider-index.js'
import type { FuzzTarget } from '../target.js'
import { fixture } from './documents.js'
import { mustBeShowable } from './promises.js'

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString()
}

export const addressTarget: FuzzTarget = {
  name: 'address',
  seeds: () => [
    'ann+x@kunde.de',
    '"a b"@bücher.example',
    "o'hara@xn--bcher-kva.de.",
    'ann@[192.0.2.1]',
    'а@раураl.com',
  ],
  run(bytes) {
    const given = text(bytes)
    const parsed = parseEmailAddress(given)
    if (parsed.ok) {
      const { address, domain, localPart } = parsed.value
      assert.ok(Buffer.byteLength(address) <= 254)
      assert.equal(address, `${localPart}@${domain}`)
      assert.equal(parseHostname(domain), domain, 'a domain that was read is read again as itself')
      const again = parseEmailAddress(address)
      assert.ok(again.ok && again.value.address === address)
      assert.ok(given.normalize('NFC').startsWith(localPart), 'never case-folded (R1)')
      expandTemplate('%EMAILADDRESS% %EMAILLOCALPART% %EMAILDOMAIN% %X%', parsed.value)
    }
    const host = parseHostname(given)
    if (host === null) return
    assert.match(host, /^[a-z0-9.-]{3,253}$/)
    assert.ok(!isIpLiteral(host), 'never an IP literal in any spelling (R6, R8)')
    assert.equal(new URL(`https://${host}/`).hostname, host, 'a URL keeps it')
    mustBeShowable(toUnicode(host), 1000)
    assert.ok(host.endsWith(registrableDomain(host)))
    mixedScriptLabels(host)
  },
}

/** Lines: Accept, Accept-Language, `lang`, X-Forwarded-For, an address to dial. */
export const requestHeadersTarget: FuzzTarget = {
  name: 'request-headers',
  seeds: () => [
    'text/html,application/xml;q=0.9,*/*;q=0.8\nde-AT,de;q=0.9,en;q=0.5\nfr\n192.0.2.1:443\n10.0.0.1',
    'text/*;q=0,application/json;q=2\n*\n\n[2001:db8::1]:5\n::ffff:127.0.0.1',
  ],
  run(bytes) {
    const [accept, languages, lang, client = '', address = ''] = text(bytes).split('\n')
    negotiate(accept)
    const offers = { page: ['text/html'], json: ['application/json'] } as const
    assert.ok([null, 'page', 'json'].includes(bestOffer(accept, offers)))
    assert.ok(LANGUAGES.includes(chooseLanguage(lang, languages)))
    // The key of a counter: short, and one for all that is no address.
    assert.match(clientKey(client), /^(unknown|[0-9.]{7,15}|[0-9a-f:]{3,24}\/64)$/)
    if (createAddressPolicy({ allowNetworks: [] }).allows(address)) {
      assert.doesNotMatch(address, /^(10|127|192\.168|169\.254)\./)
      assert.doesNotMatch(address, /^(f[cdef]|::)/i)
    }
  },
}

export const queryTarget: FuzzTarget = {
  name: 'query',
  seeds: () => [
    'email=ann+news%40kunde.de&devices=many&lang=de&verify=never',
    'email=a@b.de&__proto__=x&constructor=1&password=x',
  ],
  run(bytes) {
    const given = text(bytes)
    for (const input of [readQuery(given), Object.fromEntries(new URLSearchParams(given))]) {
      try {
        const options = readOptions(discoverOptionsSchema, input)
        assert.equal(typeof options.email, 'string')
        assert.ok(!Object.keys(input).some((name) => /passw/i.test(name)), 'a password is never taken (R5)')
      } catch (error) {
        if (!(error instanceof Problem)) throw error
      }
    }
    assert.equal(({} as Record<string, unknown>)['email'], undefined)
  },
}

export const configTarget: FuzzTarget = {
  name: 'config',
  seeds: () => [
    'PORT=8080\nMAILSCOUT_DNS_SERVERS=127.0.0.1,[::1]:53,https://dns.kunde.de/dns-query\nMAILSCOUT_BUDGET_MS=100',
    'MAILSCOUT_TRUST_PROXY=10.0.0.0/8,loopback\nMAILSCOUT_ALLOW_NETWORKS=fd00::/8\nMAILSCOUT_SOURCES=srv,mx\nMAILSCOUT_PUBLIC_URL=https://a.de/',
  ],
  run(bytes) {
    // The operator's own words, read once: long ones may take their time.
    const pairs = text(bytes.subarray(0, 8192))
      .split('\n')
      .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
    try {
      const config = readConfig(Object.fromEntries(pairs))
      assert.ok(config.MAILSCOUT_BUDGET_MS >= 100 && config.MAILSCOUT_BUDGET_MS <= 60_000)
      assert.ok(config.PORT >= 0 && config.PORT <= 65_535)
      // What passed here must not stop the start elsewhere.
      createAddressPolicy({ allowNetworks: config.MAILSCOUT_ALLOW_NETWORKS })
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      assert.match(error.message, /^[A-Z_0-9]+|^[^\n]{1,}: /, 'one line that names the variable')
    }
  },
}

export const providerFileTarget: FuzzTarget = {
  name: 'provider-file',
  seeds: () => [
    readFileSync(new URL('../../data/providers/gmx.json', import.meta.url)),
    readFileSync(new URL('../../data/providers/zoho.json', import.meta.url)),
    fixture('autoconfig-1.1-2026-11-23.xml'),
  ],
  run(bytes) {
    const file = bytes[0] === 0x3c ? 'x.xml' : 'x.json'
    try {
      const { entry } = readEntry(bytes, file, { ...OPERATOR_FILES, now: () => 0 })
      const index = createProviderIndex([entry])
      for (const rule of entry.mx) {
        assert.ok(index.findByMx(rule.matches) !== null, 'a rule finds its own example')
      }
      for (const domain of entry.domains) assert.equal(index.findByDomain(domain), entry)
      for (const { security } of [...entry.imap, ...entry.pop3, ...entry.smtp]) {
        assert.match(security, /^(?:tls|starttls)$/, 'no entry offers cleartext (R28)')
      }
    } catch (error) {
      if (!(error instanceof ProviderFileError)) throw error
      assert.doesNotMatch(error.message, /\n/)
    }
  },
}

export const loginsTarget: FuzzTarget = {
  name: 'logins',
  seeds: () => ['# comment\nann@kunde.de\tp123456\nbob@kunde.de\tp000001\n', '\uFEFFann@kunde.de\tp12\r\n'],
  run(bytes) {
    const declaration = { file: 'x.tsv', shapes: ['p######'], secret: 's'.repeat(32) }
    const reading = readLogins(text(bytes), declaration, ['kunde.de'])
    if (!reading.ok) {
      assert.match(reading.fault.reason, /^[^\n]+$/)
      return
    }
    const nobody = parseEmailAddress('nobody-of-the-file@kunde.de')
    assert.ok(nobody.ok)
    const login = reading.lookup(nobody.value)
    assert.match(login, /^p\d{6}$/)
    assert.equal(reading.lookup(nobody.value), login)
  },
}

export const qrTarget: FuzzTarget = {
  name: 'qr',
  seeds: () => [
    'https://config.kunde.de/v1/mobileconfig?email=ann%40kunde.de&protocol=imap',
    'https://elsewhere.de/',
  ],
  run(bytes) {
    const given = text(bytes)
    const svg = writeQrSvg(given, 'https://config.kunde.de')
    const png = writeQrPng(given, 'https://config.kunde.de')
    assert.equal(svg === null, png === null)
    if (svg === null) return
    assert.equal(new URL(given).origin, 'https://config.kunde.de', 'nowhere else (R47)')
    assert.match(svg, /^<svg[^<>]*>(<path[^<>]*\/>|<\/?g[^<>]*>|<rect[^<>]*\/>)*<\/svg>$/)
    assert.ok(svg.length < 200_000 && (png?.length ?? 0) < 50_000)
  },
}
