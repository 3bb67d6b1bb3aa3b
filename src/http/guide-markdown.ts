/** A guide as Markdown (CommonMark). What came from outside cannot become markup: it is escaped or stands in code spans. */
import type { AnswerMessage } from '../domain/answer.js'
import type { GuideAnswer } from '../domain/guide.js'
import type { Translator } from '../i18n/translate.js'

/** Ends with a line feed. */
export function guideMarkdown(guide: GuideAnswer, text: Translator): string {
  let section: string | undefined
  let number = 0
  const steps = guide.steps.flatMap((step) => {
    const heading = step.section === section ? [] : ['', `## ${escape(step.section ?? '')}`, '']
    if (step.section !== section) number = 0
    section = step.section
    number += 1
    const values = (step.values ?? []).map(({ label, value }) => `   - ${escape(label)}: ${code(value)}`)
    return [...heading, `${number}. ${sentence(step)}`, ...(values.length === 0 ? [] : ['', ...values, ''])]
  })
  const lines = [
    `# ${escape(guide.title)}`,
    ...list(text.text('guide-warnings'), guide.warnings),
    '',
    ...steps,
    ...list(text.text('guide-notes'), guide.notes),
  ]
  return `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`
}

function list(heading: string, messages: readonly AnswerMessage[]): string[] {
  if (messages.length === 0) return []
  return ['', `## ${escape(heading)}`, '', ...messages.map((message) => `- ${sentence(message)}`)]
}

function sentence({ text, url }: AnswerMessage): string {
  return url === undefined
    ? escape(text)
    : `${escape(text)} <${url.replace(/[<>\s\\]/g, encodeURIComponent)}>`
}

function escape(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>&|~#]/g, '\\$&')
}

/** CommonMark section 6.1: the fence is longer than any run of backticks within. */
function code(value: string): string {
  const runs = (value.match(/`+/g) ?? []).map((run) => run.length)
  const fence = '`'.repeat(Math.max(0, ...runs) + 1)
  return runs.length === 0 ? `\`${value}\`` : `${fence} ${value} ${fence}`
}
