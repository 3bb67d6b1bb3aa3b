/** Completion for bash, 3.2 (of macOS) and newer. */
import type { CommandSpec } from './command.js'
import { completedCommands, type CompletedCommand, quoted } from './completion-words.js'

export function bashCompletion(specs: readonly CommandSpec[]): string {
  const commands = completedCommands(specs)
  const parents = commands.filter(({ below }) => below.length > 0)
  const top = commands.filter(({ parent }) => parent === '').map(({ word }) => word)
  return `# Completion of mailscout for bash; made by "mailscout completion bash".
_mailscout_words() {
  # Not files, where words are known.
  compopt +o default 2> /dev/null
  COMPREPLY=($(compgen -W "$1" -- "\${COMP_WORDS[COMP_CWORD]}"))
}

_mailscout() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  local name=\${COMP_WORDS[1]} at=2
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _mailscout_words ${quoted([...top, 'help', '--help', '--version'].join(' '))}
    return
  fi
  case $name in
    help) _mailscout_words ${quoted(top.join(' '))}; return ;;
${parents.map(parentCase).join('')}  esac
  case "$name $previous" in
${commands.flatMap(valueCases).join('')}  esac
  if [[ $current == -* ]]; then
    case $name in
${commands.map(optionCase).join('')}    esac
    return
  fi
  # Arguments that are not options; values of options were dealt with above.
  case "$name $((COMP_CWORD - at + 1))" in
${commands.flatMap(argumentCases).join('')}    *) compopt +o default 2> /dev/null ;;
  esac
}

complete -o default -F _mailscout mailscout
`
}

function parentCase({ name, below }: CompletedCommand): string {
  return `    ${name})
      if ((COMP_CWORD == 2)); then
        _mailscout_words ${quoted([...below, '--help'].join(' '))}
        return
      fi
      name="$name \${COMP_WORDS[2]}" at=3
      ;;
`
}

function valueCases({ name, options }: CompletedCommand): string[] {
  return options
    .filter(({ option }) => option.type === 'string')
    .map(({ name: option, option: { short, choices, completes } }) => {
      const patterns = [`--${option}`, ...(short === undefined ? [] : [`-${short}`])]
      const pattern = patterns.map((word) => quoted(`${name} ${word}`)).join(' | ')
      // Left empty, the shell completes files.
      const words = completes === undefined ? `_mailscout_words ${quoted((choices ?? []).join(' '))}; ` : ''
      return `    ${pattern}) ${words}return ;;\n`
    })
}

function optionCase({ name, options }: CompletedCommand): string {
  return `      ${quoted(name)}) _mailscout_words ${quoted(options.map((option) => `--${option.name}`).join(' '))} ;;\n`
}

function argumentCases({ name, arguments: given }: CompletedCommand): string[] {
  return given.flatMap(({ choices, completes }, index) => {
    // Where there is one argument, options may stand before it.
    const pattern = given.length === 1 ? `${quoted(`${name} `)}*` : quoted(`${name} ${index + 1}`)
    if (completes !== undefined) return [`    ${pattern}) ;;\n`]
    return choices === undefined ? [] : [`    ${pattern}) _mailscout_words ${quoted(choices.join(' '))} ;;\n`]
  })
}
