/** What the web places of a domain have wrong: channel, certificate, redirects, type, readability (S1 to S3). */
import type { CheckFinding } from '../../domain/check-codes.js'
import type { PlaceObservation } from '../../domain/domain-check.js'
import { type CheckContext, daysUntil, EXPIRY_WARNING_DAYS, isOldTls } from './context.js'

export function webFindings(context: CheckContext): CheckFinding[] {
  const { places, mx } = context.observation
  // Where the name servers are silent, no host can answer: that is said once, by another rule.
  const noNames = mx.kind === 'failed'
  return [
    ...channel(context),
    ...places
      .filter(
        ({ mechanism, outcome }) => mechanism !== 'autoconfig-http' && !(noNames && outcome === 'failed'),
      )
      .flatMap(placeFindings),
    ...expiring(context),
  ]
}

/** S1: clients that do it right refuse http, the others can be lied to. */
function channel({ observation }: CheckContext): CheckFinding[] {
  const published = (mechanism: PlaceObservation['mechanism']) =>
    observation.places.find((place) => place.mechanism === mechanism && place.outcome === 'published')
  const http = published('autoconfig-http')
  if (http === undefined) return []
  const secure = published('autoconfig') ?? published('autoconfig-well-known')
  return [{ code: secure ? 'config-http-too' : 'config-http-only', where: http.where }]
}

function placeFindings(place: PlaceObservation): CheckFinding[] {
  const { where, hostname } = place
  const params = { host: hostname, url: where }
  if (place.outcome === 'failed') return failed(place)
  if (place.outcome === 'absent') return []
  if (place.outcome === 'sign-in') return [{ code: 'exchange-sign-in', where, params }]
  const found: CheckFinding[] = []
  const target = place.redirects.at(-1)
  if (target !== undefined) {
    const code = place.refusedRedirect === 'outside' ? 'redirect-outside' : 'redirect'
    found.push({ code, where, params: { ...params, target } })
  }
  if (place.outcome === 'unreadable') {
    return [...found, { code: 'config-unreadable', where, params: { ...params, reason: place.detail ?? '' } }]
  }
  if (place.contentType?.fits === false) {
    const type = place.contentType.is === '' ? '–' : place.contentType.is
    const right = place.mechanism === 'pacc' ? 'application/json' : 'text/xml; charset=utf-8'
    found.push({ code: 'config-wrong-type', where, params: { ...params, type, right } })
  }
  // Autodiscover is for programs with a body of their own; web pages read the others.
  if (place.allowOrigin === '' && !place.mechanism.startsWith('autodiscover')) {
    found.push({ code: 'config-cors-missing', where, params })
  }
  return found
}

function failed(place: PlaceObservation): CheckFinding[] {
  const { where, hostname, failure, redirects } = place
  const params = { host: hostname, url: where, reason: failure?.detail ?? '' }
  if (place.refusedRedirect === 'to-http') {
    return [{ code: 'redirect-to-http', where, params: { ...params, target: redirects.at(-1) ?? '' } }]
  }
  if (place.refusedRedirect !== undefined) return [{ code: 'redirect-loop', where, params }]
  switch (failure?.code) {
    case 'certificate':
      return [{ code: 'web-certificate', where, params }]
    case 'tls':
      return [{ code: isOldTls(failure.detail) ? 'web-tls-old' : 'web-tls-failed', where, params }]
    case 'timeout':
      return [{ code: 'config-timeout', where, params }]
    // Nobody listens: a name without a service is as good as none, above all under wildcard DNS.
    case 'unreachable':
      return []
    case 'dns':
      return [{ code: 'dns-failed', where: hostname, params: { name: hostname, reason: failure.detail } }]
    default:
      return [{ code: 'config-broken', where, params }]
  }
}

function expiring({ hosts, now }: CheckContext): CheckFinding[] {
  return [...hosts].flatMap(([host, proof]): CheckFinding[] => {
    if (proof.kind !== 'verified') return []
    const days = daysUntil(proof.certificateExpiresAt, now)
    if (days >= EXPIRY_WARNING_DAYS) return []
    return [{ code: 'web-certificate-expiring', where: host, params: { host, days: String(days) } }]
  })
}
