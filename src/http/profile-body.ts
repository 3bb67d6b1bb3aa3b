/** The bytes of a profile as they leave: signed where the operator vouches for every server in it (R42, R46). */
import type { SettingsView } from '../formats/settings-view.js'
import type { AppParts } from './app-parts.js'

/**
 * Whether the profile leaves signed: those of the operator's own domains do; any other leaves as it is, because a
 * signature shows as "Verified" on the phone and nobody here has verified a stranger's settings.
 */
export function isSigned(
  parts: Pick<AppParts, 'isOwnDomain' | 'signer'>,
  { view, protocol }: { readonly view: SettingsView; readonly protocol: 'imap' | 'pop3' },
): boolean {
  if (!parts.signer || !parts.isOwnDomain(view.domain)) return false
  // An entry without SMTP is completed from other sources; their servers are not the operator's word.
  const used = [view[protocol], view.smtp, view.caldav, view.carddav].filter((server) => server !== null)
  return used.every((server) => server.trust === 'operator')
}

/** @throws SigningError: fail closed, an unsigned profile must not stand in for a signed one */
export async function profileBody(
  parts: Pick<AppParts, 'isOwnDomain' | 'signer'>,
  profile: { readonly view: SettingsView; readonly protocol: 'imap' | 'pop3'; readonly body: string },
): Promise<string | Uint8Array> {
  const { signer } = parts
  if (!signer || !isSigned(parts, profile)) return profile.body
  const octets = Buffer.from(profile.body).toString('latin1')
  const { head, tail } = await signer.wrap(profile.body, () => ({ octets, values: [] }))
  return Buffer.from(head + octets + tail, 'latin1')
}
