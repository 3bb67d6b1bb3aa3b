/**
 * The settings of the process (design section 5): the only reader of the environment. A wrong value stops the start with
 * one line that names the variable.
 */
import { z } from 'zod'
import {
  cidr,
  dnsServer,
  host,
  httpsUrl,
  list,
  onOff,
  perMinute,
  trueFalse,
  trustProxy,
  valkeyUrl,
  whole,
  workers,
} from './config-values.js'
import { SOURCE_NAMES, sourceNameSchema } from './domain/mail-settings.js'

/**
 * Every setting with what it means, in its unit; what stands here goes into docs/configuration.md and .env.example
 * (`npm run configuration`). The description comes last: wrapping a schema loses it.
 */
const environmentSchema = z.object({
  HOST: host
    .default('127.0.0.1')
    .describe('Address or host name to listen at; `0.0.0.0` or `::` in a container.'),
  PORT: whole(0, 65_535).default(8080).describe('TCP port to listen at; 0 takes any free one.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('From which level on lines are logged.'),
  MAILSCOUT_LOG_DOMAINS: z
    .enum(['plain', 'hash', 'off'])
    .default('plain')
    .describe(
      'How the log names the domain that was looked up: as it is, by a keyed hash, or not at all. Addresses are in none.',
    ),
  MAILSCOUT_LOG_KEY: z
    .string()
    .min(16, 'must have at least 16 characters')
    .optional()
    .describe(
      'Key of those hashes, a secret of at least 16 characters: the same domain then has the same hash in all processes ' +
        'and after a restart; without it each process makes its own.',
    ),
  MAILSCOUT_DNS_SERVERS: z
    .string()
    .default('')
    .transform(list)
    .pipe(z.array(dnsServer))
    .describe(
      'List of name servers: `ip`, `ip:port`, `[ipv6]:port` or `https://…/dns-query`; without it those of the system.',
    ),
  MAILSCOUT_DNSSEC: z
    .enum(['off', 'trust-ad'])
    .default('off')
    .describe(
      '`trust-ad` believes the AD bit of answers: where the name server validates and the way to it is safe.',
    ),
  MAILSCOUT_ISPDB_URLS: z
    .string()
    .default('https://autoconfig.thunderbird.net/v1.1/')
    .transform(list)
    .pipe(z.array(httpsUrl))
    .describe('List of https base URLs of ISPDB databases; set but empty: none is asked.'),
  MAILSCOUT_PROVIDERS_DIR: z
    .string()
    .min(1)
    .optional()
    .describe('Directory of your own provider files, reread when they change (docs/provider-data.md).'),
  MAILSCOUT_BUILTIN_PROVIDERS: onOff('on').describe('Whether the built-in provider database is used.'),
  MAILSCOUT_SOURCES: z
    .string()
    .default(SOURCE_NAMES.join(','))
    .transform(list)
    .pipe(z.array(sourceNameSchema).min(1, 'must name at least one source'))
    .describe('List of the sources that run; their order here changes nothing.'),
  MAILSCOUT_BUDGET_MS: whole(100, 60_000).default(5000).describe('Milliseconds one lookup may take.'),
  MAILSCOUT_SPECULATION: onOff('on').describe(
    'Whether the usual host names of a domain are tried while better sources are still on their way; off is slower ' +
      'where only guessing finds something, and knocks at fewer hosts.',
  ),
  MAILSCOUT_ALLOW_NETWORKS: z
    .string()
    .default('')
    .transform(list)
    .pipe(z.array(cidr))
    .describe(
      'List of networks that may be dialled besides public ones, such as `10.0.0.0/8`, for intranets and labs.',
    ),
  MAILSCOUT_ALLOW_SPECIAL_USE_NAMES: trueFalse('false').describe(
    'Whether names such as `.test` or `.internal` are looked up, for labs.',
  ),
  MAILSCOUT_PUBLIC_URL: httpsUrl
    .optional()
    .describe('The https base URL of this service, for QR codes, links and zone records.'),
  MAILSCOUT_RATE_LIMIT_MAX: perMinute.default(600).describe('Requests per minute and client.'),
  MAILSCOUT_RATE_LIMIT_COLD_MAX: perMinute
    .default(30)
    .describe('Of those, requests per minute and client that start a lookup.'),
  MAILSCOUT_TOKENS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'File with the bearer tokens of clients that have limits of their own, reread when it changes; with it ' +
        '`refresh=true` needs one (docs/operating.md).',
    ),
  MAILSCOUT_MAX_COLD_LOOKUPS: whole(1, 1024)
    .default(16)
    .describe(
      'Lookups at a time for all clients of a process; a few more wait for a second, then the answer is `OVERLOADED`.',
    ),
  MAILSCOUT_TRUST_PROXY: trustProxy
    .optional()
    .describe(
      'Whose `X-Forwarded-For` names the client: list of addresses and networks of your proxies (`loopback`, ' +
        '`linklocal`, `uniquelocal`, `10.0.0.0/8`), or how many stand in a row, 1 to 9; without it nobody’s.',
    ),
  MAILSCOUT_CACHE_MB: whole(1, 65_536).default(64).describe('Memory for kept answers, in megabytes (MiB).'),
  MAILSCOUT_CACHE_SNAPSHOT: z
    .string()
    .min(1)
    .optional()
    .describe(
      'File that kept answers are written to at the end and every quarter of an hour, and read from at the start; with ' +
        'several processes the number of each is added. Without it a restart starts cold.',
    ),
  MAILSCOUT_WORKERS: workers
    .default(1)
    .describe(
      'Processes that serve on the same port, or `auto` for as many as there are cores; they divide the cache’s memory, ' +
        'and count limits together where there is Valkey (docs/operating.md).',
    ),
  MAILSCOUT_VALKEY_URL: valkeyUrl
    .optional()
    .describe(
      'Valkey or Redis whose cache and limits all processes share, `redis://` or `rediss://` with TLS ' +
        '(docs/operating.md); without it each has its own.',
    ),
  MAILSCOUT_SIGNING_CERT: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file with the certificate that signs profiles of own domains (docs/signed-profiles.md).'),
  MAILSCOUT_SIGNING_KEY: z.string().min(1).optional().describe('PEM file with its private key.'),
  MAILSCOUT_SIGNING_CHAIN: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file with the certificates between it and its root.'),
  MAILSCOUT_SIGNING_ALLOW_SELF_SIGNED: trueFalse('false').describe(
    'Whether that certificate may be signed by itself, for labs.',
  ),
  MAILSCOUT_SELF_CHECK: onOff('on').describe(
    'Whether what your own domains publish is compared with your files at the start; differences go to the log.',
  ),
})

export type Config = Readonly<z.output<typeof environmentSchema>>

/** One line, ready for standard error. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Reads the environment; an empty variable counts as unset. @throws ConfigError */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
  // A misspelled variable would silently leave its default in force.
  const unknown = Object.keys(set).find(
    (name) => name.startsWith('MAILSCOUT_') && !Object.hasOwn(environmentSchema.shape, name),
  )
  if (unknown) throw new ConfigError(`${unknown}: this version knows no such setting`)
  // `MAILSCOUT_ISPDB_URLS=` means "none" (design section 5), so here the empty value counts.
  if (environment['MAILSCOUT_ISPDB_URLS'] === '') set['MAILSCOUT_ISPDB_URLS'] = ''
  const parsed = environmentSchema.safeParse(set, { error: clearMessage })
  if (parsed.success) {
    requireSigningPair(parsed.data)
    return Object.freeze(parsed.data)
  }
  const [issue] = parsed.error.issues
  throw new ConfigError(`${String(issue?.path[0])}: ${issue?.message ?? 'wrong value'}`)
}

/** For rules without words of their own; the value itself is never repeated, as it may hold a password. */
function clearMessage(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`
  return 'is no value this setting takes'
}

/** Half a signing set-up would quietly serve unsigned profiles. */
function requireSigningPair(config: Config): void {
  const { MAILSCOUT_SIGNING_CERT: certificate, MAILSCOUT_SIGNING_KEY: key } = config
  if (certificate !== undefined && key === undefined) {
    throw new ConfigError('MAILSCOUT_SIGNING_KEY: is missing beside MAILSCOUT_SIGNING_CERT')
  }
  if (certificate === undefined && (key ?? config.MAILSCOUT_SIGNING_CHAIN) !== undefined) {
    throw new ConfigError('MAILSCOUT_SIGNING_CERT: is missing beside MAILSCOUT_SIGNING_KEY or _CHAIN')
  }
}

export interface Setting {
  readonly name: string
  /** What it does, in which unit; Markdown. */
  readonly meaning: string
  /** Words or bounds that the value must keep to; empty where the meaning says it. */
  readonly values: string
  /** As it would stand in the environment; null: none. */
  readonly fallback: string | null
}

/** Every setting in the order of the table, read from the schema that checks it. */
export function knownSettings(): Setting[] {
  const { properties = {} } = z.toJSONSchema(environmentSchema, { io: 'input' })
  return Object.entries(properties).map(([name, property]) => {
    const {
      description = '',
      enum: words,
      minimum,
      maximum,
      default: fallback = '',
    } = property as z.core.JSONSchema.JSONSchema
    return {
      name,
      meaning: description,
      values: words?.map(String).join(', ') ?? (minimum === undefined ? '' : `${minimum}–${String(maximum)}`),
      fallback: fallback === '' ? null : String(fallback),
    }
  })
}

/** Settings whose whole value is one. */
const SECRETS: ReadonlySet<string> = new Set(['MAILSCOUT_LOG_KEY'])

function withoutSecrets(value: string): string {
  // Up to the last @, for passwords that hold one.
  const anonymous = value.replace(/\/\/[^/\s]*@/g, '//***@')
  return anonymous.replace(/([?&][^=&\s]*(?:pass|secret|token|key)[^=&\s]*=)[^&,\s]*/gi, '$1***')
}

export interface EffectiveSetting {
  readonly name: string
  /** Without what may be a secret in a URL: user, password, and parameters named like one; null: none. */
  readonly value: string | null
  readonly origin: 'environment' | 'default'
}

/** What holds with this environment, fit to be shown. @throws ConfigError */
export function effectiveSettings(
  environment: Readonly<Record<string, string | undefined>>,
): EffectiveSetting[] {
  readConfig(environment)
  return knownSettings().map(({ name, fallback }) => {
    const given = environment[name]
    // The one setting where the empty value counts.
    const isSet = given !== undefined && (given !== '' || name === 'MAILSCOUT_ISPDB_URLS')
    const shown = isSet && SECRETS.has(name) ? '***' : given
    const value = isSet ? withoutSecrets(shown ?? '') : fallback
    return { name, value: value === '' ? null : value, origin: isSet ? 'environment' : 'default' }
  })
}

/** The environment of this process. */
export function processConfig(): Config {
  return readConfig(process.env)
}

/** @throws ConfigError */
export function processSettings(): EffectiveSetting[] {
  return effectiveSettings(process.env)
}

/** Which of several workers this process is, from 0; set by the process above it. */
export function processSlot(): number {
  return Number(process.env['WORKER_SLOT'] ?? 0)
}

export interface Terminal {
  /** `de_DE.UTF-8` becomes `de`. */
  readonly language: string | undefined
  /** https://no-color.org: any value but the empty one turns colours off. */
  readonly noColor: boolean
}

/** What the environment says about the person at the terminal (POSIX.1-2024 section 8.2 for the order of the names). */
export function readTerminal(environment: Readonly<Record<string, string | undefined>>): Terminal {
  const locale = ['LC_ALL', 'LC_MESSAGES', 'LANG'].map((name) => environment[name]).find(Boolean)
  return { language: locale?.split(/[._@]/)[0], noColor: (environment['NO_COLOR'] ?? '') !== '' }
}

export function processTerminal(): Terminal {
  return readTerminal(process.env)
}
