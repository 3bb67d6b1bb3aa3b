/**
 * Writing autoconfig files so that the strictest reader takes them (R44). Thunderbird for Android drops the whole
 * document for one incomplete section, Thunderbird takes the first server of a type and Evolution the last; hence one
 * complete section per type and exact spelling.
 *
 * What format 1.2 added stands where those that do not know it pass over it: JMAP behind the mail servers, as a type of
 * its own (both Thunderbirds skip a type they do not know, and judge nothing inside it); calendar, contacts and OAuth2
 * behind the provider (Thunderbird for Android voids the document for an odd `oAuth2` within it).
 */
import type { MailProtocol, Protocol } from '../domain/mail-settings.js'
import { writtenAuthentication } from './autoconfig-authentication.js'
import { methodsOf, type SettingsView } from './settings-view.js'
import { textNode, writeXml, type XmlNode } from './xml.js'

/**
 * The file for one domain; login names stay templates when the view has no address.
 * @returns null when there is no complete incoming and outgoing server to write.
 */
export function writeAutoconfig(view: SettingsView): string | null {
  const incoming = [section(view, 'imap'), section(view, 'pop3')].filter((node) => node !== null)
  const outgoing = section(view, 'smtp')
  if (incoming.length === 0 || outgoing === null) return null
  return writeXml({
    name: 'clientConfig',
    attributes: { version: '1.1' },
    content: [
      {
        name: 'emailProvider',
        attributes: { id: view.domain },
        content: [
          // Only the domain asked for: all of them would publish the operator's customers (R44).
          textNode('domain', view.domain),
          textNode('displayName', view.displayName),
          textNode('displayShortName', view.shortName),
          ...incoming,
          ...byUrl(view, 'jmap', { name: 'incomingServer', type: 'jmap' }),
          outgoing,
          ...documentation(view),
        ],
      },
      ...byUrl(view, 'caldav', { name: 'calendar', type: 'caldav' }),
      ...byUrl(view, 'carddav', { name: 'addressbook', type: 'carddav' }),
      ...oauth2(view),
    ],
  })
}

function section(view: SettingsView, protocol: MailProtocol): XmlNode | null {
  const server = view[protocol]
  if (server === null) return null
  const authentication = writtenAuthentication(methodsOf(server, view))
  if (authentication.length === 0) return null
  return {
    name: protocol === 'smtp' ? 'outgoingServer' : 'incomingServer',
    attributes: { type: protocol },
    content: [
      textNode('hostname', server.hostname),
      textNode('port', String(server.port)),
      textNode('socketType', server.security === 'tls' ? 'SSL' : 'STARTTLS'),
      ...authentication.map((word) => textNode('authentication', word)),
      textNode('username', server.username),
    ],
  }
}

/** A service found by its URL (format 1.2): method and login name as the mail servers have them. */
function byUrl(
  view: SettingsView,
  protocol: Extract<Protocol, 'jmap' | 'caldav' | 'carddav'>,
  { name, type }: { readonly name: string; readonly type: string },
): XmlNode[] {
  const server = view[protocol]
  if (server?.url === undefined) return []
  const methods = methodsOf(server, view).flatMap((method) => HTTP_METHODS.get(method) ?? [])
  if (methods.length === 0) return []
  return [
    {
      name,
      attributes: { type },
      content: [
        textNode('url', server.url),
        ...methods.map((word) => textNode('authentication', word)),
        textNode('username', server.username),
      ],
    },
  ]
}

/** The words for HTTP (the draft, "URL-based protocols"): the same password goes into Basic, the same token into Bearer. */
const HTTP_METHODS: ReadonlyMap<string, string> = new Map([
  ['oauth2', 'OAuth2'],
  ['password-cleartext', 'basic'],
  ['password-encrypted', 'digest'],
])

/** One element per page; the languages become its `descr` elements, as the draft has it. */
function documentation(view: SettingsView): XmlNode[] {
  const pages = new Map<string, string[]>()
  for (const { url, language } of view.documentation) {
    const languages = pages.get(url) ?? []
    pages.set(url, language === undefined ? languages : [...languages, language])
  }
  return [...pages].map(([url, languages]) => ({
    name: 'documentation',
    attributes: { url },
    content: languages.map((lang) => ({
      name: 'descr',
      attributes: { lang },
      content: view.displayName,
    })),
  }))
}

/** Complete or not at all; never a client id or secret (R30). */
function oauth2({ oauth2: settings }: SettingsView): XmlNode[] {
  if (settings?.authorizationUrl === undefined || settings.tokenUrl === undefined) return []
  if (settings.scopes.length === 0) return []
  return [
    {
      name: 'oAuth2',
      content: [
        textNode('issuer', settings.issuer),
        textNode('scope', settings.scopes.join(' ')),
        textNode('authURL', settings.authorizationUrl),
        textNode('tokenURL', settings.tokenUrl),
      ],
    },
  ]
}
