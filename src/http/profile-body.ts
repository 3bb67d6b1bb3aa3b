/** The bytes of a profile as they leave: signed where the operator vouches for every server in it (R42, R46). */
import type { SettingsView } from '../formats/settings-view.js'
import type { AppParts } from './app-parts.js'

/**
 * Signs a profile of the operator's own domains; any other leaves as it is, because a signature shows as "Verified" on
 * the phone and nobody here has verified a stranger's settings.
 * @throws SigningError: fail closed, an unsigned profile must not stand in for a signed one
 */
export async function profileBody(
  parts: Pick<AppParts, 'isOwnDomain' | 'signer'>,
  profile: { readonly view: SettingsView; readonly protocol: 'imap' | 'pop3'; readonly body: string },
): Promise<string | Uint8Array> {
  const { view, protocol, body } = profile
  if (!parts.signer || !parts.isOwnDomain(view.domain)) return body
  // An entry without SMTP is completed from other sources; their servers are not the operator's word.
  const used = [view[protocol], view.smtp, view.caldav, view.carddav].filter((server) => server !== null)
  return used.every((server) => server.trust === 'operator') ? parts.signer.sign(body) : body
}
