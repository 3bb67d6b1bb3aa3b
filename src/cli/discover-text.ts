/** The discover command's words on a terminal. */
import type { DiscoverAnswer, Problem } from '../domain/answer.js'
import type { SourceReport } from '../domain/discovery.js'
import type { Server } from '../domain/mail-settings.js'
import type { Translator } from '../i18n/translate.js'
import { type Style, table } from './terminal.js'

export interface Voice {
  readonly text: Translator
  readonly look: Style
}

const MARKS = { found: '✓', absent: '·', failed: '✗', skipped: '–' } as const
/** As wide as the longest source name. */
const NAME_WIDTH = 12

export function renderSourceLine(report: SourceReport, { text, look }: Voice): string {
  const { outcome } = report
  const paint = outcome === 'found' ? look.good : outcome === 'failed' ? look.bad : look.dim
  // Why a source was not needed is for programs; a person reads that it was not.
  const reason = report.failure?.detail ?? (outcome === 'skipped' ? undefined : report.detail)
  const name = report.source.padEnd(NAME_WIDTH)
  return paint(
    `  ${MARKS[outcome]} ${name} ${text.text(`outcome-${outcome}`)}${reason === undefined ? '' : `: ${reason}`} (${report.durationMs} ms)\n`,
  )
}

export function renderAnswer(answer: DiscoverAnswer, voice: Voice): string {
  const { text, look } = voice
  const { recommendation } = answer
  const title = [answer.query.email ?? answer.query.domain, answer.provider?.name].filter(Boolean).join(' – ')
  const parts = [`\n${look.bold(title)}\n`]
  if (recommendation) {
    parts.push(
      section(`${text.text('cli-recommendation')}: ${recommendation.protocol.toUpperCase()}`, look),
      table([
        [text.text('cli-incoming'), ...endpoint(recommendation.incoming, text)],
        ...(recommendation.outgoing
          ? [[text.text('cli-outgoing'), ...endpoint(recommendation.outgoing, text)]]
          : []),
      ]),
      confirmation(recommendation, voice),
      section(text.text('cli-why'), look),
      list(recommendation.reasons),
    )
  }
  parts.push(titled('cli-notices', answer.notices, voice), titled('cli-warnings', answer.warnings, voice))
  parts.push(section(text.text('cli-servers'), look), table(allServers(answer, text)))
  if (answer.conflicts.length > 0) {
    parts.push(
      section(text.text('cli-conflicts'), look),
      table(
        answer.conflicts.map(({ protocol, chosen, other }) => [
          protocol.toUpperCase(),
          `${chosen.value} (${chosen.sources.join(', ')})`,
          `≠ ${other.value} (${other.sources.join(', ')})`,
        ]),
      ),
    )
  }
  return parts.join('')
}

export function renderProblem(problem: Problem, { text, look }: Voice): string {
  const lines = [`\n${look.bad(problem.title)}. ${problem.detail}\n`]
  for (const domain of problem.suggestions ?? []) lines.push(`${text.text('cli-suggestion', { domain })}\n`)
  if (problem.provider) lines.push(`\n${look.bold(problem.provider.name)}\n`, list(problem.notices ?? []))
  return lines.join('')
}

function endpoint(server: Server, text: Translator): string[] {
  return [
    server.hostname,
    text.text('cli-port', { port: String(server.port) }),
    text.text(`security-${server.security}`),
    text.text('cli-username', { username: server.username }),
  ]
}

function allServers(answer: DiscoverAnswer, text: Translator): string[][] {
  return Object.entries(answer.servers).flatMap(([protocol, servers]) =>
    servers.map((server) => [
      protocol.toUpperCase(),
      server.url ?? `${server.hostname}:${server.port}`,
      server.security.toUpperCase(),
      text.text(`trust-${server.trust}`),
      text.text(`verification-${server.verification.status}`, {
        reason: server.verification.failure?.detail ?? '',
      }),
      server.sources.join(', '),
    ]),
  )
}

/** R38: the registrable domain in full, before anybody types a password. */
function confirmation(
  recommendation: NonNullable<DiscoverAnswer['recommendation']>,
  { text, look }: Voice,
): string {
  const used = [recommendation.incoming, recommendation.outgoing].filter((server) => server !== null)
  const domains = new Set(
    used.filter((server) => server.requiresConfirmation).map((server) => server.registrableDomain),
  )
  return [...domains].map((domain) => `\n  ${look.bad(text.text('cli-confirm', { domain }))}\n`).join('')
}

function titled(
  key: 'cli-notices' | 'cli-warnings',
  messages: readonly { text: string; url?: string | undefined }[],
  { text, look }: Voice,
): string {
  return messages.length === 0 ? '' : section(text.text(key), look) + list(messages)
}

function section(title: string, look: Style): string {
  return `\n${look.bold(title)}\n`
}

function list(messages: readonly { text: string; url?: string | undefined }[]): string {
  return messages.map(({ text, url }) => `  • ${text}${url === undefined ? '' : `\n    ${url}`}\n`).join('')
}
