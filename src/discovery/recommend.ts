/** IMAP or POP3 (R40): chosen from what is offered securely and from how the asker lives with his mail. */
import type { Preference, Recommendation } from '../domain/discovery.js'
import { isDisproved, type Message, type Server, type Servers } from '../domain/mail-settings.js'

type Incoming = 'imap' | 'pop3'

/** @returns null when neither IMAP nor POP3 can be used safely. */
export function recommend(servers: Servers, preference: Preference): Recommendation | null {
  const best = { imap: firstUsable(servers.imap), pop3: firstUsable(servers.pop3) }
  const choice = choose(servers, best, preference)
  const incoming = choice && best[choice.protocol]
  if (!choice || !incoming) return null
  const other: Incoming = choice.protocol === 'imap' ? 'pop3' : 'imap'
  const otherServer = best[other]
  return {
    protocol: choice.protocol,
    incoming,
    outgoing: firstUsable(servers.smtp),
    reasons: [
      ...choice.reasons,
      ...explanations({ chosen: choice.protocol, offersPop3: best.pop3 !== null }),
    ],
    alternative: otherServer ? { protocol: other, incoming: otherServer } : null,
  }
}

/** Transport encrypted, and not shown to be unsafe by the live check (R20, R32). */
function firstUsable(list: readonly Server[]): Server | null {
  return (
    list.find(
      (server) => server.security !== 'plain' && !isDisproved(server.verification) && !isEmptyHint(server),
    ) ?? null
  )
}

/** A mere hint whose check did not succeed: nothing speaks for it. */
function isEmptyHint({ trust, verification }: Server): boolean {
  return trust === 'unconfirmed' && verification.status === 'failed'
}

interface Choice {
  readonly protocol: Incoming
  readonly reasons: readonly Message[]
}

function choose(
  servers: Servers,
  best: Readonly<Record<Incoming, Server | null>>,
  { devices, keep }: Preference,
): Choice | null {
  const reasons = (...codes: string[]): Message[] => codes.map((code) => ({ code }))
  const { imap, pop3 } = best
  if (!imap && !pop3) return null
  if (!pop3) return { protocol: 'imap', reasons: reasons('only-imap-offered', ...imapUse({ devices, keep })) }
  if (!imap) {
    const why = servers.imap.length > 0 ? 'imap-not-secure' : 'only-pop3-offered'
    return {
      protocol: 'pop3',
      reasons: reasons(why, ...(devices === 'many' ? ['pop3-on-several-devices'] : [])),
    }
  }
  // Never the less secure protocol because it is listed first: a confirmed server beats one that is only suggested.
  if (imap.trust === 'unconfirmed' && pop3.trust !== 'unconfirmed') {
    return { protocol: 'pop3', reasons: reasons('imap-not-confirmed') }
  }
  if (keep === 'device' && devices !== 'many') {
    return {
      protocol: 'pop3',
      reasons: reasons(...(devices === 'one' ? ['one-device'] : []), 'keep-on-device'),
    }
  }
  return {
    protocol: 'imap',
    reasons: [...reasons(...imapUse({ devices, keep })), ...preferenceOf(imap, pop3)],
  }
}

function imapUse({ devices, keep }: Preference): string[] {
  if (keep === 'device') return ['several-devices-need-imap']
  if (devices === 'one')
    return [...(keep === 'server' ? ['keep-on-server'] : []), 'one-device-may-become-two']
  return ['several-devices', ...(keep === 'server' ? ['keep-on-server'] : [])]
}

/** What the provider prefers: the order within one and the same document (RFC 6186 section 3.4, autoconfig-06). */
function preferenceOf(imap: Server, pop3: Server): Message[] {
  const sameSource = imap.sources[0] === pop3.sources[0]
  if (!sameSource || imap.declaredOrder === pop3.declaredOrder) return []
  return [
    { code: imap.declaredOrder < pop3.declaredOrder ? 'provider-prefers-imap' : 'provider-lists-pop3-first' },
  ]
}

/** One sentence for each of the three words, because the reader may know none of them. */
function explanations(offer: { chosen: Incoming; offersPop3: boolean }): Message[] {
  return [
    ...(offer.chosen === 'pop3' ? [{ code: 'leave-on-server' }] : []),
    { code: 'imap-explained' },
    ...(offer.offersPop3 ? [{ code: 'pop3-explained' }] : []),
    { code: 'smtp-explained' },
  ]
}
