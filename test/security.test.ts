/** The pages about security name tests that exist, and the lists of packages say what is installed. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (name: string) => readFileSync(join(root, name), 'utf8')

interface Locked {
  readonly integrity?: string
  readonly license?: string
  readonly hasInstallScript?: boolean
  readonly dependencies?: Record<string, string>
}
const locked = (JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }).packages

interface Component {
  readonly name: string
  readonly version: string
  readonly hashes: readonly { content: string }[]
  readonly licenses: readonly unknown[]
}
const sbom = JSON.parse(read('sbom.cdx.json')) as {
  components: Component[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

/** A file in backticks, then the names of tests in it, in asterisks. */
const REFERENCE = /`(test\/[\w./-]+)`|\*([^*|]+)\*/g

t.test('every test that the threat model names is there', (t) => {
  let file = ''
  let names = 0
  const rows = read('docs/threat-model.md')
    .split('\n')
    .filter((line) => line.startsWith('|'))
  for (const [, path, name] of rows.flatMap((row) => [
    ...(row.split('|').at(-2) ?? '').matchAll(REFERENCE),
  ])) {
    if (path !== undefined) {
      file = path
      t.ok(existsSync(join(root, file)), file)
    } else if (name !== undefined) {
      names += 1
      // The line of a test may go on with what the page leaves out.
      t.ok(read(file).includes(`'${name}`) || read(file).includes(`\`${name}`), `${file}: ${name}`)
    }
  }
  t.ok(names > 40, `${names} tests`)
  t.end()
})

t.test('pages about security lead to files that exist', (t) => {
  for (const page of ['SECURITY.md', 'docs/security.md', 'docs/threat-model.md']) {
    const text = read(page)
    const paths = [...text.matchAll(/`((?:test|src|scripts|docs)\/[\w./-]+)`/g)].map(([, path]) => path ?? '')
    const links = [...text.matchAll(/\]\((?!https?:)([\w./-]+)\)/g)].map(([, link]) =>
      join(page.startsWith('docs/') ? 'docs' : '', link ?? ''),
    )
    for (const path of [...paths, ...links]) t.ok(existsSync(join(root, path)), `${page}: ${path}`)
  }
  t.end()
})

t.test('every production package is locked by its hash', (t) => {
  const installed = Object.entries(locked).filter(([path]) => path !== '')
  t.same(
    installed.filter(([, { integrity }]) => integrity?.startsWith('sha512-') !== true).map(([path]) => path),
    [],
  )
  for (const { name, hashes, licenses } of sbom.components) {
    t.match(hashes[0]?.content, /^[0-9a-f]{128}$/, name)
    t.equal(licenses.length, 1, name)
  }
  t.end()
})

t.test('the list of components is complete, closed and free of places', (t) => {
  const text = read('sbom.cdx.json')
  t.notMatch(text, /registry|https?:|file:|\/(?:root|home|work|tmp)\//)
  const names = new Set(sbom.components.map(({ name }) => name))
  for (const name of Object.keys(locked['']?.dependencies ?? {})) t.ok(names.has(name), name)
  const refs = new Set(sbom.dependencies.map(({ ref }) => ref))
  for (const { dependsOn } of sbom.dependencies) for (const ref of dependsOn) t.ok(refs.has(ref), ref)
  const check = spawnSync('node', [join(root, 'scripts/write-sbom.mjs'), '--check'], { encoding: 'utf8' })
  t.equal(check.status, 0, check.stderr)
  t.end()
})

t.test('a strange licence or an installation script stops the check', (t) => {
  const check = (change: Locked) => {
    const packages = {
      '': { dependencies: { a: '1', b: '1' } },
      'node_modules/a': { version: '1', license: '(MIT OR GPL-3.0-only)', dependencies: { c: '1' } },
      'node_modules/b': { version: '1', license: 'MIT' },
      'node_modules/b/node_modules/c': { version: '9', license: 'elsewhere, and not what a gets' },
      'node_modules/c': { version: '2', license: 'ISC', ...change },
      'node_modules/tool': { version: '1', license: 'GPL-3.0-only', dev: true },
    }
    const directory = t.testdir({ 'package-lock.json': JSON.stringify({ packages }) })
    const script = join(root, 'scripts/check-licences.mjs')
    return spawnSync('node', [script, join(directory, 'package-lock.json')], { encoding: 'utf8' })
  }
  const sound = check({})
  t.equal(sound.status, 0, sound.stderr)
  t.match(sound.stdout, /^3 production packages/)
  for (const license of ['GPL-3.0-only', 'MIT AND GPL-3.0-only', 'UNLICENSED', 'SEE LICENSE IN x', '']) {
    const refused = check({ license })
    t.equal(refused.status, 1, license)
    t.match(refused.stderr, /^c 2 has the licence/)
  }
  t.match(check({ hasInstallScript: true }).stderr, /^c 2 runs a script/)
  const ours = spawnSync('node', [join(root, 'scripts/check-licences.mjs')], { encoding: 'utf8' })
  t.equal(ours.status, 0, ours.stderr)
  t.end()
})
