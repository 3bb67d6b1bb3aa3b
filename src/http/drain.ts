/** An orderly end of the HTTP application: nobody new is let in, and who is inside gets his answer. */
import type { FastifyInstance } from 'fastify'

/**
 * Milliseconds between two looks for silent connections. A client that has just had an answer may be sending its next
 * request: closed at once, that would be lost. It is answered instead, with `Connection: close`.
 */
const SILENCE_MS = 500

/** @returns false where connections had to be cut at the end of the time, in milliseconds */
export async function drain(app: FastifyInstance, timeMs: number): Promise<boolean> {
  const { server } = app
  const closeIdle = server.closeIdleConnections.bind(server)
  let looks: NodeJS.Timeout | undefined
  // Node calls this as soon as it stops listening.
  server.closeIdleConnections = () => {
    looks ??= setInterval(closeIdle, SILENCE_MS)
  }
  let isWhole = true
  const cut = setTimeout(() => {
    isWhole = false
    server.closeAllConnections()
  }, timeMs)
  // Whose connection the system has taken is let in first.
  await new Promise(setImmediate)
  try {
    await app.close()
  } finally {
    clearTimeout(cut)
    clearInterval(looks)
  }
  return isWhole
}
