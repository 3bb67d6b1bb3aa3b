/** JMAP (RFC 8620 section 2.2): SRV `_jmap._tcp` and `/.well-known/jmap`, which lead to the session resource. */
import type { HttpResponse, Source } from '../domain/source.js'
import { member, readJson, textMember } from '../formats/json-document.js'
import { findServices, type ServiceKind, type ServiceParts } from './well-known-service.js'

const JMAP: ServiceKind = {
  protocol: 'jmap',
  label: '_jmap',
  wellKnown: '/.well-known/jmap',
  pathInTxt: false,
  proves: isSession,
}

export function createJmapSource(parts: ServiceParts): Source {
  return {
    name: 'jmap',
    find: ({ domain, signal }) => findServices([JMAP], { ...parts, domain, signal }),
  }
}

/** RFC 8620 section 2; a web server that answers every path with a page sends no such thing. */
function isSession(response: HttpResponse): boolean {
  if (response.status !== 200) return false
  const json = readJson(response.body)
  return (
    json.ok &&
    textMember(json.value, 'apiUrl') !== null &&
    typeof member(json.value, 'capabilities') === 'object'
  )
}
