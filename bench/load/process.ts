/** Child processes of the benchmarks, and what Linux tells of them. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { constants, setPriority } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'

/** Resolves once the child accepts connections; looks every so many milliseconds. @throws Error where it ends instead */
export async function untilListening(
  child: ChildProcess,
  at: { port: number; lookMs: number },
): Promise<void> {
  while (!(await isListening(at.port))) {
    if (hasEnded(child)) throw new Error('the service has ended instead of listening')
    await pause(at.lookMs)
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    // Refused: not yet.
    return false
  } finally {
    socket.destroy()
  }
}

/** SIGTERM, and the end that follows. */
export async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

/** Memory that is really there, in megabytes (1e6 bytes). */
export function residentMb(pid: number | undefined): number {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8')
  return (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024) / 1e6
}

/** Open files and sockets. */
export function openDescriptors(pid: number | undefined): number {
  return readdirSync(`/proc/${String(pid)}/fd`).length
}

/** How a helper behaves. */
export interface Manner {
  /** Stands for other machines: gets what the service and who measures it leave of this one's processor. */
  readonly yields?: true
}

/** A module in a process of its own, with our loader, that answers messages one at a time. */
export class Helper {
  readonly #child: ChildProcess

  constructor(module: URL, manner: Manner = {}) {
    this.#child = fork(module)
    if (manner.yields) setPriority(this.#child.pid!, constants.priority.PRIORITY_LOW)
  }

  /** @throws Error where the process ends instead of an answer */
  heard(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const onExit = () => {
        reject(new Error('a process of the benchmark has ended too early'))
      }
      this.#child.once('exit', onExit)
      this.#child.once('message', (answer) => {
        this.#child.off('exit', onExit)
        resolve(answer)
      })
    })
  }

  ask(message: object): Promise<unknown> {
    const answer = this.heard()
    this.#child.send(message)
    return answer
  }

  stop(): void {
    if (this.#child.connected) this.#child.disconnect()
  }
}
