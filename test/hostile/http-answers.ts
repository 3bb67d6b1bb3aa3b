/** Answers that no web server should give, as octets on the wire, and what may become of each. */
import type { Duplex } from 'node:stream'
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { httpAnswer } from './world.js'

/** Octets, after which the server hangs up, or anything else that it does with the connection. */
export type Answer = string | Buffer | ((stream: Duplex) => void)
export interface HttpCase {
  readonly name: string
  readonly answer: Answer
  /** What the outcome must read like: `found 200 <body>`, `absent 404`, `failed <code>: <detail>`. */
  readonly wanted: RegExp
}

/** Stands in everything that must never be taken for the answer. */
export const POISON = 'POISON'

const TOO_LARGE = /^failed too-large/
const DOCUMENT = /^failed document/
const PROTOCOL = /^failed protocol/
const FAILED = /^failed (protocol|unreachable|too-large|document|http-status|redirect)/
const ANY = /^(found|absent|failed) /
const GOOD = /^found 200 good$/

const cases: HttpCase[] = []
export const HTTP_CASES: readonly HttpCase[] = cases
const add = (name: string, wanted: RegExp, answer: Answer) => cases.push({ name, wanted, answer })
const ok = (headers: string, body: string | Buffer = '') =>
  Buffer.concat([Buffer.from(`HTTP/1.1 200 X\r\n${headers}\r\n`, 'latin1'), Buffer.from(body)])
const second = `HTTP/1.1 200 X\r\ncontent-length: 6\r\n\r\n${POISON}`
const good = `content-length: 4\r\n`

/* Content codings */
const zeros = Buffer.alloc(24 << 20)
const coders = {
  gzip: (data: Buffer) => gzipSync(data),
  br: (data: Buffer) => brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  deflate: (data: Buffer) => deflateSync(data),
}
const coded = (coding: string, data: Buffer) => httpAnswer(200, { 'content-encoding': coding }, data)
const small = Buffer.from('good')
for (const [coding, code] of Object.entries(coders)) {
  const bomb = code(zeros)
  add(`${coding} bomb of 24 MB`, TOO_LARGE, coded(coding, bomb))
  add(
    `${coding} bomb, cut off`,
    /^failed (too-large|document)/,
    coded(coding, bomb.subarray(0, bomb.length >> 1)),
  )
  add(`${coding} within ${coding}, said once`, /^found 200 /, coded(coding, code(code(small))))
  add(`${coding} of noise`, DOCUMENT, coded(coding, Buffer.alloc(2000, 0x9d)))
  add(`${coding} of nothing`, DOCUMENT, coded(coding, code(small).subarray(0, 3)))
}
for (const coding of [
  'gzip, gzip',
  'gzip,br',
  'br, gzip',
  'gzip;q=1',
  'gzip, identity',
  'identity, gzip',
  'compress',
  'zstd',
  'aes128gcm',
  'dcb',
  '*',
  'gzip gzip',
  `gzip${','.repeat(500)}`,
  '__proto__',
  'constructor',
  'toString',
]) {
  add(`content coding "${coding.slice(0, 20)}"`, DOCUMENT, coded(coding, gzipSync(gzipSync(zeros))))
}
add(
  'two lines of content coding',
  DOCUMENT,
  ok('content-encoding: gzip\r\ncontent-encoding: gzip\r\nconnection: close\r\n', gzipSync(gzipSync(zeros))),
)
const empty = gzipSync(Buffer.alloc(0))
add(
  '5,000 empty gzip members',
  /^(found 200 $|failed)/,
  coded('gzip', Buffer.concat(Array.from({ length: 5000 }, () => empty))),
)
add(
  'a good gzip member and a bomb',
  TOO_LARGE,
  coded('gzip', Buffer.concat([gzipSync(small), gzipSync(zeros)])),
)
add('gzip with noise behind', ANY, coded('gzip', Buffer.concat([gzipSync(small), Buffer.alloc(50_000, 7)])))
const wrongSum = gzipSync(small)
wrongSum.writeUInt32LE(1, wrongSum.length - 8)
add('gzip with a wrong checksum', DOCUMENT, coded('gzip', wrongSum))
const nameless = Buffer.concat([Buffer.from('1f8b0808000000000003', 'hex'), Buffer.alloc(100_000, 0x61)])
add('gzip whose file name never ends', DOCUMENT, coded('gzip', nameless))
add('raw deflate', DOCUMENT, coded('deflate', deflateRawSync(small)))

/* How long a body is */
add('more octets than said', GOOD, ok(good, `good${second}`))
add('a second answer behind the first', GOOD, ok(good, `good\r\n${second}`))
for (const length of [
  '-1',
  '+4',
  '0x4',
  '4, 5',
  '4 4',
  '1e3',
  'four',
  '',
  '4;',
  '\u00b2',
  '18446744073709551616',
  '99999999999999999999999',
]) {
  add(`content-length "${length}"`, FAILED, ok(`content-length: ${length}\r\n`, `good${second}`))
}
add(
  'content-length of 2^53',
  /^failed (too-large|protocol)/,
  ok('content-length: 9007199254740993\r\n', 'good'),
)
add('two content-lengths', PROTOCOL, ok('content-length: 4\r\ncontent-length: 10\r\n', `good${POISON}`))
const chunked = (size: string, rest = '') =>
  ok('transfer-encoding: chunked\r\n', `${size}\r\ngood\r\n0\r\n\r\n${rest}`)
add('chunks, and a second answer behind', GOOD, chunked('4', second))
for (const [name, headers] of [
  ['length, then chunked', 'content-length: 4\r\ntransfer-encoding: chunked\r\n'],
  ['chunked, then length', 'transfer-encoding: chunked\r\ncontent-length: 4\r\n'],
  ['chunked, not last', 'transfer-encoding: chunked, gzip\r\ncontent-length: 4\r\n'],
  ['a space before the colon', 'transfer-encoding : chunked\r\ncontent-length: 4\r\n'],
] as const) {
  add(`both: ${name}`, PROTOCOL, ok(headers, `4\r\ngood\r\n0\r\n\r\n${second}`))
}
for (const coding of [
  'xchunked',
  'identity',
  'chunked, chunked',
  'chunked;x=1',
  'gzip, chunked',
  '\u000bchunked',
  'chunked\u0000',
  '"chunked"',
  'CHUNKED',
  ',chunked',
]) {
  add(`transfer-encoding "${coding}"`, ANY, ok(`transfer-encoding: ${coding}\r\n`, '4\r\ngood\r\n0\r\n\r\n'))
}
for (const size of [
  'zz',
  '-1',
  '0x4',
  'ffffffffffffffff',
  '1'.repeat(100),
  ' 4',
  '4g',
  '',
  '4\u0000',
  '4;',
  '+4',
]) {
  add(`a chunk of size "${size.slice(0, 20)}"`, ANY, chunked(size, second))
}
add('a chunk extension of 1 MB', ANY, chunked(`4;x=${'y'.repeat(1 << 20)}`))
add(
  'chunks of one octet, 200,000 of them',
  TOO_LARGE,
  ok('transfer-encoding: chunked\r\n', '1\r\nx\r\n'.repeat(200_000)),
)
add('no line end behind a chunk', FAILED, ok('transfer-encoding: chunked\r\n', '4\r\ngood0\r\n\r\n'))
add(
  'trailers of 1 MB',
  ANY,
  ok('transfer-encoding: chunked\r\n', `4\r\ngood\r\n0\r\n${'x: y\r\n'.repeat(170_000)}\r\n`),
)
add('chunks that end in the middle', /^failed unreachable/, ok('transfer-encoding: chunked\r\n', '4\r\ngo'))
add('5 MB, length given', TOO_LARGE, httpAnswer(200, {}, Buffer.alloc(5 << 20, 0x20)))
add('5 MB until it hangs up', TOO_LARGE, ok('', Buffer.alloc(5 << 20, 0x20)))
for (const status of [204, 205, 304]) {
  add(`${status} with a body`, ANY, Buffer.from(`HTTP/1.1 ${status} X\r\ncontent-length: 4\r\n\r\ngood`))
}

/* Status lines and headers */
for (const line of [
  'HTTP/1.1 000 X',
  'HTTP/1.1 099 X',
  'HTTP/1.1 999 X',
  'HTTP/1.1 1000 X',
  'HTTP/1.1 20 X',
  'HTTP/1.1 2\u00b20 X',
  'HTTP/1.1 200',
  'HTTP/1.1  200 X',
  'HTTP/1.0 200 X',
  'HTTP/0.9 200 X',
  'HTTP/2.0 200 X',
  'HTTP/3 200',
  'ICY 200 OK',
  'http/1.1 200 X',
  'HTTP/1.1200X',
  'GET / HTTP/1.1',
  'PRI * HTTP/2.0',
  '220 mx ESMTP',
  '* OK IMAP',
  '+OK POP3',
  'SSH-2.0-x',
  '<html>',
  '\u0000\u0000\u0000',
  `HTTP/1.1 200 ${'x'.repeat(1 << 20)}`,
  'HTTP/1.1 200 \u0000',
  'HTTP/1.1 200 X\rY',
]) {
  add(`status line "${line.slice(0, 20)}"`, ANY, `${line}\r\ncontent-length: 4\r\n\r\ngood`)
}
for (const [name, lines] of Object.entries({
  'NUL in a value': 'x: a\u0000b\r\n',
  'a lone CR': 'x: a\rcontent-length: 9\r\n',
  'a lone LF': 'x: a\nconnection: close\n',
  'no name': ': x\r\n',
  'a name with a space': 'a b: x\r\n',
  'no colon': 'nothing\r\n',
  'a folded line': 'x: a\r\n b\r\n\tc\r\n',
  '9,000 lines': 'a: b\r\n'.repeat(9000),
  'one line of 1 MB': `x: ${'y'.repeat(1 << 20)}\r\n`,
  'a name of 1 MB': `${'y'.repeat(1 << 20)}: x\r\n`,
  'cookies of 15 kB': `set-cookie: ${'y'.repeat(15_000)}\r\n`,
  'high octets': 'x: \u00ff\u00fe\u0080\r\n',
  'another protocol offered': 'upgrade: h2c\r\nconnection: upgrade\r\nalt-svc: h3=":443"\r\n',
  'a sign-in': 'www-authenticate: Basic realm="x"\r\nproxy-authenticate: NTLM\r\n',
  'a refresh': 'refresh: 0;url=https://evil.example/\r\nlink: <https://evil.example/>; rel=preload\r\n',
})) {
  add(`headers: ${name}`, ANY, ok(`${lines}${good}`, 'good'))
}
add('nine thousand empty lines in front', ANY, `${'\r\n'.repeat(9000)}HTTP/1.1 200 X\r\n${good}\r\ngood`)

/* Informational answers, other protocols */
const endless = (text: string) => (stream: Duplex) => {
  const block = Buffer.from(text.repeat(Math.ceil(16_384 / text.length)))
  const pour = () => {
    while (stream.writable && stream.write(block));
  }
  stream.on('drain', pour)
  pour()
}
for (const status of [100, 102, 103, 199]) {
  add(`${status} without end`, FAILED, endless(`HTTP/1.1 ${status} X\r\n\r\n`))
}
add(
  '103 with 1 MB of links',
  FAILED,
  `HTTP/1.1 103 X\r\nlink: ${'x'.repeat(1 << 20)}\r\n\r\nHTTP/1.1 200 X\r\n${good}\r\ngood`,
)
add('101 to HTTP/2', FAILED, 'HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n')
add(
  'HTTP/2 settings and ping',
  PROTOCOL,
  Buffer.from('000000040000000000' + '0000080600000000000000000000000000', 'hex'),
)
add('HTTP/2 GOAWAY', PROTOCOL, Buffer.from('0000080700000000000000000000000000', 'hex'))
add('headers without end', TOO_LARGE, (stream) => {
  stream.write('HTTP/1.1 200 X\r\n')
  endless('x: y\r\n')(stream)
})
add('a body without end', TOO_LARGE, (stream) => {
  stream.write('HTTP/1.1 200 X\r\n\r\n')
  endless('<x/>')(stream)
})
add('chunks without end', TOO_LARGE, (stream) => {
  stream.write('HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n')
  endless('4\r\nspam\r\n')(stream)
})
add('trailers without end', ANY, (stream) => {
  stream.write('HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n4\r\ngood\r\n0\r\n')
  endless('x: y\r\n')(stream)
})
add('a page of 404 without end', /^absent 404/, (stream) => {
  stream.write('HTTP/1.1 404 X\r\n\r\n')
  endless('<x/>')(stream)
})

/* Redirects */
const to = (...locations: string[]) =>
  `HTTP/1.1 302 X\r\n${locations.map((text) => `location: ${text}\r\n`).join('')}content-length: 0\r\n\r\n`
for (const [name, locations] of Object.entries({
  'to 1 MB': [`/${'x'.repeat(1 << 20)}`],
  'to 10 kB': [`/${'x'.repeat(10_000)}`],
  'two places': ['/a', 'https://evil.example/'],
  nowhere: [''],
  'with a line break, encoded': ['/%0d%0aset-cookie:%20x'],
  'with an encoded host': ['https://%65vil.example%2f@127.0.0.1/'],
  'to data': ['data:text/xml,<x/>'],
  'to file': ['file:///etc/passwd'],
  'to ftp': ['ftp://evil.example/'],
  'to gopher': ['gopher://127.0.0.1:25/_MAIL'],
  'to jar': ['jar:https://evil.example!/'],
  'to itself, other fragment': ['#x'],
  'to itself, by dots': ['./x/../'],
  'to a port': ['https://evil.example:8443/'],
  'to port 22 of itself': ['//:22/'],
})) {
  add(`a redirect ${name}`, /^(failed|absent)/, to(...locations))
}
