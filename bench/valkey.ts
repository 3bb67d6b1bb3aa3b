/**
 * Two processes that share Valkey or Redis, against one that has it alone: CPU per answer from the cache with one process
 * loaded, then with both at the same time. What sharing costs shows as CPU; requests per second would also count the
 * client, which runs on the same cores. Exits 1 when two carry less than their limit.
 */
import { mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findValkey, ValkeyServer } from '../test/fakes/valkey-server.js'
import { load, middle, Server } from './hot-load.js'

/** Times what one carries (issue 6). */
const LIMIT = 1.7
const WARM_UP = 20_000
const ROUND = 12_000
const ROUNDS = 7
const ASK = { path: '/v1/discover?email=ann@gmx.de', headers: { host: 'config.hoster.test' } }

const program = findValkey()
if (program === undefined) {
  console.log('skipped: neither valkey-server nor redis-server is installed')
} else await compare(program)

async function compare(engineProgram: string): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'mailscout-valkey-'))
  const log = openSync(join(scratch, 'log'), 'a')
  const engine = await ValkeyServer.start(engineProgram)
  const environment = {
    PORT: '0',
    MAILSCOUT_SOURCES: 'operator,provider-db',
    // Never answers; without it the system's own would be asked.
    MAILSCOUT_DNS_SERVERS: '127.0.0.1:9',
    MAILSCOUT_RATE_LIMIT_MAX: '1000000',
    MAILSCOUT_RATE_LIMIT_COLD_MAX: '1000000',
    MAILSCOUT_SELF_CHECK: 'off',
    MAILSCOUT_VALKEY_URL: engine.url,
  }
  const order = { kind: 'service', environment } as const
  const [one, other] = await Promise.all([new Server(log).start(order), new Server(log).start(order)])
  try {
    await Promise.all([load(one, ASK, WARM_UP), load(other, ASK, WARM_UP)])
    const rounds: { readonly alone: number; readonly together: number }[] = []
    for (let count = 0; count < ROUNDS; count += 1) {
      const alone = (await load(one, ASK, ROUND)).cpuUs
      const both = await Promise.all([load(one, ASK, ROUND), load(other, ASK, ROUND)])
      rounds.push({ alone, together: (both[0].cpuUs + both[1].cpuUs) / 2 })
    }
    const times = middle(rounds.map(({ alone, together }) => (2 * alone) / together))
    const missed = times < LIMIT
    console.log(
      `one process ${middle(rounds.map(({ alone }) => alone)).toFixed(1)} µs of CPU per answer, ` +
        `two at the same time ${middle(rounds.map(({ together }) => together)).toFixed(1)} µs each`,
    )
    console.log(
      `two carry ${times.toFixed(2)} times what one does (limit ${String(LIMIT)})${missed ? '   MISSED' : ''}`,
    )
    if (missed) process.exitCode = 1
  } finally {
    one.stop()
    other.stop()
    await engine.kill()
    rmSync(scratch, { recursive: true, force: true })
  }
}
