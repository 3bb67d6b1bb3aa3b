/** What the mail servers of this test show at one address. */
export interface MailFace {
  readonly address: string
  /** `starttls` stands for the ports of STARTTLS, whether it is offered or not. */
  readonly transports: readonly ('tls' | 'starttls')[]
  /** `old`: TLS 1.0 and 1.1 and nothing newer; `none`: no encryption at all. */
  readonly tls: 'good' | 'old' | 'none'
  /** File with key and certificate in PEM. */
  readonly certificate: string
}

export interface MailSite {
  readonly directory: string
  /** Full addresses that have a mailbox; they are the login names. */
  readonly users: readonly string[]
  readonly password: string
  /** Whom mailboxes belong to. */
  readonly owner: { readonly uid: number; readonly gid: number }
}
