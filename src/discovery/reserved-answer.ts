/** The answer for names under which nobody can have mail settings. */
import type { Discovery } from '../domain/discovery.js'
import type { Hostname } from '../domain/hostname.js'

/** The registries of special names hardly ever change. */
const RESERVED_TTL_SECONDS = 86_400

/** Special-use names and public suffixes: definitely no configuration, and nobody is asked (R3). */
export function reservedAnswer(domain: Hostname, now: number): Discovery {
  return {
    domain,
    kind: 'reserved',
    provider: null,
    servers: {
      imap: [],
      pop3: [],
      smtp: [],
      jmap: [],
      caldav: [],
      carddav: [],
      managesieve: [],
      exchange: [],
    },
    oauth2: null,
    notices: [],
    warnings: [],
    conflicts: [],
    rejected: [],
    notOffered: [],
    receivesMail: false,
    suggestions: [],
    degraded: false,
    sources: [],
    ttlSeconds: RESERVED_TTL_SECONDS,
    lookedUpAt: now,
  }
}
