/** Real web hosts (nginx): autoconfig files with every fault of TLS and redirects, and the proxy of deploy/examples. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Daemon, startDaemon } from './processes.js'

export interface WebHost {
  readonly name: string
  readonly address: string
  /** 443, or 80 for plain http. */
  readonly port: 443 | 80
  /** File with key and certificate in PEM. */
  readonly certificate: string
  readonly oldTls?: true
  /** The file at this path, or where it went. */
  readonly path: string
  readonly reply: { readonly xml: string } | { readonly location: string }
}

const OLD_TLS = ['  ssl_protocols TLSv1 TLSv1.1;', '  ssl_ciphers ALL:@SECLEVEL=0;']
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

export async function startWebHosts(directory: string, hosts: readonly WebHost[]): Promise<Daemon> {
  const own = join(directory, 'web')
  mkdirSync(own)
  const servers = hosts.map((host, index) => {
    const file = join(own, `${index}.xml`)
    if ('xml' in host.reply) writeFileSync(file, host.reply.xml)
    return [
      'server {',
      `  listen ${host.address}:${host.port}${host.port === 443 ? ' ssl' : ''};`,
      `  server_name ${host.name};`,
      ...(host.port === 443
        ? [`  ssl_certificate ${host.certificate};`, `  ssl_certificate_key ${host.certificate};`]
        : []),
      ...(host.oldTls ? OLD_TLS : []),
      `  location = ${host.path} {`,
      ...('xml' in host.reply
        ? ['    default_type text/xml;', `    alias ${file};`]
        : [`    return 302 ${host.reply.location};`]),
      '  }',
      '  location / {',
      '    return 404;',
      '  }',
      '}',
    ].join('\n')
  })
  // A name that a server does not know would get the first host's file, as on many a hoster's machine.
  const strangers = new Map(
    hosts.map(({ address, port, oldTls }) => [
      `${address}:${port}`,
      [
        'server {',
        `  listen ${address}:${port}${port === 443 ? ' ssl' : ''} default_server;`,
        // The first host of an address decides which versions it speaks.
        ...(oldTls ? OLD_TLS : []),
        port === 443 ? '  ssl_reject_handshake on;' : '  return 404;',
        '}',
      ].join('\n'),
    ]),
  )
  return startNginx(own, {
    text: `events {\n}\nhttp {\naccess_log off;\n${[...strangers.values(), ...servers].join('\n')}\n}\n`,
    listens: hosts.map(({ address, port }) => `${address} ${port}`),
  })
}

export interface Front {
  readonly address: string
  /** In place of `kunde.example` and `config.hoster.example`. */
  readonly domain: string
  readonly serviceHost: string
  /** `address:port` of mailscout. */
  readonly upstream: string
  /** File with key and certificate in PEM. */
  readonly certificate: string
}

/** The example configuration as it stands, with other names, addresses and places. */
export async function startFront(directory: string, front: Front): Promise<Daemon> {
  const own = join(directory, 'front')
  mkdirSync(own)
  const example = fileURLToPath(new URL('../../../deploy/examples/nginx.conf', import.meta.url))
  const text = readFileSync(example, 'utf8')
    .replaceAll('config.hoster.example', front.serviceHost)
    .replaceAll('kunde.example', front.domain)
    .replace('127.0.0.1:8080', front.upstream)
    .replaceAll(/listen (80|443)/g, `listen ${front.address}:$1`)
    .replaceAll(/\/etc\/ssl\/mailscout\/\w+\.pem/g, front.certificate)
    .replaceAll('/var/log/nginx', own)
  return startNginx(own, { text, listens: [`${front.address} 443`, `${front.address} 80`] })
}

function startNginx(
  directory: string,
  { text, listens }: { readonly text: string; readonly listens: readonly string[] },
): Promise<Daemon> {
  const file = join(directory, 'nginx.conf')
  const places = TEMPORARY.map((part) => `${part}_temp_path ${directory}/${part};`).join(' ')
  writeFileSync(file, text.replace('http {', `http {\n${places}\n`))
  const globals = `daemon off; user nobody nogroup; worker_processes 1; pid ${directory}/pid;`
  return startDaemon({
    command: ['nginx', '-p', directory, '-c', file, '-e', 'stderr', '-g', globals],
    listens,
  })
}
