/** CalDAV and CardDAV (RFC 6764): SRV `_caldavs._tcp` and `_carddavs._tcp`, TXT `path=`, and `/.well-known/…`. */
import type { HttpResponse, Source } from '../domain/source.js'
import { findServices, type ServiceKind, type ServiceParts } from './well-known-service.js'

const KINDS: readonly ServiceKind[] = (['caldav', 'carddav'] as const).map((protocol) => ({
  protocol,
  // The labels without "s" mean http, over which nobody should send a password (R20).
  label: `_${protocol}s`,
  wellKnown: `/.well-known/${protocol}`,
  pathInTxt: true,
  proves: isDav,
}))

export function createDavSource(parts: ServiceParts): Source {
  return {
    name: 'dav',
    find: ({ domain, signal }) => findServices(KINDS, { ...parts, domain, signal }),
  }
}

/**
 * Beside the demand to sign in: a multistatus, or the end of a redirect to another path (RFC 6764 section 5) that is no
 * page. Parked domains send every path to their home page, so a redirect alone proves nothing.
 */
function isDav({ status, contentType }: HttpResponse, redirected: boolean): boolean {
  if (status === 207) return true
  return redirected && !/html/i.test(contentType)
}
