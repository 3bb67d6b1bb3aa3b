/** What the page shows of settings found, with what can be taken along: profile, QR code, XML. */
import { writeAutoconfig } from '../formats/autoconfig-write.js'
import { writeMobileconfig } from '../formats/mobileconfig.js'
import { writeQrSvg } from '../formats/qr.js'
import { settingsView } from '../formats/settings-view.js'
import type { Translator } from '../i18n/translate.js'
import type { Asked, FoundSettings } from '../web/page-input.js'
import type { AppParts } from './app-parts.js'
import { personal } from './authority.js'
import type { FoundAnswer } from './find-settings.js'

export function pageSettings(input: {
  readonly asked: Asked
  readonly found: FoundAnswer
  readonly text: Translator
  readonly parts: AppParts
}): FoundSettings {
  const { asked, text } = input
  const { publicUrl, operator } = input.parts
  const { answer, discovery, email } = input.found
  const protocol = answer.recommendation?.protocol ?? null
  // The files of an own domain are the operator's, whatever is found out there (R42).
  const view = settingsView(
    personal(input.parts, operator?.settings(email.domain) ?? discovery, email),
    email,
  )
  const texts = { displayName: '', description: '', organization: '' }
  const hasProfile = protocol !== null && writeMobileconfig(view, { protocol, texts }).ok
  return { asked, answer, hasProfile, xml: writeAutoconfig(view), qrSvg: hasProfile ? code() : null }

  /** The phone that reads it needs the address in the URL; it is drawn here, so that no URL of this page has it. */
  function code(): string | null {
    if (publicUrl === undefined) return null
    const query = new URLSearchParams({
      email: email.address,
      protocol: protocol ?? 'imap',
      lang: text.language,
    })
    return writeQrSvg(`${publicUrl}/v1/mobileconfig?${query.toString()}`, publicUrl)
  }
}
