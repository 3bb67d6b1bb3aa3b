/** `npm run lab`: the small internet and the service beside it, in one process, with a `curl` for every domain. */
import { readConfig } from '../../src/config.js'
import { start } from '../../src/serve.js'
import { startLab } from './lab.js'

const lab = await startLab()
const port = process.env['PORT'] ?? '8080'
const config = readConfig({ LOG_LEVEL: 'warn', PORT: port, ...lab.environment })
const running = await start(config, {
  dial: lab.dial,
  ca: [lab.caPem],
  builtinProvidersDirectory: lab.providersDirectory,
})

const width = Math.max(...lab.domains.map(({ name }) => name.length))
process.stdout.write(`The lab is up; the service listens on ${running.url}\n\n`)
for (const { name, description, shows } of lab.domains) {
  process.stdout.write(`${name.padEnd(width)}  ${description}; shows: ${shows}\n`)
  process.stdout.write(`${''.padEnd(width)}  curl -s '${running.url}/v1/discover?email=ann@${name}'\n`)
}
process.stdout.write('\nCtrl-C ends it.\n')

await new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
})
await running.close()
await lab.close()
