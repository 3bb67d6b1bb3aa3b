/** Other people's programs as children of the test: in the foreground, their words kept, ended by their process group. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'

/** Milliseconds; the slowest of them is Postfix on a busy machine. */
const WAIT_LIMIT_MS = 20_000
const STOP_LIMIT_MS = 3000
const LOOK_EVERY_MS = 10
/** Daemons live in directories that not everybody has in his path. */
const environment = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` }

export interface Daemon {
  /** Everything it said so far. */
  output(): string
  stop(): Promise<void>
}

export interface DaemonCommand {
  readonly command: readonly [string, ...string[]]
  /** Where it listens once it is ready, as `address port`; undefined as long as only the program knows. */
  readonly listens: readonly (string | (() => string | undefined))[]
}

/** Starts a program and waits until it listens. @throws Error with its words when it ends instead */
export async function startDaemon({ command, listens }: DaemonCommand): Promise<Daemon> {
  // A group of its own, so that its helpers go with it; the signal ends it even where this process is killed.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', ...command], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  })
  const words: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => words.push(chunk.toString()))
  const output = () => words.join('')
  try {
    for (const place of listens) {
      await until(
        () => answers(typeof place === 'function' ? place() : place),
        () => child.exitCode !== null,
      )
    }
  } catch (error) {
    await stop(child)
    throw new Error(`${command.join(' ')} does not listen: ${output()}`, { cause: error })
  }
  return { output, stop: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const group = -child.pid
  const ended = once(child, 'exit')
  const impatience = setTimeout(() => process.kill(group, 'SIGKILL'), STOP_LIMIT_MS)
  process.kill(group, 'SIGTERM')
  await ended
  clearTimeout(impatience)
}

async function answers(place: string | undefined): Promise<boolean> {
  if (place === undefined) return false
  const [host = '', port] = place.split(' ')
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) })
    socket.once('error', () => {
      resolve(false)
    })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end. @throws Error with its words when it fails */
export function runOrThrow(command: string, args: readonly string[], cwd?: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: environment,
    ...(cwd === undefined ? {} : { cwd }),
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stdout + stderr}`)
  return stdout
}

/** Looks again and again, because other programs tell nobody when they are done. @throws Error when it takes too long */
export async function until(isSo: () => boolean | Promise<boolean>, isHopeless = () => false): Promise<void> {
  const deadline = Date.now() + WAIT_LIMIT_MS
  while (!(await isSo())) {
    if (isHopeless() || Date.now() > deadline) throw new Error('it did not come about')
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

/** Runs a program to its end while this process goes on serving it. */
export async function run(command: string, args: readonly string[], input = ''): Promise<Ended> {
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', command, ...args], { env: environment })
  const said: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => (said[name] += chunk.toString()))
  // A program that ends without reading is judged by its status.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, ...said }
}

/** The first of the programs that is not here, for the reason of a skip. */
export function missingProgram(programs: Readonly<Record<string, string>>): string | undefined {
  const absent = Object.entries(programs).find(
    ([program]) => spawnSync('which', [program], { env: environment }).status !== 0,
  )
  return absent && `${absent[0]} is not installed: apt-get install ${absent[1]}`
}

/** A block of loopback addresses that nobody else uses, held until `release`. */
export interface AddressBlock {
  /** 127.x.0.<host> */
  at(host: number): string
  release(): Promise<void>
}

const FIRST_BLOCK = 60
const BLOCKS = 40

/** Takes a block by listening in it, so that two runs on one machine keep apart. */
export async function takeAddressBlock(): Promise<AddressBlock> {
  for (let block = FIRST_BLOCK; block < FIRST_BLOCK + BLOCKS; block++) {
    // The port of the lock is discard's (RFC 863), which nobody serves.
    const lock = await listen(`127.${block}.0.254`, 9)
    if (lock === null) continue
    lock.unref()
    return {
      at: (host) => `127.${block}.0.${host}`,
      async release() {
        lock.close()
        await once(lock, 'close')
      },
    }
  }
  throw new Error('no block of loopback addresses is free')
}

/** Whether a server could listen there. */
export async function isFree(address: string, port: number): Promise<boolean> {
  const server = await listen(address, port)
  server?.close()
  return server !== null
}

function listen(host: string, port: number): Promise<Server | null> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => {
      resolve(null)
    })
    server.listen({ host, port, exclusive: true }, () => {
      resolve(server)
    })
  })
}
