/** What the lab has seen: tests assert on it what was asked, what was sent, and what never left. */

export interface DnsEntry {
  readonly name: string
  readonly type: string
  readonly transport: 'udp' | 'tcp' | 'https'
}

/** One attempt to connect, whether anybody listens or not. */
export interface DialEntry {
  readonly address: string
  readonly port: number
  /** The lab host that owns the address; null for addresses outside the lab. */
  readonly host: string | null
}

export interface HttpEntry {
  /** The Host header. */
  readonly host: string
  readonly secure: boolean
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** One TLS handshake that came to its end. */
export interface HandshakeEntry {
  readonly host: string
  readonly port: number
  /** The client resumed an earlier session. */
  readonly resumed: boolean
}

/** One line that a mail server received. */
export interface MailEntry {
  readonly host: string
  readonly port: number
  readonly protocol: string
  /** Whether it came through TLS. */
  readonly secure: boolean
  readonly line: string
}

export class LabLog {
  readonly dns: DnsEntry[] = []
  readonly dials: DialEntry[] = []
  readonly http: HttpEntry[] = []
  readonly mail: MailEntry[] = []
  readonly handshakes: HandshakeEntry[] = []

  /** How often a host, or one of its ports, was dialled. */
  connections(host: string, port?: number): number {
    return this.dials.filter((dial) => dial.host === host && (port === undefined || dial.port === port))
      .length
  }

  /** The lines a mail host received, in order. */
  lines(host: string, port?: number): string[] {
    return this.mail
      .filter((entry) => entry.host === host && (port === undefined || entry.port === port))
      .map((entry) => entry.line)
  }

  /** The paths a web host was asked for, in order. */
  paths(host: string): string[] {
    return this.http.filter((entry) => entry.host === host).map((entry) => entry.path)
  }

  /** Everything as one text: for `t.notMatch(lab.log.everything(), /ann/)`, the proof of R13. */
  everything(): string {
    return JSON.stringify([this.dns, this.dials, this.http, this.mail])
  }

  clear(): void {
    for (const list of [this.dns, this.dials, this.http, this.mail, this.handshakes]) list.length = 0
  }
}
