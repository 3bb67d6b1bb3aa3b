/**
 * The service as a process of its own, with the shipped provider database: how long it takes to listen, what that costs in
 * CPU beside a bare Node server, and the memory it holds when nobody asks. Exits 1 where a limit is missed.
 *
 * The least of several starts is judged: whatever else runs on the machine makes one longer, never shorter.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../test/fakes/valkey-server.js'
import { judge } from './load/judge.js'
import { end, residentMb, untilListening } from './load/process.js'

const STARTS = 9
/** Milliseconds (issue 6, "Start"). */
const LIMIT_MS = 400
/** Megabytes (issue 6, "Memory"). */
const LIMIT_RSS = 120
/** Milliseconds between two attempts to connect. */
const LOOK_MS = 2
/** Milliseconds after which the memory is looked at. */
const IDLE_MS = 3000

const PORT = await freePort()
const BARE = `require('node:http').createServer(() => {}).listen(${PORT}, '127.0.0.1')`
const SERVICE = [fileURLToPath(new URL('../dist/main.js', import.meta.url))]
const ENVIRONMENT = {
  ...process.env,
  PORT: String(PORT),
  LOG_LEVEL: 'warn',
  // Never asked; without it the system's own would be read.
  MAILSCOUT_DNS_SERVERS: '127.0.0.1:9',
}

interface Start {
  readonly wallMs: number
  readonly cpuMs: number
}

async function listening(args: readonly string[]): Promise<{ child: ChildProcess; start: Start }> {
  const before = performance.now()
  const child = spawn(process.execPath, args, { env: ENVIRONMENT, stdio: 'inherit' })
  await untilListening(child, { port: PORT, lookMs: LOOK_MS })
  return { child, start: { wallMs: performance.now() - before, cpuMs: cpuMs(child.pid) } }
}

/** What all threads of a process have run so far, as Linux counts it in nanoseconds. */
function cpuMs(pid: number | undefined): number {
  const tasks = `/proc/${String(pid)}/task`
  const ran = readdirSync(tasks).map(
    (task) => readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0],
  )
  return ran.reduce((sum, nanoseconds) => sum + Number(nanoseconds) / 1e6, 0)
}

const least = { bare: { wallMs: Infinity, cpuMs: Infinity }, service: { wallMs: Infinity, cpuMs: Infinity } }
for (let round = 0; round < STARTS; round += 1) {
  for (const [name, args] of [
    ['bare', ['-e', BARE]],
    ['service', SERVICE],
  ] as const) {
    const { child, start } = await listening(args)
    await end(child)
    least[name].wallMs = Math.min(least[name].wallMs, start.wallMs)
    least[name].cpuMs = Math.min(least[name].cpuMs, start.cpuMs)
  }
}
const { child } = await listening(SERVICE)
await pause(IDLE_MS)
const resident = residentMb(child.pid)
await end(child)

for (const [name, { wallMs, cpuMs: cpu }] of Object.entries(least)) {
  console.log(`${name.padEnd(8)} listening after ${wallMs.toFixed(0)} ms, ${cpu.toFixed(0)} ms of CPU`)
}
console.log(`ratio of CPU ${(least.service.cpuMs / least.bare.cpuMs).toFixed(1)}`)
judge('listening after, ms', least.service.wallMs, { most: LIMIT_MS })
judge('memory when idle, MB', resident, { most: LIMIT_RSS })
