/**
 * The signer of profiles (R46): reads certificate, key and chain from the operator's files, reads them again when they
 * change, and keeps the last good ones when the new ones do not fit together.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Config, ConfigError } from './config.js'
import {
  type CertificateState,
  type ProfileSigner,
  SigningError,
  type Wrapped,
} from './domain/profile-signer.js'
import { signProfile } from './formats/sign-profile.js'
import {
  readSigningIdentity,
  type SigningIdentity,
  type SigningIdentityResult,
  type SigningPart,
} from './formats/signing-identity.js'
import { createSurveillance, type Surveillance } from './providers/watch.js'

export interface SigningWatchers {
  /** At the start, after every change of the files, and once a day while less than 30 days are left. */
  readonly onState?: (state: CertificateState) => void
}

export interface SigningSurroundings extends SigningWatchers {
  readonly now: () => number
  readonly surveillance?: Surveillance
}

/** R46: warned early enough for a certificate that somebody has to order by hand. */
export const EXPIRY_WARNING_DAYS = 30
const DAY_MS = 86_400_000
/** Signatures kept: a page of downloads, repeated by impatient thumbs; about 4 KB each. */
const MAX_KEPT = 256

const VARIABLE: Readonly<Record<SigningPart, string>> = {
  certificate: 'MAILSCOUT_SIGNING_CERT',
  key: 'MAILSCOUT_SIGNING_KEY',
  chain: 'MAILSCOUT_SIGNING_CHAIN',
}

export interface RereadingSigner extends ProfileSigner {
  /** Reads the files again, changed or not; never rejects for what is wrong with them. */
  reread(): Promise<void>
}

/** @returns null where no certificate is configured. @throws ConfigError for files that cannot sign */
export async function openProfileSigner(
  config: Config,
  surroundings: SigningSurroundings,
): Promise<RereadingSigner | null> {
  const certificate = config.MAILSCOUT_SIGNING_CERT
  const key = config.MAILSCOUT_SIGNING_KEY
  if (certificate === undefined || key === undefined) return null
  const { now } = surroundings
  const files = { certificate, key, chain: config.MAILSCOUT_SIGNING_CHAIN }
  const read = () =>
    readFiles(files, { allowSelfSigned: config.MAILSCOUT_SIGNING_ALLOW_SELF_SIGNED, now: now() })

  let fingerprint = fingerprintOf(files)
  const first = await read()
  if (!first.ok) throw new ConfigError(sentence(first))
  let identity = first.identity
  let reason: string | undefined
  let signatures = createSignatures(identity, now)
  let toldAt = now()

  const state = (): CertificateState => ({
    status: statusOf(identity, now()),
    expiresAt: new Date(identity.expiresAt).toISOString(),
    ...(reason === undefined ? {} : { reason }),
  })
  const tell = () => {
    toldAt = now()
    surroundings.onState?.(state())
  }
  const reload = async () => {
    const result = await read()
    reason = result.ok ? undefined : sentence(result)
    if (result.ok) {
      identity = result.identity
      signatures = createSignatures(identity, now)
    }
    tell()
  }

  let reloading = Promise.resolve()
  const reread = () => (reloading = reloading.then(reload))
  const end = (surroundings.surveillance ?? createSurveillance())({
    directories: () => [...new Set(Object.values(files).flatMap((path) => (path ? [dirname(path)] : [])))],
    hasChanged: () => {
      // This is asked every half minute, so it also keeps the calendar.
      if (state().status !== 'valid' && now() - toldAt >= DAY_MS) tell()
      const before = fingerprint
      fingerprint = fingerprintOf(files)
      return fingerprint !== before
    },
    onChange: () => void reread(),
  })
  tell()
  return {
    async wrap(name, make) {
      if (statusOf(identity, now()) === 'expired')
        throw new SigningError('the signing certificate has expired')
      return signatures(name, make)
    },
    state,
    reread,
    close: end,
  }
}

interface Paths {
  readonly certificate: string
  readonly key: string
  readonly chain: string | undefined
}

async function readFiles(
  paths: Paths,
  options: { readonly allowSelfSigned: boolean; readonly now: number },
): Promise<SigningIdentityResult> {
  const texts = { certificate: '', key: '', chain: '' }
  for (const part of ['certificate', 'key', 'chain'] as const) {
    const path = paths[part]
    if (path === undefined) continue
    try {
      texts[part] = readFileSync(path, 'utf8')
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error
      return { ok: false, part, reason: `cannot be read (${String(error.code)})` }
    }
  }
  return readSigningIdentity(texts, options)
}

function sentence({ part, reason }: { readonly part: SigningPart; readonly reason: string }): string {
  return `${VARIABLE[part]}: ${reason}`
}

function statusOf({ expiresAt }: SigningIdentity, now: number): CertificateState['status'] {
  if (expiresAt <= now) return 'expired'
  return expiresAt - now < EXPIRY_WARNING_DAYS * DAY_MS ? 'expiring' : 'valid'
}

/** Changes when any of the files does, followed through the links that deployments swap. */
function fingerprintOf(paths: Paths): string {
  return Object.values(paths)
    .map((path: string | undefined) => {
      const stat = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false })
      return stat === undefined ? '-' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`
    })
    .join('\n')
}

/**
 * Signs, and remembers the signatures by the profile's name. A profile holds an address, so neither it nor a plain hash of
 * its name is kept: only what stands before and after it, under a keyed hash (R13, design principle 6).
 */
function createSignatures(identity: SigningIdentity, now: () => number): ProfileSigner['wrap'] {
  const secret = randomBytes(32)
  const kept = new Map<string, Promise<Wrapped>>()
  const sign = async (octets: string): Promise<Omit<Wrapped, 'values'>> => {
    const content = Buffer.from(octets, 'latin1')
    const der = Buffer.from(await signProfile(content, identity, now()))
    const start = der.indexOf(content)
    // Strings of their own: a slice of a longer one would keep the profile alive.
    return {
      head: der.toString('latin1', 0, start),
      tail: der.toString('latin1', start + content.length),
    }
  }
  return (name, make) => {
    const key = createHmac('sha256', secret).update(name).digest('base64')
    const known = kept.get(key)
    if (known) {
      // To the end of the queue, at whose head the oldest is.
      kept.delete(key)
      kept.set(key, known)
      return known
    }
    const [oldest] = kept.keys()
    if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest)
    const { octets, values } = make()
    const wrapped = sign(octets).then((around) => ({ ...around, values }))
    wrapped.catch(() => kept.delete(key))
    kept.set(key, wrapped)
    return wrapped
  }
}
