/**
 * What the login names of a domain look like, so that one can be made up for an address that has none: `p######`. `#` is
 * a digit, `?` a lower-case letter, `*` either; placeholders stand for the address as in any login template (R25).
 */
import { z } from 'zod'
import { type EmailAddress, expandTemplate } from '../domain/email-address.js'

const ALPHABETS: Readonly<Record<string, string>> = {
  '#': '0123456789',
  '?': 'abcdefghijklmnopqrstuvwxyz',
  '*': 'abcdefghijklmnopqrstuvwxyz0123456789',
}
const TOKEN = /%EMAIL(?:ADDRESS|LOCALPART|DOMAIN)%|[#?*]|[^#?*%]/g
/** Differs from address to address by itself. */
const PERSONAL = /%EMAIL(?:ADDRESS|LOCALPART)%/
/** Longer than any account name in use; keeps the bytes drawn for one login within one HKDF. */
const MAX_SHAPE_LENGTH = 100

export const loginShapeSchema = z
  .string()
  .min(1)
  .max(MAX_SHAPE_LENGTH)
  .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
  .refine((shape) => tokens(shape).join('') === shape, 'has an unknown or unfinished placeholder')
  .refine((shape) => PERSONAL.test(shape) || room(shape) > 1, 'gives everybody the same login')

/** How many logins the shape allows; without limit where the address takes part. */
export function roomOf(shape: string): number {
  return PERSONAL.test(shape) ? Infinity : room(shape)
}

/** Whether the login could have been made from the shape for this address. */
export function fitsShape(login: string, shape: string, email: EmailAddress): boolean {
  let rest = login
  for (const token of tokens(shape)) {
    const alphabet = ALPHABETS[token]
    const next = alphabet === undefined ? expandTemplate(token, email) : rest.charAt(0)
    if (next === '' || !rest.startsWith(next) || alphabet?.includes(next) === false) return false
    rest = rest.slice(next.length)
  }
  return rest === ''
}

/** @param draw gives the next number of 0 to 65535, the same ones for the same address */
export function fillShape(shape: string, email: EmailAddress, draw: () => number): string {
  return tokens(shape)
    .map((token) => {
      const alphabet = ALPHABETS[token]
      return alphabet === undefined ? expandTemplate(token, email) : alphabet.charAt(draw() % alphabet.length)
    })
    .join('')
}

function room(shape: string): number {
  return tokens(shape).reduce((product, token) => product * (ALPHABETS[token]?.length ?? 1), 1)
}

function tokens(shape: string): string[] {
  return shape.match(TOKEN) ?? []
}
