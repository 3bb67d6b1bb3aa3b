/**
 * draft-ietf-mailmaint-autoconfig-06, "Mail provider": the domain's own autoconfig file. All places are asked at once;
 * the order of R19 decides: 1.1 https autoconfig host, 1.2 https well-known, 1.3 http autoconfig host as a mere hint (R6).
 */
import { type Hostname, isPublicSuffix, sameRegistrableDomain } from '../domain/hostname.js'
import type { EmailAddress } from '../domain/email-address.js'
import type { HttpClient, Source } from '../domain/source.js'
import {
  type DocumentAnswer,
  type DocumentQuestion,
  fetchAutoconfig,
  firstDocument,
} from './autoconfig-document.js'
import { asTemplate, placeholderAddress } from './placeholder-address.js'

export function createAutoconfigSource(parts: { readonly http: HttpClient }): Source {
  return {
    name: 'autoconfig',
    find({ domain, signal, sendAddress }) {
      const base = { http: parts.http, domain, signal, source: 'autoconfig' } as const
      const parameter = mayHear(domain, sendAddress)
        ? `?emailaddress=${encodeURIComponent(sendAddress.address)}`
        : ''
      const keepInDomain = parameter !== ''
      const own = { ...base, channel: 'authenticated', keepInDomain } as const
      const wellKnown = `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml${parameter}`
      const host = autoconfigHost(domain)
      return firstDocument([
        ...(host ? [askOwn({ ...own, url: `https://${host}/mail/config-v1.1.xml${parameter}` })] : []),
        askOwn({ ...own, url: wellKnown }),
        // Never with the address (R6).
        ...(host
          ? [
              fetchAutoconfig({
                ...base,
                channel: 'insecure',
                url: `http://${host}/mail/config-v1.1.xml`,
                allowHttp: true,
              }),
            ]
          : []),
      ])
    },
  }
}

/** A server that finds the question incomplete is asked once more, with an address that is nobody's (R13). */
async function askOwn(question: DocumentQuestion): Promise<DocumentAnswer> {
  const answer = await fetchAutoconfig(question)
  const incomplete = answer.kind === 'absent' && answer.status === 400 && !question.keepInDomain
  if (!incomplete) return answer
  const { domain } = question
  const url = `${question.url}?emailaddress=${encodeURIComponent(placeholderAddress(domain))}`
  const second = await fetchAutoconfig({ ...question, keepInDomain: true, url })
  if (second.kind !== 'found') return second
  const servers = second.finding.servers.map((server) => asTemplate(server, domain))
  return { ...second, finding: { ...second.finding, servers } }
}

/** `autoconfig.X`, or null where X is a public suffix: that host would be a stranger's (R15, C3, CVE-2024-52508). */
export function autoconfigHost(domain: Hostname): string | null {
  return isPublicSuffix(domain) ? null : `autoconfig.${domain}`
}

/** The address leaves only when the caller opted in, and only to https within its own registrable domain (R13). */
function mayHear(domain: Hostname, address: EmailAddress | undefined): address is EmailAddress {
  return address !== undefined && sameRegistrableDomain(address.domain, domain)
}
