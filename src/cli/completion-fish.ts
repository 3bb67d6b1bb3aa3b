/** Completion for fish: one `complete` for each word that can stand somewhere. */
import type { ArgumentSpec, CommandSpec } from './command.js'
import { completedCommands, type CompletedCommand } from './completion-words.js'
import type { WrittenOption } from './help.js'

export function fishCompletion(specs: readonly CommandSpec[]): string {
  const commands = completedCommands(specs)
  return [
    '# Completion of mailscout for fish; made by "mailscout completion fish".\n',
    'complete -c mailscout -f\n',
    line('__fish_use_subcommand', "-l version -d 'print the version'"),
    line('__fish_use_subcommand', "-s h -l help -d 'show help'"),
    ...commands.flatMap((command) => [
      line(whereWord(command, commands), `-a ${command.word} -d ${quotedForFish(command.summary)}`),
      ...(command.below.length > 0 ? [] : details(command)),
    ]),
  ].join('')
}

function details(command: CompletedCommand): string[] {
  const where = whereRest(command)
  return [
    ...command.options.map((option) => line(where, optionOf(option))),
    ...command.arguments.flatMap((argument) => argumentOf(argument).map((rest) => line(where, rest))),
  ]
}

/** Where the word of a command itself can stand. */
function whereWord({ parent }: CompletedCommand, commands: readonly CompletedCommand[]): string {
  if (parent === '') return '__fish_use_subcommand'
  const siblings = commands.filter((one) => one.parent === parent).map(({ word }) => word)
  return `${seen(parent)}; and not ${seen(siblings.join(' '))}`
}

function whereRest({ parent, word }: CompletedCommand): string {
  return parent === '' ? seen(word) : `${seen(parent)}; and ${seen(word)}`
}

function seen(words: string): string {
  return `__fish_seen_subcommand_from ${words}`
}

function optionOf({ name, option, help }: WrittenOption): string {
  const short = option.short === undefined ? '' : `-s ${option.short} `
  const value = option.type === 'string' ? ` ${valueOf(option)}` : ''
  return `${short}-l ${name}${value} -d ${quotedForFish(help)}`
}

function valueOf({ choices, completes }: Pick<ArgumentSpec, 'choices' | 'completes'>): string {
  if (completes === 'file') return '-r -F'
  if (completes === 'directory') return "-x -a '(__fish_complete_directories)'"
  return choices === undefined ? '-x' : `-x -a ${quotedForFish(choices.join(' '))}`
}

function argumentOf({ choices, completes }: ArgumentSpec): string[] {
  if (completes === 'file') return ['-F']
  if (completes === 'directory') return ["-a '(__fish_complete_directories)'"]
  return choices === undefined ? [] : [`-a ${quotedForFish(choices.join(' '))}`]
}

function line(where: string, rest: string): string {
  return `complete -c mailscout -n '${where}' ${rest}\n`
}

/** Within single quotes fish reads `\\'` and `\\\\`. */
function quotedForFish(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`
}
