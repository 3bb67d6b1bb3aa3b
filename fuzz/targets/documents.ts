/** Documents that strangers' web servers hand out: XML, JSON and the formats on top of them. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readAutoconfig } from '../../src/formats/autoconfig-read.js'
import { readAutodiscover, writeAutodiscoverRequest } from '../../src/formats/autodiscover-read.js'
import { readAutodiscoverRequest } from '../../src/formats/autodiscover-write.js'
import { member, readJson, textMember } from '../../src/formats/json-document.js'
import { digestMatches, readPacc } from '../../src/formats/pacc.js'
import { readXml, writeXml, type XmlElement, type XmlNode } from '../../src/formats/xml.js'
import type { FuzzTarget } from '../target.js'
import {
  knownHost,
  mustBeHttps,
  mustBeOAuth2,
  mustBeProvider,
  mustBeRejected,
  mustBeServers,
  mustBeShowable,
} from './promises.js'

const DOMAIN = knownHost('kunde.de')
/** Of readers that take up to 24 servers and note one more. */
const MAX_SERVERS = 24

export function fixture(name: string): Uint8Array {
  return readFileSync(new URL(`../../test/fixtures/${name}`, import.meta.url))
}

export const xmlTarget: FuzzTarget = {
  name: 'xml',
  seeds: () => [
    fixture('autoconfig-1.2-2026-11-23.xml'),
    '<?xml version="1.0" encoding="ISO-8859-1"?><a b="c&#228;">\n<!-- x --><![CDATA[<>]]>&amp;<d:e xmlns:d="u"/></a>',
  ],
  run(bytes) {
    const read = readXml(bytes)
    if (!read.ok) {
      assert.equal(read.failure.code, 'document')
      return
    }
    mustBeShallow(read.root, 20)
    // What came in can go out again, and is the same when it comes back: no text becomes markup on the way.
    const written = toNode(read.root)
    if (written === null) return
    const again = readXml(Buffer.from(writeXml(written)))
    // Escaping can push a document over the limits of reading; what is read must be equal.
    if (again.ok) assert.deepEqual(toNode(again.root), written)
  },
}

function mustBeShallow(element: XmlElement, depth: number): void {
  assert.ok(depth > 0, 'nested too deeply')
  assert.ok(!element.name.includes(':'), 'a local name')
  for (const one of element.children) mustBeShallow(one, depth - 1)
}

/** What our formats are made of: elements with either text or children, texts of one line. */
function toNode({ name, attributes, children, text }: XmlElement): XmlNode | null {
  const plain = [...attributes].filter(([key]) => /^[A-Za-z][A-Za-z0-9]*$/.test(key) && key !== 'xmlns')
  const content = children.map(toNode)
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name) || content.some((node) => node === null)) return null
  const clean = (value: string) =>
    value
      .replace(/[\t\r\n]+/g, ' ')
      .replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '')
      .trim()
  return {
    name,
    attributes: Object.fromEntries(plain.map(([key, value]) => [key, clean(value)])),
    content: content.length > 0 ? content.filter((node) => node !== null) : clean(text),
  }
}

export const jsonTarget: FuzzTarget = {
  name: 'json',
  seeds: () => [fixture('pacc-2026-11-23.json'), '{"a":{"b":[1,{"c":"\\u00e4\\""}]},"__proto__":{"x":1}}'],
  run(bytes) {
    const read = readJson(bytes)
    if (!read.ok) return
    const polluted = textMember(read.value, '__proto__', 'polluted')
    assert.ok(polluted === null || Object.hasOwn(read.value as object, '__proto__'))
    for (const name of ['constructor', 'toString', 'hasOwnProperty']) {
      const found = member(read.value, name)
      assert.ok(typeof found !== 'function', 'inherited members are not seen')
    }
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
  },
}

export const autoconfigTarget: FuzzTarget = {
  name: 'autoconfig',
  seeds: () => [
    fixture('autoconfig-1.1-2026-11-23.xml'),
    fixture('autoconfig-1.2-2026-11-23.xml'),
    fixture('autoconfig-written-2026-11-23.xml'),
  ],
  run(bytes) {
    const read = readAutoconfig(bytes, { domain: DOMAIN, source: 'autoconfig' })
    if (!read.ok) return
    const { provider, servers, rejected, oauth2, notices, webMail } = read.document
    mustBeProvider(provider)
    mustBeServers(servers, MAX_SERVERS)
    mustBeRejected(rejected)
    mustBeOAuth2(oauth2)
    assert.ok(servers.length + rejected.length <= MAX_SERVERS + 1, 'no more places than may be probed')
    assert.ok(notices.length <= 20)
    for (const { params, url } of notices) {
      for (const text of Object.values(params ?? {})) mustBeShowable(text, 500)
      if (url !== undefined) mustBeHttps(url)
    }
    if (webMail !== null) mustBeHttps(webMail)
  },
}

export const autodiscoverTarget: FuzzTarget = {
  name: 'autodiscover',
  seeds: () => [
    fixture('autodiscover-exchange-2026-11-23.xml'),
    fixture('autodiscover-written-2026-11-23.xml'),
    '<Autodiscover><Response><Account><Action>redirectUrl</Action><RedirectUrl>https://a.de/x</RedirectUrl></Account></Response></Autodiscover>',
    '<Autodiscover><Response><Account><Action>redirectAddr</Action><RedirectAddr>a@b.de</RedirectAddr></Account></Response></Autodiscover>',
    '<Autodiscover><Response><Error><ErrorCode>500</ErrorCode><Message>x</Message></Error></Response></Autodiscover>',
  ],
  run(bytes) {
    const answer = readAutodiscover(bytes, {
      domain: DOMAIN,
      source: 'autodiscover',
      sentAddress: 'ann@kunde.de',
    })
    if (answer.kind === 'settings') {
      // Exchange names a few addresses per protocol.
      mustBeServers(answer.servers, 5000)
      mustBeRejected(answer.rejected)
    } else if (answer.kind === 'redirect-url') mustBeHttps(answer.url)
    else if (answer.kind === 'error') mustBeShowable(answer.message, 200)
  },
}

export const autodiscoverRequestTarget: FuzzTarget = {
  name: 'autodiscover-request',
  seeds: () => [
    writeAutodiscoverRequest('ann@kunde.de'),
    writeAutodiscoverRequest('ann@kunde.de').replace(
      'outlook/responseschema/2006a',
      'mobilesync/responseschema/2006',
    ),
  ],
  run(bytes) {
    const request = readAutodiscoverRequest(bytes)
    if (request.kind === 'error') return
    mustBeShowable(request.address.address, 254)
    const again = readAutodiscoverRequest(Buffer.from(writeAutodiscoverRequest(request.address.address)))
    assert.ok(again.kind === 'outlook' && again.address.address === request.address.address)
  },
}

/** The first line is the TXT record, the rest the document. */
export const paccTarget: FuzzTarget = {
  name: 'pacc',
  seeds: () => {
    const body = fixture('pacc-2026-11-23.json')
    const record = `v=UAAC1; a=sha256; d=${createHash('sha256').update(body).digest('base64')}\n`
    return [Buffer.concat([Buffer.from(record), body])]
  },
  run(bytes) {
    const end = bytes.indexOf(0x0a)
    const record = Buffer.from(bytes.subarray(0, Math.max(0, end))).toString('latin1')
    const body = bytes.subarray(end + 1)
    const digest = createHash('sha256').update(body).digest('base64')
    // What matches names the very digest; nothing else may (R29).
    if (digestMatches(body, [record])) assert.ok(record.includes(digest))
    const read = readPacc(body, { domain: DOMAIN, source: 'pacc' })
    if (!read.ok) return
    mustBeServers(read.document.servers, 7)
    mustBeRejected(read.document.rejected)
    mustBeProvider(read.document.provider)
    mustBeOAuth2(read.document.oauth2)
  },
}
