/** `mailscout check <domain>`: what a domain publishes and what is wrong with it; for administrators and build servers. */
import type { Mailscout } from '../compose.js'
import type { Problem } from '../domain/answer.js'
import type { CheckAnswer, Severity } from '../domain/domain-check.js'
import { writeJunit } from '../formats/junit.js'
import { chooseLanguage, translator } from '../i18n/translate.js'
import { openLocalApp } from '../local-app.js'
import { readArguments, usageError } from './arguments.js'
import type { CommandParts, CommandSpec } from './command.js'
import { type Voice, renderProblem } from './discover-text.js'
import { helpOf } from './help.js'
import { EXIT, style, UsageError } from './terminal.js'

const FORMATS = ['text', 'json', 'junit'] as const
type Format = (typeof FORMATS)[number]

export const CHECK = {
  name: 'check',
  summary: 'say what is wrong with what a domain publishes',
  usage: ['<domain> [options]', '--own [options]'],
  description: [
    'Looks at everything a domain publishes for mail programs, asks the servers, and says what is wrong and what mends it.',
  ],
  arguments: [{ name: 'domain' }],
  options: {
    own: { type: 'boolean', help: 'check every domain of MAILSCOUT_PROVIDERS_DIR against its entry' },
    format: { type: 'string', choices: FORMATS, help: 'what to print (default: text)' },
    lang: {
      type: 'string',
      value: 'LANGUAGE',
      choices: ['de', 'en'],
      help: "of the texts: de, en (default: the terminal's)",
    },
  },
  exitCodes: {
    0: 'no errors and no warnings',
    1: 'internal error',
    2: 'the domain, an option or a setting of the process is wrong',
    4: 'the check failed',
    5: 'errors found',
    6: 'warnings found, no errors',
  },
  examples: [
    { command: 'mailscout check example.com', shows: 'every finding, and what mends it' },
    {
      command: 'mailscout check example.com --format junit > check.xml',
      shows: 'a report for a build server',
    },
    { command: 'mailscout check --own', shows: 'whether the public still sees what your files say' },
  ],
} as const satisfies CommandSpec

/** Beside those of EXIT: what scripts act on. */
const CHECK_EXIT = { errors: 5, warnings: 6 } as const

/** @returns the exit code. @throws UsageError */
export async function checkCommand(args: readonly string[], parts: CommandParts): Promise<number> {
  const { values, positionals, help } = readArguments(args, CHECK)
  const { terminal } = parts
  if (help) {
    terminal.out(helpOf(CHECK))
    return EXIT.found
  }
  const { format: wanted = 'text' } = values
  const format = FORMATS.find((name) => name === wanted)
  if (format === undefined) throw usageError(CHECK, `check knows no format "${wanted}"`)
  if (positionals.length !== (values.own === true ? 0 : 1)) {
    throw usageError(CHECK, 'check takes one domain, or --own')
  }
  const { app, mailscout } = openLocalApp(parts)
  const text = translator(chooseLanguage(values.lang ?? terminal.language, undefined))
  const voice: Voice = { text, look: style(terminal.colour) }
  const domains = values.own === true ? ownDomains(mailscout) : positionals
  const answers: CheckAnswer[] = []
  let failed: number = EXIT.found
  for (const domain of domains) {
    // The API itself answers, so that the command line can never say something else.
    const url = `/v1/domains/${encodeURIComponent(domain)}/check?lang=${text.language}`
    const answer = (await app.inject(url)).json<CheckAnswer | Problem>()
    if ('findings' in answer) {
      answers.push(answer)
      if (format === 'text') terminal.out(renderCheck(answer, voice))
      continue
    }
    terminal.err(renderProblem(answer, voice))
    failed = exitCodeOf(answer)
  }
  if (format !== 'text') terminal.out(render(answers, format, values.own === true))
  await app.close()
  await mailscout.service.idle()
  return failed === EXIT.found ? worst(answers) : failed
}

/** @throws UsageError where there are none */
function ownDomains({ operatorIndex }: Mailscout): readonly string[] {
  const domains = operatorIndex.entries.flatMap((entry) => entry.domains)
  if (domains.length === 0) throw new UsageError('--own: MAILSCOUT_PROVIDERS_DIR names no domain')
  return domains
}

function render(answers: readonly CheckAnswer[], format: Exclude<Format, 'text'>, many: boolean): string {
  if (format === 'junit') return writeJunit(answers)
  return `${JSON.stringify(many ? answers : answers[0], null, 2)}\n`
}

function renderCheck(answer: CheckAnswer, { text, look }: Voice): string {
  const paint: Readonly<Record<Severity, (line: string) => string>> = {
    error: look.bad,
    warning: look.bold,
    info: look.dim,
    ok: look.good,
  }
  const count = (severity: Severity) =>
    String(answer.findings.filter((finding) => finding.severity === severity).length)
  const lines = answer.findings.map((finding) => {
    const { severity, fix, record, defect } = finding
    const label = text.text(`check-severity-${severity}`) + (defect === undefined ? '' : ` ${defect}`)
    const todo = fix === '' ? '' : `    → ${fix}\n`
    const publish = record === undefined ? '' : `      ${record.replaceAll('\n', '\n      ')}\n`
    return `  ${paint[severity](label)}  ${finding.text}\n${todo}${publish}`
  })
  const title = text.text('check-title', { domain: answer.unicodeDomain })
  const summary = text.text('check-summary', { errors: count('error'), warnings: count('warning') })
  return `\n${look.bold(title)}\n\n${lines.join('')}\n  ${summary}\n`
}

function worst(answers: readonly CheckAnswer[]): number {
  if (answers.some(({ verdict }) => verdict === 'error')) return CHECK_EXIT.errors
  return answers.some(({ verdict }) => verdict === 'warning') ? CHECK_EXIT.warnings : EXIT.found
}

function exitCodeOf(problem: Problem): number {
  if (problem.code === 'INTERNAL') return EXIT.internal
  return problem.status < 500 ? EXIT.badInput : EXIT.lookupFailed
}
