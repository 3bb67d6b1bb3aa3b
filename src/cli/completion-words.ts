/** What can stand where on the command line, flat, as the shells' scripts need it. */
import type { ArgumentSpec, CommandSpec } from './command.js'
import { lastWord, optionsOf, type WrittenOption } from './help.js'

export interface CompletedCommand {
  /** `providers verify` */
  readonly name: string
  /** The words before it, such as `providers`; empty at the top. */
  readonly parent: string
  readonly word: string
  readonly summary: string
  readonly options: readonly WrittenOption[]
  readonly arguments: readonly ArgumentSpec[]
  /** Words of the commands below it. */
  readonly below: readonly string[]
}

/** Commands and those below them, in the order of the table. */
export function completedCommands(specs: readonly CommandSpec[]): readonly CompletedCommand[] {
  return specs.flatMap((spec) => [
    completed(spec, ''),
    ...(spec.commands ?? []).map((one) => completed(one, spec.name)),
  ])
}

function completed(spec: CommandSpec, parent: string): CompletedCommand {
  return {
    name: spec.name,
    parent,
    word: lastWord(spec.name),
    summary: spec.summary,
    options: optionsOf(spec),
    arguments: spec.arguments,
    below: (spec.commands ?? []).map(({ name }) => lastWord(name)),
  }
}

/** For single quotes, as all three shells read them. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
