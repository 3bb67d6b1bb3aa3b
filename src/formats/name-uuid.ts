/** Name-based UUIDs: the same name gives the same UUID on every machine, for ever (RFC 9562 section 5.5, version 5). */
import { hash } from 'node:crypto'

/** RFC 9562 section 6.6: the namespace of DNS names. */
const DNS_NAMESPACE = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex')

/** Version 5 over the DNS namespace, in the upper case that Apple's tools write. */
export function nameUuid(name: string): string {
  const digest = hash('sha1', Buffer.concat([DNS_NAMESPACE, Buffer.from(name)]), 'buffer').subarray(0, 16)
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6)
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = digest.toString('hex').toUpperCase()
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
