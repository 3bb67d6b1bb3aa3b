/** `npm start` and `mailscout serve`: one process that serves, or one that looks after several (`MAILSCOUT_WORKERS`). */
import cluster from 'node:cluster'
import type { Surroundings } from './compose.js'
import { ConfigError, processConfig, processSlot } from './config.js'
import type { Channel } from './worker-messages.js'

/** Milliseconds beside the budget of a lookup that a worker may take to end: its own margin, and some to write its log. */
const END_MARGIN_MS = 3000

/** @returns the exit code: 0, or 2 for settings or files that do not fit */
export async function serveProcesses(surroundings: Surroundings = {}): Promise<number> {
  if (cluster.isWorker) return asWorker(surroundings)
  const workers = workersWanted()
  if (workers === null || workers === 1) return (await import('./serve.js')).serve(surroundings)
  const [{ openLog }, { runWorkers }] = await Promise.all([
    import('./service-log.js'),
    import('./supervise-workers.js'),
  ])
  const config = processConfig()
  const { log, flush } = openLog(config)
  process.once('exit', flush)
  return runWorkers({ count: workers, log, endMs: config.MAILSCOUT_BUDGET_MS + END_MARGIN_MS })
}

/** Null where the settings are wrong, which `serve` tells. */
function workersWanted(): number | null {
  try {
    return processConfig().MAILSCOUT_WORKERS
  } catch (error) {
    if (error instanceof ConfigError) return null
    throw error
  }
}

async function asWorker(surroundings: Surroundings): Promise<number> {
  const { serve } = await import('./serve.js')
  const code = await serve({ ...surroundings, worker: { slot: processSlot(), channel: toPrimary() } })
  // The channel to the process above would keep this one alive.
  process.exit(code)
}

function toPrimary(): Channel {
  return {
    send: (message) => process.send?.(message),
    listen: (onMessage) => process.on('message', onMessage),
  }
}
