/** Settings as plain text, for a person with a terminal and no JSON reader: `curl -H 'Accept: text/plain' …`. */
import type { DiscoverAnswer } from '../domain/answer.js'
import type { Server } from '../domain/mail-settings.js'
import type { Translator } from '../i18n/translate.js'

/** Ends with a line feed; what other people wrote has been cleaned of control characters where it was read (R25). */
export function settingsText(answer: DiscoverAnswer, text: Translator): string {
  const { recommendation, query, provider } = answer
  const lines = [
    `${query.email ?? query.unicodeDomain}${provider === null ? '' : ` (${provider.name})`}`,
    ...(recommendation === null ? [] : advice(recommendation, text)),
    ...section(
      text.text('cli-servers'),
      (['imap', 'pop3', 'smtp'] as const).flatMap((protocol) =>
        answer.servers[protocol].map((server) => serverLine(protocol, server, text)),
      ),
    ),
    ...section(text.text('cli-notices'), answer.notices.map(withLink)),
    ...section(text.text('cli-warnings'), answer.warnings.map(withLink)),
    ...confirmations(answer, text),
  ]
  return `${lines.join('\n')}\n`
}

function advice(
  { protocol, incoming, outgoing, reasons }: NonNullable<DiscoverAnswer['recommendation']>,
  text: Translator,
): string[] {
  return section(text.text('cli-recommendation'), [
    `${text.text('cli-incoming')}: ${serverLine(protocol, incoming, text)}`,
    ...(outgoing === null ? [] : [`${text.text('cli-outgoing')}: ${serverLine('smtp', outgoing, text)}`]),
    ...reasons.map((reason) => reason.text),
  ])
}

function serverLine(protocol: string, server: Server, text: Translator): string {
  return [
    `${protocol.toUpperCase()} ${server.hostname}`,
    text.text('cli-port', { port: String(server.port) }),
    text.text(`security-${server.security}`),
    text.text('cli-username', { username: server.username }),
    text.text(`trust-${server.trust}`),
    text.text(`verification-${server.verification.status}`, {
      reason: server.verification.failure?.detail ?? '',
    }),
  ].join(', ')
}

function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ['', `${title}:`, ...items.map((item) => `- ${item}`)]
}

function withLink({ text, url }: { readonly text: string; readonly url?: string | undefined }): string {
  return url === undefined ? text : `${text} ${url}`
}

/** U1: whose servers these are, in full, before anybody types a password. */
function confirmations({ requiresConfirmation, servers }: DiscoverAnswer, text: Translator): string[] {
  if (!requiresConfirmation) return []
  const domains = [...servers.imap, ...servers.pop3, ...servers.smtp].map((one) => one.registrableDomain)
  return ['', ...[...new Set(domains)].map((domain) => text.text('cli-confirm', { domain }))]
}
