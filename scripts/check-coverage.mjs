// Holds the coverage of the last test run against the floors, and fails for a module that no test has loaded: V8 does
// not know those, so they would count as if they did not exist.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Per cent over all modules: what the first tests reached with room for lines that only a broken machine runs. */
const FLOORS = { lines: 95, branches: 90 }

/**
 * The two processes: importing them starts them. All they do is call `serve()` or run a command, which other modules
 * hold and tests call.
 */
const PROCESSES = new Set(['main.ts', 'cli.ts'])

const summaryFile = new URL('../.tap/report/coverage-summary.json', import.meta.url)
const { total, ...files } = JSON.parse(readFileSync(summaryFile, 'utf8'))
const source = fileURLToPath(new URL('../src/', import.meta.url))
const unseen = readdirSync(source, { recursive: true })
  .map(String)
  .filter((path) => path.endsWith('.ts') && !PROCESSES.has(path) && !Object.hasOwn(files, source + path))

for (const path of unseen) console.error(`no test loads src/${path}`)
if (unseen.length > 0) process.exitCode = 1
for (const [kind, floor] of Object.entries(FLOORS)) {
  const reached = Number(total[kind].pct)
  console.log(`${kind}: ${reached} % (floor ${floor} %)`)
  // Not a number means that nothing was measured.
  if (!(reached >= floor)) process.exitCode = 1
}
if (process.exitCode) console.error('coverage is below what CONTRIBUTING.md asks for')
