/** `mailscout zone <domain>`: the DNS records to publish, ready to be pasted into a zone file. */
import type { Problem } from '../domain/answer.js'
import { translator, chooseLanguage } from '../i18n/translate.js'
import { openLocalApp } from '../local-app.js'
import { readArguments, usageError } from './arguments.js'
import type { CommandParts, CommandSpec } from './command.js'
import { renderProblem } from './discover-text.js'
import { helpOf } from './help.js'
import { LANGUAGE_OPTION, LOOKUP_EXIT_CODES } from './lookup-options.js'
import { EXIT, style } from './terminal.js'

export const ZONE = {
  name: 'zone',
  summary: 'print the DNS records to publish for a domain',
  usage: ['<domain> [options]'],
  description: [
    "Prints the SRV, CNAME and TXT records that tell mail programs about the domain's servers, in zone file syntax.",
    'For a domain of MAILSCOUT_PROVIDERS_DIR with MAILSCOUT_PUBLIC_URL set, the names of the configuration service and the PACC digest are among them; a digest that the DNS holds now is kept beside a new one.',
  ],
  arguments: [{ name: 'domain' }],
  options: { lang: LANGUAGE_OPTION },
  exitCodes: { ...LOOKUP_EXIT_CODES, 0: 'records printed', 2: 'the domain or an option is wrong' },
  examples: [
    { command: 'mailscout zone example.com', shows: 'the records, to be read' },
    { command: 'mailscout zone example.com >> example.com.zone', shows: 'the records, into a zone file' },
  ],
} as const satisfies CommandSpec

/** @returns the exit code. @throws UsageError */
export async function zoneCommand(args: readonly string[], parts: CommandParts): Promise<number> {
  const { values, positionals, help } = readArguments(args, ZONE)
  const { terminal } = parts
  if (help) {
    terminal.out(helpOf(ZONE))
    return EXIT.found
  }
  const [domain] = positionals
  if (domain === undefined || positionals.length > 1) {
    throw usageError(ZONE, 'zone takes one domain')
  }
  const text = translator(chooseLanguage(values.lang ?? terminal.language, undefined))
  const { app, mailscout } = openLocalApp(parts)
  // The API itself answers, so that the command line can never say something else.
  const response = await app.inject({
    url: `/v1/domains/${encodeURIComponent(domain)}/zone`,
    headers: { 'accept-language': text.language },
  })
  await app.close()
  await mailscout.service.idle()
  if (response.statusCode === 200) {
    terminal.out(response.body)
    return EXIT.found
  }
  terminal.err(renderProblem(response.json<Problem>(), { text, look: style(terminal.colour) }))
  if (response.statusCode < 500) return response.statusCode === 404 ? EXIT.nothingFound : EXIT.badInput
  return response.statusCode === 503 ? EXIT.lookupFailed : EXIT.internal
}
