/** The documents, and what stands in their blocks. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export interface Document {
  /** From the top of the repository. */
  readonly name: string
  readonly text: string
}

export interface Block {
  readonly document: string
  readonly language: string
  readonly lines: readonly string[]
}

export const documents: readonly Document[] = ['', 'docs/', 'deploy/']
  .flatMap((folder) =>
    readdirSync(ROOT + folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => folder + name),
  )
  .map((name) => ({ name, text: readFileSync(ROOT + name, 'utf8') }))

/** Fenced blocks in their order. */
export function blocksOf({ name, text }: Document): Block[] {
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', body = '']) => ({
    document: name,
    language,
    lines: body.split('\n').slice(0, -1),
  }))
}

/** Shell commands of a block, each in one text: what a pipe or a backslash continues belongs together; without comments. */
export function commandsOf({ lines }: Block): string[] {
  const commands: string[] = []
  let open = false
  for (const line of lines.map((one) => one.replace(/\s+#\s.*$/, ''))) {
    if (open) commands.push(`${commands.pop() ?? ''}\n${line}`)
    else if (line.trim() !== '') commands.push(line)
    open = /[|\\]$/.test(line)
  }
  return commands
}
