/** The steps that all guides share: before the program is opened, what is typed into it, and how to see that it works. */
import type { AnswerMessage } from '../domain/answer.js'
import type { AuthMethod, Server } from '../domain/mail-settings.js'
import { type Account, methodsOf, type SignIn } from './account.js'
import { type GuideStep, type GuideValue, say, step } from './guide.js'

/** Notices that ask for a deed; the others only inform. */
const DEEDS = [
  'app-password-required',
  'app-password-with-2fa',
  'separate-password',
  'enable-imap',
  'enable-pop3',
  'enable-smtp',
  'enable-access',
  'admin-approval',
  'paid-plan-required',
  'bridge-required',
  'provider-instruction',
  'provider-enable',
]
const ABOUT_PASSWORDS = ['app-password-required', 'app-password-with-2fa', 'separate-password', 'oauth2-only']

/** What every program's guide is written from. */
export interface Setup {
  readonly account: Account
  readonly signIn: SignIn
}

/** Those of the account's notices that matter with this protocol and this way to sign in. */
export function noticesFor({ account, signIn }: Setup): {
  readonly deeds: AnswerMessage[]
  readonly others: AnswerMessage[]
} {
  const otherProtocol = account.protocol === 'imap' ? 'enable-pop3' : 'enable-imap'
  const notices = account.question.answer.notices.filter(
    ({ code }) => code !== otherProtocol && !(signIn === 'service' && ABOUT_PASSWORDS.includes(code)),
  )
  return {
    deeds: notices.filter(({ code }) => DEEDS.includes(code)),
    others: notices.filter(({ code }) => !DEEDS.includes(code)),
  }
}

/** Whose servers these are comes before everything else while nobody vouches for them (R38). */
export function preparation(setup: Setup): GuideStep[] {
  const { incoming, outgoing } = setup.account
  const servers = outgoing === null ? [incoming] : [incoming, outgoing]
  const unsure = servers.filter(({ requiresConfirmation }) => requiresConfirmation)
  const domains = [...new Set(unsure.map(({ registrableDomain }) => registrableDomain))]
  return [
    ...(domains.length === 0 ? [] : [step('guide-confirm', { domains })]),
    ...noticesFor(setup).deeds.map((text) => ({ text })),
  ]
}

/** How a program asks for encryption: with these two words, or with a switch. */
export type SecurityField = 'choice' | 'switch'

/** What to type for both servers. */
export function serverSteps({ account, signIn }: Setup, field: SecurityField = 'choice'): GuideStep[] {
  const { protocol, incoming, outgoing, question } = account
  const values = (server: Server): GuideValue[] => [
    { label: 'page-server', value: server.hostname },
    { label: 'page-port', value: String(server.port) },
    field === 'choice'
      ? { label: 'page-security', value: { code: `page-security-${server.security}` } }
      : { label: 'guide-use-ssl', value: { code: 'guide-on' } },
    { label: 'page-username', value: server.username },
    { label: 'page-login', value: { code: `page-auth-${shownMethod(methodsOf(server, question.answer))}` } },
    ...(signIn === 'password' && needsAppPassword(question.answer.notices)
      ? [{ label: 'page-password', value: { code: 'page-password-app' } }]
      : []),
  ]
  const shownMethod = (methods: readonly AuthMethod[]): AuthMethod => {
    const wanted = METHOD_OF[signIn]
    return methods.find((method) => method === wanted) ?? methods[0] ?? 'password-cleartext'
  }
  return [
    {
      text: say('guide-incoming', { protocol: protocol.toUpperCase() }),
      values: values(incoming),
    },
    ...(outgoing === null ? [] : [{ text: say('guide-outgoing'), values: values(outgoing) }]),
  ]
}

function needsAppPassword(notices: readonly AnswerMessage[]): boolean {
  return notices.some(({ code }) => code === 'app-password-required')
}

const METHOD_OF: Readonly<Record<SignIn, AuthMethod | null>> = {
  service: 'oauth2',
  password: 'password-cleartext',
  'encrypted-password': 'password-encrypted',
  special: null,
  impossible: null,
}

/** What comes last in each guide. */
export function lastSteps({ account }: Setup): GuideStep[] {
  return [
    ...(account.protocol === 'pop3' ? [step('leave-on-server')] : []),
    ...(account.outgoing === null ? [] : [step('guide-try', { email: account.email })]),
  ]
}
