/**
 * draft-ietf-mailmaint-autoconfig-06, "Mail provider": the domain's own autoconfig file. All places are asked at once;
 * the order of R19 decides: 1.1 https autoconfig host, 1.2 https well-known, 1.3 http autoconfig host as a mere hint (R6).
 */
import { type Hostname, isPublicSuffix, sameRegistrableDomain } from '../domain/hostname.js'
import type { EmailAddress } from '../domain/email-address.js'
import type { HttpClient, Source } from '../domain/source.js'
import { fetchAutoconfig, firstDocument } from './autoconfig-document.js'

export function createAutoconfigSource(parts: { readonly http: HttpClient }): Source {
  return {
    name: 'autoconfig',
    find({ domain, signal, sendAddress }) {
      const base = { http: parts.http, domain, signal, source: 'autoconfig' } as const
      const parameter = addressParameter(domain, sendAddress)
      const keepInDomain = parameter !== ''
      const own = { ...base, channel: 'authenticated', keepInDomain } as const
      const wellKnown = `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml${parameter}`
      const host = autoconfigHost(domain)
      return firstDocument([
        ...(host
          ? [fetchAutoconfig({ ...own, url: `https://${host}/mail/config-v1.1.xml${parameter}` })]
          : []),
        fetchAutoconfig({ ...own, url: wellKnown }),
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

/** `autoconfig.X`, or null where X is a public suffix: that host would be a stranger's (R15, C3, CVE-2024-52508). */
export function autoconfigHost(domain: Hostname): string | null {
  return isPublicSuffix(domain) ? null : `autoconfig.${domain}`
}

/** The address leaves only when the caller opted in, and only to https within its own registrable domain (R13). */
function addressParameter(domain: Hostname, address: EmailAddress | undefined): string {
  if (!address || !sameRegistrableDomain(address.domain, domain)) return ''
  return `?emailaddress=${encodeURIComponent(address.address)}`
}
