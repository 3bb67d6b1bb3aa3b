/** Every public place of one domain, looked at side by side for its administrator (issue 5, domain check). */
import { setMaxListeners } from 'node:events'
import type {
  DomainInspector,
  DomainObservation,
  MxProvider,
  EncryptionFault,
} from '../domain/domain-check.js'
import { failure } from '../domain/errors.js'
import { type Hostname, isPublicSuffix, parseHostname } from '../domain/hostname.js'
import type { MailProtocol } from '../domain/mail-settings.js'
import type { HttpClient, Lookup, Resolver, SrvRecord } from '../domain/source.js'
import { readAutoconfig } from '../formats/autoconfig-read.js'
import { readAutodiscover, writeAutodiscoverRequest } from '../formats/autodiscover-read.js'
import { digestMatches, readPacc } from '../formats/pacc.js'
import { readEncryption } from '../formats/autodiscover-faults.js'
import { entryToFinding } from '../providers/entry-to-finding.js'
import type { ProviderIndex } from '../providers/provider-index.js'
import { type Inspected, inspectPlace, type PlaceQuestion, unanswered } from './inspect-place.js'
import { isNullMx, lowestPreference } from './mx.js'
import { placeholderAddress } from './placeholder-address.js'
import { SRV_LABELS } from './srv.js'
import { orderSrv, type RandomFraction } from './srv-order.js'

export interface InspectorParts {
  readonly http: HttpClient
  readonly resolver: Resolver
  /** The operator's index before the built-in one. */
  readonly indexes: () => readonly ProviderIndex[]
  readonly now: () => number
  /** Milliseconds for one web place with all its redirects. */
  readonly placeTimeoutMs: number
  /** For the choice by SRV weight; injected by tests. */
  readonly random?: RandomFraction
}

const XML_TYPES = ['text/xml', 'application/xml']
const HTTPS_PORT = 443
const AUTODISCOVER = '/autodiscover/autodiscover.xml'

export function createDomainInspector(parts: InspectorParts): DomainInspector {
  return {
    async inspect(domain, signal) {
      const resolver = patient(parts, signal)
      const named = resolver.srv(`_autodiscover._tcp.${domain}`)
      const questions = isPublicSuffix(domain) ? [] : places(domain)
      const [mx, txt, srv, direct, fromSrv] = await Promise.all([
        resolver.mx(domain),
        resolver.txt(`_ua-auto-config.${domain}`),
        Promise.all(
          SRV_LABELS.flatMap(({ label, protocol, security }) =>
            isMail(protocol) && security !== 'plain'
              ? [
                  resolver
                    .srv(`${label}._tcp.${domain}`)
                    .then((lookup) => ({ label, protocol, security, lookup })),
                ]
              : [],
          ),
        ),
        Promise.all(questions.map((question) => within(parts, question, signal))),
        named.then((lookup) => askNamedHost({ parts, domain, lookup, signal })),
      ])
      const hosts = mx.kind === 'found' ? mx.value : []
      const first = lowestPreference(hosts)
      const pacc = direct.find(({ place }) => place.mechanism === 'pacc')
      return {
        domain,
        mx: mx.kind === 'found' ? { ...mx, value: mx.value.map(({ exchange }) => exchange) } : mx,
        nullMx: isNullMx(hosts),
        mxProvider: first === null ? null : providerAt(first, parts),
        srv,
        places: [...direct, ...fromSrv].map(({ place }) => place),
        paccDigest: digestState(pacc, txt),
      }
    },
  }
}

function places(domain: Hostname): PlaceQuestion[] {
  const autoconfig = (mechanism: PlaceQuestion['mechanism'], url: string): PlaceQuestion => ({
    mechanism,
    url,
    // Never over http (R6).
    ...(url.startsWith('https:')
      ? { again: `${url}?emailaddress=${encodeURIComponent(placeholderAddress(domain))}` }
      : {}),
    types: XML_TYPES,
    read: (body) => {
      const result = readAutoconfig(body, { domain, source: 'autoconfig' })
      return result.ok ? result.document : result.failure.detail
    },
  })
  return [
    autoconfig('autoconfig', `https://autoconfig.${domain}/mail/config-v1.1.xml`),
    autoconfig('autoconfig-well-known', `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`),
    autoconfig('autoconfig-http', `http://autoconfig.${domain}/mail/config-v1.1.xml`),
    {
      mechanism: 'pacc',
      url: `https://ua-auto-config.${domain}/.well-known/user-agent-configuration.json`,
      types: ['application/json'],
      // The administrator is told even where the digest differs; nobody is configured from this.
      read: (body) => {
        const result = readPacc(body, { domain, source: 'pacc' })
        return result.ok ? result.document : result.failure.detail
      },
    },
    autodiscover('autodiscover', `autodiscover.${domain}`, domain),
    autodiscover('autodiscover-bare', domain, domain),
  ]
}

function autodiscover(mechanism: PlaceQuestion['mechanism'], host: string, domain: Hostname): PlaceQuestion {
  const sentAddress = placeholderAddress(domain)
  return {
    mechanism,
    url: `https://${host}${AUTODISCOVER}`,
    body: writeAutodiscoverRequest(sentAddress),
    types: XML_TYPES,
    read: (body) => {
      const answer = readAutodiscover(body, { domain, source: 'autodiscover', sentAddress })
      if (answer.kind === 'failed') return answer.failure.detail
      if (answer.kind !== 'settings') return { servers: [], rejected: [] }
      const encryptionFaults: EncryptionFault[] = readEncryption(body)
      return { servers: answer.servers, rejected: answer.rejected, encryptionFaults }
    },
  }
}

async function askNamedHost(call: {
  parts: InspectorParts
  domain: Hostname
  lookup: Lookup<readonly SrvRecord[]>
  signal: AbortSignal
}): Promise<Inspected[]> {
  const { parts, domain, lookup } = call
  const records = lookup.kind === 'found' ? orderSrv(lookup.value, parts.random ?? Math.random) : []
  // Other ports are not dialled for the web (R9); the first usable one by RFC 2782 is asked (R18).
  const target = records
    .filter(({ port }) => port === HTTPS_PORT)
    .map((record) => parseHostname(record.target))
    .find((host) => host !== null)
  if (target === undefined || target === `autodiscover.${domain}`) return []
  return [await within(parts, autodiscover('autodiscover-srv', target, domain), call.signal)]
}

/** The resolver with a limit of its own: a silent name server is a finding as well. */
function patient({ resolver, placeTimeoutMs }: InspectorParts, signal: AbortSignal) {
  const limit = AbortSignal.timeout(placeTimeoutMs)
  const stop = AbortSignal.any([signal, limit])
  // Each question listens; Node would warn of a leak from the eleventh on.
  setMaxListeners(0, stop)
  const ask = async <T>(lookup: (stop: AbortSignal) => Promise<Lookup<T>>): Promise<Lookup<T>> => {
    try {
      return await lookup(stop)
    } catch (error) {
      if (!limit.aborted || signal.aborted) throw error
      return { kind: 'failed', failure: failure('timeout', 'the name server did not answer in time') }
    }
  }
  return {
    mx: (name: string) => ask((stopped) => resolver.mx(name, stopped)),
    txt: (name: string) => ask((stopped) => resolver.txt(name, stopped)),
    srv: (name: string) => ask((stopped) => resolver.srv(name, stopped)),
  }
}

/** One slow host must not keep the rest from the reader: its silence is a finding. */
async function within(
  { http, placeTimeoutMs }: InspectorParts,
  question: PlaceQuestion,
  signal: AbortSignal,
): Promise<Inspected> {
  const limit = AbortSignal.timeout(placeTimeoutMs)
  try {
    return await inspectPlace(http, question, AbortSignal.any([signal, limit]))
  } catch (error) {
    if (!limit.aborted || signal.aborted) throw error
    return { place: unanswered(question, failure('timeout', 'the server did not answer in time')) }
  }
}

function digestState(
  pacc: Inspected | undefined,
  txt: Lookup<readonly string[]>,
): DomainObservation['paccDigest'] {
  const records = txt.kind === 'found' ? txt.value.filter((text) => text.startsWith('v=UAAC1')) : []
  const document = pacc?.bytes
  if (document === undefined) return records.length === 0 ? null : 'without-document'
  // A page at that address is no document that anybody meant to publish.
  if (records.length === 0)
    return pacc?.place.outcome === 'published' && txt.kind === 'absent' ? 'missing' : null
  return digestMatches(document, records) ? 'matches' : 'differs'
}

function providerAt(host: Hostname, parts: InspectorParts): MxProvider | null {
  for (const index of parts.indexes()) {
    const match = index.findByMx(host)
    if (match === null) continue
    const { servers } = entryToFinding(match, parts.now())
    return { name: match.entry.name, class: match.rule.class, servers }
  }
  return null
}

function isMail(protocol: string): protocol is MailProtocol {
  return protocol === 'imap' || protocol === 'pop3' || protocol === 'smtp'
}
