/**
 * The lab in a process of its own, so that its share of every handshake is neither in the client's CPU time nor in its
 * way. Started by cold/lab-process.ts with a round trip time and the name of a world; serves until its parent is gone.
 */
import { startLab } from '../test/lab/lab.js'
import type { FromLab, ToLab } from './cold/lab-process.js'
import { CPU_WORLD } from './cold/cpu-world.js'
import { LATENCY_WORLD } from './cold/worlds.js'

const [rttMs, world] = process.argv.slice(2)
const lab = await startLab({
  rttMs: Number(rttMs),
  world: world === 'cpu' ? CPU_WORLD : LATENCY_WORLD,
})
const { environment, providersDirectory, caPem } = lab
const tell = (message: FromLab) => process.send?.(message)

process.on('message', (message: ToLab) => {
  if (message.kind === 'connected') {
    lab.wire.connected(message.from, message.place)
    return
  }
  const { dns, handshakes, http } = lab.log
  tell({
    kind: 'counts',
    dns: dns.length,
    http: http.length,
    handshakes: handshakes.filter(({ resumed }) => !resumed).map(({ host, port }) => ({ host, port })),
    resumed: handshakes.filter(({ resumed }) => resumed).length,
  })
  lab.log.clear()
})
process.once('disconnect', () => {
  void lab.close()
})
tell({
  kind: 'ready',
  ...lab.wire.directory(),
  environment,
  providersDirectory,
  ca: [caPem],
  addresses: Object.fromEntries(lab.hosts().map((name) => [name, lab.addressOf(name) ?? ''])),
})
