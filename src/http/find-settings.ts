/** One lookup as every way of asking does it: options and address in, the contract's answer out. */
import { recommend } from '../discovery/recommend.js'
import type { DiscoverAnswer } from '../domain/answer.js'
import type { Discovery, SourceReport } from '../domain/discovery.js'
import type { EmailAddress } from '../domain/email-address.js'
import { renderJson } from '../formats/json.js'
import type { Translator } from '../i18n/translate.js'
import type { AppParts } from './app-parts.js'
import { personal } from './authority.js'
import { type DiscoverOptions, readEmail } from './discover-options.js'
import { requireFound } from './problem.js'

export interface SettingsCall {
  readonly parts: AppParts
  readonly options: DiscoverOptions
  readonly text: Translator
  /** The client has gone. */
  readonly signal: AbortSignal
  /** As each source ends; of a kept answer all at once. */
  readonly onReport?: (report: SourceReport) => void
}

export interface FoundAnswer {
  readonly email: EmailAddress
  readonly discovery: Discovery
  readonly answer: DiscoverAnswer
}

/** @throws Problem EMAIL_INVALID, or what requireFound throws; the signal's reason when the client has gone */
export async function findSettings(call: SettingsCall): Promise<FoundAnswer> {
  const { parts, options, text, signal, onReport } = call
  const email = readEmail(options.email)
  const found = await parts.service.discover({
    domain: email.domain,
    signal,
    verify: options.verify,
    refresh: options.refresh,
    ...(options.sendAddress ? { sendAddress: email } : {}),
    ...(onReport ? { onReport } : {}),
  })
  requireFound(found)
  const discovery = personal(parts, found, email)
  const answer = renderJson({
    discovery,
    email,
    recommendation: recommend(discovery.servers, options),
    texts: (message) => text.message(message),
    now: parts.now(),
    allowCleartext: options.allowCleartext,
  })
  return { email, discovery, answer }
}
