/** Profiles from the cache: cut at everything that is made from the address, so that neither it nor a hash of it is kept. */
import type { FastifyRequest } from 'fastify'
import { recommend } from '../discovery/recommend.js'
import type { Discovery, Preference } from '../domain/discovery.js'
import { type EmailAddress, expandTemplate } from '../domain/email-address.js'
import {
  accountNames,
  type ProfileAccount,
  profileAccount,
  type ProfileResult,
  writeMobileconfig,
} from '../formats/mobileconfig.js'
import { settingsView, type SettingsView } from '../formats/settings-view.js'
import { ADDRESS_MARKS, addressValues, fill, splice, standIn } from '../formats/spliced-text.js'
import type { Translator } from '../i18n/translate.js'
import type { AppParts } from './app-parts.js'
import { keptSettings, type LookupOptions } from './authority.js'
import { isUsual } from './find-settings.js'
import { isSigned } from './profile-body.js'
import { canBeSpliced, readyAnswer } from './ready-answers.js'

export interface ProfileQuestion {
  readonly email: EmailAddress
  readonly protocol?: 'imap' | 'pop3' | undefined
  readonly lang?: string | undefined
  /** How the mail is used, where the protocol is left to us. */
  readonly preference?: Preference
  readonly lookup?: LookupOptions
}

/** The texts of a profile are cut at a length, so an address that is longer than usual goes the long way. */
const MAX_ADDRESS = 64

/**
 * The profile, one character for each octet, where the settings are at hand and the question is a usual one; else null.
 * @throws SigningError
 */
export async function readyProfile(
  by: { readonly request: FastifyRequest; readonly parts: AppParts; readonly text: Translator },
  question: ProfileQuestion,
): Promise<{ readonly octets: string; readonly isSigned: boolean } | null> {
  const { parts, text } = by
  const { email, protocol, preference = {}, lookup = {} } = question
  if (!isUsual(lookup) || email.address.length > MAX_ADDRESS || !canBeSpliced(parts, email)) return null
  const { domain, localPart } = email
  const kept = keptSettings(by.request, parts, domain)
  const make = (discovery: Discovery) => {
    const person = standIn(domain)
    const { view, way, profile } = writeProfile(discovery, { email: person, protocol, preference, text })
    if (!profile.ok) return null
    const names = accountNames(profileAccount(view, way))
    return {
      ...splice(profile.body, [...ADDRESS_MARKS, ...names]),
      profile: {
        account: profileAccount(settingsView(discovery, null), way),
        signed: isSigned(parts, { view, protocol: way }),
      },
    }
  }
  const { devices = '', keep = '' } = preference
  const variant = `profile ${text.language} ${protocol ?? ''} ${devices} ${keep}`
  const ready = kept && readyAnswer(parts, { kept, domain, variant, make })
  if (!ready?.about.profile) return null
  const { account, signed } = ready.about.profile
  const write = (names: readonly string[]) =>
    fill(ready.octets, ready.about, [...addressValues(localPart, 0), ...names])
  const namesOf = () => accountNames(accountOf(account, email))
  if (!signed || !parts.signer) return { octets: write(namesOf()), isSigned: false }
  const wrapped = await parts.signer.wrap(`${ready.about.stamp} ${variant} ${email.address}`, () => {
    const values = namesOf()
    return { octets: write(values), values }
  })
  return { octets: wrapped.head + write(wrapped.values) + wrapped.tail, isSigned: true }
}

function accountOf(template: ProfileAccount, email: EmailAddress): ProfileAccount {
  const servers = template.servers.map((server) => ({
    ...server,
    username: expandTemplate(server.username, email),
  }))
  return { ...template, address: email.address, servers }
}

/** Chooses the protocol and writes the profile, unsigned. */
export function writeProfile(
  discovery: Discovery,
  by: Pick<ProfileQuestion, 'email' | 'protocol' | 'preference'> & { readonly text: Translator },
): { readonly view: SettingsView; readonly way: 'imap' | 'pop3'; readonly profile: ProfileResult } {
  const { email, protocol, preference = {}, text } = by
  const way = protocol ?? recommend(discovery.servers, preference)?.protocol ?? 'imap'
  const view = settingsView(discovery, email)
  const profile = writeMobileconfig(view, {
    protocol: way,
    texts: {
      displayName: text.text('profile-name', { email: email.address }),
      organization: discovery.provider?.name ?? discovery.domain,
      description: text.text('profile-description', { email: email.address }),
    },
  })
  return { view, way, profile }
}
