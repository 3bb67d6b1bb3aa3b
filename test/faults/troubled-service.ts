/**
 * The service in a process of its own beside a lab in the process that started it, with troubles that come by message: the
 * event loop stands still, the wall clock jumps.
 */
import { serve } from '../../src/serve.js'
import { createDial } from '../lab/dial.js'
import type { WireDirectory } from '../lab/network.js'

/** In the environment, as JSON. */
export interface LabNearby {
  readonly wire: WireDirectory
  readonly ca: string
  readonly providersDirectory: string
}

export type Trouble =
  | { readonly kind: 'block'; readonly ms: number }
  /** The wall clock, ahead or behind the true one by so much. */
  | { readonly kind: 'clock'; readonly aheadMs: number }

/** The way back: which service of the lab a connection is for, and that a trouble has come. */
export type FromService =
  | { readonly kind: 'connected'; readonly from: number; readonly place: string }
  | { readonly kind: 'troubled' }

const { wire, ca, providersDirectory } = JSON.parse(process.env['LAB_NEARBY'] ?? '') as LabNearby
const tell = (message: FromService) => process.send?.(message)
const trueTime = Date.now
let aheadMs = 0
Date.now = () => trueTime() + aheadMs

process.on('message', (trouble: Trouble) => {
  if (trouble.kind === 'clock') aheadMs = trouble.aheadMs
  else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, trouble.ms)
  tell({ kind: 'troubled' })
})
// Whoever started it is gone.
process.once('disconnect', () => process.exit())

const served = new Set(wire.served)
const black = new Set(wire.black)
const code = await serve({
  dial: createDial({
    port: wire.port,
    rttMs: wire.rttMs,
    isServed: (place) => served.has(place),
    isBlack: (address) => black.has(address),
    connected: (from, place) => tell({ kind: 'connected', from, place }),
  }),
  ca: [ca],
  builtinProvidersDirectory: providersDirectory,
})
process.exit(code)
