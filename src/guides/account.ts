/** The account a guide is for: the servers it tells of, and how one signs in there with the program in hand. */
import type { DiscoverAnswer } from '../domain/answer.js'
import { isDisproved, type AuthMethod, type Server } from '../domain/mail-settings.js'
import type { Program } from './programs.js'
import { type SignInService, signInService } from './sign-in-service.js'

export interface GuideQuestion {
  /** The settings as the API answers them: login names filled, sentences in the reader's language. */
  readonly answer: DiscoverAnswer
  /** The reader's own choice; the recommended protocol without it. */
  readonly protocol?: 'imap' | 'pop3' | undefined
  /** A configuration profile can be had for this account and protocol (R46). */
  readonly hasProfile: boolean
  /** The reader's language, for the choice among help pages. */
  readonly language: string
}

export interface Account {
  readonly email: string
  readonly providerName: string
  readonly protocol: 'imap' | 'pop3'
  readonly incoming: Server
  readonly outgoing: Server | null
  readonly service: SignInService | null
  /** The reader asked for a protocol that cannot be had. */
  readonly refused: 'imap' | 'pop3' | null
  readonly question: GuideQuestion
}

/** @returns null when neither protocol can be used safely. */
export function accountOf(question: GuideQuestion): Account | null {
  const { answer, protocol: wanted } = question
  const { recommendation, query, provider } = answer
  if (recommendation === null) return null
  const chosen = wanted === undefined || wanted === recommendation.protocol ? recommendation : null
  const other = wanted === undefined ? undefined : firstUsable(answer.servers[wanted])
  const used = chosen ?? (wanted && other ? { protocol: wanted, incoming: other } : recommendation)
  return {
    email: query.email ?? query.domain,
    providerName: provider?.name ?? used.incoming.registrableDomain,
    protocol: used.protocol,
    incoming: used.incoming,
    outgoing: recommendation.outgoing,
    service: signInService(used.incoming.hostname),
    refused: wanted !== undefined && wanted !== used.protocol ? wanted : null,
    question,
  }
}

/** The same rule as the recommendation's (R20, R32). */
function firstUsable(servers: readonly Server[]): Server | undefined {
  return servers.find((server) => server.security !== 'plain' && !isDisproved(server.verification))
}

/** `impossible`: the server takes nothing that the program can give. */
export type SignIn = 'service' | 'password' | 'encrypted-password' | 'special' | 'impossible'

/** Sign-in with this program at the incoming server. A password is never invented where only OAuth is known (R30). */
export function signInOf(account: Account, program: Program): SignIn {
  const { incoming, service, protocol, question } = account
  const methods = methodsOf(incoming, question.answer)
  const known = service !== null && program.signsInAt.includes(service)
  if (methods.includes('oauth2') && known && (protocol === 'imap' || program.signsInByPop3)) return 'service'
  if (methods.includes('password-cleartext')) return 'password'
  if (methods.includes('password-encrypted') && program.encryptedPassword) return 'encrypted-password'
  const special: readonly AuthMethod[] = ['gssapi', 'ntlm', 'client-certificate', 'none']
  return methods.some((method) => special.includes(method)) ? 'special' : 'impossible'
}

export function methodsOf(server: Server, answer: DiscoverAnswer): readonly AuthMethod[] {
  if (server.authentication.length > 0) return server.authentication
  return answer.oauth2 === null ? ['password-cleartext'] : ['oauth2']
}
