/** Rules that recognise a provider by its MX host (R15, R17, R51, R52). */
import { z } from 'zod'
import { hostnameSchema, isPublicSuffix } from '../domain/hostname.js'
import { authenticationSchema, CAPTURE, capturedServerLists, usernameSchema } from './endpoint.js'
import { requirementSchema } from './requirement.js'

/**
 * What stands behind an MX host. Only `mailbox` leads to servers; `ambiguous` may name some, which then are a guess;
 * all others mean "no answer from MX" (R17).
 */
export const MX_CLASSES = [
  'mailbox',
  'gateway',
  'forwarder',
  'inbound-api',
  'ambiguous',
  'alias',
  'bridge',
] as const
export type MxClass = (typeof MX_CLASSES)[number]

/** Names under which strangers or several services receive mail: never a suffix rule (R52). */
const TOO_WIDE = ['outlook.com', 'qq.com', 'yahoodns.net', 'netease.com', 'gmx.net']

const ruleShape = z.strictObject({
  /**
   * - `exact`: the whole host name
   * - `template`: labels in braces stand for one label each, `inbound-smtp.{region}.amazonaws.com`
   * - `prefix`: the first label begins so and the rest is given, `qiye163mx*.mxmail.netease.com`
   * - `suffix`: the name itself and everything below it, on a label boundary
   */
  match: z.enum(['exact', 'template', 'prefix', 'suffix']),
  value: z.string(),
  class: z.enum(MX_CLASSES),
  /** A host name this rule must recognise, and one it must leave alone: the rule's own test. */
  matches: hostnameSchema,
  not: hostnameSchema,
  /** Where customers with own domains get other servers than the entry's (imappro.zoho.com): replaces all of them. */
  servers: z
    .strictObject({
      ...capturedServerLists,
      username: usernameSchema.optional(),
      authentication: authenticationSchema.optional(),
    })
    .optional(),
  /** Replaces the entry's requirements for mail behind this MX. */
  requires: z.array(requirementSchema).optional(),
})

export const mxRuleSchema = ruleShape.superRefine((rule, context) => {
  const fault = (path: string, message: string) => {
    context.addIssue({ code: 'custom', path: [path], message })
  }
  const reason = valueFault(rule)
  if (reason !== null) {
    fault('value', reason)
    return
  }
  if (matchMxRule(rule, rule.matches) === null)
    fault('matches', `${rule.matches} is not matched by ${rule.value}`)
  if (matchMxRule(rule, rule.not) !== null) fault('not', `${rule.not} is matched by ${rule.value}`)
  if (rule.servers === undefined) return
  if (rule.class !== 'mailbox' && rule.class !== 'ambiguous')
    fault('servers', `a ${rule.class} has no servers`)
  const { imap, pop3, smtp } = rule.servers
  if ((imap.length === 0 && pop3.length === 0) || smtp.length === 0)
    fault('servers', 'need IMAP or POP3, and SMTP')
  const known = ['host', ...captureNames(rule.value)]
  for (const { hostname } of [...imap, ...pop3, ...smtp]) {
    const strange = captureNames(hostname).find((name) => !known.includes(name))
    if (strange !== undefined) fault('servers', `{${strange}} is not captured by ${rule.value}`)
  }
})
export type MxRule = z.infer<typeof mxRuleSchema>

function valueFault({ match, value }: Pick<MxRule, 'match' | 'value'>): string | null {
  const literal = ruleSuffix({ match, value })
  const stars = value.split('*').length - 1
  if (match === 'prefix' ? !/^[a-z0-9-]+\*\./.test(value) || stars !== 1 : stars > 0) {
    return 'only a prefix rule has a star, one, at the end of its first label'
  }
  if (match === 'template' ? captureNames(value).length === 0 : value.includes('{')) {
    return 'only a template rule has labels in braces, and it needs one'
  }
  if (match === 'template' && !value.split('.').every((label) => /^(\{[a-z]+\}|[a-z0-9-]+)$/.test(label))) {
    return 'a capture in braces is one whole label'
  }
  if (!hostnameSchema.safeParse(literal).success) return 'must end in a host name of at least two labels'
  // A template may stand below a hoster's private suffix (kasserver.com): it names one customer's own host.
  if (match !== 'template' && isPublicSuffix(literal)) return `${literal} is a public suffix (R15)`
  if (match === 'suffix' && TOO_WIDE.includes(literal)) return `${literal} serves several services (R52)`
  return null
}

/** The literal end of a rule's value: what the index is keyed by. */
export function ruleSuffix({ match, value }: Pick<MxRule, 'match' | 'value'>): string {
  if (match === 'prefix') return value.slice(value.indexOf('.') + 1)
  return match === 'template' ? value.slice(value.lastIndexOf('}') + 1).replace(/^\./, '') : value
}

/**
 * Whether a rule recognises an MX host (lower case, no trailing dot).
 * @returns the captured labels, `host` always among them, or null
 */
export function matchMxRule(
  { match, value }: Pick<MxRule, 'match' | 'value'>,
  host: string,
): Readonly<Record<string, string>> | null {
  if (match === 'template') return matchTemplate(value, host)
  if (match === 'prefix') {
    const [start = '', rest = ''] = value.split('*')
    return host.startsWith(start) && host.slice(host.indexOf('.')) === rest ? { host } : null
  }
  const matched = host === value || (match === 'suffix' && host.endsWith(`.${value}`))
  return matched ? { host } : null
}

function matchTemplate(value: string, host: string): Readonly<Record<string, string>> | null {
  const wanted = value.split('.')
  const labels = host.split('.')
  if (wanted.length !== labels.length) return null
  const captures: Record<string, string> = { host }
  for (const [index, want] of wanted.entries()) {
    const label = labels[index] ?? ''
    if (want.startsWith('{')) captures[want.slice(1, -1)] = label
    else if (want !== label) return null
  }
  return captures
}

function captureNames(text: string): string[] {
  return [...text.matchAll(CAPTURE)].map((found) => found[1] ?? '')
}
