/** The log: a line for each request and each lookup, joined by the request's id; how it names domains is a setting. */
import { get, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import t from 'tap'
import { effectiveSettings, readConfig } from '../src/config.js'
import { start } from '../src/serve.js'
import { keepLogLine } from './fakes/kept-log.js'
import { startScriptedDns } from './net/scripted-dns.js'

const dns = await startScriptedDns(() => [])
t.teardown(() => dns.close())

type Line = Readonly<Record<string, unknown>>

/** What a service logs of one cold lookup and one kept answer. */
async function linesOf(settings: Readonly<Record<string, string>>): Promise<Line[]> {
  const lines: Line[] = []
  const sink = {
    write: (line: string) => {
      lines.push(JSON.parse(line) as Line)
      keepLogLine(line)
    },
  }
  const config = readConfig({
    PORT: '0',
    MAILSCOUT_DNS_SERVERS: dns.address,
    MAILSCOUT_SOURCES: 'provider-db',
    MAILSCOUT_SELF_CHECK: 'off',
    MAILSCOUT_BUDGET_MS: '200',
    ...settings,
  })
  const running = await start(config, {}, { log: pino({}, sink), flush: () => undefined })
  for (const id of ['first', 'second']) {
    const url = `${running.url}/v1/discover?email=Ann.Secret@gmx.de`
    const [response] = (await once(
      get(url, { agent: false, headers: { 'x-request-id': id } }),
      'response',
    )) as [IncomingMessage]
    await text(response)
  }
  await running.close()
  return lines
}

const requests = (lines: readonly Line[]) => lines.filter(({ route }) => route === '/v1/discover')
const lookups = (lines: readonly Line[]) => lines.filter(({ msg }) => msg === 'lookup')

t.test('one line per request and per lookup, under the same id', async (t) => {
  const lines = await linesOf({})
  t.match(requests(lines), [
    { reqId: 'first', method: 'GET', status: 200, ms: Number },
    { reqId: 'second', method: 'GET', status: 200, ms: Number },
  ])
  t.equal(requests(lines).length, 2)
  t.match(lookups(lines), [{ reqId: 'first', domain: 'gmx.de', kind: 'found', ms: Number }])
  t.equal(lookups(lines).length, 1, 'a kept answer is no lookup')
  t.notMatch(JSON.stringify(lines), /secret|email/i)
})

t.test('domains by a keyed hash: the same for the same key alone', async (t) => {
  const hashOf = async (key: Readonly<Record<string, string>>) => {
    const lines = await linesOf({ MAILSCOUT_LOG_DOMAINS: 'hash', ...key })
    t.notMatch(JSON.stringify(lines), 'gmx.de')
    return String(lookups(lines)[0]?.['domain'])
  }
  const key = { MAILSCOUT_LOG_KEY: 'sixteen characters' }
  const hash = await hashOf(key)
  t.match(hash, /^[0-9a-f]{16}$/)
  t.equal(await hashOf(key), hash)
  t.not(await hashOf({}), hash)
  t.not(await hashOf({}), await hashOf({}), 'each process has a key of its own')
  t.match(
    effectiveSettings(key).find(({ name }) => name === 'MAILSCOUT_LOG_KEY'),
    { value: '***' },
  )
})

t.test('or not at all', async (t) => {
  const lines = await linesOf({ MAILSCOUT_LOG_DOMAINS: 'off' })
  t.equal(lookups(lines).length, 1)
  t.notMatch(JSON.stringify(lines), 'gmx.de')
})
