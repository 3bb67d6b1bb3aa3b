/** The manual page `mailscout(1)` as roff (man macros), made from the table of commands and that of the settings. */
import type { Setting } from '../config.js'
import type { CommandSpec } from './command.js'
import { optionsOf } from './help.js'

export interface Manual {
  readonly version: string
  readonly commands: readonly CommandSpec[]
  readonly settings: readonly Setting[]
}

export function manPage({ version, commands, settings }: Manual): string {
  const leaves = commands.flatMap((spec) => spec.commands ?? [spec])
  return [
    // No date: the page changes with the version, and must not change by itself.
    `.TH MAILSCOUT 1 "" "mailscout ${roff(version)}" "User Commands"\n`,
    // Long names and values leave holes in lines that are made even.
    '.ad l\n.nh\n',
    '.SH NAME\nmailscout \\- finds the mail servers an e\\-mail address needs\n',
    '.SH SYNOPSIS\n',
    ...leaves.flatMap((spec) => spec.usage.map((usage) => synopsis(spec, usage))),
    '.SH DESCRIPTION\n',
    paragraph(
      'mailscout finds the servers that a mail program needs for an address: IMAP and POP3 to receive, SMTP to send. It asks every public place where the answer may stand, checks the servers live, says how far they can be trusted and which protocol to choose. Only the domain of an address leaves this machine, unless --send-address is given; a password is never asked for.',
    ),
    paragraph(
      'Colours are used where both standard output and the error stream are a terminal and NO_COLOR is not set. Answers go to standard output, everything else to the error stream.',
    ),
    '.SH COMMANDS\n',
    ...leaves.map(section),
    '.SH ENVIRONMENT\n',
    ...settings.map(({ name, meaning, values, fallback }) =>
      tagged(
        name,
        [
          meaning.replaceAll('`', ''),
          values === '' ? '' : `Values: ${values}.`,
          fallback === null ? '' : `Default: ${fallback}.`,
        ]
          .filter((part) => part !== '')
          .join(' '),
      ),
    ),
    tagged('NO_COLOR', 'Any value but the empty one turns colours off.'),
    tagged('LC_ALL, LC_MESSAGES, LANG', 'Choose the language of the texts where --lang does not.'),
  ].join('')
}

function synopsis(spec: CommandSpec, usage: string): string {
  return `.B mailscout ${roff(spec.name)}\n${roff(usage === '' ? ' ' : usage).trim()}\n.br\n`.replace(
    '\n\n',
    '\n',
  )
}

function section(spec: CommandSpec): string {
  const options = optionsOf(spec).filter(
    ({ name }) => name !== 'help' || Object.keys(spec.options).length === 0,
  )
  return [
    `.SS ${roff(spec.name)}\n`,
    ...spec.description.map(paragraph),
    ...options.map(({ written, help }) => tagged(written, sentence(help))),
    '.PP\nExit status:\n',
    ...Object.entries(spec.exitCodes).map(([code, meaning]) => tagged(code, sentence(meaning))),
    '.PP\nExamples:\n',
    ...spec.examples.map(
      ({ command, shows }) => `.PP\n.RS\n.nf\n${roff(command)}\n.fi\n.RE\n${paragraph(sentence(shows))}`,
    ),
  ].join('')
}

function paragraph(text: string): string {
  return `.PP\n${lines(text)}\n`
}

function tagged(tag: string, text: string): string {
  return `.TP\n.B ${roff(tag)}\n${lines(text)}\n`
}

function sentence(text: string): string {
  const [first = ''] = text
  return `${first.toUpperCase()}${text.slice(1)}.`
}

/** A sentence a line, as roff wants it. */
function lines(text: string): string {
  return text
    .replace(/([.;:]) (?=\S)/g, '$1\n')
    .split('\n')
    .map(roff)
    .join('\n')
}

/** Text as roff reads it: nothing in it is an instruction, hyphens are ASCII, other characters are named. */
function roff(text: string): string {
  const escaped = text
    .replaceAll('…', '...')
    .replaceAll('\\', '\\e')
    // Lists and URLs may be broken without a hyphen.
    .replace(/(?<=\S{12}[,/])(?=\S)/g, '\\:')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replace(/[^\x20-\x7e]/gu, (character) => `\\[u${hex(character)}]`)
  return escaped.startsWith('.') ? `\\&${escaped}` : escaped
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}
