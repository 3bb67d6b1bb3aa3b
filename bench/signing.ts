/**
 * Signed profiles: milliseconds of CPU per signature for both kinds of key, the check included, and as a ratio to the
 * raw signature of node:crypto over the same bytes. Prints; exits 1 when the limit is missed.
 */
import { createPrivateKey, sign } from 'node:crypto'
import { signProfile } from '../src/formats/sign-profile.js'
import { readSigningIdentity } from '../src/formats/signing-identity.js'
import { signingSet } from '../test/formats/signing-certificates.js'

/** 500 fresh signatures per second and core (issue 6), with either key. */
const LIMIT_CPU_MS = 2
const ROUNDS = 500
const profile = Buffer.from(`<plist>${'x'.repeat(3500)}</plist>`)

async function cpuMs(work: () => unknown): Promise<number> {
  for (let round = 0; round < ROUNDS / 5; round += 1) await work()
  const before = process.cpuUsage()
  for (let round = 0; round < ROUNDS; round += 1) await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / ROUNDS
}

for (const kind of ['rsa', 'ecdsa'] as const) {
  const files = await signingSet(kind)
  const read = await readSigningIdentity(files, { allowSelfSigned: false, now: Date.now() })
  if (!read.ok) throw new Error(read.reason)
  const { identity } = read
  const key = createPrivateKey(files.key)
  const raw = await cpuMs(() => sign('sha256', profile, key))
  const whole = await cpuMs(() => signProfile(profile, identity, Date.now()))
  const missed = whole > LIMIT_CPU_MS
  console.log(
    `${kind.padEnd(6)} signed and verified ${whole.toFixed(2)} ms CPU, raw ${raw.toFixed(3)} ms, ` +
      `ratio ${(whole / raw).toFixed(1)}, limit ${LIMIT_CPU_MS} ms${missed ? '   MISSED' : ''}`,
  )
  if (missed) process.exitCode = 1
}
