/** What a command is, as data: its help, its man page and its completions are made from the same description. */
import type { Config, EffectiveSetting } from '../config.js'
import type { Surroundings } from '../compose.js'
import type { Terminal } from './terminal.js'

/** Understood by `parseArgs` of node:util, which takes what it knows and leaves the rest. */
export interface OptionSpec {
  readonly type: 'boolean' | 'string'
  readonly short?: string
  /** What stands for its value in the help, such as `FILE`; the choices when left out. */
  readonly value?: string
  readonly choices?: readonly string[]
  readonly completes?: 'file' | 'directory'
  readonly help: string
}

export interface ArgumentSpec {
  readonly name: string
  readonly choices?: readonly string[]
  readonly completes?: 'file' | 'directory'
}

export interface Example {
  readonly command: string
  readonly shows: string
}

export interface CommandSpec {
  /** As it is typed behind `mailscout`, such as `providers verify`. */
  readonly name: string
  /** Half a line, for the list of commands. */
  readonly summary: string
  /** Behind the name, each on a line of its own. */
  readonly usage: readonly string[]
  /** Paragraphs. */
  readonly description: readonly string[]
  readonly arguments: readonly ArgumentSpec[]
  /** By long name; `--help` is everybody's. */
  readonly options: Readonly<Record<string, OptionSpec>>
  readonly exitCodes: Readonly<Record<number, string>>
  readonly examples: readonly Example[]
  /** Of a command that only holds others. */
  readonly commands?: readonly CommandSpec[]
}

export interface CommandParts {
  readonly terminal: Terminal
  readonly config: Config
  readonly surroundings: Surroundings
}

/** What the process hands to every command. */
export interface ProcessParts extends CommandParts {
  /** Somebody watches the error stream: a bar that moves instead of lines. */
  readonly interactive: boolean
  /** Ctrl-C. */
  readonly signal: AbortSignal
  /** Asked only where values are printed. @throws ConfigError */
  readonly settings: () => readonly EffectiveSetting[]
  /** Standard input. */
  readonly input: AsyncIterable<string | Uint8Array>
}

export interface Command {
  readonly spec: CommandSpec
  /** @returns the exit code. @throws UsageError, ConfigError, ProviderFileError */
  readonly run: (args: readonly string[], parts: ProcessParts) => number | Promise<number>
}
