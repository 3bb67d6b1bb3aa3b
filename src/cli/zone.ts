/** `mailscout zone <domain>`: the DNS records to publish, ready to be pasted into a zone file. */
import { parseArgs } from 'node:util'
import { compose } from '../compose.js'
import type { Problem } from '../domain/answer.js'
import { buildApp } from '../http/app.js'
import { translator, chooseLanguage } from '../i18n/translate.js'
import type { CommandParts } from './discover.js'
import { renderProblem } from './discover-text.js'
import { EXIT, style, UsageError } from './terminal.js'

export const ZONE_USAGE = `Usage: mailscout zone <domain> [options]

Prints the SRV, CNAME and TXT records that tell mail programs about the domain's servers, in zone file syntax. For a
domain of MAILSCOUT_PROVIDERS_DIR with MAILSCOUT_PUBLIC_URL set, the names of the configuration service and the PACC
digest are among them; a digest that the DNS holds now is kept beside a new one.

Options:
  --lang LANGUAGE  of the messages: de, en, fr, es, it, ro (default: the terminal's)
  -h, --help     show this

Exit codes: 0 printed, 3 nothing found, 2 bad input, 4 lookup failed, 1 internal error.

Example: mailscout zone kunde.de >> kunde.de.zone
`

const OPTIONS = { lang: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const

/** @returns the exit code. @throws UsageError */
export async function zoneCommand(args: readonly string[], parts: CommandParts): Promise<number> {
  const { values, positionals } = readArguments(args)
  const { terminal } = parts
  if (values.help === true) {
    terminal.out(ZONE_USAGE)
    return EXIT.found
  }
  const [domain] = positionals
  if (domain === undefined || positionals.length > 1) {
    throw new UsageError(`zone takes one domain\n\n${ZONE_USAGE}`)
  }
  const text = translator(chooseLanguage(values.lang ?? terminal.language, undefined))
  const mailscout = compose(parts.config, parts.surroundings)
  const app = buildApp({
    service: mailscout.service,
    isOwnDomain: (name) => mailscout.operatorIndex.findByDomain(name) !== null,
    operator: mailscout.operator,
    ...(mailscout.publicUrl === undefined ? {} : { publicUrl: mailscout.publicUrl }),
    now: parts.surroundings.now ?? Date.now,
    version: mailscout.version,
  })
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

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${error.message}\n\n${ZONE_USAGE}`)
    throw error
  }
}
