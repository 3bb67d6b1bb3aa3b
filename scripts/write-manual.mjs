// Writes man/mailscout.1 and docs/command-line.md from the compiled table of commands, or with --check only says whether
// they are up to date. Run `npm run manual`.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const compiled = (name) => import(new URL(`../dist/${name}.js`, import.meta.url).href)
const { COMMANDS } = await compiled('cli/commands')
const { manPage } = await compiled('cli/man-page')
const { commandLinePage } = await compiled('cli/reference')
const { knownSettings } = await compiled('config')
const { packageVersion } = await compiled('compose')

const commands = COMMANDS.map(({ spec }) => spec)
const generated = {
  'man/mailscout.1': manPage({ version: packageVersion(), commands, settings: knownSettings() }),
  'docs/command-line.md': commandLinePage(commands),
}

for (const [name, text] of Object.entries(generated)) {
  const file = new URL(`../${name}`, import.meta.url)
  if (!process.argv.includes('--check')) {
    mkdirSync(new URL('.', file), { recursive: true })
    writeFileSync(file, text)
  } else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${name} is out of date: run "npm run manual" and commit the file`)
    process.exitCode = 1
  }
}
