/** The text of `--help`, made from a command's description. */
import type { CommandSpec, OptionSpec } from './command.js'
import { table } from './terminal.js'

/** Where a terminal is narrow, as many are. */
const WIDTH = 80

export const HELP_OPTION = { type: 'boolean', short: 'h', help: 'show this' } as const satisfies OptionSpec

export function helpOf(spec: CommandSpec): string {
  const usage = spec.usage.map((line, index) => {
    const lead = index === 0 ? 'Usage: ' : '       '
    return `${lead}mailscout ${spec.name}${line === '' ? '' : ` ${line}`}\n`
  })
  const description = spec.description.map((paragraph) => `\n${wrap(paragraph, '')}`)
  const commands = spec.commands?.map(({ name, summary }) => [lastWord(name), summary]) ?? []
  const codes = Object.entries(spec.exitCodes).map(([code, meaning]) => [code, meaning])
  const examples = spec.examples.map(({ command, shows }) => `  ${command}\n${wrap(shows, '      ')}`)
  return [
    ...usage,
    ...description,
    commands.length === 0 ? '' : `\nCommands:\n${columns(commands)}`,
    `\nOptions:\n${columns(optionsOf(spec).map((option) => [option.written, option.help]))}`,
    codes.length === 0 ? '' : `\nExit codes:\n${columns(codes)}`,
    examples.length === 0 ? '' : `\nExamples:\n${examples.join('')}`,
  ].join('')
}

/** `mailscout --help`. */
export function helpOfAll(specs: readonly CommandSpec[]): string {
  const rows = specs.map((spec) => [[spec.name, ...argumentsOf(spec)].join(' '), spec.summary])
  return `Usage: mailscout <command> [options]

Finds the mail servers an e-mail address needs.

Commands:
${columns(rows)}
Options:
${columns([
  ['-h, --help', HELP_OPTION.help],
  ['--version', 'print the version'],
])}
Run "mailscout <command> --help" for its options, exit codes and examples.
`
}

export interface WrittenOption {
  readonly name: string
  readonly option: OptionSpec
  /** As in `--devices one|many` */
  readonly written: string
  readonly help: string
}

/** Of one command, its own and everybody's. */
export function optionsOf(spec: CommandSpec): readonly WrittenOption[] {
  return Object.entries({ ...spec.options, help: HELP_OPTION }).map(([name, given]) => {
    const option: OptionSpec = given
    const value = option.type === 'string' ? ` ${valueOf(option)}` : ''
    const short = option.short === undefined ? '' : `-${option.short}, `
    return { name, option, written: `${short}--${name}${value}`, help: option.help }
  })
}

/** `verify` of `providers verify`. */
export function lastWord(name: string): string {
  return name.split(' ').at(-1) ?? name
}

function argumentsOf(spec: CommandSpec): string[] {
  return spec.commands ? ['<command>'] : spec.arguments.map(({ name }) => `<${name}>`)
}

function valueOf(option: OptionSpec): string {
  return option.value ?? option.choices?.join('|') ?? 'VALUE'
}

/** Two columns, the second broken at the width; a first cell that is too wide has a line of its own. */
function columns(rows: readonly (readonly string[])[]): string {
  const widest = Math.max(...rows.map(([first = '']) => first.length).filter((width) => width <= 24), 0)
  return rows
    .map(([first = '', second = '']) => {
      const indent = ' '.repeat(widest + 4)
      const lines = wrap(second, indent)
      return first.length > widest
        ? table([[first]]) + lines
        : `  ${first.padEnd(widest)}  ${lines.trimStart()}`
    })
    .join('')
}

function wrap(text: string, indent: string): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && indent.length + longer.length > WIDTH) lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines.map((line) => `${indent}${line}\n`).join('')
}
