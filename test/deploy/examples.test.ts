/** The example configurations are what their programs accept, as far as these are installed here. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parse } from 'yaml'

const file = (name: string) => fileURLToPath(new URL(`../../deploy/examples/${name}`, import.meta.url))
const missing = (program: string) =>
  spawnSync(program, ['-v']).error === undefined ? false : `${program} is not installed`

t.test('every example hides the question of certificates and sends plain http away', (t) => {
  for (const name of ['Caddyfile', 'nginx.conf', 'traefik.yaml']) {
    const text = readFileSync(file(name), 'utf8')
    t.match(text, '/v1/tls/ask', name)
    t.match(text, '/metrics', name)
    t.match(text, /308|permanent: true/, name)
    t.notMatch(text, /^[^#]*X-Forwarded-Host/m, `${name}: the Host itself decides`)
  }
  t.match(parse(readFileSync(file('traefik.yaml'), 'utf8')), {
    http: { services: { mailscout: { loadBalancer: { passHostHeader: true } } } },
  })
  t.end()
})

t.test('caddy', { skip: missing('caddy') }, (t) => {
  const directory = t.testdir({})
  for (const config of [file('Caddyfile'), file('../compose/Caddyfile')]) {
    const run = spawnSync('caddy', ['validate', '--config', config, '--adapter', 'caddyfile'], {
      encoding: 'utf8',
      env: { ...process.env, HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory },
    })
    t.equal(run.status, 0, run.stderr)
  }
  t.end()
})

t.test('nginx', { skip: missing('nginx') }, (t) => {
  const directory = t.testdir({ 'nginx.conf': '' })
  // Without certificates, privileged ports and the system's directories; everything else as it stands.
  const text = readFileSync(file('nginx.conf'), 'utf8')
    .replace(/listen (80|443)( ssl)?/g, 'listen 127.0.0.1:2$1')
    .replace(/^\s+ssl_.*\n/gm, '')
    .replaceAll('/var/log/nginx', directory)
    .replace(
      'http {',
      [
        'http {',
        ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
          (part) => `${part}_temp_path ${directory};`,
        ),
      ].join('\n'),
    )
  const config = join(directory, 'nginx.conf')
  writeFileSync(config, text)
  const log = join(directory, 'error.log')
  const run = spawnSync(
    'nginx',
    ['-t', '-p', directory, '-c', config, '-e', log, '-g', `pid ${directory}/pid;`],
    {
      encoding: 'utf8',
    },
  )
  t.equal(run.status, 0, run.stderr)
  t.end()
})
