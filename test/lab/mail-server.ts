/** The lab's mail servers: the wire around the dialogues, TLS in its two forms, and every fault a client must survive. */
import type { Duplex } from 'node:stream'
import type { CertificateKind, Identities } from './identity.js'
import type { LabLog } from './log.js'
import { type DialogueState, DIALOGUES, type LabMailProtocol } from './mail-dialogues.js'

export interface MailService {
  readonly protocol: LabMailProtocol
  /** Implicit TLS, STARTTLS, or neither (no STARTTLS is advertised). */
  readonly mode: 'tls' | 'starttls' | 'plain'
  /** The host's certificate where not given. */
  readonly certificate?: CertificateKind
  readonly capabilities?: readonly string[]
  /** Default PLAIN and LOGIN. */
  readonly sasl?: readonly string[]
  readonly fault?: MailFault | undefined
}

/**
 * - `injection`: bytes behind the line that says TLS may begin
 * - `starttls-refused`: advertised, but answered with an error; `starttls-hang`: accepted, then silence
 * - `silent`: accepts the connection and says nothing, not even in TLS; `close`: hangs up at once
 * - `endless-greeting`: continuation lines for ever; `long-line`: one megabyte without a line end
 * - `garbage`: octets that are no protocol at all
 * - `no-tls`: speaks in the clear where implicit TLS is expected
 * - `busy`: greets with the protocol's refusal; `deaf`: greets and never answers a command
 */
export type MailFault =
  | 'injection'
  | 'starttls-refused'
  | 'starttls-hang'
  | 'silent'
  | 'close'
  | 'endless-greeting'
  | 'long-line'
  | 'garbage'
  | 'no-tls'
  | 'busy'
  | 'deaf'

export interface MailSite {
  readonly host: string
  readonly port: number
  readonly service: MailService
  readonly certificate: CertificateKind
}

const LONG_LINE = Buffer.alloc(1024 * 1024, 'A')
const GARBAGE = Buffer.from('00ff13378badf00d16030100fe0d0a80ff0d0a', 'hex')

const REFUSALS: Readonly<Record<LabMailProtocol, string>> = {
  imap: '* BYE come back later\r\n',
  pop3: '-ERR [SYS/TEMP] come back later\r\n',
  smtp: '554 no service here\r\n',
  managesieve: 'BYE "come back later"\r\n',
}
const TLS_REFUSALS: Readonly<Record<LabMailProtocol, (line: string) => string>> = {
  imap: (line) => `${line.split(' ')[0] ?? '*'} NO not now\r\n`,
  pop3: () => '-ERR not now\r\n',
  smtp: () => '454 not now\r\n',
  managesieve: () => 'NO "not now"\r\n',
}

/** Serves one connection. */
export async function serveMail(
  raw: Duplex,
  site: MailSite,
  world: { log: LabLog; identities: Identities },
): Promise<void> {
  const { service } = site
  raw.on('error', () => undefined)
  if (service.fault === 'silent') {
    raw.resume()
    return
  }
  if (service.fault === 'close') {
    raw.destroy()
    return
  }
  if (service.mode !== 'tls' || service.fault === 'no-tls') {
    converse(raw, { site, world, secure: false })
    return
  }
  const secured = await world.identities.secure(raw, site)
  secured.once('secure', () => {
    converse(secured, { site, world, secure: true })
  })
}

interface Conversation {
  readonly site: MailSite
  readonly world: { log: LabLog; identities: Identities }
  readonly secure: boolean
  readonly resumed?: boolean
}

function converse(stream: Duplex, { site, world, secure, resumed = false }: Conversation): void {
  const { host, port, service } = site
  const { protocol, mode, fault } = service
  const dialogue = DIALOGUES[protocol]
  const state: DialogueState = {
    host,
    secure,
    offersTls: mode === 'starttls' && !secure,
    capabilities: service.capabilities ?? [],
    sasl: service.sasl ?? ['PLAIN', 'LOGIN'],
  }
  if (resumed) {
    if (dialogue.afterTls) stream.write(dialogue.afterTls(state))
  } else {
    greet(stream, fault, { protocol, greeting: dialogue.greeting(state) })
  }

  let buffer = ''
  const onData = (chunk: Buffer) => {
    buffer += chunk.toString('latin1')
    for (let end = buffer.indexOf('\r\n'); end !== -1; end = buffer.indexOf('\r\n')) {
      const line = buffer.slice(0, end)
      buffer = buffer.slice(end + 2)
      world.log.mail.push({ host, port, protocol, secure, line })
      if (fault === 'deaf') continue
      const reply = dialogue.reply(line, state)
      if (reply.then !== 'starttls') {
        stream.write(reply.text)
        if (reply.then !== 'close') continue
        stream.off('data', onData).resume()
        stream.end()
        return
      }
      if (fault === 'starttls-refused') {
        stream.write(TLS_REFUSALS[protocol](line))
        continue
      }
      stream.off('data', onData)
      stream.pause()
      stream.write(reply.text + (fault === 'injection' ? dialogue.injected : ''))
      if (fault !== 'starttls-hang') void upgrade(stream)
      return
    }
  }
  stream.on('data', onData).resume()

  async function upgrade(plain: Duplex): Promise<void> {
    const secured = await world.identities.secure(plain, site)
    secured.once('secure', () => {
      converse(secured, { site, world, secure: true, resumed: true })
    })
  }
}

function greet(
  stream: Duplex,
  fault: MailFault | undefined,
  { protocol, greeting }: { protocol: LabMailProtocol; greeting: string },
): void {
  switch (fault) {
    case 'garbage':
      stream.write(GARBAGE)
      break
    case 'long-line':
      stream.write(LONG_LINE)
      break
    case 'busy':
      stream.end(REFUSALS[protocol])
      break
    case 'endless-greeting': {
      const line = protocol === 'smtp' ? '220-and more\r\n' : '* OK and more\r\n'
      const more = () => {
        if (!stream.destroyed) stream.write(line.repeat(64), () => setImmediate(more))
      }
      more()
      break
    }
    default:
      stream.write(greeting)
  }
}
