/**
 * Asks a mailscout that runs elsewhere, with types and the lookup live.
 *   SCOUT_URL=http://127.0.0.1:8080 node http-client.js ann@gmail.com
 */
import { createMailscoutClient } from 'mailscout/client'

const [email = ''] = process.argv.slice(2)
const client = createMailscoutClient({ baseUrl: process.env['SCOUT_URL'] ?? 'http://127.0.0.1:8080' })

for await (const event of client.events(email, { devices: 'many' })) {
  if (event.type === 'source') console.error(`${event.source.source}: ${event.source.outcome}`)
  else if (event.type === 'result') {
    const { recommendation } = event.answer
    if (recommendation === null) continue
    const { protocol, incoming, outgoing } = recommendation
    for (const [name, server] of [
      [protocol, incoming],
      ['smtp', outgoing],
    ] as const) {
      if (server) console.log(name, server.hostname, server.port, server.security, server.username)
    }
  } else if (event.type === 'problem') {
    console.error(`${event.problem.code}: ${event.problem.detail}`)
    process.exitCode = 1
  }
}
