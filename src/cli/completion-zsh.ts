/** Completion for zsh, by `_arguments` of its completion system. */
import type { ArgumentSpec, CommandSpec } from './command.js'
import { completedCommands, type CompletedCommand, quoted } from './completion-words.js'
import type { WrittenOption } from './help.js'

export function zshCompletion(specs: readonly CommandSpec[]): string {
  const commands = completedCommands(specs)
  const functions = commands.map((command) => functionOf(command, commands))
  const top = commands.filter(({ parent }) => parent === '')
  return `#compdef mailscout
# Completion of mailscout for zsh; made by "mailscout completion zsh".

${functions.join('\n')}
_mailscout() {
  local curcontext="$curcontext" state line
  _arguments -C '(- *)'{-h,--help}'[show help]' '(- *)--version[print the version]' '1: :->command' '*:: :->rest'
${dispatch(top)}
}

# As a file of $fpath it is the function itself; sourced, it registers it.
if [[ $funcstack[1] == _mailscout ]]; then
  _mailscout "$@"
else
  compdef _mailscout mailscout
fi
`
}

function functionOf(command: CompletedCommand, commands: readonly CompletedCommand[]): string {
  const below = commands.filter(({ parent }) => parent === command.name && parent !== '')
  const body =
    below.length > 0
      ? `  local curcontext="$curcontext" state line
  _arguments -C '(- *)'{-h,--help}'[show help]' '1: :->command' '*:: :->rest'
${dispatch(below)}`
      : `  _arguments${[...command.options.map(optionOf), ...command.arguments.map(argumentOf)].map((part) => ` \\\n    ${part}`).join('')}`
  return `${functionName(command.name)}() {\n${body}\n}\n`
}

function dispatch(commands: readonly CompletedCommand[]): string {
  const rows = commands.map(
    ({ word, summary }) => `      ${quoted(`${word}:${summary.replaceAll(':', '\\:')}`)}\n`,
  )
  const cases = commands.map(({ name, word }) => `        ${word}) ${functionName(name)} ;;\n`)
  return `  case $state in
    command)
      local -a commands=(
${rows.join('')}      )
      _describe command commands
      ;;
    rest)
      case $line[1] in
${cases.join('')}      esac
      ;;
  esac`
}

function optionOf({ name, option, help }: WrittenOption): string {
  const names = option.short === undefined ? `--${name}` : `{-${option.short},--${name}}`
  const excluded = option.short === undefined ? '' : `'(-${option.short} --${name})'`
  const text = `[${help.replace(/[[\]:]/g, '\\$&')}]`
  const value = option.type === 'string' ? `:${name}:${action(name, option)}` : ''
  return option.short === undefined
    ? quoted(`${names}${text}${value}`)
    : `${excluded}${names}${quoted(text + value)}`
}

function argumentOf(argument: ArgumentSpec, index: number): string {
  return quoted(`${index + 1}:${argument.name}:${action(argument.name, argument)}`)
}

function action(name: string, { choices, completes }: Pick<ArgumentSpec, 'choices' | 'completes'>): string {
  if (completes === 'directory') return '_files -/'
  if (completes === 'file') return '_files'
  // A space, which the manual has for this, would keep the options away too.
  return choices === undefined ? `_message ${name}` : `(${choices.join(' ')})`
}

function functionName(name: string): string {
  return `_mailscout_${name.replaceAll(' ', '_')}`
}
