/** What the DNS of a domain says, says wrongly (S6), or does not say. */
import type { CheckFinding } from '../../domain/check-codes.js'
import type { SrvObservation } from '../../domain/domain-check.js'
import { parseHostname, sameRegistrableDomain } from '../../domain/hostname.js'
import type { DeclaredServer, MailProtocol } from '../../domain/mail-settings.js'
import { type CheckContext, endpoint, recordPart } from './context.js'

/** RFC 8314 section 7.3 and RFC 6186: what a label promises. */
const PORTS = {
  tls: { imap: 993, pop3: 995, smtp: 465 },
  starttls: { imap: 143, pop3: 110, smtp: 587 },
} as const
const TLS_LABEL: Readonly<Record<MailProtocol, string>> = {
  imap: '_imaps',
  pop3: '_pop3s',
  smtp: '_submissions',
}

export function dnsFindings(context: CheckContext): CheckFinding[] {
  return [
    ...mxFindings(context),
    ...context.observation.srv.flatMap((srv) => srvFindings(context, srv)),
    ...missingRecords(context),
    ...paccFindings(context),
  ]
}

function mxFindings(context: CheckContext): CheckFinding[] {
  const { mx, nullMx, domain, mxProvider } = context.observation
  const { published } = context
  const where = `MX ${domain}`
  if (mx.kind === 'failed') {
    return [{ code: 'dns-failed', where, params: { name: domain, reason: mx.failure.detail } }]
  }
  if (nullMx) return [{ code: published.length > 0 ? 'null-mx-published' : 'null-mx', where }]
  const silent = published.length === 0 && !context.served && !context.otherServices
  if (mx.kind === 'absent') {
    if (published.length > 0) return [{ code: 'mx-missing', where }]
    // No record to copy: a null MX in the wrong zone would end a domain's mail.
    return silent ? [{ code: 'no-mail', where }] : []
  }
  if (mxProvider?.class !== 'mailbox' || mxProvider.servers.length === 0) {
    return silent ? [{ code: 'nothing-published', where: domain, ...anyRecord(context) }] : []
  }
  const params = { provider: mxProvider.name, servers: list(mxProvider.servers) }
  if (published.length === 0) {
    return [{ code: 'mx-provider-not-published', where, params, ...anyRecord(context) }]
  }
  // R27: mail lives where MX delivers; a forgotten panel's servers hold no mail.
  const homes = new Set(mxProvider.servers.map(({ hostname }) => hostname))
  return published
    .filter(({ servers }) => servers.every(({ hostname }) => !homes.has(hostname)))
    .map((stale) => ({
      code: 'mx-provider-elsewhere',
      where: stale.where,
      params: { ...params, published: list(stale.servers) },
    }))
}

function srvFindings(context: CheckContext, srv: SrvObservation): CheckFinding[] {
  const { domain } = context.observation
  const name = `${srv.label}._tcp.${domain}`
  const where = `SRV ${name}`
  if (srv.lookup.kind === 'failed') {
    return [{ code: 'dns-failed', where, params: { name, reason: srv.lookup.failure.detail } }]
  }
  if (srv.lookup.kind === 'absent') return []
  const { authenticated } = srv.lookup
  return srv.lookup.value.flatMap((record): CheckFinding[] => {
    if (record.target === '') return []
    const host = parseHostname(record.target)
    const params = { label: srv.label, target: record.target, port: String(record.port) }
    if (host === null || record.port === 0) return [{ code: 'srv-bad-target', where, params }]
    const found: CheckFinding[] = []
    // 465 on _submission, 143 on _imaps: the port of the label's twin (R18).
    const twin = srv.security === 'tls' ? PORTS.starttls : PORTS.tls
    if (record.port === twin[srv.protocol]) {
      const right = srv.security === 'tls' ? twinLabel(srv) : TLS_LABEL[srv.protocol]
      found.push({
        code: 'srv-wrong-port',
        where,
        params: { ...params, right },
        record: `${right}._tcp.${domain}. IN SRV ${record.priority} ${record.weight} ${record.port} ${host}.`,
      })
    }
    if (!authenticated && !sameRegistrableDomain(host, domain))
      found.push({ code: 'srv-outside', where, params })
    return found
  })
}

function twinLabel({ protocol }: SrvObservation): string {
  return TLS_LABEL[protocol].slice(0, -1)
}

/** Only where something else is published: a domain without any gets one finding, not six. */
function missingRecords(context: CheckContext): CheckFinding[] {
  const { observation, published } = context
  if (published.length === 0 && !context.served) return []
  const documents = published.filter(({ mechanism }) => mechanism !== 'srv')
  const found: CheckFinding[] = []
  for (const protocol of ['imap', 'pop3', 'smtp'] as const) {
    const labels = observation.srv.filter((srv) => srv.protocol === protocol)
    if (labels.some(({ lookup }) => lookup.kind !== 'absent')) continue
    const label = `${TLS_LABEL[protocol]}._tcp`
    const record = recordPart(context, label)
    const named = `${label}.${observation.domain}`
    // RFC 6186 section 3.4: POP3 without IMAP reads as "there is no IMAP", which the domain may not mean.
    const code = protocol === 'imap' && observation.srv.some(offersPop3) ? 'srv-imap-missing' : 'srv-missing'
    if (record.record !== undefined || code === 'srv-imap-missing') {
      found.push({
        code,
        where: `SRV ${named}`,
        params: { name: named, protocol: protocol.toUpperCase() },
        ...record,
      })
    }
  }
  const autoconfig = documents.some(({ mechanism }) => mechanism.startsWith('autoconfig'))
  if (!autoconfig) {
    const url = `https://autoconfig.${observation.domain}/mail/config-v1.1.xml`
    found.push({ code: 'config-missing', where: url, params: { url }, ...recordPart(context, 'autoconfig') })
  }
  return found
}

function offersPop3({ protocol, lookup }: SrvObservation): boolean {
  return protocol === 'pop3' && lookup.kind === 'found' && lookup.value.some(({ target }) => target !== '')
}

function paccFindings(context: CheckContext): CheckFinding[] {
  const { paccDigest, domain } = context.observation
  const where = `TXT _ua-auto-config.${domain}`
  const record = recordPart(context, '_ua-auto-config')
  switch (paccDigest) {
    case 'differs':
      return [{ code: 'pacc-digest-differs', where, ...record }]
    case 'missing':
      return [{ code: 'pacc-digest-missing', where, ...record }]
    case 'without-document':
      return [{ code: 'pacc-document-missing', where }]
    case 'matches':
      return []
    case null:
      return context.served ? [{ code: 'pacc-missing', where, ...record }] : []
  }
}

/** The first record to publish, for findings about a domain that publishes nothing. */
function anyRecord(context: CheckContext): { record?: string } {
  const lines = ['_imaps._tcp', '_pop3s._tcp', '_submissions._tcp'].flatMap(
    (name) => context.records.get(name) ?? [],
  )
  return lines.length === 0 ? {} : { record: lines.join('\n') }
}

function list(servers: readonly DeclaredServer[]): string {
  return [...new Set(servers.map(endpoint))].slice(0, 6).join(', ')
}
