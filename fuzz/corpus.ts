/**
 * Kept inputs: one file per target, one input per line as a JSON text whose characters are the bytes (Latin-1). They are run
 * by `npm test`, and `npm run fuzz` begins with them.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FuzzTarget } from './target.js'

export function corpusFile(name: string): string {
  return fileURLToPath(new URL(`corpus/${name}.jsonl`, import.meta.url))
}

export function readCorpus(name: string): Uint8Array[] {
  const file = corpusFile(name)
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => Buffer.from(JSON.parse(line) as string, 'latin1'))
}

export function writeCorpus(name: string, inputs: readonly Uint8Array[]): void {
  const file = corpusFile(name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, inputs.map((bytes) => `${asLine(bytes)}\n`).join(''))
}

/** ASCII only, so that editors and diffs show every byte. */
export function asLine(bytes: Uint8Array): string {
  return JSON.stringify(Buffer.from(bytes).toString('latin1')).replace(
    /[\u007f-\u00ff]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  )
}

/** The target's seeds and kept inputs. */
export function startingInputs(target: FuzzTarget): Uint8Array[] {
  return [...target.seeds().map((seed) => Buffer.from(seed)), ...readCorpus(target.name)]
}
