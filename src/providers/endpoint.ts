/** The servers of a provider's entry: one host and port per line, implicit TLS first (R23, R51). */
import { z } from 'zod'
import { hostnameSchema } from '../domain/hostname.js'
import { authMethodSchema, portSchema } from '../domain/mail-settings.js'

/** `plain` is left out on purpose: no entry can offer cleartext (R20, R28). */
const transportSchema = z.enum(['tls', 'starttls'])
type Transport = z.infer<typeof transportSchema>

type EndpointProtocol = 'imap' | 'pop3' | 'smtp'

/** The registered ports (RFC 8314 section 3); 25 is for servers among themselves and never offered (R9). */
const REGISTERED: Readonly<Record<EndpointProtocol, Readonly<Record<number, Transport>>>> = {
  imap: { 993: 'tls', 143: 'starttls' },
  pop3: { 995: 'tls', 110: 'starttls' },
  smtp: { 465: 'tls', 587: 'starttls' },
}

/**
 * Below this number every port belongs to some registered service, so another number than ours is a slip (586, 994);
 * above it an operator may run what he likes.
 */
const FIRST_FREE_PORT = 1024

const PLACEHOLDER = /%EMAIL(?:ADDRESS|LOCALPART|DOMAIN)%/g

/** A login template: at least one known placeholder, and no percent sign left over (R25, `%EMAILADDRESS`). */
export const usernameSchema = z
  .string()
  .refine(
    (text) => text.match(PLACEHOLDER) !== null,
    'must hold %EMAILADDRESS%, %EMAILLOCALPART% or %EMAILDOMAIN%',
  )
  .refine((text) => !text.replace(PLACEHOLDER, '').includes('%'), 'has an unknown or unfinished placeholder')

export const authenticationSchema = z.array(authMethodSchema.exclude(['none'])).min(1)

/** `{host}` or `{region}`: filled from the MX host that chose the rule. */
export const CAPTURE = /\{([a-z]+)\}/g

const literalHost = hostnameSchema
/** A host name some of whose labels come from the MX host; checked with every capture filled in. */
const capturedHost = z
  .string()
  .refine(
    (text) =>
      hostnameSchema.safeParse(text.replace(CAPTURE, (all) => (all === '{host}' ? 'a.b' : 'a'))).success,
    'must be a host name, with {host} or {capture} for what comes from the MX host',
  )

function endpoints(hostname: z.ZodType<string>, protocol: EndpointProtocol) {
  const endpoint = z
    .strictObject({
      hostname,
      port: portSchema,
      security: transportSchema,
      username: usernameSchema.optional(),
      authentication: authenticationSchema.optional(),
    })
    .superRefine(({ port, security }, context) => {
      const reason = portFault(protocol, port, security)
      if (reason !== null) context.addIssue({ code: 'custom', path: ['port'], message: reason })
    })
  return z
    .array(endpoint)
    .refine(implicitTlsFirst, 'must list implicit TLS before STARTTLS (R23)')
    .refine(
      (list) =>
        new Set(list.map((server) => `${server.hostname}:${String(server.port)}`)).size === list.length,
      'lists one host and port twice',
    )
    .default([])
}

function portFault(protocol: EndpointProtocol, port: number, security: Transport): string | null {
  const expected = REGISTERED[protocol][port]
  if (expected === security) return null
  if (expected !== undefined) return `port ${port} of ${protocol} is for ${expected}, not ${security}`
  return port < FIRST_FREE_PORT ? `port ${port} is not for ${protocol}` : null
}

function implicitTlsFirst(list: readonly { security: Transport }[]): boolean {
  const lastTls = list.map((server) => server.security).lastIndexOf('tls')
  const firstStarttls = list.findIndex((server) => server.security === 'starttls')
  return firstStarttls === -1 || lastTls < firstStarttls
}

/** The three lists of an entry, with plain host names. */
export const serverLists = {
  imap: endpoints(literalHost, 'imap'),
  pop3: endpoints(literalHost, 'pop3'),
  smtp: endpoints(literalHost, 'smtp'),
}

/** The same lists in an MX rule, where a host name may take labels from the MX host. */
export const capturedServerLists = {
  imap: endpoints(capturedHost, 'imap'),
  pop3: endpoints(capturedHost, 'pop3'),
  smtp: endpoints(capturedHost, 'smtp'),
}

/** One server as an entry lists it. */
export type Endpoint = z.infer<(typeof serverLists)['imap']>[number]
