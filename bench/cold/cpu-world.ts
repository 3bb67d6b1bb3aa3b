/** Many domains of each kind, so that every lookup of the CPU part is a cold one. */
import { type World, worldOf } from '../../test/lab/world.js'
import { USUAL } from './worlds.js'

/** Per kind; the first ones warm the code up. */
export const DOMAINS_PER_KIND = 36
const KINDS = Object.entries(USUAL)

/** The kinds take turns. */
export const CPU_DOMAINS: readonly string[] = Array.from({ length: DOMAINS_PER_KIND }, (_, number) =>
  KINDS.map(([kind]) => `${kind.toLowerCase()}-${number}.test`),
).flat()

export const CPU_WORLD: World = worldOf(
  Object.fromEntries(
    CPU_DOMAINS.map((domain, index) => [domain, KINDS[index % KINDS.length]![1](domain)] as const),
  ),
)
