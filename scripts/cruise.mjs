// What dependency-cruiser sees of src, by the rules of .dependency-cruiser.cjs.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const cruiser = fileURLToPath(
  new URL('../node_modules/dependency-cruiser/bin/dependency-cruise.mjs', import.meta.url),
)

/** @returns {{ modules: { source: string, dependencies: { resolved: string }[] }[], summary: { violations: { rule: { name: string }, from: string, to: string }[] } }} */
export function cruise() {
  const report = execFileSync(
    process.execPath,
    [cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'],
    { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  return JSON.parse(report)
}
