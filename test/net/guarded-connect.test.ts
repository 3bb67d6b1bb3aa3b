import { type AddressInfo, connect, createServer, Socket } from 'node:net'
import * as tls from 'node:tls'
import t from 'tap'
import { failure } from '../../src/domain/errors.js'
import type { Lookup, Resolver } from '../../src/domain/source.js'
import { createAddressPolicy } from '../../src/net/address-policy.js'
import { NetError } from '../../src/net/classify-error.js'
import {
  createGuardedConnector,
  type Dial,
  type GuardedParts,
  type GuardedTarget,
  NameAbsentError,
} from '../../src/net/guarded-connect.js'
import { interleave } from '../../src/net/happy-eyeballs.js'
import { certificateOf } from '../../src/net/tls-client.js'
import { createLabCa } from '../lab/ca.js'

const ca = await createLabCa()
const UNREACHABLE = {
  name: 'NetError',
  failure: { code: 'unreachable', detail: 'the server could not be reached' },
}

/** Names and their addresses; a question nobody planned fails loudly. */
class FakeResolver implements Resolver {
  readonly asked: string[] = []
  readonly table: Record<string, readonly string[] | Lookup<readonly string[]>>

  constructor(table: Record<string, readonly string[] | Lookup<readonly string[]>>) {
    this.table = table
  }
  addresses(name: string): Promise<Lookup<readonly string[]>> {
    this.asked.push(name)
    const planned = this.table[name]
    if (planned === undefined) throw new Error(`nobody planned ${name}`)
    if ('kind' in planned) return Promise.resolve(planned)
    return Promise.resolve({ kind: 'found', value: planned, ttlSeconds: 60, authenticated: false })
  }
  mx = (): never => this.refuse()
  srv = (): never => this.refuse()
  txt = (): never => this.refuse()
  private refuse(): never {
    throw new Error('only addresses are planned')
  }
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const accepted = new Set<Socket>()
const plain = createServer((socket) => {
  accepted.add(socket)
  socket.on('error', () => undefined)
  socket.on('close', () => accepted.delete(socket))
  socket.write('hello')
})
const plainPort = await listen(plain)
const closedServer = createServer()
const closedPort = await listen(closedServer)
await new Promise((resolve) => closedServer.close(resolve))
t.teardown(() => {
  for (const socket of accepted) socket.destroy()
  plain.close()
})

/** Public addresses of the tests, and where they really lead. */
type Routes = Record<string, number | 'black hole'>
interface Setup {
  readonly dialled: string[]
  readonly sockets: Socket[]
  readonly resolver: FakeResolver
  connect(target?: Partial<GuardedTarget>): Promise<Socket | tls.TLSSocket>
  upgrade: ReturnType<typeof createGuardedConnector>['upgrade']
}

function setup(
  addresses: readonly string[] | Lookup<readonly string[]>,
  routes: Routes = {},
  parts: Partial<GuardedParts> = {},
): Setup {
  const resolver = new FakeResolver({ 'imap.lab.test': addresses })
  const dialled: string[] = []
  const sockets: Socket[] = []
  const dial: Dial = (address, port) => {
    dialled.push(`${address} ${port}`)
    const route = routes[address]
    if (route === undefined) throw new Error(`nobody planned ${address}`)
    const socket = route === 'black hole' ? new Socket() : connect(route, '127.0.0.1')
    sockets.push(socket)
    return socket
  }
  const policy = createAddressPolicy({ allowNetworks: [] })
  const connector = createGuardedConnector({ resolver, policy, dial, ca: [ca.pem], ...parts })
  return {
    dialled,
    sockets,
    resolver,
    connect: (target) =>
      connector.connect({
        hostname: 'imap.lab.test',
        port: 993,
        tls: false,
        signal: new AbortController().signal,
        ...target,
      }),
    upgrade: (socket, target) => connector.upgrade(socket, target),
  }
}

/* Which names and addresses */

t.test('connects to the checked address, asking the resolver once (no rebinding window)', async (t) => {
  const door = setup(['9.9.9.9'], { '9.9.9.9': plainPort })
  const socket = await door.connect({ hostname: 'IMAP.Lab.Test.' })
  t.same(door.resolver.asked, ['imap.lab.test'])
  t.same(door.dialled, ['9.9.9.9 993'])
  t.ok(socket.remotePort === plainPort)
  socket.destroy()
})

t.test('one refused address refuses the whole name, in any place', async (t) => {
  const lists = [
    ['127.0.0.1'],
    ['9.9.9.9', '127.0.0.1'],
    ['10.0.0.1', '9.9.9.9'],
    ['9.9.9.9', '2606:4700::1', '::ffff:9.9.9.9'],
    ['9.9.9.9', '169.254.169.254'],
    ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4', '1.1.1.5', '192.168.1.1'],
    [],
  ]
  for (const addresses of lists) {
    const door = setup(addresses, { '9.9.9.9': plainPort })
    await t.rejects(door.connect(), UNREACHABLE, addresses.join(' '))
    t.same(door.dialled, [])
  }
})

t.test('IP literals and names that are no host names are refused before any question', async (t) => {
  const hosts = [
    '9.9.9.9',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '[::1]',
    '::1',
    '[2606:4700::1]',
  ]
  for (const hostname of [
    ...hosts,
    '１２７.0.0.1',
    'localhost',
    'a_b.lab.test',
    '',
    'a b.test',
    'evil.test/..',
  ]) {
    const door = setup(['9.9.9.9'])
    await t.rejects(door.connect({ hostname }), UNREACHABLE, hostname)
    t.same(door.resolver.asked, [])
  }
})

t.test('networks the operator allows may be dialled', async (t) => {
  const policy = createAddressPolicy({ allowNetworks: ['127.0.0.0/8'] })
  const door = setup(['127.5.5.5'], { '127.5.5.5': plainPort }, { policy })
  ;(await door.connect()).destroy()
  t.same(door.dialled, ['127.5.5.5 993'])
})

t.test('without an injected dial the address itself is dialled', async (t) => {
  const policy = createAddressPolicy({ allowNetworks: ['127.0.0.0/8'] })
  const resolver = new FakeResolver({ 'imap.lab.test': ['127.0.0.1'] })
  const connector = createGuardedConnector({ resolver, policy })
  const signal = new AbortController().signal
  const target = { hostname: 'imap.lab.test', port: plainPort, tls: false, declaredPort: true, signal }
  const socket = await connector.connect(target)
  t.equal(socket.remoteAddress, '127.0.0.1')
  socket.destroy()
})

t.test('ports (R9)', async (t) => {
  const door = setup(['9.9.9.9'], { '9.9.9.9': plainPort })
  for (const target of [
    { port: 25, declaredPort: true },
    { port: 22 },
    { port: 80 },
    { port: 80, httpHint: true, tls: true },
  ]) {
    await t.rejects(door.connect(target), UNREACHABLE, JSON.stringify(target))
  }
  t.same(door.dialled, [])
  ;(await door.connect({ port: 80, httpHint: true })).destroy()
  ;(await door.connect({ port: 1993, declaredPort: true })).destroy()
  t.same(door.dialled, ['9.9.9.9 80', '9.9.9.9 1993'])
})

t.test('absent names and failed lookups stay apart', async (t) => {
  const absent = setup({ kind: 'absent', ttlSeconds: 77, authenticated: false })
  const error = await absent.connect().catch((error: unknown) => error)
  t.type(error, NameAbsentError)
  t.match(error, { name: 'NameAbsentError', ttlSeconds: 77, failure: { code: 'dns' } })
  const failed = setup({ kind: 'failed', failure: failure('timeout', 'slow') })
  const trouble = await failed.connect().catch((error: unknown) => error)
  t.notOk(trouble instanceof NameAbsentError)
  t.match(trouble, { failure: { code: 'timeout', detail: 'slow' } })
})

/* Happy eyeballs, deadlines, aborts */

t.test('families alternate, IPv6 first, four at most', (t) => {
  t.same(interleave(['1.1.1.1', '1.1.1.2', '2600::1']), ['2600::1', '1.1.1.1', '1.1.1.2'])
  t.same(interleave(['1.1.1.1', '1.1.1.1']), ['1.1.1.1'])
  const many = ['1.1.1.1', '1.1.1.2', '1.1.1.3', '2600::1', '2600::2', '2600::3']
  t.same(interleave(many), ['2600::1', '1.1.1.1', '2600::2', '1.1.1.2'])
  t.end()
})

t.test('the next address is tried at once after a refusal', async (t) => {
  const door = setup(['1.1.1.1', '2600::1', '1.1.1.2'], {
    '2600::1': closedPort,
    '1.1.1.1': closedPort,
    '1.1.1.2': plainPort,
  })
  const start = performance.now()
  const socket = await door.connect()
  t.ok(performance.now() - start < 200)
  t.same(door.dialled, ['2600::1 993', '1.1.1.1 993', '1.1.1.2 993'])
  socket.destroy()
})

t.test(
  'and after a moment when nothing comes; the loser is destroyed, nothing more is dialled',
  async (t) => {
    const routes: Routes = { '2600::1': 'black hole', '1.1.1.1': plainPort, '1.1.1.2': plainPort }
    const door = setup(Object.keys(routes), routes)
    const socket = await door.connect()
    t.same(door.dialled, ['2600::1 993', '1.1.1.1 993'])
    t.ok(door.sockets[0]?.destroyed)
    await new Promise(setImmediate)
    t.equal(door.dialled.length, 2)
    socket.destroy()
  },
)

t.test('every address refuses', async (t) => {
  const door = setup(['1.1.1.1', '1.1.1.2'], { '1.1.1.1': closedPort, '1.1.1.2': closedPort })
  await t.rejects(door.connect(), UNREACHABLE)
  t.equal(door.dialled.length, 2)
  t.ok(door.sockets.every((socket) => socket.destroyed))
})

t.test('a black hole ends at the time limit', async (t) => {
  const routes: Routes = { '1.1.1.1': 'black hole' }
  const door = setup(['1.1.1.1'], routes, { connectTimeoutMs: 30 })
  await t.rejects(door.connect(), { name: 'NetError', failure: { code: 'timeout' } })
  t.ok(door.sockets[0]?.destroyed)
})

t.test('a server that is silent in the TLS handshake ends at the time limit', async (t) => {
  const silent = createServer((socket) => socket.on('error', () => undefined))
  const door = setup(['1.1.1.1'], { '1.1.1.1': await listen(silent) }, { connectTimeoutMs: 60 })
  await t.rejects(door.connect({ tls: true }), { name: 'NetError', failure: { code: 'timeout' } })
  t.ok(door.sockets[0]?.destroyed)
  silent.close()
})

t.test('an abort is heard while connecting and rejects with its reason', async (t) => {
  const reason = new Error('the client is gone')
  const controller = new AbortController()
  const door = setup(
    ['1.1.1.1'],
    {},
    {
      dial: () => {
        queueMicrotask(() => {
          controller.abort(reason)
        })
        const socket = new Socket()
        door.sockets.push(socket)
        return socket
      },
    },
  )
  await t.rejects(door.connect({ signal: controller.signal }), reason)
  t.ok(door.sockets[0]?.destroyed)
  await t.rejects(door.connect({ signal: controller.signal }), reason, 'already aborted')
  t.equal(door.resolver.asked.length, 1)
  const socket = new Socket()
  await t.rejects(door.upgrade(socket, { hostname: 'imap.lab.test', signal: controller.signal }), reason)
  t.ok(socket.destroyed)
})

t.test('an abort in the last moment does not lose the socket', async (t) => {
  const reason = new Error('too late')
  const controller = new AbortController()
  let dialled: Socket | undefined
  const door = setup(
    ['1.1.1.1'],
    {},
    {
      dial: () => {
        dialled = connect(plainPort, '127.0.0.1')
        dialled.once('connect', () => {
          queueMicrotask(() => {
            controller.abort(reason)
          })
        })
        return dialled
      },
    },
  )
  await t.rejects(door.connect({ signal: controller.signal }), reason)
  t.ok(dialled?.destroyed)
})

t.test('a bug in the dialler is thrown as it is, also from the timer', async (t) => {
  await t.rejects(setup(['1.1.1.1']).connect(), { message: 'nobody planned 1.1.1.1' })
  const door = setup(['2600::1', '1.1.1.1'], { '2600::1': 'black hole' })
  await t.rejects(door.connect(), { message: 'nobody planned 1.1.1.1' })
  t.ok(door.sockets[0]?.destroyed)
})

/* TLS */

interface TlsServer {
  readonly port: number
  readonly server: tls.Server
}

async function tlsServer(options: tls.TlsOptions): Promise<TlsServer> {
  const server = tls.createServer(options, (socket) => {
    socket.on('error', () => undefined)
    socket.end('hello')
  })
  server.on('tlsClientError', () => undefined)
  const port = await listen(server)
  t.teardown(() => server.close())
  return { port, server }
}

const good = await tlsServer({
  ...(await ca.issue({ names: ['imap.lab.test'] })),
  ALPNProtocols: ['h2', 'http/1.1'],
})

t.test('a valid certificate: SNI, ALPN, TLS 1.2 or newer', async (t) => {
  const door = setup(['9.9.9.9'], { '9.9.9.9': good.port })
  const names: (string | false | null)[] = []
  good.server.once('secureConnection', (socket) => names.push(socket.servername))
  const socket = (await door.connect({ tls: true, alpn: ['http/1.1'] })) as tls.TLSSocket
  t.ok(socket.authorized)
  t.equal(socket.alpnProtocol, 'http/1.1')
  t.match(socket.getProtocol(), /^TLSv1\.[23]$/)
  t.equal(certificateOf(socket)?.subjectAltName, 'DNS:imap.lab.test')
  socket.resume()
  await new Promise((resolve) => socket.once('close', resolve))
  t.same(names, ['imap.lab.test'])
})

t.test('certificates that do not prove the name are refused with the reason', async (t) => {
  const day = 86_400_000
  const bad: [string, tls.TlsOptions, RegExp][] = [
    ['wrong host', await ca.issue({ names: ['other.lab.test'] }), /not valid for the host name/],
    ['no SAN', await ca.issue({ names: [] }), /not valid for the host name/],
    ['partial wildcard', await ca.issue({ names: ['im*.lab.test'] }), /not valid for the host name/],
    ['parent wildcard', await ca.issue({ names: ['*.imap.lab.test'] }), /not valid for the host name/],
    [
      'expired',
      await ca.issue({ names: ['imap.lab.test'], notAfter: new Date(Date.now() - day) }),
      /expired/,
    ],
    [
      'future',
      await ca.issue({ names: ['imap.lab.test'], notBefore: new Date(Date.now() + day) }),
      /not valid yet/,
    ],
    ['self-signed', await ca.issue({ names: ['imap.lab.test'], selfSigned: true }), /self-signed/],
    [
      'unknown CA',
      await (await createLabCa()).issue({ names: ['imap.lab.test'] }),
      /trusted authority|signature/,
    ],
  ]
  for (const [name, options, detail] of bad) {
    const { port } = await tlsServer(options)
    const door = setup(['9.9.9.9'], { '9.9.9.9': port })
    const expected = { name: 'NetError', failure: { code: 'certificate', detail } }
    await t.rejects(door.connect({ tls: true }), expected, name)
    await t.rejects(door.connect({ tls: true }), expected, `${name}: no session lets it pass the second time`)
    t.ok(
      door.sockets.every((socket) => socket.destroyed),
      'destroyed',
    )
  }
})

t.test('the lab CA is trusted only where it is given', async (t) => {
  const { resolver } = setup(['9.9.9.9'])
  const connector = createGuardedConnector({
    resolver,
    policy: createAddressPolicy({ allowNetworks: [] }),
    dial: () => connect(good.port, '127.0.0.1'),
  })
  const target = { hostname: 'imap.lab.test', port: 993, tls: true, signal: new AbortController().signal }
  await t.rejects(connector.connect(target), { name: 'NetError', failure: { code: 'certificate' } })
})

t.test('TLS 1.1 is refused', async (t) => {
  const { key, cert } = await ca.issue({ names: ['imap.lab.test'] })
  const old = { key, cert, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const
  const { port } = await tlsServer(old)
  const probe = tls.connect({
    port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    minVersion: 'TLSv1',
    ciphers: 'ALL:@SECLEVEL=0',
  })
  await new Promise((resolve, reject) => probe.once('secureConnect', resolve).once('error', reject))
  t.equal(probe.getProtocol(), 'TLSv1.1', 'the server itself works')
  probe.destroy()
  const door = setup(['9.9.9.9'], { '9.9.9.9': port })
  await t.rejects(door.connect({ tls: true }), { name: 'NetError', failure: { code: 'tls' } })
  t.ok(door.sockets[0]?.destroyed)
})

t.test('a server that speaks no TLS, or hangs up', async (t) => {
  const door = setup(['9.9.9.9'], { '9.9.9.9': plainPort })
  await t.rejects(door.connect({ tls: true }), { name: 'NetError', failure: { code: 'tls' } })
  const rude = createServer((socket) => socket.destroy())
  const hangsUp = setup(['9.9.9.9'], { '9.9.9.9': await listen(rude) })
  await t.rejects(hangsUp.connect({ tls: true }), UNREACHABLE)
  rude.close()
})

t.test('a connection that closes before its handshake may begin is no silent server', async (t) => {
  const door = setup(['9.9.9.9'], { '9.9.9.9': good.port }, { connectTimeoutMs: 60_000 })
  const connecting = door.connect({ tls: true })
  while (door.sockets.length === 0) await Promise.resolve()
  const [socket] = door.sockets
  socket?.once('connect', () => socket.destroy())
  await t.rejects(connecting, UNREACHABLE)
})

t.test('HTTP resumes sessions; mail sees the certificate every time', async (t) => {
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const { key, cert } = await ca.issue({ names: ['imap.lab.test'] })
    const { port } = await tlsServer({ key, cert, maxVersion, ALPNProtocols: ['http/1.1'] })
    const door = setup(['9.9.9.9'], { '9.9.9.9': port })
    const reused = async (alpn?: string[]) => {
      const socket = (await door.connect({ tls: true, ...(alpn && { alpn }) })) as tls.TLSSocket
      const resumed = socket.isSessionReused()
      t.ok(socket.authorized)
      if (!alpn) t.equal(certificateOf(socket)?.subjectAltName, 'DNS:imap.lab.test')
      socket.resume()
      await new Promise((resolve) => socket.once('close', resolve))
      return resumed
    }
    t.equal(await reused(), false)
    t.equal(await reused(['http/1.1']), false, 'nothing is kept of a mail connection')
    t.equal(await reused(['http/1.1']), true, maxVersion)
    t.equal(await reused(), false)
  }
})

t.test('STARTTLS: upgrade verifies the same way', async (t) => {
  const { key, cert } = await ca.issue({ names: ['imap.lab.test'] })
  const starttls = createServer((socket) => {
    socket.write('ready')
    const secured = new tls.TLSSocket(socket, { isServer: true, key, cert })
    secured.on('error', () => undefined)
    secured.write('secret')
  })
  const door = setup(['9.9.9.9'], { '9.9.9.9': await listen(starttls) })
  const signal = new AbortController().signal
  const ready = async () => {
    const socket = await door.connect({ port: 143 })
    await new Promise((resolve) => socket.once('data', resolve))
    return socket
  }
  const secured = await door.upgrade(await ready(), { hostname: 'imap.lab.test', signal })
  const [text] = await new Promise<[Buffer]>((resolve) => secured.once('data', (data: Buffer) => { resolve([data]) })) // prettier-ignore
  t.equal(text.toString(), 'secret')
  secured.destroy()

  const socket = await ready()
  const refused = door.upgrade(socket, { hostname: 'other.lab.test', signal })
  await t.rejects(refused, { name: 'NetError', failure: { code: 'certificate' } })
  t.ok(socket.destroyed)
  starttls.close()
})

t.test('an early reset after the hand-over is no unhandled error', async (t) => {
  const door = setup(['9.9.9.9'], { '9.9.9.9': plainPort })
  const socket = await door.connect()
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.destroy(new Error('reset'))
  await closed
  t.ok(new NetError(failure('tls', 'x')) instanceof Error)
})
