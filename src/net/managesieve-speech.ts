/**
 * ManageSieve as far as a probe speaks it (RFC 5804). The server lists its capabilities by itself, as its greeting and
 * again after STARTTLS (sections 1.7 and 2.2), so nothing is ever asked.
 */
import { type MailDialogue, protocolError } from './mail-dialogue.js'
import type { MailProtocolSpeech } from './mail-protocol.js'

/** `"NAME"` or `"NAME" "value"`. */
const CAPABILITY_LINE = /^"([^"]+)"(?: "((?:[^"\\]|\\.)*)")?$/

export const managesieveSpeech: MailProtocolSpeech = {
  // The greeting is the list of capabilities.
  greet: () => Promise.resolve(),
  async capabilities(dialogue) {
    const { status, lines } = await readResponse(dialogue)
    if (status !== 'OK') throw protocolError(`it greets with ${status}`)
    return lines.flatMap((line) => {
      const [, name, value] = CAPABILITY_LINE.exec(line) ?? []
      if (name === undefined) return []
      return value === undefined ? [name] : [`${name} ${value}`]
    })
  },
  offersStartTls: (capabilities) => capabilities.some((entry) => entry.toUpperCase() === 'STARTTLS'),
  async startTls(dialogue) {
    dialogue.send('STARTTLS')
    return (await readResponse(dialogue)).status === 'OK'
  },
  saslMechanisms: (capabilities) =>
    capabilities.flatMap((entry) => (/^SASL /i.test(entry) ? entry.slice(5).split(/ +/) : [])),
  farewell: 'LOGOUT',
}

async function readResponse(dialogue: MailDialogue): Promise<{ status: string; lines: string[] }> {
  const lines: string[] = []
  for (;;) {
    const line = await dialogue.readLine()
    const [status] = /^(OK|NO|BYE)\b/i.exec(line) ?? []
    if (status !== undefined) return { status: status.toUpperCase(), lines }
    // A value may also come as a literal, `"NAME" {5}` and a line of its own; none of those matters here.
    if (lines.length === 0 && !line.startsWith('"')) throw protocolError('no ManageSieve answer')
    lines.push(line)
  }
}
