/** `mailscout guide <client> <address>`: how to set up the account in one mail program, step by step. */
import { parseArgs } from 'node:util'
import { compose } from '../compose.js'
import type { AnswerMessage, Problem } from '../domain/answer.js'
import { GUIDE_CLIENTS, type GuideAnswer } from '../domain/guide.js'
import { buildApp } from '../http/app.js'
import { chooseLanguage, LANGUAGES, translator, type Translator } from '../i18n/translate.js'
import type { CommandParts } from './discover.js'
import { renderProblem } from './discover-text.js'
import { EXIT, style, type Style, table, UsageError } from './terminal.js'

export const GUIDE_USAGE = `Usage: mailscout guide <program> <address> [options]

Prints how to set up the account in a mail program, with the values filled in.
Programs: ${GUIDE_CLIENTS.join(', ')}

Options:
  --protocol imap|pop3  the way to receive (default: the recommended one)
  --format json|html|markdown
                        the API's answer in this format instead of plain text
  --lang ${LANGUAGES.join('|')}
                        language of the texts (default: the terminal's)
  -h, --help            show this

Exit codes: 0 printed, 3 nothing found, 2 bad input, 4 lookup failed, 1 internal error.

Example: mailscout guide thunderbird ann@gmail.com
`

const OPTIONS = {
  protocol: { type: 'string' },
  format: { type: 'string' },
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** @returns the exit code. @throws UsageError */
export async function guideCommand(args: readonly string[], parts: CommandParts): Promise<number> {
  const { values, positionals } = readArguments(args)
  const { terminal } = parts
  if (values.help === true) {
    terminal.out(GUIDE_USAGE)
    return EXIT.found
  }
  const [client, email] = positionals
  if (client === undefined || email === undefined || positionals.length > 2) {
    throw new UsageError(`guide takes a program and an address\n\n${GUIDE_USAGE}`)
  }
  const text = translator(chooseLanguage(values.lang ?? terminal.language, undefined))
  const mailscout = compose(parts.config, parts.surroundings)
  const app = buildApp({
    service: mailscout.service,
    isOwnDomain: () => false,
    operator: mailscout.operator,
    ...(mailscout.publicUrl === undefined ? {} : { publicUrl: mailscout.publicUrl }),
    now: parts.surroundings.now ?? Date.now,
    version: mailscout.version,
  })
  const { protocol, format } = values
  // The API itself answers, so that the command line can never say something else.
  const response = await app.inject({
    method: 'POST',
    url: `/v1/guides/${encodeURIComponent(client)}`,
    // Problems speak the language of the header.
    headers: { 'accept-language': text.language },
    payload: {
      email,
      lang: text.language,
      format: format ?? 'json',
      ...(protocol === undefined ? {} : { protocol }),
    },
  })
  await app.close()
  await mailscout.service.idle()
  if (response.statusCode === 200) {
    terminal.out(
      format === undefined
        ? renderGuideText(response.json<GuideAnswer>(), { text, look: style(terminal.colour) })
        : `${response.body.trimEnd()}\n`,
    )
    return EXIT.found
  }
  const problem = response.json<Problem>()
  terminal.err(renderProblem(problem, { text, look: style(terminal.colour) }))
  if (problem.status < 500) {
    return problem.status === 404 && problem.sources !== undefined ? EXIT.nothingFound : EXIT.badInput
  }
  return problem.status === 503 ? EXIT.lookupFailed : EXIT.internal
}

function renderGuideText(guide: GuideAnswer, { text, look }: { text: Translator; look: Style }): string {
  let section: string | undefined
  let number = 0
  const steps = guide.steps.map((step) => {
    const heading = step.section === section ? '' : `\n${look.bold(step.section ?? '')}\n`
    if (step.section !== section) number = 0
    section = step.section
    number += 1
    const rows = (step.values ?? []).map(({ label, value }) => [label, value])
    return `${heading}${number}. ${withLink(step)}\n${table(rows, '     ')}`
  })
  return [
    `${look.bold(guide.title)}\n`,
    list(look.bold(text.text('guide-warnings')), guide.warnings),
    guide.steps[0]?.section === undefined ? '\n' : '',
    ...steps,
    list(look.bold(text.text('guide-notes')), guide.notes),
  ].join('')
}

function list(heading: string, messages: readonly AnswerMessage[]): string {
  if (messages.length === 0) return ''
  return `\n${heading}\n${messages.map((message) => `  - ${withLink(message)}\n`).join('')}`
}

function withLink({ text, url }: AnswerMessage): string {
  return url === undefined ? text : `${text} ${url}`
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${error.message}\n\n${GUIDE_USAGE}`)
    throw error
  }
}
