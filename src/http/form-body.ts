/** Bodies as a browser's plain form sends them, for the routes that such a form leads to and for no other. */
import type { FastifyInstance } from 'fastify'

/** Call it within a scope of its own (`app.register`), so that the API keeps refusing forms. */
export function acceptForms(scope: FastifyInstance): void {
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      // Of a name that comes twice the last one counts: a button's value stands behind the field's.
      done(null, Object.fromEntries(new URLSearchParams(String(body))))
    },
  )
}
