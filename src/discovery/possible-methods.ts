/** What the server's own list says about ways to sign in: a hint that may remove a method, never invent one (R36). */
import type { AuthMethod, Protocol, Verification } from '../domain/mail-settings.js'

/** SASL mechanisms (IANA registry) that carry each method. */
const MECHANISMS: Readonly<Partial<Record<AuthMethod, RegExp>>> = {
  oauth2: /^(XOAUTH2|OAUTHBEARER)$/,
  'password-cleartext': /^(PLAIN|LOGIN|USER)$/,
  'password-encrypted': /^(CRAM-MD5|DIGEST-MD5|SCRAM-.+|APOP)$/,
  gssapi: /^(GSSAPI|GS2-.+)$/,
  ntlm: /^(NTLM|SPNEGO)$/,
}

/** The methods that the checked server can serve, in their order; all of them where its list rules out every one. */
export function possibleMethods(
  methods: readonly AuthMethod[],
  server: { readonly protocol: Protocol; readonly verification: Verification },
): readonly AuthMethod[] {
  const { saslMechanisms = [] } = server.verification
  if (saslMechanisms.length === 0) return methods
  const possible = methods.filter((method) => {
    const carrier = MECHANISMS[method]
    if (!carrier || saslMechanisms.some((name) => carrier.test(name))) return true
    return method === 'password-cleartext' && hasLoginCommand(server)
  })
  return possible.length > 0 ? possible : methods
}

/** IMAP and POP3 take a password without SASL, unless IMAP says LOGINDISABLED (RFC 9051 section 6.2.3, RFC 1939). */
function hasLoginCommand({
  protocol,
  verification,
}: {
  protocol: Protocol
  verification: Verification
}): boolean {
  if (protocol === 'pop3') return true
  return protocol === 'imap' && !(verification.capabilities ?? []).includes('LOGINDISABLED')
}
