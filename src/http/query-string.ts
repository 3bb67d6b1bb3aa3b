/** Reads query strings so that `ann+news@example.de` keeps its plus sign. */
import { parse } from 'fast-querystring'

/**
 * RFC 3986 leaves `+` as it is; only HTML forms write a space that way, and no parameter of ours has spaces. Mail
 * programs and people do send plus-addresses unescaped. How many parameters there are is bounded by Node's limit on a
 * request's head.
 */
export function readQuery(text: string): Record<string, unknown> {
  const escaped = text.includes('+') ? text.replaceAll('+', '%2B') : text
  return { ...parse(escaped) }
}
