/** How long an HTTP answer may be kept (RFC 9111 section 5.2.2), read as the shared cache that this service is. */

/** A week: a publisher's mistake of a year must not outlive his correction. */
export const MAX_TTL_SECONDS = 7 * 24 * 3600

/** The headers that matter, '' where not sent. */
export interface FreshnessHeaders {
  readonly cacheControl: string
  readonly expires: string
  readonly date: string
}

/**
 * Seconds the answer may be kept, 0 for not at all, null where the server says nothing.
 * @param now milliseconds since the epoch, used where the server sends no Date.
 */
export function freshness({ cacheControl, expires, date }: FreshnessHeaders, now: number): number | null {
  const directives = new Map<string, string>()
  for (const directive of cacheControl.toLowerCase().split(',')) {
    const [name = '', value = ''] = directive.split('=', 2)
    directives.set(name.trim(), value.trim().replaceAll('"', ''))
  }
  if (['no-store', 'no-cache', 'private'].some((name) => directives.has(name))) return 0
  for (const name of ['s-maxage', 'max-age']) {
    const value = directives.get(name)
    if (value !== undefined && /^\d+$/.test(value)) return capped(Number(value))
  }
  if (expires === '') return null
  const end = Date.parse(expires)
  // RFC 9111 section 5.3: an invalid date, "0" above all, means already expired.
  if (Number.isNaN(end)) return 0
  const start = Date.parse(date)
  return capped((end - (Number.isNaN(start) ? now : start)) / 1000)
}

function capped(seconds: number): number {
  return Math.min(MAX_TTL_SECONDS, Math.max(0, Math.trunc(seconds)))
}
