/**
 * A lookup file from address to login, of an operator's entry. Nobody can learn from it which addresses exist (R43): one
 * that is not in the file gets a made-up login of the same shape, the same at every question, on every machine, and after
 * every change of the file. That is why secret and shapes are the entry's, and nothing is derived from the file.
 */
import { hkdfSync } from 'node:crypto'
import { z } from 'zod'
import { type EmailAddress, parseEmailAddress } from '../domain/email-address.js'
import { fillShape, fitsShape, loginShapeSchema, roomOf } from './login-shape.js'

export const loginsSchema = z.strictObject({
  /** Beside the entry's file, so that no path can lead elsewhere. */
  file: z.string().regex(/^\w[\w.-]*\.tsv$/, 'must be the plain name of a .tsv file beside this one'),
  /** Every login has one of them. */
  shapes: z.array(loginShapeSchema).min(1).max(8),
  /** Who knows it can tell made-up logins from real ones. 32 characters of hexadecimal are 128 bits. */
  secret: z.string().min(32).max(255),
})
export type LoginsDeclaration = z.infer<typeof loginsSchema>

/** The login for an address, real or made up; the letter case of the address does not matter. */
export type LoginLookup = (email: EmailAddress) => string

/** Why a file cannot be used. It goes to logs and `/readyz`, so it repeats nothing from the line. */
export interface LoginsFault {
  readonly line: number
  readonly reason: string
}

export type LoginsReading =
  { readonly ok: true; readonly lookup: LoginLookup } | { readonly ok: false; readonly fault: LoginsFault }

/** What mail programs and servers take at the least (RFC 4616 section 2 sets 255 octets). */
const MAX_LOGIN_OCTETS = 255
/** No control or format characters, no spaces, no percent sign that could read as a placeholder. */
const LOGIN = /^[^\p{C}\p{Z}%]+$/u
/** Fewer free names for each real one, and made-up logins meet each other or real ones too often to pass for real. */
const ROOM_PER_LOGIN = 10
/** With at most a tenth of the room taken, all of them meet a real login once in 10^32 addresses. */
const ATTEMPTS = 32

/**
 * Reads `address<TAB>login` lines; `#` begins a comment line.
 * @param domains those of the entry: addresses of others are a fault
 */
export function readLogins(
  text: string,
  declaration: LoginsDeclaration,
  domains: readonly string[],
): LoginsReading {
  const logins = new Map<string, string>()
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const reason = addLine(line, { logins, shapes: declaration.shapes, domains })
    if (reason !== null) return { ok: false, fault: { line: index + 1, reason } }
  }
  const real = new Set(logins.values())
  const tight = declaration.shapes.find((shape) => roomOf(shape) < ROOM_PER_LOGIN * real.size)
  if (tight !== undefined) {
    const reason = `the shape ${tight} has too little room: it must allow ten times as many logins as there are`
    return { ok: false, fault: { line: 1, reason } }
  }
  return {
    ok: true,
    lookup(asked) {
      const email = lowerCased(asked)
      // Both in any case, so that the time tells nothing.
      const madeUp = makeUp(email, declaration, real)
      return logins.get(email.address) ?? madeUp
    },
  }
}

function addLine(
  line: string,
  to: {
    readonly logins: Map<string, string>
    readonly shapes: readonly string[]
    readonly domains: readonly string[]
  },
): string | null {
  const [address = '', login, ...more] = line.split('\t')
  if (login === undefined || more.length > 0) return 'must be an address, one tab, and a login'
  const parsed = parseEmailAddress(address)
  if (!parsed.ok) return `has no valid address (${parsed.fault})`
  const email = lowerCased(parsed.value)
  if (!to.domains.includes(email.domain)) return 'has an address of a domain that the entry does not list'
  if (to.logins.has(email.address)) return 'has an address that stands above already'
  if (!LOGIN.test(login)) return 'has an empty login, or one with spaces, control characters or %'
  if (Buffer.byteLength(login) > MAX_LOGIN_OCTETS)
    return `has a login of more than ${MAX_LOGIN_OCTETS} octets`
  if (!to.shapes.some((shape) => fitsShape(login, shape, email))) return 'has a login of none of the shapes'
  to.logins.set(email.address, login)
  return null
}

/** A pseudo-random function of secret and address (HMAC-SHA-256 as HKDF, RFC 5869). Never a login of the file. */
function makeUp(email: EmailAddress, declaration: LoginsDeclaration, real: ReadonlySet<string>): string {
  let login = ''
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    login = derive(email, declaration, attempt)
    if (!real.has(login)) break
  }
  return login
}

function derive(email: EmailAddress, { secret, shapes }: LoginsDeclaration, attempt: number): string {
  const longest = Math.max(...shapes.map((shape) => shape.length))
  const info = `mailscout login ${String(attempt)} ${email.address}`
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', info, 2 * (1 + longest)))
  let at = 0
  const draw = () => bytes.readUInt16BE(2 * at++)
  const shape = shapes[draw() % shapes.length] ?? ''
  return fillShape(shape, email, draw)
}

/** Who hands out logins by list lets no two mailboxes differ in case alone; how somebody types it must not matter. */
function lowerCased({ localPart, domain }: EmailAddress): EmailAddress {
  const lower = localPart.toLowerCase()
  return { localPart: lower, domain, address: `${lower}@${domain}` }
}
