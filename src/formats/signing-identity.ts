/**
 * The certificate, key and intermediates that sign profiles (R46), read from PEM and checked as one thing: a signature
 * that a phone cannot follow to a known authority is worse than none.
 */
import { createPrivateKey, type KeyObject, webcrypto, X509Certificate } from 'node:crypto'
import { Certificate, IssuerAndSerialNumber } from 'pkijs'

export interface SigningFiles {
  /** The signer's certificate; what follows it in the file counts as chain. */
  readonly certificate: string
  /** PKCS #8, PKCS #1 or SEC 1, without a passphrase. */
  readonly key: string
  readonly chain: string
}

export interface SigningIdentity {
  readonly certificate: X509Certificate
  /** Issuers upwards, without the root, which every device must have anyway. */
  readonly chain: readonly X509Certificate[]
  readonly key: webcrypto.CryptoKey
  /** The certificate's name in a signature; made once, because reading a certificate takes half a millisecond. */
  readonly signer: IssuerAndSerialNumber
  /** Milliseconds since the epoch: the earliest end in certificate and chain. */
  readonly expiresAt: number
}

export type SigningPart = keyof SigningFiles
export type SigningIdentityResult =
  | { readonly ok: true; readonly identity: SigningIdentity }
  /** The sentence goes on after the name of the part: "does not match the certificate". */
  | { readonly ok: false; readonly part: SigningPart; readonly reason: string }

export interface SigningOptions {
  readonly allowSelfSigned: boolean
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** R46. Shorter ones are refused by current devices; longer ones cost more than they add for a profile. */
const MIN_RSA_BITS = 2048
const MAX_RSA_BITS = 4096
const P256 = 'prime256v1'
const KEY_USAGE = '2.5.29.15'
const DIGITAL_SIGNATURE = 0x80

/** Never throws for bad files; the key never appears in a reason. */
export async function readSigningIdentity(
  files: SigningFiles,
  { allowSelfSigned, now }: SigningOptions,
): Promise<SigningIdentityResult> {
  const own = certificatesOf(files.certificate)
  const [certificate, ...following] = own ?? []
  if (certificate === undefined) return fault('certificate', 'holds no certificate in PEM')
  const given = files.chain === '' ? [] : certificatesOf(files.chain)
  if (given === null || (files.chain !== '' && given.length === 0)) {
    return fault('chain', 'holds no certificates in PEM')
  }
  const key = keyOf(files.key)
  if (key === null) return fault('key', 'holds no private key in PEM that can be read without a passphrase')
  const algorithm = algorithmOf(key)
  if (algorithm === null) return fault('key', 'must be RSA with 2048 to 4096 bits or ECDSA on P-256')
  if (!certificate.checkPrivateKey(key)) return fault('key', 'does not match the certificate')
  if (!maySign(certificate)) return fault('certificate', 'is not meant for digital signatures')

  const selfSigned = isSelfSigned(certificate)
  if (selfSigned && !allowSelfSigned) {
    return fault('certificate', 'is self-signed (MAILSCOUT_SIGNING_ALLOW_SELF_SIGNED=true uses it anyway)')
  }
  const chain = upwards(certificate, [...following, ...given])
  if (chain === null) return fault('chain', 'does not lead from one certificate to its issuer')
  const dated = [certificate, ...chain]
  const notYet = dated.find((one) => Date.parse(one.validFrom) > now)
  if (notYet) return fault(notYet === certificate ? 'certificate' : 'chain', 'is not valid yet')
  const expiresAt = Math.min(...dated.map((one) => Date.parse(one.validTo)))
  if (expiresAt <= now)
    return fault(Date.parse(certificate.validTo) <= now ? 'certificate' : 'chain', 'has expired')
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' })
  const signer = new IssuerAndSerialNumber(Certificate.fromBER(certificate.raw))
  const imported = await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
  return { ok: true, identity: { certificate, chain, key: imported, signer, expiresAt } }
}

function fault(part: SigningPart, reason: string): SigningIdentityResult {
  return { ok: false, part, reason }
}

/** Null where a block cannot be read. */
function certificatesOf(pem: string): X509Certificate[] | null {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    return blocks.map((block) => new X509Certificate(block))
  } catch (error) {
    if (isOpenSslError(error)) return null
    throw error
  }
}

function keyOf(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem)
  } catch (error) {
    if (isOpenSslError(error)) return null
    throw error
  }
}

/** What node:crypto throws for bytes that are no key or certificate: always with a code, unlike a bug of ours. */
function isOpenSslError(error: unknown): boolean {
  return error instanceof Error && 'code' in error
}

function algorithmOf(key: KeyObject): webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams | null {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'rsa') {
    const fits = modulusLength >= MIN_RSA_BITS && modulusLength <= MAX_RSA_BITS
    return fits ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } : null
  }
  return key.asymmetricKeyType === 'ec' && namedCurve === P256 ? { name: 'ECDSA', namedCurve: 'P-256' } : null
}

/** RFC 5280 section 4.2.1.3: without the extension a key may do everything. */
function maySign(certificate: X509Certificate): boolean {
  const usage = Certificate.fromBER(certificate.raw).extensions?.find(({ extnID }) => extnID === KEY_USAGE)
  if (usage === undefined) return true
  // The value is a BIT STRING: tag, length, unused bits, first octet.
  return ((usage.extnValue.valueBlock.valueHexView[3] ?? 0) & DIGITAL_SIGNATURE) !== 0
}

function isSelfSigned(certificate: X509Certificate): boolean {
  // Not checkIssued: it says no where the key usage forbids issuing, as it should for a signer.
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey)
}

/** The issuers in order, the root left out; null where a given certificate has no place in the chain. */
function upwards(certificate: X509Certificate, given: readonly X509Certificate[]): X509Certificate[] | null {
  // One that stands in both files counts once.
  const rest = new Map(given.map((one) => [one.fingerprint256, one]))
  rest.delete(certificate.fingerprint256)
  const chain: X509Certificate[] = []
  for (let child = certificate; rest.size > 0;) {
    const issuer = [...rest.values()].find((one) => child.checkIssued(one) && child.verify(one.publicKey))
    if (issuer === undefined) return null
    rest.delete(issuer.fingerprint256)
    if (!isSelfSigned(issuer)) chain.push(issuer)
    child = issuer
  }
  return chain
}
