/** The settings: what they mean, what they take, one line for each wrong value, and the command that shows them. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import t from 'tap'
import { configCommand } from '../../src/cli/config.js'
import { configurationPage, environmentExample } from '../../src/cli/settings-text.js'
import { type Config, effectiveSettings, knownSettings, readConfig, readTerminal } from '../../src/config.js'
import { start, startFailure } from '../../src/serve.js'

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')

/** What the process says instead of starting; null where it would start. */
async function refusal(environment: Readonly<Record<string, string>>): Promise<string | null> {
  try {
    const running = await start(readConfig({ LOG_LEVEL: 'silent', PORT: '0', ...environment }))
    await running.close()
  } catch (error) {
    return startFailure(error) ?? String(error)
  }
  return null
}

t.test('every setting says what it means, in its unit', (t) => {
  for (const { name, meaning } of knownSettings()) {
    t.match(meaning, /^[A-Z`].{15,}\.$/, `${name} has a description that ends as a sentence`)
    t.notMatch(meaning, /[|\n]/, `${name} fits into a table`)
  }
  const units = { MS: /millisecond/i, MB: /megabyte/i, SECONDS: /second/i, BYTES: /byte/i }
  for (const [ending, unit] of Object.entries(units)) {
    for (const { name, meaning } of knownSettings().filter((setting) => setting.name.endsWith(`_${ending}`)))
      t.match(meaning, unit, `${name} names its unit`)
  }
  t.end()
})

t.test('the page and the example are those of the schema', (t) => {
  t.equal(read('docs/configuration.md'), configurationPage(), 'else: npm run configuration')
  t.equal(read('.env.example'), environmentExample(), 'else: npm run configuration')
  const uncommented = environmentExample().replace(/^#(?=[A-Z_]+=)/gm, '')
  const variables = parseEnv(uncommented)
  t.same(
    Object.keys(variables).sort(),
    knownSettings()
      .map(({ name }) => name)
      .sort(),
  )
  t.same(readConfig(variables), readConfig({}), 'the example changes nothing')
  t.same(parseEnv(environmentExample()), {}, 'and sets nothing as it stands')
  t.end()
})

t.test('defaults, lists and empty values', (t) => {
  t.match(readConfig({}), {
    HOST: '127.0.0.1',
    PORT: 8080,
    MAILSCOUT_BUDGET_MS: 5000,
    MAILSCOUT_SPECULATION: true,
    MAILSCOUT_ALLOW_NETWORKS: [],
    MAILSCOUT_SELF_CHECK: true,
    MAILSCOUT_ALLOW_SPECIAL_USE_NAMES: false,
  })
  t.same(readConfig({ MAILSCOUT_ISPDB_URLS: '' }).MAILSCOUT_ISPDB_URLS, [], 'empty = none')
  const servers = '9.9.9.9, [2620:fe::fe]:53 ,https://dns.example.net/dns-query'
  t.equal(readConfig({ MAILSCOUT_DNS_SERVERS: servers }).MAILSCOUT_DNS_SERVERS.length, 3)
  const ports = '9.9.9.9:5353,2620:fe::fe,[2620:fe::fe],[2620:fe::fe]:65535'
  t.equal(readConfig({ MAILSCOUT_DNS_SERVERS: ports }).MAILSCOUT_DNS_SERVERS.length, 4)
  t.equal(readConfig({ PORT: '' }).PORT, 8080, 'an empty variable counts as unset')
  t.same(readTerminal({ LANG: 'de_DE.UTF-8', NO_COLOR: '1' }), { language: 'de', noColor: true })
  t.same(readTerminal({}), { language: undefined, noColor: false })
  t.end()
})

/** Wrong values of each setting, with what is said of them behind its name; a new setting needs its own. */
const WRONG: Readonly<Record<keyof Config, Readonly<Record<string, RegExp | string>>>> = {
  HOST: { 'a b': 'must be an address or a host name', '192.0.2.1': /^cannot listen \(.*EADDRNOTAVAIL/ },
  PORT: {
    many: 'must be a whole number from 0 to 65535',
    '70000': 'must be a whole number from 0 to 65535',
    '80.5': 'must be a whole number from 0 to 65535',
  },
  LOG_LEVEL: { loud: 'must be one of fatal, error, warn, info, debug, trace, silent' },
  MAILSCOUT_DNS_SERVERS: Object.fromEntries(
    ['dead', '300.1.1.1', '1.2.3.4:99999', '1.2.3.4:0', '[1.2.3.4]:53', '[::1]:x', '010.1.1.1', '1:2']
      .concat('https://', ':53', 'dns.example.net', '9.9.9.9,dead')
      .map((value) => [value, 'must be ip, ip:port, [ipv6]:port or an https:// URL']),
  ),
  MAILSCOUT_CACHE_SNAPSHOT: { '/does/not/exist/cache': '/does/not/exist: cannot be written to (ENOENT)' },
  MAILSCOUT_LOG_DOMAINS: { hashed: 'must be one of plain, hash, off' },
  MAILSCOUT_LOG_KEY: { 'too short': 'must have at least 16 characters' },
  MAILSCOUT_DNSSEC: { on: 'must be one of off, trust-ad' },
  MAILSCOUT_ISPDB_URLS: { 'http://ispdb.example.net/': 'must be an https:// URL' },
  MAILSCOUT_PROVIDERS_DIR: { '/does/not/exist': '/does/not/exist: cannot be read (ENOENT)' },
  MAILSCOUT_BUILTIN_PROVIDERS: { true: 'must be one of on, off' },
  MAILSCOUT_SOURCES: {
    'srv,telepathy': /^must be one of operator, .*guess$/,
    ',': 'must name at least one source',
  },
  MAILSCOUT_BUDGET_MS: {
    '5s': 'must be a whole number from 100 to 60000',
    '99': 'must be a whole number from 100 to 60000',
  },
  MAILSCOUT_ALLOW_NETWORKS: { '10.0.0.0/99': 'must be networks such as 10.0.0.0/8,fd00::/8' },
  MAILSCOUT_ALLOW_SPECIAL_USE_NAMES: { yes: 'must be one of true, false' },
  MAILSCOUT_PUBLIC_URL: { 'mailscout.example': 'must be an https:// URL' },
  MAILSCOUT_RATE_LIMIT_MAX: { '0': 'must be a whole number from 1 to 1000000' },
  MAILSCOUT_RATE_LIMIT_COLD_MAX: { '-1': 'must be a whole number from 1 to 1000000' },
  MAILSCOUT_TOKENS_FILE: { '/does/not/exist': 'cannot be read (ENOENT)' },
  MAILSCOUT_MAX_COLD_LOOKUPS: { '1025': 'must be a whole number from 1 to 1024' },
  MAILSCOUT_TRUST_PROXY: { true: /^must be the addresses or networks of your proxies/ },
  MAILSCOUT_CACHE_MB: { '0': 'must be a whole number from 1 to 65536' },
  MAILSCOUT_SIGNING_CERT: { '/does/not/exist.pem': 'cannot be read (ENOENT)' },
  MAILSCOUT_SIGNING_KEY: { '/does/not/exist.pem': 'cannot be read (ENOENT)' },
  MAILSCOUT_SIGNING_CHAIN: { '/does/not/exist.pem': 'cannot be read (ENOENT)' },
  MAILSCOUT_WORKERS: { '0': 'must be auto or a whole number from 1 to 256', many: 'must be auto or a' },
  MAILSCOUT_VALKEY_URL: { 'https://cache.example': 'must be a redis:// or rediss:// URL' },
  MAILSCOUT_SIGNING_ALLOW_SELF_SIGNED: { '1': 'must be one of true, false' },
  MAILSCOUT_SPECULATION: { no: 'must be one of on, off' },
  MAILSCOUT_SELF_CHECK: { no: 'must be one of on, off' },
}

/** Of settings that mean something only together. */
const BESIDE: Readonly<Partial<Record<string, Readonly<Record<string, string>>>>> = (() => {
  const file = fileURLToPath(import.meta.url)
  return {
    MAILSCOUT_SIGNING_CERT: { MAILSCOUT_SIGNING_KEY: file },
    MAILSCOUT_SIGNING_KEY: { MAILSCOUT_SIGNING_CERT: file },
    MAILSCOUT_SIGNING_CHAIN: { MAILSCOUT_SIGNING_CERT: file, MAILSCOUT_SIGNING_KEY: file },
  }
})()

t.test('one line for each wrong value, and it names the variable', async (t) => {
  for (const { name } of knownSettings()) {
    const values = Object.entries(WRONG[name as keyof Config])
    t.ok(values.length > 0, `${name} has a wrong value to try`)
    for (const [value, said] of values) {
      const line = (await refusal({ ...BESIDE[name], [name]: value })) ?? 'it started'
      t.match(line, new RegExp(`^${name}: [^\n]+$`), `${name}=${value}: one line`)
      t.match(line.slice(name.length + 2), said, `${name}=${value}: ${line}`)
    }
  }
  t.equal(
    await refusal({ MAILSCOUT_BUDGIE_MS: '5000' }),
    'MAILSCOUT_BUDGIE_MS: this version knows no such setting',
  )
  const file = fileURLToPath(import.meta.url)
  t.equal(
    await refusal({ MAILSCOUT_PROVIDERS_DIR: file }),
    `MAILSCOUT_PROVIDERS_DIR: ${file}: cannot be read (ENOTDIR)`,
  )
  const secret = await refusal({ MAILSCOUT_PUBLIC_URL: 'http://ann:geheim@mailscout.example/' })
  t.notMatch(secret, 'geheim', 'a wrong value is not repeated: it may hold a password')
  t.equal(startFailure(new TypeError('a bug')), null)
})

function config(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  let out = ''
  const terminal = {
    out: (text: string) => (out += text),
    err: () => undefined,
    colour: false,
    language: undefined,
  }
  return {
    code: configCommand(args, { terminal, settings: () => effectiveSettings(environment) }),
    out: () => out,
  }
}

t.test('mailscout config', (t) => {
  const environment = {
    MAILSCOUT_CACHE_MB: '256',
    MAILSCOUT_ISPDB_URLS: '',
    MAILSCOUT_SELF_CHECK: '',
    MAILSCOUT_DNS_SERVERS: 'https://ann:geheim@dns.example/q,https://token@dns.example/q?apikey=geheim',
    MAILSCOUT_VALKEY_URL: 'redis://:ge@heim,@valkey:6379/2',
  }
  const { code, out } = config([], environment)
  t.equal(code, 0)
  t.match(out(), /^MAILSCOUT_CACHE_MB +environment +256$/m)
  t.match(out(), /^MAILSCOUT_BUDGET_MS +default +5000$/m)
  t.match(out(), /^MAILSCOUT_ISPDB_URLS +environment +none$/m)
  t.match(out(), /^MAILSCOUT_SELF_CHECK +default +on$/m)
  t.match(out(), 'https://***@dns.example/q,https://***@dns.example/q?apikey=***')
  t.match(out(), 'redis://***@valkey:6379/2')
  t.notMatch(out(), /heim|token/)
  t.equal(out().trim().split('\n').length, knownSettings().length, 'every setting has its line')

  const json = JSON.parse(config(['--json'], environment).out()) as unknown[]
  t.equal(json.length, knownSettings().length)
  t.match(json, { 1: { name: 'PORT', value: '8080', origin: 'default' } })
  t.equal(config(['--example']).out(), environmentExample())
  t.match(config(['--help']).out(), /Exit codes/)
  t.throws(() => config(['--frobnicate']), { name: 'UsageError' })
  t.throws(() => config([], { PORT: 'x' }), { name: 'ConfigError' })
  t.end()
})

t.test('the process ends with code 2 and the one line', (t) => {
  const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
  const run = spawnSync(process.execPath, [...process.execArgv, cli, 'config'], {
    env: { ...process.env, PORT: 'many' },
    encoding: 'utf8',
  })
  t.equal(run.stderr, 'mailscout: PORT: must be a whole number from 0 to 65535\n')
  t.equal(run.stdout, '')
  t.equal(run.status, 2)
  t.end()
})
