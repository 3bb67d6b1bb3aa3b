// Writes openapi.yaml from the compiled code, or with --check only says whether it is up to date. Run `npm run openapi`.
import { readFileSync, writeFileSync } from 'node:fs'

const compiled = new URL('../dist/http/openapi.js', import.meta.url)
const file = new URL('../openapi.yaml', import.meta.url)
const { openApiYaml } = await import(compiled.href)
const generated = openApiYaml()

if (!process.argv.includes('--check')) {
  writeFileSync(file, generated)
} else if (readFileSync(file, 'utf8') !== generated) {
  console.error('openapi.yaml is out of date: run "npm run openapi" and commit the file')
  process.exitCode = 1
}
