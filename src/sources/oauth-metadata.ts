/**
 * RFC 8414 (and OpenID Connect Discovery, section 4): where an issuer's sign-in pages are, for settings that name the
 * issuer alone. Asked without redirects, and believed only when the document names the same issuer (R30).
 */
import type { Hostname } from '../domain/hostname.js'
import type { OAuth2 } from '../domain/mail-settings.js'
import type { Finding, HttpClient, Source, SourceOutcome } from '../domain/source.js'
import { readJson, textMember } from '../formats/json-document.js'
import { readLink } from '../formats/server-fields.js'

/** Milliseconds. The endpoints are an extra: the servers found must not wait long for them. */
const METADATA_TIMEOUT_MS = 1500

export interface OAuthMetadataParts {
  readonly http: HttpClient
  readonly timeoutMs?: number
}

/** The same source, with the endpoints of its issuers filled in where they are missing. */
export function withOAuthMetadata(source: Source, parts: OAuthMetadataParts): Source {
  return {
    name: source.name,
    async find(query) {
      const outcome = await source.find(query)
      if (outcome.outcome !== 'found') return outcome
      const { domain, signal } = query
      const findings = await Promise.all(
        outcome.findings.map((finding) => complete(finding, { ...parts, domain, signal })),
      )
      return { ...outcome, findings } satisfies SourceOutcome
    },
  }
}

interface Means extends OAuthMetadataParts {
  readonly domain: Hostname
  readonly signal: AbortSignal
}

async function complete(finding: Finding, means: Means): Promise<Finding> {
  const { oauth2, channel } = finding
  // A hint of anybody's must not send us to his issuer.
  if (oauth2 === undefined || channel === 'insecure') return finding
  if (oauth2.authorizationUrl !== undefined && oauth2.tokenUrl !== undefined) return finding
  return { ...finding, oauth2: await completeOAuth(oauth2, means) }
}

async function completeOAuth(
  oauth2: OAuth2,
  { http, domain, signal, timeoutMs = METADATA_TIMEOUT_MS }: Means,
): Promise<OAuth2> {
  const timeLimit = AbortSignal.timeout(timeoutMs)
  const answers = metadataUrls(oauth2.issuer).map(async (url) => {
    const answer = await http.request({
      url,
      signal: AbortSignal.any([signal, timeLimit]),
      accept: 'application/json',
      maxRedirects: 0,
    })
    return answer.kind === 'found' && answer.response.status < 300 ? answer.response.body : null
  })
  for (const answer of await Promise.allSettled(answers)) {
    signal.throwIfAborted()
    if (answer.status === 'rejected' && !timeLimit.aborted) throw answer.reason
    const endpoints =
      answer.status === 'fulfilled' && answer.value ? readMetadata(answer.value, oauth2.issuer, domain) : null
    if (endpoints) return { ...endpoints, ...oauth2 }
  }
  return oauth2
}

/** RFC 8414 section 3.1 puts the well-known part before the issuer's path, OpenID Connect behind it. */
function metadataUrls(issuer: string): string[] {
  // A bare host name is no issuer identifier (RFC 8414 section 2), and completing it would be a guess.
  if (!issuer.startsWith('https://') || !URL.canParse(issuer)) return []
  const { origin, pathname, search, hash } = new URL(issuer)
  if (search !== '' || hash !== '') return []
  const path = pathname.replace(/\/$/, '')
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ]
}

function readMetadata(
  body: Uint8Array,
  issuer: string,
  domain: Hostname,
): Pick<OAuth2, 'authorizationUrl' | 'tokenUrl'> | null {
  const json = readJson(body)
  // RFC 8414 section 3.3: anything but the identical string would let one server speak for another.
  if (!json.ok || textMember(json.value, 'issuer') !== issuer) return null
  const authorizationUrl = readLink(textMember(json.value, 'authorization_endpoint'), domain)
  const tokenUrl = readLink(textMember(json.value, 'token_endpoint'), domain)
  if (authorizationUrl === null || tokenUrl === null) return null
  return { authorizationUrl, tokenUrl }
}
