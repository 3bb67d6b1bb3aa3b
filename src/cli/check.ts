/** `mailscout check <domain>`: what a domain publishes and what is wrong with it; for administrators and build servers. */
import { parseArgs } from 'node:util'
import { compose, type Mailscout } from '../compose.js'
import type { Problem } from '../domain/answer.js'
import type { CheckAnswer, Severity } from '../domain/domain-check.js'
import { writeJunit } from '../formats/junit.js'
import { buildApp } from '../http/app.js'
import { chooseLanguage, translator } from '../i18n/translate.js'
import { type Voice, renderProblem } from './discover-text.js'
import type { CommandParts } from './discover.js'
import { EXIT, style, UsageError } from './terminal.js'

export const CHECK_USAGE = `Usage: mailscout check <domain> [options]
       mailscout check --own [options]

Looks at everything a domain publishes for mail programs, asks the servers, and says what is wrong and what mends it.

Options:
  --own                  check every domain of MAILSCOUT_PROVIDERS_DIR against its entry
  --format text|json|junit
                         what to print (default: text)
  --lang LANGUAGE        of the texts: de, en (default: the terminal's)
  -h, --help             show this

Exit codes: 0 no errors and no warnings, 5 errors found, 6 warnings found, 2 bad input, 4 check failed,
1 internal error.

Example: mailscout check kunde.de --format junit > check.xml
`

const FORMATS = ['text', 'json', 'junit'] as const
type Format = (typeof FORMATS)[number]

const OPTIONS = {
  own: { type: 'boolean' },
  format: { type: 'string', default: 'text' },
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Beside those of EXIT: what scripts act on. */
const CHECK_EXIT = { errors: 5, warnings: 6 } as const

/** @returns the exit code. @throws UsageError */
export async function checkCommand(args: readonly string[], parts: CommandParts): Promise<number> {
  const { values, positionals } = readArguments(args)
  const { terminal, config, surroundings } = parts
  if (values.help === true) {
    terminal.out(CHECK_USAGE)
    return EXIT.found
  }
  const format = FORMATS.find((name) => name === values.format)
  if (format === undefined) throw new UsageError(`check knows no format "${values.format}"\n\n${CHECK_USAGE}`)
  if (positionals.length !== (values.own === true ? 0 : 1)) {
    throw new UsageError(`check takes one domain, or --own\n\n${CHECK_USAGE}`)
  }
  const mailscout = compose(config, surroundings)
  const text = translator(chooseLanguage(values.lang ?? terminal.language, undefined))
  const voice: Voice = { text, look: style(terminal.colour) }
  const domains = values.own === true ? ownDomains(mailscout) : positionals
  const answers: CheckAnswer[] = []
  let failed: number = EXIT.found
  for (const domain of domains) {
    const answer = await ask(mailscout, domain, {
      language: text.language,
      now: surroundings.now ?? Date.now,
    })
    if ('findings' in answer) {
      answers.push(answer)
      if (format === 'text') terminal.out(renderCheck(answer, voice))
      continue
    }
    terminal.err(renderProblem(answer, voice))
    failed = exitCodeOf(answer)
  }
  if (format !== 'text') terminal.out(render(answers, format, values.own === true))
  await mailscout.service.idle()
  return failed === EXIT.found ? worst(answers) : failed
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${error.message}\n\n${CHECK_USAGE}`)
    throw error
  }
}

/** @throws UsageError where there are none */
function ownDomains({ operatorIndex }: Mailscout): readonly string[] {
  const domains = operatorIndex.entries.flatMap((entry) => entry.domains)
  if (domains.length === 0) throw new UsageError('--own: MAILSCOUT_PROVIDERS_DIR names no domain')
  return domains
}

/** The API itself answers, so that the command line can never say something else. */
async function ask(
  mailscout: Mailscout,
  domain: string,
  context: { readonly language: string; readonly now: () => number },
): Promise<CheckAnswer | Problem> {
  const app = buildApp({
    service: mailscout.service,
    checker: mailscout.checker,
    isOwnDomain: (name) => mailscout.operatorIndex.findByDomain(name) !== null,
    now: context.now,
    version: mailscout.version,
  })
  const url = `/v1/domains/${encodeURIComponent(domain)}/check?lang=${context.language}`
  const response = await app.inject(url)
  await app.close()
  return response.json<CheckAnswer | Problem>()
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
