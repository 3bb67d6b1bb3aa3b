/** Reads query strings so that `ann+news@example.de` keeps its plus sign. */
import { parse } from 'node:querystring'

/** Parameters read; the longest list any endpoint knows is shorter. */
const MAX_PARAMETERS = 32
const OPTIONS = { maxKeys: MAX_PARAMETERS }

/**
 * RFC 3986 leaves `+` as it is; only HTML forms write a space that way, and no parameter of ours has spaces. Mail
 * programs and people do send plus-addresses unescaped.
 */
export function readQuery(text: string): Record<string, unknown> {
  const escaped = text.includes('+') ? text.replaceAll('+', '%2B') : text
  return { ...parse(escaped, '&', '=', OPTIONS) }
}
