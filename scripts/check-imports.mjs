// The import table of the design, held against the code; fails too when dependency-cruiser has not seen every file, as
// it once did silently with a TypeScript it did not know.
import { readdirSync } from 'node:fs'
import { cruise } from './cruise.mjs'

const files = readdirSync(new URL('../src', import.meta.url), { recursive: true })
  .map((path) => `src/${path.toString().replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.ts'))

const { modules, summary } = cruise()
const seen = new Set(modules.map(({ source }) => source))
const missed = files.filter((file) => !seen.has(file))

for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} → ${to}`)
for (const file of missed) console.error(`not checked: ${file}`)
console.log(
  `${files.length - missed.length} of ${files.length} modules checked, ${summary.violations.length} violations`,
)
if (files.length === 0 || missed.length > 0 || summary.violations.length > 0) process.exitCode = 1
