/**
 * The lab's certificate authority (RFC 5280): made anew at every start, so that no key is ever in the repository.
 * P-256 because an ECDSA signature is the cheapest handshake that every TLS library accepts.
 */
// The library's service container reads class decorators at load time and cannot start without it.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'

export interface LabCertificate {
  /** PKCS #8 in PEM. */
  readonly key: string
  /** The certificate in PEM; followed by nothing, as the root is the issuer. */
  readonly cert: string
}

export interface CertificateRequest {
  /** DNS names for subjectAltName, wildcards allowed, or addresses; the first is also the common name. */
  readonly names: readonly string[]
  readonly notBefore?: Date
  readonly notAfter?: Date
  /** Signed by its own key instead of the CA's. */
  readonly selfSigned?: boolean
}

export interface LabCa {
  /** The root certificate in PEM. */
  readonly pem: string
  /** Certificates are kept by request: the same question gets the same certificate. */
  issue(request: CertificateRequest): Promise<LabCertificate>
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY_MS = 86_400_000
/** Longer than any test or demonstration runs, shorter than the 398 days that strict clients allow. */
const DEFAULT_LIFE_MS = 30 * DAY_MS

x509.cryptoProvider.set(webcrypto)

/** Makes a root and issues certificates below it. */
export async function createLabCa(): Promise<LabCa> {
  const rootKeys = await generateKeys()
  const start = Date.now()
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=mailscout lab CA',
    notBefore: new Date(start - DAY_MS),
    notAfter: new Date(start + DEFAULT_LIFE_MS + DAY_MS),
    keys: rootKeys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  })

  async function make(request: CertificateRequest): Promise<LabCertificate> {
    const keys = await generateKeys()
    const validity = {
      serialNumber: serialNumber(),
      notBefore: request.notBefore ?? new Date(Math.min(start, Number(request.notAfter ?? start)) - DAY_MS),
      notAfter: request.notAfter ?? new Date(start + DEFAULT_LIFE_MS),
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(
          request.names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    }
    const subject = `CN=${request.names[0] ?? 'nameless'}`
    const certificate = request.selfSigned
      ? await x509.X509CertificateGenerator.createSelfSigned({ ...validity, name: subject, keys })
      : await x509.X509CertificateGenerator.create({
          ...validity,
          subject,
          issuer: root.subject,
          signingKey: rootKeys.privateKey,
          publicKey: keys.publicKey,
        })
    const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
    return { key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'), cert: certificate.toString('pem') }
  }

  const issued = new Map<string, Promise<LabCertificate>>()
  return {
    pem: root.toString('pem'),
    issue(request) {
      const key = JSON.stringify(request)
      let certificate = issued.get(key)
      if (!certificate) issued.set(key, (certificate = make(request)))
      return certificate
    },
  }
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

/** 16 random octets whose first bit is clear (RFC 5280 section 4.1.2.2: positive), and not zero. */
function serialNumber(): string {
  const octets = webcrypto.getRandomValues(new Uint8Array(16))
  octets[0] = (octets[0]! & 0x7f) | 0x40
  return Buffer.from(octets).toString('hex')
}
