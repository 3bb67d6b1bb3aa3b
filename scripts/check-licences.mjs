// Every production package has a licence that lets anybody run, change and sell mailscout, and runs no script when it is
// installed. Another licence is a decision: it is added here with the commit that says why.
import { productionPackages } from './production-packages.mjs'

const ALLOWED = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0', 'BlueOak-1.0.0'])

const [file] = process.argv.slice(2)
const { packages } = productionPackages(file)
const counts = new Map()
for (const { name, version, license = 'none', hasInstallScript } of packages) {
  counts.set(license, (counts.get(license) ?? 0) + 1)
  if (!isAllowed(license)) fail(`${name} ${version} has the licence ${license}`)
  if (hasInstallScript) fail(`${name} ${version} runs a script when it is installed`)
}
if (packages.length === 0) fail('there are no packages')
const list = [...counts].sort(([, a], [, b]) => b - a).map(([license, count]) => `${count} ${license}`)
console.log(`${packages.length} production packages: ${list.join(', ')}`)

/** An expression of SPDX without exceptions: one of several suffices, all of several must do. */
function isAllowed(license) {
  const bare = license.replace(/^\((.*)\)$/, '$1')
  if (/[()]/.test(bare)) return false
  return bare.split(' OR ').some((choice) => choice.split(' AND ').every((one) => ALLOWED.has(one)))
}

function fail(reason) {
  console.error(reason)
  process.exitCode = 1
}
