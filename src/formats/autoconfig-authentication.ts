/** The words of autoconfig files for authentication methods: draft-ietf-mailmaint-autoconfig-06, "authentication". */
import type { AuthMethod } from '../domain/mail-settings.js'

/** Lower-case words of formats 1.0 to 1.2; SASL names (`system="sasl"`) and HTTP names (`system="http"`) included. */
const METHODS: ReadonlyMap<string, AuthMethod> = new Map<string, AuthMethod>([
  ['oauth2', 'oauth2'],
  ['oauth', 'oauth2'],
  ['oauthbearer', 'oauth2'],
  ['xoauth2', 'oauth2'],
  ['password-cleartext', 'password-cleartext'],
  ['plain', 'password-cleartext'],
  ['login', 'password-cleartext'],
  ['basic', 'password-cleartext'],
  ['http-basic', 'password-cleartext'],
  ['password-encrypted', 'password-encrypted'],
  ['secure', 'password-encrypted'],
  ['cram-md5', 'password-encrypted'],
  ['digest-md5', 'password-encrypted'],
  ['digest', 'password-encrypted'],
  ['http-digest', 'password-encrypted'],
  ['gssapi', 'gssapi'],
  ['kerberos', 'gssapi'],
  ['ntlm', 'ntlm'],
  ['tls-client-cert', 'client-certificate'],
  ['external', 'client-certificate'],
  ['none', 'none'],
  ['client-ip-address', 'none'],
])

/** Words that are not known are skipped, as the draft demands; the order is the provider's preference. */
export function readAuthentication(words: readonly string[]): AuthMethod[] {
  const methods = words.map((word) => {
    const key = word.toLowerCase()
    return /^scram-[a-z0-9-]+$/.test(key) ? 'password-encrypted' : METHODS.get(key)
  })
  return [...new Set(methods.filter((method) => method !== undefined))]
}

/** What R44 allows in a written file, in the spelling that clients compare with. */
const WRITTEN: ReadonlyMap<AuthMethod, string> = new Map<AuthMethod, string>([
  ['oauth2', 'OAuth2'],
  ['password-cleartext', 'password-cleartext'],
  ['password-encrypted', 'password-encrypted'],
])

/** The methods as a file may name them, in the given order; those that no file may carry are left out (R44). */
export function writtenAuthentication(methods: readonly AuthMethod[]): string[] {
  return methods.map((method) => WRITTEN.get(method)).filter((word) => word !== undefined)
}
