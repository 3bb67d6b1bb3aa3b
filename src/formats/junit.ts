/** A domain check as JUnit XML, the form that build servers show: one suite per domain, one case per finding. */
import type { CheckAnswer } from '../domain/domain-check.js'
import { writeXml, type XmlNode } from './xml.js'

/** Errors and warnings are failures; notes and what is in order pass. */
export function writeJunit(answers: readonly CheckAnswer[]): string {
  const suites = answers.map(suite)
  return writeXml({
    name: 'testsuites',
    attributes: totals(answers.flatMap(({ findings }) => findings)),
    content: suites,
  })
}

function suite(answer: CheckAnswer): XmlNode {
  const attributes = { name: answer.domain, timestamp: answer.checkedAt, ...totals(answer.findings) }
  return {
    name: 'testsuite',
    attributes,
    content: answer.findings.map((finding) => testCase(answer, finding)),
  }
}

function testCase({ domain }: CheckAnswer, finding: CheckAnswer['findings'][number]): XmlNode {
  const { code, where, severity, text, fix, record } = finding
  const attributes = {
    classname: `${domain}.${code}`,
    name: where === undefined ? code : `${code}: ${where}`,
  }
  if (!isFailure(finding)) return { name: 'testcase', attributes }
  const content = record === undefined ? fix : `${fix} ${record}`
  return {
    name: 'testcase',
    attributes,
    content: [{ name: 'failure', attributes: { type: severity, message: text }, content }],
  }
}

function totals(findings: CheckAnswer['findings']): Record<string, string> {
  return { tests: String(findings.length), failures: String(findings.filter(isFailure).length) }
}

function isFailure({ severity }: CheckAnswer['findings'][number]): boolean {
  return severity === 'error' || severity === 'warning'
}
