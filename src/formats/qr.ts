/** QR codes (R47): they carry an https URL of this service and nothing else, because a camera opens what it reads. */
import encodeQR from 'qr'
import { writePng } from './png.js'

/** A code of more than about 500 octets is too dense for the camera of an old phone. */
const MAX_URL_LENGTH = 500
/** The quiet zone of ISO/IEC 18004, and errors of up to 15 % corrected. */
const OPTIONS = { ecc: 'medium', border: 4 } as const
/** Pixels per module: sharp on a screen, readable from a print. */
const PNG_SCALE = 8

/**
 * An SVG image of the URL, to be served as `image/svg+xml`.
 * @returns null when the text is no https URL below `base` (the service's own public URL), or too long.
 */
export function writeQrSvg(text: string, base: string): string | null {
  const url = ownUrl(text, base)
  return url === null ? null : encodeQR(url, 'svg', OPTIONS)
}

/** The same as a PNG image, to be served as `image/png`. */
export function writeQrPng(text: string, base: string): Buffer | null {
  const url = ownUrl(text, base)
  return url === null ? null : writePng(encodeQR(url, 'raw', OPTIONS), PNG_SCALE)
}

function ownUrl(text: string, base: string): string | null {
  if (text.length > MAX_URL_LENGTH || !URL.canParse(text) || !URL.canParse(base)) return null
  const url = new URL(text)
  const own = url.protocol === 'https:' && url.origin === new URL(base).origin
  return own && url.username === '' && url.password === '' ? url.href : null
}
