// Writes docs/configuration.md and .env.example from the compiled schema of the settings, or with --check only says
// whether they are up to date. Run `npm run configuration`.
import { readFileSync, writeFileSync } from 'node:fs'

const compiled = new URL('../dist/cli/settings-text.js', import.meta.url)
const { configurationPage, environmentExample } = await import(compiled.href)
const generated = { 'docs/configuration.md': configurationPage(), '.env.example': environmentExample() }

for (const [name, text] of Object.entries(generated)) {
  const file = new URL(`../${name}`, import.meta.url)
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text)
  } else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${name} is out of date: run "npm run configuration" and commit the file`)
    process.exitCode = 1
  }
}
