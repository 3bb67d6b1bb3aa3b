/**
 * Every door through which strangers' bytes come in: the kept inputs of `npm run fuzz`, and inputs made by chance, break
 * no promise of the code, take no more than 100 ms of CPU time and hold no more than 64 MB.
 */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { asLine, readCorpus, startingInputs } from '../../fuzz/corpus.js'
import { runOnce } from '../../fuzz/measure.js'
import { createDraw, mutate } from '../../fuzz/mutate.js'
import { type FuzzTarget, MAX_INPUT_BYTES } from '../../fuzz/target.js'
import { TARGETS } from '../../fuzz/targets.js'

/** Runs of each kind; the whole application answers seven requests in one. */
const RUNS = 150
const RUNS_OF_THE_WHOLE = 8
const WHOLE: readonly string[] = ['page', 'request']

async function mustHold(target: FuzzTarget, bytes: Uint8Array): Promise<void> {
  const fault = await runOnce(target, bytes)
  assert.equal(fault, null, `${target.name}: ${JSON.stringify(fault)} for ${asLine(bytes).slice(0, 2000)}`)
}

/** Whatever may come: octets, texts of every script, and sound inputs spoilt in a few places. */
function inputsOf(target: FuzzTarget): fc.Arbitrary<Uint8Array> {
  const sound = startingInputs(target)
  const spoilt = fc
    .tuple(fc.integer(), fc.nat(sound.length - 1), fc.nat(sound.length - 1))
    .map(([seed, one, other]) => {
      const [input, donor] = [sound[one] ?? new Uint8Array(), sound[other] ?? new Uint8Array()]
      return mutate(input, { draw: createDraw(seed), words: sound, other: donor })
    })
  return fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text)) },
    { weight: 6, arbitrary: spoilt },
  )
}

for (const target of TARGETS) {
  t.test(target.name, async (t) => {
    const kept = startingInputs(target)
    t.ok(target.seeds().length > 0 && kept.length > 1, `${kept.length} kept inputs`)
    for (const bytes of kept) await mustHold(target, bytes)
    const numRuns = WHOLE.includes(target.name) ? RUNS_OF_THE_WHOLE : RUNS
    await fc.assert(
      fc.asyncProperty(inputsOf(target), (bytes) => mustHold(target, bytes)),
      { numRuns },
    )
    t.pass(`${numRuns} inputs made by chance`)
  })
}

t.test('the corpus belongs to the targets', (t) => {
  const files = readdirSync(new URL('../../fuzz/corpus', import.meta.url)).sort()
  t.same(files, TARGETS.map(({ name }) => `${name}.jsonl`).sort(), 'one file for each target and no other')
  for (const { name } of TARGETS) {
    const inputs = readCorpus(name)
    t.ok(
      inputs.every((bytes) => bytes.length <= 1500),
      `${name}: short inputs only`,
    )
    t.equal(new Set(inputs.map(asLine)).size, inputs.length, `${name}: each once`)
  }
  t.end()
})

t.test('a broken promise, a slow input and a greedy one are told apart', async (t) => {
  const target = (run: FuzzTarget['run']): FuzzTarget => ({ name: 'x', seeds: () => [], run })
  const bytes = new Uint8Array(1)
  const busy = () => {
    const start = process.cpuUsage()
    while (process.cpuUsage(start).user < 105_000) Math.sqrt(2)
  }
  const held: Buffer[] = []
  const kindOf = async (run: FuzzTarget['run']) => (await runOnce(target(run), bytes))?.kind
  t.equal(await kindOf(() => assert.fail('no')), 'crash')
  t.equal(await kindOf(() => Promise.reject(new Error('later'))), 'crash')
  t.equal(await kindOf(busy), 'slow')
  t.equal(await kindOf(() => void held.push(Buffer.alloc(65 * 1024 * 1024))), 'memory')
  t.equal(await kindOf(() => undefined), undefined)
})

t.test('mutations stay within the limit and are the same for the same seed', (t) => {
  const words = [Buffer.from('word')]
  const make = (seed: number) => {
    const draw = createDraw(seed)
    let bytes: Uint8Array = Buffer.from('begin')
    for (let step = 0; step < 60; step++) bytes = mutate(bytes, { draw, words, other: bytes })
    return bytes
  }
  for (let seed = 0; seed < 5; seed++) {
    assert.ok(make(seed).length <= MAX_INPUT_BYTES)
    assert.deepEqual(make(seed), make(seed))
  }
  t.not(asLine(make(1)), asLine(make(2)))
  t.end()
})
