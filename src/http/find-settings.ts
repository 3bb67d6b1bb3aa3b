/** One lookup as every way of asking does it: options and address in, the contract's answer out. */
import type { FastifyRequest } from 'fastify'
import { recommend } from '../discovery/recommend.js'
import type { DiscoverAnswer } from '../domain/answer.js'
import type { Discovery, SourceReport } from '../domain/discovery.js'
import { type EmailAddress, parseEmailAddress } from '../domain/email-address.js'
import { renderJson } from '../formats/json.js'
import { STAND_IN_SECONDS, standIn } from '../formats/spliced-text.js'
import type { Translator } from '../i18n/translate.js'
import type { AppParts } from './app-parts.js'
import { keptAnswer, personal } from './authority.js'
import { type DiscoverOptions, readEmail } from './discover-options.js'
import { requireFound } from './problem.js'
import { canBeSpliced, madeForAddresses, readyAnswer, variantOf } from './ready-answers.js'
import type { Ready } from './ready.js'

export interface SettingsCall {
  readonly parts: AppParts
  readonly options: DiscoverOptions
  readonly text: Translator
  /** The client has gone. */
  readonly signal: AbortSignal
  /** As each source ends; of a kept answer all at once. */
  readonly onReport?: (report: SourceReport) => void
  /** Once, before the answer, where it has to wait for live checks only: what it will be should they succeed (R26). */
  readonly onPreview?: (answer: DiscoverAnswer) => void
}

export interface FoundAnswer {
  readonly email: EmailAddress
  readonly discovery: Discovery
  readonly answer: DiscoverAnswer
}

/** @throws Problem EMAIL_INVALID, or what requireFound throws; the signal's reason when the client has gone */
export async function findSettings(call: SettingsCall): Promise<FoundAnswer> {
  const { parts, options, text, signal, onReport, onPreview } = call
  const email = readEmail(options.email)
  const render = (discovery: Discovery) => answerOf({ discovery, email, options, text, now: parts.now() })
  const found = await parts.service.discover({
    domain: email.domain,
    signal,
    verify: options.verify,
    refresh: options.refresh,
    ...(options.sendAddress ? { sendAddress: email } : {}),
    ...(onReport ? { onReport } : {}),
    ...(onPreview
      ? {
          onPreview: (preview: Discovery) => {
            onPreview(render(personal(parts, preview, email)))
          },
        }
      : {}),
  })
  requireFound(found)
  const discovery = personal(parts, found, email)
  return { email, discovery, answer: render(discovery) }
}

/**
 * What late sources and background checks have changed since, once they are through: the same answer anew. Null where
 * nothing a client acts on has changed. Never rejects.
 */
export async function laterSettings(
  { parts, options, text, signal }: SettingsCall,
  first: FoundAnswer,
): Promise<FoundAnswer | null> {
  const { email, answer } = first
  const whole = await parts.service.unfinished({ domain: email.domain, verify: options.verify })
  if (whole?.kind !== 'found' || signal.aborted) return null
  const discovery = personal(parts, whole, email)
  const later = answerOf({ discovery, email, options, text, now: parts.now() })
  return weightOf(later) === weightOf(answer) ? null : { email, discovery, answer: later }
}

/** Of no weight: times, and what sources took. */
const WEIGHTLESS = new Set(['sources', 'cache', 'checkedAt'])

function weightOf(answer: DiscoverAnswer): string {
  return JSON.stringify(answer, (key, value: unknown) => (WEIGHTLESS.has(key) ? undefined : value))
}

function answerOf(from: {
  readonly discovery: Discovery
  readonly email: EmailAddress
  readonly options: Advice
  readonly text: Translator
  readonly now: number
}): DiscoverAnswer {
  const { discovery, email, options, text, now } = from
  return renderJson({
    discovery,
    email,
    recommendation: recommend(discovery.servers, options),
    texts: (message) => text.message(message),
    now,
    allowCleartext: options.allowCleartext,
  })
}

/** Whether a kept answer is as good as any: nobody insists on a new one, a check, or none. */
export function isUsual({ verify = 'auto', refresh = false, sendAddress }: Usual): boolean {
  return verify === 'auto' && !refresh && !sendAddress
}

interface Usual {
  readonly verify?: DiscoverOptions['verify']
  readonly refresh?: boolean
  readonly sendAddress?: unknown
}

interface ReadyFor {
  readonly ready: Ready
  readonly email: EmailAddress
}

type Advice = Pick<DiscoverOptions, 'devices' | 'keep' | 'allowCleartext'>

/**
 * The answer's JSON, where it is in the cache and nothing about the question is unusual; else null: then `findSettings`
 * has the last word.
 */
export function readySettings(
  call: Omit<SettingsCall, 'signal' | 'onReport'> & { readonly request: FastifyRequest },
): ReadyFor | null {
  const { request, parts, options, text } = call
  if (!isUsual(options)) return null
  const parsed = parseEmailAddress(options.email)
  if (!parsed.ok || !canBeSpliced(parts, parsed.value)) return null
  const email = parsed.value
  const kept = keptAnswer(request, parts, email.domain)
  if (!kept) return null
  const make = (discovery: Discovery) => {
    const now = discovery.lookedUpAt + STAND_IN_SECONDS * 1000
    const answer = answerOf({ discovery, email: standIn(email.domain), options, text, now })
    return madeForAddresses(JSON.stringify(answer))
  }
  const variant = variantOf('discover', text.language, options)
  const ready = readyAnswer(parts, { kept, domain: email.domain, variant, make })
  return ready && { ready, email }
}
