/** What `Accept` asks for (RFC 9110 section 12.5.1), among the formats in which one address's settings can be had. */

/** Best first: the first is what a client gets that does not say. */
const OFFERS = {
  json: ['application/json'],
  autoconfig: ['text/xml', 'application/xml'],
  mobileconfig: ['application/x-apple-aspen-config'],
  text: ['text/plain'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type OfferedFormat = keyof typeof OFFERS
const DEFAULT: OfferedFormat = 'json'
/** Browsers send under ten ranges. */
const MAX_RANGES = 20

/** @returns null when none of our formats is acceptable: answer 406. */
export function negotiate(accept: string | undefined): OfferedFormat | null {
  // The common cases, before anything is taken apart.
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return DEFAULT
  if (accept.trim() === '') return DEFAULT
  const ranges = accept.split(',', MAX_RANGES).map(readRange)
  // A browser lists XML before anything else, but means pages; it gets what a person can read.
  const browser = ranges.some(({ type }) => type === 'text/html')
  if (browser && qualityOf(OFFERS[DEFAULT], ranges) > 0) return DEFAULT
  return bestOf(ranges, OFFERS)
}

/** Among any offers, best first; the first one where nothing is asked for. @returns null when none is acceptable */
export function bestOffer<Name extends string>(
  accept: string | undefined,
  offers: Readonly<Record<Name, readonly string[]>>,
): Name | null {
  const asked = accept === undefined || accept.trim() === '' ? '*/*' : accept
  return bestOf(asked.split(',', MAX_RANGES).map(readRange), offers)
}

function bestOf<Name extends string>(
  ranges: readonly Range[],
  offers: Readonly<Record<Name, readonly string[]>>,
): Name | null {
  let best: Name | null = null
  let quality = 0
  for (const [name, types] of Object.entries(offers) as [Name, readonly string[]][]) {
    const own = qualityOf(types, ranges)
    if (own > quality) [best, quality] = [name, own]
  }
  return best
}

interface Range {
  readonly type: string
  readonly quality: number
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const quality = Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? 1)
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 }
}

/** The most specific range decides, not the highest quality. */
function qualityOf(types: readonly string[], ranges: readonly Range[]): number {
  const rate = (type: string): number => {
    const group = `${type.slice(0, type.indexOf('/'))}/*`
    const match = [type, group, '*/*'].map((wanted) => ranges.find((range) => range.type === wanted))
    return match.find((range) => range !== undefined)?.quality ?? 0
  }
  return Math.max(...types.map(rate))
}
