/**
 * What differs between the mail protocols as far as a probe speaks them: greeting, capabilities, STARTTLS, farewell.
 * Not one of them can log in (R34): there is no place for it here.
 */
import type { MailDialogue } from './mail-dialogue.js'

export interface MailProtocolSpeech {
  /** Reads what the server says first. With `starttls` it must leave room for TLS. */
  greet(dialogue: MailDialogue, security: 'tls' | 'starttls'): Promise<void>
  /** Asks what the server can do, before and again after STARTTLS (R33); one entry each, as sent. */
  capabilities(dialogue: MailDialogue): Promise<string[]>
  offersStartTls(capabilities: readonly string[]): boolean
  /** Asks for TLS; false when the server declines. */
  startTls(dialogue: MailDialogue): Promise<boolean>
  /** SASL mechanisms as advertised. */
  saslMechanisms(capabilities: readonly string[]): string[]
  readonly farewell: string
}
