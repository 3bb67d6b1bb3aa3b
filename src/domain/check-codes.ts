/**
 * Every finding of the domain check with its severity, and the server defect S1–S9 of NDSS25 (Wen et al., 2025) it
 * stands for. The sentences stand in i18n under `check-<code>` and `fix-<code>`.
 */
import type { Severity } from './domain-check.js'

export interface CheckCodeFacts {
  readonly severity: Severity
  readonly defect?: 'S1' | 'S2' | 'S3' | 'S4' | 'S5' | 'S6' | 'S7' | 'S8' | 'S9'
}

export const CHECK_CODES = {
  // Web places
  'config-http-only': { severity: 'error', defect: 'S1' },
  'config-http-too': { severity: 'warning' },
  'web-certificate': { severity: 'error', defect: 'S2' },
  'web-certificate-expiring': { severity: 'warning' },
  'web-tls-old': { severity: 'error' },
  'web-tls-failed': { severity: 'error' },
  'redirect-to-http': { severity: 'error', defect: 'S3' },
  'redirect-outside': { severity: 'warning', defect: 'S3' },
  'redirect-loop': { severity: 'error' },
  redirect: { severity: 'info' },
  'config-timeout': { severity: 'error' },
  'config-broken': { severity: 'error' },
  'config-unreadable': { severity: 'warning' },
  'config-wrong-type': { severity: 'warning' },
  'config-cors-missing': { severity: 'info' },
  'config-missing': { severity: 'warning' },
  'exchange-sign-in': { severity: 'info' },
  // Servers as they are published
  'cleartext-server': { severity: 'error', defect: 'S4' },
  'autodiscover-encryption': { severity: 'error', defect: 'S5' },
  'server-unreadable': { severity: 'error' },
  'insecure-first': { severity: 'error', defect: 'S7' },
  'starttls-first': { severity: 'warning', defect: 'S8' },
  'starttls-only': { severity: 'info' },
  // DNS
  'dns-failed': { severity: 'error' },
  'null-mx': { severity: 'info' },
  'no-mail': { severity: 'info' },
  'null-mx-published': { severity: 'warning' },
  'mx-missing': { severity: 'warning' },
  'mx-provider-not-published': { severity: 'warning' },
  'mx-provider-elsewhere': { severity: 'error', defect: 'S9' },
  'srv-missing': { severity: 'info' },
  'srv-imap-missing': { severity: 'warning' },
  'srv-wrong-port': { severity: 'error', defect: 'S6' },
  'srv-outside': { severity: 'warning', defect: 'S6' },
  'srv-bad-target': { severity: 'error', defect: 'S6' },
  'pacc-missing': { severity: 'info' },
  'pacc-digest-differs': { severity: 'error' },
  'pacc-digest-missing': { severity: 'warning' },
  'pacc-document-missing': { severity: 'error' },
  'nothing-published': { severity: 'warning' },
  // Agreement
  'contradiction-host': { severity: 'error', defect: 'S9' },
  'contradiction-transport': { severity: 'warning', defect: 'S9' },
  'own-differs': { severity: 'error', defect: 'S9' },
  'own-missing': { severity: 'warning' },
  // Live
  'server-certificate': { severity: 'error' },
  'server-certificate-expiring': { severity: 'warning' },
  'server-tls-old': { severity: 'error' },
  'server-tls-failed': { severity: 'error' },
  'starttls-missing': { severity: 'error' },
  'starttls-injection': { severity: 'error' },
  'server-unreachable': { severity: 'error' },
  'server-timeout': { severity: 'error' },
  'server-broken': { severity: 'error' },
  // In order
  published: { severity: 'ok' },
  'server-works': { severity: 'ok' },
  'own-agrees': { severity: 'ok' },
} as const satisfies Record<string, CheckCodeFacts>
export type CheckCode = keyof typeof CHECK_CODES

/** Where severity and defect are looked up; the table's own type knows only the keys of each row. */
export function checkCodeFacts(code: CheckCode): CheckCodeFacts {
  return CHECK_CODES[code]
}

export interface CheckFinding {
  readonly code: CheckCode
  readonly params?: Readonly<Record<string, string>>
  readonly where?: string
  readonly record?: string
}
