/** A real submission server (Postfix; RFC 6409, RFC 8314) that asks Dovecot for passwords and delivers into its mailboxes. */
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MailFace, MailSite } from './mail-face.js'
import { type Daemon, runOrThrow, startDaemon } from './processes.js'

const DAEMONS = '/usr/lib/postfix/sbin'
const QUEUES = [
  'active',
  'bounce',
  'corrupt',
  'defer',
  'deferred',
  'flush',
  'hold',
  'incoming',
  'private',
  'saved',
  'trace',
]
const PORTS = { tls: 465, starttls: 587 } as const

export async function startPostfix(site: MailSite, faces: readonly MailFace[]): Promise<Daemon> {
  const directory = join(site.directory, 'postfix')
  makeQueue(directory)
  const mail = join(site.directory, 'mail')
  mkdirSync(mail)
  chownSync(mail, site.owner.uid, site.owner.gid)
  chmodSync(mail, 0o755)
  writeFileSync(join(directory, 'main.cf'), mainConfiguration(site, directory))
  writeFileSync(join(directory, 'master.cf'), services(faces))
  writeFileSync(
    join(directory, 'mailboxes'),
    site.users.map((user) => `${user} ${user.replace(/(.*)@(.*)/, '$2/$1/')}\n`).join(''),
  )
  const listens = faces.flatMap(({ address, transports }) =>
    transports.map((transport) => `${address} ${PORTS[transport]}`),
  )
  // What `postfix start-fg` would end up with, after two seconds of checks of an installation that is the package's.
  const daemon = await startDaemon({ command: [`${DAEMONS}/master`, '-d', '-c', directory], listens })
  return { ...daemon, output: () => daemon.output() + readFileSync(`${directory}/maillog`, 'utf8') }
}

/** As `postfix check` makes them. */
function makeQueue(directory: string): void {
  const postfix = Number(runOrThrow('id', ['-u', 'postfix']))
  const postdrop = Number(runOrThrow('getent', ['group', 'postdrop']).split(':')[2])
  for (const name of ['', 'queue', 'queue/pid']) mkdirSync(join(directory, name))
  const make = (name: string, { group = 0, mode = 0o700 } = {}) => {
    mkdirSync(join(directory, name))
    chownSync(join(directory, name), postfix, group)
    chmodSync(join(directory, name), mode)
  }
  make('data')
  for (const name of QUEUES) make(`queue/${name}`)
  make('queue/maildrop', { group: postdrop, mode: 0o730 })
  make('queue/public', { group: postdrop, mode: 0o710 })
}

function mainConfiguration(site: MailSite, directory: string): string {
  const domains = new Set(site.users.map((user) => user.replace(/.*@/, '')))
  return Object.entries({
    compatibility_level: '3.6',
    queue_directory: `${directory}/queue`,
    data_directory: `${directory}/data`,
    command_directory: '/usr/sbin',
    daemon_directory: DAEMONS,
    mail_owner: 'postfix',
    setgid_group: 'postdrop',
    maillog_file: `${directory}/maillog`,
    maillog_file_prefixes: directory,
    myhostname: 'mail.hoster.lab',
    mydestination: '',
    mynetworks: '',
    alias_maps: '',
    // Nothing leaves this machine, not even a question.
    disable_dns_lookups: 'yes',
    smtpd_peername_lookup: 'no',
    default_transport: 'error:nothing is delivered elsewhere',
    virtual_mailbox_domains: [...domains].join(' '),
    virtual_mailbox_maps: `texthash:${directory}/mailboxes`,
    virtual_mailbox_base: `${site.directory}/mail`,
    virtual_minimum_uid: '1',
    virtual_uid_maps: `static:${site.owner.uid}`,
    virtual_gid_maps: `static:${site.owner.gid}`,
    smtpd_sasl_type: 'dovecot',
    smtpd_sasl_path: `${site.directory}/dovecot/auth`,
    smtpd_sasl_auth_enable: 'yes',
    smtpd_relay_restrictions: 'permit_sasl_authenticated, reject',
    smtpd_recipient_restrictions: 'permit_sasl_authenticated, reject',
    smtpd_tls_auth_only: 'yes',
    smtpd_tls_security_level: 'encrypt',
  })
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('')
}

/** The services of master(5) that a submission server needs, and one smtpd for each port. */
function services(faces: readonly MailFace[]): string {
  const submission = faces.flatMap((face) =>
    face.transports.map((transport) => [
      `${face.address}:${PORTS[transport]} inet n - n - - smtpd`,
      ...options(face, transport).map((option) => `  -o ${option}`),
    ]),
  )
  return [
    ...submission.flat(),
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'error unix - - n - - error',
    'virtual unix - n n - - virtual',
    'anvil unix - - n - 1 anvil',
    'proxymap unix - - n - - proxymap',
    'postlog unix-dgram n - n - 1 postlogd',
    '',
  ].join('\n')
}

function options(face: MailFace, transport: 'tls' | 'starttls'): string[] {
  if (face.tls === 'none') return ['smtpd_tls_security_level=none', 'smtpd_tls_auth_only=no']
  return [
    `smtpd_tls_chain_files=${face.certificate}`,
    ...(transport === 'tls' ? ['smtpd_tls_wrappermode=yes'] : []),
    ...(face.tls === 'old'
      ? ['smtpd_tls_mandatory_protocols=<=TLSv1.1', 'tls_medium_cipherlist=ALL:@SECLEVEL=0']
      : []),
  ]
}
