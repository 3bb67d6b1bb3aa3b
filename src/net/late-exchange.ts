/**
 * The exchange of `http-exchange.ts`, loaded when the first request needs it or the service has been up for a moment:
 * undici takes a sixth of the time of a start.
 */
import type { Exchange } from './http-exchange.js'
import type { KeptParts } from './kept-exchange.js'

/** Milliseconds after which it is loaded without a request, so that the first lookup need not wait for it. */
const SOON_MS = 1000

export function lateExchange({ connector, origins }: Pick<KeptParts, 'connector' | 'origins'>): Exchange {
  let made: Promise<Exchange> | undefined
  const make = () => (made ??= load())
  const load = async (): Promise<Exchange> => {
    clearTimeout(timer)
    const [{ createExchange }, { keepConnections }] = await Promise.all([
      import('./http-exchange.js'),
      import('./kept-exchange.js'),
    ])
    const otherwise = createExchange(connector)
    return origins.size === 0 ? otherwise : keepConnections({ connector, origins, otherwise })
  }
  const timer = setTimeout(() => void make(), SOON_MS).unref()
  return async (request) => (await make())(request)
}
