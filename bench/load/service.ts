/** The built service as a process of its own with the settings of production, and the lab around it in another. */
import { spawn } from 'node:child_process'
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import { freePort } from '../../test/fakes/valkey-server.js'
import { end, Helper, type Manner, untilListening } from './process.js'

/** What the lab's process tells. */
export interface Outside {
  /** Port at 127.0.0.1 by `address port`. */
  readonly places: Readonly<Record<string, number>>
  /** PEM. */
  readonly ca: string
  readonly environment: Readonly<Record<string, string>>
}

export interface Service {
  readonly url: string
  readonly pid: number
  /** Of /metrics, without labels; NaN for what is not there. */
  metrics(): Promise<(name: string) => number>
  /** Ends both processes; false where the service did not end with 0. */
  close(): Promise<boolean>
}

const LOOK_MS = 10
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const WIRE = new URL('wire.mjs', import.meta.url).href

/** @param environment beside what points the service at the lab; @param manner how the lab's process behaves */
export async function startService(
  environment: Readonly<Record<string, string>>,
  manner: Manner = {},
): Promise<Service> {
  const scratch = mkdtempSync(join(tmpdir(), 'mailscout-load-'))
  const lab = new Helper(new URL('outside.ts', import.meta.url), manner)
  const outside = (await lab.heard()) as Outside
  const ca = join(scratch, 'ca.pem')
  writeFileSync(ca, outside.ca)
  const port = await freePort()
  // The log goes where a supervisor would put it: into a file.
  const log = openSync(join(scratch, 'log'), 'a')
  const child = spawn(process.execPath, ['--import', WIRE, MAIN], {
    stdio: ['ignore', log, 'inherit'],
    env: {
      ...process.env,
      ...outside.environment,
      PORT: String(port),
      LAB_PLACES: JSON.stringify(outside.places),
      NODE_EXTRA_CA_CERTS: ca,
      ...environment,
    },
  })
  await untilListening(child, { port, lookMs: LOOK_MS })
  const url = `http://127.0.0.1:${String(port)}`
  return {
    url,
    pid: child.pid!,
    async metrics() {
      // On a connection of its own, which is closed: it would be counted as the service's.
      const text = await (await request(`${url}/metrics`, { reset: true })).body.text()
      return (name) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1])
    },
    async close() {
      await end(child)
      lab.stop()
      rmSync(scratch, { recursive: true, force: true })
      return child.exitCode === 0
    },
  }
}
