/** What comes over sockets: DNS messages, mail servers' lines, HTTP headers and bodies. */
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { encode, type Packet } from 'dns-packet'
import { parseHostname } from '../../src/domain/hostname.js'
import { MAX_BODY_BYTES, readLimitedBody } from '../../src/net/body-limit.js'
import { NetError } from '../../src/net/classify-error.js'
import { readReply, shownName } from '../../src/net/dns-answer.js'
import {
  decodeReply,
  encodeQuestion,
  isTruncated,
  matchReply,
  type QuestionType,
  rcodeName,
} from '../../src/net/dns-message.js'
import { freshness, MAX_TTL_SECONDS } from '../../src/net/http-freshness.js'
import { checkUrl, MAX_URL_LENGTH } from '../../src/net/http-url.js'
import { imapSpeech } from '../../src/net/imap-speech.js'
import { openDialogue } from '../../src/net/mail-dialogue.js'
import { printable, saslNames } from '../../src/net/mail-proof.js'
import type { MailProtocolSpeech } from '../../src/net/mail-protocol.js'
import { managesieveSpeech } from '../../src/net/managesieve-speech.js'
import { pop3Speech } from '../../src/net/pop3-speech.js'
import { smtpSpeech } from '../../src/net/smtp-speech.js'
import { orderSrv } from '../../src/sources/srv-order.js'
import type { FuzzTarget } from '../target.js'
import { mustBeShowable } from './promises.js'

const NAME = '_imaps._tcp.kunde.de'
const QUESTION_TYPES: readonly QuestionType[] = ['A', 'AAAA', 'MX', 'SRV', 'TXT']

function reply(answers: NonNullable<Packet['answers']>): Uint8Array {
  return encode({
    type: 'response',
    id: 0,
    flags: 0x180,
    questions: [{ type: 'SRV', name: NAME }],
    answers,
    authorities: [
      {
        type: 'SOA',
        name: 'kunde.de',
        ttl: 60,
        data: { mname: 'a.de', rname: 'b.de', serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 60 },
      },
    ],
  })
}

export const dnsTarget: FuzzTarget = {
  name: 'dns',
  seeds: () => [
    reply([
      {
        type: 'SRV',
        name: NAME,
        ttl: 300,
        data: { priority: 0, weight: 5, port: 993, target: 'i.kunde.de' },
      },
    ]),
    reply([
      { type: 'CNAME', name: NAME, ttl: 300, data: 'x.kunde.de' },
      { type: 'MX', name: 'x.kunde.de', ttl: 1, data: { preference: 1, exchange: 'mx.kunde.de' } },
      { type: 'TXT', name: NAME, ttl: 1, data: ['v=UAAC1', 'x'] },
      { type: 'A', name: NAME, ttl: 1, data: '192.0.2.1' },
      { type: 'AAAA', name: NAME, ttl: 1, data: '2001:db8::1' },
    ]),
    reply([]),
    encodeQuestion({ name: NAME, type: 'SRV', wantsAd: true }, 0),
  ],
  run(bytes) {
    const message = Buffer.from(bytes)
    const asked = encodeQuestion({ name: NAME, type: 'SRV', wantsAd: true }, 0)
    // Only a message that holds our very question answers it.
    if (matchReply(message, asked) !== 'no') {
      assert.ok(message.toString('latin1').toLowerCase().includes('\u0006_imaps\u0004_tcp\u0005kunde'))
    }
    isTruncated(message)
    const decoded = decodeReply(message)
    if (decoded === null) return
    rcodeName(decoded.rcode)
    assert.ok(decoded.answers.length + decoded.authorities.length <= 1000)
    for (const type of QUESTION_TYPES) {
      const reading = readReply(decoded, { name: NAME, type, wantsAd: false }, new Set())
      if (reading.kind === 'failed') continue
      assert.ok(reading.ttlSeconds >= 0 && reading.ttlSeconds <= 86_400, `a TTL of ${reading.ttlSeconds}`)
      if (reading.kind !== 'found') continue
      const records = reading.records.flatMap((record) => (record.type === 'SRV' ? [record.data] : []))
      const srv = records.map(({ priority = 0, weight = 0, port, target }) => ({
        priority,
        weight,
        port,
        target: shownName(target),
      }))
      for (const { target } of srv) assert.match(target, /^[a-z0-9._?-]*$/)
      const ordered = orderSrv(srv, () => 0.5)
      assert.equal(ordered.length, srv.length, 'none lost, none doubled')
      assert.ok(
        ordered.every((record, at) => at === 0 || (ordered[at - 1]?.priority ?? 0) <= record.priority),
      )
    }
  },
}

const SPEECHES: readonly MailProtocolSpeech[] = [
  imapSpeech,
  pop3Speech,
  smtpSpeech('[127.0.0.1]'),
  managesieveSpeech,
]

/** The first octet chooses the protocol, the rest is all that the server ever says. */
export const mailTarget: FuzzTarget = {
  name: 'mail',
  seeds: () => [
    '0* OK ready\r\n* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\na1 OK done\r\na2 OK begin TLS\r\n',
    '1+OK ready\r\n+OK list\r\nSTLS\r\nUSER\r\nSASL PLAIN LOGIN\r\n.\r\n+OK begin\r\n',
    '2220 ready\r\n250-mail.kunde.de\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n220 go\r\n',
    '3"IMPLEMENTATION" "x"\r\n"SASL" "PLAIN"\r\n"STARTTLS"\r\nOK\r\nOK begin\r\n',
  ],
  async run(bytes) {
    const speech = SPEECHES[(bytes[0] ?? 0) % SPEECHES.length] ?? imapSpeech
    const sent: string[] = []
    const socket = new Duplex({
      read: () => undefined,
      write(chunk: Buffer, _encoding, done) {
        sent.push(chunk.toString())
        done()
      },
    })
    socket.push(bytes.subarray(1))
    socket.push(null)
    const dialogue = openDialogue(socket as unknown as Socket, {
      signal: new AbortController().signal,
      stepTimeoutMs: 60_000,
    })
    try {
      await speech.greet(dialogue, 'starttls')
      const capabilities = await speech.capabilities(dialogue)
      if (speech.offersStartTls(capabilities) && (await speech.startTls(dialogue))) dialogue.hasLeftover()
      for (const text of printable(capabilities)) mustBeShowable(text, 200)
      for (const name of saslNames(speech.saslMechanisms(capabilities)))
        assert.match(name, /^[A-Z0-9_-]{1,40}$/)
    } catch (error) {
      // What the server does wrong has its class; anything else is a bug of ours.
      if (!(error instanceof NetError)) throw error
    } finally {
      dialogue.release()
      socket.destroy()
    }
    assert.ok(
      sent.every((line) => /^[^\r\n]{1,60}\r\n$/.test(line)),
      'one command per line',
    )
    assert.doesNotMatch(sent.join(''), /AUTH|LOGIN|USER|PASS/, 'nobody logs in (R34)')
  },
}

/** Lines: Cache-Control, Expires, Date, Location. */
export const headersTarget: FuzzTarget = {
  name: 'headers',
  seeds: () => [
    'max-age=600, must-revalidate\nThu, 01 Dec 2026 16:00:00 GMT\nThu, 01 Dec 2026 15:00:00 GMT\nhttps://a.kunde.de/x?y#z',
    'no-store,s-maxage="5"\n0\n\n/relative/../x',
    '\n\n\nhttps://0x7f000001/\nhttps://ann:x@kunde.de:8443/',
  ],
  run(bytes) {
    const [cacheControl = '', expires = '', date = '', location = ''] = Buffer.from(bytes)
      .toString('latin1')
      .split('\n')
    const seconds = freshness({ cacheControl, expires, date }, 0)
    assert.ok(seconds === null || (Number.isInteger(seconds) && seconds >= 0 && seconds <= MAX_TTL_SECONDS))
    const checked = checkUrl(location, false, new URL('https://autoconfig.kunde.de/mail/config-v1.1.xml'))
    if (!checked.ok) return
    const { url, hostname } = checked.value
    assert.ok(url.protocol === 'https:' && url.port === '' && url.username === '' && url.hash === '')
    assert.equal(parseHostname(hostname), hostname)
    assert.ok(location.length <= MAX_URL_LENGTH)
  },
}

const CODINGS = ['', 'gzip', 'br', 'deflate', 'identity', 'gzip, gzip']

/** The first octet chooses the content coding. */
export const bodyTarget: FuzzTarget = {
  name: 'body',
  seeds: () => [
    '\u0000plain',
    Buffer.concat([Buffer.from([1]), gzipSync('x'.repeat(100_000))]),
    Buffer.concat([Buffer.from([1]), gzipSync('<clientConfig/>')]),
  ],
  async run(bytes) {
    const encoding = CODINGS[(bytes[0] ?? 0) % CODINGS.length] ?? ''
    try {
      const body = await readLimitedBody(once(bytes.subarray(1)), { encoding, length: '' })
      assert.ok(body.length <= MAX_BODY_BYTES)
    } catch (error) {
      if (!(error instanceof NetError)) throw error
    }
  },
}

// eslint-disable-next-line @typescript-eslint/require-await -- an iterable of the kind that streams are
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
