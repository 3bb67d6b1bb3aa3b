/** A real Valkey or Redis on a free port of loopback, where one is installed, and a way to it that can be troubled. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

const PROGRAMS = ['valkey-server', 'redis-server']

/** Undefined where none is installed: .ci/run installs Debian's redis-server. */
export function findValkey(): string | undefined {
  return PROGRAMS.find((program) => spawnSync(program, ['--version']).status === 0)
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export class ValkeyServer {
  readonly port: number
  readonly #program: string
  #child: ChildProcess | undefined

  private constructor(program: string, port: number) {
    this.#program = program
    this.port = port
  }

  static async start(program: string): Promise<ValkeyServer> {
    const server = new ValkeyServer(program, await freePort())
    await server.start()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    const child = spawn(this.#program, settings, { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#child = child
    for await (const line of child.stdout) {
      if (String(line).includes('eady to accept connections')) break
    }
  }

  /** At once and without a goodbye. */
  async kill(): Promise<void> {
    const child = this.#child
    if (child?.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}

/** Passes bytes on, late or not at all, as it is told to. */
export class TroubledWay {
  /** Milliseconds on each chunk; Infinity swallows. */
  delayMs = 0
  /** Connections so far. */
  connections = 0
  readonly #sockets = new Set<Socket>()
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async to(port: number): Promise<TroubledWay> {
    const server = createServer()
    const way = new TroubledWay(server)
    server.on('connection', (near) => {
      way.connections += 1
      const far = connect(port, '127.0.0.1')
      way.#join(near, far)
      way.#join(far, near)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return way
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from)
    from.on('data', (chunk) => {
      if (this.delayMs === Infinity) return
      if (this.delayMs === 0) to.write(chunk)
      else setTimeout(() => to.write(chunk), this.delayMs)
    })
    from.on('error', () => undefined)
    from.on('close', () => {
      this.#sockets.delete(from)
      to.destroy()
    })
  }
}
