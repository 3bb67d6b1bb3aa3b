/** Other people's mail programs, each given nothing but an account's settings as it read them from our answer. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ended, run } from './processes.js'

export interface Endpoint {
  readonly hostname: string
  readonly port: number
  readonly security: 'tls' | 'starttls'
  readonly username: string
}

export interface Account {
  readonly imap: Endpoint
  readonly pop3: Endpoint
  readonly smtp: Endpoint
}

export interface ClientSite {
  readonly directory: string
  readonly resolver: string
  readonly caFile: string
  readonly password: string
}

/**
 * A command that asks our resolver instead of the machine's: in a mount namespace of its own, so that nothing outside
 * notices (mount_namespaces(7)).
 */
export function insideNetwork(
  site: Pick<ClientSite, 'directory' | 'resolver'>,
  command: readonly [string, ...string[]],
): [string, ...string[]] {
  const file = join(site.directory, 'resolv.conf')
  writeFileSync(file, `nameserver ${site.resolver}\n`)
  const script = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'
  return ['unshare', '--mount', 'sh', '-c', script, file, ...command]
}

/** Runs a program to its end, inside. */
export function runInside(
  site: ClientSite,
  command: readonly [string, ...string[]],
  input = '',
): Promise<Ended> {
  const [program, ...args] = insideNetwork(site, command)
  return run(program, args, input)
}

export function message(from: string, subject: string): string {
  return [`From: ${from}`, `To: ${from}`, `Subject: ${subject}`, '', 'Written by a test.', ''].join('\r\n')
}

/** curl: one program for all three protocols. */
export function curl(site: ClientSite, endpoint: Endpoint, use: CurlUse): Promise<Ended> {
  const scheme = `${use.protocol}${endpoint.security === 'tls' ? 's' : ''}`
  return runInside(
    site,
    [
      ...(['curl', '--silent', '--show-error', '--max-time', '10', '--cacert', site.caFile] as const),
      ...(endpoint.security === 'starttls' ? ['--ssl-reqd'] : []),
      ...['--user', `${endpoint.username}:${site.password}`],
      ...(use.input === undefined
        ? []
        : ['--mail-from', endpoint.username, '--mail-rcpt', endpoint.username, '--upload-file', '-']),
      `${scheme}://${endpoint.hostname}:${endpoint.port}/${use.path ?? ''}`,
    ],
    use.input,
  )
}

export interface CurlUse {
  readonly protocol: 'imap' | 'pop3' | 'smtp'
  readonly path?: string
  /** A message to be sent. */
  readonly input?: string
}

/** msmtp sends. */
export function msmtp(site: ClientSite, { smtp }: Account, text: string): Promise<Ended> {
  const file = secretFile(site, 'msmtprc', [
    'defaults',
    'auth on',
    'tls on',
    `tls_starttls ${smtp.security === 'starttls' ? 'on' : 'off'}`,
    `tls_trust_file ${site.caFile}`,
    'account default',
    `host ${smtp.hostname}`,
    `port ${smtp.port}`,
    `from ${smtp.username}`,
    `user ${smtp.username}`,
    `password ${site.password}`,
  ])
  return runInside(site, ['msmtp', `--file=${file}`, smtp.username], text)
}

/** mbsync copies the mailbox over IMAP. @returns what it said, and the folder it copied to */
export async function mbsync(site: ClientSite, { imap }: Account): Promise<Ended & { folder: string }> {
  const folder = join(site.directory, 'mbsync')
  mkdirSync(folder)
  const file = secretFile(site, 'mbsyncrc', [
    'IMAPAccount ann',
    `Host ${imap.hostname}`,
    `Port ${imap.port}`,
    `SSLType ${imap.security === 'tls' ? 'IMAPS' : 'STARTTLS'}`,
    'SystemCertificates no',
    `CertificateFile ${site.caFile}`,
    `User ${imap.username}`,
    `Pass ${site.password}`,
    '',
    'IMAPStore far',
    'Account ann',
    '',
    'MaildirStore near',
    `Path ${folder}/`,
    `Inbox ${folder}/INBOX`,
    '',
    'Channel all',
    'Far :far:',
    'Near :near:',
    'Patterns INBOX',
    'Create Near',
    'Sync Pull New',
    `SyncState ${site.directory}/`,
  ])
  const ended = await runInside(site, ['mbsync', '--config', file, '--all'])
  return { ...ended, folder: join(folder, 'INBOX') }
}

/** fetchmail downloads over POP3 and leaves the mail where it is. @returns what it said, and what it was given */
export async function fetchmail(site: ClientSite, { pop3 }: Account): Promise<Ended & { mail: string }> {
  const mail = join(site.directory, 'fetched')
  const file = secretFile(site, 'fetchmailrc', [
    `poll ${pop3.hostname} protocol POP3 port ${pop3.port}`,
    `  user "${pop3.username}" password "${site.password}"`,
    `  ${pop3.security === 'tls' ? 'ssl' : 'sslproto "TLS1.2+"'} sslcertck sslcertfile "${site.caFile}"`,
    `  keep fetchall mda "cat >> ${mail}"`,
  ])
  const ended = await runInside(site, [
    ...(['env', `FETCHMAILHOME=${site.directory}`, 'fetchmail', '--nodetach', '--nosyslog'] as const),
    ...['--fetchmailrc', file],
  ])
  return { ...ended, mail: ended.status === 0 ? readFileSync(mail, 'utf8') : '' }
}

/** They refuse to read a password from a file that others may read. */
function secretFile(site: ClientSite, name: string, lines: readonly string[]): string {
  const file = join(site.directory, name)
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  return file
}

/** Python's own libraries read a profile, log in where it says, send and read. @returns the subjects it read */
export function python(site: ClientSite, profile: string, use: 'send' | 'read'): Promise<Ended> {
  return runInside(site, ['/usr/bin/python3', '-c', PYTHON, use, site.caFile, site.password], profile)
}

const PYTHON = `
import imaplib, plistlib, poplib, smtplib, ssl, sys
use, ca, password = sys.argv[1:]
[mail] = [part for part in plistlib.loads(sys.stdin.buffer.read())["PayloadContent"]
          if part["PayloadType"] == "com.apple.mail.managed"]
tls = ssl.create_default_context(cafile=ca)
def server(prefix):
    assert mail[prefix + "MailServerUseSSL"] is True
    assert mail[prefix + "MailServerAuthentication"] == "EmailAuthPassword"
    return (mail[prefix + "MailServerHostName"], mail[prefix + "MailServerPortNumber"],
            mail[prefix + "MailServerUsername"])
if use == "send":
    host, port, user = server("Outgoing")
    with smtplib.SMTP_SSL(host, port, context=tls, timeout=10) as smtp:
        smtp.login(user, password)
        address = mail["EmailAddress"]
        smtp.sendmail(address, [address], "From: %s\\r\\nTo: %s\\r\\nSubject: sent by Python\\r\\n\\r\\nText\\r\\n" % (address, address))
else:
    host, port, user = server("Incoming")
    if mail["EmailAccountType"] == "EmailTypeIMAP":
        imap = imaplib.IMAP4_SSL(host, port, ssl_context=tls, timeout=10)
        imap.login(user, password)
        imap.select("INBOX", readonly=True)
        for number in imap.search(None, "ALL")[1][0].split():
            print(imap.fetch(number, "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1][0][1].decode().strip())
        imap.logout()
    else:
        pop = poplib.POP3_SSL(host, port, context=tls, timeout=10)
        pop.user(user)
        pop.pass_(password)
        for number in range(1, len(pop.list()[1]) + 1):
            print(*[line.decode() for line in pop.top(number, 0)[1] if line.startswith(b"Subject:")])
        pop.quit()
`
