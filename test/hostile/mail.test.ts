/**
 * Mail servers that mean harm, before, in and behind TLS: a probe ends in time, says verified only of a server that has
 * proved its name, and tells a stranger nothing but what R33 and R34 allow.
 */
import type { Duplex } from 'node:stream'
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls'
import t from 'tap'
import type { Hostname } from '../../src/domain/hostname.js'
import type { MailProber, ProbeResult, ProbeTarget } from '../../src/domain/source.js'
import { createAddressPolicy } from '../../src/net/address-policy.js'
import { createDnsResolver } from '../../src/net/dns-resolver.js'
import { createGuardedConnector } from '../../src/net/guarded-connect.js'
import { createMailProber } from '../../src/net/mail-prober.js'
import { createLabCa } from '../lab/ca.js'
import { DIALOGUES } from '../lab/mail-dialogues.js'
import { a } from '../net/scripted-dns.js'
import { reportUnderFire } from './under-fire.js'
import { openSockets, socketsLeft, startHostileWorld } from './world.js'

const socketsBefore = openSockets()
const world = await startHostileWorld()
const never = new AbortController().signal
const counts = { servers: 0 }

type Protocol = ProbeTarget['protocol']
const PORTS = {
  imap: { tls: 993, starttls: 143 },
  pop3: { tls: 995, starttls: 110 },
  smtp: { tls: 465, starttls: 587 },
  managesieve: { tls: 4190, starttls: 4190 },
} as const
const PROTOCOLS = Object.keys(PORTS) as Protocol[]
const SECURITIES = ['tls', 'starttls'] as const
/** Everything that a probe may ever say (R33, R34). */
const ALLOWED = /^(a1 CAPABILITY|a2 STARTTLS|a3 LOGOUT|CAPA|STLS|QUIT|EHLO \[127\.0\.0\.1\]|STARTTLS|LOGOUT)$/

/** What a server says at a moment instead of what it should. */
type Say = string | Buffer | ((stream: Duplex) => void)
interface Plan {
  readonly greeting?: Say
  readonly capabilities?: Say
  /** Instead of the line that TLS may begin; the server then waits for TLS all the same. */
  readonly ready?: Say
  /** Instead of its side of the handshake. */
  readonly handshake?: (stream: Duplex) => void
  readonly certificate?: SecureContextOptions
  /** How it goes on in TLS. */
  readonly within?: Plan
}

function say(stream: Duplex, words: Say): void {
  if (typeof words === 'function') words(stream)
  else stream.write(words)
}

interface Role {
  readonly protocol: Protocol
  readonly domain: string
  readonly secure: boolean
  readonly security: ProbeTarget['security']
}

const heard: string[] = []
/** Behaves as the lab's servers do, save where the plan says otherwise. */
function converse(stream: Duplex, plan: Plan, role: Role): void {
  const dialogue = DIALOGUES[role.protocol]
  const offersTls = role.security === 'starttls' && !role.secure
  const state = { host: role.domain, secure: role.secure, offersTls, capabilities: [], sasl: ['PLAIN'] }
  stream.on('error', () => undefined)
  const resumed = role.secure && role.security === 'starttls'
  const honest = resumed ? (dialogue.afterTls?.(state) ?? '') : dialogue.greeting(state)
  // ManageSieve greets with its capabilities.
  const first = plan.greeting ?? (role.protocol === 'managesieve' ? plan.capabilities : undefined)
  say(stream, first ?? honest)
  let text = ''
  const onData = (chunk: Buffer) => {
    text += chunk.toString('latin1')
    for (let end = text.indexOf('\r\n'); end !== -1; end = text.indexOf('\r\n')) {
      const line = text.slice(0, end)
      text = text.slice(end + 2)
      heard.push(line)
      if (plan.capabilities !== undefined && /CAPA|EHLO/.test(line)) {
        say(stream, plan.capabilities)
        continue
      }
      const { text: answer, then } = dialogue.reply(line, state)
      if (then !== 'starttls') {
        stream.write(answer)
        if (then === 'close') stream.end()
        continue
      }
      stream.off('data', onData)
      stream.pause()
      say(stream, plan.ready ?? answer)
      void shake(stream, plan, role)
      return
    }
  }
  stream.on('data', onData)
  stream.resume()
}

async function shake(stream: Duplex, plan: Plan, role: Role): Promise<void> {
  stream.on('error', () => undefined)
  if (plan.handshake) {
    plan.handshake(stream)
    stream.resume()
    return
  }
  const secured = plan.certificate
    ? new TLSSocket(stream, { isServer: true, secureContext: createSecureContext(plan.certificate) })
    : await world.secure(stream, role.domain)
  secured.on('error', () => undefined)
  secured.once('secure', () => {
    converse(secured, plan.within ?? {}, { ...role, secure: true })
  })
}

let servers = 0
/** Puts a server with that plan at a name of its own, and probes it once. */
async function probe(
  plan: Plan,
  {
    protocol,
    security,
    prober,
    name,
  }: { protocol: Protocol; security: ProbeTarget['security']; prober: MailProber; name?: string },
): Promise<string> {
  servers += 1
  counts.servers += 1
  const domain = name ?? `server${servers}.de`
  const address = world.newAddress()
  const port = PORTS[protocol][security]
  world.zone(domain.split('.').slice(-2).join('.'), (asked) =>
    asked.type === 'A' ? [a(asked.name, address)] : [],
  )
  world.network.listen({ address, port, host: domain }, (stream) => {
    const role = { protocol, domain, security, secure: false }
    if (security === 'starttls') converse(stream, plan, role)
    else void shake(stream, plan, role)
  })
  return summary(await prober.probe({ protocol, hostname: domain as Hostname, port, security }, never))
}
const summary = (result: ProbeResult): string =>
  result.kind === 'verified'
    ? `verified ${(result.verification.capabilities ?? []).join(' | ')}`
    : `${result.kind} ${result.failure.code}: ${result.failure.detail}`

const connector = createGuardedConnector({
  resolver: createDnsResolver({ servers: [world.dns.address] }),
  policy: createAddressPolicy({ allowNetworks: [] }),
  dial: world.dial,
  ca: [world.ca.pem],
})
/** As it is in production. */
const { prober } = world.mailscout
/** For servers that never end: waits as long as production would, only shorter. */
const impatient = createMailProber({ connector, stepTimeoutMs: 400, totalTimeoutMs: 500 })

const READY: Readonly<Record<Protocol, string>> = {
  imap: 'a2 OK begin TLS\r\n',
  pop3: '+OK begin TLS\r\n',
  smtp: '220 begin TLS\r\n',
  managesieve: 'OK "begin TLS"\r\n',
}

t.test('control: honest servers are verified', async (t) => {
  for (const protocol of PROTOCOLS) {
    for (const security of SECURITIES) {
      t.match(await probe({}, { protocol, security, prober }), /^verified /, `${protocol} ${security}`)
    }
  }
})

t.test('whatever stands behind the line that TLS may begin (R33)', async (t) => {
  const injections: Record<string, (protocol: Protocol) => Say> = {
    'a whole answer': (protocol) => READY[protocol] + DIALOGUES[protocol].injected,
    'an empty line': (protocol) => `${READY[protocol]}\r\n`,
    'one octet': (protocol) => `${READY[protocol]}x`,
    NUL: (protocol) => `${READY[protocol]}\0`,
    '100 kB': (protocol) => READY[protocol] + 'x'.repeat(100_000),
    'the beginning of a TLS record': (protocol) =>
      Buffer.concat([Buffer.from(READY[protocol]), Buffer.from('160303', 'hex')]),
    'a TLS alert': (protocol) =>
      Buffer.concat([Buffer.from(READY[protocol]), Buffer.from('15030300020100', 'hex')]),
    'the line twice': (protocol) => READY[protocol].repeat(2),
    'a moment later': (protocol) => (stream) => {
      stream.write(READY[protocol])
      setImmediate(() => stream.write(DIALOGUES[protocol].injected))
    },
    'the line in two parts, the second with more': (protocol) => (stream) => {
      stream.write(READY[protocol].slice(0, 3))
      setImmediate(() => stream.write(READY[protocol].slice(3) + DIALOGUES[protocol].injected))
    },
  }
  for (const protocol of PROTOCOLS) {
    for (const [name, injected] of Object.entries(injections)) {
      const text = await probe({ ready: injected(protocol) }, { protocol, security: 'starttls', prober })
      t.match(text, /^failed (starttls-injection|tls|protocol)/, `${protocol}: ${name}`)
    }
    // Answers given before they are asked for are read as answers; what counts is the proof behind them.
    const early = await probe(
      {
        greeting: `${DIALOGUES[protocol].greeting({ host: 'x', secure: false, offersTls: true, capabilities: [], sasl: [] })}${protocol === 'imap' ? '* CAPABILITY IMAP4 STARTTLS\r\na1 OK\r\na2 OK\r\n' : READY[protocol]}`,
        handshake: () => undefined,
      },
      { protocol, security: 'starttls', prober: impatient },
    )
    t.notMatch(early, /^verified/, `${protocol}: answers in advance`)
  }
})

t.test('in the place of a TLS handshake', async (t) => {
  const record = (type: number, body: Buffer) => {
    const head = Buffer.from([type, 3, 3, 0, 0])
    head.writeUInt16BE(body.length, 3)
    return Buffer.concat([head, body])
  }
  const floods: Record<string, Buffer> = {
    '50,000 warnings': Buffer.concat(Array.from({ length: 50_000 }, () => record(21, Buffer.from([1, 90])))),
    '50,000 empty records': Buffer.concat(Array.from({ length: 50_000 }, () => record(22, Buffer.alloc(0)))),
    '50,000 changes of cipher': Buffer.concat(
      Array.from({ length: 50_000 }, () => record(20, Buffer.from([1]))),
    ),
    '50,000 requests to begin again': Buffer.concat(
      Array.from({ length: 50_000 }, () => record(22, Buffer.from([0, 0, 0, 0]))),
    ),
    'a message of 16 MB announced': record(22, Buffer.from('0bffffff', 'hex')),
    '1 MB of a certificate': Buffer.concat([
      record(22, Buffer.from('0b100000', 'hex')),
      ...Array.from({ length: 64 }, () => record(22, Buffer.alloc(16_384))),
    ]),
    'a record of 64 kB': Buffer.concat([Buffer.from('160303ffff', 'hex'), Buffer.alloc(65_535)]),
    'application data': record(23, Buffer.alloc(1000)),
    'heartbeats (CVE-2014-0160)': record(24, Buffer.from('01ffff', 'hex')),
    'an unknown record': record(99, Buffer.alloc(10)),
    'a server hello of nothing': record(22, Buffer.from('02000000', 'hex')),
    'a fatal alert': record(21, Buffer.from([2, 40])),
    'a friendly goodbye': record(21, Buffer.from([1, 0])),
    'SSL 3': Buffer.from('16030000020200', 'hex'),
    'SSL 2': Buffer.from('8004040001000200', 'hex'),
    HTTP: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
    'the same protocol in the clear': Buffer.from('* OK\r\n+OK\r\n220 x\r\nOK\r\n'),
    zeros: Buffer.alloc(100_000),
    '1 MB of noise': Buffer.alloc(1 << 20, 0x9d),
  }
  const one = async (
    name: string,
    flood: Buffer,
    at: { protocol: Protocol; security: ProbeTarget['security'] },
  ) => {
    const handshake = (stream: Duplex) => {
      // Not before the client's first words, or it would count as injected.
      stream.once('data', () => stream.write(flood))
    }
    const text = await probe({ handshake }, { ...at, prober: impatient })
    if (!/^(failed (tls|timeout|protocol)|absent unreachable)/.test(text))
      t.fail(`${at.protocol} ${at.security}: ${name}: ${text}`)
  }
  for (const [name, flood] of Object.entries(floods)) {
    await Promise.all([
      one(name, flood, { protocol: 'imap', security: 'tls' }),
      one(name, flood, { protocol: 'smtp', security: 'starttls' }),
      one(name, flood, { protocol: 'pop3', security: 'starttls' }),
      one(name, flood, { protocol: 'managesieve', security: 'starttls' }),
    ])
  }
  t.pass(`${Object.keys(floods).length} floods`)
})

t.test('old TLS, and a request to negotiate anew', async (t) => {
  for (const [i, version] of (['TLSv1', 'TLSv1.1'] as const).entries()) {
    for (const protocol of PROTOCOLS) {
      const security = SECURITIES[i] ?? 'tls'
      servers += 1
      const name = `old${servers}.de`
      const pair = await world.ca.issue({ names: [name] })
      const certificate = { ...pair, minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' }
      const text = await probe({ certificate }, { protocol, security, prober, name })
      t.match(text, /^failed tls/, `${protocol} ${version}`)
    }
  }
  for (const security of SECURITIES) {
    servers += 1
    const name = `again${servers}.de`
    const certificate = { ...(await world.ca.issue({ names: [name] })), maxVersion: 'TLSv1.2' } as const
    let handshakes = 0
    const again = (stream: Duplex) => {
      const goOn = () => {
        stream.write('* CAPABILITY IMAP4rev1\r\na1 OK done\r\n')
      }
      if (!(stream instanceof TLSSocket)) throw new TypeError('capabilities were asked for in the clear')
      stream.renegotiate({}, (error) => {
        if (error === null) handshakes += 1
        goOn()
      })
      // A client that declines leaves the server without an answer.
      setTimeout(goOn, 100)
    }
    const text = await probe(
      { certificate, within: { capabilities: again } },
      { protocol: 'imap', security, prober, name },
    )
    t.match(text, /^failed tls: .*renegotiation/, security)
    t.equal(handshakes, 0, 'nobody negotiates a second time')
  }
})

t.test('certificates', async (t) => {
  const { ca } = world
  const stranger = await createLabCa()
  const nameOf = () => `cert${(servers += 1)}.de`
  const many = (count: number, name: string) => [
    ...Array.from({ length: count }, (_, i) => `host-number-${i}.somewhere.de`),
    name,
  ]
  const cases: [string, RegExp, (name: string) => Promise<SecureContextOptions>][] = [
    [
      'of 100 kB and more',
      /^failed (tls|protocol)|^absent unreachable/,
      (name) => ca.issue({ names: many(4000, name) }),
    ],
    ['of 50 kB', /^verified/, (name) => ca.issue({ names: many(1500, name) })],
    ['for somebody else', /^failed certificate: .*host name/, () => ca.issue({ names: ['other.de'] })],
    ['for nobody', /^failed certificate/, () => ca.issue({ names: [] })],
    [
      'for the name as a subdomain',
      /^failed certificate: .*host name/,
      (name) => ca.issue({ names: [`${name}.evil.de`] }),
    ],
    [
      'for the end of the name',
      /^failed certificate: .*host name/,
      (name) => ca.issue({ names: [name.slice(1)] }),
    ],
    ['for every name', /^failed certificate: .*host name/, () => ca.issue({ names: ['*', '*.*', '**'] })],
    [
      'for every name of the country',
      /^failed certificate: .*host name/,
      () => ca.issue({ names: ['*.de'] }),
    ],
    [
      'for a part of a label',
      /^failed certificate: .*host name/,
      () => ca.issue({ names: ['c*.de', 'cert*.de', '*t1.de'] }),
    ],
    ['with NUL behind the name', /^failed certificate/, (name) => ca.issue({ names: [`${name}\0.evil.de`] })],
    [
      'with a list in one name (CVE-2021-44532)',
      /^failed certificate: .*host name/,
      (name) =>
        ca.issue({ names: [`evil.de, DNS:${name}`, `"evil.de", DNS:${name}`, `evil.de\0DNS:${name}`] }),
    ],
    [
      'with spaces around the name',
      /^failed certificate: .*host name/,
      (name) => ca.issue({ names: [` ${name}`, `${name} `, `\t${name}`] }),
    ],
    [
      'of yesterday',
      /^failed certificate: .*expired/,
      (name) => ca.issue({ names: [name], notAfter: new Date(Date.now() - 86_400_000) }),
    ],
    [
      'of tomorrow',
      /^failed certificate: .*not valid yet/,
      (name) => ca.issue({ names: [name], notBefore: new Date(Date.now() + 86_400_000) }),
    ],
    [
      'signed by itself',
      /^failed certificate: .*self-signed/,
      (name) => ca.issue({ names: [name], selfSigned: true }),
    ],
    ['of an unknown authority', /^failed certificate/, (name) => stranger.issue({ names: [name] })],
    [
      'of a true authority, sent by a false one',
      /^failed certificate/,
      async (name) => {
        const { key, cert } = await stranger.issue({ names: [name] })
        return { key, cert: `${cert}\n${ca.pem}` }
      },
    ],
    [
      'with 12 others in the chain',
      /^(verified|failed)/,
      async (name) => {
        const { key, cert } = await ca.issue({ names: [name] })
        const others = await Promise.all(
          Array.from({ length: 12 }, (_, i) => ca.issue({ names: [`chain${i}.de`] })),
        )
        return { key, cert: [cert, ...others.map((other) => other.cert)].join('\n') }
      },
    ],
    ['in capital letters', /^verified/, (name) => ca.issue({ names: [name.toUpperCase()] })],
  ]
  for (const [i, [kind, wanted, make]] of cases.entries()) {
    for (const security of i < 2 ? (['tls'] as const) : SECURITIES) {
      const name = nameOf()
      const protocol = PROTOCOLS[i % 4] ?? 'imap'
      const text = await probe({ certificate: await make(name) }, { protocol, security, prober, name })
      t.match(text, wanted, `${security}: a certificate ${kind}`)
    }
  }
})

t.test('servers that never end a sentence', { timeout: 30_000 }, async (t) => {
  const endless = (text: string) => (stream: Duplex) => {
    const block = text.repeat(Math.ceil(16_384 / text.length))
    const pour = () => {
      while (stream.writable && stream.write(block));
    }
    stream.on('drain', pour)
    pour()
  }
  const drip = (text: string) => (stream: Duplex) => {
    const timer = setInterval(() => stream.writable && stream.write(text), 10)
    stream.once('close', () => {
      clearInterval(timer)
    })
  }
  const more: Readonly<Record<Protocol, string>> = {
    imap: '* CAPABILITY IMAP4rev1 X\r\n',
    pop3: '+OK\r\nX\r\n',
    smtp: '250-X\r\n',
    managesieve: '"X" "y"\r\n',
  }
  const list = Array.from({ length: 100_000 }, (_, i) => `X${i}`)
  const finished: Readonly<Record<Protocol, [oneLine: string, manyLines: string]>> = {
    imap: [
      `* CAPABILITY ${list.join(' ')}\r\na1 OK\r\n`,
      `${list.map((name) => `* CAPABILITY ${name}\r\n`).join('')}a1 OK\r\n`,
    ],
    pop3: [`+OK\r\nSASL ${list.join(' ')}\r\n.\r\n`, `+OK\r\n${list.join('\r\n')}\r\n.\r\n`],
    smtp: [
      `250-x\r\n250 AUTH ${list.join(' ')}\r\n`,
      `${list.map((name) => `250-${name}\r\n`).join('')}250 X\r\n`,
    ],
    managesieve: [
      `"SASL" "${list.join(' ')}"\r\nOK\r\n`,
      `${list.map((name) => `"${name}"\r\n`).join('')}OK\r\n`,
    ],
  }
  const greets: Readonly<Record<Protocol, string>> = {
    imap: '* OK\r\n',
    pop3: '+OK\r\n',
    smtp: '220-x\r\n',
    managesieve: '"X"\r\n',
  }
  /** The shorter time is for those where only the end of it is left. */
  const waits = (wanted: RegExp) => (wanted.source.includes('timeout') ? impatient : prober)
  const binary = Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 37) & 255))
  const sentences = (protocol: Protocol): [string, RegExp, Plan][] => [
    ['100,000 capabilities in one line', /^failed protocol/, { capabilities: finished[protocol][0] }],
    ['100,000 lines of capabilities', /^failed protocol/, { capabilities: finished[protocol][1] }],
    ['capabilities without end', /^failed protocol/, { capabilities: endless(more[protocol]) }],
    ['a greeting without end', /^failed protocol/, { greeting: endless(greets[protocol]) }],
    ['a greeting of 1 MB without a line end', /^failed protocol/, { greeting: 'x'.repeat(1 << 20) }],
    ['line ends without end', /^failed protocol/, { greeting: endless('\r\n') }],
    ['carriage returns without end', /^failed protocol/, { greeting: endless('\r') }],
    ['NUL without end', /^failed protocol/, { greeting: endless('\0') }],
    ['4 kB of everything', /^failed protocol/, { greeting: binary }],
    ['capabilities of everything', /^(failed (protocol|timeout)|verified)/, { capabilities: binary }],
    ['one octet now and then', /^failed (timeout|protocol)/, { greeting: drip('x') }],
    ['one line now and then', /^failed (timeout|protocol)/, { capabilities: drip(more[protocol]) }],
    ['nothing', /^failed timeout/, { greeting: () => undefined }],
    ['nothing behind the greeting', /^failed timeout/, { capabilities: () => undefined }],
    ['another tag', /^failed/, { capabilities: 'a9 OK done\r\n299 done\r\n-OK\r\nMAYBE\r\n' }],
    ['a literal of 4 GB', /^failed/, { capabilities: '* CAPABILITY {4294967295}\r\n"X" {4294967295+}\r\n' }],
    [
      'terminal commands',
      /^(failed|verified [ -~]*$)/,
      {
        capabilities:
          (finished[protocol][1].split('X0')[0] ?? '') +
          '\u001b]0;x\u0007\u001b[2J\u202e\r\na1 OK\r\n.\r\n250 x\r\nOK\r\n',
      },
    ],
    ['TLS is over at once', /^failed/, { greeting: (stream) => stream.end() }],
    ['reset', /^(failed|absent)/, { greeting: (stream) => stream.destroy() }],
  ]
  const inClear = (text: string) => text === 'absent unreachable: the server could not be reached'
  const runs = PROTOCOLS.flatMap((protocol) =>
    sentences(protocol).flatMap(([name, wanted, plan]) => {
      const isSieve = protocol === 'managesieve'
      // ManageSieve says nothing between greeting and capabilities, and all of it again behind STARTTLS.
      const first = isSieve && plan.greeting !== undefined ? { capabilities: plan.greeting } : plan
      const again = isSieve ? { greeting: plan.capabilities ?? plan.greeting ?? '' } : plan
      const run = (
        where: Plan,
        security: ProbeTarget['security'],
        judged = (text: string) => wanted.test(text),
      ) => ({
        waits: wanted.source.includes('timeout'),
        async go() {
          const by = waits(wanted)
          const text = await probe(where, { protocol, security, prober: by })
          if (!judged(text)) t.fail(`${protocol} ${security}: ${name}: ${text.slice(0, 200)}`)
        },
      })
      return [
        run({ within: first }, 'tls'),
        /over at once|reset/.test(name) ? run(first, 'starttls', inClear) : run(first, 'starttls'),
        ...(isSieve || plan.capabilities !== undefined ? [run({ within: again }, 'starttls')] : []),
      ]
    }),
  )
  await Promise.all(runs.filter((run) => run.waits).map((run) => run.go()))
  for (const run of runs.filter((run) => !run.waits)) await run.go()
  t.pass('each ended')
})

t.test('the balance', async (t) => {
  const odd = heard.filter((line) => !ALLOWED.test(line))
  t.same([...new Set(odd)].slice(0, 5), [], `${heard.length} lines, and not a word beyond R33 and R34`)
  t.ok(
    world.mostReceived() < 2 * 1024 * 1024,
    `at most ${Math.round(world.mostReceived() / 1024)} KiB were taken in`,
  )
  await world.close()
  const policy = createAddressPolicy({ allowNetworks: [] })
  reportUnderFire(t, {
    'mail servers that break the rules': counts.servers,
    'dials to an address that is not public': world.dials.filter(({ address }) => !policy.allows(address))
      .length,
    'crashes, uncaught errors and bugs of a source': world.crashes.length,
    'sockets left open': await socketsLeft(socketsBefore),
  })
})
