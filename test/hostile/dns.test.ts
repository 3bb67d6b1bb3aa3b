/**
 * A name server, or somebody on the way to it, that lies (RFC 5452, RFC 1035, RFC 2181): whatever octets come, a
 * question ends in time, as found, absent or failed (R37), and what was not asked for is not believed.
 */
import { createSocket } from 'node:dgram'
import type { Socket } from 'node:net'
import { type Answer, encode, type Packet } from 'dns-packet'
import t from 'tap'
import { parseHostname } from '../../src/domain/hostname.js'
import type { Lookup } from '../../src/domain/source.js'
import { decodeReply } from '../../src/net/dns-message.js'
import { createDnsResolver } from '../../src/net/dns-resolver.js'
import { a, type Asked, cname, type Reply, reply, soa, startScriptedDns, TC } from '../net/scripted-dns.js'
import { reportUnderFire } from './under-fire.js'
import { openSockets, socketsLeft } from './world.js'

const socketsBefore = openSockets()
const crashes: unknown[] = []
const onCrash = (error: unknown) => crashes.push(error)
process.on('uncaughtExceptionMonitor', onCrash)

/** What one case says to the questions about its own domain; the TCP part replaces the usual one. */
interface Case {
  readonly says: (asked: Asked) => Reply | readonly Reply[]
  /** The outcome of `addresses`, as `summary` writes it. */
  readonly wanted: RegExp
}

const server = await startScriptedDns((asked) => {
  const found = cases[Number(/case(\d+)\.de$/.exec(asked.name)?.[1] ?? -1)]
  return found?.[1].says(asked) ?? reply(asked, { rcode: 'NXDOMAIN' })
})
const resolver = createDnsResolver({ servers: [server.address] })
/** For replies that are none, where only the end of the wait is left. */
const impatient = createDnsResolver({ servers: [server.address], attemptTimeoutMs: 200 })
const never = new AbortController().signal
const counts = { replies: 0 }

/* Octets */

interface Raw {
  readonly answers?: number
  readonly authorities?: number
  readonly additionals?: number
  readonly body?: Buffer
}
/** The header and question of a proper reply with other counts and anything behind. */
function raw(
  asked: Asked,
  { answers = 1, authorities = 0, additionals = 0, body = Buffer.alloc(0) }: Raw,
): Buffer {
  const head = encode(reply(asked))
  head.writeUInt16BE(answers, 6)
  head.writeUInt16BE(authorities, 8)
  head.writeUInt16BE(additionals, 10)
  return Buffer.concat([head, body])
}
const u16 = (...values: number[]): Buffer =>
  Buffer.from(values.flatMap((value) => [(value >> 8) & 255, value & 255]))
const pointer = (offset: number): Buffer => u16(0xc000 | offset)
/** The question's own name stands behind the header. */
const ASKED_NAME = pointer(12)
const TYPES: Readonly<Record<string, number>> = {
  A: 1,
  CNAME: 5,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
}
/** A record with the asked type whose every part may be wrong. */
function record(
  asked: Asked,
  parts: { owner?: Buffer; type?: number; klass?: number; ttl?: number; length?: number; data?: Buffer } = {},
): Buffer {
  const { owner = ASKED_NAME, type = TYPES[asked.type] ?? 1, klass = 1, ttl = 60 } = parts
  const data = parts.data ?? proper(asked.type)
  const seconds = Buffer.alloc(4)
  seconds.writeUInt32BE(ttl)
  return Buffer.concat([owner, u16(type, klass), seconds, u16(parts.length ?? data.length), data])
}
function labels(...texts: (string | Buffer)[]): Buffer {
  const parts = texts.flatMap((text) => {
    const octets = Buffer.from(text)
    return [Buffer.from([octets.length]), octets]
  })
  return Buffer.concat([...parts, Buffer.from([0])])
}
/** Data as it should be. */
function proper(type: string): Buffer {
  if (type === 'A') return Buffer.from([9, 9, 9, 9])
  if (type === 'AAAA') return Buffer.from('2a001450400100000000000000000001', 'hex')
  if (type === 'TXT') return Buffer.from([2, 0x6f, 0x6b])
  const host = labels('good', 'de')
  return type === 'MX' ? Buffer.concat([u16(1), host]) : Buffer.concat([u16(0, 1, 993), host])
}
const truth = (asked: Asked) => raw(asked, { body: record(asked) })
const forged = (asked: Asked): Buffer => {
  const data = asked.type === 'A' ? Buffer.from([6, 6, 6, 6]) : proper(asked.type)
  return raw(asked, { body: record(asked, { data }) })
}
const headerOf = (message: Buffer, change: (message: Buffer) => void): Buffer => {
  change(message)
  return message
}
const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))

/* Outcomes */

/** One family is enough: what comes a quarter of a second later is not waited for. */
const FOUND = /^found .*(9\.9\.9\.9|2a00:1450:4001::1)/
const ABSENT = /^absent \d+$/
const FAILED = /^failed (dns|timeout): /
const MALFORMED = /^failed dns: the (reply of the DNS server is|DNS records are) malformed/
const ANYTHING = /^(found|absent|failed) /

type NamedCase = [string, Case]
const cases: NamedCase[] = []
/** Those that end with the time for a server: what they send is no reply, so the wait goes on. */
const silentOnes = new Set<NamedCase>()
function bad(name: string, wanted: RegExp, says: Case['says']): void {
  cases.push([name, { says, wanted }])
}
function unheard(name: string, wanted: RegExp, says: Case['says']): void {
  bad(name, wanted, says)
  silentOnes.add(cases[cases.length - 1] as NamedCase)
}

/* Cut off */
const cutOff = (asked: Asked, more: Partial<Packet> = {}) => reply(asked, { flags: TC, ...more })
bad('cut off over UDP and again over TCP, empty', MALFORMED, (asked) => cutOff(asked))
bad('cut off over both, with some answers', MALFORMED, (asked) =>
  cutOff(asked, { answers: asked.type === 'A' ? [a(asked.name, '6.6.6.6')] : [] }),
)
bad('cut off over UDP with answers that TCP takes back', FOUND, (asked) =>
  asked.over === 'udp' ? headerOf(forged(asked), (m) => (m[2] = (m[2] ?? 0) | 2)) : truth(asked),
)
bad('cut off and NXDOMAIN over TCP', MALFORMED, (asked) =>
  cutOff(asked, { rcode: 'NXDOMAIN' } as Partial<Packet>),
)

/* Not the answer */
bad('40 wrong ids, then the truth', FOUND, (asked) => [
  ...times(40, (i) =>
    headerOf(forged(asked), (m) => m.writeUInt16BE(((asked.query.id ?? 0) + 1 + i) & 0xffff)),
  ),
  truth(asked),
])
unheard('wrong ids and nothing else', /^failed timeout/, (asked) =>
  times(50, (i) => headerOf(forged(asked), (m) => m.writeUInt16BE(((asked.query.id ?? 0) + 1 + i) & 0xffff))),
)
for (const [name, questions] of Object.entries({
  'another name': [{ name: 'evil.de', type: 'A' }],
  'the parent': [{ name: 'de', type: 'A' }],
  'two questions': [
    { name: 'a.de', type: 'A' },
    { name: 'b.de', type: 'A' },
  ],
  'no question': [],
} as Record<string, Packet['questions']>)) {
  bad(`an answer to ${name}, then the truth`, FOUND, (asked) => [
    encode({ ...reply(asked), questions, answers: [a(asked.name, '6.6.6.6')] }),
    truth(asked),
  ])
}
bad('an answer in another class, then the truth', FOUND, (asked) => [
  headerOf(forged(asked), (m) => m.writeUInt16BE(3, m.indexOf(0, 12) + 3)),
  truth(asked),
])
bad('our own question sent back, then the truth', FOUND, (asked) => [asked.raw, truth(asked)])
bad('40 datagrams of noise, then the truth', FOUND, (asked) => [
  ...times(40, (i) => Buffer.alloc(i * 12, i)),
  truth(asked),
])
bad('0 to 40 octets of a true reply, then all of it', FOUND, (asked) => [
  ...times(40, (i) => truth(asked).subarray(0, i)),
  truth(asked),
])

/* Compression pointers */
for (const [name, owner] of Object.entries({
  'to itself': (at: number) => pointer(at),
  forward: (at: number) => pointer(at + 20),
  'out of range': () => pointer(0x3fff),
  'into the header': () => pointer(0),
  'to the middle of a label': () => pointer(14),
  'in a circle of two': (at: number) => Buffer.concat([pointer(at + 2), pointer(at)]),
  'after a label, to that label': (at: number) => Buffer.concat([Buffer.from([1, 0x61]), pointer(at)]),
  'of one octet': () => Buffer.from([0xc0]),
  'label type 01': () => Buffer.from([0x41, 0x61, 0]),
  'label type 10': () => Buffer.from([0x81, 0x61, 0]),
  'a label past the end': () => Buffer.from([63, 0x61]),
  '255 labels without end': () => Buffer.alloc(510, Buffer.from([1, 0x61])),
})) {
  unheard(`a name ${name}`, /^(absent|failed) /, (asked) => {
    const at = encode(reply(asked)).length
    return raw(asked, { body: record(asked, { owner: owner(at), length: 4, data: Buffer.alloc(4) }) })
  })
  unheard(`a target ${name}`, /^(absent|failed) /, (asked) => {
    const at = encode(reply(asked)).length + 12
    return raw(asked, { body: record(asked, { type: TYPES['CNAME'] ?? 5, data: owner(at) }) })
  })
}

/* Counts and lengths */
for (const answers of [2, 1000, 1001, 10_000, 65_535]) {
  unheard(`${answers} answers announced, one sent`, FAILED, (asked) =>
    raw(asked, { answers, body: record(asked) }),
  )
}
bad('1,000 true records', FOUND, (asked) =>
  asked.over === 'udp'
    ? cutOff(asked)
    : raw(asked, { answers: 1000, body: Buffer.concat(times(1000, () => record(asked))) }),
)
bad('2,300 records in 64 kB', MALFORMED, (asked) =>
  asked.over === 'udp'
    ? cutOff(asked)
    : raw(asked, { answers: 2300, body: Buffer.concat(times(2300, () => record(asked))) }),
)
bad('64 kB of other people’s records around one true one', FOUND, (asked) => {
  if (asked.over === 'udp') return cutOff(asked)
  const other = record(asked, { owner: labels('victim', 'de'), data: Buffer.from([6, 6, 6, 6]), type: 1 })
  const body = Buffer.concat([...times(800, () => other), record(asked)])
  return raw(asked, { answers: 801, body })
})
bad('a datagram of 60 kB behind a true record', FOUND, (asked) =>
  Buffer.concat([truth(asked), Buffer.alloc(60_000, 0xff)]),
)
for (const section of ['authorities', 'additionals'] as const) {
  unheard(`1,200 records in ${section}`, FAILED, (asked) =>
    raw(asked, { [section]: 1200, body: Buffer.concat(times(1201, () => record(asked))) }),
  )
}
for (const length of [0, 1, 3, 5, 15, 17, 255, 65_535]) {
  unheard(`data said to be ${length} octets long`, /^(failed|absent|found) /, (asked) =>
    raw(asked, { body: record(asked, { length }) }),
  )
  const data = Buffer.alloc(Math.min(length, 300), 0x3f)
  unheard(`${length} octets of nonsense as data`, /^(failed|absent|found) /, (asked) =>
    raw(asked, { body: record(asked, { data, length: data.length }) }),
  )
}

/* Sections and owners that prove nothing */
const elsewhere =
  (answers: Answer[], more: Partial<Packet> = {}) =>
  (asked: Asked) =>
    reply(asked, { answers, ...more, authorities: [soa(60, 60), ...(more.authorities ?? [])] })
bad(
  'only records of other names',
  ABSENT,
  elsewhere([a('victim.de', '6.6.6.6'), a('de', '6.6.6.6'), a('.', '6.6.6.6')]),
)
bad('an alias of another name', ABSENT, elsewhere([cname('victim.de', 'evil.de'), a('evil.de', '6.6.6.6')]))
bad('the address in the additional section', ABSENT, (asked) =>
  reply(asked, { authorities: [soa(60, 60)], additionals: [a(asked.name, '6.6.6.6')] }),
)
bad('the address in the authority section', ABSENT, (asked) =>
  reply(asked, { authorities: [a(asked.name, '6.6.6.6'), soa(60, 60)] }),
)
bad('name servers for everybody, with glue', /^failed dns: the DNS server does not resolve/, (asked) =>
  reply(asked, {
    authorities: [{ type: 'NS', name: 'de', ttl: 86_400, data: 'ns.evil.de' }],
    additionals: [a('ns.evil.de', '6.6.6.6')],
  }),
)
for (const klass of [0, 3, 4, 254, 255]) {
  bad(`the answer in class ${klass}`, /^(absent|failed) /, (asked) =>
    raw(asked, { body: record(asked, { klass }) }),
  )
}
bad('another type than asked', ABSENT, (asked) =>
  raw(asked, { body: record(asked, { type: TYPES['TXT'] ?? 16, data: proper('TXT') }) }),
)
unheard('two OPT records of garbage', /^(found|failed) /, (asked) => {
  const opt = record(asked, {
    owner: Buffer.from([0]),
    type: 41,
    klass: 65_535,
    ttl: 0,
    data: Buffer.from('ffff0000', 'hex'),
  })
  return raw(asked, { additionals: 2, body: Buffer.concat([record(asked), opt, opt]) })
})
bad('an OPT record that claims a failure', FAILED, (asked) => {
  const opt = record(asked, { owner: Buffer.from([0]), type: 41, ttl: 0xff000000, data: Buffer.alloc(0) })
  return raw(asked, { additionals: 1, body: Buffer.concat([record(asked), opt]) })
})

/* Chains */
bad('a chain of 1,000 aliases in one reply', /^failed dns: .*too long a chain/, (asked) => {
  if (asked.over === 'udp') return cutOff(asked)
  const chain = times(999, (i) => cname(`n${i}.de`, `n${i + 1}.de`))
  return reply(asked, { answers: [cname(asked.name, 'n0.de'), ...chain] })
})
bad('a chain of 1,000 aliases, backwards', /^failed dns: .*too long a chain/, (asked) => {
  if (asked.over === 'udp') return cutOff(asked)
  const chain = times(999, (i) => cname(`n${998 - i}.de`, `n${999 - i}.de`))
  return reply(asked, { answers: [...chain, cname(asked.name, 'n0.de')] })
})
bad('an alias of itself', /^failed dns: .*alias of itself/, (asked) =>
  reply(asked, { answers: [cname(asked.name, asked.name)] }),
)
bad('two aliases for one name', FAILED, (asked) =>
  reply(asked, { answers: [cname(asked.name, 'a b.de'), cname(asked.name, 'evil.de')] }),
)

/* Times to live */
for (const ttl of [0, 1, 0x7fffffff, 0x80000000, 0xffffffff]) {
  bad(`a TTL of ${ttl}`, FOUND, (asked) => raw(asked, { body: record(asked, { ttl }) }))
  bad(`absent with a TTL of ${ttl}`, ABSENT, (asked) => reply(asked, { authorities: [soa(ttl, ttl)] }))
}

/* Codes and flags */
for (let rcode = 1; rcode < 16; rcode += 1) {
  bad(`response code ${rcode}`, rcode === 3 ? ABSENT : FAILED, (asked) =>
    headerOf(raw(asked, { answers: 0 }), (m) => (m[3] = ((m[3] ?? 0) & 0xf0) | rcode)),
  )
}
for (const opcode of [1, 2, 4, 5, 15]) {
  unheard(`operation code ${opcode}`, ANYTHING, (asked) =>
    headerOf(truth(asked), (m) => (m[2] = ((m[2] ?? 0) & 0x87) | (opcode << 3))),
  )
}

function summary(lookup: Lookup<readonly unknown[]>): string {
  if (lookup.kind === 'failed') return `failed ${lookup.failure.code}: ${lookup.failure.detail}`
  if (lookup.kind === 'absent') return `absent ${lookup.ttlSeconds}`
  return `found ${lookup.ttlSeconds} ${JSON.stringify(lookup.value)}`
}

t.test('every reply is judged, and every question ends', { timeout: 30_000 }, async (t) => {
  const run = async (one: NamedCase, i: number) => {
    const [name, { wanted }] = one
    const host = `case${i}.de`
    const asks = silentOnes.has(one) ? impatient : resolver
    const [addresses, ...others] = await Promise.all([
      asks.addresses(host, never),
      asks.mx(host, never),
      asks.srv(`_imaps._tcp.${host}`, never),
      asks.txt(host, never),
    ])
    counts.replies += 4
    if (!wanted.test(summary(addresses))) t.fail(`${name}: ${summary(addresses).slice(0, 200)}`)
    for (const lookup of [addresses, ...others]) {
      if (lookup.kind === 'failed') continue
      const ttl = lookup.ttlSeconds
      if (!(ttl >= 0 && ttl <= 86_400)) t.fail(`${name}: a TTL of ${ttl}`)
      if (/6\.6\.6\.6|evil|victim/.test(summary(lookup).slice(0, 500)))
        t.fail(`${name}: believed: ${summary(lookup)}`)
    }
  }
  const all = cases.map((one, i) => [one, i] as const)
  const silent = all.filter(([one]) => silentOnes.has(one))
  const heavy = all.filter((one) => !silent.includes(one) && /then|records/.test(one[0][0]))
  const light = all.filter((one) => !silent.includes(one) && !heavy.includes(one))
  // Those that wait, together; floods alone, or the kernel would drop what they are to be told from.
  const eights = times(Math.ceil(light.length / 8), (i) => light.slice(i * 8, i * 8 + 8))
  for (const some of [silent, ...heavy.map((one) => [one]), ...eights]) {
    await Promise.all(some.map(([one, i]) => run(one, i)))
  }
  t.pass(`${cases.length} kinds of reply`)
})

t.test('a reply from another port or address than the one asked is not heard', async (t) => {
  const port = Number(server.address.split(':')[1])
  const strangers = await Promise.all(
    [
      { address: '127.0.0.1', port: 0 },
      { address: '127.0.0.2', port },
      { address: '127.0.0.2', port: 0 },
    ].map(async (endpoint) => {
      const socket = createSocket('udp4')
      await new Promise<void>((resolve) => socket.bind(endpoint, resolve))
      return socket
    }),
  )
  cases.push([
    'strangers are faster',
    {
      wanted: FAILED,
      says(asked) {
        for (const stranger of strangers) stranger.send(forged(asked), asked.port, '127.0.0.1')
        return []
      },
    },
  ])
  const lookup = await impatient.addresses(`case${cases.length - 1}.de`, never)
  counts.replies += strangers.length
  t.match(summary(lookup), /^failed timeout/)
  for (const stranger of strangers) stranger.close()
})

t.test('TCP: a server that hangs, drips, pads or talks without end', { timeout: 20_000 }, async (t) => {
  const framed = (message: Buffer) => Buffer.concat([u16(message.length), message])
  const drip = (octets: Buffer) => (socket: Socket) => {
    let at = 0
    const timer = setInterval(() => socket.write(octets.subarray(at, (at += 1))), 2)
    socket.once('close', () => {
      clearInterval(timer)
    })
  }
  const ways: [string, RegExp, (socket: Socket, asked: Asked) => void][] = [
    ['silence', /^failed timeout/, () => undefined],
    ['hangs up', FAILED, (socket) => socket.end()],
    ['resets', FAILED, (socket) => socket.resetAndDestroy()],
    ['length 0', FAILED, (socket) => socket.write(u16(0))],
    ['one octet', /^failed timeout/, (socket) => socket.write(Buffer.from([0]))],
    ['announces 64 kB and is silent', /^failed timeout/, (socket) => socket.write(u16(65_535))],
    ['announces 64 kB and hangs up', FAILED, (socket) => socket.end(u16(65_535))],
    ['64 kB of noise', FAILED, (socket) => socket.write(framed(Buffer.alloc(65_535, 0xc0)))],
    [
      'one octet every 2 ms',
      /^failed timeout/,
      (socket, asked) => {
        drip(framed(Buffer.concat([truth(asked), Buffer.alloc(9000)])))(socket)
      },
    ],
    [
      'a true reply, one octet at a time',
      FOUND,
      (socket, asked) => {
        drip(framed(truth(asked)))(socket)
      },
    ],
    [
      'a true reply and 4 MB behind it',
      FOUND,
      (socket, asked) => socket.write(Buffer.concat([framed(truth(asked)), Buffer.alloc(4 << 20)])),
    ],
    [
      'somebody else’s reply first',
      FAILED,
      (socket, asked) =>
        socket.write(
          Buffer.concat([
            framed(headerOf(forged(asked), (m) => m.writeUInt16BE(((asked.query.id ?? 0) + 1) & 0xffff))),
            framed(truth(asked)),
          ]),
        ),
    ],
    ['HTTP', FAILED, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ]
  for (const [name, wanted, way] of ways) {
    cases.push([name, { wanted, says: (asked) => cutOff(asked) }])
    server.overTcp = way
    const lookup = await impatient.addresses(`case${cases.length - 1}.de`, never)
    counts.replies += 1
    t.match(summary(lookup), wanted, name)
  }
  delete server.overTcp
})

t.test('names with dots, NUL and other octets in their labels become no host', async (t) => {
  const odd: [string, Buffer][] = [
    ['a dot in a label', labels('imap.victim', 'de')],
    ['a whole name in one label', labels('imap.victim.de')],
    ['NUL', labels('imap\0', 'victim', 'de')],
    ['NUL before another name', labels('victim', 'de\0', 'evil', 'de')],
    ['line breaks', labels('x\r\nA1 LOGIN', 'evil', 'de')],
    ['a space', labels('a b', 'de')],
    ['a backslash', labels('a\\.b', 'de')],
    ['no UTF-8', labels(Buffer.from([0xff, 0xfe, 0x80]), 'de')],
    ['U+202E', labels('\u202emoc', 'de')],
    ['a Kelvin sign', labels('\u212aelvin', 'de')],
    ['full-width digits', labels('\uff11\uff12\uff17', '0', '0', '1')],
    ['digits', labels('127', '0', '0', '1')],
    ['hex', labels('0x7f000001')],
    ['an at sign', labels('user@evil', 'de')],
    ['a slash', labels('evil.de/x', 'de')],
    ['a percent sign', labels('%6c', 'de')],
    ['a colon', labels('evil:443', 'de')],
    ['63 octets', labels('x'.repeat(63), 'de')],
    ['127 labels', Buffer.concat([...times(126, () => Buffer.from([1, 0x61])), Buffer.from([0])])],
    ['an asterisk', labels('*', 'de')],
    ['a hyphen in front', labels('-a', 'de')],
    ['an underscore', labels('_a', 'de')],
    ['markup', labels('<script>', 'de')],
  ]
  for (const [name, target] of odd) {
    cases.push([
      name,
      {
        wanted: ANYTHING,
        says: (asked) =>
          raw(asked, {
            body: record(asked, {
              data: Buffer.concat([asked.type === 'MX' ? u16(1) : u16(0, 1, 993), target]),
            }),
          }),
      },
    ])
    const host = `case${cases.length - 1}.de`
    const [srv, mx] = await Promise.all([
      resolver.srv(`_imaps._tcp.${host}`, never),
      resolver.mx(host, never),
    ])
    counts.replies += 2
    for (const shown of [
      ...(srv.kind === 'found' ? srv.value.map(({ target }) => target) : []),
      ...(mx.kind === 'found' ? mx.value.map(({ exchange }) => exchange) : []),
    ]) {
      t.match(shown, /^[a-z0-9._?-]*$/, `${name}: shown as ${shown}`)
      const read = parseHostname(shown)
      t.ok(read === null || read === shown, `${name}: read as nothing else`)
    }
  }
})

t.test('the costliest reply that fits into 64 kB takes a moment', (t) => {
  // Every record's owner is 126 labels long, reached by a pointer to the one place where they stand.
  const asked = {
    name: 'x.de',
    type: 'A',
    over: 'tcp',
    query: { id: 1, questions: [{ name: 'x.de', type: 'A' }] },
    raw: Buffer.alloc(0),
    port: 0,
  } as unknown as Asked
  const at = encode(reply(asked)).length
  const long = Buffer.concat([...times(126, () => Buffer.from([1, 0x61])), Buffer.from([0])])
  const stairs = Buffer.concat(
    times(900, (i) => record(asked, { owner: pointer(i === 0 ? 12 : at + long.length + 14 + (i - 1) * 16) })),
  )
  const messages = {
    'one long name': raw(asked, {
      answers: 1000,
      body: Buffer.concat([
        record(asked, { owner: long }),
        ...times(999, () => record(asked, { owner: pointer(at) })),
      ]),
    }),
    'a pointer to the pointer before': raw(asked, {
      answers: 901,
      body: Buffer.concat([record(asked, { owner: long }), stairs]),
    }),
  }
  for (const [name, message] of Object.entries(messages)) {
    t.ok(message.length < 65_536)
    const before = process.cpuUsage()
    const read = decodeReply(message)
    const { user, system } = process.cpuUsage(before)
    counts.replies += 1
    t.comment(
      `${name}: ${read === null ? 'refused' : `${read.answers.length} records`}, ${Math.round((user + system) / 1000)} ms`,
    )
    t.ok(user + system < 250_000, name)
  }
  t.end()
})

t.test('the balance', async (t) => {
  await server.close()
  process.off('uncaughtExceptionMonitor', onCrash)
  reportUnderFire(t, {
    'forged and broken DNS replies': counts.replies,
    'crashes, uncaught errors and bugs of a source': crashes.length,
    'sockets left open': await socketsLeft(socketsBefore),
  })
})
