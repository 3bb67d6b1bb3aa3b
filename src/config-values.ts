/** The kinds of values that settings have, each with the words that say what it takes. */
import { availableParallelism } from 'node:os'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'

export const list = (text: string) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

/** A whole number; its bounds stand in the message and in the table of docs/configuration.md. */
export const whole = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error })
}
/** The default stays a word, as it would stand in the environment. */
export const onOff = (fallback: 'on' | 'off') =>
  z
    .enum(['on', 'off'])
    .default(fallback)
    .transform((value) => value === 'on')
export const trueFalse = (fallback: 'true' | 'false') =>
  z
    .enum(['true', 'false'])
    .default(fallback)
    .transform((value) => value === 'true')
export const host = z.string().regex(/^[\w.:%-]+$/, 'must be an address or a host name')
export const httpsUrl = z.url({ protocol: /^https$/, error: 'must be an https:// URL' })
const MAX_WORKERS = 256
export const workers = z
  .string()
  .refine(
    (text) => text === 'auto' || (/^[1-9]\d{0,2}$/.test(text) && Number(text) <= MAX_WORKERS),
    `must be auto or a whole number from 1 to ${MAX_WORKERS}`,
  )
  .transform((text) => (text === 'auto' ? availableParallelism() : Number(text)))
export const valkeyUrl = z.url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' })
export const cidr = z
  .string()
  .refine((text) => ipaddr.isValidCIDR(text), 'must be networks such as 10.0.0.0/8,fd00::/8')
export const perMinute = whole(1, 1_000_000)
/** What Fastify takes for `trustProxy`, except `true`: everybody's word about his own address is no limit at all. */
export const trustProxy = z
  .string()
  .refine(
    (text) => /^[1-9]$/.test(text) || (list(text).length > 0 && list(text).every(isProxy)),
    'must be the addresses or networks of your proxies, such as 10.0.0.0/8 or loopback, or their number in a row',
  )
  .transform((text) => (/^\d+$/.test(text) ? Number(text) : list(text)))
export const dnsServer = z.string().refine(isDnsServer, 'must be ip, ip:port, [ipv6]:port or an https:// URL')

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
