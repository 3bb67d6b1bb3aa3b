/** New inputs out of old ones, in the ways that have broken parsers: cut, repeated, moved, flipped, spliced. */
import { MAX_INPUT_BYTES } from './target.js'

/** A number from 0 up to, not including, `below`. */
export type Draw = (below: number) => number

/** xorshift32: the same inputs for the same seed. */
export function createDraw(seed: number): Draw {
  let state = seed | 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

export interface MutationParts {
  readonly draw: Draw
  /** Words of the format. */
  readonly words: readonly Uint8Array[]
  /** Another kept input, to splice with. */
  readonly other: Uint8Array
}

/** Values at which counters, signs and tables break. */
const ODD_BYTES = [0, 1, 0x09, 0x0a, 0x0d, 0x20, 0x22, 0x25, 0x26, 0x3c, 0x3e, 0x7f, 0x80, 0xc0, 0xed, 0xff]
const MAX_STEPS = 6
/** Long repetitions find what is worse than linear; they are tried seldom, because they take their time. */
const MAX_REPEATS = 20_000

export function mutate(input: Uint8Array, parts: MutationParts): Uint8Array {
  let bytes = input
  const steps = 1 + parts.draw(MAX_STEPS)
  for (let step = 0; step < steps; step++) bytes = mutateOnce(bytes, parts)
  return bytes.length > MAX_INPUT_BYTES ? bytes.subarray(0, MAX_INPUT_BYTES) : bytes
}

function mutateOnce(bytes: Uint8Array, { draw, words, other }: MutationParts): Uint8Array {
  const [from, to] = span(bytes, draw)
  const word = () => words[draw(words.length)] ?? bytes
  switch (draw(12)) {
    case 0:
      return replaced(bytes, [from, from + 1], Uint8Array.of((bytes[from] ?? 0) ^ (1 << draw(8))))
    case 1:
      return replaced(bytes, [from, from + 1], Uint8Array.of(ODD_BYTES[draw(ODD_BYTES.length)] ?? 0))
    case 2:
      return replaced(bytes, [from, from], Uint8Array.of(draw(256)))
    case 3:
      return replaced(bytes, [from, to], new Uint8Array(0))
    case 4:
      return replaced(bytes, [to, to], bytes.subarray(from, to))
    case 5: {
      const times = draw(40) === 0 ? draw(MAX_REPEATS) : draw(16)
      const piece = bytes.subarray(from, Math.min(to, from + 64))
      const fitting = Math.min(times, Math.floor(MAX_INPUT_BYTES / Math.max(1, piece.length)))
      return replaced(bytes, [to, to], repeated(piece, fitting))
    }
    case 6:
      return replaced(bytes, [from, from], word())
    case 7:
      return replaced(bytes, [from, to], word())
    case 8: {
      const [otherFrom, otherTo] = span(other, draw)
      return replaced(bytes, [from, to], other.subarray(otherFrom, otherTo))
    }
    case 9:
      return replaced(bytes, [from, bytes.length], other.subarray(draw(other.length + 1)))
    case 10: {
      const times = draw(40) === 0 ? draw(MAX_REPEATS) : draw(16)
      const piece = word()
      const fitting = Math.min(times, Math.floor(MAX_INPUT_BYTES / Math.max(1, piece.length)))
      return replaced(bytes, [from, from], repeated(piece, fitting))
    }
    default:
      return replaced(bytes, [from, from + 1], Uint8Array.of((bytes[from] ?? 0) + 1 - 2 * draw(2)))
  }
}

/** Mostly short: a change of a few bytes keeps the rest of the input meaningful. */
function span(bytes: Uint8Array, draw: Draw): [number, number] {
  const from = draw(bytes.length + 1)
  const length = draw(4) === 0 ? draw(bytes.length + 1) : draw(16)
  return [from, Math.min(bytes.length, from + length)]
}

function replaced(bytes: Uint8Array, [from, to]: [number, number], middle: Uint8Array): Uint8Array {
  const end = Math.min(to, bytes.length)
  const result = new Uint8Array(from + middle.length + bytes.length - end)
  result.set(bytes.subarray(0, from))
  result.set(middle, from)
  result.set(bytes.subarray(end), from + middle.length)
  return result
}

function repeated(piece: Uint8Array, times: number): Uint8Array {
  const result = new Uint8Array(piece.length * times)
  for (let time = 0; time < times; time++) result.set(piece, time * piece.length)
  return result
}
