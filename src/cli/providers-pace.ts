/** Visiting many strangers' servers without being a nuisance: few at once, slowly, one connection per place. */

/** Servers visited at the same time: a slow one must not hold up the rest, and nobody notices four. */
export const MAX_CONCURRENCY = 4
/** Connections begun per second: what one person with a mail program causes. */
export const MAX_RATE = 2

export interface Pace {
  readonly concurrency: number
  /** Per second. */
  readonly rate: number
  /** Milliseconds. */
  readonly now: () => number
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
}

export interface Visits<Item> {
  readonly items: readonly Item[]
  /** Items of one place are visited one after the other. */
  readonly placeOf: (item: Item) => string
  readonly visit: (item: Item) => Promise<void>
}

/** Visits every item once, begun in order. Rejects with the signal's reason, or with what a visit throws. */
export async function visitAll<Item>({ items, placeOf, visit }: Visits<Item>, pace: Pace): Promise<void> {
  const places = new Map<string, Item[]>()
  for (const item of items) places.set(placeOf(item), [...(places.get(placeOf(item)) ?? []), item])
  const queue = [...places.values()]
  let nextStart = pace.now()
  const turn = async () => {
    const mine = Math.max(nextStart, pace.now())
    nextStart = mine + 1000 / pace.rate
    const ms = mine - pace.now()
    if (ms > 0) await pace.wait(ms, pace.signal)
    pace.signal.throwIfAborted()
  }
  const work = async () => {
    for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
      for (const item of place) {
        await turn()
        await visit(item)
      }
    }
  }
  await Promise.all(Array.from({ length: pace.concurrency }, work))
}
