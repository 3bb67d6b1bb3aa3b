// The import table of the design, held against the code; fails too when dependency-cruiser has not seen every file, as
// it once did silently with a TypeScript it did not know.
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const files = readdirSync(new URL('../src', import.meta.url), { recursive: true })
  .map((path) => `src/${path.toString().replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.ts'))

const cruiser = fileURLToPath(
  new URL('../node_modules/dependency-cruiser/bin/dependency-cruise.mjs', import.meta.url),
)
const report = execFileSync(
  process.execPath,
  [cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'],
  { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
)
const { modules, summary } = JSON.parse(report)
const seen = new Set(modules.map(({ source }) => source))
const missed = files.filter((file) => !seen.has(file))

for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} → ${to}`)
for (const file of missed) console.error(`not checked: ${file}`)
console.log(
  `${files.length - missed.length} of ${files.length} modules checked, ${summary.violations.length} violations`,
)
if (files.length === 0 || missed.length > 0 || summary.violations.length > 0) process.exitCode = 1
