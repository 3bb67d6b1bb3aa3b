// Reads the raw TAP of a test run from a file and ends with `N passed, N failed`. Fails for a failed test, for a
// run that did not come to its end, and for one in which nothing was tested.
import { readFileSync } from 'node:fs'

const [file] = process.argv.slice(2)
const lines = readFileSync(file, 'utf8').split('\n')
// tap's own count, on a line such as: # { total: 99, pass: 97, fail: 1, skip: 1 }
const summary = lines.findLast((line) => /^# \{ total: \d+/.test(line)) ?? ''
const count = (name) => Number(new RegExp(`\\b${name}: (\\d+)`).exec(summary)?.[1] ?? 0)

// One line a file, and what was skipped with its reason.
const notable = /^(not )?ok \d+ - |^\s+ok .* # (SKIP|TODO)\b/
for (const line of lines.filter((text) => notable.test(text))) console.log(line.trimEnd())

const failed = count('fail')
const passed = count('pass')
if (summary === '') console.error('the test run did not come to its end')
else if (passed === 0) console.error('the test run tested nothing')
console.log(`${passed} passed, ${failed} failed`)
if (failed > 0 || passed === 0) process.exitCode = 1
