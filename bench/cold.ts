/**
 * Cold lookups in the lab, in round trips: from the question to an answer whose first choice is verified. The lab delays
 * every connection, DNS question and chunk; what the figures exceed the protocol's round trips by is CPU, shared here
 * with the lab's own servers. Prints the median of all runs but the first, which warms the code up.
 */
import type { DiscoverAnswer } from '../src/domain/answer.js'
import { autoconfigXml, xml } from '../test/lab/documents.js'
import { defineWorld, startLab } from '../test/lab/lab.js'
import { serviceBeside } from '../test/lab/service.js'
import { AUTOCONFIG_PATH, READING, SENDING, worldOf } from '../test/lab/world.js'

const RTT_MS = 50
const RUNS = 10
const USUAL = 'usual.test'

const usual = worldOf({
  [USUAL]: {
    hosts: {
      [`imap.${USUAL}`]: READING,
      [`pop.${USUAL}`]: READING,
      [`smtp.${USUAL}`]: SENDING,
      [`autoconfig.${USUAL}`]: {
        https: {
          [AUTOCONFIG_PATH]: xml(
            autoconfigXml(USUAL, [
              { type: 'imap', hostname: `imap.${USUAL}`, port: 993, socketType: 'SSL' },
              { type: 'pop3', hostname: `pop.${USUAL}`, port: 995, socketType: 'SSL' },
              { type: 'smtp', hostname: `smtp.${USUAL}`, port: 465, socketType: 'SSL' },
            ]),
          ),
        },
      },
    },
  },
})
const lab = await startLab({ rttMs: RTT_MS, world: { ...defineWorld(), ...usual } })

const DOMAINS: readonly [string, string][] = [
  ['providerdb.lab', 'database'],
  [USUAL, 'https autoconfig, usual host names'],
  ['autoconfig.test', 'https autoconfig, hidden host names'],
  ['ispdb.test', 'ISPDB, hidden host names'],
  ['mx-known.test', 'MX at a known provider'],
  ['srv.test', 'SRV'],
  ['guess.test', 'guessed hosts'],
  ['nothing.test', 'nothing anywhere'],
]

process.stdout.write(`round trips of ${RTT_MS} ms, median of ${RUNS - 1}\n`)
for (const [domain, what] of DOMAINS) {
  const trips: number[] = []
  let state = ''
  for (let run = 0; run < RUNS; run += 1) {
    const service = serviceBeside(lab)
    const startedAt = performance.now()
    const response = await service.app.inject(`/v1/discover?email=ann@${domain}`)
    trips.push((performance.now() - startedAt) / RTT_MS)
    const answer = response.json<Partial<DiscoverAnswer>>()
    state = answer.servers?.imap[0]?.verification.status ?? String(response.statusCode)
    await service.close()
  }
  const sorted = trips.slice(1).sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  process.stdout.write(`${median.toFixed(1).padStart(6)}  ${state.padEnd(10)} ${what}\n`)
}
await lab.close()
