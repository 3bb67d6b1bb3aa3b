/**
 * Answers from the cache as bytes: rendered for the first asker of a domain, format and language, and only joined with
 * the address for all others. What is kept is another answer's as soon as its stamp is.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Discovery } from '../domain/discovery.js'
import type { EmailAddress } from '../domain/email-address.js'
import type { Hostname } from '../domain/hostname.js'
import type { Kept } from '../domain/kept.js'
import { ADDRESS_MARKS, addressValues, fill, isPlain, splice } from '../formats/spliced-text.js'
import type { AppParts } from './app-parts.js'
import type { DiscoverOptions } from './discover-options.js'
import { etagOf, isKnown, MAX_AGE_SECONDS } from './etag.js'
import type { AboutReady, Ready } from './ready.js'

/** Rendered and cut, without the data of the kept answer. */
type Made = Omit<AboutReady, 'stamp' | 'lookedUpAt' | 'ttlSeconds'> & Pick<Ready, 'octets'>

export interface ReadyQuestion {
  readonly kept: Kept<Discovery>
  readonly domain: Hostname
  /** Format, language and whatever else the bytes depend on. */
  readonly variant: string
  /** @returns null where these settings have no such format: not this way then */
  readonly make: (discovery: Discovery) => Made | null
}

/** From the shelf, or made now. Null where nothing was found: a problem is nothing that is kept here. */
export function readyAnswer({ ready: shelf, metrics }: AppParts, question: ReadyQuestion): Ready | null {
  const { kept, domain, variant } = question
  const key = `${variant} ${domain}`
  const found = shelf?.get(key)
  if (found?.about.stamp === kept.stamp) {
    metrics?.countAnswer('ready')
    return found
  }
  const discovery = kept.value()
  const made = discovery.kind === 'found' ? question.make(discovery) : null
  if (made === null) return null
  metrics?.countAnswer('memory')
  const { lookedUpAt, ttlSeconds } = discovery
  const { octets, ...cuts } = made
  const fresh = { about: { stamp: kept.stamp, lookedUpAt, ttlSeconds, ...cuts }, octets }
  shelf?.set(key, fresh)
  return fresh
}

/** Of a document that is the same for everybody. */
export function madeForAll(document: string | null): Made | null {
  return document === null ? null : { ...splice(document, []), etag: etagOf(document) }
}

/** Of a document that was rendered for the stand-in of `formats/spliced-text`. */
export function madeForAddresses(document: string | null): Made | null {
  return document === null ? null : splice(document, ADDRESS_MARKS)
}

/** Of JSON answers: whatever of the options changes the words or the advice. */
export function variantOf(
  format: string,
  language: string,
  options: Pick<DiscoverOptions, 'devices' | 'keep' | 'allowCleartext'>,
): string {
  const { devices = '', keep = '', allowCleartext } = options
  return `${format} ${language} ${devices} ${keep} ${allowCleartext ? 'cleartext' : ''}`
}

/** Whether the address can be put into ready bytes: its login is its own, and nothing in it has to be escaped. */
export function canBeSpliced({ operator }: AppParts, { localPart, domain }: EmailAddress): boolean {
  return isPlain(localPart) && operator?.hasLogins(domain) !== true
}

/** Sends the answer for one address. @param now milliseconds since the epoch */
export function sendReadyFor(
  reply: FastifyReply,
  ready: Ready,
  { email, now }: { readonly email: EmailAddress; readonly now: number },
): FastifyReply {
  const seconds = Math.max(0, Math.floor((now - ready.about.lookedUpAt) / 1000))
  return sendOctets(reply, fill(ready.octets, ready.about, addressValues(email.localPart, seconds)))
}

/** Sends what is the same for everybody, or 304. */
export function sendReady(call: {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly ready: Ready
}): FastifyReply {
  const { request, reply, ready } = call
  const { etag, ttlSeconds } = ready.about
  if (etag === undefined) throw new Error('the bytes are not the same for everybody')
  const maxAgeSeconds = Math.min(MAX_AGE_SECONDS, ttlSeconds)
  if (isKnown({ request, reply, etag, maxAgeSeconds })) return reply.code(304).send()
  return sendOctets(reply, fill(ready.octets, ready.about, []))
}

/**
 * Octets, one character for each, past Fastify, which would count and encode them anew. Its hooks for the end of a
 * response run all the same.
 */
export function sendOctets(reply: FastifyReply, octets: string): FastifyReply {
  reply.hijack()
  const headers = reply.getHeaders()
  const head: (string | number | string[])[] = ['content-length', octets.length]
  for (const name in headers) head.push(name, headers[name] ?? '')
  reply.raw.writeHead(reply.statusCode, head)
  reply.raw.end(octets, 'latin1')
  return reply
}
