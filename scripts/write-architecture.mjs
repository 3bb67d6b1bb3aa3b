// Draws the picture of the modules in ARCHITECTURE.md from the imports as they are, or with --check only says whether it
// is up to date. Run `npm run architecture`.
import { readFileSync, writeFileSync } from 'node:fs'
import { cruise } from './cruise.mjs'

const FILE = new URL('../ARCHITECTURE.md', import.meta.url)
const BEGIN = '<!-- modules: made by npm run architecture -->\n'
const END = '<!-- /modules -->\n'
/** Everything outside the folders: what joins them to a process. */
const TOP = 'process'

const folderOf = (path) => /^src\/(?:([^/]+)\/|[^/]+\.ts$)/.exec(path)?.[1] ?? TOP
const edges = new Map()
const sizes = new Map()
for (const { source, dependencies } of cruise().modules) {
  if (!source.startsWith('src/')) continue
  const from = folderOf(source)
  sizes.set(from, (sizes.get(from) ?? 0) + 1)
  for (const { resolved } of dependencies) {
    if (!resolved.startsWith('src/') || folderOf(resolved) === from) continue
    const edge = `${from} --> ${folderOf(resolved)}`
    edges.set(edge, (edges.get(edge) ?? 0) + 1)
  }
}
const names = [...sizes.keys()].sort()
const picture = [
  '```mermaid',
  'flowchart TD',
  ...names.map((name) => `  ${name}["${name === TOP ? 'src/*.ts' : name}<br>${sizes.get(name)} modules"]`),
  ...[...edges.keys()].sort().map((edge) => `  ${edge}`),
  '```',
].join('\n')

const text = readFileSync(FILE, 'utf8')
const [before, rest] = text.split(BEGIN)
const after = rest?.split(END)[1]
if (after === undefined) throw new Error('ARCHITECTURE.md has lost the marks around its picture')
const drawn = `${before}${BEGIN}\n${picture}\n\n${END}${after}`
if (!process.argv.includes('--check')) writeFileSync(FILE, drawn)
else if (drawn !== text) {
  console.error(
    'the picture in ARCHITECTURE.md is out of date: run "npm run architecture" and commit the file',
  )
  process.exitCode = 1
}
