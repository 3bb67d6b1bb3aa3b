/**
 * What the lab's mail servers say: as much of IMAP (RFC 9051), POP3 (RFC 1939, 2449), SMTP (RFC 5321) and ManageSieve
 * (RFC 5804) as happens before anybody logs in. Pure: text in, text out.
 */

export type LabMailProtocol = 'imap' | 'pop3' | 'smtp' | 'managesieve'

export interface DialogueState {
  readonly host: string
  /** Whether TLS is on. */
  readonly secure: boolean
  /** Whether STARTTLS is to be advertised now. */
  readonly offersTls: boolean
  /** Capabilities besides the usual ones, such as IDLE. */
  readonly capabilities: readonly string[]
  readonly sasl: readonly string[]
}

export interface DialogueReply {
  readonly text: string
  readonly then?: 'starttls' | 'close'
}

export interface Dialogue {
  greeting(state: DialogueState): string
  reply(line: string, state: DialogueState): DialogueReply
  /** What the server says unasked when TLS is on. */
  afterTls?(state: DialogueState): string
  /** A line that must never be believed when it comes behind the ready line, before TLS (CVE-2011-0411). */
  readonly injected: string
}

/** Mechanisms are advertised only where a password would be safe (RFC 8314 section 3). */
function mechanisms(state: DialogueState): readonly string[] {
  return state.secure || !state.offersTls ? state.sasl : []
}

function imapCapabilities(state: DialogueState): string {
  return [
    'IMAP4rev1',
    ...state.capabilities,
    ...(state.offersTls ? ['STARTTLS', 'LOGINDISABLED'] : []),
    ...mechanisms(state).map((name) => `AUTH=${name}`),
  ].join(' ')
}

const imap: Dialogue = {
  greeting: (state) => `* OK [CAPABILITY ${imapCapabilities(state)}] ${state.host} ready\r\n`,
  injected: '* CAPABILITY IMAP4rev1 AUTH=INJECTED\r\n',
  reply(line, state) {
    const [tag = '*', command = ''] = line.split(' ')
    switch (command.toUpperCase()) {
      case 'CAPABILITY':
        return { text: `* CAPABILITY ${imapCapabilities(state)}\r\n${tag} OK done\r\n` }
      case 'STARTTLS':
        return state.offersTls
          ? { text: `${tag} OK begin TLS\r\n`, then: 'starttls' }
          : { text: `${tag} BAD no TLS here\r\n` }
      case 'NOOP':
        return { text: `${tag} OK done\r\n` }
      case 'LOGOUT':
        return { text: `* BYE see you\r\n${tag} OK done\r\n`, then: 'close' }
      default:
        return { text: `${tag} BAD unknown command\r\n` }
    }
  },
}

const pop3: Dialogue = {
  greeting: (state) => `+OK ${state.host} ready\r\n`,
  injected: '+OK\r\nSASL INJECTED\r\n.\r\n',
  reply(line, state) {
    switch (line.toUpperCase()) {
      case 'CAPA': {
        const sasl = mechanisms(state)
        const list = [
          'TOP',
          'UIDL',
          ...state.capabilities,
          ...(state.offersTls ? ['STLS'] : []),
          ...(sasl.length > 0 ? ['USER', `SASL ${sasl.join(' ')}`] : []),
        ]
        return { text: `+OK list follows\r\n${list.map((name) => `${name}\r\n`).join('')}.\r\n` }
      }
      case 'STLS':
        return state.offersTls
          ? { text: '+OK begin TLS\r\n', then: 'starttls' }
          : { text: '-ERR no TLS here\r\n' }
      case 'QUIT':
        return { text: '+OK see you\r\n', then: 'close' }
      default:
        return { text: '-ERR unknown command\r\n' }
    }
  },
}

const smtp: Dialogue = {
  greeting: (state) => `220 ${state.host} ESMTP ready\r\n`,
  injected: '250-injected\r\n250 AUTH INJECTED\r\n',
  reply(line, state) {
    switch (line.split(' ')[0]?.toUpperCase()) {
      case 'EHLO': {
        const sasl = mechanisms(state)
        const lines = [
          `${state.host} greets you`,
          'PIPELINING',
          '8BITMIME',
          ...state.capabilities,
          ...(state.offersTls ? ['STARTTLS'] : []),
          ...(sasl.length > 0 ? [`AUTH ${sasl.join(' ')}`] : []),
        ]
        return {
          text: lines.map((text, at) => `250${at === lines.length - 1 ? ' ' : '-'}${text}\r\n`).join(''),
        }
      }
      case 'STARTTLS':
        return state.offersTls
          ? { text: '220 begin TLS\r\n', then: 'starttls' }
          : { text: '502 no TLS here\r\n' }
      case 'NOOP':
      case 'RSET':
        return { text: '250 done\r\n' }
      case 'QUIT':
        return { text: '221 see you\r\n', then: 'close' }
      default:
        return { text: '502 unknown command\r\n' }
    }
  },
}

function sieveCapabilities(state: DialogueState): string {
  const lines = [
    '"IMPLEMENTATION" "lab"',
    `"SIEVE" "${['fileinto', 'vacation', ...state.capabilities].join(' ')}"`,
    `"SASL" "${mechanisms(state).join(' ')}"`,
    ...(state.offersTls ? ['"STARTTLS"'] : []),
    '"VERSION" "1.0"',
  ]
  return `${lines.join('\r\n')}\r\nOK "ready"\r\n`
}

const managesieve: Dialogue = {
  greeting: sieveCapabilities,
  injected: '"SASL" "INJECTED"\r\nOK\r\n',
  // RFC 5804 section 2.2: the server repeats its capabilities as soon as TLS is on.
  afterTls: sieveCapabilities,
  reply(line, state) {
    switch (line.toUpperCase()) {
      case 'CAPABILITY':
        return { text: sieveCapabilities(state) }
      case 'STARTTLS':
        return state.offersTls
          ? { text: 'OK "begin TLS"\r\n', then: 'starttls' }
          : { text: 'NO "no TLS"\r\n' }
      case 'LOGOUT':
        return { text: 'OK "see you"\r\n', then: 'close' }
      default:
        return { text: 'NO "unknown command"\r\n' }
    }
  },
}

export const DIALOGUES: Readonly<Record<LabMailProtocol, Dialogue>> = { imap, pop3, smtp, managesieve }
