/**
 * Finds settings inside your own program, without a server. Node only.
 *   node library.js ann@gmail.com
 */
import { createMailscout } from 'mailscout'

const [email = ''] = process.argv.slice(2)
const scout = createMailscout({ settings: process.env })

const result = await scout.discover(email, { devices: 'many' })
if (result.ok) {
  const { recommendation } = result.answer
  if (recommendation !== null) {
    const { protocol, incoming, outgoing } = recommendation
    for (const [name, server] of [
      [protocol, incoming],
      ['smtp', outgoing],
    ] as const) {
      if (server) console.log(name, server.hostname, server.port, server.security, server.username)
    }
  }
} else {
  console.error(`${result.problem.code}: ${result.problem.detail}`)
  process.exitCode = 1
}
await scout.close()
