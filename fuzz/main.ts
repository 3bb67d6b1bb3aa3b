/**
 * `npm run fuzz -- [--seconds N] [--seed N] [--save] [target …]`: feeds each target with inputs that its own code leads to.
 * A fault is written to `.fuzz/faults` and makes the exit code 1; `--save` takes the shortest inputs that reach all
 * branches into the corpus.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { asLine, readCorpus, writeCorpus } from './corpus.js'
import { instrumentTree, READING_PACKAGES } from './instrument.js'
import { TARGETS } from './targets.js'
import { runTarget } from './watch.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(root, '.fuzz')
/** The repository keeps short inputs only: what is long is made by repetition, which the fuzzer tries anyway. */
const MAX_KEPT_BYTES = 1500
const MAX_KEPT = 80

const { values, positionals } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    save: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const all = TARGETS.map(({ name }) => name)
const names = positionals.length === 0 ? all : positionals
const unknown = names.find((name) => !all.includes(name))
if (unknown !== undefined) throw new Error(`no target ${unknown}; there are ${all.join(', ')}`)
const worker = instrumentTree({
  root,
  entry: 'fuzz/worker.ts',
  target: join(out, 'code'),
  packages: READING_PACKAGES,
})

let faults = 0
let total = 0
console.log(`seed ${values.seed}, ${values.seconds} s for each target`)
for (const name of names) {
  const { inputs, branches, kept, fault } = await runTarget({
    worker,
    name,
    seconds: Number(values.seconds),
    seed: Number(values.seed),
  })
  console.log(
    `${name.padEnd(22)} ${String(inputs).padStart(9)} inputs  ${String(branches).padStart(5)} branches`,
  )
  total += inputs
  if (fault !== null) {
    faults += 1
    mkdirSync(join(out, 'faults'), { recursive: true })
    const file = join(out, 'faults', `${name}-${fault.fault.kind}.jsonl`)
    writeFileSync(file, `${asLine(fault.input)}\n`)
    console.log(
      `  ${fault.fault.kind}: ${fault.fault.detail}\n  ${file}\n  ${asLine(fault.input).slice(0, 300)}`,
    )
  } else if (values.save) {
    const short = kept.filter((bytes) => bytes.length <= MAX_KEPT_BYTES).slice(0, MAX_KEPT)
    if (short.length > 0) writeCorpus(name, short)
    console.log(`  ${readCorpus(name).length} inputs kept`)
  }
}
console.log(`${names.length} targets, ${total} inputs, ${faults} faults`)
process.exitCode = faults === 0 ? 0 : 1
