/** A known path asked with another method: 405 and what would be right (RFC 9110 section 15.5.6), where Fastify says 404. */
import type { FastifyInstance } from 'fastify'
import { Problem } from './problem.js'

/** Before the routes are added, or it will not know them. */
export function installMethodCheck(app: FastifyInstance): void {
  const methodsAt = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsAt.get(url) ?? new Set()
    for (const one of [method].flat()) methods.add(one)
    methodsAt.set(url, methods)
  })
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) {
      done()
      return
    }
    const [path = ''] = request.url.split('?', 1)
    const methods = [...methodsAt].flatMap(([pattern, known]) => (matches(pattern, path) ? [...known] : []))
    if (methods.length === 0) {
      done()
      return
    }
    reply.header('allow', [...new Set(methods)].sort().join(', '))
    done(new Problem('METHOD_NOT_ALLOWED'))
  })
}

/** Our patterns know whole segments only: `/v1/domains/:domain/zone`. */
function matches(pattern: string, path: string): boolean {
  const theirs = path.split('/')
  const ours = pattern.split('/')
  const fits = (segment: string, index: number) =>
    segment.startsWith(':') ? theirs[index] !== '' : segment === theirs[index]
  return ours.length === theirs.length && ours.every(fits)
}
