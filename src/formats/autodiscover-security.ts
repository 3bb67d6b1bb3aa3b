/** How Autodiscover says "encrypted": two elements that contradict each other (R22; NDSS25 appendix E). */
import type { Security } from '../domain/mail-settings.js'
import type { Field } from './server-fields.js'

const IMPLICIT_TLS_PORTS = [993, 995, 465]
const STARTTLS_PORTS = [143, 110, 587]

/** `Encryption` overrides `SSL` wherever it is present; `plain` is returned so that it can be rejected. */
export function readSecurity(ssl: string | null, encryption: string | null, port: number): Field<Security> {
  const implicit = IMPLICIT_TLS_PORTS.includes(port)
  const found = (value: Security): Field<Security> => ({ ok: true, value })
  switch (encryption?.toLowerCase()) {
    case undefined:
      break
    case 'none':
      return found('plain')
    case 'ssl':
      return found(STARTTLS_PORTS.includes(port) ? 'starttls' : 'tls')
    case 'tls':
    case 'auto':
      return found(implicit ? 'tls' : 'starttls')
    default:
      // Seen: "starttls". TLS is wanted, so it is required; never the default of "no encryption".
      return found('starttls')
  }
  switch (ssl?.toLowerCase()) {
    case undefined: // MS-OXDSCLI 2.2.4.1.1.2.18: on unless said otherwise.
    case 'on':
      return found(STARTTLS_PORTS.includes(port) ? 'starttls' : 'tls')
    case 'off':
      return found('plain')
    default:
      return { ok: false, reason: 'invalid-security' }
  }
}
