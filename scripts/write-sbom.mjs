// Writes sbom.cdx.json, the list of what a production service consists of, as CycloneDX 1.6; with --check it only compares.
// Made from the lock file instead of by `npm sbom`, whose output changes with npm's version, the time and the folder's name.
import { Buffer } from 'node:buffer'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { productionPackages } from './production-packages.mjs'

const file = fileURLToPath(new URL('../sbom.cdx.json', import.meta.url))
const { root, packages } = productionPackages()
const byPath = new Map(packages.map((one) => [one.path, one]))

const reference = ({ name, version }) => `${name}@${version}`
const purl = ({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`
const licenses = ({ license }) => {
  if (license === undefined) return {}
  return { licenses: [/[ (]/.test(license) ? { expression: license } : { license: { id: license } }] }
}
const hashes = ({ integrity = '' }) => {
  const [algorithm, digest] = integrity.split('-', 2)
  if (algorithm !== 'sha512') return {}
  return { hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] }
}
const edge = (from) => ({
  ref: reference(from),
  dependsOn: [...new Set(from.needs.map((path) => reference(byPath.get(path))))].sort(),
})
/** The same version may be installed at two places. */
const distinct = [...new Map(packages.map((one) => [reference(one), one])).values()]

const document = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    component: {
      type: 'application',
      'bom-ref': reference(root),
      name: root.name,
      version: root.version,
      ...licenses(root),
      purl: purl(root),
    },
  },
  components: distinct.map((one) => ({
    type: 'library',
    'bom-ref': reference(one),
    name: one.name,
    version: one.version,
    ...hashes(one),
    ...licenses(one),
    purl: purl(one),
  })),
  dependencies: [root, ...distinct].map(edge),
}
const text = `${JSON.stringify(document, null, 2)}\n`

if (!process.argv.includes('--check')) writeFileSync(file, text)
else if (readFileSync(file, 'utf8') !== text) {
  console.error('sbom.cdx.json is not what the lock file says: npm run sbom')
  process.exitCode = 1
}
console.log(`${distinct.length} components`)
