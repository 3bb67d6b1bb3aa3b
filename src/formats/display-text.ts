/** Text of strangers that will be shown to people (R25). */

/** autoconfig-06 section "displayName and displayShortName": at most 60 and 20 characters. */
export const MAX_DISPLAY_NAME = 60
export const MAX_SHORT_NAME = 20

/** Control, format (bidi marks among them), surrogate, private-use and unassigned characters, and line separators. */
const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/gu

/**
 * Strips what may not be shown, joins white space and cuts to `limit` UTF-16 units without splitting a character.
 * @returns an empty string when nothing remains.
 */
export function displayText(text: string, limit: number): string {
  // Nothing after this many units can reach the result unless it is padding; long junk is not worth normalising.
  const clean = text
    .slice(0, limit * 50)
    .replace(/\s+/gu, ' ')
    .replace(UNSHOWABLE, '')
    .trim()
  if (clean.length <= limit) return clean
  const cut = clean.slice(0, limit)
  return (/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut).trim()
}

/** The tag of a language for the answer's `language` and `texts` (BCP 47 in its common forms), or null. */
export function languageTag(text: string | undefined): string | null {
  return text !== undefined && /^[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}$/i.test(text) ? text.toLowerCase() : null
}
