/**
 * Loads every module, so that one which no other test imports shows up in the coverage with all its lines uncovered
 * instead of being left out.
 */
import { readdirSync } from 'node:fs'
import t from 'tap'

/** Importing these starts a process. All they do is call `serve()` or run a command; tests call those directly. */
const PROCESSES = new Set(['main.ts', 'cli.ts'])

const source = new URL('../src/', import.meta.url)
const modules = readdirSync(source, { recursive: true })
  .map((path) => path.toString())
  .filter((path) => path.endsWith('.ts') && !PROCESSES.has(path))

t.test('every module loads, and offers named exports only', async (t) => {
  t.ok(modules.length > 50)
  for (const path of modules) {
    const module = (await import(new URL(path, source).href)) as Record<string, unknown>
    t.notOk(Object.hasOwn(module, 'default'), path)
  }
})
