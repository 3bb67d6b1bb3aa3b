/** Carries out orders in a process of its own, so that what asks much takes no time from what asks calmly and measures. */
import { carryOut, type Order } from './ask.js'

process.on('message', (order: Order) => {
  void carryOut(order).then((tally) => process.send?.(tally))
})
process.once('disconnect', () => process.exit())
