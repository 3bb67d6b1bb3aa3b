/** JSON of strangers (R12): size and depth are judged before parsing, members are read without the prototype. */
import { type Failure, failure } from '../domain/errors.js'

/** The same as for every decoded body (R10). */
const MAX_JSON_BYTES = 128 * 1024
/** PACC needs 4. */
const MAX_DEPTH = 16

export type JsonResult =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly failure: Failure }

/** Reads UTF-8 JSON; never throws. */
export function readJson(bytes: Uint8Array): JsonResult {
  const refuse = (detail: string): JsonResult => ({ ok: false, failure: failure('document', detail) })
  if (bytes.length > MAX_JSON_BYTES) return refuse('the document is larger than 128 KiB')
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (tooDeep(text)) return refuse('nested too deeply')
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch (error) {
    if (error instanceof TypeError) return refuse('the document is not UTF-8')
    if (error instanceof SyntaxError) return refuse('not JSON')
    throw error
  }
}

/** An own member of an object; undefined for anything else, inherited names such as `constructor` included. */
export function member(value: unknown, ...path: readonly string[]): unknown {
  let current = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null || Array.isArray(current)) return undefined
    current = Object.hasOwn(current, key) ? (current as Record<string, unknown>)[key] : undefined
  }
  return current
}

/** A text member, trimmed; null when it is missing, empty or something else. */
export function textMember(value: unknown, ...path: readonly string[]): string | null {
  const found = member(value, ...path)
  const text = typeof found === 'string' ? found.trim() : ''
  return text === '' ? null : text
}

function tooDeep(text: string): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (inString) {
      if (character === '\\') at++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{' || character === '[') {
      if (++depth > MAX_DEPTH) return true
    } else if (character === '}' || character === ']') depth--
  }
  return false
}
