/** `mailscout guide <client> <address>`: how to set up the account in one mail program, step by step. */
import type { AnswerMessage, Problem } from '../domain/answer.js'
import { GUIDE_CLIENTS, type GuideAnswer } from '../domain/guide.js'
import { chooseLanguage, translator, type Translator } from '../i18n/translate.js'
import { openLocalApp } from '../local-app.js'
import { readArguments, usageError } from './arguments.js'
import type { CommandParts, CommandSpec } from './command.js'
import { renderProblem } from './discover-text.js'
import { helpOf } from './help.js'
import { LANGUAGE_OPTION, LOOKUP_EXIT_CODES } from './lookup-options.js'
import { EXIT, style, type Style, table } from './terminal.js'

export const GUIDE = {
  name: 'guide',
  summary: 'how to set up the account in a mail program',
  usage: ['<program> <address> [options]'],
  description: [
    'Prints how to set up the account in a mail program, with the values filled in.',
    `Programs: ${GUIDE_CLIENTS.join(', ')}`,
  ],
  arguments: [{ name: 'program', choices: GUIDE_CLIENTS }, { name: 'address' }],
  options: {
    protocol: {
      type: 'string',
      choices: ['imap', 'pop3'],
      help: 'the way to receive (default: the recommended one)',
    },
    format: {
      type: 'string',
      choices: ['json', 'html', 'markdown'],
      help: "the API's answer in this format instead of plain text",
    },
    lang: LANGUAGE_OPTION,
  },
  exitCodes: { ...LOOKUP_EXIT_CODES, 0: 'guide printed' },
  examples: [
    { command: 'mailscout guide thunderbird ann@gmail.com', shows: 'the steps, to be read' },
    {
      command: 'mailscout guide iphone ann@gmail.com --format html --lang fr > iphone.html',
      shows: 'a page to hand on, in French',
    },
  ],
} as const satisfies CommandSpec

/** @returns the exit code. @throws UsageError */
export async function guideCommand(args: readonly string[], parts: CommandParts): Promise<number> {
  const { values, positionals, help } = readArguments(args, GUIDE)
  const { terminal } = parts
  if (help) {
    terminal.out(helpOf(GUIDE))
    return EXIT.found
  }
  const [client, email] = positionals
  if (client === undefined || email === undefined || positionals.length > 2) {
    throw usageError(GUIDE, 'guide takes a program and an address')
  }
  const text = translator(chooseLanguage(values.lang ?? terminal.language, undefined))
  const { app, mailscout } = openLocalApp(parts)
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
