/**
 * PACC (draft-ietf-mailmaint-pacc-03): the document at `ua-auto-config.<domain>` and the TXT records that hold its
 * digest, asked at once. Without a matching digest the document is not even parsed (R29). There is no MX fallback.
 */
import { type Hostname, isPublicSuffix } from '../domain/hostname.js'
import type { HttpClient, HttpResponse, Lookup, Resolver, Source, SourceOutcome } from '../domain/source.js'
import { digestMatches, readPacc } from '../formats/pacc.js'
import { DEFAULT_TTL_SECONDS, judgeFailure, nothingAt, wireChannel, withoutQuery } from './web-answer.js'

export function createPaccSource(parts: { readonly http: HttpClient; readonly resolver: Resolver }): Source {
  return {
    name: 'pacc',
    async find({ domain, signal }) {
      // `ua-auto-config.X` under a public suffix X would be a stranger's (R15, C3).
      if (isPublicSuffix(domain)) return { outcome: 'skipped', reason: 'a public suffix has no mailboxes' }
      const document = parts.http.request({
        url: `https://ua-auto-config.${domain}/.well-known/user-agent-configuration.json`,
        signal,
        accept: 'application/json',
        keepInDomain: true,
      })
      document.catch(() => undefined)
      const digests = await parts.resolver.txt(`_ua-auto-config.${domain}`, signal)
      // Whatever is served there could not be used, so nobody needs to wait for it.
      if (digests.kind === 'absent') return { outcome: 'absent', ttlSeconds: digests.ttlSeconds }
      const answer = await document
      if (answer.kind === 'absent') return { outcome: 'absent', ttlSeconds: answer.ttlSeconds }
      if (answer.kind === 'failed') return nothingAt([judgeFailure(answer.failure, 'authenticated')])
      return judge(answer.response, digests, domain)
    },
  }
}

function judge(
  response: HttpResponse,
  digests: Exclude<Lookup<readonly string[]>, { kind: 'absent' }>,
  domain: Hostname,
): SourceOutcome {
  if (digests.kind === 'failed') return { outcome: 'failed', failure: digests.failure }
  const ttlSeconds = Math.min(response.ttlSeconds ?? DEFAULT_TTL_SECONDS, digests.ttlSeconds)
  if (!digestMatches(response.body, digests.value)) {
    return { outcome: 'absent', ttlSeconds, detail: 'the document matches no digest in the DNS' }
  }
  const read = readPacc(response.body, { domain, source: 'pacc' })
  if (!read.ok) return { outcome: 'absent', ttlSeconds, detail: read.failure.detail }
  const { provider, servers, rejected, oauth2 } = read.document
  return {
    outcome: 'found',
    ttlSeconds,
    findings: [
      {
        channel: response.secure && response.stayedInDomain ? 'authenticated' : 'insecure',
        evidence: { where: withoutQuery(response.url), channel: wireChannel(response) },
        servers,
        rejected,
        provider,
        ...(oauth2 ? { oauth2 } : {}),
      },
    ],
  }
}
