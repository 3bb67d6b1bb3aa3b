/** The name of a request, by which its lines in the log, its answer and a complaint find each other. */
import { randomBytes } from 'node:crypto'

/** What another program may name a request: fit for a log, a header and a URN, and too short to carry much. */
const SAFE = /^[\w.:-]{1,64}$/

/** One prefix of the process and a count: a random name for each would cost more than the rest of the line. */
export function requestIds(): (request: Asked) => string {
  const prefix = randomBytes(6).toString('base64url')
  let count = 0
  return ({ headers }) => {
    const given = headers['x-request-id']
    if (typeof given === 'string' && SAFE.test(given)) return given
    count += 1
    return `${prefix}-${count.toString(36)}`
  }
}

interface Asked {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}
