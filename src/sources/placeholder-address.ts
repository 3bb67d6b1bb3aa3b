/**
 * The address that stands in where a server demands one and nobody has allowed the real one to leave (R13). Its local
 * part is the same for everybody and says whose question it is; a mailbox of that name is unlikely enough. What the
 * server makes of it is turned back into a template.
 */
import type { Hostname } from '../domain/hostname.js'
import type { DeclaredServer } from '../domain/mail-settings.js'

export const PLACEHOLDER_LOCAL_PART = 'mailscout-placeholder'

export function placeholderAddress(domain: Hostname): string {
  return `${PLACEHOLDER_LOCAL_PART}@${domain}`
}

/** The same server with the placeholder address, wherever the document repeats it, as `%EMAIL…%` (R25). */
export function asTemplate(server: DeclaredServer, domain: Hostname): DeclaredServer {
  const address = new RegExp(placeholderAddress(domain), 'gi')
  const localPart = new RegExp(PLACEHOLDER_LOCAL_PART, 'gi')
  const restore = (text: string) =>
    text.replace(address, '%EMAILADDRESS%').replace(localPart, '%EMAILLOCALPART%')
  return {
    ...server,
    username: server.username === null ? null : restore(server.username),
    ...(server.url === undefined ? {} : { url: restore(server.url) }),
  }
}
