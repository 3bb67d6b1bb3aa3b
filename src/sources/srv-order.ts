/** RFC 2782, "Usage rules": priority ascending, then a weighted random choice within one priority (R18). */
import type { SrvRecord } from '../domain/source.js'

/** A number from 0 up to, not including, 1. */
export type RandomFraction = () => number

export function orderSrv(records: readonly SrvRecord[], random: RandomFraction): SrvRecord[] {
  const priorities = [...new Set(records.map((record) => record.priority))].sort((a, b) => a - b)
  return priorities.flatMap((priority) =>
    drawAll(
      records.filter((record) => record.priority === priority),
      random,
    ),
  )
}

/** Weight 0 goes to the front of the running sums, which leaves it "a very small chance" of being drawn first. */
function drawAll(records: readonly SrvRecord[], random: RandomFraction): SrvRecord[] {
  const left = [...records].sort((a, b) => a.weight - b.weight)
  const drawn: SrvRecord[] = []
  while (left.length > 0) {
    const total = left.reduce((sum, record) => sum + record.weight, 0)
    const mark = Math.floor(random() * (total + 1))
    let running = 0
    const index = left.findIndex((record) => (running += record.weight) >= mark)
    drawn.push(...left.splice(index, 1))
  }
  return drawn
}
