// Runs every npm script whose name begins with `bench:`, one after the other, because two at once would measure each
// other. Exits 1 when one of them missed its limit; the others run all the same.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const missed = []
for (const name of Object.keys(scripts).filter((script) => script.startsWith('bench:'))) {
  console.log(`\n== ${name}`)
  const { status } = spawnSync('npm', ['run', '--silent', name], { stdio: 'inherit' })
  if (status !== 0) missed.push(name)
}
if (missed.length > 0) console.log(`\nmissed: ${missed.join(', ')}`)
process.exitCode = missed.length > 0 ? 1 : 0
