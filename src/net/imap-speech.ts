/** IMAP as far as a probe speaks it: greeting, CAPABILITY, STARTTLS (RFC 9051 sections 6.1.1, 6.2.1, 7.1). */
import { failure } from '../domain/errors.js'
import { NetError } from './classify-error.js'
import { type MailDialogue, protocolError } from './mail-dialogue.js'
import type { MailProtocolSpeech } from './mail-protocol.js'

export const imapSpeech: MailProtocolSpeech = {
  async greet(dialogue, security) {
    const [, kind] = /^\* (OK|PREAUTH|BYE)\b/i.exec(await dialogue.readLine()) ?? []
    if (kind === undefined) throw protocolError('no IMAP greeting')
    if (/^bye$/i.test(kind)) throw protocolError('it greets with BYE')
    // PREAUTH forbids STARTTLS: an attacker's way to keep the session in the clear (RFC 9051 section 7.1.4).
    if (/^preauth$/i.test(kind) && security === 'starttls') {
      throw new NetError(failure('starttls-injection', 'the greeting PREAUTH rules STARTTLS out'))
    }
  },
  async capabilities(dialogue) {
    const { status, untagged } = await ask(dialogue, 'a1 CAPABILITY')
    if (status !== 'OK') throw protocolError(`it answers CAPABILITY with ${status}`)
    return untagged.flatMap((line) => (/^\* CAPABILITY /i.test(line) ? line.slice(13).split(/ +/) : []))
  },
  offersStartTls: (capabilities) => capabilities.some((name) => name.toUpperCase() === 'STARTTLS'),
  async startTls(dialogue) {
    return (await ask(dialogue, 'a2 STARTTLS')).status === 'OK'
  },
  saslMechanisms: (capabilities) =>
    capabilities.flatMap((name) => (/^AUTH=/i.test(name) ? [name.slice(5)] : [])),
  farewell: 'a3 LOGOUT',
}

async function ask(dialogue: MailDialogue, command: string): Promise<{ status: string; untagged: string[] }> {
  const [tag] = command.split(' ', 1)
  dialogue.send(command)
  const untagged: string[] = []
  for (;;) {
    const line = await dialogue.readLine()
    if (/^\* BYE\b/i.test(line)) throw protocolError('it says BYE')
    const [, answeredTag, status] = /^(\S+) (OK|NO|BAD)\b/i.exec(line) ?? []
    if (answeredTag === tag && status !== undefined) return { status: status.toUpperCase(), untagged }
    if (!line.startsWith('* ')) throw protocolError('no IMAP answer')
    untagged.push(line)
  }
}
