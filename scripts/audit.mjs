// Known weaknesses in production packages: high and critical ones fail. Where the registry answers no such question, as a
// mirror may, that is said and nothing is claimed.
import { spawnSync } from 'node:child_process'

const SECONDS = 60
const { stdout, error } = spawnSync(
  'npm',
  ['audit', '--omit=dev', '--json', '--fetch-retries=0', `--fetch-timeout=${SECONDS * 500}`],
  { encoding: 'utf8', timeout: SECONDS * 1000 },
)
const report = parse(stdout)
if (report?.metadata?.vulnerabilities === undefined) {
  // npm names the registry's address, which is the machine's own business.
  const status = report?.statusCode ?? report?.error?.code ?? error?.code ?? 'no answer'
  console.log(`skipped: the registry answers no question about weaknesses (${status})`)
} else {
  const { high, critical, total } = report.metadata.vulnerabilities
  for (const { name, severity, range } of Object.values(report.vulnerabilities ?? {})) {
    console.log(`${severity}: ${name} ${range}`)
  }
  console.log(`${total} known weaknesses, ${high} high, ${critical} critical`)
  if (high + critical > 0) process.exitCode = 1
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    // npm was cut off before it had written anything whole.
    return null
  }
}
