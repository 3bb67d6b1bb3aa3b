/**
 * DNS messages (RFC 1035): questions out, replies in. Everything that arrives is hostile until it proves to answer our
 * question: same id, same question in the same random letter case (draft-vixie-dnsext-dns0x20), sane size.
 */
import { randomFillSync } from 'node:crypto'
import { type Answer, AUTHENTIC_DATA, decode, encode, RECURSION_DESIRED } from 'dns-packet'

export type QuestionType = 'A' | 'AAAA' | 'MX' | 'SRV' | 'TXT'

export interface Question {
  /** As accepted by `isQueryName`. */
  readonly name: string
  readonly type: QuestionType
  /** Sets AD, which asks the server to report DNSSEC validation (RFC 6840 section 5.7). */
  readonly wantsAd: boolean
}

export interface Reply {
  /** NOERROR and NXDOMAIN are answers; the others are failures of the server. */
  readonly rcode: number
  readonly authoritative: boolean
  readonly authenticated: boolean
  readonly answers: readonly Answer[]
  readonly authorities: readonly Answer[]
}

export const NOERROR = 0
export const NXDOMAIN = 3

/** RFC 9715 section 3: a size that passes every path without fragments, which could be forged. */
const EDNS_PAYLOAD = 1232
const HEADER_LENGTH = 12
const FLAG_QR = 0x80
const FLAG_AA = 0x04
const FLAG_TC = 0x02
const FLAG_AD = 0x20
/** Real replies hold a few dozen; thousands of crafted compression pointers would cost tenths of a second. */
const MAX_RECORDS = 1000

/** RFC 1035 section 2.3.4, and LDH labels that may start with an underscore (RFC 8552). */
const QUERY_LABEL = /^(_[a-z0-9-]{1,62}|[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)$/i

/** Whether a name may be asked for: LDH or underscore labels without trailing dot, lengths within RFC 1035. */
export function isQueryName(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => QUERY_LABEL.test(label))
}

/** @param id the message id; for UDP it must be random, for DoH zero (RFC 8484 section 4.1) */
export function encodeQuestion(question: Question, id: number): Buffer {
  const message = encode({
    type: 'query',
    id,
    flags: RECURSION_DESIRED | (question.wantsAd ? AUTHENTIC_DATA : 0),
    questions: [{ name: question.name, type: question.type }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: EDNS_PAYLOAD,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  })
  mixCase(message, question.name.length)
  return message
}

/** 0x20: every letter of the name carries one random bit that a forger off the path has to guess. */
function mixCase(message: Buffer, nameLength: number): void {
  const bits = freshRandom((nameLength >> 3) + 1)
  for (let i = 0; i <= nameLength; i++) {
    const byte = message[HEADER_LENGTH + i] ?? 0
    // Length octets are below 64, digits and the hyphen too.
    const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
    if (isLetter && ((bits[i >> 3] ?? 0) >> (i & 7)) & 1) message[HEADER_LENGTH + i] = byte ^ 0x20
  }
}

/** Drawn ahead, because each draw costs as much as encoding a question; every octet is used once. */
const random = Buffer.alloc(4096)
let used = random.length

function freshRandom(octets: number): Buffer {
  if (used + octets > random.length) {
    randomFillSync(random)
    used = 0
  }
  used += octets
  return random.subarray(used - octets, used)
}

/** How well a message answers ours: `other-case` is the right question with the letter case lost. */
export function matchReply(message: Buffer, asked: Buffer): 'exact' | 'other-case' | 'no' {
  const end = questionEnd(asked)
  if (message.length < end || ((message[2] ?? 0) & FLAG_QR) === 0) return 'no'
  if (message.readUInt16BE(0) !== asked.readUInt16BE(0) || message.readUInt16BE(4) !== 1) return 'no'
  const theirs = message.subarray(HEADER_LENGTH, end)
  const ours = asked.subarray(HEADER_LENGTH, end)
  if (theirs.equals(ours)) return 'exact'
  return theirs.toString('latin1').toLowerCase() === ours.toString('latin1').toLowerCase()
    ? 'other-case'
    : 'no'
}

/** Our own questions hold one uncompressed name, then type and class. */
function questionEnd(asked: Buffer): number {
  return asked.indexOf(0, HEADER_LENGTH) + 5
}

export function isTruncated(message: Buffer): boolean {
  return ((message[2] ?? 0) & FLAG_TC) !== 0
}

/**
 * @returns null for a message that cannot be read, or that is cut off: what it leaves out would read as absent. UDP asks
 *   again before it comes here; over TCP and HTTPS there is no larger room to ask for.
 */
export function decodeReply(message: Buffer): Reply | null {
  if (message.length < HEADER_LENGTH || isTruncated(message)) return null
  const records = message.readUInt16BE(6) + message.readUInt16BE(8) + message.readUInt16BE(10)
  if (records > MAX_RECORDS) return null
  try {
    const packet = decode(message)
    // dns-packet reads addresses past the end of a message without noticing.
    if (decode.bytes > message.length) return null
    const flags = message.readUInt16BE(2)
    const options = packet.additionals?.find((record) => record.type === 'OPT')
    return {
      // RFC 6891 section 6.1.3: OPT carries the upper bits, without which BADVERS would read as NOERROR.
      rcode: (flags & 0x0f) | ((options?.extendedRcode ?? 0) << 4),
      authoritative: ((flags >> 8) & FLAG_AA) !== 0,
      authenticated: (flags & FLAG_AD) !== 0,
      answers: packet.answers ?? [],
      authorities: packet.authorities ?? [],
    }
  } catch {
    // dns-packet throws plain Error and RangeError alike for malformed input; nothing else runs in the block.
    return null
  }
}

const RCODE_NAMES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED']

export function rcodeName(rcode: number): string {
  return RCODE_NAMES[rcode] ?? `RCODE${String(rcode)}`
}
