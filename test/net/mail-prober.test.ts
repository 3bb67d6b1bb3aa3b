import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createSecureContext, createServer as createTlsServer, TLSSocket } from 'node:tls'
import t, { type Test } from 'tap'
import type { Hostname } from '../../src/domain/hostname.js'
import type { ProbeResult, ProbeTarget } from '../../src/domain/source.js'
import type { GuardedConnector } from '../../src/net/guarded-connect.js'
import { createMailProber, PROBE_TOTAL_TIMEOUT_MS, STEP_TIMEOUT_MS } from '../../src/net/mail-prober.js'
import { createLabCa, type LabCertificate } from '../lab/ca.js'
import { createLoopback, type Loopback } from './loopback.js'

type Protocol = ProbeTarget['protocol']
type Security = ProbeTarget['security']

/** What the server says to a line of the client; a function may do worse things to the socket. */
type Answer = string | ((socket: Socket) => void)

interface Behaviour {
  readonly greeting: Answer
  /** Exact line of the client → answer; a line that is not here is answered with silence and fails the test. */
  readonly answers: Readonly<Record<string, Answer>>
  /** After this line is answered the server negotiates TLS and behaves as `secured`. */
  readonly upgradeAt?: string
  readonly secured?: Behaviour
}

const EHLO = 'EHLO [127.0.0.1]'
const silence: Answer = () => undefined
const hangUp: Answer = (socket) => {
  socket.end()
}
const PORTS = {
  imap: { tls: 993, starttls: 143 },
  pop3: { tls: 995, starttls: 110 },
  smtp: { tls: 465, starttls: 587 },
  managesieve: { tls: 4190, starttls: 4190 },
} as const

interface Model {
  readonly greeting: string
  readonly ask: string
  readonly plain: string
  readonly startTls: string
  readonly ready: string
  readonly declined: string
  readonly rich: string
  readonly farewell: string
  readonly refusal: string
  readonly capabilities: readonly string[]
  readonly sasl: readonly string[]
}

const MODELS: Readonly<Record<Protocol, Model>> = {
  imap: {
    greeting: '* OK [CAPABILITY IMAP4rev1] ready\r\n',
    ask: 'a1 CAPABILITY',
    plain: '* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\na1 OK done\r\n',
    startTls: 'a2 STARTTLS',
    ready: 'a2 OK begin\r\n',
    declined: 'a2 NO not now\r\n',
    rich: '* CAPABILITY IMAP4rev1 Idle AUTH=PLAIN auth=xoauth2\r\n* OK by the way\r\na1 OK done\r\n',
    farewell: 'a3 LOGOUT',
    refusal: '* BYE too many\r\n',
    capabilities: ['IMAP4REV1', 'IDLE', 'AUTH=PLAIN', 'AUTH=XOAUTH2'],
    sasl: ['PLAIN', 'XOAUTH2'],
  },
  pop3: {
    greeting: '+OK ready <1.2@x>\r\n',
    ask: 'CAPA',
    plain: '+OK list\r\nSTLS\r\nUIDL\r\n.\r\n',
    startTls: 'STLS',
    ready: '+OK begin\r\n',
    declined: '-ERR not now\r\n',
    rich: '+OK list\r\nUSER\r\nUIDL\r\nSASL PLAIN CRAM-MD5\r\n.\r\n',
    farewell: 'QUIT',
    refusal: '-ERR too many\r\n',
    capabilities: ['USER', 'UIDL', 'SASL PLAIN CRAM-MD5'],
    sasl: ['USER', 'PLAIN', 'CRAM-MD5'],
  },
  smtp: {
    greeting: '220-welcome\r\n220 mail.alpha.test ESMTP\r\n',
    ask: EHLO,
    plain: '250-mail.alpha.test\r\n250-SIZE 100\r\n250 STARTTLS\r\n',
    startTls: 'STARTTLS',
    ready: '220 begin\r\n',
    declined: '454 not now\r\n',
    rich: '250-mail.alpha.test\r\n250-Size 100\r\n250-AUTH=LOGIN\r\n250 AUTH PLAIN LOGIN\r\n',
    farewell: 'QUIT',
    refusal: '554-no\r\n554 service\r\n',
    capabilities: ['SIZE 100', 'AUTH=LOGIN', 'AUTH PLAIN LOGIN'],
    sasl: ['LOGIN', 'PLAIN'],
  },
  managesieve: {
    greeting: '"IMPLEMENTATION" "Pigeonhole"\r\n"STARTTLS"\r\n"SASL" ""\r\nOK "ready"\r\n',
    ask: '',
    plain: '',
    startTls: 'STARTTLS',
    ready: 'OK "begin"\r\n',
    declined: 'NO "not now"\r\n',
    rich: '"IMPLEMENTATION" "Pigeonhole"\r\n"VERSION" {3}\r\n1.0\r\n"SASL" "PLAIN OAUTHBEARER"\r\nOK\r\n',
    farewell: 'LOGOUT',
    refusal: 'BYE "too many"\r\n',
    capabilities: ['IMPLEMENTATION PIGEONHOLE', 'SASL PLAIN OAUTHBEARER'],
    sasl: ['PLAIN', 'OAUTHBEARER'],
  },
}
const PROTOCOLS = Object.keys(MODELS) as Protocol[]
const SECURITIES: readonly Security[] = ['tls', 'starttls']

/** A server as it should be, once TLS stands. */
function inTls(protocol: Protocol, changes: Partial<Behaviour> = {}): Behaviour {
  const { greeting, ask, rich, farewell } = MODELS[protocol]
  const answers = { ...(ask !== '' && { [ask]: rich }), [farewell]: hangUp }
  return { greeting: ask === '' ? rich : greeting, answers, ...changes }
}

/** A server as it should be before STARTTLS; `secured` is what it becomes. */
function inClear(protocol: Protocol, changes: Partial<Behaviour> = {}): Behaviour {
  const { greeting, ask, plain, startTls, ready, farewell, rich } = MODELS[protocol]
  const answers = { ...(ask !== '' && { [ask]: plain }), [startTls]: ready, [farewell]: hangUp }
  const secured = inTls(protocol, { greeting: ask === '' ? rich : silence })
  return { greeting, answers, upgradeAt: startTls, secured, ...changes }
}

function healthy(protocol: Protocol, security: Security, changes: Partial<Behaviour> = {}): Behaviour {
  return security === 'tls' ? inTls(protocol, changes) : inClear(protocol, changes)
}

const ca = await createLabCa()
const good = await ca.issue({ names: ['mail.alpha.test'], notAfter: new Date('2099-01-02T03:04:05Z') })
const CERTIFICATES = new Map<string, LabCertificate>([
  ['expired.alpha.test', await ca.issue({ names: ['expired.alpha.test'], notAfter: new Date('2020-01-01') })],
  ['self.alpha.test', await ca.issue({ names: ['self.alpha.test'], selfSigned: true })],
  ['stranger.alpha.test', await (await createLabCa()).issue({ names: ['stranger.alpha.test'] })],
])
const loopback = createLoopback(ca.pem)
const NOW = Date.parse('2026-11-23T12:00:00Z')

interface Case {
  readonly protocol: Protocol
  readonly security: Security
  readonly behaviour: Behaviour
  readonly hostname?: string
  readonly port?: number
  readonly declaredPort?: boolean
  readonly stepTimeoutMs?: number
  readonly totalTimeoutMs?: number
  readonly signal?: AbortSignal
  readonly loopback?: Loopback
  /** The server never closes its side. */
  readonly clings?: boolean
  readonly connector?: (real: GuardedConnector) => GuardedConnector
}

/** Starts a server that behaves so, probes it once, and waits until it has seen the end of the connection. */
async function run(t: Test, options: Case) {
  const { protocol, security } = options
  /** What the server heard, with `<TLS>` where TLS began. */
  const heard: string[] = []
  const hostname = options.hostname ?? 'mail.alpha.test'
  const certificate = CERTIFICATES.get(hostname) ?? good
  const ends: Promise<unknown>[] = []

  const serve = (socket: Socket, behaviour: Behaviour): void => {
    let text = ''
    const say = (answer: Answer): void => {
      if (typeof answer === 'function') answer(socket)
      else socket.write(answer)
    }
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1')
      for (let end = text.indexOf('\r\n'); end !== -1; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end)
        text = text.slice(end + 2)
        heard.push(line)
        const answer = behaviour.answers[line]
        if (answer === undefined) t.fail(`nobody planned the line ${line}`)
        else say(answer)
        if (behaviour.upgradeAt === line && behaviour.secured) {
          socket.off('data', onData)
          heard.push('<TLS>')
          const context = createSecureContext(certificate)
          const secured = new TLSSocket(socket, { isServer: true, secureContext: context })
          serve(secured, behaviour.secured)
          return
        }
      }
    }
    socket.on('error', () => undefined)
    socket.on('data', onData)
    say(behaviour.greeting)
  }
  const accept = (socket: Socket): void => {
    ends.push(new Promise((resolve) => socket.once('close', resolve)))
    serve(socket, options.behaviour)
  }
  const server =
    security === 'tls'
      ? createTlsServer({ ...certificate, allowHalfOpen: options.clings ?? false }, accept)
      : createServer(accept)
  server.on('tlsClientError', () => undefined)
  const port = options.port ?? PORTS[protocol][security]
  const world = options.loopback ?? loopback
  const { connector } = world
  const { dialled, sockets } = await world.serve(t, { [port]: server })
  const prober = createMailProber({
    connector: options.connector?.(connector) ?? connector,
    now: () => NOW,
    stepTimeoutMs: options.stepTimeoutMs ?? 2000,
    totalTimeoutMs: options.totalTimeoutMs ?? 4000,
  })
  const target: ProbeTarget = {
    protocol,
    hostname: hostname as Hostname,
    port,
    security,
    ...(options.declaredPort !== undefined && { declaredPort: options.declaredPort }),
  }
  const outcome = await prober
    .probe(target, options.signal ?? new AbortController().signal)
    .catch((error: unknown) => {
      if (!options.signal?.aborted) throw error
      return error as Error
    })
  if (options.clings !== true) await Promise.all(ends)
  for (const socket of sockets) if (!socket.closed) await once(socket, 'close')
  if (dialled.length > 1) t.fail('more than one connection (R34)')
  for (const line of heard) t.notMatch(line, /auth|login|user|pass|mail|rcpt|select/i, 'never logs in (R34)')
  return { outcome, heard, dialled }
}

const summary = (outcome: ProbeResult | Error): string => {
  if (outcome instanceof Error) return `rejected ${outcome.message}`
  return outcome.kind === 'verified'
    ? 'verified'
    : `${outcome.kind} ${outcome.failure.code}: ${outcome.failure.detail}`
}

t.test('a healthy server is verified, in as few words as possible', async (t) => {
  for (const protocol of PROTOCOLS) {
    const { ask, startTls, farewell, capabilities, sasl } = MODELS[protocol]
    const asked = ask === '' ? [] : [ask]
    const wanted = {
      tls: [...asked, farewell],
      starttls: [...asked, startTls, '<TLS>', ...asked, farewell],
    }
    for (const security of SECURITIES) {
      const name = `${protocol} ${security}`
      const { outcome, heard, dialled } = await run(t, {
        protocol,
        security,
        behaviour: healthy(protocol, security),
      })
      t.same(
        outcome,
        {
          kind: 'verified',
          verification: {
            status: 'verified',
            checkedAt: '2026-11-23T12:00:00.000Z',
            tls: { version: 'TLSv1.3', certificateExpiresAt: '2099-01-02T03:04:05.000Z' },
            capabilities,
          },
          saslMechanisms: sasl,
        },
        name,
      )
      t.same(heard, wanted[security], `${name}: nothing but this (R33, R34)`)
      t.same(dialled, [PORTS[protocol][security]])
    }
  }
})

t.test('faults that every protocol can have, before and within TLS', async (t) => {
  const endless: Record<Protocol, string> = {
    imap: '* OK\r\n',
    pop3: '+OK\r\n',
    smtp: '220-wait\r\n',
    managesieve: '"A" "b"\r\n',
  }
  const faults = (protocol: Protocol): [string, Answer, RegExp][] => [
    ['a refusal', MODELS[protocol].refusal, /^failed protocol/],
    ['an HTTP server', 'HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n', /^failed protocol/],
    ['an SSH server', 'SSH-2.0-OpenSSH_9.9\r\n', /^failed protocol/],
    ['binary noise', (socket) => socket.write(Buffer.from([0, 255, 10, 10, 13, 10])), /^failed protocol/],
    ['a line of 1 MB', 'x'.repeat(1 << 20), /^failed protocol: .*too long/],
    ['a long line with an end', `${'x'.repeat(9000)}\r\n`, /^failed protocol: .*too long/],
    [
      'half a line',
      (socket) => socket.end(MODELS[protocol].greeting.slice(0, 2)),
      /^failed protocol: .*hung up/,
    ],
    ['silence', silence, /^failed timeout/],
  ]
  for (const protocol of PROTOCOLS) {
    for (const security of SECURITIES) {
      for (const [name, greeting, wanted] of faults(protocol)) {
        const stepTimeoutMs = name === 'silence' ? 30 : 2000
        const behaviour = healthy(protocol, security, { greeting })
        const { outcome, heard } = await run(t, { protocol, security, behaviour, stepTimeoutMs })
        t.match(summary(outcome), wanted, `${protocol} ${security}: ${name}`)
        t.same(heard, [], 'nothing is said to such a server')
      }
      const flood: Answer = (socket) => {
        socket.write(endless[protocol].repeat(50_000))
      }
      const { ask } = MODELS[protocol]
      const changes =
        protocol === 'smtp' || ask === ''
          ? { greeting: flood }
          : { answers: { ...healthy(protocol, security).answers, [ask]: flood } }
      const { outcome } = await run(t, {
        protocol,
        security,
        behaviour: healthy(protocol, security, changes),
      })
      t.match(
        summary(outcome),
        /^failed protocol: .*(too many lines|too much)/,
        `${protocol} ${security}: endless`,
      )
    }
  }
})

t.test('hanging up at once: in the clear it reads like a refusal (R11)', async (t) => {
  for (const protocol of PROTOCOLS) {
    const clear = await run(t, {
      protocol,
      security: 'starttls',
      behaviour: inClear(protocol, { greeting: hangUp }),
    })
    t.equal(summary(clear.outcome), 'absent unreachable: the server could not be reached', protocol)
    const reset = await run(t, {
      protocol,
      security: 'starttls',
      behaviour: inClear(protocol, { greeting: (socket) => socket.resetAndDestroy() }),
    })
    t.same(reset.outcome, clear.outcome, 'a reset reads alike')
    const tls = await run(t, { protocol, security: 'tls', behaviour: inTls(protocol, { greeting: hangUp }) })
    t.match(
      summary(tls.outcome),
      /^failed protocol/,
      `${protocol}: a certificate has proved that a server is there`,
    )
  }
})

t.test('capabilities that never come, are nonsense or are declined', async (t) => {
  const declined: Record<string, [string, RegExp]> = {
    imap: ['a1 BAD what\r\n', /^failed protocol: .*BAD/],
    smtp: ['502 what\r\n', /^failed protocol: .*502/],
  }
  for (const protocol of PROTOCOLS.filter((name) => MODELS[name].ask !== '')) {
    const { ask } = MODELS[protocol]
    for (const security of SECURITIES) {
      const say = (answer: Answer, stepTimeoutMs = 2000) => {
        const base = healthy(protocol, security)
        const behaviour = { ...base, answers: { ...base.answers, [ask]: answer } }
        return run(t, { protocol, security, behaviour, stepTimeoutMs }).then((done) => summary(done.outcome))
      }
      const name = `${protocol} ${security}`
      t.match(await say(silence, 30), /^failed timeout/, name)
      t.match(await say('what?\r\n'), /^failed protocol/, name)
      t.match(await say(hangUp), /^failed protocol: .*hung up/, name)
      const [text, wanted] = declined[protocol] ?? []
      if (text !== undefined && wanted) t.match(await say(text), wanted, name)
    }
  }
  const bye = inTls('imap', { answers: { 'a1 CAPABILITY': '* BYE shutting down\r\n' } })
  t.match(
    summary((await run(t, { protocol: 'imap', security: 'tls', behaviour: bye })).outcome),
    /^failed protocol/,
  )
  const mixed = inTls('smtp', { answers: { [EHLO]: '250-one\r\n550 two\r\n' } })
  t.match(
    summary((await run(t, { protocol: 'smtp', security: 'tls', behaviour: mixed })).outcome),
    /^failed protocol/,
  )

  const old = inTls('pop3', { answers: { CAPA: '-ERR unknown\r\n', QUIT: hangUp } })
  const { outcome } = await run(t, { protocol: 'pop3', security: 'tls', behaviour: old })
  t.match(
    outcome,
    { kind: 'verified', verification: { capabilities: [] }, saslMechanisms: [] },
    'older than CAPA',
  )
})

t.test('STARTTLS: missing, declined, injected, broken (R33)', async (t) => {
  const security = 'starttls'
  for (const protocol of PROTOCOLS) {
    const { greeting, ask, plain, startTls, ready, declined, farewell } = MODELS[protocol]
    const base = inClear(protocol)
    const without = (text: string) => text.replace(/ ?\b(STARTTLS|STLS)\b/, ' NOTHING')
    const probe = (changes: Partial<Behaviour>, more: Partial<Case> = {}) =>
      run(t, { protocol, security, behaviour: { ...base, ...changes }, ...more })
    const afterReady = (answer: Answer) => ({ ...base.answers, [startTls]: answer })

    const missing = await probe({
      greeting: ask === '' ? without(greeting) : greeting,
      answers: { ...base.answers, ...(ask !== '' && { [ask]: without(plain) }) },
    })
    t.match(summary(missing.outcome), /^failed starttls-missing/, protocol)
    t.same(missing.heard, [...(ask === '' ? [] : [ask]), farewell], 'leaves politely')

    const refused = { ...base, answers: afterReady(declined) }
    const { upgradeAt, ...stays } = refused
    t.equal(upgradeAt, startTls)
    const no = await run(t, { protocol, security, behaviour: stays })
    t.match(summary(no.outcome), /^failed starttls-missing: .*declines/, protocol)

    const injected = await run(t, {
      protocol,
      security,
      behaviour: { greeting, answers: afterReady(`${ready}a2 OK injected\r\n`) },
    })
    t.match(summary(injected.outcome), /^failed starttls-injection/, protocol)
    t.equal(injected.heard.at(-1), startTls, 'not a word more')
    const partial = await run(t, {
      protocol,
      security,
      behaviour: { greeting, answers: afterReady(`${ready}x`) },
    })
    t.match(summary(partial.outcome), /^failed starttls-injection/, `${protocol}: half a line counts`)

    const noise = await run(t, {
      protocol,
      security,
      behaviour: {
        greeting,
        answers: afterReady((socket) => {
          socket.write(ready)
          socket.removeAllListeners('data')
          socket.once('data', () => socket.write('no TLS here at all\r\n'))
        }),
      },
    })
    t.match(summary(noise.outcome), /^failed tls/, protocol)

    const gone = await run(t, {
      protocol,
      security,
      behaviour: {
        greeting,
        answers: afterReady((socket) => {
          socket.removeAllListeners('data')
          socket.end(ready)
        }),
      },
    })
    t.match(summary(gone.outcome), /^failed tls: .*hangs up/, protocol)

    const stuck = await run(t, {
      protocol,
      security,
      totalTimeoutMs: 60,
      behaviour: {
        greeting,
        answers: afterReady((socket) => {
          socket.removeAllListeners('data')
          socket.resume()
          socket.write(ready)
        }),
      },
    })
    t.match(summary(stuck.outcome), /^failed timeout/, protocol)

    const mute = inTls(protocol, { greeting: silence, answers: ask === '' ? {} : { [ask]: silence } })
    const later = await probe({ secured: mute }, { stepTimeoutMs: 60 })
    t.match(summary(later.outcome), /^failed timeout/, `${protocol}: silent after TLS`)
  }

  const preauth = inClear('imap', { greeting: '* PREAUTH welcome back\r\n' })
  const { outcome, heard } = await run(t, { protocol: 'imap', security, behaviour: preauth })
  t.match(summary(outcome), /^failed starttls-injection: .*PREAUTH/)
  t.same(heard, [])
  const atHome = inTls('imap', { greeting: '* PREAUTH welcome back\r\n' })
  t.equal(
    summary((await run(t, { protocol: 'imap', security: 'tls', behaviour: atHome })).outcome),
    'verified',
  )
})

t.test('certificates are refused with their reason (R32)', async (t) => {
  const reasons: [string, RegExp][] = [
    ['expired.alpha.test', /^failed certificate: .*expired/],
    ['self.alpha.test', /^failed certificate: .*self-signed/],
    ['stranger.alpha.test', /^failed certificate: .*signature is wrong/],
    ['other.alpha.test', /^failed certificate: .*host name/],
  ]
  for (const [hostname, wanted] of reasons) {
    for (const protocol of PROTOCOLS) {
      for (const security of SECURITIES) {
        const { outcome, heard } = await run(t, {
          protocol,
          security,
          hostname,
          behaviour: healthy(protocol, security, { secured: { greeting: silence, answers: {} } }),
        })
        t.match(summary(outcome), wanted, `${protocol} ${security} ${hostname}`)
        t.notOk(heard.includes(MODELS[protocol].farewell), 'not a word more')
      }
    }
  }
  const foreigner = await ca.issue({ names: ['foreign.test'], selfSigned: true })
  const abroad = createLoopback(foreigner.cert)
  for (const security of SECURITIES) {
    const { outcome } = await run(t, {
      protocol: 'imap',
      security,
      behaviour: healthy('imap', security, { secured: { greeting: silence, answers: {} } }),
      loopback: abroad,
    })
    t.match(summary(outcome), /^failed certificate: .*trusted authority/, `${security}: unknown issuer`)
  }
})

t.test('implicit TLS at a port that speaks in the clear', async (t) => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.write('* OK plain\r\n')
  })
  await loopback.serve(t, { 993: server })
  const { connector } = loopback
  const hostname = 'mail.alpha.test' as Hostname
  const signal = new AbortController().signal
  const prober = createMailProber({ connector })
  const target = { protocol: 'imap', hostname, port: 993, security: 'tls' } as const
  t.match(summary(await prober.probe(target, signal)), /^failed tls/)

  t.test('and targets that cannot be reached', async (t) => {
    const at = async (changes: Partial<ProbeTarget>) =>
      summary(await prober.probe({ ...target, ...changes }, signal))
    t.match(await at({ hostname: 'x.nowhere.test' as Hostname }), /^absent dns/)
    t.match(await at({ hostname: 'x.dnsless.test' as Hostname }), /^failed dns/)
    const refused = await at({ port: 143, security: 'starttls' })
    t.equal(refused, 'absent unreachable: the server could not be reached')
    t.equal(
      await at({ port: 25, security: 'starttls' }),
      refused,
      'R9: never port 25, and it reads alike (R11)',
    )
    t.equal(await at({ port: 1993 }), refused, 'R9: no undeclared port')
  })
})

t.test('a port that a trusted source declared may be dialled (R9)', async (t) => {
  const behaviour = inTls('imap')
  const options = { protocol: 'imap', security: 'tls', behaviour, port: 1993 } as const
  const { outcome, dialled } = await run(t, { ...options, declaredPort: true })
  t.equal(summary(outcome), 'verified')
  t.same(dialled, [1993])
  t.same((await run(t, { ...options, declaredPort: false })).dialled, [])
})

t.test('what the server says of itself is made harmless', async (t) => {
  const many = Array.from({ length: 100 }, (_, index) => `250-X${index}\n`).join('')
  const odd = `250-host\n250-evil\u0007\u00ff<b>\n250-\n250-size 1\n250-SIZE 1\n250-${'y'.repeat(500)}\n`
  const auth = `250-AUTH PLAIN plain %bad ${'Z'.repeat(21)} SCRAM-SHA-256\n`
  const behaviour = inTls('smtp', { answers: { [EHLO]: `${odd}${auth}${many}250 END\n`, QUIT: hangUp } })
  const { outcome } = await run(t, { protocol: 'smtp', security: 'tls', behaviour })
  t.equal(summary(outcome), 'verified')
  if (!('kind' in outcome) || outcome.kind !== 'verified') return
  const capabilities = outcome.verification.capabilities ?? []
  t.same(capabilities.slice(0, 3), ['EVIL<B>', 'SIZE 1', 'Y'.repeat(64)])
  t.equal(capabilities.length, 64)
  t.same(outcome.saslMechanisms, ['PLAIN', 'SCRAM-SHA-256'])
})

t.test('IMAP keeps LOGINDISABLED, ManageSieve may be terse', async (t) => {
  const imap = inTls('imap', {
    answers: { 'a1 CAPABILITY': '* CAPABILITY IMAP4rev1 LOGINDISABLED\r\na1 OK\r\n', 'a3 LOGOUT': hangUp },
  })
  t.match((await run(t, { protocol: 'imap', security: 'tls', behaviour: imap })).outcome, {
    verification: { capabilities: ['IMAP4REV1', 'LOGINDISABLED'] },
    saslMechanisms: [],
  })
  const sieve = inTls('managesieve', { greeting: 'OK (SASL "x") "hi"\r\n' })
  t.match((await run(t, { protocol: 'managesieve', security: 'tls', behaviour: sieve })).outcome, {
    verification: { capabilities: [] },
  })
})

t.test('a server that drips is stopped by the step and by the total clock', async (t) => {
  const drip =
    (text: string): Answer =>
    (socket) => {
      const timer = setInterval(() => socket.write(text), 5)
      socket.once('close', () => {
        clearInterval(timer)
      })
    }
  const step = inTls('smtp', { greeting: drip('220-still here\r\n') })
  const first = await run(t, { protocol: 'smtp', security: 'tls', behaviour: step, stepTimeoutMs: 60 })
  t.match(summary(first.outcome), /^failed timeout/)
  const second = await run(t, { protocol: 'smtp', security: 'tls', behaviour: step, totalTimeoutMs: 80 })
  t.match(summary(second.outcome), /^failed timeout/)
  t.equal(STEP_TIMEOUT_MS, 3000)
  t.equal(PROBE_TOTAL_TIMEOUT_MS, 4800, 'below the 5 s of a lookup')
})

t.test('nobody waits for a server that does not let go', async (t) => {
  const clinging = inTls('imap', {
    answers: { 'a1 CAPABILITY': MODELS.imap.rich, 'a3 LOGOUT': silence },
  })
  const options = { protocol: 'imap', security: 'tls', behaviour: clinging, clings: true } as const
  const { outcome, heard } = await run(t, options)
  t.equal(summary(outcome), 'verified')
  t.equal(heard.at(-1), 'a3 LOGOUT')
})

t.test('an abort rejects with its reason and closes the socket', async (t) => {
  for (const security of SECURITIES) {
    for (const place of ['greeting', 'capabilities'] as const) {
      const controller = new AbortController()
      const abort: Answer = () => {
        controller.abort(new Error('the client is gone'))
      }
      const changes = place === 'greeting' ? { greeting: abort } : { answers: { 'a1 CAPABILITY': abort } }
      const { outcome } = await run(t, {
        protocol: 'imap',
        security,
        behaviour: healthy('imap', security, changes),
        signal: controller.signal,
      })
      t.equal(summary(outcome), 'rejected the client is gone', `${security}: ${place}`)
    }
  }
  const before = await run(t, {
    protocol: 'imap',
    security: 'tls',
    behaviour: inTls('imap'),
    signal: AbortSignal.abort(new Error('too late')),
  })
  t.equal(summary(before.outcome), 'rejected too late')
  t.same(before.dialled, [], 'nothing was dialled')
})

t.test('bugs are no failures of the network', async (t) => {
  const options = { protocol: 'imap', security: 'tls', behaviour: inTls('imap') } as const
  const broken = (connect: GuardedConnector['connect']) => ({
    ...options,
    connector: (real: GuardedConnector) => ({ ...real, connect }),
  })
  const bug = new RangeError('a bug')
  await t.rejects(
    run(
      t,
      broken(() => Promise.reject(bug)),
    ),
    bug,
  )

  const plain = createServer()
  await loopback.serve(t, { 143: plain })
  const { connector } = loopback
  const forgetsTls: GuardedConnector = {
    ...connector,
    connect: (target) => connector.connect({ ...target, tls: false }),
  }
  const target = {
    protocol: 'imap',
    hostname: 'mail.alpha.test' as Hostname,
    port: 143,
    security: 'tls',
  } as const
  const asked = createMailProber({ connector: forgetsTls }).probe(target, new AbortController().signal)
  await t.rejects(asked, TypeError, 'a connector that forgets TLS never counts as verified')

  const failing: GuardedConnector = {
    ...connector,
    upgrade: (socket) => {
      socket.destroy()
      return Promise.reject(bug)
    },
  }
  await t.rejects(
    run(t, {
      protocol: 'imap',
      security: 'starttls',
      behaviour: { ...inClear('imap'), secured: { greeting: silence, answers: {} } },
      connector: (real) => ({ ...failing, connect: (target) => real.connect(target) }),
    }),
    bug,
  )
})

t.test('a connection that is gone when it is handed over', async (t) => {
  const gone = (real: GuardedConnector): GuardedConnector => ({
    ...real,
    async connect(target) {
      const socket = await real.connect(target)
      socket.destroy()
      return socket
    },
  })
  const tls = await run(t, { protocol: 'imap', security: 'tls', behaviour: inTls('imap'), connector: gone })
  t.match(summary(tls.outcome), /^failed protocol/)
  const clear = await run(t, {
    protocol: 'imap',
    security: 'starttls',
    behaviour: inClear('imap'),
    connector: gone,
  })
  t.match(summary(clear.outcome), /^absent unreachable/)
})
