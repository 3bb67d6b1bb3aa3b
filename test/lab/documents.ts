/** The documents that the lab's web hosts serve, written the way publishers write them. */
import { createHash } from 'node:crypto'
import type { WebReply } from './web-server.js'

export interface DocumentServer {
  readonly type: 'imap' | 'pop3' | 'smtp'
  readonly hostname: string
  readonly port: number
  /** As written in the file: SSL, STARTTLS, plain, or whatever publishers invent. */
  readonly socketType: string
  /** Default `%EMAILADDRESS%`. */
  readonly username?: string
  /** Default `password-cleartext`. */
  readonly authentication?: string
}

/** An autoconfig file (autoconfig-06). */
export function autoconfigXml(domain: string, servers: readonly DocumentServer[]): string {
  const lines = servers.map((server) => {
    const tag = server.type === 'smtp' ? 'outgoingServer' : 'incomingServer'
    return `    <${tag} type="${server.type}">
      <hostname>${server.hostname}</hostname>
      <port>${server.port}</port>
      <socketType>${server.socketType}</socketType>
      <username>${server.username ?? '%EMAILADDRESS%'}</username>
      <authentication>${server.authentication ?? 'password-cleartext'}</authentication>
    </${tag}>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="${domain}">
    <domain>${domain}</domain>
    <displayName>Lab mail of ${domain}</displayName>
    <displayShortName>${domain}</displayShortName>
${lines.join('\n')}
  </emailProvider>
</clientConfig>
`
}

/** An answer of Autodiscover POX (MS-OXDSCLI) with settings for IMAP, POP3 and SMTP. */
export function autodiscoverXml(servers: readonly DocumentServer[]): string {
  const protocols = servers.map(
    (server) => `      <Protocol>
        <Type>${server.type.toUpperCase()}</Type>
        <Server>${server.hostname}</Server>
        <Port>${server.port}</Port>
        <SPA>off</SPA>
        <SSL>${server.socketType === 'plain' ? 'off' : 'on'}</SSL>
        <Encryption>${server.socketType === 'plain' ? 'None' : server.socketType === 'SSL' ? 'SSL' : 'TLS'}</Encryption>
        <AuthRequired>on</AuthRequired>
      </Protocol>`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
  <Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
    <Account>
      <AccountType>email</AccountType>
      <Action>settings</Action>
${protocols.join('\n')}
    </Account>
  </Response>
</Autodiscover>
`
}

/** A PACC document (PACC-03): implicit TLS on default ports, login name is the full address (R29). */
export function paccJson(hosts: { imap: string; pop3?: string; smtp: string; issuer?: string }): string {
  return `${JSON.stringify(
    {
      protocols: {
        imap: { host: hosts.imap },
        ...(hosts.pop3 !== undefined && { pop3: { host: hosts.pop3 } }),
        submit: { host: hosts.smtp },
        smtp: { host: hosts.smtp },
      },
      authentication: {
        password: true,
        ...(hosts.issuer !== undefined && { 'oauth-public': { issuer: hosts.issuer } }),
      },
      info: {
        provider: { name: 'Lab mail', shortName: 'Lab' },
        help: { documentation: 'https://www.lab.test/help' },
      },
    },
    null,
    2,
  )}\n`
}

/** The TXT record that vouches for a PACC document (R29). */
export function paccDigest(document: string): string {
  return `v=UAAC1; a=sha256; d=${createHash('sha256').update(document).digest('base64')}`
}

/** RFC 8620 section 2: the session resource, as far as anybody may see it without signing in. */
export function jmapSession(host: string): string {
  return JSON.stringify({
    capabilities: { 'urn:ietf:params:jmap:core': {}, 'urn:ietf:params:jmap:mail': {} },
    apiUrl: `https://${host}/jmap/api/`,
    accounts: {},
    primaryAccounts: {},
    username: '',
    state: '0',
  })
}

export const xml = (body: string): WebReply => ({
  headers: { 'content-type': 'text/xml; charset=utf-8' },
  body,
})
export const json = (body: string): WebReply => ({ headers: { 'content-type': 'application/json' }, body })
export const redirect = (location: string, status = 302): WebReply => ({ status, headers: { location } })
export const signInFirst = (realm: string): WebReply => ({
  status: 401,
  headers: { 'www-authenticate': `Basic realm="${realm}"` },
})
/** What parked domains and panels answer to every path, with status 200. */
export const parkedPage: WebReply = {
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><html><head><title>Coming soon</title></head><body><h1>This site is parked</h1></body></html>\n',
}
