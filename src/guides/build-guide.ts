/** One guide: what the program cannot do for this account, the steps with the found values, and what else to know. */
import { GUIDE_CLIENTS, type GuideClient, PROGRAM_NAMES } from '../domain/guide.js'
import { type Account, accountOf, type GuideQuestion, type SignIn, signInOf } from './account.js'
import { androidSteps, androidWarnings } from './android.js'
import { appleMailSteps, appleNotes, iphoneSteps } from './apple.js'
import { lastSteps, noticesFor, preparation, serverSteps, type Setup } from './common-steps.js'
import { type Guide, type GuideStep, say, type Sentence, step } from './guide.js'
import { outlookNotes, outlookSteps, outlookWarnings } from './outlook.js'
import { PROGRAMS } from './programs.js'
import { thunderbirdAndroidSteps, thunderbirdSteps } from './thunderbird.js'

interface Writer {
  readonly steps: (setup: Setup) => GuideStep[]
  readonly warnings?: (setup: Setup) => Sentence[]
  readonly notes?: (setup: Setup) => Sentence[]
}

const WRITERS: Readonly<Record<GuideClient, Writer>> = {
  thunderbird: { steps: thunderbirdSteps },
  'thunderbird-android': { steps: thunderbirdAndroidSteps },
  outlook: { steps: outlookSteps, warnings: outlookWarnings, notes: outlookNotes },
  'apple-mail': { steps: appleMailSteps, notes: appleNotes },
  iphone: { steps: iphoneSteps, notes: appleNotes },
  android: { steps: androidSteps, warnings: androidWarnings },
  // It was replaced at the end of 2024 (R50): the values are for its successor.
  'windows-mail': {
    steps: (setup) => [
      step('guide-windows-mail-save'),
      step('guide-windows-mail-instead'),
      ...preparation(setup),
      ...serverSteps(setup),
      ...lastSteps(setup),
    ],
    warnings: () => [say('guide-windows-mail-retired')],
  },
}

/** Said by the page's own words or by nobody's need: a guide is for those who want to get it done. */
const NOT_FOR_A_GUIDE = ['cleartext-rejected', 'srv-implicit-tls-port', 'low-confidence-entry']

/** @param question settings with at least an answer; without a safe server the guide says so and has no values */
export function buildGuide(client: GuideClient, question: GuideQuestion): Guide {
  const account = accountOf(question)
  const { answer } = question
  const name = PROGRAM_NAMES[client]
  const head = {
    client,
    program: name,
    title: say('guide-title', { program: name, email: answer.query.email ?? answer.query.domain }),
    protocol: account?.protocol ?? null,
  }
  const found = answer.warnings.filter(({ code }) => !NOT_FOR_A_GUIDE.includes(code))
  const help = helpPage(question)
  if (account === null) {
    const steps = [...answer.notices.map((text) => ({ text })), step('guide-ask-provider')]
    return { ...head, warnings: [say('page-no-safe-text'), ...found], steps, notes: help }
  }
  const writer = WRITERS[client]
  const signIn = client === 'windows-mail' ? successorSignIn(account) : signInOf(account, PROGRAMS[client])
  const setup = { account, signIn }
  const stuck = signIn === 'impossible'
  const { others } = noticesFor(setup)
  return {
    ...head,
    warnings: [
      ...(stuck ? [impossible(account, client)] : []),
      ...limits(setup, client),
      ...(stuck ? [] : (writer.warnings?.(setup) ?? [])),
      ...found,
    ],
    steps: stuck ? [insteadStep(account, client)] : writer.steps(setup),
    notes: [
      ...others,
      ...(stuck ? [] : (writer.notes?.(setup) ?? [])),
      say(account.protocol === 'imap' ? 'imap-explained' : 'pop3-explained'),
      ...help,
    ],
  }
}

/** Windows Mail itself signs in nowhere any more; its values are those of Outlook or Thunderbird. */
function successorSignIn(account: Account): SignIn {
  const ways = [PROGRAMS.outlook, PROGRAMS.thunderbird].map((program) => signInOf(account, program))
  return ways.find((way) => way !== 'impossible') ?? 'impossible'
}

function limits({ account, signIn }: Setup, client: GuideClient): Sentence[] {
  const { refused, outgoing, question } = account
  const bridge = question.answer.notices.some(
    ({ code }) => code === 'bridge-required' || code === 'mx-bridge',
  )
  return [
    ...(refused === null ? [] : [say('guide-not-offered', { protocol: refused.toUpperCase() })]),
    ...(PROGRAMS[client].phone && bridge ? [say('guide-bridge-phone')] : []),
    ...(outgoing === null ? [say('guide-no-outgoing')] : []),
    ...(signIn === 'special' ? [say('guide-special-sign-in', { program: PROGRAM_NAMES[client] })] : []),
  ]
}

function impossible(account: Account, client: GuideClient): Sentence {
  const { signsInAt } = PROGRAMS[client]
  const params = { provider: account.providerName, program: PROGRAM_NAMES[client] }
  if (account.incoming.authentication.includes('password-encrypted'))
    return say('guide-sign-in-encrypted', params)
  if (account.service !== null && signsInAt.includes(account.service))
    return say('guide-sign-in-pop3', params)
  return signsInAt.length === 0
    ? say('guide-sign-in-nobody', params)
    : say('guide-sign-in-impossible', { ...params, services: [...signsInAt] })
}

/** Which programs would do, by the same rule. */
function insteadStep(account: Account, client: GuideClient): GuideStep {
  const able = GUIDE_CLIENTS.filter(
    (other) => other !== client && signInOf(account, PROGRAMS[other]) !== 'impossible',
  )
  return able.length === 0
    ? step('guide-use-webmail', { provider: account.providerName })
    : step('guide-use-instead', { programs: able.map((other) => PROGRAM_NAMES[other]) })
}

/** The provider's own help, in the reader's language where there is one. */
function helpPage({ answer, language }: GuideQuestion): Sentence[] {
  const pages = answer.provider?.documentation ?? []
  const page = pages.find((one) => one.language === language) ?? pages[0]
  if (answer.provider === null || page === undefined) return []
  return [{ code: 'guide-help-page', params: { provider: answer.provider.name }, url: page.url }]
}
