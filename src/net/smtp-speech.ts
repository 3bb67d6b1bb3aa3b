/** SMTP submission as far as a probe speaks it: EHLO (RFC 5321), STARTTLS (RFC 3207), AUTH listing (RFC 4954). */
import { type MailDialogue, protocolError } from './mail-dialogue.js'
import type { MailProtocolSpeech } from './mail-protocol.js'

const REPLY_LINE = /^(\d{3})([ -]|$)(.*)$/

/** @param ehloName the client's name or address literal in EHLO (RFC 5321 section 4.1.4). */
export function smtpSpeech(ehloName: string): MailProtocolSpeech {
  return {
    async greet(dialogue) {
      const { code } = await readReply(dialogue)
      // 554 and 421 are refusals (RFC 5321 section 3.1): somebody is there, but not for us.
      if (code !== '220') throw protocolError(`it greets with ${code}`)
    },
    async capabilities(dialogue) {
      dialogue.send(`EHLO ${ehloName}`)
      const { code, texts } = await readReply(dialogue)
      if (code !== '250') throw protocolError(`it answers EHLO with ${code}`)
      // The first line is the server's name.
      return texts.slice(1)
    },
    offersStartTls: (capabilities) => capabilities.some((text) => /^STARTTLS\s*$/i.test(text)),
    async startTls(dialogue) {
      dialogue.send('STARTTLS')
      return (await readReply(dialogue)).code === '220'
    },
    // "AUTH=" is what old servers wrote for old clients; the mechanisms are as good.
    saslMechanisms: (capabilities) =>
      capabilities.flatMap((text) => (/^AUTH[ =]/i.test(text) ? text.slice(5).split(/[ =]+/) : [])),
    farewell: 'QUIT',
  }
}

/** RFC 5321 section 4.2.1: every line has the same code, a hyphen behind it says that more follows. */
async function readReply(dialogue: MailDialogue): Promise<{ code: string; texts: string[] }> {
  const texts: string[] = []
  let code: string | undefined
  for (;;) {
    const match = REPLY_LINE.exec(await dialogue.readLine())
    code ??= match?.[1]
    if (match === null || code === undefined || match[1] !== code) throw protocolError('no SMTP reply')
    texts.push(match[3] ?? '')
    if (match[2] !== '-') return { code, texts }
  }
}
