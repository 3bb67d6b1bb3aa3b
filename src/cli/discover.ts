/** `mailscout discover <address>`: the sources live as they end, then servers and advice for a person. */
import type { DiscoverAnswer, Problem } from '../domain/answer.js'
import { chooseLanguage, translator } from '../i18n/translate.js'
import { openLocalApp } from '../local-app.js'
import { readArguments, usageError } from './arguments.js'
import type { CommandParts, CommandSpec } from './command.js'
import { renderAnswer, renderProblem, renderSourceLine } from './discover-text.js'
import { helpOf } from './help.js'
import {
  LANGUAGE_OPTION,
  LOOKUP_EXIT_CODES,
  LOOKUP_OPTIONS,
  lookupExitCode,
  lookupPayload,
} from './lookup-options.js'
import { EXIT, style } from './terminal.js'

export const DISCOVER = {
  name: 'discover',
  summary: 'find the mail servers for an e-mail address',
  usage: ['<address> [options]'],
  description: ['Finds the IMAP, POP3 and SMTP servers for an e-mail address and says which to use.'],
  arguments: [{ name: 'address' }],
  options: {
    json: { type: 'boolean', help: "print the API's answer instead of a table" },
    ...LOOKUP_OPTIONS,
    lang: LANGUAGE_OPTION,
  },
  exitCodes: LOOKUP_EXIT_CODES,
  examples: [
    { command: 'mailscout discover ann@gmail.com', shows: 'which servers, and why' },
    {
      command: 'mailscout discover ann@gmail.com --devices many --keep server --lang de',
      shows: 'advice for somebody with phone and computer, in German',
    },
    {
      command: 'mailscout discover ann@gmail.com --json | jq .recommendation.incoming.hostname',
      shows: 'one field, for a script',
    },
  ],
} as const satisfies CommandSpec

/** @returns the exit code. @throws UsageError */
export async function discoverCommand(args: readonly string[], parts: CommandParts): Promise<number> {
  const { values, positionals, help } = readArguments(args, DISCOVER)
  const { terminal } = parts
  if (help) {
    terminal.out(helpOf(DISCOVER))
    return EXIT.found
  }
  const [email] = positionals
  if (email === undefined || positionals.length > 1) {
    throw usageError(DISCOVER, 'discover takes one address')
  }
  const look = style(terminal.colour)
  const text = translator(chooseLanguage(values.lang ?? terminal.language, undefined))
  let settled = false
  const { app } = openLocalApp(parts, {
    onReport: (report) => {
      if (values.json !== true && !settled) terminal.err(renderSourceLine(report, { text, look }))
    },
  })
  // The API itself answers, so that the command line can never say something else.
  const response = await app.inject({
    method: 'POST',
    url: '/v1/discover',
    // Problems are written before the body has been read.
    headers: { 'accept-language': text.language },
    payload: { email, lang: text.language, ...lookupPayload(values) },
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
  return lookupExitCode(problem)
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
