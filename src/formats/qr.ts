/** QR codes (R47): they carry an https URL of this service and nothing else, because a camera opens what it reads. */
import encodeQR from 'qr'

/** A code of more than about 500 octets is too dense for the camera of an old phone. */
const MAX_URL_LENGTH = 500

/**
 * An SVG image of the URL, to be served as `image/svg+xml`.
 * @returns null when the text is no https URL below `base` (the service's own public URL), or too long.
 */
export function writeQrSvg(text: string, base: string): string | null {
  if (text.length > MAX_URL_LENGTH || !URL.canParse(text) || !URL.canParse(base)) return null
  const url = new URL(text)
  const own = url.protocol === 'https:' && url.origin === new URL(base).origin
  if (!own || url.username !== '' || url.password !== '') return null
  return encodeQR(url.href, 'svg', { ecc: 'medium', border: 4 })
}
