/**
 * Whether a web server demands a sign-in whatever it is asked for, as staging servers do. Its 401 then proves no service,
 * only itself (R31); services answer so at their own paths.
 */
import { randomBytes } from 'node:crypto'
import type { HttpClient } from '../domain/source.js'

/** Never rejects but with the signal's reason; a server that keeps silent here is not held against its first answer. */
export type SignInCheck = (url: string) => Promise<boolean>

/** One request per origin and lookup, and only after a 401: for one lookup, whose signal it takes. */
export function createSignInCheck(parts: {
  readonly http: HttpClient
  readonly signal: AbortSignal
  /** As for the question that got the 401. */
  readonly maxRedirects?: number
}): SignInCheck {
  const { http, signal, maxRedirects } = parts
  const asked = new Map<string, Promise<boolean>>()
  return (url) => {
    const { origin } = new URL(url)
    let answer = asked.get(origin)
    if (!answer) {
      const nobodys = `${origin}/x${randomBytes(8).toString('hex')}`
      answer = http
        .request({
          url: nobodys,
          signal,
          acceptStatuses: [401],
          ...(maxRedirects === undefined ? {} : { maxRedirects }),
        })
        .then((outcome) => outcome.kind === 'found' && outcome.response.status === 401)
      asked.set(origin, answer)
    }
    return answer
  }
}
