/** Providers whose sign-in page (OAuth) some mail programs know, by the hosts the programs know them by. */
import type { Hostname } from '../domain/hostname.js'

const HOSTS = {
  Google: ['gmail.com', 'googlemail.com'],
  Microsoft: ['office365.com', 'outlook.com', 'hotmail.com'],
  Yahoo: ['yahoo.com'],
  AOL: ['aol.com'],
  Fastmail: ['fastmail.com'],
  'Mail.ru': ['mail.ru'],
  Yandex: ['yandex.com'],
  Comcast: ['comcast.net'],
} as const

export type SignInService = keyof typeof HOSTS

/** @returns null for hosts that no program knows */
export function signInService(hostname: Hostname): SignInService | null {
  for (const [service, domains] of Object.entries(HOSTS) as [SignInService, readonly string[]][]) {
    if (domains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`))) return service
  }
  return null
}
