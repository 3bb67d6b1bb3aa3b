/**
 * Autodiscover (MS-OXDSCLI 24.1, section 3.1.5): https at the domain and at `autodiscover.<domain>`, version 2 where the
 * address may be told, then the hints of unauthenticated channels: the SRV record and the redirect over plain http. All
 * are asked at once, without credentials; the order decides. Only the exact domain, never a parent (R14).
 */
import { type Hostname, isPublicSuffix, parseHostname, sameRegistrableDomain } from '../domain/hostname.js'
import { MAIL_PROTOCOLS } from '../domain/discovery.js'
import type { Finding, HttpClient, Resolver, Source, SourceOutcome } from '../domain/source.js'
import { readJson, textMember } from '../formats/json-document.js'
import { readLink } from '../formats/server-fields.js'
import {
  MAX_AUTODISCOVER_STEPS,
  type PoxAnswer,
  type PoxLookup,
  poxPlaces,
  walkPox,
} from './autodiscover-pox.js'
import { createSignInCheck } from './sign-in-everywhere.js'
import { orderSrv, type RandomFraction } from './srv-order.js'
import { judgeFailure, missedPlace, type NoAnswer, nothing, nothingAt } from './web-answer.js'

export interface AutodiscoverParts {
  readonly http: HttpClient
  readonly resolver: Resolver
  readonly now: () => number
  readonly random?: RandomFraction
}

export function createAutodiscoverSource(parts: AutodiscoverParts): Source {
  return {
    name: 'autodiscover',
    find({ domain, signal, sendAddress }) {
      const lookup: PoxLookup = {
        http: parts.http,
        domain,
        signal,
        sendAddress:
          sendAddress && sameRegistrableDomain(sendAddress.domain, domain) ? sendAddress : undefined,
        now: parts.now,
        asked: new Map(),
        signInEverywhere: createSignInCheck({ http: parts.http, signal, maxRedirects: 0 }),
        stepsLeft: MAX_AUTODISCOVER_STEPS,
      }
      const own = (host: string) => `//${host}/autodiscover/autodiscover`
      return gather([
        ...poxPlaces(domain).map((url) => walkPox(lookup, { url, ...OWN_PLACE })),
        ...(isPublicSuffix(domain)
          ? []
          : [
              askVersion2(lookup, `https:${own(`autodiscover.${domain}`)}.json`),
              askPlainHttp(lookup, `http:${own(`autodiscover.${domain}`)}.xml`),
            ]),
        askSrv(lookup, parts),
      ])
    },
  }
}

const OWN_PLACE = { channel: 'authenticated', evidence: 'https' } as const

/** Version 2 says where version 1 is. It demands the address in the URL, so it is asked only where that may go (R13). */
async function askVersion2(lookup: PoxLookup, url: string): Promise<PoxAnswer> {
  const { sendAddress, signal, domain } = lookup
  if (!sendAddress) return { kind: 'absent', ttlSeconds: Infinity }
  const answer = await lookup.http.request({
    url: `${url}?Email=${encodeURIComponent(sendAddress.address)}&Protocol=AutodiscoverV1`,
    signal,
    accept: 'application/json',
    keepInDomain: true,
  })
  if (answer.kind === 'absent') return { kind: 'absent', ttlSeconds: answer.ttlSeconds }
  if (answer.kind === 'failed') return judgeFailure(answer.failure, 'authenticated')
  const json = readJson(answer.response.body)
  const target = json.ok ? readLink(textMember(json.value, 'Url'), domain) : null
  if (target === null) return nothing('no address of version 1')
  const outside = outsideDomain(target, domain)
  if (outside === null) return walkPox(lookup, { url: target, ...OWN_PLACE })
  const warnings = [{ code: 'redirect-outside-domain', params: { hostname: outside } }] // U3
  return walkPox(lookup, { url: target, channel: 'insecure', evidence: 'https-redirected', warnings })
}

/** Only the redirect is taken, and only as a hint: anybody on the path could have written it (R6, R26). */
async function askPlainHttp(lookup: PoxLookup, url: string): Promise<PoxAnswer> {
  const { domain, signal } = lookup
  const answer = await lookup.http.request({ url, signal, allowHttp: true, maxRedirects: 0 })
  if (answer.kind === 'absent') return { kind: 'absent', ttlSeconds: answer.ttlSeconds }
  if (answer.kind === 'failed') return judgeFailure(answer.failure, 'insecure')
  const target = answer.response.location ?? ''
  if (!target.startsWith('https://')) return nothing('no redirect to https')
  const outside = outsideDomain(target, domain)
  const warning =
    outside === null
      ? { code: 'insecure-http', params: { hostname: new URL(url).hostname } }
      : { code: 'redirect-outside-domain', params: { hostname: outside } } // U3
  return walkPox(lookup, {
    url: target,
    channel: 'insecure',
    evidence: 'http',
    namedBy: url,
    warnings: [warning],
  })
}

async function askSrv(lookup: PoxLookup, { resolver, random }: AutodiscoverParts): Promise<PoxAnswer> {
  const { domain, signal } = lookup
  const name = `_autodiscover._tcp.${domain}`
  const answer = await resolver.srv(name, signal)
  if (answer.kind === 'absent') return { kind: 'absent', ttlSeconds: answer.ttlSeconds }
  if (answer.kind === 'failed') return { kind: 'failed', failure: answer.failure, worth: 'insecure' }
  const usable = orderSrv(answer.value, random ?? Math.random).filter((record) => record.port === 443)
  const hostname = usable.map((record) => parseHostname(record.target)).find((host) => host !== null)
  if (!hostname) return nothing('the SRV record names no https host')
  const { authenticated } = answer
  const outside = !authenticated && !sameRegistrableDomain(hostname, domain)
  return walkPox(lookup, {
    url: `https://${hostname}/autodiscover/autodiscover.xml`,
    channel: authenticated ? 'authenticated' : 'insecure',
    evidence: authenticated ? 'dnssec' : 'dns',
    namedBy: `SRV ${name}`,
    warnings: outside ? [{ code: 'srv-target-outside-domain', params: { hostname } }] : [], // U4
  })
}

/** The host of the URL where it lies outside the mail domain, else null. */
function outsideDomain(url: string, domain: Hostname): string | null {
  const { hostname } = new URL(url)
  const host = parseHostname(hostname)
  return host !== null && sameRegistrableDomain(host, domain) ? null : hostname
}

/**
 * The places in order of rank up to the first that names mail servers. What only tells of Exchange is kept and does not
 * end the search: Exchange never hides IMAP.
 */
async function gather(places: readonly Promise<PoxAnswer>[]): Promise<SourceOutcome> {
  for (const place of places) place.catch(() => undefined)
  const findings: Finding[] = []
  const without: NoAnswer[] = []
  let ttlSeconds = Infinity
  for (const place of places) {
    const answer = await place
    if (answer.kind !== 'found') {
      without.push(answer)
      continue
    }
    ttlSeconds = Math.min(ttlSeconds, answer.ttlSeconds)
    if (!repeats(answer.finding, findings)) findings.push(answer.finding)
    if (namesMail(answer.finding)) break
  }
  const last = findings.at(-1)
  if (!last) return nothingAt(without)
  return {
    outcome: 'found',
    findings,
    ttlSeconds,
    ...missedPlace(namesMail(last) ? last.channel : 'insecure', without),
  }
}

function namesMail(finding: Finding): boolean {
  return finding.servers.some(({ protocol }) => (MAIL_PROTOCOLS as readonly string[]).includes(protocol))
}

/** Several ways often lead to one sign-in. */
function repeats(finding: Finding, earlier: readonly Finding[]): boolean {
  const known = new Set(earlier.flatMap(({ servers }) => servers.map(({ url }) => url)))
  return finding.servers.length > 0 && finding.servers.every(({ url }) => url !== undefined && known.has(url))
}
