/**
 * The settings of the process (design section 5): the only reader of the environment. A wrong value stops the start with
 * one line that names the variable.
 */
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { SOURCE_NAMES, sourceNameSchema } from './domain/mail-settings.js'

const list = (text: string) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

const port = z.coerce.number().int().min(0).max(65535)
const onOff = z.enum(['on', 'off']).transform((value) => value === 'on')
const trueFalse = z.enum(['true', 'false']).transform((value) => value === 'true')
const httpsUrl = z.url({ protocol: /^https$/, error: 'must be an https:// URL' })
const cidr = z
  .string()
  .refine((text) => ipaddr.isValidCIDR(text), 'must be networks such as 10.0.0.0/8,fd00::/8')
const perMinute = z.coerce.number().int().min(1).max(1_000_000)
/** What Fastify takes for `trustProxy`, except `true`: everybody's word about his own address is no limit at all. */
const trustProxy = z
  .string()
  .refine(
    (text) => /^[1-9]$/.test(text) || (list(text).length > 0 && list(text).every(isProxy)),
    'must be the addresses or networks of your proxies, such as 10.0.0.0/8 or loopback, or their number in a row',
  )
  .transform((text) => (/^\d+$/.test(text) ? Number(text) : list(text)))
const dnsServer = z.string().refine(isDnsServer, 'must be ip, ip:port, [ipv6]:port or an https:// URL')

function isProxy(text: string): boolean {
  const named = ['loopback', 'linklocal', 'uniquelocal'].includes(text)
  return named || ipaddr.isValidCIDR(text) || (/[.:]/.test(text) && ipaddr.isValid(text))
}

/** What `createDnsResolver` takes; asked here, so that a slip is one line that names the variable. */
function isDnsServer(text: string): boolean {
  if (text.startsWith('https://')) return URL.canParse(text)
  if (isIp(text, 4) || isIp(text, 6)) return true
  const [, v6, v4 = '', digits = '53'] = /^(?:\[(.+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const isAddress = v6 === undefined ? isIp(v4, 4) : isIp(v6, 6)
  return isAddress && Number(digits) >= 1 && Number(digits) <= 65_535
}

function isIp(text: string, family: 4 | 6): boolean {
  return (family === 4 ? z.ipv4() : z.ipv6()).safeParse(text).success
}

const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(8080),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  MAILSCOUT_DNS_SERVERS: z.string().default('').transform(list).pipe(z.array(dnsServer)),
  MAILSCOUT_DNSSEC: z.enum(['off', 'trust-ad']).default('off'),
  MAILSCOUT_ISPDB_URLS: z
    .string()
    .default('https://autoconfig.thunderbird.net/v1.1/')
    .transform(list)
    .pipe(z.array(httpsUrl)),
  MAILSCOUT_PROVIDERS_DIR: z.string().min(1).optional(),
  MAILSCOUT_BUILTIN_PROVIDERS: onOff.default(true),
  MAILSCOUT_SOURCES: z
    .string()
    .default(SOURCE_NAMES.join(','))
    .transform(list)
    .pipe(z.array(sourceNameSchema).min(1, 'must name at least one source')),
  MAILSCOUT_BUDGET_MS: z.coerce.number().int().min(100).max(60_000).default(5000),
  MAILSCOUT_ALLOW_NETWORKS: z.string().default('').transform(list).pipe(z.array(cidr)),
  MAILSCOUT_ALLOW_SPECIAL_USE_NAMES: trueFalse.default(false),
  MAILSCOUT_PUBLIC_URL: httpsUrl.optional(),
  MAILSCOUT_RATE_LIMIT_MAX: perMinute.default(600),
  MAILSCOUT_RATE_LIMIT_COLD_MAX: perMinute.default(30),
  MAILSCOUT_MAX_COLD_LOOKUPS: z.coerce.number().int().min(1).max(1024).default(16),
  MAILSCOUT_TRUST_PROXY: trustProxy.optional(),
  MAILSCOUT_CACHE_MB: z.coerce.number().int().min(1).max(65_536).default(64),
  MAILSCOUT_SIGNING_CERT: z.string().min(1).optional(),
  MAILSCOUT_SIGNING_KEY: z.string().min(1).optional(),
  MAILSCOUT_SIGNING_CHAIN: z.string().min(1).optional(),
  MAILSCOUT_SIGNING_ALLOW_SELF_SIGNED: trueFalse.default(false),
  MAILSCOUT_SELF_CHECK: onOff.default(true),
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
  const parsed = environmentSchema.safeParse(set)
  if (parsed.success) {
    requireSigningPair(parsed.data)
    return Object.freeze(parsed.data)
  }
  const [issue] = parsed.error.issues
  throw new ConfigError(`${String(issue?.path[0])}: ${issue?.message ?? 'wrong value'}`)
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

/** The environment of this process. */
export function processConfig(): Config {
  return readConfig(process.env)
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
