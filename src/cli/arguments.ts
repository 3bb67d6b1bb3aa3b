/** Reads the words behind a command, by its description; slips are answered with what was probably meant. */
import { parseArgs } from 'node:util'
import { editDistance } from '../providers/edit-distance.js'
import type { CommandSpec, OptionSpec } from './command.js'
import { HELP_OPTION } from './help.js'
import { UsageError } from './terminal.js'

/** Slips of the finger that are still recognised. */
const MAX_SLIPS = 2

type Options = Readonly<Record<string, OptionSpec>>

interface Arguments<O extends Options> {
  readonly values: { readonly [Name in keyof O]?: O[Name]['type'] extends 'string' ? string : boolean }
  readonly positionals: readonly string[]
  /** `--help` is among them. */
  readonly help: boolean
}

/** @throws UsageError for an option that the command does not have */
export function readArguments<O extends Options>(
  args: readonly string[],
  spec: Pick<CommandSpec, 'name'> & { readonly options: O },
): Arguments<O> {
  const options: Options = { ...spec.options, help: HELP_OPTION }
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    // parseArgs has read each by the type that its description names.
    return { values: values as Arguments<O>['values'], positionals, help: values['help'] === true }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const unknown = args.map((arg) => /^--([^=]+)/.exec(arg)?.[1]).find((name) => isUnknown(name, options))
    if (unknown === undefined) throw usageError(spec, error.message)
    throw usageError(spec, `unknown option --${unknown}${didYouMean(unknown, Object.keys(options), '--')}`)
  }
}

/** One line, and where to read on. */
export function usageError(spec: Pick<CommandSpec, 'name'>, message: string): UsageError {
  return new UsageError(`${message}\nRun "mailscout ${spec.name} --help" for how it is used.`)
}

/** `; did you mean "x"?`, or nothing where no name is near. */
export function didYouMean(typed: string, names: readonly string[], prefix = ''): string {
  const near = names
    .map((name) => ({ name, slips: editDistance(typed, name, MAX_SLIPS) }))
    .filter(({ name, slips }) => slips <= MAX_SLIPS && slips < name.length)
    .sort((a, b) => a.slips - b.slips)
  const [best] = near
  return best === undefined ? '' : `; did you mean "${prefix}${best.name}"?`
}

function isUnknown(name: string | undefined, options: Options): name is string {
  return name !== undefined && !Object.hasOwn(options, name)
}
