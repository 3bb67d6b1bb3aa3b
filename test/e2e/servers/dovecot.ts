/** A real IMAP, POP3 and ManageSieve server (Dovecot) with one address for each face that it shows. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MailFace, MailSite } from './mail-face.js'
import { type Daemon, startDaemon } from './processes.js'

const PORTS = {
  imap: { tls: 993, starttls: 143 },
  pop3: { tls: 995, starttls: 110 },
  sieve: { tls: undefined, starttls: 4190 },
} as const

/** @param faces all of TLS of today, or all of TLS 1.1 and older: that is set for the whole process */
export async function startDovecot(site: MailSite, faces: readonly MailFace[]): Promise<Daemon> {
  const old = faces.some(({ tls }) => tls === 'old')
  const directory = join(site.directory, old ? 'dovecot-old' : 'dovecot')
  mkdirSync(directory)
  const file = join(directory, 'dovecot.conf')
  writeFileSync(file, configuration({ site, faces, directory, old }))
  writeFileSync(join(directory, 'openssl.cnf'), OLD_TLS)
  writeFileSync(
    join(directory, 'users'),
    site.users.map((user) => `${user}:{PLAIN}${site.password}\n`).join(''),
  )
  const listens = faces.flatMap(({ address, transports }) =>
    transports
      .flatMap((transport) => Object.values(PORTS).flatMap((ports) => ports[transport] ?? []))
      .map((port) => `${address} ${port}`),
  )
  return startDaemon({ command: ['dovecot', '-F', '-c', file], listens })
}

/** TLS 1.1 at most, and the hashes it needs (OpenSSL 3 has them below security level 1 only). */
const OLD_TLS = [
  'openssl_conf = init',
  '[init]',
  'ssl_conf = ssl',
  '[ssl]',
  'system_default = old',
  '[old]',
  'MinProtocol = TLSv1',
  'MaxProtocol = TLSv1.1',
  'CipherString = DEFAULT@SECLEVEL=0',
  '',
].join('\n')

interface Parts {
  readonly site: MailSite
  readonly faces: readonly MailFace[]
  readonly directory: string
  readonly old: boolean
}

function configuration({ site, faces, directory, old }: Parts): string {
  const listeners = (protocol: keyof typeof PORTS): string[] =>
    (['tls', 'starttls'] as const).flatMap((transport) => {
      const port = PORTS[protocol][transport]
      const addresses = faces
        .filter((face) => face.transports.includes(transport))
        .map(({ address }) => address)
      if (port === undefined || addresses.length === 0) return []
      return [
        `inet_listener ${protocol}_${transport} {`,
        `  address = ${addresses.join(' ')}`,
        `  port = ${port}`,
        ...(transport === 'tls' ? ['  ssl = yes'] : []),
        '}',
      ]
    })
  const login = (service: string, protocol: keyof typeof PORTS, unused: readonly string[]) => [
    `service ${service} {`,
    ...unused.map((name) => `inet_listener ${name} {\n  port = 0\n}`),
    ...listeners(protocol),
    '}',
  ]
  return [
    `base_dir = ${directory}/run`,
    `state_dir = ${directory}/state`,
    'log_path = /dev/stderr',
    'protocols = imap pop3 sieve',
    ...login('imap-login', 'imap', ['imap', 'imaps']),
    ...login('pop3-login', 'pop3', ['pop3', 'pop3s']),
    ...login('managesieve-login', 'sieve', ['sieve']),
    `service auth {\nunix_listener ${directory}/auth {\n  mode = 0666\n}\n}`,
    // Mailboxes belong to nobody: no account of the machine is touched.
    `mail_location = maildir:${site.directory}/mail/%d/%n`,
    `first_valid_uid = ${site.owner.uid}`,
    `first_valid_gid = ${site.owner.gid}`,
    `passdb {\n  driver = passwd-file\n  args = ${directory}/users\n}`,
    `userdb {\n  driver = static\n  args = uid=${site.owner.uid} gid=${site.owner.gid} home=${site.directory}/mail/%d/%n\n}`,
    'auth_mechanisms = plain login',
    'disable_plaintext_auth = yes',
    // A wrong password need not cost this login and the next ones seconds.
    'auth_failure_delay = 0 secs',
    'service anvil {\nunix_listener anvil-auth-penalty {\n  mode = 0\n}\n}',
    'ssl = yes',
    `ssl_cert = <${faces[0]!.certificate}`,
    `ssl_key = <${faces[0]!.certificate}`,
    ...(old
      ? [
          `import_environment = TZ OPENSSL_CONF=${directory}/openssl.cnf`,
          'ssl_min_protocol = TLSv1',
          'ssl_cipher_list = ALL:@SECLEVEL=0',
        ]
      : []),
    ...faces.flatMap(({ address, tls, certificate }) => [
      `local ${address} {`,
      ...(tls === 'none'
        ? ['  ssl = no', '  disable_plaintext_auth = no']
        : [`  ssl_cert = <${certificate}`, `  ssl_key = <${certificate}`]),
      '}',
    ]),
    '',
  ].join('\n')
}
