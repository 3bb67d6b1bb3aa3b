/** Links within the documents lead somewhere, down to the heading. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { documents } from './markdown.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** As GitHub names headings. */
function anchorsOf(text: string): Set<string> {
  const headings = text.replace(/^```.*?^```$/gms, '').matchAll(/^#+ (.*)$/gm)
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

t.test('every relative link', (t) => {
  let count = 0
  for (const { name, text } of documents) {
    for (const [, target = ''] of text.replace(/^```.*?^```$/gms, '').matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      count += 1
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? name : normalize(join(dirname(name), path))
      t.ok(existsSync(ROOT + file), `${name}: ${target}`)
      if (anchor !== undefined && file.endsWith('.md'))
        t.ok(anchorsOf(readFileSync(ROOT + file, 'utf8')).has(anchor), `${name}: ${target}`)
    }
  }
  t.ok(count > 40, `${String(count)} links`)
  t.end()
})
