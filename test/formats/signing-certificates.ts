/** Certificates and keys for signing, made at run time: root, intermediate, signer of either kind. */
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

x509.cryptoProvider.set(webcrypto)

export type KeyKind = 'rsa' | 'ecdsa' | 'rsa1024' | 'p384'

export interface SigningSet {
  readonly certificate: string
  readonly key: string
  /** The intermediate. */
  readonly chain: string
  readonly root: string
}

export interface SigningSetOptions {
  readonly notBefore?: Date
  readonly notAfter?: Date
  readonly selfSigned?: boolean
  readonly keyExchangeOnly?: boolean
}

const ALGORITHMS = {
  rsa: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  rsa1024: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 1024,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  ecdsa: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  p384: { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-256' },
} as const
export const DAY_MS = 86_400_000

export async function signingSet(kind: KeyKind, options: SigningSetOptions = {}): Promise<SigningSet> {
  const generate = (name: KeyKind) => webcrypto.subtle.generateKey(ALGORITHMS[name], true, ['sign', 'verify'])
  const [rootKeys, middleKeys, keys] = await Promise.all([
    generate('ecdsa'),
    generate('ecdsa'),
    generate(kind),
  ])
  const life = {
    notBefore: options.notBefore ?? new Date(Date.now() - DAY_MS),
    notAfter: options.notAfter ?? new Date(Date.now() + 90 * DAY_MS),
  }
  const long = { notBefore: new Date(0), notAfter: new Date('2040-01-01') }
  const authority = [
    new x509.BasicConstraintsExtension(true, 1, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
  ]
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Signing test root',
    ...long,
    keys: rootKeys,
    signingAlgorithm: ALGORITHMS.ecdsa,
    extensions: authority,
  })
  const middle = await x509.X509CertificateGenerator.create({
    serialNumber: '02',
    subject: 'CN=Signing test intermediate',
    issuer: root.subject,
    ...long,
    publicKey: middleKeys.publicKey,
    signingKey: rootKeys.privateKey,
    signingAlgorithm: ALGORITHMS.ecdsa,
    extensions: authority,
  })
  const own = {
    serialNumber: '03',
    ...life,
    extensions: [
      new x509.KeyUsagesExtension(
        options.keyExchangeOnly ? x509.KeyUsageFlags.keyEncipherment : x509.KeyUsageFlags.digitalSignature,
        true,
      ),
      new x509.BasicConstraintsExtension(false, undefined, true),
    ],
  }
  const subject = 'CN=profiles.kunde.de'
  const certificate = options.selfSigned
    ? await x509.X509CertificateGenerator.createSelfSigned({
        ...own,
        name: subject,
        keys,
        signingAlgorithm: ALGORITHMS[kind],
      })
    : await x509.X509CertificateGenerator.create({
        ...own,
        subject,
        issuer: middle.subject,
        publicKey: keys.publicKey,
        signingKey: middleKeys.privateKey,
        signingAlgorithm: ALGORITHMS.ecdsa,
      })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return {
    certificate: certificate.toString('pem'),
    key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
    chain: middle.toString('pem'),
    root: root.toString('pem'),
  }
}
