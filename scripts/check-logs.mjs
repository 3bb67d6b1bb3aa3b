// Searches what the services logged during the last `npm test` for everything that never may be there (R13, R43): the
// local parts of all addresses that the tests use, query strings, passwords, tokens. Exits 1 when something is found, or
// when too little was logged for the search to mean anything.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const root = fileURLToPath(new URL('..', import.meta.url))
const LOGS = `${root}.tap/service-logs/`
const LEAST_LINES = 1000
const LEAST_LOCAL_PARTS = 40
/** What a request may carry besides an address, as the tests write it. */
const SECRETS = [/[?&](?:email|emailaddress|password)=/i, /\bBearer\s/i, /"authorization"/i, /"password"/i]

const names = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
)
const sources = names.map((name) => readFileSync(`${root}test/${name}`, 'utf8'))
/** Before an @ and a domain; those that are a template's end or a package's scope are none. */
const ADDRESS = /(?<![\w./@}])([A-Za-z0-9][A-Za-z0-9.+_=-]*)(?:@|%40)(?:\$\{|[a-z0-9-]+\.[a-z])/g
const localParts = [
  ...new Set(sources.flatMap((text) => [...text.matchAll(ADDRESS)].map(([, part]) => part.toLowerCase()))),
]
const anywhere = new RegExp(`(?<![a-z0-9])(?:${localParts.map(escaped).join('|')})(?:@|%40)`, 'i')
/** Names that nobody else has: they may not be there even without their @. */
const telling = localParts.filter((part) => /secret|\+|\..*\./.test(part))

const lineSchema = z.looseObject({ level: z.int(), time: z.int() })
let lines = 0
const found = []
for (const file of readdirSync(LOGS)) {
  for (const line of readFileSync(LOGS + file, 'utf8').split('\n')) {
    if (line === '') continue
    lines += 1
    if (!lineSchema.safeParse(parsed(line)).success) found.push(['no line of a log', line])
    const address = anywhere.exec(line)?.[0] ?? telling.find((part) => line.toLowerCase().includes(part))
    if (address !== undefined) found.push([address, line])
    for (const secret of SECRETS) if (secret.test(line)) found.push([String(secret), line])
  }
}
for (const [what, line] of found.slice(0, 20)) console.error(`${what}: ${line.slice(0, 400)}`)
console.log(`${lines} lines, searched for ${localParts.length} local parts: ${found.length} found`)
if (lines < LEAST_LINES || localParts.length < LEAST_LOCAL_PARTS) console.error('too few: run npm test first')
if (found.length > 0 || lines < LEAST_LINES || localParts.length < LEAST_LOCAL_PARTS) process.exitCode = 1

function escaped(text) {
  return text.replace(/[.+*?^$()[\]{}|\\]/g, '\\$&')
}

function parsed(line) {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
