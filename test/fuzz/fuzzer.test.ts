/** The fuzzer itself: in a small house with faults built in, it finds each of them. */
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { instrumentTree } from '../../fuzz/instrument.js'
import { runTarget } from '../../fuzz/watch.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Four doors in a row: by chance alone they open once in 2^40 inputs of the right length. */
const MAZE = `
export function read(text: string): number {
  if (text.length > 3000) return 0
  if (text.startsWith('<secret>')) {
    if (text[8] === 'x') {
      if (text[9] === 'y') {
        return text[10] === 'z' ? fall(text) : 3
      }
    }
  }
  return 0
}
function fall(text: string): number {
  throw new Error('fell')
}
export function turn(text: string): void {
  while (text.startsWith('q')) if (text.length > 1e9) return
}
export function hoard(text: string): number {
  const held: string[] = []
  if (text.startsWith('q')) for (;;) held.push(text + String(held.length))
  return held.length
}
`
const PLANTED = `
import { hoard, read, turn } from '../src/maze.js'
const target = (name: string, run: (text: string) => void) => ({
  name,
  seeds: () => ['abc'],
  run: (bytes: Uint8Array) => run(Buffer.from(bytes).toString('latin1')),
})
export const TARGETS = [target('maze', read), target('turn', turn), target('hoard', hoard), target('sound', () => undefined)]
`

function house(directory: string): string {
  for (const name of ['src', 'fuzz/corpus', 'test/fixtures'])
    mkdirSync(join(directory, name), { recursive: true })
  for (const name of readdirSync(join(root, 'fuzz')).filter((file) => file.endsWith('.ts')))
    cpSync(join(root, 'fuzz', name), join(directory, 'fuzz', name))
  writeFileSync(join(directory, 'src/maze.ts'), MAZE)
  writeFileSync(join(directory, 'fuzz/targets.ts'), PLANTED)
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
  return instrumentTree({
    root: directory,
    entry: 'fuzz/worker.ts',
    target: join(directory, 'out'),
    packages: [],
  })
}

t.test('what is built in is found, and named by what it is', async (t) => {
  const worker = house(t.testdir())
  const run = (name: string, seconds: number, hang = {}) =>
    runTarget({ worker, name, seconds, seed: 7, ...hang })
  const maze = await run('maze', 30)
  t.equal(maze.fault?.fault.kind, 'crash')
  t.match(maze.fault?.fault.detail, /fell/)
  t.match(Buffer.from(maze.fault?.input ?? []).toString('latin1'), /^<secret>xyz/)
  const turn = await run('turn', 30, { hangMs: 1000 })
  t.equal(turn.fault?.fault.kind, 'hang')
  t.match(Buffer.from(turn.fault?.input ?? []).toString('latin1'), /^q/)
  t.equal((await run('hoard', 30, { heapMb: 32 })).fault?.fault.kind, 'memory')
  const sound = await run('sound', 0.2)
  t.equal(sound.fault, null)
  t.ok(sound.inputs > 10, `${sound.inputs} inputs`)
})
