/** `mailscout discover <address>`: the sources live as they end, then servers and advice for a person. */
import { parseArgs } from 'node:util'
import { compose, type Surroundings } from '../compose.js'
import type { Config } from '../config.js'
import type { DiscoverAnswer, Problem } from '../domain/answer.js'
import { buildApp } from '../http/app.js'
import { chooseLanguage, translator } from '../i18n/translate.js'
import { renderAnswer, renderProblem, renderSourceLine } from './discover-text.js'
import { EXIT, style, type Terminal, UsageError } from './terminal.js'

export const DISCOVER_USAGE = `Usage: mailscout discover <address> [options]

Finds the IMAP, POP3 and SMTP servers for an e-mail address and says which to use.

Options:
  --json               print the API's answer instead of a table
  --devices one|many   how many devices read this mail
  --keep server|device who keeps the mail
  --verify auto|always|never
                       whether servers are checked live before they are shown
  --allow-cleartext    also list servers without encryption
  --send-address       let the address itself leave for https hosts of its own domain
  --lang LANGUAGE      of the texts: de, en, fr, es, it, ro (default: the terminal's)
  -h, --help           show this

Exit codes: 0 found, 3 nothing found, 2 bad input, 4 lookup failed, 1 internal error.

Example: mailscout discover ann@gmail.com --devices many
`

const OPTIONS = {
  json: { type: 'boolean' },
  devices: { type: 'string' },
  keep: { type: 'string' },
  verify: { type: 'string' },
  'allow-cleartext': { type: 'boolean' },
  'send-address': { type: 'boolean' },
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

export interface CommandParts {
  readonly terminal: Terminal
  readonly config: Config
  readonly surroundings: Surroundings
}

/** @returns the exit code. @throws UsageError */
export async function discoverCommand(args: readonly string[], parts: CommandParts): Promise<number> {
  const { values, positionals } = readArguments(args)
  const { terminal } = parts
  if (values.help === true) {
    terminal.out(DISCOVER_USAGE)
    return EXIT.found
  }
  const [email] = positionals
  if (email === undefined || positionals.length > 1) {
    throw new UsageError(`discover takes one address\n\n${DISCOVER_USAGE}`)
  }
  const look = style(terminal.colour)
  const text = translator(chooseLanguage(values.lang ?? terminal.language, undefined))
  let settled = false
  const mailscout = compose(parts.config, parts.surroundings, {
    onReport: (report) => {
      if (values.json !== true && !settled) terminal.err(renderSourceLine(report, { text, look }))
    },
  })
  const app = buildApp({
    service: mailscout.service,
    isOwnDomain: () => false,
    operator: mailscout.operator,
    now: parts.surroundings.now ?? Date.now,
    version: mailscout.version,
  })
  // The API itself answers, so that the command line can never say something else.
  const response = await app.inject({
    method: 'POST',
    url: '/v1/discover',
    // Problems are written before the body has been read.
    headers: { 'accept-language': text.language },
    payload: {
      email,
      lang: text.language,
      allowCleartext: values['allow-cleartext'] ?? false,
      sendAddress: values['send-address'] ?? false,
      ...(values.devices === undefined ? {} : { devices: values.devices }),
      ...(values.keep === undefined ? {} : { keep: values.keep }),
      ...(values.verify === undefined ? {} : { verify: values.verify }),
    },
  })
  settled = true
  await app.close()
  if (response.statusCode === 200) {
    const answer = response.json<DiscoverAnswer>()
    terminal.out(values.json === true ? pretty(answer) : renderAnswer(answer, { text, look }))
    return EXIT.found
  }
  const problem = response.json<Problem>()
  if (values.json === true) terminal.out(pretty(problem))
  else terminal.err(renderProblem(problem, { text, look }))
  return exitCode(problem)
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${error.message}\n\n${DISCOVER_USAGE}`)
    throw error
  }
}

function exitCode(problem: Problem): number {
  if (problem.status < 500) return problem.status === 404 ? EXIT.nothingFound : EXIT.badInput
  return problem.code === 'INTERNAL' ? EXIT.internal : EXIT.lookupFailed
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
