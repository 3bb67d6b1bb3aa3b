// What is installed for a production service, read from the lock file: the dependencies of package.json and theirs.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const LOCK_FILE = fileURLToPath(new URL('../package-lock.json', import.meta.url))

/**
 * @param {string} [file] a package-lock.json of version 3
 * @returns {{ root: object, packages: { path: string, name: string, version: string, license?: string, integrity?: string,
 *   hasInstallScript?: boolean, needs: string[] }[] }} sorted by name and version; `needs` are paths
 */
export function productionPackages(file = LOCK_FILE) {
  const { packages: locked } = JSON.parse(readFileSync(file, 'utf8'))
  const found = new Map()
  const queue = needsOf(locked, '')
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue
    const needs = needsOf(locked, path)
    found.set(path, {
      path,
      name: path.slice(path.lastIndexOf('node_modules/') + 13),
      ...locked[path],
      needs,
    })
    queue.push(...needs)
  }
  const key = ({ name, version, path }) => `${name}@${version} ${path}`
  const packages = [...found.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1))
  return { root: { ...locked[''], needs: needsOf(locked, '') }, packages }
}

/** The paths of what a package depends on, found as Node finds them: beside it first, then further up. */
function needsOf(locked, path) {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = locked[path]
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }).flatMap((name) => {
    for (let folder = path; ; folder = parentOf(folder)) {
      const candidate = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
      if (locked[candidate] !== undefined) return [candidate]
      // Optional ones and peers may be missing.
      if (folder === '') return []
    }
  })
}

function parentOf(path) {
  const end = path.lastIndexOf('/node_modules/')
  return end === -1 ? '' : path.slice(0, end)
}
