/** Configuration files of somebody who means harm, as octets, and whether anything may be read from them (R12, R21, R25). */
import { autoconfigXml } from '../lab/documents.js'

export interface BadDocument {
  readonly name: string
  readonly octets: Buffer
  /** `nothing`: the file is refused whole; `servers`: it is a file all the same, and says what a good one says. */
  readonly gives: 'nothing' | 'servers'
}

export const GOOD_HOST = 'imap.somebody.de'
const GOOD = autoconfigXml('somebody.de', [
  { type: 'imap', hostname: GOOD_HOST, port: 993, socketType: 'SSL' },
  { type: 'smtp', hostname: GOOD_HOST, port: 465, socketType: 'SSL' },
])
const [DECLARATION = ''] = GOOD.split('\n', 1)
const BODY = GOOD.slice(DECLARATION.length + 1)

const documents: BadDocument[] = []
const refused = (name: string, text: string | Buffer) =>
  documents.push({ name, octets: Buffer.from(text), gives: 'nothing' })
const read = (name: string, text: string | Buffer) =>
  documents.push({ name, octets: Buffer.from(text), gives: 'servers' })
/** The good file with something in the place of a host name, which costs that server alone, or behind the first tag. */
const inside = (text: string) => GOOD.replace('<clientConfig version="1.1">', `$&${text}`)
const asHost = (text: string) => GOOD.replaceAll(`<hostname>${GOOD_HOST}`, `<hostname>${text}`)

read('a good one', GOOD)

/* DTDs and entities */
const lol = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')
for (const [name, prolog] of Object.entries({
  'a bare DOCTYPE': '<!DOCTYPE clientConfig>',
  'a DOCTYPE in small letters': '<!doctype clientConfig>',
  'a billion laughs': `<!DOCTYPE x [<!ENTITY l0 "lol">${lol}]>`,
  'quadratic blow-up': `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(50_000)}">]>`,
  'a file': '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
  'a URL': '<!DOCTYPE x [<!ENTITY f SYSTEM "http://169.254.169.254/latest/meta-data/">]>',
  'a DTD elsewhere': '<!DOCTYPE x SYSTEM "https://evil.example/x.dtd">',
  'a public DTD': '<!DOCTYPE x PUBLIC "-//X//Y" "http://127.0.0.1/x.dtd">',
  'a parameter entity': '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/"> %p;]>',
  'an entity without DOCTYPE': '<!ENTITY f "x">',
  'a DOCTYPE behind a comment': '<!-- x --><!DOCTYPE x [<!ENTITY f "x">]>',
  'a DOCTYPE behind an instruction': '<?x y?><!DOCTYPE x [<!ENTITY f "x">]>',
  'a notation': '<!DOCTYPE x [<!NOTATION n SYSTEM "x">]>',
  'a default attribute': '<!DOCTYPE x [<!ATTLIST incomingServer type CDATA "imap">]>',
})) {
  refused(name, `${DECLARATION}\n${prolog}\n${BODY.replace(GOOD_HOST, '&f;')}`)
  refused(`${name}, inside`, inside(prolog))
}
for (const reference of [
  '&f;',
  '&l9;',
  '&#0;',
  '&#x0;',
  '&#xFFFE;',
  '&#55296;',
  '&#99999999999;',
  '&#x110000;',
  '&amp',
  '&;',
  '&&',
  '%p;',
]) {
  refused(`a reference ${reference} as host`, asHost(reference))
}
refused('20,000 references too many', inside(`<x>${'&#65;'.repeat(21_000)}</x>`))

/* Size and shape */
refused('10,000 deep', inside('<a>'.repeat(10_000) + '</a>'.repeat(10_000)))
refused('21 deep', inside('<a>'.repeat(21) + '</a>'.repeat(21)))
refused('40,000 tags that never close', inside('<a>'.repeat(40_000)))
refused('5 MB', Buffer.concat([Buffer.from(GOOD), Buffer.alloc(5 << 20, 0x20)]))
refused('5 MB of elements', inside('<a/>'.repeat(1_300_000)))
refused('30,000 elements', inside('<a/>'.repeat(30_000)))
refused(
  '100,000 attributes',
  inside(`<a ${Array.from({ length: 12_000 }, (_, i) => `a${i}=""`).join(' ')}/>`),
)
refused('one attribute of 100 kB', inside(`<a b="${'x'.repeat(100_000)}"/>`))
refused('a name of 100 kB', inside(`<${'x'.repeat(100_000)}/>`))
read('a comment of 100 kB', inside(`<!--${'x'.repeat(100_000)}-->`))
read('CDATA of 100 kB', inside(`<x><![CDATA[${'<'.repeat(100_000)}]]></x>`))
read('an instruction of 100 kB', inside(`<?x ${'y'.repeat(100_000)}?>`))
read('a DOCTYPE within a comment', inside('<!-- <!DOCTYPE x [<!ENTITY f "x">]> -->'))
read(
  'an XInclude',
  inside('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
)
read('a style sheet', `${DECLARATION}\n<?xml-stylesheet href="http://127.0.0.1/x.xsl"?>\n${BODY}`)
for (const cut of [0.1, 0.3, 0.5, 0.7, 0.9, 0.99]) {
  refused(`cut off at ${cut * 100} %`, GOOD.slice(0, Math.floor(GOOD.length * cut)))
}
refused('two roots', GOOD + BODY)
refused('text behind the end', `${GOOD}x`)
refused('a comment that never ends', inside('<!--'))
refused('CDATA that never ends', inside('<![CDATA['))
refused('an instruction that never ends', inside('<?x'))
refused('a quote that never ends', inside('<a b="'))
refused('the wrong end tag', GOOD.replace('</emailProvider>', '</emailprovider>'))
refused('nothing', '')
refused('spaces', ' '.repeat(1000))
refused('a zip file', Buffer.from('504b0304140000000800', 'hex'))
refused('an HTML page', '<!doctype html><title>x</title>')
refused('an XHTML page', `${DECLARATION}<html xmlns="http://www.w3.org/1999/xhtml"/>`)
refused('plain text', 'imap.somebody.de:993')

/* Encodings */
const utf16le = Buffer.from(GOOD.replace('UTF-8', 'UTF-16'), 'utf16le')
const utf32 = Buffer.from(Uint32Array.from(GOOD, (letter) => letter.charCodeAt(0)).buffer)
const mark = {
  utf8: Buffer.from('efbbbf', 'hex'),
  le: Buffer.from('fffe', 'hex'),
  be: Buffer.from('feff', 'hex'),
}
read('a byte order mark', Buffer.concat([mark.utf8, Buffer.from(GOOD)]))
read('two byte order marks', Buffer.concat([mark.utf8, mark.utf8, Buffer.from(GOOD)]))
refused('UTF-16, little end', Buffer.concat([mark.le, utf16le]))
refused('UTF-16, big end', Buffer.concat([mark.be, Buffer.from(utf16le).swap16()]))
refused('UTF-16 without a mark', utf16le)
refused('UTF-32', utf32)
refused('UTF-7', '+ADw-clientConfig version=+ACI-1.1+ACIAPg-')
const latin = Buffer.from(GOOD.replace('UTF-8', 'ISO-8859-1').replace('Lab mail', 'Caf\u00e9'), 'latin1')
read('ISO-8859-1 that says so', latin)
refused('ISO-8859-1 that says UTF-8', Buffer.from(GOOD.replace('Lab mail', 'Caf\u00e9'), 'latin1'))
for (const [name, hex] of Object.entries({
  'an overlong slash': 'c0af',
  'an overlong NUL': 'c080',
  'half a surrogate': 'eda080',
  'beyond Unicode': 'f4908080',
  'a lone continuation': '80',
  'a cut-off letter': 'e282',
  'five octets': 'f888808080',
  NUL: '00',
  'a form feed': '0c',
  'U+FFFE': 'efbfbe',
})) {
  const [before = '', after = ''] = GOOD.split('Lab mail')
  refused(
    `${name} in the text`,
    Buffer.concat([Buffer.from(before), Buffer.from(hex, 'hex'), Buffer.from(after)]),
  )
}
for (const encoding of ['UTF-16', 'UTF-7', 'EBCDIC-CP-US', 'x'.repeat(200), 'utf-8" standalone="yes']) {
  read(`UTF-8 that says ${encoding.slice(0, 20)}`, GOOD.replace('UTF-8', encoding))
}

/* Names of the language's own, and what JSON does with them */
/** The parser refuses these three by itself. */
const REFUSED_NAMES = ['__proto__', 'constructor', 'prototype']
for (const name of [...REFUSED_NAMES, 'hasOwnProperty', 'toString', '__defineGetter__']) {
  const judged = REFUSED_NAMES.includes(name) ? refused : read
  judged(`elements called ${name}`, inside(`<${name} polluted="1"><polluted>1</polluted></${name}>`))
  judged(`attributes called ${name}`, inside(`<x ${name}="polluted"/>`))
  refused(
    `JSON: ${name}`,
    JSON.stringify({ protocols: { imap: { host: 1 } } }).replace('"imap"', `"${name}"`),
  )
  refused(`JSON: ${name} on top`, `{"${name}":{"polluted":1,"protocols":{"imap":{"host":"imap.evil.de"}}}}`)
}
for (const [name, text] of Object.entries({
  'JSON: 10,000 arrays': '['.repeat(10_000) + ']'.repeat(10_000),
  'JSON: 60,000 arrays that never close': '['.repeat(60_000),
  'JSON: 10,000 objects': `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  'JSON: brackets in a text': JSON.stringify({ x: '['.repeat(50_000) }),
  'JSON: 20,000 members': JSON.stringify(
    Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`k${i}`, i])),
  ),
  'JSON: the same member often': `{${'"protocols":{"imap":{}},'.repeat(4000)}"x":1}`,
  'JSON: a number of 100,000 digits': `{"protocols":${'9'.repeat(100_000)}}`,
  'JSON: 1e999': '{"protocols":{"imap":{"host":1e999}}}',
  'JSON: NaN': '{"protocols":NaN}',
  'JSON: a comment': '{/* x */"protocols":{}}',
  'JSON: half a surrogate': '{"protocols":{"imap":{"host":"\\ud800.de"}}}',
  'JSON: NUL': '{"protocols":{"imap":{"host":"imap\\u0000.de"}}}',
  'JSON: a byte order mark': '\ufeff{"protocols":{}}',
  'JSON: UTF-16': Buffer.from('{"protocols":{}}', 'utf16le').toString('latin1'),
  'JSON: null': 'null',
  'JSON: an array': '[{"protocols":{}}]',
  'JSON: two values': '{}{}',
  'JSON: objects for texts': '{"protocols":{"imap":{"host":{"toString":"x"}}},"issuer":{},"resource":[]}',
})) {
  refused(name, text)
}

export const BAD_DOCUMENTS: readonly BadDocument[] = documents
