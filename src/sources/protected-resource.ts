/**
 * RFC 9728 (OAuth 2.0 Protected Resource Metadata): which sign-in server a service found by its URL works with. Asked
 * without redirects, believed only when the document speaks of this very URL and the issuer's own metadata (RFC 8414)
 * confirm the issuer (R30).
 */
import type { Hostname } from '../domain/hostname.js'
import type { OAuth2, Protocol } from '../domain/mail-settings.js'
import type { Finding, HttpClient, Source, SourceOutcome, SourceQuery } from '../domain/source.js'
import { member, readJson } from '../formats/json-document.js'
import { readLink } from '../formats/server-fields.js'
import { withOAuthMetadata } from './oauth-metadata.js'

/** Milliseconds for both steps. Sign-in is an extra: the services found must not wait long for it. */
const METADATA_TIMEOUT_MS = 1500
/** Large providers list a few dozen; a mail program asks for a handful. */
const MAX_SCOPES = 20
/** RFC 6749 section 3.3, in a length that names need. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/
const URL_PROTOCOLS: readonly Protocol[] = ['jmap', 'caldav', 'carddav']

export interface ProtectedResourceParts {
  readonly http: HttpClient
  readonly timeoutMs?: number
}

/** The same source, with the confirmed sign-in server of its services filled in; anything else changes nothing. */
export function withProtectedResource(source: Source, parts: ProtectedResourceParts): Source {
  return {
    name: source.name,
    async find(query) {
      const outcome = await source.find(query)
      if (outcome.outcome !== 'found') return outcome
      // SRV record and well-known path often lead to one URL, which is asked once.
      const asked = new Map<string, Promise<OAuth2 | null>>()
      const complete = async (finding: Finding): Promise<Finding> => {
        const resource = resourceOf(finding, query.domain)
        if (resource === null) return finding
        const answer = asked.get(resource) ?? signInAt(resource, { ...parts, finding, query })
        asked.set(resource, answer)
        const oauth2 = await answer
        return oauth2 === null ? finding : { ...finding, oauth2 }
      }
      const findings = await Promise.all(outcome.findings.map(complete))
      return { ...outcome, findings } satisfies SourceOutcome
    },
  }
}

function resourceOf({ oauth2, channel, servers }: Finding, domain: Hostname): string | null {
  // A hint of anybody's must not send us to his issuer.
  if (oauth2 !== undefined || channel === 'insecure') return null
  const services = servers.filter(({ protocol }) => URL_PROTOCOLS.includes(protocol))
  const resource = services.map(({ url }) => readLink(url, domain)).find((url) => url !== null)
  return resource === undefined || /[?#]/.test(resource) ? null : resource
}

interface Means extends ProtectedResourceParts {
  readonly finding: Finding
  readonly query: SourceQuery
}

async function signInAt(resource: string, means: Means): Promise<OAuth2 | null> {
  const { query, http, timeoutMs = METADATA_TIMEOUT_MS } = means
  const timeLimit = AbortSignal.timeout(timeoutMs)
  const signal = AbortSignal.any([query.signal, timeLimit])
  try {
    const answer = await http.request({
      url: metadataUrl(resource),
      signal,
      accept: 'application/json',
      maxRedirects: 0,
    })
    if (answer.kind !== 'found' || answer.response.status !== 200) return null
    const named = readResource(answer.response.body, { resource, domain: query.domain })
    return named === null ? null : await confirmed(named, { ...means, query: { ...query, signal } })
  } catch (error) {
    query.signal.throwIfAborted()
    if (timeLimit.aborted) return null
    throw error
  }
}

/** RFC 9728 section 3.1: the well-known part comes between host and path; a path of "/" alone is left out. */
function metadataUrl(resource: string): string {
  const { origin, pathname } = new URL(resource)
  return `${origin}/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}`
}

function readResource(
  body: Uint8Array,
  { resource, domain }: { readonly resource: string; readonly domain: Hostname },
): OAuth2 | null {
  const json = readJson(body)
  // RFC 9728 section 3.3: anything but the identical string would let one resource speak for another.
  if (!json.ok || member(json.value, 'resource') !== resource) return null
  const issuer = texts(member(json.value, 'authorization_servers')).find((url) => readLink(url, domain))
  if (issuer === undefined) return null
  const scopes = texts(member(json.value, 'scopes_supported')).filter((scope) => SCOPE.test(scope))
  return { issuer, scopes: scopes.slice(0, MAX_SCOPES) }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}

/** The issuer with its endpoints, or null: a resource may name any issuer, so an unconfirmed one is no finding (R30). */
async function confirmed(oauth2: OAuth2, { finding, query, ...parts }: Means): Promise<OAuth2 | null> {
  const findings = [{ ...finding, oauth2 }]
  const named: Source = {
    name: 'jmap',
    find: () => Promise.resolve({ outcome: 'found', findings, ttlSeconds: 0 }),
  }
  const outcome = await withOAuthMetadata(named, parts).find(query)
  const complete = outcome.outcome === 'found' ? outcome.findings[0]?.oauth2 : undefined
  return complete?.authorizationUrl === undefined || complete.tokenUrl === undefined ? null : complete
}
