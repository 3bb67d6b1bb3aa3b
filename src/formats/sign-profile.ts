/**
 * Signed profiles (R46): CMS SignedData (RFC 5652), DER, content attached, SHA-256, certificate and intermediates
 * embedded, by RSA (PKCS #1 v1.5) or ECDSA on P-256.
 *
 * pkijs builds the structure and WebCrypto makes the signature outside the event loop; what came out is read back by
 * another parser and verified by OpenSSL before anybody gets it.
 */
import { createHash, timingSafeEqual, verify, type X509Certificate } from 'node:crypto'
import { ObjectIdentifier, OctetString, Primitive, type Sequence, UTCTime } from 'asn1js'
import * as cms from 'pkijs'
import { SigningError } from '../domain/profile-signer.js'
import { derChildren, type DerNode, readDer } from './der.js'
import type { SigningIdentity } from './signing-identity.js'

/** PKCS #7 and #9 names of RFC 5652 sections 4, 11.1, 11.2 and 11.3. */
const DATA = '1.2.840.113549.1.7.1'
const CONTENT_TYPE = '1.2.840.113549.1.9.3'
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4'
const SIGNING_TIME = '1.2.840.113549.1.9.5'
const CONSTRUCTED_SET = 0x31
const CONTEXT_SPECIFIC = 3
/** RFC 5652 section 5.1: after version, digest algorithms and content. */
const CERTIFICATES_AT = 3

/** @param now milliseconds since the epoch. @throws SigningError when the result does not verify */
export async function signProfile(
  content: Uint8Array,
  identity: SigningIdentity,
  now: number,
): Promise<Uint8Array> {
  const encapContentInfo = new cms.EncapsulatedContentInfo({ eContentType: DATA })
  // Handed to the constructor it would become a constructed string, which DER forbids (X.690 section 10.2).
  encapContentInfo.eContent = new OctetString({ valueHex: bytes(content) })
  const signed = new cms.SignedData({
    version: 1,
    encapContentInfo,
    signerInfos: [
      new cms.SignerInfo({
        version: 1,
        sid: identity.signer,
        signedAttrs: new cms.SignedAndUnsignedAttributes({ type: 0, attributes: attributes(content, now) }),
      }),
    ],
  })
  await signed.sign(identity.key, 0, 'SHA-256')
  const body = signed.toSchema(true) as Sequence
  body.valueBlock.value.splice(CERTIFICATES_AT, 0, enclosed([identity.certificate, ...identity.chain]))
  const message = new cms.ContentInfo({ contentType: cms.ContentInfo.SIGNED_DATA, content: body })
  const der = new Uint8Array(message.toSchema().toBER())
  verifySignedProfile(der, { content, certificate: identity.certificate })
  return der
}

/** In the order of a DER SET: their encodings grow. */
function attributes(content: Uint8Array, now: number): cms.Attribute[] {
  const digest = createHash('sha256').update(content).digest()
  return [
    new cms.Attribute({ type: CONTENT_TYPE, values: [new ObjectIdentifier({ value: DATA })] }),
    new cms.Attribute({ type: SIGNING_TIME, values: [new UTCTime({ valueDate: new Date(now) })] }),
    new cms.Attribute({ type: MESSAGE_DIGEST, values: [new OctetString({ valueHex: bytes(digest) })] }),
  ]
}

/**
 * The certificates as the octets they came in, `[0] IMPLICIT SET OF`: the library would take each apart and write it
 * anew, which costs more than the signature. X.690 section 11.6: the elements of a SET OF ascend.
 */
function enclosed(certificates: readonly X509Certificate[]): Primitive {
  const octets = Buffer.concat(certificates.map((one) => one.raw).sort((a, b) => Buffer.compare(a, b)))
  const block = new Primitive({
    idBlock: { tagClass: CONTEXT_SPECIFIC, tagNumber: 0 },
    valueHex: bytes(octets),
  })
  block.idBlock.isConstructed = true
  return block
}

/** A copy in an ArrayBuffer of its own, as the library wants it. */
function bytes(view: Uint8Array): ArrayBuffer {
  return new Uint8Array(view).buffer
}

/**
 * Checks a signed profile as a device would: the content is the one meant, its digest is the signed one, and the
 * signature is that of the certificate, which is enclosed. @throws SigningError
 */
export function verifySignedProfile(
  der: Uint8Array,
  expected: { readonly content: Uint8Array; readonly certificate: X509Certificate },
): void {
  const [message, ...more] = readDer(der) ?? []
  if (message === undefined || more.length > 0) throw refused('it cannot be read')
  const [, , encapsulated, certificates, signerInfos] = derChildren(at(message, 1, 0))
  const [, , , signedAttributes, , signature] = derChildren(at(signerInfos, 0))
  if (!equal(octets(at(encapsulated, 1, 0)), expected.content)) throw refused('its content is another one')
  const enclosed = derChildren(certificates).some((one) => equal(one.encoding, expected.certificate.raw))
  if (!enclosed) throw refused('the certificate is missing')
  const digest = derChildren(signedAttributes).find((one) => equal(at(one, 0)?.encoding, MESSAGE_DIGEST_NAME))
  const actual = createHash('sha256').update(expected.content).digest()
  if (!equal(octets(at(digest, 1, 0)), actual)) throw refused('the digest is another one')
  // RFC 5652 section 5.4: what is signed is the attributes as a SET, not under the tag they travel with.
  const covered = Buffer.from(signedAttributes?.encoding ?? NOTHING)
  covered[0] = CONSTRUCTED_SET
  if (!verify('sha256', covered, expected.certificate.publicKey, octets(signature))) {
    throw refused('the signature is wrong')
  }
}

function refused(reason: string): SigningError {
  return new SigningError(`the signed profile does not verify: ${reason}`)
}

function at(node: DerNode | undefined, ...path: readonly number[]): DerNode | undefined {
  return path.reduce<DerNode | undefined>((parent, index) => derChildren(parent)[index], node)
}

const OCTET_STRING = 0x04
const NOTHING = new Uint8Array()
const MESSAGE_DIGEST_NAME = new Uint8Array(new ObjectIdentifier({ value: MESSAGE_DIGEST }).toBER())

/** Of a primitive string only: DER knows no others. */
function octets(node: DerNode | undefined): Uint8Array {
  return node?.tag === OCTET_STRING ? node.content : NOTHING
}

function equal(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a?.length === b.length && timingSafeEqual(a, b)
}
