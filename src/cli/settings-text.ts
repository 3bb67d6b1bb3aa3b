/** The settings as people read them: the table of docs/configuration.md, and an environment file to start from. */
import { knownSettings, type Setting } from '../config.js'

const HEAD = `# Configuration

Everything is set by environment variables, read once at the start. A wrong value, or a \`MAILSCOUT_…\` variable that this
version does not know, ends the start with exit code 2 and one line that names it. A variable that is empty counts as not set,
except for \`MAILSCOUT_ISPDB_URLS\`, where empty means none. Lists are separated by commas.

\`mailscout config\` prints what holds, passwords left out; \`mailscout config --example\` prints
[\`.env.example\`](../.env.example), in which every variable stands with its default. Node reads such a file with
\`node --env-file=.env dist/main.js\`, Docker with \`--env-file .env\`. Further certificate authorities come from Node's own
\`NODE_EXTRA_CA_CERTS\`.

This page is made from the schema in \`src/config.ts\` by \`npm run configuration\`.

`

/** docs/configuration.md. */
export function configurationPage(): string {
  const rows = knownSettings().map(({ name, meaning, values, fallback }) => [
    code(name),
    meaning.replace(/docs\/([\w-]+\.md)/g, '[$1]($1)'),
    values.includes(', ') ? values.split(', ').map(code).join(', ') : values,
    fallback === null ? '' : code(fallback),
  ])
  const table = [['Variable', 'Meaning', 'Values', 'Default'], ['---', '---', '---', '---'], ...rows]
  return HEAD + table.map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

/** .env.example: every variable with its default, commented out. */
export function environmentExample(): string {
  const head = '# Settings of mailscout, each with its default. Take the # from a line to change it.\n'
  return head + knownSettings().map(example).join('')
}

/** Of an environment file; no tool breaks lines in those. */
const LINE_LENGTH = 110

function example({ name, meaning, values, fallback }: Setting): string {
  const text = `${meaning.replaceAll('`', '')}${values === '' ? '' : ` Values: ${values}.`}`
  const lines = text.split(' ').reduce<string[]>((done, word) => {
    const last = done.at(-1)
    if (last === undefined || last.length + word.length >= LINE_LENGTH) return [...done, `# ${word}`]
    return [...done.slice(0, -1), `${last} ${word}`]
  }, [])
  return `\n${lines.join('\n')}\n#${name}=${fallback ?? ''}\n`
}

function code(text: string): string {
  return `\`${text}\``
}
