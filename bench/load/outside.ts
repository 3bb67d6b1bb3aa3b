/** The outside of the load benchmarks in a process of its own: its CPU and memory are nobody's but the lab's. */
import { startLab } from '../../test/lab/lab.js'
import type { Outside } from './service.js'
import { LOAD_ISPDB_URL, LOAD_WORLD } from './world.js'

/** What it has seen is of no interest, and would fill its memory. */
const FORGET_MS = 2000

const lab = await startLab({ world: LOAD_WORLD })
const { served } = lab.wire.directory()
const places = await Promise.all(served.map(async (place) => [place, await lab.wire.open(place)] as const))
const forgetting = setInterval(() => {
  lab.log.clear()
}, FORGET_MS)

process.once('disconnect', () => {
  clearInterval(forgetting)
  void lab.close()
})
process.send?.({
  places: Object.fromEntries(places),
  ca: lab.caPem,
  environment: { ...lab.environment, MAILSCOUT_ISPDB_URLS: LOAD_ISPDB_URL },
} satisfies Outside)
