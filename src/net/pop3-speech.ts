/** POP3 as far as a probe speaks it: greeting (RFC 1939), CAPA (RFC 2449), STLS (RFC 2595 section 4), SASL (RFC 5034). */
import { type MailDialogue, protocolError } from './mail-dialogue.js'
import type { MailProtocolSpeech } from './mail-protocol.js'

export const pop3Speech: MailProtocolSpeech = {
  async greet(dialogue) {
    if (!(await readStatus(dialogue))) throw protocolError('it greets with -ERR')
  },
  async capabilities(dialogue) {
    dialogue.send('CAPA')
    // Servers older than RFC 2449 decline; they are POP3 servers all the same.
    if (!(await readStatus(dialogue))) return []
    const capabilities: string[] = []
    for (;;) {
      const line = await dialogue.readLine()
      if (line === '.') return capabilities
      capabilities.push(line)
    }
  },
  offersStartTls: (capabilities) => capabilities.some((line) => /^STLS\s*$/i.test(line)),
  async startTls(dialogue) {
    dialogue.send('STLS')
    return readStatus(dialogue)
  },
  // USER is the plain login of RFC 1939: no SASL mechanism, but what the reader of the list wants to know.
  saslMechanisms: (capabilities) =>
    capabilities.flatMap((line) => {
      if (/^USER\s*$/i.test(line)) return ['USER']
      return /^SASL /i.test(line) ? line.slice(5).split(/ +/) : []
    }),
  farewell: 'QUIT',
}

async function readStatus(dialogue: MailDialogue): Promise<boolean> {
  const line = await dialogue.readLine()
  if (/^\+OK\b/i.test(line)) return true
  if (/^-ERR\b/i.test(line)) return false
  throw protocolError('neither +OK nor -ERR')
}
