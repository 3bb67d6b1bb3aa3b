/** ISPDB: a curated directory of autoconfig files, asked by domain alone over https (R13, R19 step 2.1). */
import type { Hostname } from '../domain/hostname.js'
import type { HttpClient, Source } from '../domain/source.js'
import { fetchAutoconfig, firstDocument } from './autoconfig-document.js'

export function createIspdbSource(parts: {
  readonly http: HttpClient
  /** Base URLs, best first. */
  readonly urls: readonly string[]
}): Source {
  return {
    name: 'ispdb',
    find({ domain, signal }) {
      if (parts.urls.length === 0)
        return Promise.resolve({ outcome: 'skipped', reason: 'no ISPDB configured' })
      const question = {
        http: parts.http,
        domain,
        signal,
        source: 'ispdb',
        channel: 'curated',
        mustExist: true,
      } as const
      return firstDocument(
        parts.urls.map((base) => fetchAutoconfig({ ...question, url: ispdbUrl(base, domain) })),
      )
    },
  }
}

export function ispdbUrl(base: string, domain: Hostname): string {
  return `${base.replace(/\/+$/, '')}/${domain}`
}
