/**
 * A document rendered once with a stand-in for the address and cut at it, so that each asker's own is put in by joining
 * pieces: the formats are written by their serialisers as ever (R41), and what is kept holds no address (R13).
 *
 * The pieces are kept as octets, which is what goes over the wire.
 */
import { randomBytes, randomInt } from 'node:crypto'
import type { EmailAddress } from '../domain/email-address.js'
import type { Hostname } from '../domain/hostname.js'

/** Made anew by each process: no document found out there can contain it. */
const TOKEN = randomBytes(12).toString('hex')
/** Percent-encoding changes the slash, which tells URLs from text; JSON and XML leave it as it is. */
const LOCAL_PART = `q/${TOKEN}`
/** Twelve digits to render with as a number of seconds, the one number that changes while an answer is kept. */
export const STAND_IN_SECONDS: number = randomInt(10 ** 11, 2 * 10 ** 11)

/** Local parts that no format has to escape: nearly all there are. */
const PLAIN = /^[A-Za-z0-9.+_=-]+$/

export interface SplicedText extends Cuts {
  /** All pieces, one behind the other. */
  readonly octets: Uint8Array
}

/** Where the octets are cut, and at what. */
export interface Cuts {
  /** Where each piece ends. */
  readonly cuts: readonly number[]
  /** Which mark stood behind each piece but the last. */
  readonly holes: readonly number[]
}

/** The address to render with: that of nobody in the domain. */
export function standIn(domain: Hostname): EmailAddress {
  return { localPart: LOCAL_PART, domain, address: `${LOCAL_PART}@${domain}` }
}

/** What the stand-ins look like in a document; `addressValues` is what goes in their place. */
export const ADDRESS_MARKS: readonly string[] = [
  LOCAL_PART,
  encodeURIComponent(LOCAL_PART),
  String(STAND_IN_SECONDS),
]

/** Whether a local part may be put in: any other is for the serialiser to escape. */
export function isPlain(localPart: string): boolean {
  return PLAIN.test(localPart)
}

/** @param localPart a plain one */
export function addressValues(localPart: string, seconds: number): readonly string[] {
  return [localPart, encodeURIComponent(localPart), String(seconds)]
}

/** Cuts a document wherever one of the marks stands; they must consist of letters, digits, `/`, `%` and `-`. */
export function splice(document: string, marks: readonly string[]): SplicedText {
  const anyMark = marks.length === 0 ? NOTHING : new RegExp(marks.join('|'), 'g')
  const holes = [...document.matchAll(anyMark)].map(([mark]) => marks.indexOf(mark))
  const pieces = document.split(anyMark).map((piece) => Buffer.from(piece))
  let end = 0
  const cuts = pieces.map(({ length }) => (end += length))
  return { octets: Buffer.concat(pieces), cuts, holes }
}

/** Matches nowhere. */
const NOTHING = /(?!)/g

/** The document's octets with a value, plain ASCII, for each mark: a string of one character for each octet. */
export function fill(octets: Uint8Array, { cuts, holes }: Cuts, values: readonly string[]): string {
  const { buffer, byteOffset, length } = octets
  const pieces = Buffer.from(buffer, byteOffset, length)
  let text = ''
  for (let index = 0, start = 0; index < cuts.length; index += 1) {
    const end = cuts[index] ?? length
    text += pieces.toString('latin1', start, end) + (values[holes[index] ?? -1] ?? '')
    start = end
  }
  return text
}
